// WAVE files as blocks of samples: RIFF and RF64, integers, floats, A-law and µ-law. Everything else is a codec's business.
((wholetape) => {
  "use strict";
  const { UnreadableInput } = wholetape.errors;
  const { text } = wholetape.source;

  const BLOCK_S = 8;

  /** A number beside each byte of a logarithmic code: ITU-T G.711, full scale ±1. */
  const ulaw = Float32Array.from({ length: 256 }, (_, byte) => {
    const code = ~byte & 255, size = ((((code & 15) << 3) + 132) << ((code >> 4) & 7)) - 132;
    return (code & 128 ? -size : size) / 32768;
  });
  const alaw = Float32Array.from({ length: 256 }, (_, byte) => {
    const code = byte ^ 0x55, exponent = (code >> 4) & 7, part = (code & 15) << 4;
    const size = exponent ? (part + 0x108) << (exponent - 1) : part + 8;
    return (code & 128 ? size : -size) / 32768;
  });

  const READERS = {
    "1/8": (view, at) => (view.getUint8(at) - 128) / 128,
    "1/16": (view, at) => view.getInt16(at, true) / 2 ** 15,
    "1/24": (view, at) => (view.getUint16(at, true) | (view.getInt8(at + 2) << 16)) / 2 ** 23,
    "1/32": (view, at) => view.getInt32(at, true) / 2 ** 31,
    "3/32": (view, at) => view.getFloat32(at, true),
    "3/64": (view, at) => view.getFloat64(at, true),
    "6/8": (view, at) => alaw[view.getUint8(at)],
    "7/8": (view, at) => ulaw[view.getUint8(at)],
  };
  const CODECS = { "1/8": "pcm_u8", "1/16": "pcm_s16le", "1/24": "pcm_s24le", "1/32": "pcm_s32le", "3/32": "pcm_f32le", "3/64": "pcm_f64le", "6/8": "pcm_alaw", "7/8": "pcm_mulaw" };

  const isWav = (head) => /^(RIFF|RF64)....WAVE/s.test(text(head.subarray(0, 12)));

  /** The one stream of a WAVE file: {codec, rate, blocks(progress, damaged)}; blocks are arrays of channels. */
  const openWav = async (source) => {
    let at = 12, form = null, wide = null;
    while (at + 8 <= source.size) {
      const head = await source.view(at, 64);
      const name = text(new Uint8Array(head.buffer, head.byteOffset, 4));
      let size = head.getUint32(4, true);
      if (name === "ds64" && head.byteLength >= 24) wide = Number(head.getBigUint64(16, true));
      if (name === "fmt " && size >= 16 && head.byteLength >= 24) {
        let tag = head.getUint16(8, true);
        if (tag === 0xfffe && size >= 40 && head.byteLength >= 34) tag = head.getUint16(32, true);
        form = { key: `${tag}/${head.getUint16(22, true)}`, channels: head.getUint16(10, true), rate: head.getUint32(12, true), bits: head.getUint16(22, true) };
      }
      if (name === "data") {
        if (!form) break;
        if (size === 0xffffffff) size = wide ?? source.size;
        const short = size < 0x7fffff00 && at + 8 + size > source.size + 1 ? at + 8 + size - source.size : 0;
        return { container: "wav", hasPicture: false, streams: [streamOf(source, form, at + 8, Math.min(size, source.size - at - 8), short)] };
      }
      at += 8 + size + (size & 1);
    }
    throw new UnreadableInput("this WAVE file has no sound in it", "check that the file is complete");
  };

  const streamOf = (source, { key, channels, rate, bits }, start, size, short) => {
    const read = READERS[key], width = bits >> 3;
    if (!read || !channels || channels > 64 || rate < 1 || rate > 768000) {
      throw new UnreadableInput("this WAVE file holds a codec that this browser cannot decode", "convert a copy to FLAC or WAV, or use the program");
    }
    const count = Math.floor(size / (width * channels)), block = BLOCK_S * rate;
    return {
      codec: CODECS[key],
      rate,
      channels,
      start,
      end: start + count * width * channels,
      async *blocks(progress, damaged) {
        for (let at = 0; at < count; at += block) {
          const n = Math.min(block, count - at), view = await source.view(start + at * width * channels, n * width * channels);
          yield Array.from({ length: channels }, (_, c) => {
            const out = new Float32Array(n);
            for (let i = 0, p = c * width; i < n; i++, p += width * channels) out[i] = read(view, p);
            return out;
          });
          progress((at + n) / count);
        }
        if (short) damaged(count / rate, `the file ends ${short} bytes before the end that its header names`);
      },
    };
  };

  wholetape.wav = { isWav, openWav };
})((globalThis.wholetape ??= {}));
