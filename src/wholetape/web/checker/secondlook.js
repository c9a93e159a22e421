// The second look at an alignment, where the original's sound is at hand: edges, steps, and what is absent.
((wholetape) => {
  "use strict";
  const { PRINT } = wholetape.params;
  const { absent } = wholetape.absent;
  const { closely } = wholetape.closely;
  const { stepped } = wholetape.steps;
  const { Foreign } = wholetape.timeline;
  const { Release } = wholetape.waveform;

  /** The pieces with their edges placed by the waveform, and apart what stands in place of the original. */
  const secondLook = (pieces, scorer, sound, original) => {
    const release = new Release(sound, scorer.n * PRINT.hop);
    const placed = stepped(closely(pieces, release, original), release, original);
    const parted = absent(placed, scorer, release, original), known = new Set(placed);
    const fresh = new Set([...parted.keys()].filter((k) => parted[k] instanceof Foreign && !known.has(parted[k])));
    return fresh.size ? closely(parted, release, original, fresh) : parted;
  };

  wholetape.secondlook = { secondLook };
})((globalThis.wholetape ??= {}));
