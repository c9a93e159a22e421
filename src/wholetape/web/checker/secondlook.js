// The second look at an alignment, where the original's sound is at hand: edges, steps, and what is absent.
((wholetape) => {
  "use strict";
  const { ABSENT, PRINT } = wholetape.params;
  const { absent } = wholetape.absent;
  const { closely } = wholetape.closely;
  const { Content } = wholetape.gaps;
  const { stepped } = wholetape.steps;
  const { Foreign } = wholetape.timeline;
  const { Release } = wholetape.waveform;

  /** The pieces with their edges placed by the waveform, and apart what stands in place of the original. */
  const secondLook = (pieces, scorer, sound, original) => {
    const release = new Release(sound, scorer.n * PRINT.hop);
    const placed = stepped(closely(pieces, release, original), release, original);
    const parted = absent(placed, scorer, release, original), known = new Set(placed);
    const fresh = new Set([...parted.keys()].filter((k) => parted[k] instanceof Foreign && !known.has(parted[k])));
    if (!fresh.size) return parted;
    return closely(parted, release, original, fresh).map((piece, k) => (fresh.has(k) ? established(piece) : piece));
  };

  /** A piece that only the waveform parted; too short or faint a one may be what an encoder made of a moment. */
  const established = (piece) => {
    if (!(piece instanceof Foreign)) return piece;
    const length = piece.end_ms - piece.start_ms;
    const moment = length < ABSENT.sure_ms || (length < ABSENT.faint_ms && piece.evidence < ABSENT.faint);
    return moment ? piece.with({ content: Content.MASKED }) : piece;
  };

  wholetape.secondlook = { secondLook };
})((globalThis.wholetape ??= {}));
