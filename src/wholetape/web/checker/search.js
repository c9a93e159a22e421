// Where in the references is this stretch of the release? Sums of differing signs over all offsets at once.
((wholetape) => {
  "use strict";
  const { ones, argmax, median, spread } = wholetape.numbers;

  const MANY = 1 << 16; // of so many diagonals, at first only every STEP-th is counted
  const STEP = 3;
  const PROMISING = 64; // one in so many of those counted is looked at more closely,
  const MOST_PROMISING = 4096; // but no more than these

  /** Reliable signs that agree less those that differ, for each step-th diagonal of [low, high), low first. */
  const agreement = (scorer, chosen, low, high, step = 1) => {
    const words = scorer.frames.words, axis = scorer.axis.words;
    const [unreliable] = scorer.masks;
    const total = new Int32Array(Math.ceil((high - low) / step));
    for (const k of chosen) {
      const maskA = ~unreliable[2 * k], maskB = ~unreliable[2 * k + 1], a = words[2 * k], b = words[2 * k + 1];
      const weight = ones(maskA) + ones(maskB);
      let at = Math.max(0, Math.ceil(-(k + low) / step));
      const last = Math.min(k + high, scorer.axis.n);
      for (let j = k + low + at * step; j < last; j += step, at++) {
        let v = (axis[2 * j] ^ a) & maskA, w = (axis[2 * j + 1] ^ b) & maskB;
        v = v - ((v >>> 1) & 0x55555555);
        w = w - ((w >>> 1) & 0x55555555);
        v = (v & 0x33333333) + ((v >>> 2) & 0x33333333) + (w & 0x33333333) + ((w >>> 2) & 0x33333333);
        v = (v & 0x0f0f0f0f) + ((v >>> 4) & 0x0f0f0f0f);
        total[at] += weight - 2 * (Math.imul(v, 0x01010101) >>> 24);
      }
    }
    return total;
  };

  /** Up to count frames of [start, end), spread out, the quiet ones left out where there are louder ones. */
  const chooseFrames = (scorer, start, end, count) => {
    const frames = Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);
    if (frames.length <= count) return frames;
    const middle = median(scorer.frames.level.subarray(start, end));
    const loud = frames.filter((i) => scorer.frames.level[i] >= middle);
    return spread(0, loud.length - 1, Math.min(count, loud.length)).map((i) => loud[i]);
  };

  /** Agreement of each diagonal of [low, high) of which every STEP-th was counted: beside the best, count anew. */
  const closely = (scorer, chosen, low, high, total) => {
    const out = new Float32Array(high - low).fill(total.reduce((a, b) => Math.min(a, b)));
    const count = Math.min(Math.floor(total.length / PROMISING), MOST_PROMISING);
    const least = Int32Array.from(total).sort()[total.length - count];
    total.forEach((value, i) => { out[i * STEP] = value; });
    const beside = new Set();
    total.forEach((value, i) => {
      if (value >= least) for (const k of [i * STEP - 1, i * STEP + 1]) if (k >= 0 && k < out.length) beside.add(k);
    });
    for (const k of beside) out[k] = agreement(scorer, chosen, low + k, low + k + 1)[0];
    return out;
  };

  /** The best diagonals in [low, high) for the release's frames [start, end), best first: {diagonal, z}. */
  const search = (scorer, start, end, low, high, count, best = 1, apart = 6) => {
    low = Math.max(low, -end);
    high = Math.min(high, scorer.axis.n - start);
    if (high - low < 8) return [];
    const chosen = chooseFrames(scorer, start, end, count);
    if (!chosen.length) return [];
    const many = high - low >= MANY, total = agreement(scorer, chosen, low, high, many ? STEP : 1);
    const stride = total.length < 20000 ? 1 : Math.floor(total.length / 10000);
    const sample = Float64Array.from({ length: Math.ceil(total.length / stride) }, (_, i) => total[i * stride]);
    const middle = median(sample);
    const off = 1.4826 * median(sample.map((value) => Math.abs(value - middle))) + 1e-6 + 0.5 * Math.sqrt(chosen.length);
    const found = [], left = many ? closely(scorer, chosen, low, high, total) : Float32Array.from(total);
    for (let n = 0; n < best; n++) {
      const k = argmax(left);
      found.push({ diagonal: low + k, z: (left[k] - middle) / off });
      left.fill(middle, Math.max(0, k - apart), k + apart + 1);
    }
    return found;
  };

  wholetape.search = { search };
})((globalThis.wholetape ??= {}));
