// 8 kHz sound to words: 33 band energies every 10 ms, and the signs of how their differences change.
((wholetape) => {
  "use strict";
  const { PRINT } = wholetape.params;
  const { round, fft } = wholetape.numbers;

  const BANDS = PRINT.bands;
  const REACH = PRINT.slow_smooth + PRINT.slow_lag;
  const HALF = PRINT.window / 2;
  const CLASSES = [[0.25, 0.7, 1.5], [0.2, 0.6, 1.2]];

  const edge = (b) => PRINT.low * (PRINT.high / PRINT.low) ** (b / BANDS);

  /** Which bins each band takes how much of: flat lists, and where each band's part begins. */
  const bandMatrix = (scale = 1) => {
    const width = PRINT.rate / PRINT.window;
    const bins = [], shares = [], starts = [0];
    for (let b = 0; b < BANDS; b++) {
      for (let k = 0; k <= HALF; k++) {
        const share = Math.min((k + 0.5) * width, edge(b + 1) * scale) - Math.max((k - 0.5) * width, edge(b) * scale);
        if (share > 0) { bins.push(k); shares.push(share / width); }
      }
      starts.push(bins.length);
    }
    return { bins: Uint8Array.from(bins), shares: Float64Array.from(shares), starts: Uint16Array.from(starts) };
  };

  const OWN = bandMatrix();
  const WINDOW = Float64Array.from({ length: PRINT.window }, (_, j) => 0.5 - 0.5 * Math.cos((2 * Math.PI * j) / PRINT.window));
  const SMOOTH = Float64Array.from({ length: 2 * PRINT.slow_smooth + 1 }, (_, k) => Math.sin((Math.PI * (k + 1)) / (2 * PRINT.slow_smooth + 2)) ** 2);
  const SMOOTH_SUM = SMOOTH.reduce((a, b) => a + b, 0);
  const TONES = Array.from({ length: BANDS }, (_, c) =>
    Uint8Array.from([...Array(BANDS).keys()].filter((b) => b === c + 1 || Math.abs(edge(b + 0.5) - edge(c + 0.5)) <= PRINT.tone_width)),
  );

  const frameCount = (samples) => Math.ceil(samples / PRINT.hop);

  /** So many empty frames: words and reliability planes as pairs of 32-bit halves, fast half first. */
  const makeFrames = (n) => ({
    n,
    words: new Uint32Array(2 * n),
    low: new Uint32Array(2 * n),
    high: new Uint32Array(2 * n),
    level: new Uint8Array(n),
    tone: new Uint8Array(n),
    contrast: new Uint8Array(n),
  });

  const slice = (frames, start, end) => ({
    n: Math.max(0, end - start),
    words: frames.words.subarray(2 * start, 2 * end),
    low: frames.low.subarray(2 * start, 2 * end),
    high: frames.high.subarray(2 * start, 2 * end),
    level: frames.level.subarray(start, end),
    tone: frames.tone.subarray(start, end),
    contrast: frames.contrast.subarray(start, end),
  });

  const join = (parts) => {
    const out = makeFrames(parts.reduce((n, part) => n + part.n, 0));
    let at = 0;
    for (const part of parts) {
      for (const name of ["words", "low", "high"]) out[name].set(part[name], 2 * at);
      for (const name of ["level", "tone", "contrast"]) out[name].set(part[name], at);
      at += part.n;
    }
    return out;
  };

  const re = new Float64Array(PRINT.window), im = new Float64Array(PRINT.window);
  const powers = [new Float64Array(HALF + 1), new Float64Array(HALF + 1)];

  /** (n, 33) band energies of the windows of sound that begin at starts(i); two at once, as one complex transform. */
  const energies = (sound, count, starts, bands = OWN) => {
    const out = new Float64Array(count * BANDS);
    const { bins, shares, starts: begins } = bands;
    for (let i = 0; i < count; i += 2) {
      const a = starts(i), b = i + 1 < count ? starts(i + 1) : a;
      for (let j = 0; j < PRINT.window; j++) {
        re[j] = sound[a + j] * WINDOW[j];
        im[j] = sound[b + j] * WINDOW[j];
      }
      fft(re, im);
      const [one, two] = powers;
      for (let k = 0; k <= HALF; k++) {
        const m = (PRINT.window - k) % PRINT.window;
        const p = re[k] + re[m], q = im[k] - im[m], r = im[k] + im[m], s = re[m] - re[k];
        one[k] = (p * p + q * q) / 4;
        two[k] = (r * r + s * s) / 4;
      }
      for (let f = 0; f < 2 && i + f < count; f++) {
        const power = powers[f];
        for (let band = 0; band < BANDS; band++) {
          let total = 0;
          for (let x = begins[band]; x < begins[band + 1]; x++) total += power[bins[x]] * shares[x];
          out[(i + f) * BANDS + band] = total;
        }
      }
    }
    return out;
  };

  const levelCode = (energy) =>
    energy > 0 ? Math.max(0, Math.min(127, Math.floor(4 * Math.log2(energy)) + 79)) : 0;

  /** Frames of (n + 18, 33) band energies: the first and last nine rows are context and yield no frame. */
  const describe = (energy) => {
    const rows = energy.length / BANDS;
    const n = Math.max(0, rows - 2 * REACH);
    const out = makeFrames(n);
    if (!n) return out;
    const plain = new Float64Array(energy.length), slow = new Float64Array((rows - 2 * PRINT.slow_smooth) * BANDS);
    for (let i = 0; i < energy.length; i++) plain[i] = Math.log(energy[i] + PRINT.floor);
    for (let i = 0; i < slow.length; i++) {
      let total = 0;
      for (let k = 0; k < SMOOTH.length; k++) total += SMOOTH[k] * energy[i + k * BANDS];
      slow[i] = Math.log(total / SMOOTH_SUM + PRINT.floor);
    }
    for (let i = 0; i < n; i++) {
      signs(plain, REACH + i, PRINT.fast_lag, 0, i, out);
      signs(slow, REACH - PRINT.slow_smooth + i, PRINT.slow_lag, 1, i, out);
      out.contrast[i] = contrastOf(slow, (REACH - PRINT.slow_smooth + i) * BANDS);
      const at = (REACH + i) * BANDS;
      let total = 0;
      for (let b = 0; b < BANDS; b++) total += energy[at + b];
      out.level[i] = levelCode(total);
      out.tone[i] = total > 64 * PRINT.floor && isTone(energy, at, total) ? 1 : 0;
    }
    return out;
  };

  const signs = (logs, row, lag, half, i, out) => {
    const after = (row + lag) * BANDS, before = (row - lag) * BANDS;
    const [first, second, third] = CLASSES[half];
    let word = 0, low = 0, high = 0;
    let last = logs[after] - logs[before];
    for (let b = 0; b < BANDS - 1; b++) {
      const next = logs[after + b + 1] - logs[before + b + 1];
      const margin = next - last, size = Math.abs(margin);
      last = next;
      if (margin > PRINT.least_change) word |= 1 << b;
      if ((size > first && !(size > second)) || size > third) low |= 1 << b;
      if (size > second) high |= 1 << b;
    }
    out.words[2 * i + half] = word;
    out.low[2 * i + half] = low;
    out.high[2 * i + half] = high;
  };

  const contrastOf = (logs, at) => {
    let total = 0, squares = 0;
    for (let b = 0; b < BANDS; b++) total += logs[at + b];
    const middle = total / BANDS;
    for (let b = 0; b < BANDS; b++) squares += (logs[at + b] - middle) ** 2;
    return Math.min(255, Math.floor(32 * Math.sqrt(squares / BANDS)));
  };

  const isTone = (energy, at, total) => {
    for (const group of TONES) {
      let near = 0;
      for (let x = 0; x < group.length; x++) near += energy[at + group[x]];
      if (near >= PRINT.tone_share * total) return true;
    }
    return false;
  };

  const joined = (one, other) => {
    const out = new one.constructor(one.length + other.length);
    out.set(one);
    out.set(other, one.length);
    return out;
  };

  const repeated = (row, times) => {
    const out = new Float64Array(row.length * times);
    for (let k = 0; k < times; k++) out.set(row, k * row.length);
    return out;
  };

  /** Streams 8 kHz sound into frames; they do not depend on the pieces fed. */
  class FrameStream {
    constructor() {
      this.sound = new Float32Array(HALF);
      this.energy = null;
      this.samples = 0;
      this.framed = 0;
    }

    copy() {
      return Object.assign(new FrameStream(), this);
    }

    feed(samples) {
      this.samples += samples.length;
      this.sound = joined(this.sound, samples);
      return this.describe(this.frame(Math.max(0, Math.floor((this.sound.length - PRINT.window) / PRINT.hop) + 1)), false);
    }

    finish() {
      const missing = frameCount(this.samples) - this.framed;
      this.sound = joined(this.sound, new Float32Array(PRINT.window));
      return this.describe(this.frame(Math.max(0, missing)), true);
    }

    frame(count) {
      const rows = energies(this.sound, count, (i) => i * PRINT.hop);
      this.sound = this.sound.slice(count * PRINT.hop);
      this.framed += count;
      return rows;
    }

    describe(rows, last) {
      if (this.energy === null && rows.length) this.energy = repeated(rows.subarray(0, BANDS), REACH);
      if (this.energy !== null) rows = joined(this.energy, rows);
      if (last && rows.length) rows = joined(rows, repeated(rows.subarray(rows.length - BANDS), REACH));
      if (rows.length <= 2 * REACH * BANDS) {
        this.energy = rows.length ? rows : null;
        return makeFrames(0);
      }
      this.energy = rows.slice(rows.length - 2 * REACH * BANDS);
      return describe(rows);
    }
  }

  /** All frames of sound (m,) at 8 kHz. */
  const framesOf = (sound) => {
    const stream = new FrameStream();
    return join([stream.feed(sound), stream.finish()]);
  };

  /** Frames of sound as if played 1 / speed as fast: frame i centred on sample offset + 80 i / speed. */
  const framesAt = (sound, speed, resampled, offset = 0) => {
    const count = Math.ceil(((sound.length - offset) * speed) / PRINT.hop);
    if (count <= 0) return makeFrames(0);
    const padded = new Float32Array(HALF + sound.length + 2 * PRINT.window);
    padded.set(sound, HALF);
    const rows = energies(padded, count, (i) => round(offset + i * (PRINT.hop / speed)), resampled ? bandMatrix(speed) : OWN);
    return describe(joined(joined(repeated(rows.subarray(0, BANDS), REACH), rows), repeated(rows.subarray(rows.length - BANDS), REACH)));
  };

  wholetape.bands = { FrameStream, frameCount, framesOf, framesAt, makeFrames, slice, join };
})((globalThis.wholetape ??= {}));
