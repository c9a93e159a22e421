// The best path of a short region through candidate diagonals and "not from the reference".
((wholetape) => {
  "use strict";
  const { ALIGN } = wholetape.params;
  const { argmax } = wholetape.numbers;

  /** Nats that going on at another of these diagonals costs: [a step of one frame, any other]. */
  const STEPS = { drift: ALIGN.drift, jump: ALIGN.jump, leave: ALIGN.leave };

  /** The cost of going from state i to state j; the last state, diagonals.length, is foreign sound. */
  const cost = (diagonals, i, j, steps = STEPS) => {
    const n = diagonals.length;
    if (i === j) return 0;
    if (i === n || j === n) return steps.leave;
    return Math.abs(diagonals[i] - diagonals[j]) === 1 ? steps.drift : steps.jump;
  };

  /**
   * (t,) states of the best path through scores, n + 1 rows of (t,), starting in state `first` or anywhere when null.
   * A jump from anywhere costs the same, so that of all sources only the best one, the neighbours and the foreign
   * state need a look.
   */
  const bestPath = (scores, diagonals, first, steps = STEPS) => {
    const n = diagonals.length + 1, length = scores[0].length;
    const back = new Uint16Array(length * n);
    const value = new Float32Array(n), next = new Float32Array(n);
    const place = new Map(diagonals.map((d, i) => [d, i]));
    const below = diagonals.map((d) => place.get(d - 1) ?? -1), above = diagonals.map((d) => place.get(d + 1) ?? -1);
    for (let i = 0; i < n; i++) value[i] = scores[i][0] - (first !== null && i !== first ? 1e6 : 0);
    for (let t = 1; t < length; t++) {
      const top = argmax(value, 0, n - 1), foreign = n - 1;
      for (let j = 0; j < n - 1; j++) {
        let source = j, best = value[j];
        const consider = (i, loss) => {
          const option = value[i] - loss;
          if (option > best || (option === best && i < source)) { best = option; source = i; }
        };
        if (below[j] >= 0) consider(below[j], steps.drift);
        if (above[j] >= 0) consider(above[j], steps.drift);
        if (top !== j && top !== below[j] && top !== above[j]) consider(top, steps.jump);
        consider(foreign, steps.leave);
        back[t * n + j] = source;
        next[j] = best + scores[j][t];
      }
      let source = foreign, best = value[foreign];
      if (n > 1 && value[top] - steps.leave >= best) { best = value[top] - steps.leave; source = top; }
      back[t * n + foreign] = source;
      next[foreign] = best + scores[foreign][t];
      value.set(next);
    }
    const path = new Int32Array(length);
    path[length - 1] = argmax(value);
    for (let t = length - 1; t > 0; t--) path[t - 1] = back[t * n + path[t]];
    return path;
  };

  /** Runs [start, end, diagonal or null for foreign] tiling frames [start, end); first: the one held before. */
  const solve = (scorer, start, end, diagonals, first) => {
    const scores = diagonals.map((diagonal) => scorer.llr(start, end, diagonal));
    scores.push(new Float32Array(end - start));
    const path = bestPath(scores, diagonals, first === null ? null : diagonals.indexOf(first));
    const runs = [];
    for (let a = 0, b = 1; b <= path.length; b++) {
      if (b < path.length && path[b] === path[a]) continue;
      runs.push([start + a, start + b, path[a] < diagonals.length ? diagonals[path[a]] : null]);
      a = b;
    }
    return runs;
  };

  wholetape.viterbi = { bestPath, cost, solve };
})((globalThis.wholetape ??= {}));
