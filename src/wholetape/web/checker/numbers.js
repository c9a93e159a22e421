// Numbers as the Python side counts them: rounding, percentiles, sums, lines through points. No state.
((wholetape) => {
  "use strict";

  /** The integer nearest to x; of two as near, the even one, as Python and numpy round. */
  const round = (x) => {
    const low = Math.floor(x);
    const rest = x - low;
    if (rest !== 0.5) return rest < 0.5 ? low : low + 1;
    return low % 2 === 0 ? low : low + 1;
  };

  const clip = (x, low, high) => (x < low ? low : x > high ? high : x);

  /** How many bits of a 32-bit word are set. */
  const ones = (word) => {
    let v = word - ((word >>> 1) & 0x55555555);
    v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
    v = (v + (v >>> 4)) & 0x0f0f0f0f;
    return Math.imul(v, 0x01010101) >>> 24;
  };

  const sum = (values, start = 0, end = values.length) => {
    let total = 0;
    for (let i = start; i < end; i++) total += values[i];
    return total;
  };

  const mean = (values) => sum(values) / values.length;

  /** The index of the greatest value, of several the first. */
  const argmax = (values, start = 0, end = values.length) => {
    let best = start;
    for (let i = start + 1; i < end; i++) if (values[i] > values[best]) best = i;
    return best;
  };

  /** The q-th percentile by linear interpolation, as numpy's. */
  const percentile = (values, q) => {
    const sorted = Float64Array.from(values).sort();
    const at = (q / 100) * (sorted.length - 1);
    const low = Math.floor(at);
    const high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
  };

  const median = (values) => percentile(values, 50);

  /** (n + 1,) sums of the first k values. */
  const cumulated = (values) => {
    const out = new Float64Array(values.length + 1);
    for (let i = 0; i < values.length; i++) out[i + 1] = out[i] + values[i];
    return out;
  };

  /** (n - width + 1,) sums over windows. */
  const movingSum = (values, width) => {
    const total = cumulated(values);
    const out = new Float64Array(Math.max(0, values.length - width + 1));
    for (let i = 0; i < out.length; i++) out[i] = total[i + width] - total[i];
    return out;
  };

  /** (n,) means over 25 values around each, fewer counted as zeros at the ends: numpy's convolve(…, "same"). */
  const smoothed = (values, width) => {
    const total = cumulated(values);
    const half = (width - 1) >> 1;
    const out = new Float64Array(values.length);
    for (let i = 0; i < out.length; i++) {
      out[i] = (total[Math.min(values.length, i + half + 1)] - total[Math.max(0, i - half)]) / width;
    }
    return out;
  };

  /** The line through rising points (xs, ys) at x, level beyond them. */
  const interpolate = (x, xs, ys) => {
    const last = xs.length - 1;
    if (!(x > xs[0])) return ys[0];
    if (x >= xs[last]) return ys[last];
    let k = 1;
    while (xs[k] < x) k++;
    return ys[k - 1] + ((ys[k] - ys[k - 1]) * (x - xs[k - 1])) / (xs[k] - xs[k - 1]);
  };

  /** [slope, level] of the line through points, each off-distance weighed by w. */
  const line = (xs, ys, w) => {
    let s = 0, sx = 0, sy = 0;
    for (let i = 0; i < xs.length; i++) {
      const ww = w[i] * w[i];
      s += ww; sx += ww * xs[i]; sy += ww * ys[i];
    }
    const mx = sx / s, my = sy / s;
    let xx = 0, xy = 0;
    for (let i = 0; i < xs.length; i++) {
      const ww = w[i] * w[i];
      xx += ww * (xs[i] - mx) ** 2;
      xy += ww * (xs[i] - mx) * (ys[i] - my);
    }
    const slope = xx > 0 ? xy / xx : 0;
    return [slope, my - slope * mx];
  };

  /** count places from first to last, evenly, cut down to integers. */
  const spread = (first, last, count) => {
    if (count === 1) return [Math.trunc(first)];
    const step = (last - first) / (count - 1);
    return Array.from({ length: count }, (_, i) => Math.trunc(i === count - 1 ? last : first + i * step));
  };

  /** [start, end) of n things parted into so many groups, the first ones longer by one: numpy's array_split. */
  const parted = (n, parts) => {
    const size = Math.floor(n / parts), more = n % parts, out = [];
    for (let k = 0, at = 0; k < parts; k++) {
      const end = at + size + (k < more ? 1 : 0);
      out.push([at, end]);
      at = end;
    }
    return out;
  };

  /** In place: the discrete Fourier transform of re + i im, whose length is a power of two. */
  const tables = new Map();
  const fft = (re, im, inverse = false) => {
    const n = re.length;
    let table = tables.get(n);
    if (!table) {
      const cos = new Float64Array(n >> 1), sin = new Float64Array(n >> 1), swap = new Uint32Array(n);
      for (let k = 0; k < n >> 1; k++) {
        cos[k] = Math.cos((2 * Math.PI * k) / n);
        sin[k] = -Math.sin((2 * Math.PI * k) / n);
      }
      for (let i = 1, j = 0; i < n; i++) {
        let bit = n >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        swap[i] = j;
      }
      table = { cos, sin, swap };
      tables.set(n, table);
    }
    const { cos, sin, swap } = table;
    for (let i = 0; i < n; i++) {
      const j = swap[i];
      if (i < j) {
        const r = re[i], m = im[i];
        re[i] = re[j]; im[i] = im[j];
        re[j] = r; im[j] = m;
      }
    }
    for (let size = 2; size <= n; size *= 2) {
      const half = size >> 1, step = n / size;
      for (let start = 0; start < n; start += size) {
        for (let k = 0, t = 0; k < half; k++, t += step) {
          const a = start + k, b = a + half;
          const wr = cos[t], wi = inverse ? -sin[t] : sin[t];
          const tr = re[b] * wr - im[b] * wi, ti = re[b] * wi + im[b] * wr;
          re[b] = re[a] - tr; im[b] = im[a] - ti;
          re[a] += tr; im[a] += ti;
        }
      }
    }
    if (inverse) for (let i = 0; i < n; i++) { re[i] /= n; im[i] /= n; }
  };

  wholetape.numbers = {
    round, clip, ones, sum, mean, argmax, percentile, median, cumulated, movingSum, smoothed, interpolate, line, spread,
    parted, fft,
  };
})((globalThis.wholetape ??= {}));
