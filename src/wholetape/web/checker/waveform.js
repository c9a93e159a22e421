// A stretch of the release laid upon the original's sound: how far it lags, through which filter, and what is left.
((wholetape) => {
  "use strict";
  const { PRINT, WAVE } = wholetape.params;
  const { cumulated, fft, interpolate, parted, round, spread } = wholetape.numbers;

  const TINY = 1e-12;

  /** (end - start,) samples of `sound`, which has so many; 0 beyond its ends. */
  const padded = (sound, length, start, end) => {
    const out = new Float64Array(Math.max(0, end - start));
    const a = Math.max(0, start), b = Math.min(end, length);
    if (a < b) out.set(sound(a, b), a - start);
    return out;
  };

  /** The references' own sound on their common axis: `sounds` are [sound, length], one a source. */
  class Original {
    constructor(sounds, starts) {
      this.sounds = sounds;
      this.starts = starts;
    }

    /** (end - start,) samples of the axis, which has PRINT.hop of them a frame; 0 where no reference is. */
    read(start, end) {
      const out = new Float64Array(Math.max(0, end - start));
      this.sounds.forEach(([sound, length], k) => {
        const first = this.starts[k] * PRINT.hop;
        const a = Math.max(start, first), b = Math.min(end, first + length);
        if (a < b) out.set(sound(a - first, b - first), a - start);
      });
      return out;
    }
  }

  const sinc = (x) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

  const LOWER = (() => {
    const n = 2 * WAVE.low_taps + 1, edge = (2 * WAVE.low_hz) / PRINT.rate;
    return Float64Array.from({ length: n }, (_, i) => {
      const hanning = 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 1)) / (n + 1));
      return sinc((i - WAVE.low_taps) * edge) * edge * hanning;
    });
  })();

  const convolve = (x, h) => {
    const out = new Float64Array(x.length + h.length - 1);
    for (let i = 0; i < x.length; i++) for (let k = 0; k < h.length; k++) out[i + k] += x[i] * h[k];
    return out;
  };

  /** The part of a convolution in which h lies within x all the way. */
  const convolved = (x, h) => {
    const out = new Float64Array(Math.max(0, x.length - h.length + 1)), last = h.length - 1;
    for (let i = 0; i < out.length; i++) {
      let total = 0;
      for (let k = 0; k <= last; k++) total += x[i + last - k] * h[k];
      out[i] = total;
    }
    return out;
  };

  const power = (x) => {
    let total = 0;
    for (let i = 0; i < x.length; i++) total += x[i] * x[i];
    return total;
  };

  const transformed = (x, size) => {
    const re = new Float64Array(size), im = new Float64Array(size);
    re.set(x);
    fft(re, im);
    return [re, im];
  };

  const bits = (n) => (n ? Math.floor(Math.log2(n)) + 1 : 0);

  /** (p + 1,) prediction error filter of `sound`, by Levinson and Durbin. */
  const predictor = (sound) => {
    const order = WAVE.order, auto = new Float64Array(order + 1), out = new Float64Array(order + 1);
    for (let k = 0; k <= order; k++) for (let i = k; i < sound.length; i++) auto[k] += sound[i] * sound[i - k];
    auto[0] = auto[0] * 1.001 + 1e-9;
    out[0] = 1;
    let error = auto[0];
    for (let k = 1; k <= order; k++) {
      let total = 0;
      for (let i = 0; i < k; i++) total += out[i] * auto[k - i];
      const reflection = -total / error, before = out.slice();
      for (let i = 1; i <= k; i++) out[i] = before[i] + reflection * before[k - i];
      error *= 1 - reflection ** 2;
    }
    return out;
  };

  /** The release's own samples at 8 kHz, how many there are, and the filter that whitens them and others. */
  class Release {
    constructor(sound, length) {
      this.sound = sound;
      this.length = length;
      const heard = new Float64Array(WAVE.spots * WAVE.spot);
      spread(0, Math.max(0, length - WAVE.spot), WAVE.spots).forEach((start, k) =>
        heard.set(padded(sound, length, start, start + WAVE.spot), k * WAVE.spot));
      this.whitener = convolve(predictor(heard), LOWER);
    }

    read(start, end) {
      return padded(this.sound, this.length, start, end);
    }
  }

  /** Where in x the samples y lie, from 0; null when no place stands out. */
  const lag = (y, x) => {
    const size = 2 ** bits(x.length + y.length);
    const [ar, ai] = transformed(y, size), [br, bi] = transformed(x, size);
    let most = 0;
    const sizes = new Float64Array(size);
    for (let k = 0; k < size; k++) {
      const r = br[k] * ar[k] + bi[k] * ai[k], i = bi[k] * ar[k] - br[k] * ai[k];
      br[k] = r;
      bi[k] = i;
      sizes[k] = Math.hypot(r, i);
      most = Math.max(most, sizes[k]);
    }
    for (let k = 0; k < size; k++) {
      const weight = Math.sqrt(sizes[k]) + 1e-3 * Math.sqrt(most) + 1e-30;
      br[k] /= weight;
      bi[k] /= weight;
    }
    fft(br, bi, true);
    const found = br.subarray(0, x.length - y.length + 1);
    if (found.length < 8) return 0;
    let best = 0;
    for (let i = 1; i < found.length; i++) if (Math.abs(found[i]) > Math.abs(found[best])) best = i;
    let total = 0, count = 0;
    for (let i = 0; i < found.length; i++) {
      if (Math.abs(i - best) <= 8) continue;
      total += found[i] ** 2;
      count++;
    }
    if (count < 8) return best;
    return Math.abs(found[best]) > WAVE.stands_out * Math.sqrt(total / count) ? best : null;
  };

  /** The x that solves a symmetric, positive system, by Cholesky. */
  const solved = (a, b) => {
    const n = b.length, l = a.map((row) => Float64Array.from(row)), x = Float64Array.from(b);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let total = l[i][j];
        for (let k = 0; k < j; k++) total -= l[i][k] * l[j][k];
        l[i][j] = i === j ? Math.sqrt(Math.max(total, 1e-300)) : total / l[j][j];
      }
    }
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) x[i] -= l[i][k] * x[k];
      x[i] /= l[i][i];
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) x[i] -= l[k][i] * x[k];
      x[i] /= l[i][i];
    }
    return x;
  };

  /** Running mean over `width` samples, same length. */
  const smooth = (values, width) => {
    const half = width >> 1, n = values.length;
    const wide = new Float64Array(n + width - 1);
    for (let i = 0; i < wide.length; i++) wide[i] = values[Math.max(0, Math.min(n - 1, i - half))];
    const total = cumulated(wide);
    return Float64Array.from({ length: n }, (_, i) => (total[i + width] - total[i]) / width);
  };

  const squared = (values) => values.map((value) => value * value);

  /** [logs of predicted power, rising; logs of the power that the residual usually has beside it]. */
  const usualOf = (residual, predicted) => {
    const width = Math.min(WAVE.smooth, residual.length);
    const eighth = (values) => smooth(squared(values), width).filter((_, i) => i % 8 === 0);
    const left = eighth(residual), made = eighth(predicted);
    const order = Array.from(made.keys()).sort((a, b) => made[a] - made[b]);
    const out = [[], []];
    for (const [start, end] of parted(order.length, Math.min(WAVE.parts, order.length))) {
      const part = order.slice(start, end), kept = part.map((i) => left[i]).sort((a, b) => a - b);
      kept.length -= Math.floor(part.length / 8);
      const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
      const level = Math.log(mean(part.map((i) => made[i])) + TINY);
      out[0].push(level);
      out[1].push(Math.max(Math.log(mean(kept) + TINY), level + Math.log(WAVE.least)));
    }
    return out;
  };

  /**
   * How samples [start, end) of the release follow the original `offset` samples on, give or take `reach`:
   * {lag, taps, usual, ratio}, or null.
   */
  const lay = (release, original, start, end, offset, reach) => {
    const side = WAVE.taps, base = round(offset);
    const here = release.read(start, end);
    const there = original.read(start + base - reach - side, end + base + reach + side);
    if (power(here) < WAVE.silence * here.length || power(there) < WAVE.silence * here.length) return null;
    const y = convolved(here, release.whitener);
    let x = convolved(there, release.whitener);
    const shift = lag(y, x.subarray(side, x.length - side));
    if (shift === null) return null;
    x = x.subarray(shift, shift + y.length + 2 * side);
    const taps = fitted(x, y, 2 * side + 1);
    const predicted = filtered(x, taps, y.length);
    const usual = usualOf(y.map((value, i) => value - predicted[i]), predicted);
    const loud = usual[0].slice(-WAVE.loud).map((made, k) => Math.exp(usual[1].slice(-WAVE.loud)[k] - made));
    return { lag: base - reach + shift, taps, usual, ratio: loud.reduce((a, b) => a + b, 0) / loud.length };
  };

  /** (n,) sums of taps[k] x[i + k]. */
  const filtered = (x, taps, n) => {
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let total = 0;
      for (let k = 0; k < taps.length; k++) total += taps[k] * x[i + k];
      out[i] = total;
    }
    return out;
  };

  /** The filter of so many taps that makes y of x with the least squares. */
  const fitted = (x, y, width) => {
    const n = y.length, square = Array.from({ length: width }, () => new Float64Array(width));
    for (let d = 0; d < width; d++) {
      let total = 0;
      for (let i = 0; i < n; i++) total += x[i] * x[i + d];
      for (let k = 0; k + d < width; k++) {
        if (k) total += x[k + n - 1] * x[k + n - 1 + d] - x[k - 1] * x[k - 1 + d];
        square[k][k + d] = square[k + d][k] = total;
      }
    }
    const first = square[0][0];
    for (let k = 0; k < width; k++) square[k][k] += 1e-4 * first + 1e-12;
    const right = Float64Array.from({ length: width }, (_, k) => {
      let total = 0;
      for (let i = 0; i < n; i++) total += x[i + k] * y[i];
      return total;
    });
    return solved(square, right);
  };

  /** {follow, foreign}: the nats that each of the release's samples [start, end) costs as the original's, and as not. */
  const costs = (release, original, laid, start, end) => {
    const side = WAVE.taps, ahead = WAVE.low_taps, before = release.whitener.length - 1 - ahead;
    const y = convolved(release.read(start - before, end + ahead), release.whitener);
    const x = convolved(original.read(start - before + laid.lag - side, end + ahead + laid.lag + side), release.whitener);
    const predicted = filtered(x, laid.taps, y.length);
    const width = Math.min(WAVE.smooth, y.length);
    const made = smooth(squared(predicted), width), own = smooth(squared(y), width);
    const least = Math.exp(Math.min(...laid.usual[1]));
    const follow = new Float64Array(y.length), foreign = new Float64Array(y.length);
    for (let i = 0; i < y.length; i++) {
      const spread = Math.exp(interpolate(Math.log(made[i] + TINY), ...laid.usual)), usual = Math.max(own[i], least);
      foreign[i] = (y[i] ** 2 / usual + Math.log(usual)) / 2;
      follow[i] = Math.min(((y[i] - predicted[i]) ** 2 / spread + Math.log(spread)) / 2, foreign[i] + WAVE.most);
    }
    return { follow, foreign };
  };

  wholetape.waveform = { Original, Release, lay, costs };
})((globalThis.wholetape ??= {}));
