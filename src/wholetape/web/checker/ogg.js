// The sound streams of Ogg files as packets: RFC 3533, with Opus (RFC 7845), Vorbis and FLAC in it.
((wholetape) => {
  "use strict";
  const { text } = wholetape.source;

  const isOgg = (head) => text(head.subarray(0, 4)) === "OggS";

  /** The pages from the file's start on: {serial, granule, flags, packets: [[bytes, ended]]}. */
  async function* pages(source, damaged = () => {}) {
    for (let at = 0; at + 27 <= source.size; ) {
      const head = await source.view(at, 27 + 255);
      if (head.byteLength < 27 || head.getUint32(0) !== 0x4f676753) {
        const from = at;
        at = await sync(source, at + 1);
        damaged(from);
        if (at < 0) return;
        continue;
      }
      const count = head.getUint8(26);
      if (head.byteLength < 27 + count) return;
      const lacing = Array.from({ length: count }, (_, i) => head.getUint8(27 + i));
      const size = lacing.reduce((a, b) => a + b, 0);
      const serial = head.getUint32(14, true), sequence = head.getUint32(18, true), granule = head.getBigInt64(6, true), flags = head.getUint8(5);
      const body = await source.copy(at + 27 + count, size);
      const packets = [];
      let start = 0, end = 0;
      for (const length of lacing) {
        end += length;
        if (length === 255) continue;
        packets.push([body.subarray(start, end), true]);
        start = end;
      }
      if (end > start || lacing.at(-1) === 255) packets.push([body.subarray(start, end), false]);
      yield { serial, granule, flags, packets, place: at, sequence };
      at += 27 + count + size;
    }
  }

  const sync = async (source, at) => {
    for (; at + 4 <= source.size; at++) {
      if (text(await source.read(at, 4)) === "OggS") return at;
    }
    return -1;
  };

  /** The packets of one stream, whole, with the granule position of the page where the last one of it ends. */
  async function* packetsOf(source, serial, skip, damaged) {
    let held = null, number = 0, next = null;
    for await (const page of pages(source, () => damaged(null, "bytes that are no sound"))) {
      if (page.serial !== serial) continue;
      if (next !== null && page.sequence !== next) damaged(null, "pages that are missing");
      next = (page.sequence + 1) >>> 0;
      for (let k = 0; k < page.packets.length; k++) {
        const [bytes, ended] = page.packets[k];
        let whole = bytes;
        if (k === 0 && page.flags & 1) {
          if (!held) continue;
          whole = new Uint8Array(held.length + bytes.length);
          whole.set(held);
          whole.set(bytes, held.length);
        }
        held = ended ? null : whole.slice();
        if (ended && number++ >= skip && whole.length) yield { data: whole, place: page.place };
      }
    }
  }

  /** The granule position of the last page of a stream, looked for from the end of the file. */
  const lastGranule = async (source, serial) => {
    for (let end = source.size, tries = 0; end > 0 && tries < 64; tries++) {
      const start = Math.max(0, end - 65536), bytes = await source.copy(start, end - start + 30);
      const view = new DataView(bytes.buffer);
      for (let at = Math.min(bytes.length - 27, end - start); at >= 0; at--) {
        if (bytes[at] !== 0x4f || text(bytes.subarray(at, at + 4)) !== "OggS" || view.getUint32(at + 14, true) !== serial) continue;
        const granule = view.getBigInt64(at + 6, true);
        if (granule >= 0n) return Number(granule);
      }
      end = start;
    }
    return null;
  };

  const openOgg = async (source) => {
    const streams = new Map();
    let known = 0;
    for await (const page of pages(source)) {
      const stream = streams.get(page.serial);
      if (page.flags & 2) streams.set(page.serial, { serial: page.serial, heads: page.packets.filter(([, ended]) => ended).map(([bytes]) => bytes.slice()), open: null });
      else if (stream && stream.heads.length < 3) {
        page.packets.forEach(([bytes, ended], k) => {
          const whole = k === 0 && stream.open ? Uint8Array.from([...stream.open, ...bytes]) : bytes.slice();
          stream.open = ended ? null : whole;
          if (ended && stream.heads.length < 3) stream.heads.push(whole);
        });
      }
      if (++known > 200 || (streams.size && [...streams.values()].every((one) => one.heads.length >= 3))) break;
    }
    const sounds = [];
    for (const stream of streams.values()) {
      const made = await soundOf(source, stream);
      if (made) sounds.push(made);
    }
    const hasPicture = [...streams.values()].some(({ heads }) => /theora|BBCD/.test(text(heads[0].subarray(0, 7))));
    return { container: "ogg", hasPicture, streams: sounds };
  };

  const soundOf = async (source, { serial, heads }) => {
    const [head] = heads, view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const name = text(head.subarray(0, 8)), end = await lastGranule(source, serial);
    if (name === "OpusHead") {
      const skip = view.getUint16(10, true), channels = head[9];
      return {
        codec: "opus", rate: 48000, skip, length: end === null ? null : Math.max(0, end - skip),
        config: { codec: "opus", sampleRate: 48000, numberOfChannels: channels, ...(channels > 2 ? { description: head } : {}) },
        packets: (damaged) => packetsOf(source, serial, 2, damaged),
      };
    }
    if (name.startsWith("\x01vorbis") && heads.length >= 3) {
      const rate = view.getUint32(12, true), lacing = [];
      for (const size of [heads[0].length, heads[1].length]) lacing.push(...Array(Math.floor(size / 255)).fill(255), size % 255);
      return {
        codec: "vorbis", rate, skip: 0, length: end,
        config: { codec: "vorbis", sampleRate: rate, numberOfChannels: head[11], description: Uint8Array.from([2, ...lacing, ...heads[0], ...heads[1], ...heads[2]]) },
        packets: (damaged) => packetsOf(source, serial, 3, damaged),
      };
    }
    if (name.startsWith("\x7fFLAC")) {
      const info = head.subarray(13), rate = (info[14] << 12) | (info[15] << 4) | (info[16] >> 4);
      return {
        codec: "flac", rate, skip: 0, length: end || null,
        config: { codec: "flac", sampleRate: rate, numberOfChannels: ((info[16] >> 1) & 7) + 1, description: head.slice(9) },
        packets: (damaged) => packetsOf(source, serial, 1 + view.getUint16(7), damaged),
      };
    }
    if (name.startsWith("Speex")) return { codec: "speex", rate: view.getUint32(36, true), config: null };
    return null;
  };

  wholetape.ogg = { isOgg, openOgg };
})((globalThis.wholetape ??= {}));
