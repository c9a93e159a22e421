// Stretches that follow the reference by nothing but habit: it speaks there, and the release does not tell.
((wholetape) => {
  "use strict";
  const { EDITS } = wholetape.params;
  const { movingSum, round } = wholetape.numbers;

  /** Stretches of `held` (ms on the release's frame clock), a second or more, that nothing ties to their place. */
  const doubtful = (scorer, held) => {
    const width = EDITS.doubt_window, found = [], { axis } = scorer;
    if (held.speed !== 1 || held.end_ms - held.start_ms < 10 * width) return [];
    for (const [start, end, diagonal] of held.runs) {
      const first = Math.max(start, round(held.start_ms / 10), -diagonal);
      const last = Math.min(end, round(held.end_ms / 10), axis.n - diagonal);
      if (last - first < width) continue;
      const total = movingSum(scorer.llr(first, last, diagonal), width);
      const foreign = movingSum(scorer.ifForeign(first, last, diagonal), width); // what foreign sound would lose
      const speaks = Uint8Array.from({ length: last - first }, (_, i) => axis.loudness[first + diagonal + i] >= EDITS.doubt_loud ? 1 : 0);
      const share = movingSum(speaks, width);
      for (let k = 0; k < total.length; k++) {
        if (!(total[k] < EDITS.doubt_nats && total[k] + foreign[k] < EDITS.alike_nats && share[k] / width >= EDITS.doubt_share)) continue;
        const a = (first + k) * 10, b = (first + k + width) * 10, last = found.at(-1);
        if (last && a <= last[1]) last[1] = Math.max(b, last[1]);
        else found.push([a, b]);
      }
    }
    return found.map(([a, b]) => [Math.max(a, held.start_ms), Math.min(b, held.end_ms)]);
  };

  wholetape.doubt = { doubtful };
})((globalThis.wholetape ??= {}));
