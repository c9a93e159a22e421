// The sound of a file, whatever it is, in order and in bounded memory, on the clock of `ffmpeg -i FILE`.
// What the browser cannot decode is said so: it is never "unrelated".
((wholetape) => {
  "use strict";
  const { UnreadableInput } = wholetape.errors;
  const { isFlac, openFlac } = wholetape.flac;
  const { isMatroska, openMatroska } = wholetape.matroska;
  const { isMp4, openMp4 } = wholetape.mp4;
  const { openAdts, openMp3 } = wholetape.mpegaudio;
  const { isOgg, openOgg } = wholetape.ogg;
  const { text } = wholetape.source;
  const { isWav, openWav } = wholetape.wav;

  const EACH = ["mp3", "aac", "flac"]; // codecs whose decoders make sound of every packet
  const BLOCK_S = 8, QUEUE = 96, RESTARTS = 100;
  const HINT = "convert a copy to FLAC, WAV or MP3, or use the program: wholetape check";
  const KNOWN = [[isWav, openWav], [isMp4, openMp4], [isOgg, openOgg], [isMatroska, openMatroska], [isFlac, openFlac]];
  const NAMES = [
    [/^#!AMR/, "AMR"], [/^\x30\x26\xb2\x75/, "Windows Media"], [/^FORM....AIF/s, "AIFF"], [/^caff/, "CAF"], [/^\.snd/, "AU"],
    [/^RIFF....AVI/s, "AVI"], [/^wvpk/, "WavPack"], [/^MAC /, "Monkey’s Audio"], [/^\x00\x00\x01\xba/, "MPEG program stream"], [/^\.RMF/, "RealMedia"],
  ];

  const unreadable = (words, hint = HINT) => { throw new UnreadableInput(words, hint); };

  /** A reader that ran over the end of a table, or found none: the bytes are a stranger's, so that is the file's fault. */
  const damagedIndex = (problem) => {
    if (problem instanceof UnreadableInput) throw problem;
    if (problem instanceof RangeError || problem instanceof TypeError) unreadable("the file’s index is damaged", "get a fresh copy of it");
    throw problem;
  };

  /** What a file holds: {container, hasPicture, streams}. Nothing is decoded yet. */
  const open = async (source) => {
    if (!source.size) unreadable("the file is empty", "choose the recording again");
    const head = await source.copy(0, 32);
    const [, opened] = KNOWN.find(([is]) => is(head)) ?? [];
    if (opened) {
      const media = await opened(source).catch(damagedIndex);
      if (!media.streams.length) unreadable("the file has no sound in it", "choose a recording; of a video, a copy that still has its sound");
      return media;
    }
    const [stream] = [await openAdts(source), await openMp3(source).catch(damagedIndex)].filter((one) => one).sort((x, y) => x.begin - y.begin);
    const known = NAMES.find(([pattern]) => pattern.test(text(head)));
    if (known || !stream) unreadable(known ? `this browser cannot decode ${known[1]} files` : "this file is no recording that this page knows");
    return { container: stream.codec === "aac" ? "adts" : "mp3", hasPicture: false, streams: [stream] };
  };

  /** The decoded blocks of a stream: arrays of channels, a few seconds each; {rate, block}. */
  async function* blocks(stream, source, progress, damaged) {
    if (stream.blocks) {
      for await (const block of stream.blocks(progress, damaged)) yield { rate: stream.rate, block };
      return;
    }
    if (!stream.config) unreadable(`this browser cannot decode ${stream.codec}`);
    if (typeof AudioDecoder === "undefined") unreadable("this browser does not let pages decode long recordings here", "open the page from your disk, or in another browser");
    const gather = new Gatherer(stream, damaged);
    for await (const data of decoded(stream, source, progress, damaged)) {
      gather.take(data);
      if (gather.full) yield gather.flush();
    }
    gather.end();
    if (gather.count) yield gather.flush();
  }

  /** AudioData in the order of the packets. Where the decoder gives up, it begins again behind the packet. */
  async function* decoded(stream, source, progress, damaged) {
    const support = await AudioDecoder.isConfigSupported(stream.config).catch(() => ({ supported: false }));
    if (!support.supported) unreadable(`this browser cannot decode ${stream.codec}`);
    let ready = [], failed = null, wake = () => {}, pending = [], restarts = 0, heard = 0, outputs = 0, fed = 0;
    const begin = () => {
      const decoder = new AudioDecoder({
        output: (data) => {
          ready.push(data);
          pending.shift();
          outputs++;
          heard += data.numberOfFrames / data.sampleRate;
          wake();
        },
        error: (problem) => { failed = problem; wake(); },
      });
      decoder.ondequeue = () => wake();
      decoder.configure(stream.config);
      return decoder;
    };
    let decoder = begin(), number = 0;
    const feed = (packet) => {
      pending.push(packet);
      decoder.decode(new EncodedAudioChunk({ type: "key", timestamp: number++ * 20000, data: packet.data }));
    };
    const turn = () => new Promise((resolve) => { wake = resolve; if (failed || ready.length) resolve(); });
    const again = () => {
      failed = null;
      if (++restarts > RESTARTS) unreadable(`this browser cannot decode the ${stream.codec} in this file`, "the file may be damaged: play it, or get another copy");
      damaged(heard, "a packet that cannot be decoded");
      const rest = pending.slice(1);
      pending = [];
      decoder = begin();
      rest.forEach(feed);
    };
    const take = function* () {
      const now = ready;
      ready = [];
      yield* now;
    };
    const soFar = () => heard + (pending.length * heard) / Math.max(1, outputs); // what was handed to the decoder is not all out yet
    for await (const packet of stream.packets((at, why) => damaged(at ?? soFar(), why))) {
      if (failed) again();
      fed++;
      feed(packet);
      while (!failed && decoder.decodeQueueSize > QUEUE) {
        await turn();
        yield* take();
      }
      yield* take();
      progress(packet.place / source.size);
    }
    for (;;) {
      try {
        if (failed) again();
        await decoder.flush();
        break;
      } catch (problem) {
        failed ??= problem;
        if (!pending.length) break;
      }
    }
    yield* take();
    if (decoder.state !== "closed") decoder.close();
    if (EACH.includes(stream.codec) && fed - restarts > outputs) damaged(null, "packets that the browser's decoder left out");
    if (!heard) unreadable("the file holds no sound that can be decoded", "check that the file is complete; play it, or get another copy");
    progress(1);
  }

  /** Gathers small pieces into blocks, and leaves out what the encoder put before and behind the sound. */
  class Gatherer {
    constructor(stream, damaged) {
      Object.assign(this, { stream, damaged, pieces: [], count: 0, seen: 0, rate: 0, channels: 0, made: 0 });
    }

    take(data) {
      const n = data.numberOfFrames;
      if (!this.rate) {
        this.rate = data.sampleRate;
        this.channels = data.numberOfChannels;
        const scale = this.rate / this.stream.rate;
        this.skip = Math.round(this.stream.skip * scale);
        this.stop = this.stream.length === null ? Infinity : this.skip + Math.round(this.stream.length * scale);
      }
      if (data.sampleRate !== this.rate || data.numberOfChannels !== this.channels) {
        data.close();
        throw new UnreadableInput("the recording changes its rate or its channels, which this page does not follow", HINT);
      }
      const first = Math.max(0, this.skip - this.seen), last = Math.min(n, this.stop - this.seen);
      this.seen += n;
      if (last > first) {
        this.pieces.push(Array.from({ length: this.channels }, (_, c) => {
          const out = new Float32Array(n);
          data.copyTo(out, { planeIndex: c, format: "f32-planar" });
          return out.subarray(first, last);
        }));
        this.count += last - first;
      }
      data.close();
    }

    get full() {
      return this.count >= BLOCK_S * this.rate;
    }

    flush() {
      const block = Array.from({ length: this.channels }, (_, c) => {
        const out = new Float32Array(this.count);
        let at = 0;
        for (const piece of this.pieces) {
          out.set(piece[c].subarray(0, this.count - at), at);
          at += piece[c].length;
          if (at >= this.count) break;
        }
        return out;
      });
      this.made += this.count;
      this.pieces = [];
      this.count = 0;
      return { rate: this.rate, block };
    }

    /** No more pieces: what the last packet says is padding goes, and what the header promised and is not there is told. */
    end() {
      this.count = Math.max(0, this.count - Math.round((this.stream.tail ?? 0) * this.rate));
      const made = this.made + this.count, missing = (this.stop - this.skip - made) / this.rate;
      if (missing > 0.5 && missing < Infinity) this.damaged(made / this.rate, `the file ends ${missing.toFixed(1)} s before the end that its header names`);
    }
  }

  wholetape.media = { open, blocks };
})((globalThis.wholetape ??= {}));
