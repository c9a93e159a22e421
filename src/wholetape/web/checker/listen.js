// One pass over a recording's sound: its frames, track by track, and its 8 kHz sound set aside for a second look.
((wholetape) => {
  "use strict";
  const { PRINT } = wholetape.params;
  const { round } = wholetape.numbers;
  const { FrameStream, frameCount, join, makeFrames, slice } = wholetape.bands;
  const { ALL_CHANNELS, trackOf } = wholetape.printfile;
  const { Resampler, sane } = wholetape.resample;

  const SAME = 10 ** (-9 / 10), QUIET = 10 ** (-36 / 10), CANCELLED = 10 ** (-11 / 10), FAINT = 1e-6;
  const COMPARED_HZ = 11025, PART_S = 0.05, SILENT = 1e-7, PIECE = 1 << 20;

  /** Sound at 8 kHz, 16 bit, in pieces. */
  class Spool {
    constructor() {
      this.pieces = [];
      this.length = 0;
    }

    append(sound) {
      for (let at = 0; at < sound.length; ) {
        const within = this.length % PIECE;
        if (!within) this.pieces.push(new Int16Array(PIECE));
        const piece = this.pieces.at(-1), n = Math.min(PIECE - within, sound.length - at);
        for (let i = 0; i < n; i++) piece[within + i] = Math.max(-32768, Math.min(32767, round(sound[at + i] * 32768)));
        at += n;
        this.length += n;
      }
    }

    copy() {
      return Object.assign(new Spool(), { pieces: this.pieces.map((piece) => piece.slice()), length: this.length });
    }

    read(start, end) {
      start = Math.max(0, start);
      end = Math.min(end, this.length);
      const out = new Float32Array(Math.max(0, end - start));
      for (let at = start; at < end; ) {
        const piece = this.pieces[Math.floor(at / PIECE)], within = at % PIECE, n = Math.min(PIECE - within, end - at);
        for (let i = 0; i < n; i++) out[at - start + i] = piece[within + i] / 32768;
        at += n;
      }
      return out;
    }
  }

  /** One track: while it is being made, and after. */
  class Voice {
    constructor(stream, channel, rate, keep) {
      this.stream = stream;
      this.channel = channel;
      this.resampler = new Resampler(rate);
      this.stream8k = new FrameStream();
      this.parts = [];
      this.spool = keep ? new Spool() : null;
      this.sound = (start, end) => this.spool.read(start, end);
    }

    take(sound) {
      this.handOn(this.resampler.feed(sound));
    }

    finish() {
      this.handOn(this.resampler.finish());
      this.parts.push(this.stream8k.finish());
      this.frames = join(this.parts);
      this.parts = [];
      this.silent = !this.frames.level.some((level) => level);
    }

    handOn(sound) {
      this.spool?.append(sound);
      this.parts.push(this.stream8k.feed(sound));
    }

    get samples() {
      return this.spool ? this.spool.length : 0;
    }
  }

  const joined = (one, other) => {
    const out = new Float32Array(one.length + other.length);
    out.set(one);
    out.set(other, one.length);
    return out;
  };

  /** (n,) the mean of channels. */
  const meanOf = (block) => {
    if (block.length === 1) return block[0];
    const out = Float32Array.from(block[0]);
    for (let c = 1; c < block.length; c++) for (let i = 0; i < out.length; i++) out[i] += block[c][i];
    for (let i = 0; i < out.length; i++) out[i] /= block.length;
    return out;
  };

  /** Takes the blocks of one stream and feeds the mean of its channels, and each channel from where they differ. */
  class Listener {
    constructor(stream, rate, { keepSound, keepMean }) {
      Object.assign(this, { stream, rate, keepSound, keepMean: keepMean || !keepSound });
      this.mean = new Voice(stream, ALL_CHANNELS, rate, keepSound);
      this.channels = [];
      this.part = Math.max(1, round(rate * PART_S));
      this.step = Math.max(1, round(rate / COMPARED_HZ));
      this.loud = 0;
      this.rest = null;
      this.cancel = [];
      this.bridge = -1; // where the last of them ends, or what is too faint behind it
      this.received = 0;
    }

    /** One block: an array of channels, each as many samples. */
    take(block) {
      if (block.length > 1) { // parts are counted from the first sample on, however the file is decoded
        if (this.rest) block = block.map((channel, c) => joined(this.rest[c], channel));
        const whole = block[0].length - (block[0].length % this.part);
        this.rest = block.map((channel) => channel.slice(whole));
        block = block.map((channel) => channel.subarray(0, whole));
      }
      if (block[0].length) this.hear(block);
    }

    hear(block) {
      block = block.map(sane);
      const mean = meanOf(block);
      if (block.length > 1) {
        if (!this.channels.length && this.differ(block)) this.open(block.length);
        if (this.channels.length) this.watch(block, mean);
      }
      this.channels.forEach((voice, c) => voice.take(block[c]));
      if (this.keepMean || !this.channels.length) this.mean.take(mean);
      this.received += mean.length;
    }

    /** True when a channel is not the first one, but for its gain, in some part of the block. */
    differ(block) {
      const size = Math.min(this.part, block[0].length), parts = Math.max(1, Math.floor(block[0].length / this.part));
      if (!size) return false;
      const lowered = block.map((channel) => Array.from({ length: parts }, (_, p) => this.lower(channel, p * this.part, size)));
      const product = (a, b) => {
        let total = 0;
        for (let i = 0; i < a.length; i++) total += a[i] * b[i];
        return total / a.length;
      };
      const powers = lowered.map((channel) => channel.map((part) => product(part, part)));
      for (const channel of powers) for (const power of channel) this.loud = Math.max(this.loud, power);
      const quiet = Math.max(SILENT, this.loud * QUIET);
      for (let c = 1; c < block.length; c++) {
        let before = false;
        for (let p = 0; p < parts; p++) {
          const one = powers[0][p], two = powers[c][p], cross = product(lowered[0][p], lowered[c][p]);
          const active = one > quiet || two > quiet, residual = one * two - cross * cross;
          const alike = residual <= SAME * one * two && cross > 0;
          const even = Math.abs(one - two) <= 0.5 * Math.max(one, two);
          const apart = active && !(alike && even);
          if (apart && (residual > 0.4 * one * two || !even || before)) return true;
          before = apart;
        }
      }
      return false;
    }

    /** What the print can hear of samples; above, codecs put a noise of their own in each channel. */
    lower(samples, start, size) {
      const { step } = this, count = Math.floor(size / step);
      if (count * step < 3 * step) return samples.subarray(start, start + size);
      const means = new Float32Array(count), out = new Float32Array(count - 2);
      for (let i = 0; i < count; i++) {
        let total = 0;
        for (let k = 0; k < step; k++) total += samples[start + i * step + k];
        means[i] = total / step;
      }
      for (let i = 0; i < out.length; i++) out[i] = 0.25 * (means[i] + means[i + 2]) + 0.5 * means[i + 1];
      return out;
    }

    /** Begin a voice for each channel; up to here they are the mean. */
    open(channels) {
      const past = this.mean, done = join(past.parts);
      past.parts = [done];
      for (let channel = 0; channel < channels; channel++) {
        const voice = new Voice(this.stream, channel, this.rate, this.keepSound);
        voice.resampler = past.resampler.copy();
        voice.stream8k = past.stream8k.copy();
        voice.parts = [done];
        if (voice.spool) voice.spool = past.spool.copy();
        this.channels.push(voice);
      }
    }

    /** Note the parts where the channels cancel each other in their mean. */
    watch(block, mean) {
      for (let start = 0; start + this.part <= mean.length; start += this.part) {
        let loudest = 0, all = 0, summed = 0;
        for (const channel of block) {
          let power = 0;
          for (let i = start; i < start + this.part; i++) power += channel[i] * channel[i];
          power /= this.part;
          loudest = Math.max(loudest, power);
          all += power;
        }
        for (let i = start; i < start + this.part; i++) summed += mean[i] * mean[i];
        const at = this.received + start, last = this.cancel.at(-1);
        if (loudest <= FAINT && this.bridge === at) this.bridge = at + this.part; // says nothing, and parts nothing
        if (!(loudest > FAINT && summed / this.part < (all / block.length ** 2) * CANCELLED)) continue;
        if (last && this.bridge >= at - this.part) last[1] = at + this.part;
        else this.cancel.push([at, at + this.part]);
        this.bridge = at + this.part;
      }
    }

    /** No more blocks: the voices, the mean first. */
    finish() {
      if (this.rest?.[0].length) this.hear(this.rest);
      const voices = this.channels.length && !this.keepMean ? this.channels : [this.mean, ...this.channels];
      voices.forEach((voice) => voice.finish());
      return voices;
    }

    /** Stretches of 0.1 s and more, at 8 kHz, where the channels cancel, unless they do all the way. */
    cancelled() {
      const spans = this.cancel.filter(([a, b]) => b - a >= 2 * this.part);
      if (spans.reduce((total, [a, b]) => total + b - a, 0) > 0.8 * this.received) return [];
      const scale = PRINT.rate / this.rate;
      return spans.map(([a, b]) => ({ stream: this.stream, start: round(a * scale), end: round(b * scale) }));
    }
  }

  /** `frames` cut or padded with silence to so many. */
  const fit = (frames, length) =>
    frames.n >= length ? slice(frames, 0, length) : join([frames, makeFrames(length - frames.n)]);

  /** The print of what was heard. */
  const toPrint = (heard) => ({
    samples: heard.samples,
    recording: heard.digest,
    tracks: heard.voices.map((voice) => trackOf(fit(voice.frames, frameCount(heard.samples)), voice.stream, voice.channel)),
  });

  wholetape.listen = { Listener, toPrint };
})((globalThis.wholetape ??= {}));
