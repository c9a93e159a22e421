// From pieces to the edit decision list: one entry for what was done at each place, and tiles of the whole release.
// An entry is {kind, release, reference, confidence, speed}, a tile {kind, release, reference, speed}; ms clocks.
((wholetape) => {
  "use strict";
  const { EDITS, STEPS } = wholetape.params;
  const { mainChain, splitOverlap } = wholetape.chain;
  const { Content } = wholetape.gaps;
  const { Held } = wholetape.segments;
  const { Foreign } = wholetape.timeline;

  const Kind = {
    KEPT: "kept", CUT: "cut", INSERTED: "inserted", REPLACED: "replaced", REPEATED: "repeated", MOVED: "moved",
    MUTED: "muted", SPEED: "speed", UNVERIFIED: "unverified",
  };

  /** How sure a finding with so many nats of evidence is. */
  const confidence = (evidence) => 1 / (1 + Math.exp(-(evidence - 16) / 7));

  const length = (piece) => piece.end_ms - piece.start_ms;
  const entryOf = (kind, release, reference, sure, speed = 1) => ({ kind, release, reference, confidence: sure, speed });
  const tileOf = (kind, release, reference, speed = 1) => ({ kind, release, reference, speed });

  /** By their spans' starts, then ends; stable. */
  const inOrder = (entries) => [...entries].sort((x, y) => x.release[0] - y.release[0] || x.release[1] - y.release[1]);

  /** Builds a listing from pieces. */
  class List {
    constructor(pieces, axis) {
      this.axis = axis;
      pieces = withinSources(pieces, axis);
      const all = pieces.filter((p) => p instanceof Held);
      const [held, members] = splitOverlap(all, mainChain(all));
      this.chain = held.filter((_, k) => members.has(k));
      const foreign = pieces.filter((p) => p instanceof Foreign);
      this.row = [...held, ...foreign].sort((x, y) => x.start_ms - y.start_ms || x.end_ms - y.end_ms);
      this.entries = [];
      this.tiles = [];
      this.moved = [];
    }

    /** What the axis holds between two members of the chain, when both are in one source. */
    missingBetween(before, after) {
      if (!before || !after || this.source(before) !== this.source(after)) return null;
      return [before.ref_end_ms, after.ref_start_ms];
    }

    /** The source that a stretch is from, by its middle: refined edges may lie a little beyond its ends. */
    source(piece) {
      return this.axis.sourceOf(Math.trunc((piece.ref_start_ms + piece.ref_end_ms) / 20));
    }

    /** Enter the end of one source and the beginning of a later one when they are left out where the two join. */
    sessionEnds(before, after) {
      if (!before || !after || this.source(before) === this.source(after)) return;
      const one = this.source(before), other = this.source(after);
      const end = (this.axis.starts[one] + this.axis.lengths[one]) * 10, begin = this.axis.starts[other] * 10;
      for (const [at, gone] of [[before.end_ms, [before.ref_end_ms, end]], [after.start_ms, [begin, after.ref_start_ms]]]) {
        if (gone[1] - gone[0] >= EDITS.head_ms) this.entries.push(entryOf(Kind.CUT, [at, at], gone, confidence(after.evidence)));
      }
    }

    build() {
      const members = new Set(this.chain);
      let block = [], before = null;
      for (const piece of this.row) {
        if (!members.has(piece)) {
          block.push(piece);
          continue;
        }
        this.settle(before, block, piece);
        this.tiles.push(...tilesOf(piece));
        if (piece.speed !== 1) {
          const reference = [piece.ref_start_ms, piece.ref_end_ms];
          this.entries.push(entryOf(Kind.SPEED, [piece.start_ms, piece.end_ms], reference, confidence(piece.evidence), piece.speed));
        }
        before = piece;
        block = [];
      }
      this.settle(before, block, null);
      const entries = inOrder(this.entries.flatMap((entry) => this.withoutMoved(entry)));
      const covered = [...this.chain.map((h) => [h.ref_start_ms, h.ref_end_ms]), ...this.moved];
      return { entries, tiles: this.tiles, covered };
    }

    cut(at, missing, after) {
      this.entries.push(entryOf(Kind.CUT, [at, at], missing, confidence(after.evidence)));
    }

    /** Enter what stands between two members of the chain (or at the head or tail). */
    settle(before, block, after) {
      const missing = this.missingBetween(before, after), gone = missing ? missing[1] - missing[0] : 0;
      this.sessionEnds(before, after);
      const spare = (before?.speed ?? 1) !== 1 || (after?.speed ?? 1) !== 1 ? 120 : 0;
      let slight = slightOf(block, spare);
      if (slight.length !== block.length) slight = slightOf(block, EDITS.least_passage_ms);
      this.tiles.push(...slight.flatMap(tilesOf));
      block = block.filter((p) => !slight.includes(p));
      block = withoutSlivers(block);
      if (!block.length) {
        if (missing && before && after && gone > leastCut(before, after) + spare) this.cut(after.start_ms, missing, after);
        return;
      }
      const long = block.reduce((total, p) => total + length(p), 0);
      const seam = long < Math.max(EDITS.same_ms, Math.min(EDITS.seam_ms, 0.3 * gone)) && gone > long;
      if (seam && missing && after && block.every((p) => p instanceof Foreign)) {
        this.cut((block[0].start_ms + block.at(-1).end_ms) / 2, missing, after);
        this.tiles.push(...block.map((p) => tileOf(Kind.KEPT, [p.start_ms, p.end_ms], null)));
        return;
      }
      const overIt = gone > Math.max(EDITS.same_ms, Math.min(100, 0.3 * long)) || isMaskedMoment(block, gone);
      const standIn = overIt ? this.standIn(block) : null;
      for (const piece of block) {
        const over = piece === standIn ? missing : null;
        if (piece instanceof Held) this.passage(piece, over);
        else this.foreign(piece, over, before, after);
      }
      if (missing && gone > 2 * EDITS.same_ms && standIn === null && after) this.cut(after.start_ms, missing, after);
    }

    /** The piece that stands over what is missing: the longest foreign one, else the longest passage. */
    standIn(block) {
      const foreign = block.filter((p) => p instanceof Foreign);
      return (foreign.length ? foreign : block).reduce((x, y) => (length(y) > length(x) ? y : x));
    }

    /** Reference material out of place: replaced, moved, or repeated. */
    passage(piece, over) {
      const source = [piece.ref_start_ms, piece.ref_end_ms], release = [piece.start_ms, piece.end_ms];
      let kind = Kind.REPEATED;
      if (over) kind = Kind.REPLACED;
      else if (this.shareKept(source) < 0.3) {
        kind = Kind.MOVED;
        this.moved.push(source);
      }
      this.entries.push(entryOf(kind, release, source, confidence(piece.evidence)));
      this.tiles.push(tileOf(kind, release, source));
    }

    /** Sound that is not the reference's. */
    foreign(piece, over, before, after) {
      const release = [piece.start_ms, piece.end_ms];
      if (!before || !after) over = this.besideEdge(piece, before, after);
      let kind = Kind.INSERTED;
      if (piece.content === Content.NONE) {
        this.tiles.push(tileOf(Kind.UNVERIFIED, release, null));
        return;
      }
      if (over) {
        const even = Math.abs(over[1] - over[0] - length(piece)) <= Math.max(100, 0.1 * length(piece));
        kind = Kind.REPLACED;
        if (piece.content === Content.MASKED && even) {
          this.tiles.push(tileOf(Kind.UNVERIFIED, release, over));
          return;
        }
        if ((piece.content === Content.SILENT || piece.content === Content.TONE) && even) kind = Kind.MUTED;
      }
      this.entries.push(entryOf(kind, release, over, confidence(piece.evidence)));
      this.tiles.push(tileOf(kind, release, over));
    }

    /**
     * What of the references a foreign head or tail stands over: when it is as long as what is missing there, and
     * where nothing shows other content, also of an excerpt.
     */
    besideEdge(piece, before, after) {
      const long = length(piece), { starts, lengths } = this.axis;
      let room, span;
      if (after) {
        const source = this.axis.sourceOf(Math.trunc(after.ref_start_ms / 10));
        room = after.ref_start_ms - starts[source] * 10;
        span = [after.ref_start_ms - long, after.ref_start_ms];
      } else if (before) {
        const source = this.axis.sourceOf(Math.trunc(before.ref_end_ms / 10) - 1);
        room = (starts[source] + lengths[source]) * 10 - before.ref_end_ms;
        span = [before.ref_end_ms, before.ref_end_ms + long];
      } else return null;
      const whole = room <= long + EDITS.head_ms || piece.content === Content.MASKED;
      return whole && room >= long - EDITS.head_ms ? span : null;
    }

    /** Share of an interval of the axis that the chain holds. */
    shareKept(span) {
      const kept = this.chain.reduce((total, h) =>
        total + Math.max(0, Math.min(span[1], h.ref_end_ms) - Math.max(span[0], h.ref_start_ms)), 0);
      return kept / Math.max(1, span[1] - span[0]);
    }

    /** A cut less what was moved elsewhere: nothing where all of it was. */
    withoutMoved(entry) {
      if (entry.kind !== Kind.CUT || !entry.reference) return [entry];
      const [first, last] = entry.reference;
      let parts = [entry.reference];
      for (const [a, b] of this.moved) {
        parts = parts.flatMap(([s, e]) => [[s, Math.min(e, a)], [Math.max(s, b), e]]).filter(([s, e]) => e - s > 0);
      }
      if (parts.length === 1 && parts[0][0] === first && parts[0][1] === last) return [entry];
      return parts
        .filter(([s, e]) => e - s > 4 * EDITS.same_ms)
        .map((part) => entryOf(Kind.CUT, entry.release, part, entry.confidence));
    }
  }

  /** ms that must be missing between two stretches for a cut: less where the original's sound told both offsets. */
  const leastCut = (before, after) => (before.offsets && after.offsets ? STEPS.told_ms : 12);

  /** The pieces, with sound between two sources that neither holds standing apart: a pause put in where they join. */
  const withinSources = (pieces, axis) => {
    let out = [];
    for (let piece of pieces) {
      const before = out.findLast((p) => p instanceof Held);
      if (before && piece instanceof Held) {
        const end = bounds(before, axis)[1], begin = bounds(piece, axis)[0];
        const over = Math.max(0, before.ref_end_ms - end), under = Math.max(0, begin - piece.ref_start_ms);
        if (over + under >= EDITS.head_ms) {
          const start = before.end_ms - over, stop = piece.start_ms + under;
          out = out.filter((p) => p.start_ms < start && p !== before);
          out.push(before.with({ end_ms: start }), new Foreign(start, stop, Content.OTHER, EDITS.clear));
          piece = piece.with({ start_ms: stop });
        }
      }
      out.push(piece);
    }
    return out;
  };

  /** The ends of the source that most of the stretch is from, on the axis in ms. */
  const bounds = (piece, axis) => {
    const source = axis.sourceOf(Math.trunc((piece.ref_start_ms + piece.ref_end_ms) / 20));
    const start = axis.starts[source] * 10;
    return [start, start + axis.lengths[source] * 10];
  };

  /** True for masked sound as long as what is missing: it stands over that, however short. */
  const isMaskedMoment = (block, gone) =>
    block.length === 1 && block[0].content === Content.MASKED && Math.abs(gone - length(block[0])) <= EDITS.same_place_ms;

  /** The passages of the block that are no longer than this. */
  const slightOf = (block, longest) => block.filter((p) => p instanceof Held && length(p) <= longest);

  /** The block, with foreign sound taking in the slivers of reference behind it: its edge was not found better. */
  const withoutSlivers = (block) => {
    const out = [];
    for (const piece of block) {
      const last = out.at(-1);
      if (last instanceof Foreign && piece instanceof Held && length(piece) < EDITS.seam_ms) {
        out[out.length - 1] = last.with({ end_ms: piece.end_ms });
      } else out.push(piece);
    }
    return out;
  };

  /** A member of the chain as tiles: kept, but for what nothing ties to its place. */
  const tilesOf = (piece) => {
    const edges = [piece.start_ms, ...piece.doubts.flat(), piece.end_ms], tiles = [];
    for (let k = 0; k + 1 < edges.length; k++) {
      const start = edges[k], end = edges[k + 1];
      if (!(end > start)) continue;
      const ahead = piece.ref_start_ms + (start - piece.start_ms) * piece.speed;
      const reference = [ahead, end === piece.end_ms ? piece.ref_end_ms : ahead + (end - start) * piece.speed];
      tiles.push(tileOf(k % 2 ? Kind.UNVERIFIED : Kind.KEPT, [start, end], reference, piece.speed));
    }
    return tiles;
  };

  /** Edits and tiles for pieces, which lie on the axis. */
  const listing = (pieces, axis) => new List(pieces, axis).build();

  wholetape.edl = { Kind, listing, inOrder };
})((globalThis.wholetape ??= {}));
