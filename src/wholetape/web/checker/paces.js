// Stretches of a release that were played at another speed: where the tracker stumbles, a line is laid instead.
// A pace is {start_ms, end_ms, ref_start_ms, speed, evidence}.
((wholetape) => {
  "use strict";
  const { ALIGN, PACES, PRINT } = wholetape.params;
  const { round, clip, line, argmax, cumulated, smoothed, median } = wholetape.numbers;
  const { Scorer } = wholetape.score;
  const { search } = wholetape.search;
  const { warped } = wholetape.speed;
  const { merge, widen } = wholetape.trace;
  const { bestPath, cost } = wholetape.viterbi;

  /** Stretches at another speed, in the release's order. */
  const paces = (scorer, runs, sound) =>
    disturbed(runs, scorer.n).map((region) => paceOf(scorer, runs, region, sound)).filter((pace) => pace !== null);

  /** The runs, with the stretches at another speed left open. */
  const without = (runs, sped) => {
    let out = runs;
    for (const pace of sped) {
      const start = round(pace.start_ms / 10), end = round(pace.end_ms / 10);
      const parts = out.flatMap(([a, b, d]) => [[a, Math.min(b, start), d], [Math.max(a, end), b, d]]);
      out = merge([...parts.filter(([a, b]) => a < b), [start, end, null]].sort((x, y) => x[0] - y[0]));
    }
    return out;
  };

  /** What lies between stretches that hold one diagonal, now and then the next to it, for long. */
  const disturbed = (runs, n) => {
    const steady = [];
    for (let first = 0; first < runs.length; first++) {
      const group = withinOne(runs, first), frames = new Map();
      for (const [a, b, d] of group) frames.set(d, (frames.get(d) ?? 0) + b - a);
      let all = 0, most = null;
      for (const [d, count] of frames) {
        all += count;
        if (most === null || count > frames.get(most)) most = d;
      }
      if (!group.length || all < PACES.steady_frames) continue;
      const kept = group.filter((run) => run[2] === most);
      const start = kept[0][0], end = kept.at(-1)[1];
      if (!steady.length || end > steady.at(-1)[1]) steady.push([start, end, most]);
    }
    const edges = [[0, null], ...steady.map(([, end, d]) => [end, d])];
    const nexts = [...steady.map(([start, , d]) => [start, d]), [n, null]];
    return edges
      .map(([start, before], k) => ({ start, end: nexts[k][0], before, after: nexts[k][1] }))
      .filter(({ start, end }) => steady.length && PACES.least_frames <= end - start && end - start <= PACES.most_frames);
  };

  /** The touching runs from `first` on whose diagonals differ by one at most. */
  const withinOne = (runs, first) => {
    const group = [];
    for (let k = first; k < runs.length; k++) {
      const [a, b, d] = runs[k];
      if (d === null) break;
      if (group.length && (group.at(-1)[1] !== a || group.some((other) => Math.abs(d - other[2]) > 1))) break;
      group.push([a, b, d]);
    }
    return group;
  };

  const endsOf = (region) => [region.before, region.after].filter((d) => d !== null);

  const paceOf = (scorer, runs, region, sound) => {
    const guesses = guessed(runs, region), found = [];
    for (const resampled of guesses.length ? [true, false] : []) {
      let laid = firstLine(scorer, region, sound, guesses.map((ratio) => ({ ratio, resampled })));
      for (let k = 0; k < 3; k++) laid = laid && straightened(scorer, region, sound, laid);
      const pace = laid && placed(scorer, runs, region, laid, sound);
      if (pace) found.push(pace);
    }
    return found.reduce((best, pace) => (best === null || pace.evidence > best.evidence ? pace : best), null);
  };

  /** Ratios at which the region may have been played: from what was caught of it, and from where it leads. */
  const guessed = (runs, region) => {
    const ends = endsOf(region);
    let low = Math.min(...ends) - PACES.astray, high = Math.max(...ends) + PACES.astray;
    if (ends.length === 1) {
      const reach = round(PACES.steepest * (region.end - region.start));
      low -= reach;
      high += reach;
    }
    const caught = runs.filter(([a, b, d]) =>
      d !== null && a >= region.start && b <= region.end && b - a >= 6 && low <= d && d <= high);
    let out = [];
    if (caught.length >= 3 && caught.at(-1)[1] - caught[0][0] >= PACES.least_frames) {
      const time = caught.map(([a, b]) => (a + b) / 2), place = caught.map((run) => run[2]);
      let weight = caught.map(([a, b]) => b - a), slope = 0, level = 0;
      for (let k = 0; k < 3; k++) {
        [slope, level] = line(time, place, weight.map(Math.sqrt));
        weight = weight.map((w, i) => w / (1 + (Math.abs(place[i] - slope * time[i] - level) / 3) ** 2));
      }
      out.push(1 + slope);
    }
    if (!out.length && ends.length === 1) out = [...PACES.blind];
    if (ends.length === 2) out.push(1 + (region.after - region.before) / (region.end - region.start));
    return out.filter((r) => PACES.flattest <= Math.abs(r - 1) && Math.abs(r - 1) <= PACES.steepest);
  };

  /** The best line through a few seconds in the region's middle, at speeds near the guesses. */
  const firstLine = (scorer, region, sound, guesses) => {
    const half = Math.min(PACES.section_frames, region.end - region.start) >> 1;
    const middle = (region.start + region.end) >> 1;
    const first = (middle - half) * PRINT.hop, last = (middle + half) * PRINT.hop;
    const ends = endsOf(region);
    const slack = PACES.astray + (ends.length === 1 ? round(PACES.steepest * (region.end - region.start)) : 0);
    const low = Math.min(...ends) - slack, high = Math.max(...ends) + slack, base = middle - half;
    let best = null;
    for (const guess of guesses) {
      for (const step of PACES.steps) {
        const speed = { ratio: guess.ratio + step, resampled: guess.resampled };
        const frames = warped(sound, first, last, speed);
        const [place] = search(new Scorer(frames, scorer.axis), 0, frames.n, base + low, base + high + frames.n, PACES.compared);
        if (place && (best === null || place.z > best.z)) best = { z: place.z, speed, diagonal: place.diagonal };
      }
    }
    if (best === null || best.z < PACES.least_z) return null;
    return { speed: best.speed, origin: first, diagonal: best.diagonal, offset: 0, scores: new Float64Array(0) };
  };

  /** The line with the lean taken out that its blocks show, over the whole region. */
  const straightened = (scorer, region, sound, laid) => {
    let { ratio } = laid.speed;
    const start = Math.max(0, region.start - PACES.margin) * PRINT.hop;
    const end = Math.min(scorer.n, region.end + PACES.margin) * PRINT.hop;
    const lead = round(((laid.origin - start) / PRINT.hop) * ratio);
    const diagonal = laid.diagonal - lead;
    const part = ((laid.origin - start) / PRINT.hop) * ratio - lead;
    const frames = warped(sound, start, end, laid.speed);
    const other = new Scorer(frames, scorer.axis);
    other.adopt(scorer.model);
    const lean = PACES.lean_frames, width = 2 * lean + 1;
    const scores = Array.from({ length: width }, (_, k) => other.llr(0, frames.n, diagonal + k - lean));
    const count = Math.floor(frames.n / PACES.block_frames);
    if (count < 2) return null;
    const time = [], leans = [], gains = [];
    for (let block = 0; block < count; block++) {
      const from = block * PACES.block_frames;
      const totals = scores.map((row) => {
        let total = 0;
        for (let i = from; i < from + PACES.block_frames; i++) total += row[i];
        return total;
      });
      const top = argmax(totals);
      if (!(totals[top] > PACES.block_nats && top > 0 && top < width - 1)) continue;
      const bend = Math.max(1e-6, 2 * totals[top] - totals[top - 1] - totals[top + 1]);
      time.push((block + 0.5) * PACES.block_frames);
      leans.push(top - lean + clip((0.5 * (totals[top + 1] - totals[top - 1])) / bend, -0.5, 0.5));
      gains.push(totals[top]);
    }
    if (time.length < 2) return null;
    let weight = gains.map(Math.sqrt), slope = 0, level = 0;
    for (let k = 0; k < 4; k++) {
      [slope, level] = time.length > 2 ? line(time, leans, weight) : [0, median(leans)];
      weight = gains.map((gain, i) => Math.sqrt(gain) / (1 + (Math.abs(leans[i] - slope * time[i] - level) / 0.5) ** 2));
    }
    ratio *= 1 + slope;
    const whole = round(level), row = clip(whole + lean, 0, width - 1);
    const jitter = laid.speed.resampled ? 1 : PACES.jitter;
    return {
      speed: { ratio, resampled: laid.speed.resampled },
      origin: start,
      diagonal: diagonal + whole,
      offset: level - whole - part,
      scores: bestOf(scores.slice(Math.max(0, row - jitter), row + jitter + 1)),
    };
  };

  /** (n,) scores along the best of several diagonals, which changes slowly. */
  const bestOf = (rows) => {
    const smooth = rows.map((row) => smoothed(row, 25));
    return Float64Array.from(rows[0], (_, i) => {
      let best = 0;
      for (let k = 1; k < rows.length; k++) if (smooth[k][i] > smooth[best][i]) best = k;
      return rows[best][i];
    });
  };

  /** The line's stretch with its edges, where it explains the release better than the runs do; else null. */
  const placed = (scorer, runs, region, laid, sound) => {
    const { ratio } = laid.speed;
    if (Math.abs(ratio - 1) < PACES.flattest || !laid.scores.length) return null;
    const begin = Math.floor(laid.origin / PRINT.hop), end = Math.min(scorer.n, region.end + PACES.margin);
    const n = end - begin;
    const own = Float64Array.from({ length: n }, (_, i) => laid.scores[clip(round(i * ratio), 0, laid.scores.length - 1)]);
    const before = besides(scorer, begin, end, region.before, laid), after = besides(scorer, begin, end, region.after, laid);
    const head = cumulated(before.map((value, i) => value - own[i])), tail = cumulated(own.map((value, i) => value - after[i]));
    const middle = ((region.start + region.end) >> 1) - begin;
    let left = argmax(head, 0, middle + 1), right = argmax(tail, middle);
    if (region.before === null) left = argmax(cumulated(own.map((value) => -value)), 0, middle + 1);
    if (region.after === null) right = argmax(cumulated(own), middle);
    const frames = right - left;
    let score = 0;
    for (let i = left; i < right; i++) score += own[i];
    if (frames < PACES.least_frames || score < PACES.least_nats * frames) return null;
    const gained = Math.abs(ratio - 1) * frames;
    if (gained < PACES.few_frames) return null;
    let [otherwise, gradual] = asEdits(scorer, runs, begin + left, begin + right, region, sound);
    if (gained < PACES.many_frames || !gradual) otherwise += Math.max(PACES.least_evidence + 2 * ALIGN.jump, PACES.margin_share * score);
    else otherwise *= PACES.share;
    if (score < otherwise) return null;
    return {
      start_ms: (begin + left) * 10,
      end_ms: (begin + right) * 10,
      ref_start_ms: 10 * (laid.diagonal + laid.offset + left * ratio),
      speed: laid.speed,
      evidence: Math.max(PACES.least_evidence, score - otherwise),
    };
  };

  /** (n,) scores of frames [start, end) on what stands beside the line, given the same freedom as the line. */
  const besides = (scorer, start, end, diagonal, laid) => {
    if (diagonal === null) return new Float64Array(end - start);
    const jitter = laid.speed.resampled ? 1 : PACES.jitter;
    return bestOf(Array.from({ length: 2 * jitter + 1 }, (_, k) => scorer.llr(start, end, diagonal + k - jitter)));
  };

  /** Nats by which frames [start, end) are explained by as many edits as it takes; whether most are small steps. */
  const asEdits = (scorer, runs, start, end, region, sound) => {
    const ends = endsOf(region), low = Math.min(...ends), high = Math.max(...ends);
    const caught = runs.filter(([a, b, d]) => d !== null && b > start && a < end).map((run) => run[2]);
    const options = new Set(widen([...ends, ...caught], 1));
    if (high - low <= PACES.most_places) for (let d = low; d <= high; d++) options.add(d);
    const places = [...options].sort((a, b) => a - b).slice(0, 2 * PACES.most_places);
    const scores = places.map((d) => scorer.llr(start, end, d));
    scores.push(new Float32Array(end - start));
    const cuts = { drift: ALIGN.jump, jump: ALIGN.jump, leave: ALIGN.leave }; // a cut of one frame is a cut
    const path = bestPath(scores, places, null, cuts);
    const held = Array.from(path.filter((state) => state < places.length), (state) => places[state]);
    const moves = held.slice(1).map((d, i) => d - held[i]).filter((move) => move);
    const all = moves.reduce((total, move) => total + Math.abs(move), 0);
    const small = moves.reduce((total, move) => total + (Math.abs(move) <= 2 ? Math.abs(move) : 0), 0);
    const largest = moves.reduce((most, move) => Math.max(most, Math.abs(move)), 0);
    const many = PACES.apart * moves.length >= end - start && largest <= PACES.largest_step;
    const oneWay = many && Math.abs(moves.reduce((total, move) => total + move, 0)) >= PACES.one_way * all;
    const gradual = oneWay || small > PACES.gradual * all;
    if (gradual) return [along(scores, places, path, cuts), gradual];
    // what drifts by a frame about its place, as offsets between two frames do, was not cut
    const halves = warped(sound, start * PRINT.hop + PRINT.hop / 2, end * PRINT.hop, { ratio: 1, resampled: false });
    const between = new Scorer(halves, scorer.axis);
    between.adopt(scorer.model);
    places.forEach((diagonal, row) => {
      const beside = [0, 1].map((k) => between.llr(0, end - start, start + diagonal + k));
      scores[row] = Float32Array.from(bestOf([scores[row], ...beside]));
    });
    return [along(scores, places, bestPath(scores, places, null)), gradual];
  };

  /** The score of a path, its steps taken off. */
  const along = (scores, places, path, steps) => {
    let total = 0;
    for (let t = 0; t < path.length; t++) total += scores[path[t]][t] - (t ? cost(places, path[t - 1], path[t], steps) : 0);
    return total;
  };

  wholetape.paces = { paces, without };
})((globalThis.wholetape ??= {}));
