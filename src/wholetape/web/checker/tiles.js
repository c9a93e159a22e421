// The tiles of a release: laid over each other, put in order, and summed up as coverage. Spans are [start, end) samples.
((wholetape) => {
  "use strict";
  const { EDITS, PRINT } = wholetape.params;
  const { round } = wholetape.numbers;
  const { Kind } = wholetape.edl;

  const LIMIT = round((EDITS.head_ms / 1000) * PRINT.rate);
  const length = ([start, end]) => end - start;

  /** Slivers at the very head and tail, encoder delay, belong to what stands beside them. */
  const tidy = (spans, lengths) => {
    if (spans.length > 1 && spans[0].kind === Kind.UNVERIFIED && length(spans[0].release) < LIMIT) {
      const sliver = length(spans[0].release), first = spans[1];
      const known = first.reference && [Math.max(0, first.reference[0] - round(sliver * first.speed)), first.reference[1]];
      spans = [{ ...first, release: [0, first.release[1]], reference: known }, ...spans.slice(2)];
    }
    const end = spans.at(-1);
    if (spans.length > 1 && end.kind === Kind.UNVERIFIED && length(end.release) < LIMIT) {
      const sliver = length(end.release), last = spans.at(-2);
      let known = last.reference;
      if (known && last.source !== null) {
        known = [known[0], Math.max(known[1], Math.min(lengths[last.source], known[1] + round(sliver * last.speed)))];
      }
      spans = [...spans.slice(0, -2), { ...last, release: [last.release[0], end.release[1]], reference: known }];
    }
    return spans;
  };

  /** `base` with the stretches of `over` that are not kept laid on top, where base was kept. */
  const overlay = (base, over) => {
    let out = base;
    for (const top of over) {
      if (top.kind === Kind.KEPT || !length(top.release)) continue;
      out = out.flatMap((tile) => {
        const overlaps = tile.release[0] < top.release[1] && top.release[0] < tile.release[1];
        if (tile.kind !== Kind.KEPT || !overlaps) return [tile];
        const a = Math.max(tile.release[0], top.release[0]), b = Math.min(tile.release[1], top.release[1]);
        const parts = [];
        if (a > tile.release[0]) parts.push(cut(tile, tile.release[0], a));
        const [source, reference] = top.reference ? [top.source, top.reference] : referenceAt([tile], [a, b]);
        parts.push({ kind: top.kind, release: [a, b], source, reference, speed: top.speed, exact: false });
        if (b < tile.release[1]) parts.push(cut(tile, b, tile.release[1]));
        return parts;
      });
    }
    return out;
  };

  const cut = (tile, start, end) => {
    const [source, reference] = referenceAt([tile], [start, end]);
    return { ...tile, release: [start, end], source, reference };
  };

  /** Where in the references a span of the release lies, by the tile that holds its start: [source, span]. */
  const referenceAt = (spans, release) => {
    for (const tile of spans) {
      if (!tile.reference || release[0] < tile.release[0] || release[0] >= Math.max(tile.release[1], 1)) continue;
      const share = length(tile.reference) / Math.max(1, length(tile.release));
      const start = tile.reference[0] + round((release[0] - tile.release[0]) * share);
      return [tile.source, [start, Math.max(start, start + round(length(release) * share))]];
    }
    return [null, null];
  };

  /** What is heard of each source, and of the release, so long; and which ends are missing. */
  const coverage = (edits, spans, covered, lengths, total) => {
    const shares = [], missing = [];
    lengths.forEach((long, source) => {
      const heard = union(covered.filter(([k]) => k === source).map(([, span]) => span));
      shares.push(long ? Math.min(1, heard.reduce((sum, span) => sum + length(span), 0) / long) : 1);
      const used = [...spans, ...edits].filter((s) => s.source === source && s.reference).map((s) => s.reference);
      if (!used.length) {
        missing.push({ source, reference: [0, long] });
        return;
      }
      const first = used.reduce((least, s) => Math.min(least, s[0]), Infinity), last = used.reduce((most, s) => Math.max(most, s[1]), 0);
      if (first >= LIMIT) missing.push({ source, reference: [0, first] });
      if (long - last >= LIMIT) missing.push({ source, reference: [last, long] });
    });
    const unverified = spans.reduce((sum, s) => sum + (s.kind === Kind.UNVERIFIED ? length(s.release) : 0), 0);
    const share = total ? unverified / total : 0;
    return [{ references: shares, release: 1 - share, unverified: share }, missing];
  };

  const union = (spans) => {
    const out = [];
    for (const span of [...spans].sort((x, y) => x[0] - y[0] || x[1] - y[1])) {
      const last = out.at(-1);
      if (last && span[0] <= last[1]) last[1] = Math.max(last[1], span[1]);
      else out.push([...span]);
    }
    return out;
  };

  wholetape.tiles = { LIMIT, tidy, overlay, referenceAt, coverage };
})((globalThis.wholetape ??= {}));
