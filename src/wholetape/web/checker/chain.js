// Which held stretches are the recording in its own order, and which stand out of place: the heaviest increasing chain.
((wholetape) => {
  "use strict";
  const { EDITS } = wholetape.params;
  const { argmax, round } = wholetape.numbers;

  /** Indices of the stretches that follow the references in order, together the longest in the release. */
  const mainChain = (held) => {
    const best = [], link = [];
    held.forEach((now, i) => {
      const length = now.end_ms - now.start_ms;
      let value = length, source = -1;
      for (let j = 0; j < i; j++) {
        const other = held[j];
        if (now.ref_start_ms < other.ref_start_ms || now.ref_end_ms < other.ref_end_ms + EDITS.same_ms) continue;
        const shared = Math.max(0, other.ref_end_ms - now.ref_start_ms);
        const jump = Math.min(30, Math.abs(now.ref_start_ms - other.ref_end_ms));
        if (best[j] + length - shared - jump > value) {
          value = best[j] + length - shared - jump;
          source = j;
        }
      }
      best.push(value);
      link.push(source);
    });
    if (!best.length) return [];
    const chain = [argmax(best)];
    while (link[chain.at(-1)] >= 0) chain.push(link[chain.at(-1)]);
    return chain.reverse();
  };

  /** All stretches in order, and which are the chain; what a member takes up again stands apart before it. */
  const splitOverlap = (held, chain) => {
    const out = [], members = new Set();
    let reached = -1e18;
    held.forEach((now, i) => {
      if (!chain.includes(i)) {
        out.push(now);
        return;
      }
      const shared = reached - now.ref_start_ms;
      if (shared > EDITS.same_ms && shared < now.end_ms - now.start_ms) {
        const cut = now.start_ms + shared, frame = round(cut / 10);
        out.push(now.with({ end_ms: cut, runs: [[now.start, Math.max(now.start + 1, frame), now.first]] }));
        const rest = now.runs.filter((run) => run[1] > frame).map(([a, b, d]) => [Math.max(a, frame), b, d]);
        now = now.with({ start_ms: cut, runs: rest.length ? rest : now.runs.slice(-1) });
      }
      members.add(out.length);
      out.push(now);
      reached = now.ref_end_ms;
    });
    return [out, members];
  };

  wholetape.chain = { mainChain, splitOverlap };
})((globalThis.wholetape ??= {}));
