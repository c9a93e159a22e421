// From compared tracks to the answer: edits of all channels in one list, coverage, and the outcome by the rules.
// heard: {name, digest, codec, streams, hasPicture, damage: [{at, reason}], samples, voices, cancelled}.
// A reference: {facts: {path, kind, sha256, duration, standing, capture, withheld}, print, voices}.
((wholetape) => {
  "use strict";
  const { CALIBRATION, EDITS, PRINT } = wholetape.params;
  const { round } = wholetape.numbers;
  const { fades, streamsApart, trackFor, unheard } = wholetape.channels;
  const { compare } = wholetape.compare;
  const { Kind } = wholetape.edl;
  const { ALL_CHANNELS } = wholetape.printfile;
  const { Axis } = wholetape.score;
  const { hex } = wholetape.sha256;
  const { LIMIT, coverage, overlay, referenceAt, tidy } = wholetape.tiles;
  const { Original } = wholetape.waveform;

  const PER_MS = PRINT.rate / 1000, DAMAGE_S = 0.4, SURE = 0.9;
  const Outcome = { WHOLE: "whole", EXCERPT: "excerpt", EDITED: "edited", UNRELATED: "unrelated", UNDECIDED: "undecided" };

  /** The result of checking one release that was listened to. */
  const conclude = (heard, references, progress = () => {}) => {
    const voices = voicesToCheck(heard), lengths = references.map((reference) => reference.print.samples);
    const notes = [], told = [], used = [], openEnds = streamsApart(heard);
    voices.forEach((voice, k) => {
      used.push(references.map((reference) => trackFor(voice, reference)));
      const axis = axisOf(used.at(-1), references);
      const like = told.find((other) => other.voice.stream === voice.stream)?.compared ?? null;
      const found = compare(voice, axis, (share) => progress((k + share) / voices.length), like);
      told.push(tell(voice, found, heard.samples, lengths));
    });
    references.forEach((reference, n) => openEnds.push(...unheard(reference, used.map((tracks) => tracks[n]))));
    const main = told.find((track) => track.compared.listing);
    if (!main) return nothingFound(heard, references, !told.length);
    let [edits, spans] = merged(told, main, heard, references, notes);
    edits = edits.map((edit) => besideDamage(edit, heard, notes));
    let [covered, missing] = coverage(main.edits, spans, main.covered, lengths, heard.samples);
    let outcome = outcomeOf(edits, spans, missing, openEnds.length > 0);
    [outcome, covered] = ofExcerpts(outcome, covered, references, notes);
    const digest = hex(heard.digest);
    if (outcome === Outcome.WHOLE && references.some((reference) => hex(reference.print.recording) === digest)) {
      spans = spans.map((span) => ({ ...span, exact: true }));
    }
    return {
      outcome, release: releaseFacts(heard), references: references.map((reference) => reference.facts), edits, spans,
      coverage: covered, detects: detects(main.compared.foreignRate), missing, notes: [...notes, ...openEnds],
    };
  };

  /** The axis of these tracks, with their sound where all of it is at hand. */
  const axisOf = (tracks, references) => {
    const axis = new Axis(tracks);
    const voices = tracks.map((track, k) =>
      references[k].voices.find((voice) => voice.stream === track.stream && voice.channel === track.channel));
    if (voices.every((voice) => voice)) axis.original = new Original(voices.map((voice) => [voice.sound, voice.samples]), axis.starts);
    return axis;
  };

  /** The mean of a stream's channels, or each channel where they differ; silent ones are left out. */
  const voicesToCheck = (heard) =>
    [...new Set(heard.voices.map((voice) => voice.stream))].sort((a, b) => a - b).flatMap((stream) => {
      const all = heard.voices.filter((voice) => voice.stream === stream);
      const channels = all.filter((voice) => voice.channel !== ALL_CHANNELS);
      return (channels.length ? channels : all).filter((voice) => !voice.silent);
    });

  const tell = (voice, compared, total, lengths) => {
    const { listing, axis } = compared;
    const open = (start) => ({ kind: Kind.UNVERIFIED, release: [start, total], source: null, reference: null, speed: 1, exact: false });
    if (!listing) return { voice, edits: [], spans: [open(0)], covered: [], compared };
    const edits = listing.entries.map((entry) => {
      const [source, reference] = onSource(entry.reference, axis);
      return { kind: entry.kind, release: spanOf(entry.release, total), source, reference, confidence: calibrated(entry.confidence, compared.foreignRate), speed: entry.speed, where: "" };
    });
    const spans = [];
    let at = 0;
    for (const tile of listing.tiles) {
      const end = Math.min(total, Math.max(at, round(tile.release[1] * PER_MS)));
      if (end <= at) continue;
      const [source, reference] = onSource(tile.reference, axis);
      spans.push({ kind: tile.kind, release: [at, end], source, reference, speed: tile.speed, exact: false });
      at = end;
    }
    if (at < total) spans.push(open(at));
    const covered = listing.covered.map((interval) => onSource(interval, axis));
    return { voice, edits, spans: tidy(spans, lengths), covered, compared };
  };

  const spanOf = ([from, to], total) => {
    const start = Math.min(total, Math.max(0, round(from * PER_MS)));
    return [start, Math.min(total, Math.max(start, round(to * PER_MS)))];
  };

  /** An interval of the axis as a source and a span of it. */
  const onSource = (interval, axis) => {
    if (!interval) return [null, null];
    const source = axis.sourceOf(Math.trunc((interval[0] + interval[1]) / 20));
    const base = axis.starts[source] * 10, limit = axis.lengths[source] * PRINT.hop;
    const start = Math.min(limit, Math.max(0, round((interval[0] - base) * PER_MS)));
    return [source, [start, Math.min(limit, Math.max(start, round((interval[1] - base) * PER_MS)))]];
  };

  /** One list of edits for all tracks, and the main track's tiles with what other tracks hold laid over them. */
  const merged = (told, main, heard, references, notes) => {
    const found = [];
    let { spans } = main;
    told.forEach((track, k) => {
      for (const edit of track.edits) {
        const same = found.find((other) => alike(edit, other.edit) && !other.owners.has(k));
        if (same) {
          if (edit.confidence > same.edit.confidence) same.edit = edit;
          same.owners.add(k);
        } else found.push({ edit, owners: new Set([k]) });
      }
      if (track === main) return;
      spans = overlay(spans, track.spans);
      if (!track.compared.listing) notes.push(`${nameOf(track.voice, heard)} holds nothing that was found in the reference`);
    });
    const edits = found.map(({ edit, owners }) => ({
      ...edit,
      where: owners.size === told.length ? "" : [...owners].sort((a, b) => a - b).map((k) => nameOf(told[k].voice, heard)).join(", "),
    }));
    for (const gone of heard.cancelled) {
      const span = [Math.min(gone.start, heard.samples), Math.min(gone.end, heard.samples)];
      const [source, reference] = referenceAt(main.spans, span);
      if (source === null || !reference || !fades(heard, gone, references[source], reference)) continue;
      edits.push({ kind: Kind.MUTED, release: span, source, reference, confidence: 0.95, speed: 1, where: "the sum of the channels" });
      spans = overlay(spans, [{ kind: Kind.MUTED, release: span, source, reference, speed: 1, exact: false }]);
    }
    edits.sort((x, y) => x.release[0] - y.release[0] || x.release[1] - y.release[1]);
    return [edits, spans];
  };

  /** The edit, doubted where the file is damaged: a lost packet leaves the same hole as a cut. */
  const besideDamage = (edit, heard, notes) => {
    const near = DAMAGE_S * PRINT.rate;
    for (const damage of heard.damage) {
      const at = damage.at === null ? null : round(damage.at * PRINT.rate);
      if (at !== null && (at < edit.release[0] - near || at > edit.release[1] + near)) continue;
      const where = at === null ? "somewhere" : `at ${damage.at.toFixed(2)} s`;
      const note = `the file is damaged ${where}: what is missing there may have been lost, not taken out`;
      if (!notes.includes(note)) notes.push(note);
      return { ...edit, confidence: Math.min(edit.confidence, 0.5) };
    }
    return edit;
  };

  const nameOf = (voice, heard) =>
    [heard.streams > 1 ? `stream ${voice.stream + 1}` : "", voice.channel === ALL_CHANNELS ? "" : `channel ${voice.channel + 1}`]
      .filter((part) => part).join(" ") || "the sound";

  /** True when two tracks tell the same edit. */
  const alike = (a, b) => {
    const near = 0.06 * PRINT.rate;
    return a.kind === b.kind && a.source === b.source && [0, 1].every((k) => Math.abs(a.release[k] - b.release[k]) <= near);
  };

  /** The rules of the design, in their order; openEnds: a channel or stream that the spans do not speak of. */
  const outcomeOf = (edits, spans, missing, openEnds) => {
    if (edits.some((edit) => edit.confidence >= SURE)) return Outcome.EDITED;
    const unverified = spans.some((s) => s.kind === Kind.UNVERIFIED && s.release[1] - s.release[0] >= LIMIT);
    if (edits.length || openEnds || unverified) return Outcome.UNDECIDED;
    return missing.length ? Outcome.EXCERPT : Outcome.WHOLE;
  };

  /** Outcome and coverage of recordings of which only an excerpt is at hand: the whole excerpt is not the whole. */
  const ofExcerpts = (outcome, covered, references, notes) => {
    const shares = covered.references.map((share, k) => {
      const { duration, withheld: [before, after] } = references[k].facts;
      if (!before && !after) return share;
      notes.push(
        `the reference is an excerpt of ${duration.toFixed(1)} s: of the recording, ${before.toFixed(1)} s before it ` +
        `and ${after.toFixed(1)} s after it are withheld`,
      );
      return (share * duration) / (duration + before + after);
    });
    const part = references.some(({ facts }) => Math.max(...facts.withheld) >= EDITS.head_ms / 1000);
    return [outcome === Outcome.WHOLE && part ? Outcome.EXCERPT : outcome, { ...covered, references: shares }];
  };

  const nothingFound = (heard, references, silent) => {
    const short = heard.samples < PRINT.rate;
    let note = silent ? "the release is silent: there is nothing to compare" : "";
    if (short && !silent) note = "the release is shorter than a second: too short to find in a reference";
    return {
      outcome: silent || short ? Outcome.UNDECIDED : Outcome.UNRELATED, release: releaseFacts(heard),
      references: references.map((reference) => reference.facts), edits: [],
      spans: [{ kind: Kind.UNVERIFIED, release: [0, heard.samples], source: null, reference: null, speed: 1, exact: false }],
      coverage: { references: references.map(() => 0), release: 0, unverified: 1 }, detects: {}, missing: [], notes: note ? [note] : [],
    };
  };

  const releaseFacts = (heard) => ({
    path: heard.name, sha256: hex(heard.digest), duration: heard.samples / PRINT.rate, codec: heard.codec,
    streams: heard.streams, has_picture: heard.hasPicture, damage: heard.damage.map((d) => `${d.at === null ? "somewhere" : `${d.at.toFixed(2)} s`}: ${d.reason}`),
  });

  /** The confidence of an edit: the share of edits with such evidence that were real when they were counted. */
  const calibrated = (evidenced, clarity) => {
    const points = clarity < EDITS.far_rate ? CALIBRATION.apart : CALIBRATION.clear;
    const next = points.findIndex(([evidence]) => evidence > evidenced);
    if (next <= 0) return points[next < 0 ? points.length - 1 : 0][1];
    const [[a, low], [b, high]] = points.slice(next - 1, next + 1);
    return low + ((high - low) * (evidenced - a)) / (b - a);
  };

  /** Shortest edits found 95 times in 100, in seconds, from how many nats a frame of foreign sound costs this copy. */
  const detects = (rate) => {
    if (rate < EDITS.faint_rate) return {};
    const two = (x) => round(x * 100) / 100, foreign = 0.06 + 0.45 / rate;
    const least = rate < EDITS.far_rate ? EDITS.far_s : 0;
    const over = two(Math.max(least, rate < EDITS.clear_rate ? EDITS.phone_over_s : 0.15, foreign + 0.05));
    return {
      cut: two(Math.max(least, 0.03, 0.015 + 0.12 / rate)), inserted: two(Math.max(least, 0.08, foreign)),
      replaced: over, muted: over,
    };
  };

  wholetape.conclude = { Outcome, conclude };
})((globalThis.wholetape ??= {}));
