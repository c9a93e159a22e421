// What lies between two stretches that the release holds: place its edges, and tell what it is.
((wholetape) => {
  "use strict";
  const { EDITS } = wholetape.params;
  const { argmax, median, percentile, round } = wholetape.numbers;
  const { slice } = wholetape.bands;
  const { Bench, TIGHT, fitBetween, fitCut, fitInserted, fitReplaced } = wholetape.refine;
  const { QUIET } = wholetape.score;
  const { search } = wholetape.search;

  const Content = { NONE: "none", OTHER: "other", SILENT: "silent", TONE: "tone", MASKED: "masked" };

  /** Edges {left, right, evidence} of the break between `before` (held up to frame left) and `after`. */
  const breakEdges = (scorer, before, after, left, right, room) => {
    let near = Math.max(room[0], left - EDITS.reach), far = Math.min(room[1], right + EDITS.reach);
    if (before === after) {
      if (right - left > EDITS.long_gap) return long(scorer, before, after, left, right, near, far);
      const [fit, plain] = fitReplaced(scorer, before, Math.max(room[0], left - 4), Math.min(room[1], right + 4));
      const [a, b] = inner(fit.left, fit.right);
      const against = a < scorer.n ? -scorer.total(a, Math.min(b, scorer.n), before) : 0;
      return { left: fit.left, right: fit.right, evidence: Math.max(fit.score - plain, against) };
    }
    if (right - left > EDITS.long_gap) return long(scorer, before, after, left, right, near, far);
    if (after < before && before - after < EDITS.long_gap) {
      near = Math.max(room[0], near - (before - after) - 2 * EDITS.reach);
      far = Math.min(room[1], far + 2 * EDITS.reach);
    }
    const free = fitBetween(scorer, before, after, near, far);
    const options = [fitCut(scorer, before, after, near, far)];
    if (after < before && before - after <= far - near) options.unshift(fitInserted(scorer, before, after, near, far));
    const chosen = options.find((option) => option.score >= free.score - EDITS.simpler) ?? free;
    return { left: chosen.left, right: chosen.right, evidence: againstStaying(scorer, before, after, chosen, room) };
  };

  const milliseconds = (first, last) => Array.from({ length: Math.max(0, (last - first) * 10 + 1) }, (_, i) => first * 10 + i);

  const long = (scorer, before, after, left, right, near, far) => {
    let middle = Math.min(left + EDITS.reach * 4, right);
    const first = milliseconds(near, middle);
    const begin = first[argmax(new Bench(scorer, near - 14, middle + 14, before).until(first).map((value, i) => value + TIGHT * first[i]))];
    middle = Math.max(right - EDITS.reach * 4, left);
    const second = milliseconds(middle, far);
    const last = second[argmax(new Bench(scorer, middle - 14, far + 14, after).after(second).map((value, i) => value - TIGHT * second[i]))];
    const end = Math.max(begin, last);
    if (before !== after) return { left: begin, right: end, evidence: 1e3 };
    const [a, b] = inner(begin, end);
    return { left: begin, right: end, evidence: -scorer.total(a, Math.min(b, scorer.n), before) };
  };

  /** Nats by which both sides fit their own diagonal better than the other's, the weaker side counting. */
  const againstStaying = (scorer, before, after, fit, room) => {
    const a = round(fit.left / 10), b = round(fit.right / 10);
    const first = Math.max(room[0], a - EDITS.witness), last = Math.min(scorer.n, room[1], b + EDITS.witness);
    const head = a > first ? scorer.total(first, a, before) - scorer.total(first, a, after) : 0;
    const tail = last > b ? scorer.total(b, last, after) - scorer.total(b, last, before) : 0;
    const foreign = b - a > 6 ? Math.max(0, -scorer.total(a, b, before)) : 0;
    return Math.min(Math.max(head, 0), Math.max(tail, 0)) + foreign;
  };

  /** What the release has between the edges; missing: the reference at diagonals[0] stands behind it. */
  const content = (scorer, left, right, diagonals, missing) => {
    let [a, b] = inner(left, right);
    b = Math.min(b, scorer.n);
    a = Math.min(a, b - 1);
    const frames = slice(scorer.frames, a, b);
    const [low, quarter, high] = [10, 25, 90].map((q) => percentile(frames.level, q));
    if (frames.tone.reduce((x, y) => x + y, 0) / frames.n >= EDITS.tone_share && high - quarter <= EDITS.tone_level) return Content.TONE;
    if (missing) {
      const depth = drop(scorer, a, b, diagonals[0]);
      const hush = high <= scorer.noise + EDITS.above_noise || high - low <= EDITS.steady_level;
      if (depth >= EDITS.mute_drop && (hush || depth >= 2 * EDITS.mute_drop)) return Content.SILENT;
      if (silenced(scorer, a, b, diagonals[0])) return Content.SILENT;
    }
    return Content.OTHER;
  };

  /** Frames whose windows lie inside the edges, at least one. */
  const inner = (left, right) => {
    let a = Math.ceil(left / 10 + 2), b = Math.trunc(right / 10 - 2) + 1;
    if (b <= a) {
      a = round((left + right) / 20);
      b = a + 1;
    }
    return [Math.max(0, a), Math.max(1, b)];
  };

  const count = (first, last, test) => {
    let found = 0;
    for (let i = first; i < last; i++) if (test(i)) found++;
    return found;
  };

  /** Level steps by which the release's frames [a, b) lie below the reference's there, gain taken out. */
  const drop = (scorer, a, b, diagonal) => {
    const { axis } = scorer;
    const first = Math.max(a, -diagonal), last = Math.min(b, axis.n - diagonal);
    if (first >= last) return 0;
    const heard = spoken(scorer, first + diagonal, last + diagonal);
    if (shareOf(heard) < EDITS.spoken_share / 2) return 0;
    const there = axis.level.subarray(first + diagonal, last + diagonal).filter((_, i) => heard[i]);
    return median(there) - percentile(scorer.frames.level.subarray(first, last), 90) - scorer.gain;
  };

  /** True when frames [a, b) are digital silence where the reference has sound, in a release that keeps its quiet. */
  const silenced = (scorer, a, b, diagonal) => {
    const { axis } = scorer;
    const first = Math.max(a, -diagonal), last = Math.min(b, axis.n - diagonal, scorer.n);
    if (last <= first) return false;
    const high = percentile(scorer.frames.level.subarray(first, last), 90);
    const deep = median(axis.level.subarray(first + diagonal, last + diagonal)) - high - scorer.gain >= 2 * EDITS.mute_drop;
    return deep && high <= EDITS.digital_silence && !gated(scorer);
  };

  /** True when the release is digitally silent in that share of what is quiet in the references: a gate, or DTX. */
  const gated = (scorer, share = EDITS.gated_share) => {
    const { axis } = scorer;
    const usable = count(0, axis.n, (i) => axis.usable[i]);
    const quiet = count(0, axis.n, (i) => axis.usable[i] && axis.loudness[i] <= QUIET) / usable;
    const there = count(0, axis.n, (i) => axis.usable[i] && axis.level[i] <= EDITS.digital_silence) / usable;
    const here = count(0, scorer.n, (i) => scorer.frames.level[i] <= EDITS.digital_silence) / scorer.n;
    return here - there > share * quiet;
  };

  /** True when the release is quiet there where the reference is: a pause for a pause is nothing to tell. */
  const pause = (scorer, left, right, diagonal) => {
    const { axis } = scorer;
    const [a, b] = inner(left, right);
    const first = Math.max(a, -diagonal), last = Math.min(b, axis.n - diagonal, scorer.n);
    if (last <= first || silenced(scorer, first, last, diagonal)) return false;
    if (shareOf(spoken(scorer, first + diagonal, last + diagonal)) >= EDITS.spoken_share) return false;
    const both = count(first, last, (i) => scorer.loudness[i] <= QUIET && axis.loudness[i + diagonal] <= QUIET);
    return both / (last - first) >= EDITS.pause_share;
  };

  /** (n,) frames of the axis that are more than a pause for what is heard around them: some talkers are faint. */
  const spoken = (scorer, start, end) => {
    const { level } = scorer.axis;
    const around = level.subarray(Math.max(0, start - EDITS.around), end + EDITS.around);
    const limit = Math.max(percentile(around, 95) - EDITS.below_loud, percentile(around, 10) + EDITS.above_noise);
    return level.subarray(start, end).map((code) => (code > limit ? 1 : 0));
  };

  const shareOf = (flags) => flags.reduce((total, flag) => total + flag, 0) / flags.length;

  /** True when the sound there gives no evidence of other content: steady noise, or the reference still under it. */
  const masked = (scorer, left, right, diagonal) => {
    let [a, b] = inner(left, right);
    b = Math.min(b, scorer.n);
    const frames = slice(scorer.frames, a, b);
    if (!frames.n) return false;
    if (steady(scorer, a, b) || noiseOver(scorer, a, b, diagonal)) return true;
    const active = count(0, frames.n, (i) => frames.level[i] > scorer.noise + EDITS.above_noise);
    if (scorer.noise > 0 && active < Math.max(4, 0.25 * frames.n)) return true;
    const first = Math.max(a, -diagonal), last = Math.min(b, scorer.axis.n - diagonal);
    if (last - first < 8) return false;
    const wrong = scorer.differing(first, last, diagonal);
    let differ = 0, seen = 0;
    for (let i = 0; i < last - first; i++) {
      for (const j of [2, 3, 6, 7]) {
        differ += wrong[i * 8 + j];
        seen += scorer.counts[(first + i) * 8 + j];
      }
    }
    return seen > 0 && (0.5 - differ / seen) * 2 * Math.sqrt(seen / 8) > 4 && differ / seen < 0.44;
  };

  /** True when the release's frames [a, b) are one noise: no evidence of other content. */
  const steady = (scorer, a, b) => {
    const { level, contrast } = slice(scorer.frames, a, b);
    return percentile(level, 90) - percentile(level, 10) <= EDITS.steady_level && median(contrast) <= EDITS.flat_contrast;
  };

  /** True when frames [a, b) are noise at least as loud as the reference there, which may still be under it. */
  const noiseOver = (scorer, a, b, diagonal) => {
    const first = Math.max(a, -diagonal), last = Math.min(b, scorer.axis.n - diagonal);
    if (first >= last) return false;
    const { level, contrast, tone } = slice(scorer.frames, first, last);
    if (median(contrast) > EDITS.flat_contrast || shareOf(tone) >= EDITS.tone_share / 2) return false;
    const there = median(scorer.axis.level.subarray(first + diagonal, last + diagonal));
    return median(level) >= there - scorer.gain - EDITS.steady_level;
  };

  /** The diagonal at which the stretch is found elsewhere in the references, or null. */
  const elsewhere = (scorer, left, right, avoid) => {
    let [a, b] = inner(left, right);
    b = Math.min(b, scorer.n);
    if (b - a < 12) return null;
    for (const frames of [40, 160]) {
      for (const place of search(scorer, a, b, -a, scorer.axis.n - a, frames, 2)) {
        if (place.z < EDITS.found_z || avoid.some((d) => Math.abs(place.diagonal - d) <= 8)) continue;
        let best = null, most = -Infinity;
        for (let d = place.diagonal - 2; d < place.diagonal + 3; d++) {
          const total = scorer.total(a, b, d);
          if (total > most) { most = total; best = d; }
        }
        if (most >= EDITS.found_llr) return best;
      }
      if (b - a <= frames) break;
    }
    return null;
  };

  wholetape.gaps = { Content, breakEdges, content, elsewhere, gated, inner, masked, pause, steady };
})((globalThis.wholetape ??= {}));
