// One track of a release against the references: probe, trace, tell; numbers stay on the frame clock until the end.
// What is found is {listing, axis, foreignRate, held, late}; listing is null when nothing of the references was found.
((wholetape) => {
  "use strict";
  const { ALIGN, EDITS, PRINT, SPEED } = wholetape.params;
  const { argmax, cumulated, mean, parted } = wholetape.numbers;
  const { foreignRate } = wholetape.clarity;
    const { Kind, inOrder, listing } = wholetape.edl;
  const { hushed } = wholetape.hush;
  const { lateness, reframed } = wholetape.phase;
  const { gathered } = wholetape.settle;
  const { LEVELS, Scorer } = wholetape.score;
  const { secondLook } = wholetape.secondlook;
  const { lean, searchRatio, slope, warped } = wholetape.speed;
  const { timeline } = wholetape.timeline;
  const { probe, trace } = wholetape.trace;

  /** Align one track with the axis; `like`: what another channel of the same stream was found to be. */
  const compare = (voice, axis, progress = () => {}, like = null) => {
    const found = (like && followed(voice, axis, progress, like)) ?? align(voice.frames, axis, voice.sound, progress);
    if (!("ratio" in found)) return found;
    let speed = found;
    for (let k = 0; k < 3; k++) {
      const refined = align(warped(voice.sound, 0, voice.samples, speed), axis, null, progress, SPEED.drift / 10);
      if (!("ratio" in refined)) return atSpeed(refined, speed);
      speed = { ratio: speed.ratio * refined.ratio, resampled: speed.resampled };
    }
    return atSpeed(align(warped(voice.sound, 0, voice.samples, speed), axis, null, progress, 1), speed);
  };

  /** The comparison of a channel that lies where another one does; null when it does not, or not clearly. */
  const followed = (voice, axis, progress, like) => {
    if (!like.held.length || !like.late || like.late.length !== voice.frames.n) return null;
    const scorer = new Scorer(reframed(voice.frames, voice.sound, like.late), axis, like.late);
    scorer.adopt(scorer.estimate(like.held));
    const fits = like.held.map(([a, b, d]) => mean(scorer.llr(a, b, d, Math.max(1, Math.floor((b - a) / 50)))));
    return Math.min(...fits) < ALIGN.holds / ALIGN.holds_window ? null : tell(scorer, voice.sound, like.held, progress);
  };

  /** The comparison at the frames' own speed, or the speed at which the release should be looked at instead. */
  const align = (frames, axis, sound, progress, drift = SPEED.drift) => {
    let scorer = new Scorer(frames, axis);
    const [stretches, tried] = probe(scorer);
    if (sound && stretches.length < 0.7 * tried && !rightSpeed(stretches)) {
      const speed = searchRatio(sound, spots(scorer), axis);
      if (speed) return speed;
    }
    if (!stretches.length) return { listing: null, axis, foreignRate: 0, held: [] };
    const leaning = sound ? lean(scorer, stretches) : 0;
    if (leaning) {
      const speed = searchRatio(sound, spots(scorer), axis, 1 + leaning);
      if (speed) return speed;
    }
    scorer.adopt(scorer.estimate(stretches));
    let runs = trace(scorer, (share) => progress(share / 2));
    const steady = slope(runs);
    if (Math.abs(steady) >= drift) {
      const speed = (sound && searchRatio(sound, spots(scorer), axis, 1 + steady)) ?? { ratio: 1 + steady, resampled: true };
      if (!sound || explains(scorer, runs) < explainedAt(speed, sound, frames.n, axis)) return speed;
    }
    if (sound) {
      let late, laid;
      [runs, laid] = gathered(scorer, runs);
      [late, runs] = lateness(scorer, runs, sound, laid);
      if (late.some((samples) => samples)) scorer = new Scorer(reframed(frames, sound, late), axis, late);
    }
    const held = runs.filter(([a, b, d]) => d !== null && b - a > 60).map(([a, b, d]) => [a + 15, b - 15, d]);
    held.push(...lostInNoise(scorer, runs));
    if (held.length) scorer.adopt(scorer.estimate(held));
    return tell(scorer, sound, held, (share) => progress(0.5 + share / 2));
  };

  /** Frames by which a place may move without an edit: more where another microphone heard it, and others talk. */
  const jitterOf = (scorer) => (foreignRate(scorer) < EDITS.apart_rate ? EDITS.talkers : 1);

  /** The listing of a release whose error rates are known, counted on `held`. */
  const tell = (scorer, sound, held, progress) => {
    const { axis } = scorer;
    const runs = trace(scorer, progress, held);
    let pieces = hushed(scorer, timeline(scorer, runs, sound, sound ? jitterOf(scorer) : SPEED.jitter));
    if (sound && axis.original) pieces = secondLook(pieces, scorer, sound, axis.original);
    if (!pieces.length) return { listing: null, axis, foreignRate: 0, held: [] };
    return { listing: listing(pieces, axis), axis, foreignRate: foreignRate(scorer), held: sound ? held : [], late: scorer.late };
  };

  /** Nats a frame by which the runs explain the release, changes of place taken off. */
  const explains = (scorer, runs) => {
    let total = 0;
    runs.forEach(([a, b, d], k) => {
      if (d !== null) total += scorer.total(a, b, d);
      if (!k) return;
      const before = runs[k - 1][2];
      total -= before === null || d === null ? ALIGN.leave : Math.abs(d - before) === 1 ? ALIGN.drift : ALIGN.jump;
    });
    return total / Math.max(1, scorer.n);
  };

  /** Nats a frame by which the release of so many frames is explained when it is looked at at that speed. */
  const explainedAt = (speed, sound, count, axis) => {
    const scorer = new Scorer(warped(sound, 0, count * PRINT.hop, speed), axis);
    const [stretches] = probe(scorer);
    if (!stretches.length) return 0;
    scorer.adopt(scorer.estimate(stretches));
    return explains(scorer, trace(scorer));
  };

  /** True when two stretches well apart lie on one diagonal, which no other speed would leave standing. */
  const rightSpeed = (stretches) =>
    stretches.some((now, k) => stretches.slice(0, k).some((before) =>
      Math.abs(now[2] - before[2]) <= 1 && now[0] - before[0] >= SPEED.least_frames));

  /** First samples of the release's loudest sections, spread over it. */
  const spots = (scorer) => {
    const length = Math.trunc(SPEED.section_s * 100);
    return parted(scorer.n, SPEED.sections).map(([start, end]) => {
      if (end - start <= length) return (end > start ? start : 0) * PRINT.hop;
      const total = cumulated(scorer.frames.level.subarray(start, end));
      const sums = Float64Array.from({ length: end - start - length + 1 }, (_, i) => total[i + length] - total[i]);
      return (start + argmax(sums)) * PRINT.hop;
    });
  };

  /** The comparison on the release's own clock, with the change of speed as one edit. */
  const atSpeed = (found, speed) => {
    if (!found.listing) return found;
    const { ratio } = speed, own = ([a, b]) => [a / ratio, b / ratio];
    const entries = found.listing.entries.map((entry) => ({ ...entry, release: own(entry.release) }));
    const tiles = found.listing.tiles.map((tile) => ({ ...tile, release: own(tile.release), speed: ratio }));
    const kept = tiles.filter((tile) => tile.kind === Kind.KEPT && tile.reference);
    if (kept.length && Math.abs(ratio - 1) >= SPEED.drift) {
      const first = kept[0], last = kept.at(-1);
      entries.push({
        kind: Kind.SPEED, release: [first.release[0], last.release[1]],
        reference: [first.reference[0], last.reference[1]], confidence: 0.999, speed: ratio,
      });
    }
    return { ...found, listing: { entries: inOrder(entries), tiles, covered: found.listing.covered } };
  };

  /** Quiet stretches that were lost and found again at the same place: they count for the error rates of quiet. */
  const lostInNoise = (scorer, runs) =>
    runs
      .filter(([a, b, d], k) => {
        const before = runs[k - 1]?.[2] ?? null, after = runs[k + 1]?.[2] ?? null;
        if (d !== null || before === null || before !== after) return false;
        const quiet = scorer.loudness.subarray(a, b).reduce((n, loud) => n + (loud < LEVELS - 4 ? 1 : 0), 0);
        return quiet / (b - a) > 0.8;
      })
      .map(([a, b]) => [a, b, runs.find((run) => run[1] === a)[2]]);

  wholetape.compare = { compare };
})((globalThis.wholetape ??= {}));
