// With the original's sound at hand, the edges that the print found are placed again, to about a millisecond.
((wholetape) => {
  "use strict";
  const { PRINT, WAVE } = wholetape.params;
  const { cumulated, round } = wholetape.numbers;
  const { Held } = wholetape.segments;
  const { Foreign } = wholetape.timeline;
  const { Release, costs, lay } = wholetape.waveform;

  const PER_MS = PRINT.rate / 1000;

  /** The pieces, their edges and offsets as the waveform tells them; where it cannot tell, as they were. */
  const closely = (pieces, sound, length, original) => {
    const release = new Release(sound, length);
    const sides = pieces.map((piece) => sidesOf(piece, release, original));
    const table = new Table(release, original, [...pieces]);
    for (let k = 0; k + 1 < pieces.length; k++) {
      const one = pieces[k], two = pieces[k + 1];
      if (one instanceof Held && two instanceof Held) table.meet(k, sides[k].end, sides[k + 1].start);
      else if (one instanceof Held && two instanceof Foreign) {
        table.apart(k + 1, sides[k].end, k + 2 === pieces.length ? null : sides[k + 2].start);
      } else if (k === 0 && one instanceof Foreign && two instanceof Held) table.apart(0, null, sides[1].start);
    }
    return table.pieces.map((piece, k) => withOffsets(piece, sides[k]));
  };

  const sidesOf = (piece, release, original) => {
    const none = { start: null, end: null };
    if (!(piece instanceof Held) || piece.speed !== 1) return none;
    const start = round(piece.start_ms * PER_MS), end = round(piece.end_ms * PER_MS);
    const guard = Math.min(WAVE.guard, Math.floor((end - start) / 8));
    const size = Math.min(WAVE.fit, end - start - 2 * guard);
    if (size < WAVE.least_fit) return none;
    const ahead = piece.ref_start_ms - piece.start_ms, behind = piece.ref_end_ms - piece.end_ms;
    return {
      start: lay(release, original, start + guard, start + guard + size, ahead * PER_MS, WAVE.reach),
      end: lay(release, original, end - guard - size, end - guard, behind * PER_MS, WAVE.reach),
    };
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
      const total = added(this.follow(before, first, last), rest(this.follow(behind, first, last)));
      const edge = (first + least(total, at - first)) / PER_MS;
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

  wholetape.closely = { closely };
})((globalThis.wholetape ??= {}));
