// Place the edges of an edit between frames: the likeliest position, given how far the windows smear each sign.
// A fit is {left, right, score}: edges in ms of the release's frame clock.
((wholetape) => {
  "use strict";
  const { ALIGN } = wholetape.params;
  const { argmax, clip, cumulated, interpolate, round } = wholetape.numbers;
  const { LEVELS } = wholetape.score;

  const FAST = [[-30, -20, -10, 0, 10, 20, 30], [0, 0.34, 0.73, 0.83, 0.92, 0.97, 1]];
  const SLOW = [
    [-110, -100, -90, -80, -70, -60, -50, -40, -30, 0, 20, 40, 70, 100],
    [0, 0.12, 0.38, 0.46, 0.5, 0.56, 0.64, 0.72, 0.76, 0.79, 0.85, 0.88, 0.94, 1],
  ];
  const GRADES = 11, REACH = 14;
  const ALIKE = 0.02; // nats below the best at which a place no longer counts: each counts by what it is above
  const TIGHT = 0.02; // nats a ms that foreign sound costs: between silences it ends where it falls silent

  /** Scores frames [start, end) on one diagonal for every degree to which their signs may be smeared. */
  class Bench {
    constructor(scorer, start, end, diagonal) {
      const n = (this.n = Math.max(0, end - start));
      this.start = start;
      this.time = Float64Array.from({ length: n }, (_, i) => (start + i) * 10 + (scorer.late[start + i] ?? 0) / 8);
      this.table = [0, 1].map(() => Array.from({ length: GRADES }, () => new Float64Array(n)));
      const { axis } = scorer;
      const first = Math.max(start, -diagonal, 0), last = Math.min(end, axis.n - diagonal, scorer.n);
      if (first < last) {
        const differ = scorer.differing(first, last, diagonal);
        for (let i = first; i < last; i++) {
          if (!axis.usable[i + diagonal]) continue;
          const context = (scorer.loudness[i] * LEVELS + axis.loudness[i + diagonal]) * 8;
          for (let j = 0; j < 8; j++) {
            const wrong = differ[(i - first) * 8 + j], right = scorer.counts[i * 8 + j] - wrong;
            if (!wrong && !right) continue;
            const rate = scorer.model.rate[context + j], rows = this.table[j >> 2];
            for (let g = 0; g < GRADES; g++) {
              const p = rate + ((0.5 - rate) * g) / (GRADES - 1);
              rows[g][i - start] += (right * Math.log(2 * (1 - p)) + wrong * Math.log(2 * p)) / ALIGN.correlation;
            }
          }
        }
      }
      this.clean = cumulated(this.table[0][0].map((value, i) => value + this.table[1][0][i]));
    }

    /** The score of one frame whose halves are random to these degrees. */
    at(column, fast, slow) {
      let total = 0;
      for (let half = 0; half < 2; half++) {
        const position = clip(half ? slow : fast, 0, 1) * (GRADES - 1);
        const lower = Math.min(Math.trunc(position), GRADES - 2), part = position - lower;
        total += (1 - part) * this.table[half][lower][column] + part * this.table[half][lower + 1][column];
      }
      return total;
    }

    near(edge) {
      const width = Math.min(this.n, 2 * REACH);
      return [clip(round(edge / 10) - this.start - REACH, 0, this.n - width), width];
    }

    /** Totals when the reference is followed up to each edge and foreign sound stands behind. */
    until(edges) {
      return Float64Array.from(edges, (edge) => {
        const [first, width] = this.near(edge);
        let total = this.clean[first];
        for (let c = first; c < first + width; c++) {
          const away = this.time[c] - edge;
          total += this.at(c, interpolate(away, ...FAST), interpolate(away, ...SLOW));
        }
        return total;
      });
    }

    /** Totals when foreign sound stands before each edge and the reference is followed from there. */
    after(edges) {
      return Float64Array.from(edges, (edge) => {
        const [first, width] = this.near(edge);
        let total = this.clean[this.n] - this.clean[first + width];
        for (let c = first; c < first + width; c++) {
          const away = edge - this.time[c];
          total += this.at(c, interpolate(away, ...FAST), interpolate(away, ...SLOW));
        }
        return total;
      });
    }

    /** The total when the reference is followed but for a foreign stretch between two edges. */
    exceptBetween(left, right) {
      const short = clip((right - left) / 90, 0, 1), shorter = clip((right - left) / 40, 0, 1);
      let total = 0;
      for (let c = 0; c < this.n; c++) {
        const before = this.time[c] - left, behind = right - this.time[c];
        const fast = Math.min(interpolate(before, ...FAST), interpolate(behind, ...FAST));
        const slow = Math.min(interpolate(before, ...SLOW), interpolate(behind, ...SLOW));
        total += this.at(c, fast * shorter, slow * short);
      }
      return total;
    }

    /** Total when nothing was smeared. */
    plain() {
      return this.clean[this.n];
    }
  }

  const upTo = (first, last, step) => {
    const out = [];
    for (let k = 0; first + k * step < last; k++) out.push(first + k * step);
    return out;
  };
  const places = (near, far) => upTo(near * 10, far * 10 + 1, far - near <= 60 ? 1 : 2);
  const grid = (centre, reach, step) => upTo(centre - reach, centre + reach + step / 2, step);
  const added = (one, other) => one.map((value, i) => value + other[i]);

  /** The instant between frames near and far at which diagonal `before` gives way to `after`. */
  const fitCut = (scorer, before, after, near, far) => {
    const first = near - REACH, last = far + REACH, edges = places(near, far);
    const total = added(new Bench(scorer, first, last, before).until(edges), new Bench(scorer, first, last, after).after(edges));
    const best = total[argmax(total)];
    const weights = total.map((value) => Math.max(0, value - (best - ALIKE)));
    const edge = edges.reduce((sum, at, i) => sum + at * weights[i], 0) / weights.reduce((a, b) => a + b, 0);
    return { left: edge, right: edge, score: best };
  };

  /** Edges of foreign sound of the length by which the diagonal falls, so that nothing of the reference is missing. */
  const fitInserted = (scorer, before, after, near, far) => {
    const length = (before - after) * 10, first = near - REACH, last = far + REACH;
    const edges = upTo(near * 10, Math.max(near * 10, far * 10 - length) + 1, far - near <= 60 ? 1 : 2);
    const total = added(
      new Bench(scorer, first, last, before).until(edges),
      new Bench(scorer, first, last, after).after(edges.map((edge) => edge + length)),
    );
    const k = argmax(total);
    return { left: edges[k], right: edges[k] + length, score: total[k] };
  };

  /** Edges of foreign sound between `before` and `after`, each placed by itself, when the diagonals differ. */
  const fitBetween = (scorer, before, after, near, far) => {
    const first = near - REACH, last = far + REACH, edges = places(near, far);
    const left = new Bench(scorer, first, last, before).until(edges);
    const total = new Bench(scorer, first, last, after).after(edges);
    let best = -Infinity;
    for (let i = 0; i < total.length; i++) {
      left[i] += TIGHT * edges[i];
      best = Math.max(best, left[i]);
      total[i] += best - TIGHT * edges[i];
    }
    const k = argmax(total);
    return { left: edges[argmax(left, 0, k + 1)], right: edges[k], score: total[k] };
  };

  /** Edges of foreign sound that stands over the reference, and what the same stretch scores without it. */
  const fitReplaced = (scorer, diagonal, near, far) => {
    const bench = new Bench(scorer, near - REACH, far + REACH, diagonal);
    const low = near * 10, high = far * 10, width = high - low;
    let left = low + Math.min(60, width / 3), right = high - Math.min(60, width / 3), best = -Infinity;
    for (const [step, reach] of [[10, 150], [5, 60], [2, 20], [1, 6]]) {
      for (let round = 0; round < 3; round++) {
        let edges = grid(left, reach, step).map((edge) => clipped(edge, low - 50, right - 10));
        let total = edges.map((edge) => bench.exceptBetween(edge, right));
        left = edges[argmax(total)];
        edges = grid(right, reach, step).map((edge) => clipped(edge, left + 10, high + 50));
        total = edges.map((edge) => bench.exceptBetween(left, edge));
        const k = argmax(total);
        right = edges[k];
        if (total[k] <= best + 1e-9) break;
        best = total[k];
      }
    }
    return [{ left, right, score: best }, bench.plain()];
  };

  /** As numpy clips: the upper bound wins where the two cross. */
  const clipped = (x, low, high) => Math.min(Math.max(x, low), high);

  wholetape.refine = { Bench, TIGHT, fitBetween, fitCut, fitInserted, fitReplaced };
})((globalThis.wholetape ??= {}));
