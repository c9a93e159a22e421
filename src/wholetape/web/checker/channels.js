// Which track of a reference a track of the release is held against, and what of the reference nobody can hear.
((wholetape) => {
  "use strict";
  const { EDITS, PRINT } = wholetape.params;
  const { argmax, median, ones } = wholetape.numbers;
  const { FrameStream, join } = wholetape.bands;
  const { ALL_CHANNELS } = wholetape.printfile;
  const { Axis, Scorer, loudLevel } = wholetape.score;
  const { probe } = wholetape.trace;

  const PROBES = 6, PIECE = 1 << 20, CLEARLY = 0.8;

  /** The print's track for that channel of that stream, else its first one. */
  const trackNamed = (print, stream, channel) =>
    print.tracks.find((track) => track.stream === stream && track.channel === channel) ?? print.tracks[0];

  /** The track of the reference that the voice is a copy of: the one of its name, unless it clearly fits another. */
  const trackFor = (voice, reference) => {
    const usual = trackNamed(reference.print, voice.stream, voice.channel);
    const tracks = reference.print.tracks.filter((track) => track.stream === usual.stream);
    if (tracks.length < 2) return usual;
    const [stretches] = probe(new Scorer(voice.frames, new Axis([tracks[0]])), PROBES);
    if (!stretches.length) return usual;
    const errors = tracks.map((track) => -errorOf(voice.frames, track, stretches));
    const best = argmax(errors);
    return -errors[best] < CLEARLY * errorOf(voice.frames, usual, stretches) ? tracks[best] : usual;
  };

  /** Share of the firm signs that differ when the stretches are laid beside the track. */
  const errorOf = (frames, track, stretches) => {
    let differ = 1, seen = 1;
    for (const [start, end, diagonal] of stretches) {
      const first = Math.max(start, -diagonal), last = Math.min(end, track.n - diagonal);
      for (let i = 2 * first; i < 2 * last; i++) {
        differ += ones((frames.words[i] ^ track.words[i + 2 * diagonal]) & frames.high[i]);
        seen += ones(frames.high[i]);
      }
    }
    return differ / seen;
  };

  /** Names of the channels of the reference that are in none of the tracks used, in plain words. */
  const unheard = (reference, used) =>
    reference.print.tracks
      .filter((track) => {
        const same = used.filter((other) => other.stream === track.stream);
        const silent = !track.levels.some((level) => level & 127);
        const heard = same.some((other) => other === track || other.channel === ALL_CHANNELS);
        return track.channel !== ALL_CHANNELS && same.length && !silent && !heard;
      })
      .map((track) => `channel ${track.channel + 1} of the reference is not heard in the release`);

  /** How the release's audio streams differ in silence or length, in plain words; nothing for a single one. */
  const streamsApart = (heard) => {
    const streams = [...new Set(heard.voices.map((voice) => voice.stream))].sort((a, b) => a - b);
    if (streams.length < 2) return [];
    const of = (stream) => heard.voices.filter((voice) => voice.stream === stream);
    const silent = (stream) => of(stream).every((voice) => voice.silent);
    const out = [];
    for (const stream of streams) {
      const seconds = of(stream)[0].samples / PRINT.rate, first = heard.samples / PRINT.rate;
      if (silent(stream) && !streams.every(silent)) out.push(`stream ${stream + 1} is silent`);
      else if (Math.abs(seconds - first) >= EDITS.head_ms / 1000) {
        out.push(`stream ${stream + 1} is ${seconds.toFixed(1)} s long, stream 1 ${first.toFixed(1)} s`);
      }
    }
    return out;
  };

  /** True when the mean of the channels falls where they cancel, and does not at that place of the reference. */
  const fades = (heard, gone, reference, place) => {
    const level = meanLevel(heard.voices.filter((voice) => voice.stream === gone.stream));
    const track = trackNamed(reference.print, gone.stream, ALL_CHANNELS), hop = PRINT.hop * PRINT.level_frames;
    const levels = track.levels.map((byte) => byte & 127);
    const own = level.subarray(Math.floor(gone.start / PRINT.hop), Math.ceil(gone.end / PRINT.hop));
    const other = levels.subarray(Math.floor(place[0] / hop), Math.ceil(place[1] / hop));
    if (!own.length || !other.length) return false;
    return median(other) - median(own) - (loudLevel(levels) - loudLevel(level)) >= EDITS.mute_drop / 2;
  };

  /** (n,) levels of the mean of one stream's channels. */
  const meanLevel = (voices) => {
    const whole = voices.find((voice) => voice.channel === ALL_CHANNELS);
    if (whole) return whole.frames.level;
    const stream = new FrameStream(), parts = [];
    const length = Math.min(...voices.map((voice) => voice.samples));
    for (let at = 0; at < length; at += PIECE) {
      const sounds = voices.map((voice) => voice.sound(at, Math.min(length, at + PIECE)));
      parts.push(stream.feed(sounds[0].map((_, i) => sounds.reduce((total, sound) => total + sound[i], 0) / sounds.length)));
    }
    return join([...parts, stream.finish()]).level;
  };

  wholetape.channels = { trackFor, unheard, streamsApart, fades };
})((globalThis.wholetape ??= {}));
