// From the tracker's runs to the stretches that the release holds of the references, drift taken out.
((wholetape) => {
  "use strict";
  const { EDITS, PHASE } = wholetape.params;
  const { round } = wholetape.numbers;
  const { leanBetween } = wholetape.phase;
  const { foreignRate } = wholetape.clarity;
  const { merge } = wholetape.trace;

  /** A stretch of the release that follows one reference: runs [start, end, diagonal] without a jump between them. */
  class Held {
    constructor(runs, start_ms, end_ms, more = {}) {
      this.runs = runs;
      this.start_ms = start_ms;
      this.end_ms = end_ms;
      this.shift = 0;
      this.speed = 1;
      this.evidence = 1e9;
      this.doubts = [];
      this.offsets = null;
      Object.assign(this, more);
    }

    /** The same with some of it changed. */
    with(changes) {
      return Object.assign(new Held(), this, changes);
    }

    get first() { return this.runs[0][2]; }
    get last() { return this.runs.at(-1)[2]; }
    get start() { return this.runs[0][0]; }
    get end() { return this.runs.at(-1)[1]; }

    get ref_start_ms() {
      if (this.offsets) return this.start_ms + this.offsets[0];
      return this.start_ms + 10 * this.first + this.shift;
    }

    get ref_end_ms() {
      if (this.speed !== 1) return this.ref_start_ms + (this.end_ms - this.start_ms) * this.speed;
      if (this.offsets) return this.end_ms + this.offsets[1];
      return this.end_ms + 10 * this.last + this.shift;
    }
  }

  /** What of `held` lies between two of its milliseconds. */
  const partOf = (held, start, end) => {
    const first = round(start / 10), last = Math.max(first + 1, round(end / 10));
    const runs = held.runs.map(([a, b, d]) => [Math.max(a, first), Math.min(b, last), d]).filter(([a, b]) => a < b);
    const nearest = held.runs.reduce((x, y) => (Math.abs(y[0] - first) < Math.abs(x[0] - first) ? y : x))[2];
    const doubts = held.doubts.map(([a, b]) => [Math.max(a, start), Math.min(b, end)]).filter(([a, b]) => a < b);
    const whole = Math.max(1e-9, held.end_ms - held.start_ms);
    const offsets = held.offsets && [start, end].map((t) =>
      held.offsets[0] + ((held.offsets[1] - held.offsets[0]) * (t - held.start_ms)) / whole);
    return held.with({ runs: runs.length ? runs : [[first, last, nearest]], start_ms: start, end_ms: end, doubts, offsets });
  };

  /** Stretches in the release's order; a change of diagonal up to `jitter` frames is drift, not an edit. */
  const segments = (scorer, runs, jitter) => {
    const steady = runs.map(([a, b, d], i) =>
      [a, b, d !== null && b - a < EDITS.shortest_run && farFromBoth(runs, i) ? null : d]);
    const groups = [];
    let previous = null;
    for (const [a, b, d] of merge(steady)) {
      if (d !== null) {
        if (previous !== null && previous !== undefined && Math.abs(previous - d) <= Math.max(2, jitter)) groups.at(-1).push([a, b, d]);
        else groups.push([[a, b, d]]);
      }
      previous = d;
    }
    const held = groups.flatMap((group) => split(group, jitter));
    return relabel(scorer, held).map((one) => withShift(scorer, one));
  };

  const farFromBoth = (runs, i) =>
    [i - 1, i + 1].every((k) => {
      const other = runs[k]?.[2] ?? null;
      return other === null || Math.abs(other - runs[i][2]) > 2;
    });

  /** Cut a group of runs where the diagonal moves by more than drift between two steady runs. */
  const split = (group, jitter) => {
    let steady = group.filter(([a, b]) => b - a >= EDITS.steady_run);
    if (!steady.length) steady = [group.reduce((x, y) => (y[1] - y[0] > x[1] - x[0] ? y : x))];
    const pieces = [[steady[0]]];
    for (const run of steady.slice(1)) {
      if (Math.abs(run[2] - pieces.at(-1).at(-1)[2]) <= jitter) pieces.at(-1).push(run);
      else pieces.push([run]);
    }
    return pieces.map((piece, k) => {
      const start = k === 0 ? group[0][0] : Math.floor((pieces[k - 1].at(-1)[1] + piece[0][0]) / 2);
      const end = k === pieces.length - 1 ? group.at(-1)[1] : Math.floor((piece.at(-1)[1] + pieces[k + 1][0][0]) / 2);
      return heldOf(piece, start, end);
    });
  };

  const heldOf = (piece, start, end) => {
    const runs = [];
    piece.forEach(([, b, d], k) => {
      const first = k === 0 ? start : runs.at(-1)[1];
      runs.push([first, k === piece.length - 1 ? end : Math.floor((b + piece[k + 1][0]) / 2), d]);
    });
    return new Held(runs, start * 10, end * 10);
  };

  /** Give a stretch its neighbour's diagonal where it fits there as well: recordings repeat themselves. */
  const relabel = (scorer, held) => {
    const rate = foreignRate(scorer);
    const within = (i) => 0 < i && i < held.length - 1 && Math.abs(held[i - 1].last - held[i + 1].first) <= 1;
    const movedOnce = new Set(); // first frames of stretches that were moved: two neighbours may both fit
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = 0; i + 1 < held.length && !changed; i++) {
        const a = held[i], b = held[i + 1];
        if (b.start - a.end > EDITS.relabel_gap || Math.abs(a.last - b.first) <= 1) continue;
        for (const [gives, takes] of [[b.first, a], [a.last, b]]) {
          if (movedOnce.has(takes.start)) continue;
          const own = takes.runs.reduce((total, [s, e, d]) => total + scorer.total(s, e, d), 0);
          const over = rate < EDITS.clear_rate && within(takes === a ? i : i + 1);
          const margin = over ? EDITS.passage_evidence : EDITS.relabel_margin;
          if (scorer.total(takes.start, takes.end, gives) < own - margin) continue;
          const moved = new Held([[takes.start, takes.end, gives]], takes.start * 10, takes.end * 10);
          const pair = takes === a ? [moved, b] : [a, moved];
          if (a.end === b.start) held.splice(i, 2, new Held([...pair[0].runs, ...pair[1].runs], a.start * 10, b.end * 10));
          else { // what stands between two stretches is judged by itself
            movedOnce.add(takes.start);
            held.splice(i, 2, ...pair);
          }
          changed = true;
          break;
        }
      }
    }
    return held;
  };

  /** The same stretch with its offset between frames, from how its neighbours' scores lean. */
  const withShift = (scorer, held) => {
    const [start, stop, d] = held.runs.reduce((x, y) => (y[1] - y[0] > x[1] - x[0] ? y : x));
    const beside = 10 * leanBetween(scorer, start, Math.min(stop, start + PHASE.most_frames), d);
    return held.with({ shift: beside - scorer.late[Math.floor((start + stop) / 2)] / 8 });
  };

  wholetape.segments = { Held, partOf, segments };
})((globalThis.wholetape ??= {}));
