// FLAC files as packets (RFC 9639): frames are found by their headers, whose checksum and number must be right.
((wholetape) => {
  "use strict";
  const { UnreadableInput } = wholetape.errors;
  const { text } = wholetape.source;

  const CRC8 = Uint8Array.from({ length: 256 }, (_, byte) => {
    for (let k = 0; k < 8; k++) byte = byte & 128 ? (byte << 1) ^ 7 : byte << 1;
    return byte & 255;
  });

  const CRC16 = Uint16Array.from({ length: 256 }, (_, byte) => {
    byte <<= 8;
    for (let k = 0; k < 8; k++) byte = byte & 0x8000 ? (byte << 1) ^ 0x8005 : byte << 1;
    return byte & 0xffff;
  });

  /** True when a frame's own checksum, its last two bytes, fits. */
  const sound = (frame) => {
    let crc = 0;
    for (let k = 0; k < frame.length; k++) crc = ((crc << 8) ^ CRC16[(crc >> 8) ^ frame[k]]) & 0xffff;
    return crc === 0;
  };

  const isFlac = (head) => text(head.subarray(0, 4)) === "fLaC";

  /** The frame's (or its first sample's) number if a frame's header stands at b[at], else -1. */
  const numberAt = (b, at) => {
    if (b[at] !== 0xff || (b[at + 1] & 0xfe) !== 0xf8 || at + 16 > b.length) return -1;
    const size = b[at + 2] >> 4, rate = b[at + 2] & 15, channels = b[at + 3] >> 4;
    if (!size || rate === 15 || channels > 10 || b[at + 3] & 1) return -1;
    let end = at + 4, first = b[end++], more = 0;
    while (more < 7 && first & (128 >> more)) more++;
    if (more === 1 || more === 7 + 1) return -1;
    let number = more ? first & (127 >> more) : first;
    for (let k = 1; k < more; k++, end++) {
      if ((b[end] & 0xc0) !== 0x80) return -1;
      number = number * 64 + (b[end] & 63);
    }
    end += size === 6 ? 1 : size === 7 ? 2 : 0;
    end += rate === 12 ? 1 : rate === 13 || rate === 14 ? 2 : 0;
    let crc = 0;
    for (let k = at; k < end; k++) crc = CRC8[crc ^ b[k]];
    return crc === b[end] ? number : -1;
  };

  const openFlac = async (source) => {
    let at = 4, info = null;
    for (let last = false; !last; ) {
      const b = await source.copy(at, 38);
      if (b.length < 4) throw new UnreadableInput("this FLAC file is cut off", "get a complete copy");
      if ((b[0] & 127) === 0) info = b.slice(4, 38);
      last = Boolean(b[0] & 128);
      at += 4 + ((b[1] << 16) | (b[2] << 8) | b[3]);
    }
    if (!info || info.length < 34) throw new UnreadableInput("this FLAC file does not say what it holds", "get a fresh copy");
    const rate = (info[10] << 12) | (info[11] << 4) | (info[12] >> 4), channels = ((info[12] >> 1) & 7) + 1;
    const total = (info[13] & 15) * 2 ** 32 + (((info[14] << 24) | (info[15] << 16) | (info[16] << 8) | info[17]) >>> 0);
    const description = Uint8Array.from([0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, 34, ...info]);
    const stream = {
      codec: "flac", rate, skip: 0, length: total || null,
      config: { codec: "flac", sampleRate: rate, numberOfChannels: channels, description },
      packets: (damaged) => frames(source, at, ((info[2] << 8) | info[3]) / rate, damaged),
    };
    return { container: "flac", hasPicture: false, streams: [stream] };
  };

  /** The frames from `at` on, each of so many seconds; places of damage are on the clock of those that were handed on. */
  async function* frames(source, at, seconds, damaged) {
    let good = 0, held = new Uint8Array(0), from = at, number = -1;
    for (let read = at; ; ) {
      const more = await source.read(read, 1 << 18);
      read += more.length;
      const bytes = new Uint8Array(held.length + more.length);
      bytes.set(held);
      bytes.set(more, held.length);
      const ended = read >= source.size;
      let start = 0;
      if (number < 0) {
        number = numberAt(bytes, 0);
        if (number < 0) return damaged(0, "no sound where it should begin");
      }
      for (let k = 1; k + 16 <= bytes.length; k++) {
        if (bytes[k] !== 0xff || (bytes[k + 1] & 0xfe) !== 0xf8) continue;
        const next = numberAt(bytes, k);
        if (next <= number || next > number + (bytes[k + 1] & 1 ? 65536 * 64 : 64)) continue;
        const data = bytes.slice(start, k);
        if (!sound(data)) damaged(good * seconds, "a packet that cannot be decoded");
        else {
          yield { data, place: from + start };
          good++;
        }
        if (!(bytes[k + 1] & 1) && next !== number + 1) damaged(good * seconds, "packets that are missing");
        number = next;
        start = k;
      }
      if (ended) {
        const last = bytes.slice(start);
        if (last.length && sound(last)) yield { data: last, place: from + start };
        else if (last.length) damaged(null, "the file ends within a packet");
        return;
      }
      held = bytes.slice(start);
      from += start;
      if (held.length > 1 << 22) return damaged(null, "frames that cannot be told apart");
    }
  }

  wholetape.flac = { isFlac, openFlac };
})((globalThis.wholetape ??= {}));
