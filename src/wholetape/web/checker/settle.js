// Take back visits to far places that the place beside them explains as well: recordings repeat themselves.
((wholetape) => {
  "use strict";
  const { ALIGN, EDITS } = wholetape.params;
  const { cumulated, argmax } = wholetape.numbers;

  const LOOKS = 400, WANDERS = 64, FITS_SHARE = 0.25, HOLDS_SHARE = 0.75;

  /** The runs, with every visit that its neighbours' diagonals explain as well laid there. */
  const settled = (scorer, runs) => {
    const visits = visitsOf(runs);
    for (let k = 0; k < visits.length; k++) {
      const before = k && beside(visits[k - 1], visits[k]) ? visits[k - 1] : null;
      const behind = k + 1 < visits.length && beside(visits[k], visits[k + 1]) ? visits[k + 1] : null;
      visits[k] = instead(scorer, visits[k], before, behind) ?? visits[k];
    }
    return [...runs.filter((run) => run[2] === null), ...visits.flat()].sort((x, y) => x[0] - y[0]);
  };

  /**
   * The runs, with what wanders between repeats laid on the place that it leaves and comes back to, if that holds, and
   * start and end of each run that was laid so.
   *
   * For the first, rough alignment only: it takes a place that is not the best, so that its frames can be framed anew.
   */
  const gathered = (scorer, runs) => {
    const visits = visitsOf(runs), out = visits.slice(0, 1), laid = [];
    for (let k = 1; k < visits.length; k++) {
      const visit = out.at(-1);
      let stay = 0;
      visit.forEach(([a, b], i) => { if (b - a > visit[stay][1] - visit[stay][0]) stay = i; });
      const [, left, home] = visit[stay], back = wayBack(scorer, visits, k, left, home);
      if (back === null) out.push(visits[k]);
      else {
        visit.splice(stay + 1, visit.length, [left, visits[back][0][0], home], ...visits[back]);
        laid.push([left, visits[back][0][0]]);
        k = back;
      }
    }
    const ends = new Set([0, ...out.map((visit) => visit.at(-1)[1])]);
    const left = runs.filter(([a, , d]) => d === null && ends.has(a));
    return [[...left, ...out.flat()].sort((x, y) => x[0] - y[0]), laid];
  };

  /** The runs that hold a place, those that touch and are near each other as one visit. */
  const visitsOf = (runs) => {
    const visits = [];
    for (const [a, b, d] of runs) {
      if (d === null) continue;
      const last = visits.at(-1)?.at(-1);
      if (last && last[1] === a && Math.abs(last[2] - d) <= 2) visits.at(-1).push([a, b, d]);
      else visits.push([[a, b, d]]);
    }
    return visits;
  };

  /** The last visit to `home`, which was left at `start` before visit `k`, if that place holds up to there. */
  const wayBack = (scorer, visits, k, start, home) => {
    if (Math.abs(visits[k][0][2] - home) <= EDITS.drift_step) return null;
    const backs = [];
    for (let j = k; j < Math.min(k + WANDERS, visits.length); j++) {
      const before = j > k ? visits[j - 1].at(-1)[1] : start;
      if (visits[j][0][0] - before > EDITS.relabel_gap) break;
      if (Math.abs(visits[j][0][2] - home) <= EDITS.drift_step) {
        backs.push(j);
        if (visits[j].at(-1)[1] - visits[j][0][0] > EDITS.relabel_gap) break;
      }
    }
    if (!backs.length) return null;
    const total = cumulated(scorer.llr(start, visits[backs.at(-1)][0][0], home));
    const [width, least] = ALIGN.weak.at(-1);
    let until = start + total.length - 1;
    for (let i = 0; i + width < total.length; i++) {
      if (total[i + width] - total[i] >= least) continue;
      until = start + i;
      break;
    }
    for (const j of backs.reverse()) {
      const end = visits[j][0][0];
      let own = 0;
      for (const [a, b, d] of visits.slice(k, j).flat()) own += scorer.total(a, b, d);
      if (end <= until && total[end - start] >= HOLDS_SHARE * own) return j;
    }
    return null;
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
    if (both && Math.abs(first - last) <= 1) {
      options = ends.map((d) => one(d, 0));
      own *= FITS_SHARE; // what is pasted over other sound leaves nothing of it: that place would score below 0
    } else if (both) options.push(split(scorer, start, end, first, last));
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

  wholetape.settle = { gathered, settled };
})((globalThis.wholetape ??= {}));
