// Sound that was slowed down or sped up: find the ratio, then look at it as if it had been played right.
// A speed is {ratio, resampled}: reference seconds per release second, and whether the pitch went with it.
((wholetape) => {
  "use strict";
  const { PRINT, SPEED } = wholetape.params;
  const { median, mean } = wholetape.numbers;
  const { framesAt, join, slice } = wholetape.bands;
  const { Scorer } = wholetape.score;
  const { search } = wholetape.search;

  /** Frames of samples [start, end) as if played at the right speed; frame i is centred on start + 80 i / ratio. */
  const warped = (sound, start, end, speed) => {
    const step = PRINT.hop / speed.ratio, reach = 12;
    const total = Math.ceil((end - start) / step), parts = [];
    for (let first = 0; first < total; first += SPEED.block) {
      const last = Math.min(total, first + SPEED.block), lead = Math.min(reach, first);
      const offset = (first - lead) * step, base = Math.floor(offset);
      const stop = Math.min(end, start + Math.trunc((last + reach) * step) + PRINT.window);
      const piece = framesAt(sound(start + base, stop), speed.ratio, speed.resampled, offset - base);
      parts.push(slice(piece, lead, Math.min(piece.n, lead + last - first)));
    }
    return join(parts);
  };

  /** The speed at which the sections that begin at the samples `spots` are found in the axis, or null at any. */
  const searchRatio = (sound, spots, axis, near = null) => {
    let best = 0, answer = null, plain = 0, each = SPEED.frames;
    const length = Math.trunc(SPEED.section_s * PRINT.rate);
    let ratios = near === null ? SPEED.ratios : [near - 0.008, near - 0.004, near, near + 0.004, near + 0.008];
    if (near === null && axis.n > SPEED.long_axis) {
      ratios = ratios.filter((r) => Math.abs(r - 1) <= SPEED.usual);
      spots = spots.slice(0, 2);
      each = SPEED.frames >> 1;
    }
    for (const ratio of ratios) {
      for (const resampled of ratio === 1 ? [false] : [true, false]) {
        let total = 0;
        for (const spot of spots) {
          const frames = framesAt(sound(spot, spot + length), ratio, resampled);
          const places = search(new Scorer(frames, axis), 0, frames.n, 0, axis.n, each);
          total += places.length ? Math.max(0, places[0].z - SPEED.noise_z) : 0;
        }
        if (ratio === 1) plain = total;
        else if (total > best) { best = total; answer = { ratio, resampled }; }
      }
    }
    return answer === null || best < SPEED.least * spots.length || best < 1.3 * plain ? null : answer;
  };

  /** Frames by which the diagonal moves per frame within most of the stretches; 0 when they do not agree on any. */
  const lean = (scorer, stretches) => {
    const found = [];
    for (const [start, end, diagonal] of stretches) {
      const third = Math.floor((end - start) / 3);
      if (third < 40) continue;
      const places = [start, start + third, end - third].map((a) =>
        search(scorer, a, a + third, diagonal - 40, diagonal + 40, third, 1, 3)[0]);
      if (!places.every((p) => p && p.z >= 4)) continue;
      const [first, half, last] = places.map((p) => p.diagonal);
      if (Math.abs(half - (first + last) / 2) <= 0.5 + SPEED.bent * Math.abs(last - first)) {
        found.push((last - first) / (2 * third));
      }
    }
    if (found.length < 2) return 0;
    const middle = median(found);
    const agree = mean(found.map((value) => (Math.abs(value - middle) <= 0.011 ? 1 : 0)));
    return agree >= 0.6 && Math.abs(middle) >= SPEED.steep ? middle : 0;
  };

  /** Frames by which the diagonal moves per frame of the release, the same nearly everywhere; else 0. */
  const slope = (runs) => {
    const found = [];
    for (const group of staircases(runs)) {
      const length = group.at(-1)[1] - group[0][0];
      if (length < SPEED.least_frames) continue;
      const [value, off] = fit(group);
      found.push({ value: off <= SPEED.straight ? value : 0, length });
    }
    if (!found.length) return 0;
    found.sort((a, b) => a.value - b.value);
    const all = found.reduce((total, one) => total + one.length, 0);
    let reached = 0, middle = 0;
    for (const { value, length } of found) {
      middle = value;
      reached += length;
      if (reached >= all / 2) break;
    }
    const agree = found.reduce((total, one) => total + (Math.abs(one.value - middle) < SPEED.agree ? one.length : 0), 0) / all;
    return agree >= 0.5 && Math.abs(middle) >= SPEED.drift ? middle : 0;
  };

  /** Groups of touching runs whose diagonals differ by at most two frames from one to the next. */
  const staircases = (runs) => {
    const groups = [];
    for (const [a, b, d] of runs) {
      if (d === null) continue;
      const last = groups.at(-1)?.at(-1);
      if (last && last[1] === a && Math.abs(last[2] - d) <= 2) groups.at(-1).push([a, b, d]);
      else groups.push([[a, b, d]]);
    }
    return groups;
  };

  /** Slope of the diagonal over a group, by least squares over its frames, and how far it is off that line (RMS). */
  const fit = (group) => {
    const time = [], place = [];
    for (const [a, b, d] of group) for (let i = a; i < b; i += 4) { time.push(i); place.push(d); }
    const mt = mean(time), mp = mean(place);
    let tt = 0, tp = 0, off = 0;
    for (let i = 0; i < time.length; i++) { tt += (time[i] - mt) ** 2; tp += (time[i] - mt) * (place[i] - mp); }
    const slope = tp / Math.max(1, tt);
    for (let i = 0; i < time.length; i++) off += (place[i] - mp - slope * (time[i] - mt)) ** 2;
    return [slope, Math.sqrt(off / time.length)];
  };

  wholetape.speed = { warped, searchRatio, lean, slope };
})((globalThis.wholetape ??= {}));
