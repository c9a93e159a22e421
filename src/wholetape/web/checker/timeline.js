// The release as a row of pieces: held stretches with refined edges, and what stands between them.
((wholetape) => {
  "use strict";
  const { EDITS } = wholetape.params;
  const { round, sum } = wholetape.numbers;
  const { foreignRate, needed } = wholetape.clarity;
  const { doubtful } = wholetape.doubt;
  const { Content, breakEdges, content, elsewhere, inner, masked, pause } = wholetape.gaps;
  const { paces, without } = wholetape.paces;
  const { Held, segments } = wholetape.segments;

  /** Sound between two held stretches that is not the reference's there; edges in ms of the release's frame clock. */
  class Foreign {
    constructor(start_ms, end_ms, content, evidence) {
      Object.assign(this, { start_ms, end_ms, content, evidence });
    }

    with(changes) {
      return Object.assign(new Foreign(), this, changes);
    }
  }

  /** Pieces in the release's order, from its first to its last millisecond; two held ones may meet at a jump. */
  const timeline = (scorer, runs, sound, jitter = 1) => {
    const sped = sound ? paces(scorer, runs, sound) : [];
    let held = segments(scorer, without(runs, sped), jitter);
    if (!held.length) return [];
    held = joinSame(scorer, held, sped);
    let pieces = [held[0]];
    for (const now of held.slice(1)) {
      const before = pieces.pop();
      const between = sped.filter((p) => before.end_ms <= p.start_ms + 5 && p.end_ms <= now.start_ms + 5);
      pieces.push(...(between.length ? atPace(before, between, now) : betweenOf(scorer, before, now)));
    }
    pieces = withoutVisits(atEnds(pieces, sped));
    pieces = pieces.map((p) => (p instanceof Held ? p.with({ doubts: doubtful(scorer, p) }) : p));
    const end = scorer.n * 10;
    let first = pieces[0];
    if (first.start_ms > 0 && first instanceof Held && goesOn(scorer, 0, first.start_ms, first.first)) {
      pieces[0] = first = first.with({ start_ms: 0 });
    }
    let last = pieces.at(-1);
    if (last.end_ms < end && last instanceof Held && goesOn(scorer, last.end_ms, end, last.last)) {
      pieces[pieces.length - 1] = last = last.with({ end_ms: end });
    }
    if (first.start_ms > 0) pieces.unshift(edgePiece(scorer, 0, first.start_ms, first));
    if (last.end_ms < end) pieces.push(edgePiece(scorer, last.end_ms, end, last));
    return pieces;
  };

  /** The pieces; moments elsewhere, between two stretches of one place, are masked sound, or nothing if very short. */
  const withoutVisits = (pieces) => {
    const out = pieces.slice(0, 1);
    for (let now of pieces.slice(1)) {
      const before = out.at(-2), visit = out.at(-1);
      if ([before, visit, now].every((p) => p instanceof Held && p.speed === 1)) {
        const offset = now.ref_start_ms - now.start_ms - (before.ref_end_ms - before.end_ms);
        const length = visit.end_ms - before.end_ms;
        if (Math.abs(offset) <= EDITS.same_place_ms && length < EDITS.visit_ms) {
          const end = Math.max(before.end_ms, visit.end_ms);
          if (length > EDITS.same_ms) out[out.length - 1] = new Foreign(before.end_ms, end, Content.MASKED, visit.evidence);
          else out.splice(-2, 2, before.with({ end_ms: end }));
          now = now.with({ start_ms: end });
        }
      }
      out.push(now);
    }
    return out;
  };

  /** The stretches at another speed, and those on both sides up to their edges. */
  const atPace = (before, sped, after) => [
    before.with({ end_ms: sped[0].start_ms }),
    ...sped.map((one, k) => (k + 1 < sped.length ? heldOf(one).with({ end_ms: sped[k + 1].start_ms }) : heldOf(one))),
    after.with({ start_ms: sped.at(-1).end_ms }),
  ];

  /** The pieces, with what the release begins and ends with at another speed. */
  const atEnds = (pieces, sped) => {
    const first = pieces[0], last = pieces.at(-1);
    const head = sped.filter((p) => p.end_ms <= first.start_ms + 5).map(heldOf);
    const tail = sped.filter((p) => p.start_ms >= last.end_ms - 5).map(heldOf);
    if (head.length) pieces[0] = first.with({ start_ms: head.at(-1).end_ms });
    if (tail.length) pieces[pieces.length - 1] = pieces.at(-1).with({ end_ms: tail[0].start_ms });
    return [...head, ...pieces, ...tail];
  };

  const heldOf = (pace) => {
    const start = round(pace.start_ms / 10), end = Math.max(start + 1, round(pace.end_ms / 10));
    const diagonal = round((pace.ref_start_ms - pace.start_ms) / 10);
    return new Held([[start, end, diagonal]], pace.start_ms, pace.end_ms, {
      shift: pace.ref_start_ms - pace.start_ms - 10 * diagonal, speed: pace.speed.ratio, evidence: pace.evidence,
    });
  };

  /** Join stretches of one diagonal where nothing speaks strongly enough for foreign sound between them. */
  const joinSame = (scorer, held, sped) => {
    const out = [held[0]], rate = foreignRate(scorer);
    for (const now of held.slice(1)) {
      const before = out.at(-1);
      const apart = sped.some((p) => before.end_ms <= p.start_ms + 5 && p.end_ms <= now.start_ms + 5);
      if (Math.abs(now.first - before.last) <= 1 && !apart) {
        const edges = breakEdges(scorer, before.last, before.last, before.end, now.start, [before.start, now.end]);
        const least = leastOf(scorer, rate, edges.left, edges.right, before.last);
        if (edges.evidence < least || pause(scorer, edges.left, edges.right, before.last)) {
          const runs = [...before.runs, [before.end, now.start, before.last], ...now.runs];
          out[out.length - 1] = before.with({ runs: runs.filter((r) => r[1] > r[0]), end_ms: now.end_ms });
          continue;
        }
      }
      out.push(now);
    }
    return out;
  };

  /** Nats below which what lies between the edges is the reference's own sound, which the copy's codec wore down. */
  const leastOf = (scorer, rate, left, right, diagonal) => {
    const share = rate >= EDITS.worn_rate ? EDITS.worn_share : EDITS.worn_share_phone;
    const foreign = sum(scorer.ifForeign(...inner(left, right), diagonal));
    let least = Math.max(needed(rate, right - left), share * foreign);
    if (rate < EDITS.clear_rate) least = Math.max(least, Math.min(EDITS.worn_sure, EDITS.worn_share_unsure * foreign));
    const mute = least > EDITS.mute_evidence && content(scorer, left, right, [diagonal], true) !== Content.OTHER;
    return mute ? EDITS.mute_evidence : least;
  };

  /** The two stretches with refined edges, and what is between them. */
  const betweenOf = (scorer, before, after) => {
    const same = Math.abs(after.first - before.last) <= 1;
    const target = same ? before.last : after.first;
    const edges = breakEdges(scorer, before.last, target, before.end, after.start, [before.start, after.end]);
    const { left, right, evidence } = edges;
    if (Math.abs(after.first - before.last) <= EDITS.drift_step && evidence < EDITS.drift_evidence) {
      return [before.with({ runs: [...before.runs, ...after.runs], end_ms: after.end_ms })];
    }
    const head = before.with({ end_ms: Math.max(before.start_ms, left) });
    const tail = after.with({ start_ms: Math.min(after.end_ms, right) });
    if (right - left < 10) return [head, tail.with({ evidence })];
    const found = elsewhere(scorer, left, right, [before.last, after.first]);
    if (found !== null) return withPassage(scorer, head, tail, found, evidence);
    const missing = tail.ref_start_ms - head.ref_end_ms;
    let what = content(scorer, left, right, [before.last, after.first], missing > EDITS.same_ms);
    const even = same && Math.abs(missing - (right - left)) <= 2 * EDITS.same_ms;
    const faint = right - left < EDITS.far_s * 1000 && evidence < EDITS.far_sure && foreignRate(scorer) < EDITS.far_rate;
    if (what === Content.OTHER && even && (faint || masked(scorer, left, right, before.last))) what = Content.MASKED;
    return [head, new Foreign(left, right, what, evidence), tail.with({ evidence })];
  };

  /** A passage from elsewhere in the references, its own edges found, between two stretches. */
  const withPassage = (scorer, head, tail, diagonal, evidence) => {
    const a = round(head.end_ms / 10), b = round(tail.start_ms / 10), middle = Math.floor((a + b) / 2);
    const left = breakEdges(scorer, head.last, diagonal, a, a, [Math.max(0, a - 30), middle]);
    const right = breakEdges(scorer, diagonal, tail.first, b, b, [middle, Math.min(scorer.n, b + 30)]);
    const start = left.right, end = right.left, runs = [[a, Math.max(b, a + 1), diagonal]];
    if (end - start < 50) return [head, new Held(runs, head.end_ms, tail.start_ms, { evidence }), tail];
    return [
      head.with({ end_ms: left.left }),
      new Held(runs, start, end, { evidence }),
      tail.with({ start_ms: right.right, evidence }),
    ];
  };

  /** True when a head or tail is a pause as it is in the reference, which stands behind all of it. */
  const goesOn = (scorer, start, end, diagonal) =>
    behind(scorer, start, end, diagonal) && pause(scorer, start, end, diagonal);

  /** True when the reference stands behind all of a head or tail. */
  const behind = (scorer, start, end, diagonal) => {
    const a = Math.trunc(start / 10), b = Math.max(a + 1, Math.trunc(end / 10)), { usable } = scorer.axis;
    if (a + diagonal < 0 || b + diagonal > scorer.axis.n) return false;
    return usable.subarray(a + diagonal, b + diagonal).every(Boolean);
  };

  /** What stands before the first or behind the last held stretch. */
  const edgePiece = (scorer, start, end, beside) => {
    if (end - start < EDITS.head_ms) return new Foreign(start, end, Content.NONE, 0);
    const first = Math.trunc(start / 10), last = Math.max(first + 1, Math.trunc(end / 10));
    const found = elsewhere(scorer, start, end, []);
    if (found !== null) return new Held([[first, last, found]], start, end, { evidence: EDITS.clear });
    const diagonal = beside instanceof Held ? beside.first : 0;
    let what = content(scorer, start, end, [diagonal, diagonal], true);
    if (what === Content.OTHER && masked(scorer, start, end, diagonal)) what = Content.MASKED;
    const score = -scorer.total(first, last, diagonal);
    const worn = what === Content.OTHER && behind(scorer, start, end, diagonal);
    if (worn && score < leastOf(scorer, foreignRate(scorer), start, end, diagonal)) what = Content.MASKED;
    return new Foreign(start, end, what, Math.max(0, score));
  };

  wholetape.timeline = { Foreign, timeline };
})((globalThis.wholetape ??= {}));
