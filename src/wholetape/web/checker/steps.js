// Cuts too short for the print: within a stretch that it held, the original jumps ahead by some milliseconds.
((wholetape) => {
  "use strict";
  const { EDITS, PRINT, STEPS } = wholetape.params;
  const { round } = wholetape.numbers;
  const { change } = wholetape.closely;
  const { Held, partOf } = wholetape.segments;
  const { lay } = wholetape.waveform;

  const PER_MS = PRINT.rate / 1000;

  /** The pieces, with held stretches parted where they step. */
  const stepped = (pieces, release, original) =>
    pieces.flatMap((piece) => {
      if (!(piece instanceof Held) || !piece.offsets || piece.speed !== 1) return [piece];
      const out = [];
      let rest = piece;
      for (const [before, behind] of stepsOf(piece, release, original)) {
        const at = change(release, original, before.laid, behind.laid, before.start, behind.end) / PER_MS;
        if (!(rest.start_ms < at && at < rest.end_ms)) continue;
        out.push(partOf(rest, rest.start_ms, at).with({ offsets: [rest.offsets[0], before.laid.lag / PER_MS] }));
        const end = rest.offsets[1];
        rest = partOf(rest, at, rest.end_ms).with({ offsets: [behind.laid.lag / PER_MS, end], evidence: EDITS.clear });
      }
      return [...out, rest];
    });

  /** Neighbouring windows of a stretch between which its offset steps. */
  const stepsOf = (held, release, original) => {
    const moved = Math.abs(held.offsets[1] - held.offsets[0]);
    if (moved < STEPS.least_ms) return [];
    const start = round(held.start_ms * PER_MS) + STEPS.margin, end = round(held.end_ms * PER_MS) - STEPS.margin;
    const ahead = round(((held.offsets[0] + held.offsets[1]) / 2) * PER_MS), reach = round(moved * PER_MS) + STEPS.reach;
    const look = (first) => {
      const laid = lay(release, original, first, first + STEPS.window, ahead, reach);
      return laid && laid.ratio <= STEPS.faithful ? { start: first, end: first + STEPS.window, laid } : null;
    };
    const one = look(start), other = look(end - STEPS.window);
    return one && other ? between(one, other, look) : [];
  };

  const between = (one, other, look) => {
    if (Math.abs(other.laid.lag - one.laid.lag) < STEPS.least_ms * PER_MS || other.start <= one.start) return [];
    if (other.start - one.start <= STEPS.window) return [[one, other]];
    const middle = look(Math.floor((one.start + other.start) / 2));
    if (!middle) return other.start - one.start <= 4 * STEPS.window ? [[one, other]] : [];
    return [...between(one, middle, look), ...between(middle, other, look)];
  };

  wholetape.steps = { stepped };
})((globalThis.wholetape ??= {}));
