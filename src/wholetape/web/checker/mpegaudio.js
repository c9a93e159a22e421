// MP3 and ADTS files as packets. A stream: {codec, config, rate, skip, length, packets()}; length null for all there is.
((wholetape) => {
  "use strict";
  const { text } = wholetape.source;

  const RATES = [44100, 48000, 32000];
  const KBITS = {
    1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  };
  const ADTS_RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

  /** {size, samples, rate, channels} of the layer III frame that begins with these bytes, or null. */
  const mp3Header = (b) => {
    if (b.length < 4 || b[0] !== 0xff || (b[1] & 0xe0) !== 0xe0 || ((b[1] >> 1) & 3) !== 1) return null;
    const version = (b[1] >> 3) & 3, index = b[2] >> 4, rate = (b[2] >> 2) & 3;
    if (version === 1 || rate === 3 || !index || index === 15) return null;
    const low = version === 3 ? 1 : 2, hz = RATES[rate] >> (version === 3 ? 0 : version === 2 ? 1 : 2);
    const size = Math.floor(((low === 1 ? 144000 : 72000) * KBITS[low][index]) / hz) + ((b[2] >> 1) & 1);
    return { size, samples: low === 1 ? 1152 : 576, rate: hz, channels: b[3] >> 6 === 3 ? 1 : 2, side: low === 1 ? (b[3] >> 6 === 3 ? 17 : 32) : b[3] >> 6 === 3 ? 9 : 17 };
  };

  /** {size, rate, channels} of the ADTS frame that begins with these bytes, or null. */
  const adtsHeader = (b) => {
    if (b.length < 7 || b[0] !== 0xff || (b[1] & 0xf6) !== 0xf0) return null;
    const size = ((b[3] & 3) << 11) | (b[4] << 3) | (b[5] >> 5), rate = ADTS_RATES[(b[2] >> 2) & 15];
    return size < 7 || !rate ? null : { size, samples: 1024, rate, channels: ((b[2] & 1) << 2) | (b[3] >> 6) || 2, object: (b[2] >> 6) + 1 };
  };

  /** Where the sound begins, behind tags. */
  const afterTags = async (source) => {
    let at = 0;
    for (;;) {
      const b = await source.read(at, 10);
      if (b.length < 10 || text(b.subarray(0, 3)) !== "ID3") return at;
      at += 10 + ((b[6] << 21) | (b[7] << 14) | (b[8] << 7) | b[9]) + (b[5] & 16 ? 10 : 0);
    }
  };

  /** The first place from `at` on where four frames follow each other; -1 when there is none nearby. */
  const sync = async (source, at, header, reach = 1 << 17) => {
    const end = Math.min(source.size, at + reach);
    for (let place = at; place < end; place++) {
      const first = header(await source.read(place, 10));
      if (!first) continue;
      let next = place + first.size, count = 1;
      for (let frame; count < 4 && next + 10 <= source.size && (frame = header(await source.read(next, 10))); count++) {
        if (frame.rate !== first.rate) break;
        next += frame.size;
      }
      if (count === 4 || next + 10 > source.size) return place;
    }
    return -1;
  };

  /** The frames from `at` on, resynchronised where there is something else between them. */
  async function* frames(source, at, header, damaged) {
    let time = 0;
    while (at + 4 < source.size) {
      const found = header(await source.read(at, 10));
      if (!found) {
        if (text((await source.read(at, 3))) === "TAG") return;
        const next = await sync(source, at, header, 1 << 20);
        if (next < 0) return;
        damaged(time, "bytes that are no sound");
        at = next;
        continue;
      }
      const data = await source.copy(at, found.size);
      if (data.length < found.size) return damaged(time, "the file ends within a packet");
      yield { data, place: at };
      at += found.size;
      time += found.samples / found.rate;
    }
  }

  /** The gaps at both ends that an encoder noted in the first frame, or null: {skip, length}. */
  const gapless = (b, head) => {
    const tag = 4 + head.side, name = text(b.subarray(tag, tag + 4));
    if (name !== "Xing" && name !== "Info") return null;
    const view = new DataView(b.buffer, b.byteOffset, b.byteLength);
    const flags = view.getUint32(tag + 4);
    let at = tag + 8, count = 0;
    if (flags & 1) { count = view.getUint32(at); at += 4; }
    if (flags & 2) at += 4;
    if (flags & 4) at += 100;
    if (flags & 8) at += 4;
    const lame = at + 24 <= b.length && /^(LAME|Lavf|Lavc)/.test(text(b.subarray(at, at + 4)));
    if (!lame) return { skip: 0, length: null };
    const gap = (b[at + 21] << 16) | (b[at + 22] << 8) | b[at + 23], start = gap >> 12, end = gap & 4095;
    return { skip: start + 529, length: count && end ? count * head.samples - start - end : null };
  };

  /** A reader of headers that takes no other rate or channels than the first: those are damage. */
  const like = (header, first) => (b) => {
    const found = header(b);
    return found && found.rate === first.rate && found.channels === first.channels ? found : null;
  };

  const openMp3 = async (source) => {
    const begin = await sync(source, await afterTags(source), mp3Header);
    if (begin < 0) return null;
    const head = mp3Header(await source.read(begin, 10));
    const gaps = gapless(await source.copy(begin, head.size), head);
    const start = gaps ? begin + head.size : begin;
    return {
      begin, codec: "mp3", rate: head.rate, skip: gaps?.skip ?? 0, length: gaps?.length ?? null,
      config: { codec: "mp3", sampleRate: head.rate, numberOfChannels: head.channels },
      packets: (damaged) => frames(source, start, like(mp3Header, head), damaged),
    };
  };

  const openAdts = async (source) => {
    const begin = await sync(source, await afterTags(source), adtsHeader);
    if (begin < 0) return null;
    const head = adtsHeader(await source.read(begin, 10));
    return {
      begin, codec: "aac", rate: head.rate, skip: 0, length: null,
      config: { codec: `mp4a.40.${head.object}`, sampleRate: head.rate, numberOfChannels: head.channels },
      packets: (damaged) => frames(source, begin, like(adtsHeader, head), damaged),
    };
  };

  wholetape.mpegaudio = { openMp3, openAdts, mp3Header, adtsHeader };
})((globalThis.wholetape ??= {}));
