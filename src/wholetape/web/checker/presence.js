// How much of the original is heard in a copy of it, moment by moment: the share of each band that moves with it.
((wholetape) => {
  "use strict";
  const { ABSENT, PRINT } = wholetape.params;
  const { clip, fft, median, percentile, round } = wholetape.numbers;

  const SIZE = PRINT.window;
  const WINDOW = Float64Array.from({ length: SIZE }, (_, j) => 0.5 - 0.5 * Math.cos((2 * Math.PI * j) / SIZE));
  const EDGES = (() => {
    const ratio = ABSENT.high_hz / ABSENT.low_hz, width = PRINT.rate / SIZE;
    const bins = Array.from({ length: ABSENT.bands + 1 }, (_, k) => round((ABSENT.low_hz * ratio ** (k / ABSENT.bands)) / width));
    return [...new Set(bins)].sort((a, b) => a - b);
  })();
  const FIRST = EDGES[0], LAST = EDGES.at(-1), BINS = LAST - FIRST, BANDS = EDGES.length - 1;

  /** (n, bins) real and imaginary parts of windows that begin at every hop of two sounds at once. */
  const spectra = (own, other, n) => {
    const out = [0, 1, 2, 3].map(() => new Float64Array(n * BINS));
    const re = new Float64Array(SIZE), im = new Float64Array(SIZE);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < SIZE; j++) {
        re[j] = own[i * PRINT.hop + j] * WINDOW[j];
        im[j] = other[i * PRINT.hop + j] * WINDOW[j];
      }
      fft(re, im);
      for (let k = FIRST; k < LAST; k++) {
        const m = SIZE - k, at = i * BINS + k - FIRST;
        out[0][at] = (re[k] + re[m]) / 2;
        out[1][at] = (im[k] - im[m]) / 2;
        out[2][at] = (im[k] + im[m]) / 2;
        out[3][at] = (re[m] - re[k]) / 2;
      }
    }
    return out;
  };

  /** Frames [start, end) of the release beside the original `lag` samples on: {n, shared, expected, found}, (n, bands). */
  const laid = (release, original, start, end, lag) => {
    const half = SIZE / 2, first = start * PRINT.hop - half, last = (end - 1) * PRINT.hop + half, n = end - start;
    const [ar, ai, br, bi] = spectra(release.read(first, last), original.read(first + lag, last + lag), n);
    const shared = new Float64Array(n * BANDS), expected = new Float64Array(n * BANDS), found = new Float64Array(n * BANDS);
    for (let band = 0; band < BANDS; band++) {
      for (let k = EDGES[band] - FIRST; k < EDGES[band + 1] - FIRST; k++) {
        let gr = 0, gi = 0, power = 1e-9;
        for (let i = 0, at = k; i < n; i++, at += BINS) {
          gr += ar[at] * br[at] + ai[at] * bi[at];
          gi += ai[at] * br[at] - ar[at] * bi[at];
          power += br[at] * br[at] + bi[at] * bi[at];
        }
        gr /= power;
        gi /= power;
        for (let i = 0, at = k; i < n; i++, at += BINS) {
          const mr = gr * br[at] - gi * bi[at], mi = gr * bi[at] + gi * br[at], to = i * BANDS + band;
          shared[to] += ar[at] * mr + ai[at] * mi;
          expected[to] += mr * mr + mi * mi;
          found[to] += ar[at] * ar[at] + ai[at] * ai[at];
        }
      }
    }
    return { n, shared, expected, found };
  };

  const bandSums = (parts, name) => {
    const out = new Float64Array(BANDS);
    for (const part of parts) for (let i = 0; i < part[name].length; i++) out[i % BANDS] += part[name][i];
    return out;
  };

  /** What is usual in a copy: {weight, power} of each band, the power of its loud part, and the median presence. */
  const usualOf = (parts) => {
    const [shared, expected, found] = ["shared", "expected", "found"].map((name) => bandSums(parts, name));
    const count = parts.reduce((n, part) => n + part.n, 0);
    const weight = shared.map((value, b) => clip(value / (Math.sqrt(expected[b] * found[b]) + 1e-12), 0, 1) ** 2);
    const totals = parts.flatMap((part) => Array.from({ length: part.n }, (_, i) => {
      let total = 0;
      for (let b = 0; b < BANDS; b++) total += part.expected[i * BANDS + b];
      return total;
    }));
    const usual = { weight, power: expected.map((value) => value / count + 1e-12), loud: percentile(totals, 95), median: 1 };
    const values = parts.flatMap((part) => {
      const [presence, heard] = present(part, usual);
      return Array.from(presence.filter((_, i) => heard[i]));
    });
    return { ...usual, median: values.length >= 100 ? median(values) : 0 };
  };

  /** [(n - window + 1,) presence in each window of frames, whether anything is heard there, in copy or original]. */
  const present = (part, usual) => {
    const size = ABSENT.window, n = Math.max(0, part.n - size + 1);
    const presence = new Float64Array(n), heard = new Uint8Array(n);
    const weights = usual.weight.reduce((a, b) => a + b, 0);
    const summed = ["shared", "expected", "found"].map((name) => {
      const total = new Float64Array((part.n + 1) * BANDS);
      for (let i = 0; i < part.n * BANDS; i++) total[i + BANDS] = total[i] + part[name][i];
      return total;
    });
    for (let i = 0; i < n; i++) {
      let all = 0, counted = 0, coherent = 0;
      for (let b = 0; b < BANDS; b++) {
        const [shared, expected, found] = summed.map((total) => total[(i + size) * BANDS + b] - total[i * BANDS + b]);
        const floor = usual.power[b] * 1e-3 * size, louder = Math.max(expected, found);
        const above = 10 * Math.log10(louder / (usual.power[b] * size) + 1e-9);
        const count = clip(above / ABSENT.depth_db + 1, 0, 1) * usual.weight[b];
        all += louder;
        counted += count;
        coherent += (shared / Math.sqrt((expected + floor) * (found + floor))) * count;
      }
      const loud = 10 * Math.log10(all / (size * usual.loud + 1e-12) + 1e-12);
      heard[i] = counted / (weights + 1e-12) >= ABSENT.heard && loud >= -ABSENT.audible_db ? 1 : 0;
      presence[i] = coherent / (counted + 1e-12);
    }
    return [presence, heard];
  };

  /** True when frames [first, last) of the original would be heard, and the copy has much less than that there. */
  const missed = (part, first, last, usual) => {
    const sum = (values) => values.subarray(first * BANDS, last * BANDS).reduce((x, y) => x + y, 0);
    const expected = sum(part.expected);
    const audible = expected >= (last - first) * usual.loud * 10 ** (-ABSENT.audible_db / 10);
    return audible && sum(part.found) < expected * 10 ** (-ABSENT.missed_db / 10);
  };

  wholetape.presence = { laid, missed, present, usualOf };
})((globalThis.wholetape ??= {}));
