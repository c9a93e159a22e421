// Where the release falls silent although its signs still follow the reference: words turned down until nobody hears.
((wholetape) => {
  "use strict";
  const { EDITS, PRINT } = wholetape.params;
  const { clip, round } = wholetape.numbers;
  const { Content, gated } = wholetape.gaps;
  const { LEVELS } = wholetape.score;
  const { Held } = wholetape.segments;
  const { Foreign } = wholetape.timeline;

  const DEEP = 40, EDGE = 12, AUDIBLE = 5, AUDIBLE_GATED = 3, SHORTEST = 4, SOMETIMES = 0.01, MARGIN = 1, SMEAR = 2, FULL = 127, BRIDGE = 30, NATS = 4;

  /** The pieces, with what was turned down beyond hearing standing apart from the stretches that were held. */
  const hushed = (scorer, pieces) => {
    const out = [];
    for (const piece of pieces) {
      if (!(piece instanceof Held) || piece.speed !== 1) {
        out.push(piece);
        continue;
      }
      let rest = piece;
      for (let [start, end] of spans(scorer, piece)) {
        if (start - rest.start_ms < 20) start = rest.start_ms;
        else out.push(partOf(rest, rest.start_ms, start));
        out.push(new Foreign(start, end, Content.SILENT, (NATS * (end - start)) / 10));
        rest = partOf(rest, end, rest.end_ms);
      }
      out.push(rest);
    }
    return joined(out);
  };

  const silence = (piece) => piece instanceof Foreign && piece.content === Content.SILENT;

  /** The pieces, with two silences as one where hardly anything is held between them. */
  const joined = (pieces) => {
    const out = [];
    for (const piece of pieces) {
      out.push(piece);
      if (out.length < 3) continue;
      const [one, between, other] = out.slice(-3);
      if (silence(one) && between instanceof Held && silence(other) && between.end_ms - between.start_ms < EDITS.seam_ms) {
        out.splice(-3, 3, one.with({ end_ms: other.end_ms, evidence: one.evidence + other.evidence }));
      }
    }
    return out;
  };

  /** `held` between two of its milliseconds. */
  const partOf = (held, start, end) => {
    const first = round(start / 10), last = round(end / 10);
    const runs = held.runs
      .map(([a, b, d]) => [Math.max(a, first), Math.min(b, last), d])
      .filter(([a, b]) => a < b);
    const nearest = held.runs.reduce((x, y) => (Math.abs(y[0] - first) < Math.abs(x[0] - first) ? y : x));
    return held.with({
      runs: runs.length ? runs : [[first, Math.max(first + 1, last), nearest[2]]], start_ms: start, end_ms: end,
    });
  };

  /** Milliseconds of the hushed spans of a stretch. */
  const spans = (scorer, held) => {
    const first = Math.max(0, round(held.start_ms / 10)), last = Math.min(scorer.n, round(held.end_ms / 10));
    if (last - first < SHORTEST) return [];
    const { axis } = scorer, n = last - first;
    const quiet = scorer.frames.level.subarray(first, last);
    const sometimes = gated(scorer, SOMETIMES), missed = gated(scorer) ? AUDIBLE_GATED : AUDIBLE;
    const below = new Int16Array(n), deep = new Uint8Array(n);
    for (const [from, to, d] of held.runs) {
      const a = Math.max(from, first, -d), b = Math.min(to, last, axis.n - d);
      for (let i = a; i < b; i++) {
        const there = axis.level[i + d] - scorer.gain;
        below[i - first] = there - quiet[i - first];
        const most = loudest(scorer, a, [first, last], d, i);
        const audible = axis.loudness[i + d] >= LEVELS - missed || (!sometimes && most <= EDITS.digital_silence);
        deep[i - first] = audible && there - most >= DEEP ? 1 : 0;
      }
    }
    if (deep.reduce((x, y) => x + y, 0) < SHORTEST) return [];
    const found = [];
    for (let [start, end] of runsOf(deep)) {
      const limit = quiet.subarray(start, end).reduce((x, y) => Math.max(x, y), 0) + 3;
      while (start > 0 && below[start - 1] >= EDGE && quiet[start - 1] <= limit) start--;
      while (end < n && below[end] >= EDGE && quiet[end] <= limit) end++;
      const before = found.at(-1);
      if (before && start - before[1] <= BRIDGE && quiet.subarray(before[1], start).every((level) => level <= limit)) {
        before[1] = Math.max(end, before[1]);
      } else found.push([start, end]);
    }
    return found
      .filter(([a, b]) => deep.subarray(a, b).reduce((x, y) => x + y, 0) >= SHORTEST)
      .map(([a, b]) => [Math.max(held.start_ms, (first + a) * 10 - 20), Math.min(held.end_ms, (first + b) * 10 + 10)]);
  };

  /** Loudest level of the release where one level byte of the reference stands, and just around; within `held`. */
  const loudest = (scorer, start, held, diagonal, i) => {
    const size = PRINT.level_frames, { level } = scorer.frames;
    const origin = scorer.axis.starts[scorer.axis.sourceOf(start + diagonal)] - diagonal;
    const first = i - ((((i - origin) % size) + size) % size);
    if (!(first - SMEAR >= held[0] && first + size + SMEAR <= held[1])) return FULL;
    let most = 0;
    for (let k = first - MARGIN; k < first + size + MARGIN; k++) most = Math.max(most, level[clip(k, 0, level.length - 1)]);
    return most;
  };

  /** Start and end of each run of true values. */
  const runsOf = (mask) => {
    const out = [];
    for (let i = 0; i < mask.length; i++) {
      if (!mask[i]) continue;
      const start = i;
      while (i < mask.length && mask[i]) i++;
      out.push([start, i]);
    }
    return out;
  };

  wholetape.hush = { hushed };
})((globalThis.wholetape ??= {}));
