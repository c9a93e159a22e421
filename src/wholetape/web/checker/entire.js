// What only the whole seal of a whole recording has: its tree, order, earlier heads, samples, print and documents.
// excerpted.js has the same steps for an excerpt's proof; verify.js takes one or the other.
((wholetape) => {
  "use strict";
  const { hex, sha256 } = wholetape.sha256;
  const { WIDTHS } = wholetape.leaves;
  const { Tree, b64, big64, join, same, utf8 } = wholetape.notes;
  const { parse } = wholetape.printfile;

  const hmac = (key, data) => {
    const block = new Uint8Array(64);
    block.set(key);
    return sha256(block.map((byte) => byte ^ 0x5c), sha256(block.map((byte) => byte ^ 0x36), data));
  };
  const salt = (seed, label, number) => hmac(seed, join(utf8(`wholetape.seal/v1 ${label}\0`), big64(number)));
  const commit = (seed, label, number, ...data) => b64(sha256(salt(seed, label, number), ...data));

  /** Why the leaves behind the header are not in order, counted from `begin` on, and whether that is the closing one's fault: step 8 and the counts of step 11. */
  const orderOf = (leaves, segment, begin = {}) => {
    const n = { segments: 0, samples: 0, documents: 0, events: 0, ciphers: 0, covered: 0, ...begin };
    let closed = false, short = false;
    const why = (leaf) => {
      if (closed) return "a leaf follows the closing one";
      if (leaf.leaf === "segment") {
        if (leaf.n !== n.segments || leaf.first !== n.samples) return `segment ${leaf.n} does not follow segment ${n.segments - 1}`;
        if (leaf.samples > segment) return `segment ${leaf.n} is longer than a segment`;
        if (short) return `segment ${n.segments - 1} has less than a second, and neither gap nor pause follows`;
        short = leaf.samples < segment;
        n.segments++;
        n.samples += leaf.samples;
      } else if (leaf.leaf === "document") {
        if (leaf.n !== n.documents++) return `document ${leaf.n} does not follow`;
      } else if (leaf.leaf === "cipher") {
        if (leaf.first !== n.covered || leaf.first + leaf.count > n.segments) return "a ciphertext does not follow the one before, or is of segments that are not there yet";
        n.covered += leaf.count;
        n.ciphers++;
      } else if (leaf.leaf === "event") {
        if (leaf.first + leaf.samples > n.samples) return "an event lies beyond the sound so far";
        n.events++;
        short = short && leaf.event !== "gap" && leaf.event !== "pause";
      } else {
        closed = true;
        if (["segments", "samples", "documents", "events", "ciphers"].some((name) => leaf[name] !== n[name])) return "the closing leaf does not count the leaves as they are";
      }
      return "";
    };
    for (let k = 0; k < leaves.length; k++) {
      const wrong = why(leaves[k]);
      if (wrong) return [`leaf ${k + 1}: ${wrong}`, closed ? "closing" : "order", n];
    }
    return ["", "order", n];
  };

  /** Whether a recording, {size, sha256, samples(form)}, is the sealed one: [same bytes, same samples or null, why]. */
  const recordingOf = (seal, recording) => {
    const { close, header, leaves, seed } = seal;
    const bytes = close.file !== null && recording.size === close.file.size && hex(recording.sha256) === close.file.sha256;
    if (!header.format_of_samples) return [bytes, null, "the seal commits to the file's bytes only"];
    const sound = recording.samples;
    if (!sound) return [bytes, null, "this page compares the samples of WAV files only"];
    if (sound.rate !== header.rate || sound.channels !== header.channels || sound.format !== header.format_of_samples) {
      return [bytes, false, "its samples are of another form than the sealed ones"];
    }
    if (!seed) {
      const good = close.pcm !== null && hex(sha256(sound.bytes)) === close.pcm;
      return [bytes, good, good ? "all samples together have the sealed hash" : "its samples have another hash"];
    }
    const width = header.channels * WIDTHS[header.format_of_samples], segments = leaves.filter((leaf) => leaf.leaf === "segment");
    const lost = leaves.filter((leaf) => leaf.leaf === "event" && leaf.event === "gap" && leaf.samples);
    let at = 0;
    for (const leaf of segments) {
      const part = sound.bytes.subarray(at, at + leaf.samples * width), gone = lost.some((e) => e.first <= leaf.first && leaf.first + leaf.samples <= e.first + e.samples);
      const due = gone ? commit(seed, "sound", leaf.n, new Uint8Array(leaf.samples * width)) : leaf.sound;
      if (!part.length) return [bytes, false, "it ends before the last segment"];
      if (commit(seed, "sound", leaf.n, part) !== due) return [bytes, false, `its samples differ from second ${Math.floor(leaf.first / header.rate)} on`];
      at += leaf.samples * width;
    }
    if (at < sound.bytes.length) return [bytes, false, "it goes on after the last segment"];
    return [bytes, true, `each of the ${segments.length} segments has its sealed hash`];
  };

  /** A function of the number of a segment that returns its rows of a print; null where the print lacks a track. */
  const rowsOf = (header, segments, print) => {
    const tracks = header.print.tracks.map(([stream, channel]) => print.tracks.find((t) => t.stream === stream && t.channel === channel));
    if (tracks.some((track) => !track)) return null;
    const starts = segments.map((leaf) => Math.ceil((leaf.first * 100) / header.rate));
    return (k) => join(...tracks.flatMap((track) => {
      const b = Math.min(track.n, k + 1 < segments.length ? starts[k + 1] : track.n), a = Math.min(starts[k], b);
      const words = new Uint8Array(8 * (b - a)), view = new DataView(words.buffer);
      for (let i = 2 * a; i < 2 * b; i++) view.setUint32(4 * (i - 2 * a), track.words[i], true);
      return [words, track.levels.subarray(Math.ceil(a / 4), k + 1 < segments.length ? Math.ceil(b / 4) : undefined)];
    }));
  };

  /** Why the bytes of a .print are not those that the seal commits to, with the seed also row by row; or nothing. */
  const wrongPrint = (seal, bytes) => {
    const { close, header, seed } = seal, segments = seal.leaves.filter((leaf) => leaf.leaf === "segment");
    if (!close) return "an unfinished seal commits to no print";
    if (close.print.size !== bytes.length || close.print.sha256 !== hex(sha256(bytes))) return "the print is not the one that was sealed";
    if (!seed || segments.every((leaf) => leaf.print === null)) return "";
    let print;
    try {
      print = parse(bytes);
    } catch (problem) {
      return `the sealed print cannot be read: ${problem.message}`;
    }
    const rows = rowsOf(header, segments, print);
    if (!rows) return "the sealed print cannot be read: it lacks a track";
    for (let k = 0; k < segments.length; k++) {
      if (segments[k].print === null) continue;
      if (commit(seed, "print", segments[k].n, rows(k)) !== segments[k].print) return `the seal contradicts itself: its print differs from segments at second ${Math.floor(segments[k].first / header.rate)}`;
    }
    return "";
  };

  const STEPS = {
    tree(seal, c) {
      const { head } = seal, tree = (seal.tree ??= treeOf(seal));
      let wrong = head.size !== tree.size ? `the head is over ${head.size} leaves, and the seal has ${tree.size}` : "";
      if (!wrong && !same(head.root, tree.root())) wrong = "the leaves are not those that the head commits to";
      c.judge("tree", "tree", wrong, `the head commits to each of the ${tree.size} leaves`);
    },
    order(seal, c) {
      const [disorder, where, n] = orderOf(seal.leaves.slice(1), seal.header.segment);
      c.judge("order", where, disorder, `${n.segments} segments without gap, ${n.samples} samples from the first on`);
    },
    earlier(seal, c) {
      const { header, tree } = seal;
      let wrong = "";
      for (const [number, old] of seal.earlier) {
        const [own, bad] = c.signersOf(old.note, header.parties);
        if (old.origin !== header.origin) wrong = `earlier head ${number} is of another recording`;
        else if (old.size > tree.size || !same(old.root, tree.root(old.size))) wrong = `earlier head ${number} is not of a beginning of these leaves`;
        else if (bad.length) wrong = `earlier head ${number}: the signature of ${bad[0]} does not hold`;
        else if (!own.size) wrong = `earlier head ${number} is signed by no party`;
        if (wrong) break;
      }
      if (seal.earlier.size) c.judge("earlier-heads", "earlier-head", wrong, `${seal.earlier.size} earlier heads, each of a beginning of these leaves`);
      else c.tell("earlier-heads", false, "there are none");
    },
    sound(seal, c) {
      if (!c.atHand.recording || !seal.close) {
        for (const name of ["file", "samples"]) c.tell(name, false, seal.close ? "no recording was compared" : "the seal is unfinished");
        return;
      }
      const [bytes, samples, why] = recordingOf(seal, c.atHand.recording);
      if (bytes && samples === false) c.fail("contradiction", `the file is the one that was sealed, but the seal contradicts itself: ${why}`);
      if (!bytes && !samples) c.fail("recording", `the recording is not the one that was sealed: its bytes differ, and ${why}`, "check a copy against the seal to see what was done");
      c.tell("file", bytes, bytes ? "the file's bytes are those that were sealed" : samples ? "samples verified, file differs" : "the file's bytes are not those that were sealed", c.names);
      c.tell("samples", samples === true, why, c.names);
    },
    print(seal, c) {
      if (c.atHand.print) c.judge("print", "print", wrongPrint(seal, c.atHand.print), "the print has the sealed hash", c.names);
      else c.tell("print", false, "no print was compared");
    },
    documents(seal, c) {
      const documents = seal.leaves.filter((leaf) => leaf.leaf === "document"), given = c.atHand.documents ?? [];
      if (!given.length) return c.tell("documents", false, documents.length ? `${documents.length} sealed, none at hand` : "none were sealed");
      let wrong = "";
      for (const [name, bytes] of given) {
        if (!seal.seed) wrong ||= "a public seal does not tell what its documents are";
        else if (!documents.some((leaf) => leaf.name === commit(seal.seed, "document name", leaf.n, utf8(name)) && leaf.content === commit(seal.seed, "document", leaf.n, bytes))) {
          wrong ||= `${name} is none of the ${documents.length} documents that were sealed`;
        }
      }
      c.judge("documents", "document", wrong, `${given.length} of ${documents.length} compared`, c.names);
    },
    place(seal, c, live, holds) {
      const breaks = seal.leaves.filter((leaf) => leaf.leaf === "event" && (leaf.event === "pause" || leaf.event === "gap"));
      if (breaks.length) c.tell("continuous", false, `${breaks.length} interruptions: ${breaks.slice(0, 5).map((leaf) => `${leaf.event} at ${(leaf.first / seal.header.rate).toFixed(1)} s`).join(", ")}`);
      else if (!live) c.tell("continuous", false, "nobody knows of pauses in a finished file");
      else c.tell("continuous", holds, "no pause or gap is recorded", c.names);
      c.tell("excerpt", false, "the whole recording was compared, not an excerpt");
    },
  };

  const treeOf = (seal) => {
    const tree = new Tree();
    for (const leaf of seal.raw) tree.append(leaf);
    return tree;
  };

  wholetape.entire = { STEPS, orderOf, rowsOf, wrongPrint };
})((globalThis.wholetape ??= {}));
