// The sound tracks of Matroska and WebM files as packets: RFC 9559.
((wholetape) => {
  "use strict";
  const { UnreadableInput } = wholetape.errors;

  const ID = {
    EBML: 0x1a45dfa3, SEGMENT: 0x18538067, TRACKS: 0x1654ae6b, CLUSTER: 0x1f43b675, ENTRY: 0xae, NUMBER: 0xd7, TYPE: 0x83, CODEC: 0x86,
    PRIVATE: 0x63a2, DELAY: 0x56aa, AUDIO: 0xe1, RATE: 0xb5, CHANNELS: 0x9f, BITS: 0x6264, GROUP: 0xa0, BLOCK: 0xa1, SIMPLE: 0xa3, DISCARD: 0x75a2, ENCODINGS: 0x6d80,
  };
  const UNKNOWN = -1;

  const isMatroska = (head) => head[0] === 0x1a && head[1] === 0x45 && head[2] === 0xdf && head[3] === 0xa3;

  /** [value, length] of a variable-size number; the marker stays in it when it is an ID. */
  const number = (b, at, id) => {
    const first = b[at];
    if (first === undefined || !first) return null;
    const length = Math.clz32(first) - 23;
    if (at + length > b.length) return null;
    let value = id ? first : first & (255 >> length), ones = !id && value === (255 >> length);
    for (let k = 1; k < length; k++) {
      value = value * 256 + b[at + k];
      ones = ones && b[at + k] === 255;
    }
    return [ones ? UNKNOWN : value, length];
  };

  /** The element at a place of the file: {id, start, end}; end is the file's for one of unknown size. */
  const elementAt = async (source, at) => {
    const b = await source.read(at, 12), id = number(b, 0, true);
    const size = id && number(b, id[1], false);
    if (!size) return null;
    const start = at + id[1] + size[1];
    return { id: id[0], start, end: size[0] === UNKNOWN ? source.size : start + size[0], unknown: size[0] === UNKNOWN };
  };

  /** The elements within bytes: [id, content]. */
  function* within(b) {
    for (let at = 0; at < b.length; ) {
      const id = number(b, at, true), size = id && number(b, at + id[1], false);
      if (!size || size[0] === UNKNOWN) return;
      const start = at + id[1] + size[1];
      yield [id[0], b.subarray(start, start + size[0])];
      at = start + size[0];
    }
  }

  const whole = (b) => b.reduce((value, byte) => value * 256 + byte, 0);
  const real = (b) => {
    const view = new DataView(b.buffer, b.byteOffset, b.byteLength);
    return b.length === 4 ? view.getFloat32(0) : b.length === 8 ? view.getFloat64(0) : 0;
  };

  const openMatroska = async (source) => {
    const streams = [];
    let hasPicture = false, at = 0, segment = null;
    for (let element; (element = await elementAt(source, at)); ) {
      if (element.id === ID.SEGMENT) {
        segment = element.start;
        at = element.start;
        continue;
      }
      if (element.id === ID.TRACKS && element.end - element.start < 1 << 24) {
        const bytes = await source.copy(element.start, element.end - element.start);
        for (const [id, entry] of within(bytes)) {
          if (id !== ID.ENTRY) continue;
          const track = new Map(within(entry)), type = whole(track.get(ID.TYPE) ?? []);
          if (type === 1) hasPicture = true;
          if (type === 2) streams.push(streamOf(source, segment, track));
        }
        break;
      }
      if (element.id === ID.CLUSTER) break;
      at = element.end;
    }
    if (!streams.length && !hasPicture) throw new UnreadableInput("this file has no list of its tracks", "get a complete copy");
    return { container: "matroska", hasPicture, streams };
  };

  const streamOf = (source, segment, track) => {
    const audio = new Map(within(track.get(ID.AUDIO) ?? new Uint8Array(0)));
    const codec = String.fromCharCode(...(track.get(ID.CODEC) ?? [])), priv = track.get(ID.PRIVATE) ?? null;
    const rate = Math.round(audio.has(ID.RATE) ? real(audio.get(ID.RATE)) : 8000), channels = audio.has(ID.CHANNELS) ? whole(audio.get(ID.CHANNELS)) : 1;
    const skip = Math.round((whole(track.get(ID.DELAY) ?? []) * rate) / 1e9), id = whole(track.get(ID.NUMBER));
    const made = (name, string, description = null) => {
      const stream = {
        codec: name, rate, skip, length: null, tail: 0,
        config: { codec: string, sampleRate: rate, numberOfChannels: channels, ...(description ? { description } : {}) },
        packets: (damaged) => packetsOf(source, segment, id, stream, damaged),
      };
      return stream;
    };
    if (track.has(ID.ENCODINGS)) return { codec: `${codec}, packed or encrypted`, rate, config: null };
    if (codec === "A_OPUS") return Object.assign(made("opus", "opus", channels > 2 ? priv : null), { rate: 48000, skip: priv ? priv[10] | (priv[11] << 8) : skip });
    if (codec === "A_VORBIS") return made("vorbis", "vorbis", priv);
    if (codec.startsWith("A_AAC") && priv) return made("aac", `mp4a.40.${priv[0] >> 3}`, priv);
    if (codec === "A_FLAC") return made("flac", "flac", priv);
    if (codec === "A_MPEG/L3") return made("mp3", "mp3");
    if (codec === "A_PCM/INT/LIT" && audio.has(ID.BITS) && whole(audio.get(ID.BITS)) === 16) return made("pcm_s16le", "pcm-s16");
    return { codec: codec || "unknown", rate, config: null };
  };

  async function* packetsOf(source, segment, track, stream, damaged) {
    let at = segment, mine = false;
    for (let element; at < source.size && (element = await elementAt(source, at)); ) {
      if (element.id === ID.CLUSTER || element.id === ID.GROUP) {
        at = element.start;
        continue;
      }
      if (element.id === ID.SIMPLE || element.id === ID.BLOCK) {
        const b = await source.copy(element.start, element.end - element.start);
        if (b.length < element.end - element.start) return damaged(null, "the file ends within a packet");
        const own = number(b, 0, false);
        mine = Boolean(own) && own[0] === track;
        if (mine) for (const data of laced(b, own[1] + 3)) yield { data, place: at };
      }
      if (element.id === ID.DISCARD && mine) stream.tail = whole(await source.copy(element.start, Math.min(8, element.end - element.start))) / 1e9;
      at = element.unknown ? element.start : element.end;
    }
  }

  /** The packets of a block: one, or several laced together. */
  const laced = (b, at) => {
    const kind = (b[at - 1] >> 1) & 3;
    if (!kind) return [b.subarray(at)];
    const count = b[at++] + 1, sizes = [];
    if (kind === 2) {
      const each = Math.floor((b.length - at) / count);
      return Array.from({ length: count }, (_, k) => b.subarray(at + k * each, at + (k + 1) * each));
    }
    for (let k = 0; k + 1 < count; k++) {
      if (kind === 1) {
        let size = 0, byte;
        do { byte = b[at++] ?? 0; size += byte; } while (byte === 255);
        sizes.push(size);
      } else {
        const [value, length] = number(b, at, false) ?? [0, 1];
        sizes.push(k ? sizes[k - 1] + value - (2 ** (7 * length - 1) - 1) : value);
        at += length;
      }
    }
    const out = [];
    for (const size of sizes) {
      out.push(b.subarray(at, at + size));
      at += size;
    }
    return [...out, b.subarray(at)];
  };

  wholetape.matroska = { isMatroska, openMatroska };
})((globalThis.wholetape ??= {}));
