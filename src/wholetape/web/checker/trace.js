// Follow the release along the references: extend the diagonal that holds, search only when it is lost.
((wholetape) => {
  "use strict";
  const { ALIGN, SPEED } = wholetape.params;
  const { argmax, cumulated, movingSum, spread } = wholetape.numbers;
  const { search } = wholetape.search;
  const { settled } = wholetape.settle;
  const { solve } = wholetape.viterbi;

  const KNOWN_AHEAD = 1000; // frames behind a lost place within which what is known is looked at first
  const LOOKAHEAD = [[0, 30], [10, 60], [30, 110], [60, 160], [120, 250], [200, 400]];
  const FAR = [[100, 24], [200, 80], [400, 200]];

  /** Stretches [start, end, diagonal] of the release that stand out at one place; how many were tried. */
  const probe = (scorer, count = 16, length = 300) => {
    const n = scorer.n, size = scorer.axis.n;
    const long = size > SPEED.long_axis;
    if (long) count = Math.floor(count / 2);
    const spots = spread(0, Math.max(0, n - length), n > 2 * length ? count : 1);
    const found = [];
    for (const start of spots) {
      const end = Math.min(n, start + length);
      for (const frames of long ? [16, 60] : [16, 60, 150]) {
        const places = search(scorer, start, end, -start, size - start, frames);
        if (places.length && places[0].z >= ALIGN.far_z + 1) {
          found.push([start, end, places[0].diagonal]);
          break;
        }
      }
    }
    return [found, spots.length];
  };

  const firstWhere = (values, test) => {
    for (let i = 0; i < values.length; i++) if (test(values[i], i)) return i;
    return -1;
  };

  /** The first window [start, end] of frames [start, end) in which the diagonal does not clearly hold, or null. */
  const firstTrouble = (scorer, start, end, diagonal) => {
    const here = scorer.llr(start, end, diagonal);
    let worst = [end, end];
    const note = (a, b) => { if (a < worst[0] || (a === worst[0] && b < worst[1])) worst = [a, b]; };
    for (const [width, limit] of ALIGN.weak) {
      const low = firstWhere(movingSum(here, width), (value) => value < limit);
      if (low >= 0) note(start + low, start + low + width);
    }
    const half = here.filter((_, i) => i % 2 === 0);
    const width = ALIGN.neighbour_window >> 1;
    if (half.length >= width) {
      const held = movingSum(half, width);
      for (const offset of ALIGN.neighbours) {
        const there = scorer.llr(start, end, diagonal + offset, 2);
        const gain = movingSum(there.map((value, i) => value - half[i]), width);
        const high = firstWhere(gain, (value, i) =>
          2 * value > (Math.abs(offset) === 1 ? Math.max(ALIGN.better, ALIGN.better_share * 2 * held[i]) : ALIGN.better));
        if (high >= 0) note(start + 2 * high, start + 2 * (high + width));
      }
    }
    return worst[0] < end ? worst : null;
  };

  /** True when frames [start, end) as a whole fit the diagonal. */
  const holds = (scorer, start, end, diagonal) => scorer.total(Math.max(0, start), end, diagonal) >= ALIGN.holds;

  /** Diagonals that may hold from `at` on, and the frame by which one of them does (or the release's end). */
  const candidates = (scorer, at, lost, diagonal, near, known) => {
    const n = scorer.n, size = scorer.axis.n, found = [];
    if (near !== null) {
      for (const [a, b] of LOOKAHEAD) {
        const first = Math.min(n, at + a), last = Math.min(n, at + b);
        if (last - first < 12) break;
        const places = search(scorer, first, last, near - ALIGN.near, near + ALIGN.near, 60, 3, 3);
        found.push(...places.filter((p) => p.z >= ALIGN.near_z).map((p) => p.diagonal));
        const tail = Math.max(first, last - ALIGN.holds_window);
        if (found.some((d) => d !== diagonal && holds(scorer, tail, last, d))) return [found, last];
        if (diagonal !== null && tail >= lost && holds(scorer, tail, last, diagonal)) return [found, last];
      }
    }
    for (const [start, end, there] of known) {
      const first = Math.max(start, lost), last = first + ALIGN.holds_window;
      if (last <= Math.min(end, n) && first <= at + KNOWN_AHEAD && holds(scorer, first, last, there)) return [[...found, there], last];
    }
    for (let first = at, stride = 50; first < n; ) {
      for (const [length, frames] of FAR) {
        const last = Math.min(n, first + length);
        if (last - first < 12) break;
        const strong = search(scorer, first, last, -first, size - first, frames, 2)
          .filter((p) => p.z >= ALIGN.far_z).map((p) => p.diagonal);
        if (strong.some((d) => [first, last - ALIGN.holds_window].some((k) => holds(scorer, k, last, d)))) return [[...found, ...strong], last];
        if (diagonal !== null && holds(scorer, last - ALIGN.holds_window, last, diagonal)) return [found, last];
      }
      const tail = n - FAR[0][0];
      first = first < tail && tail < first + stride ? tail : first + stride; // the end is not stepped over
      stride = Math.min(500, stride + Math.floor(stride / 4));
    }
    return [found, n];
  };

  /** The diagonals and their neighbours, without repeats, in order. */
  const widen = (diagonals, by = 2) => {
    const out = new Set();
    for (const d of diagonals) for (let k = -by; k <= by; k++) out.add(d + k);
    return [...out].sort((a, b) => a - b);
  };

  /** Runs that tile the whole release; the scorer must have a model; known: what an earlier trace found to fit. */
  const trace = (scorer, progress = () => {}, known = []) => {
    const n = scorer.n;
    const runs = [];
    let at = 0, diagonal = null, near = null;
    while (at < n) {
      progress(at / n);
      let trouble = [at, at];
      if (diagonal !== null) {
        let end = Math.min(n, at + ALIGN.chunk);
        trouble = firstTrouble(scorer, at, end, diagonal);
        if (trouble === null) {
          if (end < n) end = Math.max(at + 1, end - 2 * ALIGN.margin);
          runs.push([at, end, diagonal]);
          at = end;
          continue;
        }
        const begin = Math.max(at, trouble[0] - ALIGN.margin);
        if (begin > at) {
          runs.push([at, begin, diagonal]);
          at = begin;
        }
        near = diagonal;
      }
      let [found, until] = candidates(scorer, ...trouble, diagonal, near, known);
      until = Math.min(n, until + ALIGN.margin);
      const options = widen(diagonal === null ? found : [...found, diagonal]);
      if (!options.length) {
        runs.push([at, n, null]);
        break;
      }
      until = Math.max(until, Math.min(n, at + 3 * ALIGN.margin));
      let part = solve(scorer, at, until, options, diagonal);
      const end = part.at(-1);
      if (until < n && part.length > 1 && end[1] - end[0] < 20 && until - at > 200) part = part.slice(0, -1);
      runs.push(...part);
      [, at, diagonal] = part.at(-1);
      if (diagonal === null && at >= n) break;
    }
    return merge(settled(scorer, slid(scorer, filled(scorer, headed(scorer, merge(runs))))));
  };

  /** The runs, with a head that was lost aligned again with what is near the place where the release was found. */
  const headed = (scorer, runs) => {
    if (runs.length < 2 || runs[0][2] !== null || runs[0][1] < ALIGN.least_lost) return runs;
    const b = runs[0][1], [, end, held] = runs[1], found = [];
    for (const [first, until] of LOOKAHEAD) {
      const last = Math.min(b, until);
      if (last - first < 12) continue;
      const places = search(scorer, first, last, held - ALIGN.near, held + ALIGN.near, 60, 3, 3);
      found.push(...places.filter((p) => p.z >= ALIGN.near_z).map((p) => p.diagonal));
    }
    if (!found.length) return runs;
    const last = Math.min(end, b + ALIGN.margin);
    return merge([...solve(scorer, 0, last, widen([...found, held]), null), [last, end, held], ...runs.slice(2)]);
  };

  /** The runs, with what was lost between two near diagonals aligned again with all those between them. */
  const filled = (scorer, runs) => {
    const out = runs.slice(0, 1);
    for (let k = 1; k < runs.length; k++) {
      const before = out.at(-1), [a, b, held] = runs[k];
      const one = before[2], other = k + 1 < runs.length ? runs[k + 1][2] : null;
      out.push(runs[k]);
      if (held !== null || one === null || other === null || b - a < ALIGN.least_lost || b - a > ALIGN.most_lost) continue;
      if (Math.abs(other - one) > 2 && Math.abs(other - one) <= ALIGN.all_between) {
        const first = Math.max(before[0], a - ALIGN.margin);
        const low = Math.min(one, other) - 2, high = Math.max(one, other) + 2;
        const all = Array.from({ length: high - low + 1 }, (_, i) => low + i);
        out.splice(-2, 2, [before[0], first, one], ...solve(scorer, first, b, all, one));
      }
    }
    return merge(out);
  };

  /** The runs, each jump from one place to another where both sides together score most. */
  const slid = (scorer, runs) => {
    const out = runs.slice(0, 1);
    for (const [a, b, diagonal] of runs.slice(1)) {
      const [start, , one] = out.at(-1);
      if (one === null || diagonal === null || Math.abs(diagonal - one) <= 2) {
        out.push([a, b, diagonal]);
        continue;
      }
      const first = Math.max(start, a - ALIGN.chunk), last = Math.min(b, a + ALIGN.chunk);
      const there = scorer.llr(first, last, diagonal);
      const total = cumulated(scorer.llr(first, last, one).map((value, i) => value - there[i]));
      const best = argmax(total), at = total[best] - total[a - first] < ALIGN.slide ? a : first + best;
      out.splice(-1, 1, [start, at, one], [at, b, diagonal]);
    }
    return out.filter((run) => run[1] > run[0]);
  };

  /** Neighbouring runs of one diagonal as one. */
  const merge = (runs) => {
    const out = [];
    for (const [start, end, diagonal] of runs) {
      if (end <= start) continue;
      const last = out.at(-1);
      if (last && last[2] === diagonal && last[1] === start) last[1] = end;
      else out.push([start, end, diagonal]);
    }
    return out;
  };

  wholetape.trace = { probe, trace, merge, widen };
})((globalThis.wholetape ??= {}));
