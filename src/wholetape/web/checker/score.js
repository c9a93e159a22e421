// How well a stretch of the release fits a place of the reference: log-likelihood ratios, frame by frame.
((wholetape) => {
  "use strict";
  const { ALIGN, PRINT } = wholetape.params;
  const { ones, clip, percentile } = wholetape.numbers;

  const LEVELS = 9, QUIET = 3, STEPS_PER_CLASS = 8, NOWHERE = -4;
  const STEPS_OFF = 4, BINS_OFF = 33;
  const CONTEXTS = LEVELS * LEVELS;
  const LEAST = Float32Array.from({ length: CONTEXTS }, (_, c) => (Math.floor(c / LEVELS) < QUIET && c % LEVELS < QUIET ? -0.02 : -1e3));
  const PRIOR = [0.42, 0.25, 0.1, 0.04, 0.42, 0.25, 0.1, 0.04];

  /** The level code that one frame in twenty exceeds: how loud the loud part is. */
  const loudLevel = (level) => {
    if (!level.length) return 0;
    const counts = new Uint32Array(256);
    for (let i = 0; i < level.length; i++) counts[level[i]]++;
    let total = 0, code = 0;
    for (; code < 256; code++) {
      total += counts[code];
      if (total >= 0.95 * level.length) break;
    }
    return code;
  };

  /** (n,) classes 0–8: 48 dB or more below the loud part, then steps of 6 dB. */
  const loudnessClass = (level) => {
    const base = STEPS_PER_CLASS * LEVELS - loudLevel(level);
    return Uint8Array.from(level, (code) => clip(Math.floor((code + base) / STEPS_PER_CLASS), 0, LEVELS - 1));
  };

  /** All references one after another on one axis of frames, with unusable frames between them. */
  class Axis {
    constructor(tracks, original = null) {
      const gap = ALIGN.gap_frames;
      const n = tracks.reduce((total, track) => total + track.n + gap, 0);
      this.n = n;
      this.words = new Uint32Array(2 * n);
      this.level = new Uint8Array(n);
      this.tone = new Uint8Array(n);
      this.usable = new Uint8Array(n);
      this.loudness = new Uint8Array(n);
      this.starts = [];
      this.lengths = tracks.map((track) => track.n);
      this.original = original;
      let at = 0;
      for (const track of tracks) {
        this.starts.push(at);
        this.words.set(track.words, 2 * at);
        const end = at + track.n;
        for (let i = 0; i < track.n; i++) {
          const byte = track.levels[Math.floor(i / PRINT.level_frames)];
          this.level[at + i] = byte & 127;
          this.tone[at + i] = byte >> 7;
        }
        this.usable.fill(1, at, end);
        this.loudness.set(loudnessClass(this.level.subarray(at, end)), at);
        at = end + gap;
      }
    }

    sourceOf(frame) {
      let source = 0;
      while (source + 1 < this.starts.length && this.starts[source + 1] <= frame) source++;
      return source;
    }

    /** The levels of the usable frames. */
    usableLevels() {
      return this.level.filter((_, i) => this.usable[i]);
    }
  }

  /** (n,) loudest of each frame and two on either side. */
  const widest = (level) => {
    const n = level.length, out = new Uint8Array(n);
    for (let i = 0; i < n; i++) {
      let most = 0;
      for (let k = Math.max(0, i - 2); k <= Math.min(n - 1, i + 2); k++) if (level[k] > most) most = level[k];
      out[i] = most;
    }
    return out;
  };

  /** (9, 33) scores from counted level differences; few are taken to be spread by 3 dB either way. */
  const levelScores = (counted) => {
    const usual = Float64Array.from({ length: BINS_OFF }, (_, k) => Math.exp(-Math.abs(k - (BINS_OFF >> 1)) / 1.5));
    const all = usual.reduce((a, b) => a + b, 0);
    const out = new Float32Array(LEVELS * BINS_OFF);
    for (let l = 0; l < LEVELS; l++) {
      const row = counted.subarray(l * BINS_OFF, (l + 1) * BINS_OFF);
      const total = row.reduce((a, b) => a + b, 0);
      for (let k = 0; k < BINS_OFF; k++) {
        const near = row[k] + (row[k + 1] ?? 0) / 2 + (row[k - 1] ?? 0) / 2;
        const share = (near / 2 + 200 * ((0.97 * usual[k]) / all + 0.03 / BINS_OFF)) / (total + 200);
        out[l * BINS_OFF + k] = clip(Math.log(share * ALIGN.level_spread) / ALIGN.level_repeats, ALIGN.level_least, ALIGN.level_most);
      }
    }
    return out;
  };

  /** Rates (9, 9, 8) from counts; what was seldom seen leans on all of the same loudness, then on everything. */
  const modelOf = (wrong, seen, levels) => {
    const at = (release, reference, j) => (release * LEVELS + reference) * 8 + j;
    const rate = new Float64Array(CONTEXTS * 8);
    const known = new Uint8Array(CONTEXTS);
    for (let j = 0; j < 8; j++) {
      let allWrong = 0, allSeen = 0;
      for (let c = 0; c < CONTEXTS; c++) { allWrong += wrong[c * 8 + j]; allSeen += seen[c * 8 + j]; }
      const overall = (allWrong + 400 * PRIOR[j]) / (allSeen + 400);
      for (let a = 0; a < LEVELS; a++) {
        let rowWrong = 0, rowSeen = 0;
        for (let b = 0; b < LEVELS; b++) { rowWrong += wrong[at(a, b, j)]; rowSeen += seen[at(a, b, j)]; }
        const expected = a < QUIET ? 0.48 : overall;
        const byRelease = (rowWrong + 2000 * expected) / (rowSeen + 2000);
        const floor = (a < QUIET ? ALIGN.least_rates_quiet : ALIGN.least_rates)[j % 4];
        for (let b = 0; b < LEVELS; b++) {
          const found = (wrong[at(a, b, j)] + 2000 * byRelease) / (seen[at(a, b, j)] + 2000);
          rate[at(a, b, j)] = clip(found, floor, 0.49);
        }
      }
    }
    for (let c = 0; c < CONTEXTS; c++) {
      let total = 0;
      for (let j = 0; j < 8; j++) total += seen[c * 8 + j];
      known[c] = total >= 64 * ALIGN.known_frames ? 1 : 0;
    }
    return { rate, known, off: levelScores(levels) };
  };

  /** Lays frames of the release beside an axis; diagonal d puts frame i beside axis frame i + d. */
  class Scorer {
    /** late: (n,) samples by which each frame lies later than 10 ms times its index. */
    constructor(frames, axis, late = new Int8Array(frames.n)) {
      this.frames = frames;
      this.late = late;
      this.axis = axis;
      const n = (this.n = frames.n);
      this.masks = [0, 1, 2, 3].map(() => new Uint32Array(2 * n));
      this.counts = new Uint8Array(8 * n);
      for (let i = 0; i < 2 * n; i++) {
        const low = frames.low[i], high = frames.high[i];
        this.masks[0][i] = ~(low | high);
        this.masks[1][i] = low & ~high;
        this.masks[2][i] = high & ~low;
        this.masks[3][i] = low & high;
        for (let c = 0; c < 4; c++) this.counts[(i >> 1) * 8 + (i & 1) * 4 + c] = ones(this.masks[c][i]);
      }
      this.level = widest(frames.level);
      this.loudness = loudnessClass(this.level);
      this.gain = loudLevel(axis.usableLevels()) - loudLevel(frames.level);
      const heard = frames.level.filter((level) => level > 0);
      this.noise = heard.length ? Math.trunc(percentile(heard, 5)) : 0;
      this.model = null;
      this.agree = new Float32Array(CONTEXTS * 8);
      this.differ = new Float32Array(CONTEXTS * 8);
      this.least = LEAST;
      this.offs = new Float32Array(LEVELS * BINS_OFF);
    }

    /** Score with model from now on. */
    adopt(model) {
      this.model = model;
      for (let i = 0; i < model.rate.length; i++) {
        const agree = Math.log(2 * (1 - model.rate[i])) / ALIGN.correlation;
        this.agree[i] = agree;
        this.differ[i] = Math.log(2 * model.rate[i]) / ALIGN.correlation - agree;
      }
      this.offs = model.off;
      this.least = Float32Array.from(LEAST, (least, c) => (model.known[c] ? -1e3 : least));
    }

    /** The bin of how much louder the reference is at axis frame j than the release at i, gain taken out. */
    off(i, j) {
      const steps = this.axis.level[j] - this.level[i] - this.gain;
      return clip(Math.floor((steps + STEPS_OFF / 2) / STEPS_OFF) + (BINS_OFF >> 1), 0, BINS_OFF - 1);
    }

    /** (n, 8) differing signs of frames [start, end) by (half, reliability); all of them must be on the axis. */
    differing(start, end, diagonal) {
      const out = new Uint8Array(8 * Math.max(0, end - start));
      const { words } = this.frames;
      for (let i = start; i < end; i++) {
        for (let half = 0; half < 2; half++) {
          const mixed = words[2 * i + half] ^ this.axis.words[2 * (i + diagonal) + half];
          for (let c = 0; c < 4; c++) out[(i - start) * 8 + half * 4 + c] = ones(mixed & this.masks[c][2 * i + half]);
        }
      }
      return out;
    }

    /** (n,) log-likelihood ratio, in nats, of "from this place" against "from elsewhere" for frames [start, end). */
    llr(start, end, diagonal, step = 1) {
      const out = new Float32Array(Math.max(0, Math.ceil((end - start) / step))).fill(NOWHERE);
      const first = start + Math.max(0, Math.ceil((-diagonal - start) / step)) * step;
      const last = Math.min(end, this.axis.n - diagonal, this.n);
      const { axis, counts, agree, differ, loudness, least, offs } = this;
      const { words } = this.frames, there = axis.words;
      const [m0, m1, m2, m3] = this.masks;
      for (let i = first; i < last; i += step) {
        const j = i + diagonal;
        if (!axis.usable[j]) continue;
        const context = loudness[i] * LEVELS + axis.loudness[j];
        const w = context * 8, k = i * 8;
        let score = 0;
        for (let half = 0, x = 2 * i, y = 2 * j, v = w, u = k; half < 2; half++, x++, y++, v += 4, u += 4) {
          const mixed = words[x] ^ there[y];
          score += counts[u] * agree[v] + ones(mixed & m0[x]) * differ[v];
          score += counts[u + 1] * agree[v + 1] + ones(mixed & m1[x]) * differ[v + 1];
          score += counts[u + 2] * agree[v + 2] + ones(mixed & m2[x]) * differ[v + 2];
          score += counts[u + 3] * agree[v + 3] + ones(mixed & m3[x]) * differ[v + 3];
        }
        if (score < least[context]) score = least[context];
        out[(i - start) / step] = score + offs[axis.loudness[j] * BINS_OFF + this.off(i, j)];
      }
      return out;
    }

    /** The sum of llr over frames [start, end). */
    total(start, end, diagonal, step = 1) {
      const scores = this.llr(start, end, diagonal, step);
      let total = 0;
      for (let i = 0; i < scores.length; i++) total += scores[i];
      return total;
    }

    /** (n,) nats that the signs of frames [start, end), those on the axis, should lose if the sound is foreign. */
    ifForeign(start, end, diagonal) {
      const first = Math.max(start, -diagonal, 0), last = Math.min(end, this.axis.n - diagonal, this.n);
      const out = new Float32Array(Math.max(0, last - first));
      for (let i = first; i < last; i++) {
        const w = (this.loudness[i] * LEVELS + this.axis.loudness[i + diagonal]) * 8;
        let total = 0;
        for (let j = 0; j < 8; j++) total += this.counts[i * 8 + j] * (this.agree[w + j] + this.differ[w + j] / 2);
        out[i - first] = -total;
      }
      return out;
    }

    /** Error rates counted on stretches [start, end, diagonal] that are known to fit. */
    estimate(stretches) {
      const wrong = new Float64Array(CONTEXTS * 8), seen = new Float64Array(CONTEXTS * 8);
      const levels = new Float64Array(LEVELS * BINS_OFF);
      for (const [from, to, diagonal] of stretches) {
        const start = Math.max(from, -diagonal), end = Math.min(to, this.axis.n - diagonal);
        if (end <= start) continue;
        const differ = this.differing(start, end, diagonal);
        for (let i = start; i < end; i++) {
          const loud = this.axis.loudness[i + diagonal];
          const context = this.loudness[i] * LEVELS + loud;
          levels[loud * BINS_OFF + this.off(i, i + diagonal)]++;
          for (let j = 0; j < 8; j++) {
            wrong[context * 8 + j] += differ[(i - start) * 8 + j];
            seen[context * 8 + j] += this.counts[i * 8 + j];
          }
        }
      }
      return modelOf(wrong, seen, levels);
    }
  }

  wholetape.score = { Axis, Scorer, LEVELS, QUIET, loudLevel };
})((globalThis.wholetape ??= {}));
