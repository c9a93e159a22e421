// The print as a value and as bytes: docs/spec/print.md is the definition of both.
((wholetape) => {
  "use strict";
  const { PRINT } = wholetape.params;
  const { frameCount } = wholetape.bands;
  const { sha256 } = wholetape.sha256;
  const { MalformedFile } = wholetape.errors;

  const MAGIC = [0x89, 0x57, 0x54, 0x50, 0x0d, 0x0a, 0x1a, 0x0a];
  const HEADER = 56, DIGEST = 32, MAX_TRACKS = 256, MAX_SAMPLES = 8000 * 3600 * 24 * 31;
  const ALL_CHANNELS = 255;
  const FRESH = "get a fresh copy of it, or make it anew with `wholetape print`";

  const isPrint = (bytes) => MAGIC.every((byte, i) => bytes[i] === byte);

  /** The track that frames describe: words as pairs of 32-bit halves, one level byte for four frames. */
  const trackOf = (frames, stream, channel) => {
    const levels = new Uint8Array(Math.ceil(frames.n / PRINT.level_frames));
    for (let g = 0; g < levels.length; g++) {
      let level = 0, tone = 1;
      for (let i = g * PRINT.level_frames; i < Math.min(frames.n, (g + 1) * PRINT.level_frames); i++) {
        level = Math.max(level, frames.level[i]);
        tone &= frames.tone[i];
      }
      levels[g] = level | (tone << 7);
    }
    return { stream, channel, n: frames.n, words: frames.words, levels };
  };

  const sizeOf = (tracks, frames) =>
    HEADER + tracks * (4 + 8 * frames + Math.ceil(frames / PRINT.level_frames)) + DIGEST;

  /** The bytes of a .print file; parse is the inverse. */
  const encode = (print) => {
    const frames = frameCount(print.samples);
    const out = new Uint8Array(sizeOf(print.tracks.length, frames)), view = new DataView(out.buffer);
    out.set(MAGIC);
    view.setUint16(8, 1, true);
    view.setUint16(10, 1, true);
    view.setUint32(12, print.tracks.length, true);
    view.setBigUint64(16, BigInt(print.samples), true);
    out.set(print.recording, 24);
    let at = HEADER;
    for (const track of print.tracks) {
      out[at] = track.stream;
      out[at + 1] = track.channel;
      at += 4;
      for (let i = 0; i < 2 * frames; i++, at += 4) view.setUint32(at, track.words[i], true);
      out.set(track.levels, at);
      at += track.levels.length;
    }
    out.set(sha256(out.subarray(0, at)), at);
    return out;
  };

  /** The print that bytes hold; throws MalformedFile for anything that encode would not have written. */
  const parse = (bytes) => {
    const refuse = (words, hint = FRESH) => { throw new MalformedFile(words, hint); };
    if (!isPrint(bytes)) refuse("not a print: its first bytes are not those of one", "make one with `wholetape print`");
    if (bytes.length < HEADER + DIGEST) refuse("print is truncated: its header is not complete");
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const version = view.getUint16(8, true), algorithm = view.getUint16(10, true), count = view.getUint32(12, true);
    if (version !== 1 || algorithm !== 1) {
      refuse(`print has version ${version} and algorithm ${algorithm}, this program reads 1 and 1`, "a newer version of the program may read it");
    }
    if (count < 1 || count > MAX_TRACKS) refuse(`print says it has ${count} tracks, between 1 and ${MAX_TRACKS} are allowed`);
    const length = view.getBigUint64(16, true);
    if (length > BigInt(MAX_SAMPLES)) refuse("print says it covers more than 31 days");
    const samples = Number(length), frames = frameCount(samples), groups = Math.ceil(frames / PRINT.level_frames);
    const due = sizeOf(count, frames);
    if (bytes.length !== due) {
      refuse(`print is ${bytes.length < due ? "truncated" : "followed by other bytes"}: ${bytes.length} bytes where ${due} are due`);
    }
    const sum = sha256(bytes.subarray(0, due - DIGEST));
    if (!sum.every((byte, i) => byte === bytes[due - DIGEST + i])) refuse("print is damaged: its checksum does not fit its content");
    const tracks = [];
    for (let at = HEADER; tracks.length < count; at += 8 * frames + groups) {
      if (view.getUint16(at + 2, true)) refuse("print has a reserved field that is not zero");
      const [stream, channel] = [bytes[at], bytes[at + 1]];
      at += 4;
      const words = new Uint32Array(2 * frames);
      for (let i = 0; i < 2 * frames; i++) words[i] = view.getUint32(at + 4 * i, true);
      tracks.push({ stream, channel, n: frames, words, levels: bytes.slice(at + 8 * frames, at + 8 * frames + groups) });
    }
    const places = tracks.map((track) => 256 * track.stream + ((track.channel + 1) % 256));
    if (new Set(places).size !== places.length) refuse("print names one track twice");
    if (places[0] !== 0 || places.some((place, i) => i && place < places[i - 1])) refuse("print has its tracks in the wrong order");
    return { samples, recording: bytes.slice(24, 56), tracks };
  };

  wholetape.printfile = { ALL_CHANNELS, isPrint, trackOf, encode, parse };
})((globalThis.wholetape ??= {}));
