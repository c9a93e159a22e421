// Files to what is compared: releases are listened to, references are read or listened to.
((wholetape) => {
  "use strict";
  const { PRINT } = wholetape.params;
  const { MalformedFile, UnreadableInput } = wholetape.errors;
  const { Listener, toPrint } = wholetape.listen;
  const { blocks, open } = wholetape.media;
  const { isPrint, parse } = wholetape.printfile;
  const { hex, sha256 } = wholetape.sha256;
  const { Source } = wholetape.source;

  const LARGEST_PRINT = 1 << 30, MOST_DAMAGE = 1000;

  /** What was heard of a file: see conclude.js. `keepMean`: the mean of channels that differ is kept, as in a reference. */
  const heardOf = async (name, blob, { keepMean, progress = () => {} }) => {
    const source = new Source(blob), media = await open(source);
    const voices = [], damage = [], cancelled = [];
    let samples = 0;
    const count = media.streams.length;
    for (let index = 0; index < count; index++) {
      const stream = media.streams[index];
      const damaged = (at, reason) => { if (damage.length < MOST_DAMAGE) damage.push({ at: at ?? 0, reason }); };
      let listener = null;
      for await (const { rate, block } of blocks(stream, source, (share) => progress((index + share) / count), damaged)) {
        listener ??= new Listener(index, rate, { keepSound: true, keepMean });
        listener.take(block);
      }
      if (!listener) continue;
      voices.push(...listener.finish());
      cancelled.push(...listener.cancelled());
      if (index === 0) samples = Math.ceil((listener.received * PRINT.rate) / listener.rate);
    }
    if (!samples) throw new UnreadableInput("there is no sound in its first audio stream", "the file may be empty or cut off");
    const digest = await new Source(blob).digest();
    return { name, digest, codec: media.streams[0].codec, streams: count, hasPicture: media.hasPicture, damage, samples, voices, cancelled };
  };

  const factsOf = (name, kind, digest, duration) =>
    ({ path: name, kind, sha256: hex(digest), duration, standing: "unsealed", capture: "unknown", withheld: [0, 0] });

  const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());

  /** A print that was read. */
  const printOf = async (blob) => {
    if (blob.size > LARGEST_PRINT) throw new MalformedFile("too large for a print");
    const bytes = await bytesOf(blob);
    return { print: parse(bytes), digest: sha256(bytes) };
  };

  /** The reference in a file: a print is read, a recording is listened to. */
  const referenceOf = async ({ name, file }, progress) => {
    if (isPrint(await bytesOf(file.slice(0, 8))) || name.endsWith(".print")) {
      const { print, digest } = await printOf(file);
      return { facts: factsOf(name, "print", digest, print.samples / PRINT.rate), print, voices: [] };
    }
    const heard = await heardOf(name, file, { keepMean: true, progress });
    const print = toPrint(heard);
    return { facts: factsOf(name, "audio", heard.digest, print.samples / PRINT.rate), print, voices: heard.voices };
  };

  wholetape.references = { bytesOf, factsOf, heardOf, printOf, referenceOf };
})((globalThis.wholetape ??= {}));
