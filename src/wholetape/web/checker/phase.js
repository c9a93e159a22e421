// Frames between frames: a stretch of the release that lies beside the reference's grid is framed where it lies.
((wholetape) => {
  "use strict";
  const { PHASE, PRINT } = wholetape.params;
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

  /** How late each frame should be taken for the runs to lie on whole diagonals, and the runs with these diagonals. */
  const lateness = (scorer, runs) => {
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
    return [late, out];
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
      const first = a * PRINT.hop + samples < 0 ? a + 1 : a;
      const lead = Math.min(PHASE.context, samples < 0 ? first - 1 : first);
      if (!samples || lead < 0 || first >= b) {
        parts.push(slice(frames, a, b));
        continue;
      }
      const start = (first - lead) * PRINT.hop + samples;
      let taken = warped(sound, start, (b + PHASE.context) * PRINT.hop + samples, { ratio: 1, resampled: false });
      taken = slice(taken, lead, Math.min(taken.n, lead + b - first));
      parts.push(slice(frames, a, first), taken, slice(frames, first + taken.n, b));
    }
    return parts.length > 1 ? join(parts) : frames;
  };

  wholetape.phase = { leanBetween, lateness, reframed };
})((globalThis.wholetape ??= {}));
