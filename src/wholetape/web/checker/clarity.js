// How clearly a copy lets its reference be read, and what a finding in it must therefore show.
((wholetape) => {
  "use strict";
  const { ALIGN, EDITS } = wholetape.params;
  const { median } = wholetape.numbers;
  const { LEVELS } = wholetape.score;

  /** Nats a frame that foreign speech would lose, had it stood where the release is as loud as its loud half. */
  const foreignRate = (scorer) => {
    const { rate } = scorer.model;
    const middle = median(scorer.loudness);
    const step = Math.max(1, Math.floor(scorer.n / 20000));
    let total = 0, count = 0;
    for (let i = 0, seen = 0; i < scorer.n; i++) {
      const loud = scorer.loudness[i];
      if (loud < middle || seen++ % step) continue;
      const at = (loud * LEVELS + loud) * 8;
      let lost = 0;
      for (let j = 0; j < 8; j++) {
        const p = rate[at + j];
        lost += (scorer.counts[i * 8 + j] * (Math.log(2 * (1 - p)) + Math.log(2 * p))) / 2;
      }
      total += lost / ALIGN.correlation;
      count++;
    }
    return -total / count;
  };

  /** Nats that foreign sound of so many ms over the reference must explain in a copy of that foreign rate. */
  const needed = (rate, length) =>
    rate < EDITS.clear_rate && length < EDITS.moment_ms ? EDITS.moment_evidence : EDITS.least_evidence;

  wholetape.clarity = { foreignRate, needed };
})((globalThis.wholetape ??= {}));
