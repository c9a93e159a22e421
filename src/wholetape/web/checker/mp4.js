// The sound tracks of MP4 and QuickTime files as packets: ISO/IEC 14496-12, with edit lists and fragments.
((wholetape) => {
  "use strict";
  const { UnreadableInput } = wholetape.errors;
  const { text } = wholetape.source;

  const isMp4 = (head) => ["ftyp", "moov", "mdat", "wide", "free", "skip"].includes(text(head.subarray(4, 8)));
  const BROKEN = "the file's index does not fit its content";
  const broken = () => { throw new UnreadableInput(BROKEN, "get a complete copy"); };

  /** The boxes within [start, end) of a view: [name, start of content, end]. */
  function* boxes(view, start, end) {
    for (let at = start; at + 8 <= end; ) {
      let size = view.getUint32(at), head = 8;
      if (size === 1 && at + 16 <= end) { size = Number(view.getBigUint64(at + 8)); head = 16; }
      if (size === 0) size = end - at;
      if (size < head || at + size > end) return;
      const name = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5), view.getUint8(at + 6), view.getUint8(at + 7));
      yield [name, at + head, at + size];
      at += size;
    }
  }

  const find = (view, span, ...path) => {
    let [start, end] = span;
    for (const wanted of path) {
      const found = [...boxes(view, start, end)].find(([name]) => name === wanted);
      if (!found) return null;
      [, start, end] = found;
    }
    return [start, end];
  };

  /** Entries of a table box: the number of them, then read(view, at) each `size` bytes. */
  const table = (view, span, size, read, skip = 8) => {
    if (!span) return [];
    const count = view.getUint32(span[0] + skip - 4), first = span[0] + skip;
    if (first + count * size > span[1]) broken();
    return Array.from({ length: count }, (_, i) => read(first + i * size));
  };

  /** Top-level boxes: the index, its parts in fragments, and whether there is a picture. */
  const openMp4 = async (source) => {
    let moov = null;
    const moofs = [];
    for (let at = 0; at + 8 <= source.size; ) {
      const head = await source.view(at, 16);
      let size = head.getUint32(0), long = 8;
      const name = text(new Uint8Array(head.buffer, head.byteOffset + 4, 4));
      if (size === 1 && head.byteLength >= 16) { size = Number(head.getBigUint64(8)); long = 16; }
      if (size === 0) size = source.size - at;
      if (size < long) break;
      if ((name === "moov" || name === "moof") && size < 1 << 28) {
        const bytes = await source.copy(at, size);
        const view = new DataView(bytes.buffer);
        if (name === "moov") moov = { view, span: [long, bytes.length] };
        else moofs.push({ view, span: [long, bytes.length], at });
      }
      at += size;
    }
    if (!moov) throw new UnreadableInput("this MP4 file has no index", "it may be cut off; get a complete copy");
    const { view, span } = moov, tracks = [];
    let hasPicture = false;
    const scale = view.getUint32(find(view, span, "mvhd")[0] + (view.getUint8(find(view, span, "mvhd")[0]) ? 20 : 12));
    for (const [name, start, end] of boxes(view, ...span)) {
      if (name !== "trak") continue;
      const handler = find(view, [start, end], "mdia", "hdlr");
      const kind = handler && String.fromCharCode(...[8, 9, 10, 11].map((k) => view.getUint8(handler[0] + k)));
      if (kind === "vide") hasPicture = true;
      if (kind === "soun") tracks.push(trackOf(source, view, [start, end], scale, moofs));
    }
    return { container: "mp4", hasPicture, streams: tracks };
  };

  const trackOf = (source, view, trak, movieScale, moofs) => {
    const mdhd = find(view, trak, "mdia", "mdhd"), wide = view.getUint8(mdhd[0]);
    const scale = view.getUint32(mdhd[0] + (wide ? 20 : 12));
    const stbl = find(view, trak, "mdia", "minf", "stbl"), tkhd = find(view, trak, "tkhd");
    const id = view.getUint32(tkhd[0] + (view.getUint8(tkhd[0]) ? 20 : 12));
    const entry = entryOf(view, find(view, stbl, "stsd"));
    const all = [...indexed(view, stbl), ...fragmented(moofs, id)];
    const [skip, samples] = edited(view, trak, scale, movieScale, entry.rate, all);
    return { ...entry, skip, length: null, packets: (damaged) => packetsOf(source, samples, scale, damaged) };
  };

  /** Codec and configuration of the first sample description. */
  const entryOf = (view, stsd) => {
    const [[name, start, end]] = [...boxes(view, stsd[0] + 8, stsd[1])];
    const version = view.getUint16(start + 8), channels = view.getUint16(start + 16);
    let rate = view.getUint32(start + 24) >>> 16;
    const inner = [start + 28 + [0, 16, 36][version], end];
    if (version === 2) rate = view.getFloat64(start + 32);
    const bytes = ([a, b]) => new Uint8Array(view.buffer.slice(view.byteOffset + a, view.byteOffset + b));
    const esds = find(view, inner, "esds") ?? find(view, inner, "wave", "esds");
    const made = (codec, string, description, more = {}) => ({
      codec, rate, config: { codec: string, sampleRate: rate, numberOfChannels: channels || 2, ...(description ? { description } : {}), ...more },
    });
    if (name === "mp4a" && esds) {
      const { type, config } = esdsOf(view, esds);
      if (type === 0x6b || type === 0x69) return made("mp3", "mp3");
      if (config) return made("aac", `mp4a.40.${objectOf(config)}`, config);
    }
    const opus = find(view, inner, "dOps"), flac = find(view, inner, "dfLa");
    if (name === "Opus" && opus) {
      const b = bytes(opus), head = new Uint8Array(8 + b.length), out = new DataView(head.buffer);
      head.set([..."OpusHead"].map((c) => c.charCodeAt(0)));
      head.set(b, 8);
      head[8] = 1;
      out.setUint16(10, view.getUint16(opus[0] + 2), true);
      out.setUint32(12, view.getUint32(opus[0] + 4), true);
      rate = 48000;
      return made("opus", "opus", b.length > 11 ? head : null);
    }
    if (name === "fLaC" && flac) return made("flac", "flac", Uint8Array.from([0x66, 0x4c, 0x61, 0x43, ...bytes([flac[0] + 4, flac[1]])]));
    if (name === ".mp3") return made("mp3", "mp3");
    return { codec: name.trim(), rate, config: null };
  };

  /** The audio object type at the head of an AudioSpecificConfig. */
  const objectOf = (config) => (config[0] >> 3 === 31 ? 32 + (((config[0] & 7) << 3) | (config[1] >> 5)) : config[0] >> 3);

  /** Object type and decoder configuration of an elementary stream descriptor. */
  const esdsOf = (view, [start, end]) => {
    let at = start + 4, type = 0, config = null;
    while (at + 2 < end) {
      const tag = view.getUint8(at++);
      let size = 0;
      for (let k = 0; k < 4 && at < end; k++) {
        const byte = view.getUint8(at++);
        size = (size << 7) | (byte & 127);
        if (!(byte & 128)) break;
      }
      if (tag === 3) at += 3 + (view.getUint8(at + 2) & 128 ? 2 : 0);
      else if (tag === 4) { type = view.getUint8(at); at += 13; }
      else if (tag === 5) { config = new Uint8Array(view.buffer.slice(view.byteOffset + at, view.byteOffset + Math.min(end, at + size))); at += size; }
      else at += size;
    }
    return { type, config: config?.length ? config : null };
  };

  /** Where every sample lies: {at, size, duration}. */
  const indexed = (view, stbl) => {
    const sizes = find(view, stbl, "stsz");
    if (!sizes) return [];
    const same = view.getUint32(sizes[0] + 4), count = view.getUint32(sizes[0] + 8);
    if (!same && sizes[0] + 12 + 4 * count > sizes[1]) broken();
    const short = find(view, stbl, "stco");
    const chunks = short ? table(view, short, 4, (at) => view.getUint32(at)) : table(view, find(view, stbl, "co64"), 8, (at) => Number(view.getBigUint64(at)));
    const runs = table(view, find(view, stbl, "stsc"), 12, (at) => [view.getUint32(at), view.getUint32(at + 4)]);
    const times = table(view, find(view, stbl, "stts"), 8, (at) => [view.getUint32(at), view.getUint32(at + 4)]);
    if (count > 1 << 26) broken();
    const out = [];
    let run = 0, time = 0, left = times[0]?.[0] ?? 0;
    for (let chunk = 0; chunk < chunks.length && out.length < count; chunk++) {
      while (run + 1 < runs.length && runs[run + 1][0] <= chunk + 1) run++;
      let at = chunks[chunk];
      for (let k = 0; k < (runs[run]?.[1] ?? 0) && out.length < count; k++) {
        while (!left && time + 1 < times.length) left = times[++time][0];
        const size = same || view.getUint32(sizes[0] + 12 + 4 * out.length);
        out.push({ at, size, duration: times[time]?.[1] ?? 0 });
        at += size;
        left--;
      }
    }
    return out;
  };

  /** The samples of one track in the fragments of the file. */
  const fragmented = (moofs, id) => {
    const out = [];
    for (const { view, span, at: moof } of moofs) {
      for (const [name, start, end] of boxes(view, ...span)) {
        if (name !== "traf") continue;
        const tfhd = find(view, [start, end], "tfhd"), flags = view.getUint32(tfhd[0]) & 0xffffff;
        if (view.getUint32(tfhd[0] + 4) !== id) continue;
        let at = tfhd[0] + 8, base = moof, duration = 0, size = 0;
        if (flags & 1) { base = Number(view.getBigUint64(at)); at += 8; }
        if (flags & 2) at += 4;
        if (flags & 8) { duration = view.getUint32(at); at += 4; }
        if (flags & 16) size = view.getUint32(at);
        let place = base;
        for (const [inner, first, last] of boxes(view, start, end)) {
          if (inner !== "trun") continue;
          const have = view.getUint32(first) & 0xffffff, count = view.getUint32(first + 4);
          let p = first + 8;
          if (have & 1) { place = base + view.getInt32(p); p += 4; }
          if (have & 4) p += 4;
          const width = 4 * [0x100, 0x200, 0x400, 0x800].filter((bit) => have & bit).length;
          if (p + width * count > last) broken();
          for (let k = 0; k < count; k++, p += width) {
            const own = have & 0x200 ? view.getUint32(p + (have & 0x100 ? 4 : 0)) : size;
            out.push({ at: place, size: own, duration: have & 0x100 ? view.getUint32(p) : duration });
            place += own;
          }
        }
      }
    }
    return out;
  };

  /** [samples to skip, the packets that are heard]: as ffmpeg does, an edit list skips samples, but ends with a packet. */
  const edited = (view, trak, scale, movieScale, rate, samples) => {
    const elst = find(view, trak, "edts", "elst");
    if (!elst) return [0, samples];
    const wide = view.getUint8(elst[0]);
    const edits = table(view, elst, wide ? 20 : 12, (at) =>
      wide ? [Number(view.getBigUint64(at)), Number(view.getBigInt64(at + 8))] : [view.getUint32(at), view.getInt32(at + 4)]);
    const heard = edits.filter(([, time]) => time >= 0);
    if (heard.length > 1) throw new UnreadableInput("this file plays its sound by several edits, which this page does not follow", "convert a copy to WAV or FLAC, or use the program");
    if (!heard.length) return [0, samples];
    const [[duration, time]] = heard, end = duration ? time + (duration * scale) / movieScale : Infinity;
    let at = 0;
    const kept = samples.filter((sample) => {
      at += sample.duration;
      return at - sample.duration < end;
    });
    return [Math.round((time * rate) / scale), kept];
  };

  async function* packetsOf(source, samples, scale, damaged) {
    let time = 0;
    for (const { at, size, duration } of samples) {
      const data = await source.copy(at, size);
      if (data.length < size) return damaged(time / scale, "the file ends before the end that its header names");
      yield { data, place: at };
      time += duration;
    }
  }

  wholetape.mp4 = { isMp4, openMp4 };
})((globalThis.wholetape ??= {}));
