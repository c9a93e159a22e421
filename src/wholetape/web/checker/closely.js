// With the original's sound at hand, the edges that the print found are placed again, to about a millisecond.
((wholetape) => {
  "use strict";
  const { PRINT, WAVE } = wholetape.params;
  const { cumulated, round } = wholetape.numbers;
  const { Held } = wholetape.segments;
  const { Foreign } = wholetape.timeline;
  const { costs, lay } = wholetape.waveform;

  const PER_MS = PRINT.rate / 1000;

  /** The pieces, their edges and offsets as the waveform tells them; `only`: the foreign pieces to be placed, or all. */
  const closely = (pieces, release, original, only = null) => {
    const asked = (k) => only === null || only.has(k - 1) || only.has(k + 1);
    const sides = pieces.map((piece, k) => (asked(k) ? sidesOf(piece, release, original) : NONE));
    const table = new Table(release, original, [...pieces]);
    pieces.forEach((piece, k) => {
      const before = k ? sides[k - 1].end : null, behind = k + 1 < pieces.length ? sides[k + 1].start : null;
      if (piece instanceof Foreign) {
        if (only === null || only.has(k)) table.apart(k, before, behind);
      } else if (only === null && pieces[k + 1] instanceof Held) table.meet(k, sides[k].end, behind);
    });
    return table.pieces.map((piece, k) => withOffsets(piece, sides[k]));
  };

  const NONE = { start: null, end: null };

  const sidesOf = (piece, release, original) => {
    if (!(piece instanceof Held) || piece.speed !== 1) return NONE;
    const start = round(piece.start_ms * PER_MS), end = round(piece.end_ms * PER_MS);
    const guard = Math.min(WAVE.guard, Math.floor((end - start) / 8)), room = end - start - 2 * guard;
    if (room < WAVE.least_fit) return NONE;
    const ahead = piece.ref_start_ms - piece.start_ms, behind = piece.ref_end_ms - piece.end_ms;
    const first = start + guard, last = end - guard;
    const look = (size) => ({
      start: lay(release, original, first, first + size, ahead * PER_MS, WAVE.reach),
      end: lay(release, original, last - size, last, behind * PER_MS, WAVE.reach),
    });
    const near = look(Math.min(WAVE.fit, room));
    if ((near.start && near.end) || room <= WAVE.fit) return near;
    const wide = look(Math.min(WAVE.more_fit, room)); // too quiet: perhaps more of it tells
    return { start: near.start ?? wide.start, end: near.end ?? wide.end };
  };

  const withOffsets = (piece, sides) => {
    if (!(piece instanceof Held) || (!sides.start && !sides.end)) return piece;
    return piece.with({
      offsets: [
        sides.start ? sides.start.lag / PER_MS : piece.ref_start_ms - piece.start_ms,
        sides.end ? sides.end.lag / PER_MS : piece.ref_end_ms - piece.end_ms,
      ],
    });
  };

  const faithful = (laid) => laid !== null && laid.ratio <= WAVE.faithful;
  const rest = (total) => total.map((value) => total[total.length - 1] - value);
  const added = (one, other) => one.map((value, i) => value + other[i]);
  const lowest = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);

  /** The index of the least value; of several about as small, the one nearest to `near`. */
  const least = (total, near) => {
    const limit = lowest(total) + 1;
    let best = -1;
    for (let i = 0; i < total.length; i++) {
      if (total[i] <= limit && (best < 0 || Math.abs(i - near) < Math.abs(best - near))) best = i;
    }
    return best;
  };

  /** The pieces while their edges are moved. */
  class Table {
    constructor(release, original, pieces) {
      Object.assign(this, { release, original, pieces });
    }

    /** Move the edge at which piece k and the next, both held, meet. */
    meet(k, before, behind) {
      if (!faithful(before) || !faithful(behind)) return;
      const one = this.pieces[k], two = this.pieces[k + 1], at = round(two.start_ms * PER_MS);
      const first = Math.max(at - WAVE.edge, round(one.start_ms * PER_MS));
      const last = Math.min(at + WAVE.edge, round(two.end_ms * PER_MS));
      if (last - first < 2) return;
      const edge = change(this.release, this.original, before, behind, first, last, at) / PER_MS;
      this.pieces[k] = one.with({ end_ms: edge });
      this.pieces[k + 1] = two.with({ start_ms: edge });
    }

    /** Move the edges of the foreign piece k; null for a side that nothing is known of. */
    apart(k, before, behind) {
      const piece = this.pieces[k];
      let left = round(piece.start_ms * PER_MS), right = round(piece.end_ms * PER_MS);
      let first = left - WAVE.edge, last = right + WAVE.edge;
      if (k > 0) first = Math.max(first, round(this.pieces[k - 1].start_ms * PER_MS));
      if (k + 1 < this.pieces.length) last = Math.min(last, round(this.pieces[k + 1].end_ms * PER_MS));
      const both = faithful(before) && faithful(behind);
      if (both && Math.abs(this.missing(k)) <= WAVE.same && before.lag > behind.lag) {
        const length = before.lag - behind.lag; // nothing is missing: one edge tells the other
        const head = this.follow(before, first, last), tail = rest(this.follow(behind, first, last));
        if (last - first > length + 2) {
          const total = head.subarray(0, head.length - length).map((value, i) => value + tail[i + length]);
          left = first + least(total, left - first);
          right = left + length;
        }
      } else if (both && right - left <= WAVE.joint) {
        const foreign = this.foreign(before, first, last);
        const head = this.follow(before, first, last).map((value, i) => value - foreign[i]);
        const behindIt = rest(this.follow(behind, first, last)), other = this.foreign(behind, first, last);
        let best = Infinity;
        const total = head.map((value, i) => {
          best = Math.min(best, value);
          return best + other[i] + behindIt[i];
        });
        const end = least(total, right - first), start = least(head.subarray(0, end + 1), Math.min(left - first, end));
        if (end - start >= WAVE.bare) {
          left = first + start;
          right = first + end;
        }
      } else {
        const middle = Math.floor((left + right) / 2), from = left, to = right;
        if (faithful(before)) {
          const stop = Math.min(from + WAVE.edge, middle);
          const gone = added(this.follow(before, first, stop), rest(this.foreign(before, first, stop)));
          left = first + least(gone, from - first);
        }
        if (faithful(behind)) {
          const begin = Math.max(to - WAVE.edge, middle);
          const back = added(this.foreign(behind, begin, last), rest(this.follow(behind, begin, last)));
          right = begin + least(back, to - begin);
        }
      }
      this.set(k, left, right);
    }

    /** Samples of the original that are missing where the foreign piece k stands, as far as the print tells. */
    missing(k) {
      const one = this.pieces[k - 1], two = this.pieces[k + 1];
      if (!(one instanceof Held) || !(two instanceof Held)) return Infinity;
      return (two.ref_start_ms - one.ref_end_ms) * PER_MS;
    }

    set(k, left, right) {
      const start_ms = left / PER_MS, end_ms = right / PER_MS;
      this.pieces[k] = this.pieces[k].with({ start_ms, end_ms });
      if (k > 0) this.pieces[k - 1] = this.pieces[k - 1].with({ end_ms: start_ms });
      if (k + 1 < this.pieces.length) this.pieces[k + 1] = this.pieces[k + 1].with({ start_ms: end_ms });
    }

    follow(laid, first, last) {
      return cumulated(costs(this.release, this.original, laid, first, last).follow);
    }

    foreign(laid, first, last) {
      return cumulated(costs(this.release, this.original, laid, first, last).foreign);
    }
  }

  /** The sample in [first, last] at which following `before` gives way to following `behind`. */
  const change = (release, original, before, behind, first, last, near = Math.floor((first + last) / 2)) => {
    const [one, other] = [before, behind].map((laid) => cumulated(costs(release, original, laid, first, last).follow));
    return first + least(added(one, rest(other)), near - first);
  };

  wholetape.closely = { change, closely };
})((globalThis.wholetape ??= {}));
