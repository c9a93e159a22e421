// Stretches that the print took for the reference, and in which the original's sound is not heard: short words, mutes.
((wholetape) => {
  "use strict";
  const { ABSENT, EDITS, PRINT, WAVE } = wholetape.params;
  const { median, round, spread } = wholetape.numbers;
  const { Content, content, inner, pause, steady } = wholetape.gaps;
  const { laid, missed, present, usualOf } = wholetape.presence;
  const { Held, partOf } = wholetape.segments;
  const { Foreign } = wholetape.timeline;
  const { lay } = wholetape.waveform;

  /** The pieces, with what stands in place of the original apart from the stretches that were held. */
  const absent = (pieces, scorer, release, original) => {
    const chunks = pieces.map((piece) => (piece instanceof Held ? chunksOf(piece, release, original) : []));
    const every = chunks.flat();
    if (!every.length) return pieces;
    const step = Math.max(1, Math.floor(every.length / ABSENT.sample));
    const usual = usualOf(every.filter((_, k) => k % step === 0).map((chunk) => laid(release, original, ...chunk)));
    if (usual.median < ABSENT.faithful) return pieces;
    const limit = Math.min(ABSENT.most, ABSENT.share * usual.median);
    return pieces.flatMap((piece, k) => {
      if (!(piece instanceof Held)) return [unmasked(piece, k ? pieces[k - 1] : null, scorer, release, original, usual, limit)];
      const holes = chunks[k].flatMap((chunk) => holesOf(scorer, release, original, chunk, usual, limit));
      return parted(scorer, piece, joined(holes), limit);
    });
  };

  /** A stretch that the print could not judge for noise: silence where the original is missed, for nothing lies over
   * it, and other sound where the original is not under it. */
  const unmasked = (piece, before, scorer, release, original, usual, limit) => {
    if (piece.content !== Content.MASKED || !(before instanceof Held) || !before.offsets) return piece;
    const [a, b] = inner(piece.start_ms, piece.end_ms);
    const start = Math.max(0, a - ABSENT.beside), end = Math.min(scorer.n, b + ABSENT.beside);
    const near = laid(release, original, start, end, round((before.offsets[1] * PRINT.rate) / 1000));
    if (piece.end_ms - piece.start_ms >= ABSENT.sure_ms && missed(near, a - start, b - start, usual)) {
      return piece.with({ content: Content.SILENT, evidence: Math.max(piece.evidence, EDITS.clear) });
    }
    if (steady(scorer, a, b)) return piece;
    const [presence, heard] = present(near, usual);
    const first = Math.max(0, a - start - 1), last = Math.min(presence.length, Math.max(first + 1, b - start - ABSENT.window + 2));
    let gone = last > first;
    for (let i = first; i < last; i++) gone = gone && heard[i] && presence[i] < limit;
    return gone ? piece.with({ content: Content.OTHER }) : piece;
  };

  /** Pieces [start, end, lag] of a held stretch over which it follows one filter, its edges left out. */
  const chunksOf = (held, release, original) => {
    if (held.speed !== 1 || !held.offsets) return [];
    const first = Math.ceil(held.start_ms / 10) + ABSENT.edge, last = Math.trunc(held.end_ms / 10) - ABSENT.edge;
    const cuts = spread(first, last, Math.max(1, round((last - first) / ABSENT.chunk)) + 1), out = [];
    for (let k = 0; k + 1 < cuts.length; k++) {
      const a = cuts[k], b = cuts[k + 1];
      if (b - a < ABSENT.least) continue;
      const along = ((a + b) / 2 - first) / Math.max(1, last - first);
      let lag = round(((held.offsets[0] * (1 - along) + held.offsets[1] * along) * PRINT.rate) / 1000);
      if (Math.abs(held.offsets[1] - held.offsets[0]) > ABSENT.drift_ms) {
        lag = lay(release, original, a * PRINT.hop, b * PRINT.hop, lag, WAVE.reach)?.lag ?? lag;
      }
      out.push([a, b, lag]);
    }
    return out;
  };

  /** Stretches of a chunk in which the original is absent: {start, end, presence, signs, alone}. */
  const holesOf = (scorer, release, original, [start, stop, lag], usual, limit) => {
    const end = Math.min(stop, scorer.n);
    let [presence, heard] = present(laid(release, original, start, end, lag), usual);
    const seen = presence.filter((_, i) => heard[i]);
    if (seen.length && median(seen) < ABSENT.share * usual.median) {
      const found = lay(release, original, start * PRINT.hop, end * PRINT.hop, lag, WAVE.reach);
      if (!found) return [];
      [presence, heard] = present(laid(release, original, start, end, found.lag), usual);
    }
    const low = presence.map((value, i) => (heard[i] && value < limit ? 1 : 0)), groups = [];
    low.forEach((gone, i) => {
      if (!gone) return;
      const last = groups.at(-1);
      if (last && i - last[1] <= ABSENT.window) last[1] = i;
      else groups.push([i, i]);
    });
    if (!groups.length) return [];
    const signs = scorer.llr(start, end, round(lag / PRINT.hop));
    return groups.map(([a, last]) => {
      const b = last + ABSENT.window, near = [];
      let least = Infinity, total = 0;
      for (let i = Math.max(0, a - ABSENT.beside); i < Math.min(low.length, b + ABSENT.beside); i++) {
        if ((i < a || i >= b) && heard[i] && !low[i]) near.push(presence[i]);
      }
      for (let i = a; i <= last; i++) if (low[i]) least = Math.min(least, presence[i]);
      const until = Math.min(b, signs.length);
      for (let i = a; i < until; i++) total += signs[i];
      const alone = near.length > 0 && median(near) >= ABSENT.clear * usual.median;
      return { start: start + a, end: start + b, presence: least, signs: total / (until - a), alone };
    });
  };

  const joined = (holes) => {
    const out = [];
    for (const hole of holes) {
      const last = out.at(-1);
      if (last && hole.start <= last.end + ABSENT.window) {
        out[out.length - 1] = {
          start: last.start, end: hole.end, presence: Math.min(last.presence, hole.presence),
          signs: Math.max(last.signs, hole.signs), alone: last.alone && hole.alone,
        };
      } else out.push(hole);
    }
    return out;
  };

  /** The held stretch with foreign pieces for its holes, and doubts where its signs contradict. */
  const parted = (scorer, held, holes, limit) => {
    const out = [];
    let rest = held;
    for (const hole of holes) {
      const start = hole.start * 10, end = hole.end * 10;
      const diagonal = held.runs.find(([a, b]) => a <= hole.start && hole.start < b)?.[2] ?? held.first;
      if (pause(scorer, start, end, diagonal)) continue;
      const what = content(scorer, start, end, [diagonal, diagonal], true);
      const buried = !hole.alone || steady(scorer, hole.start, Math.min(hole.end, scorer.n));
      if (what === Content.OTHER && (buried || hole.signs > ABSENT.held)) {
        if (hole.end - hole.start >= ABSENT.doubt) rest = rest.with({ doubts: [...rest.doubts, [start, end]] });
        continue;
      }
      out.push(partOf(rest, rest.start_ms, start), new Foreign(start, end, what, EDITS.clear * (1.5 - hole.presence / limit)));
      rest = partOf(rest, end, held.end_ms);
    }
    return [...out, rest];
  };

  wholetape.absent = { absent };
})((globalThis.wholetape ??= {}));
