// Take back visits to far places that the place beside them explains as well: recordings repeat themselves.
((wholetape) => {
  "use strict";
  const { ALIGN, EDITS } = wholetape.params;
  const { cumulated, argmax } = wholetape.numbers;

  const LOOKS = 400;

  /** The runs, with every visit that its neighbours' diagonals explain as well laid there. */
  const settled = (scorer, runs) => {
    const visits = [];
    for (const [a, b, d] of runs) {
      if (d === null) continue;
      const last = visits.at(-1)?.at(-1);
      if (last && last[1] === a && Math.abs(last[2] - d) <= 2) visits.at(-1).push([a, b, d]);
      else visits.push([[a, b, d]]);
    }
    for (let k = 0; k < visits.length; k++) {
      const before = k && beside(visits[k - 1], visits[k]) ? visits[k - 1] : null;
      const behind = k + 1 < visits.length && beside(visits[k], visits[k + 1]) ? visits[k + 1] : null;
      visits[k] = instead(scorer, visits[k], before, behind) ?? visits[k];
    }
    return [...runs.filter((run) => run[2] === null), ...visits.flat()].sort((x, y) => x[0] - y[0]);
  };

  /** True when the second visit begins soon behind the first, at another place. */
  const beside = (before, behind) => {
    const last = before.at(-1);
    return behind[0][0] - last[1] <= EDITS.relabel_gap && Math.abs(behind[0][2] - last[2]) > EDITS.drift_step;
  };

  /** The runs that explain the visit's frames from its neighbours' places at least as well, or null. */
  const instead = (scorer, visit, before, behind) => {
    if (!before && !behind) return null;
    const start = visit[0][0], end = visit.at(-1)[1];
    const first = before ? before.at(-1)[2] : null, last = behind ? behind[0][2] : null;
    if (!plausible(scorer, visit, first, last)) return null;
    let own = visit.reduce((total, [a, b, d]) => total + scorer.total(a, b, d), 0);
    for (let k = 1; k < visit.length; k++) own -= ALIGN.drift * Math.abs(visit[k][2] - visit[k - 1][2]);
    own -= ALIGN.jump * ((before ? 1 : 0) + (behind ? 1 : 0));
    const both = first !== null && last !== null;
    const one = (d, loss) => ({ runs: [[start, end, d]], score: scorer.total(start, end, d) - loss });
    const ends = [first, last].filter((d) => d !== null);
    let options = ends.map((d) => one(d, both ? ALIGN.jump : 0));
    if (both && Math.abs(first - last) <= 1) options = ends.map((d) => one(d, 0));
    else if (both) options.push(split(scorer, start, end, first, last));
    const best = options.reduce((a, b) => (b.score > a.score ? b : a));
    return best.score >= own ? best.runs : null;
  };

  /** False when a look at every few frames already shows that neither place explains the visit. */
  const plausible = (scorer, visit, first, last) => {
    const start = visit[0][0], end = visit.at(-1)[1];
    const step = Math.max(1, Math.floor((end - start) / LOOKS));
    const own = visit.reduce((total, [a, b, d]) => total + scorer.total(a, b, d, step), 0);
    const there = [first, last].filter((d) => d !== null).map((d) => scorer.llr(start, end, d, step));
    let best = 0;
    for (let i = 0; i < there[0].length; i++) best += there.length > 1 ? Math.max(there[0][i], there[1][i]) : there[0][i];
    return best >= 0.5 * own;
  };

  /** `first` up to the best frame, `last` from there on. */
  const split = (scorer, start, end, first, last) => {
    const head = cumulated(scorer.llr(start, end, first)), tail = cumulated(scorer.llr(start, end, last));
    const total = head.map((value, i) => value + tail[tail.length - 1] - tail[i]);
    const at = argmax(total);
    const runs = [[start, start + at, first], [start + at, end, last]];
    return { runs: runs.filter(([a, b]) => b > a), score: total[at] - ALIGN.jump };
  };

  wholetape.settle = { settled };
})((globalThis.wholetape ??= {}));
