// Frames between frames: a stretch of the release that lies beside the reference's grid is framed where it lies.
((wholetape) => {
  "use strict";
  const { EDITS, PHASE, PRINT } = wholetape.params;
  const { clip, mean, round } = wholetape.numbers;
  const { join, slice } = wholetape.bands;
  const { warped } = wholetape.speed;

  /** Frames by which [start, end) lies beside the diagonal, from how its neighbours score; 0 if one is better. */
  const leanBetween = (scorer, start, end, diagonal) => {
    const [here, before, behind] = [0, -1, 1].map((k) => mean(scorer.llr(start, end, diagonal + k, 2)));
    const depth = here - Math.min(before, behind);
    if (depth <= 0 || Math.abs(behind - before) > PHASE.beside * depth) return 0;
    return clip((0.5 * (behind - before)) / depth, -0.5, 0.5);
  };

  /**
   * How late each frame should be taken for the runs to lie on whole diagonals, and the runs with these diagonals.
   *
   * Runs that follow each other on one diagonal lie beside it alike, unless the signs themselves agree better otherwise:
   * the neighbours of a steady tune's place say little of where between them it lies. Runs that are `steady` ([start,
   * end]) are placed to a quarter of a millisecond: a tune's signs turn with its beats.
   */
  const lateness = (scorer, runs, sound, steady = []) => {
    const late = new Int8Array(scorer.n), out = [];
    let free = 0; // the first frame behind the last stretch that is held
    for (const [a, b, diagonal] of withLonger(runs)) {
      if (diagonal === null) {
        out.push([a, b, null]);
        continue;
      }
      const last = out.at(-1)?.[2] ?? null, joined = last !== null && Math.abs(last - diagonal) <= 1;
      let samples = joined ? late[a - 1] : 0, moved = joined ? last : diagonal;
      if (b - a >= PHASE.least_frames) {
        const middle = Math.floor((a + b) / 2), reach = Math.floor(Math.min(b - a, PHASE.most_frames) / 2);
        const place = diagonal + leanBetween(scorer, middle - reach, middle + reach, diagonal);
        moved = joined && Math.abs(place - last) <= PHASE.keep ? last : round(place);
        samples = round((moved - place) * PRINT.hop);
        if (Math.abs(samples) < PHASE.least_samples) samples = 0;
      }
      if (joined && Math.abs(samples - late[a - 1]) <= PHASE.same_samples) samples = late[a - 1];
      late.fill(samples, free < a ? Math.floor((free + a) / 2) : a);
      free = b;
      out.push([a, b, moved]);
    }
    for (const [first, last] of stays(out)) layAlike(scorer, sound, late, out, first, last);
    for (const [a, b, diagonal] of out) {
      if (diagonal === null || !steady.some(([start, end]) => start === a && end === b)) continue;
      late.fill(finely(scorer, sound, a, b, diagonal, late[a]), a, b);
    }
    return [late, out];
  };

  /** Index ranges of runs that stay on one diagonal, but for short visits beside it. */
  const stays = (runs) => {
    const found = [];
    let first = 0, home = null;
    runs.forEach(([a, b, diagonal], k) => {
      const long = diagonal !== null && b - a >= PHASE.least_frames;
      if (home === null || diagonal === null || Math.abs(diagonal - home) > (long ? 1 : EDITS.drift_step)) {
        found.push([first, k]);
        [first, home] = [k, null];
      }
      if (long) home = diagonal;
    });
    return [...found, [first, runs.length]].filter(([i, k]) => k - i > 1);
  };

  /** Lay all of the runs [first, last) at the one place, of theirs, where most signs agree, if more do than now. */
  const layAlike = (scorer, sound, late, runs, first, last) => {
    const held = runs.slice(first, last).map(([a, b, d]) => ({ a, b, d, samples: late[a] }));
    const long = held.filter(({ a, b }) => b - a >= PHASE.least_frames).sort((x, y) => x.a - x.b - (y.a - y.b));
    const places = new Map(long.slice(0, PHASE.places).map((place) => [`${place.d} ${place.samples}`, place]));
    if (places.size < 2 || ![...places.values()].some(({ samples }) => samples)) return;
    const frames = held.reduce((total, { a, b }) => total + b - a, 0), share = Math.min(1, PHASE.most_frames / frames);
    const agree = (laid) => held.reduce((total, { a, b }, k) => {
      const n = Math.trunc(share * (b - a)), start = Math.floor((a + b - n) / 2), end = Math.floor((a + b + n) / 2);
      return total + agreement(scorer, sound, start, end, laid(k).d, laid(k).samples);
    }, 0);
    const ordered = [...places.values()].sort((x, y) => x.d - y.d || x.samples - y.samples);
    let best = null, most = -1;
    for (const place of ordered) {
      const now = agree(() => place);
      if (now > most) [best, most] = [place, now];
    }
    if (most <= agree((k) => held[k])) return;
    late.fill(finely(scorer, sound, long[0].a, long[0].b, best.d, best.samples), held[0].a, held.at(-1).b);
    held.forEach(({ a, b }, k) => { runs[first + k] = [a, b, best.d]; });
  };

  /** Samples near those given by which [a, b) is to be taken later for most signs to agree. */
  const finely = (scorer, sound, a, b, diagonal, samples) => {
    const reach = Math.floor(Math.min(b - a, PHASE.most_frames) / 2), middle = Math.floor((a + b) / 2);
    for (const step of PHASE.steps) {
      let most = -1, best = samples;
      for (const k of [0, -2, -1, 1, 2]) {
        const now = agreement(scorer, sound, middle - reach, middle + reach, diagonal, samples + k * step);
        if (now > most) [most, best] = [now, samples + k * step];
      }
      samples = best;
    }
    return samples;
  };

  /** Signs of [start, end) that agree with the reference on the diagonal once the frames are taken so much later. */
  const agreement = (scorer, sound, start, end, diagonal, samples) => {
    start = Math.max(start, -diagonal);
    end = Math.min(end, scorer.axis.n - diagonal);
    if (end <= start) return 0;
    const { words } = join(taken(scorer.frames, sound, samples, start, end)), there = scorer.axis.words;
    let same = 0;
    for (let i = 0; i < words.length; i++) same += bits(~(words[i] ^ there[2 * (start + diagonal) + i]));
    return same;
  };

  /** Bits that are set in 32. */
  const bits = (word) => {
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    return Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  };

  /** The runs, each short one that leads into a longer one on the next diagonal as its beginning. */
  const withLonger = (runs) => {
    const out = [];
    for (const [a, b, diagonal] of runs.slice().reverse()) {
      const next = out.at(-1);
      if (next && diagonal !== null && b - a < PHASE.least_frames && next[0] === b && next[2] !== null
          && Math.abs(next[2] - diagonal) <= 1 && next[1] - b >= PHASE.least_frames) out[out.length - 1] = [a, next[1], next[2]];
      else out.push([a, b, diagonal]);
    }
    return out.reverse();
  };

  /** The frames, those that should be taken later (or earlier) taken there. */
  const reframed = (frames, sound, late) => {
    const parts = [];
    for (let a = 0, b = 1; a < late.length; a = b++) {
      const samples = late[a];
      while (b < late.length && late[b] === samples) b++;
      parts.push(...taken(frames, sound, samples, a, b));
    }
    return parts.length > 1 ? join(parts) : frames;
  };

  /** The frames [a, b), taken so many samples later, in parts. */
  const taken = (frames, sound, samples, a, b) => {
    const first = a * PRINT.hop + samples < 0 ? a + 1 : a;
    const lead = Math.min(PHASE.context, samples < 0 ? first - 1 : first);
    if (!samples || lead < 0 || first >= b) return [slice(frames, a, b)];
    const start = (first - lead) * PRINT.hop + samples;
    const later = warped(sound, start, (b + PHASE.context) * PRINT.hop + samples, { ratio: 1, resampled: false });
    const inside = slice(later, lead, Math.min(later.n, lead + b - first));
    return [slice(frames, a, first), inside, slice(frames, first + inside.n, b)];
  };

  wholetape.phase = { leanBetween, lateness, reframed };
})((globalThis.wholetape ??= {}));
