// Files to what is compared: releases are listened to, references are read or listened to.
((wholetape) => {
  "use strict";
  const { PRINT } = wholetape.params;
  const { MalformedFile, UnreadableInput, UsageError, VerificationFailed } = wholetape.errors;
  const { Listener, toPrint } = wholetape.listen;
  const { blocks, open } = wholetape.media;
  const { isPrint, parse } = wholetape.printfile;
  const { hex, sha256 } = wholetape.sha256;
  const { parsePem } = wholetape.certificate;
  const { judgeTimes } = wholetape.times;
  const { parseExcerpt, isExcerpt } = wholetape.excerptfile;
  const { printOf: printOfExcerpt, spanOf } = wholetape.excerpted;
  const { isSeal, parseSeal, publicKeyOf } = wholetape.sealfile;
  const { Source } = wholetape.source;
  const { asJson, verify } = wholetape.verify;
  const { isWav, openWav } = wholetape.wav;

  const LARGEST_PRINT = 1 << 30, MOST_DAMAGE = 1000;

  /** What was heard of a file: see conclude.js. `keepMean`: the mean of channels that differ is kept, as in a reference. */
  const heardOf = async (name, blob, { keepMean, progress = () => {} }) => {
    const source = new Source(blob), media = await open(source);
    const voices = [], damage = [], cancelled = [];
    let samples = 0;
    const count = media.streams.length;
    for (let index = 0; index < count; index++) {
      const stream = media.streams[index];
      const damaged = (at, reason) => { if (damage.length < MOST_DAMAGE) damage.push({ at, reason }); };
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

  const ends = (name, ending) => String(name ?? "").toLowerCase().endsWith(ending);

  /** Whether a file is to be read as an excerpt's proof: one that calls itself a seal is judged as what it says. */
  const isProof = (name, head) => ends(name, ".excerpt") || (isExcerpt(head) && !ends(name, ".seal"));

  const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());

  /** A print that was read. */
  const printOf = async (blob) => {
    if (blob.size > LARGEST_PRINT) throw new MalformedFile("too large for a print");
    const bytes = await bytesOf(blob);
    return { print: parse(bytes), digest: sha256(bytes) };
  };

  /** {keys, roots}: the keys in texts of .pub files, and the certificates in those of PEM files, one or several in each. */
  const pinnedOf = (texts) => {
    const all = texts.map((text) => text.replaceAll("\r\n", "\n")).join("\n");
    const rest = all.replace(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g, "");
    const found = rest.split(/^(?=wholetape\.key\/v1$)/m).filter((text) => text.trim());
    try {
      return { roots: parsePem(all), keys: found.map((text) => publicKeyOf(`${text.trim()}\n`, "a key that you pinned")) };
    } catch (problem) {
      if (problem instanceof RangeError || problem instanceof TypeError || problem instanceof DOMException) throw new MalformedFile("a root certificate that you pinned is broken", "get it from the authority's own site, in PEM form");
      throw problem;
    }
  };

  /** What a recording says to a seal: its size and SHA-256, and, of a WAVE file of integers or floats, its samples. */
  const recordingFacts = async (blob) => {
    const source = new Source(blob), facts = { size: blob.size, sha256: await source.digest(), samples: null };
    if (!isWav(await source.copy(0, 12))) return facts;
    const [stream] = (await openWav(new Source(blob))).streams;
    const format = { pcm_u8: "u8", pcm_s16le: "s16", pcm_s24le: "s24", pcm_s32le: "s32", pcm_f32le: "f32", pcm_f64le: "f64" }[stream.codec];
    if (format) facts.samples = { rate: stream.rate, channels: stream.channels, format, bytes: await bytesOf(blob.slice(stream.start, stream.end)) };
    return facts;
  };

  /** The verification of a seal, with what is at hand, and its wholetape.verify/v1 tree. */
  const verified = async ({ seal: file, print, recording, documents, keys = [] }) => {
    if (file.size > 1 << 28) throw new MalformedFile("too large for a seal");
    const bytes = await bytesOf(file), excerpt = isProof(file.name, bytes);
    const seal = excerpt ? parseExcerpt(bytes) : parseSeal(bytes), pinned = pinnedOf(keys), digest = hex(sha256(bytes));
    const facts = recording ? await recordingFacts(recording) : null;
    const times = await judgeTimes(seal, pinned.roots);
    const found = verify(seal, pinned.keys, { recording: facts, print: print && (await bytesOf(print)), documents, times });
    const name = file.name ?? "the seal";
    const tree = asJson(found, seal, {
      path: recording ? (recording.name ?? "the recording") : name, sha256: facts ? hex(facts.sha256) : digest, seal: name, sealSha256: digest,
    });
    return { found, tree, digest, seal };
  };

  /** What holds of a reference's seal or proof; throws where it does not verify. */
  const held = async (job) => {
    const answer = await verified(job);
    const { found: { failure }, tree } = answer;
    if (failure) throw Object.assign(new VerificationFailed(`${job.name}: ${failure.words}`, failure.hint), { verification: tree });
    return answer;
  };

  const sealFacts = (name, digest, print, found, withheld) =>
    ({ path: name, kind: "seal", sha256: digest, duration: print.samples / PRINT.rate, standing: found.standing, capture: found.capture, withheld });

  /** An excerpt's proof as what a copy is checked against: the rows of its seconds, once they are verified. */
  const excerptReference = async ({ name, file }, keys) => {
    const { found, tree, digest, seal } = await held({ name, seal: file, keys });
    const print = printOfExcerpt(seal), [start, end] = spanOf(seal), { rate } = seal.header;
    return { facts: sealFacts(name, digest, print, found, [start / rate, (seal.close.samples - end) / rate]), print, voices: [], verification: tree, seal };
  };

  /** A seal as what a copy is checked against: its print, once the seal and the print are verified. */
  const sealedReference = async ({ name, file, print }, keys) => {
    if (!print) throw new UsageError(`${name}: a check against a seal needs its print`, "choose the .print beside the .seal");
    const { found, tree, digest, seal } = await held({ name, seal: file, print, keys });
    const made = parse(await bytesOf(print));
    return { facts: sealFacts(name, digest, made, found, [0, 0]), print: made, voices: [], verification: tree, seal };
  };

  /** The reference in a file: a print is read, a seal is verified, a recording is listened to. */
  const referenceOf = async (reference, keys, progress) => {
    const { name, file } = reference, head = await bytesOf(file.slice(0, 64));
    if (isProof(name, head)) return excerptReference(reference, keys);
    if (ends(name, ".seal") || isSeal(head)) return sealedReference(reference, keys);
    if (isPrint(head) || name.endsWith(".print")) {
      const { print, digest } = await printOf(file);
      return { facts: factsOf(name, "print", digest, print.samples / PRINT.rate), print, voices: [] };
    }
    const heard = await heardOf(name, file, { keepMean: true, progress });
    const print = toPrint(heard);
    return { facts: factsOf(name, "audio", heard.digest, print.samples / PRINT.rate), print, voices: heard.voices };
  };

  wholetape.references = { bytesOf, heardOf, referenceOf, verified };
})((globalThis.wholetape ??= {}));
