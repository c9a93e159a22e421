// Verifies a seal: steps 7 to 17 of docs/spec/seal.md. Keys are trusted because the reader pinned them, never because
// the seal holds them. Nothing is thrown: a failure is in the result.
((wholetape) => {
  "use strict";
  const { hex, sha256 } = wholetape.sha256;
  const { WIDTHS } = wholetape.leaves;
  const { Tree, b64, big64, cosignedBy, join, lineBy, same, signedBy, utf8 } = wholetape.notes;
  const { parse } = wholetape.printfile;
  const { readStamp } = wholetape.stamp;

  const listed = (names) => (names.length ? names.join(", ") : "nobody");
  const sameKey = (a, b) => a.name === b.name && same(a.key, b.key);
  const has = (keys, key) => keys.some((other) => sameKey(other, key));

  const hmac = (key, data) => {
    const block = new Uint8Array(64);
    block.set(key);
    return sha256(block.map((byte) => byte ^ 0x5c), sha256(block.map((byte) => byte ^ 0x36), data));
  };
  const salt = (seed, label, number) => hmac(seed, join(utf8(`wholetape.seal/v1 ${label}\0`), big64(number)));
  const commit = (seed, label, number, ...data) => b64(sha256(salt(seed, label, number), ...data));

  /** Which parties have signed a note, with the times of cosignatures, and the names of those whose signature is false. */
  const signersOf = (note, parties) => {
    const signed = new Map(), wrong = [];
    parties.forEach((party, number) => {
      for (const [type, holds] of [[4, cosignedBy], [1, signedBy]]) {
        const line = lineBy(note, party, type);
        if (!line) continue;
        if (!holds(note, party)) wrong.push(party.name);
        else if (type === 4 || number === 0) {
          const time = type === 4 ? Number(new DataView(line.data.buffer, line.data.byteOffset).getBigUint64(0)) : null;
          signed.set(party, time);
        }
      }
    });
    return [signed, wrong];
  };

  /** Why the leaves are not in order, and whether that is the closing one's fault: step 8 and the counts of step 11. */
  const orderOf = (leaves, segment) => {
    const n = { segments: 0, samples: 0, documents: 0, events: 0, ciphers: 0, covered: 0 };
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
    for (let k = 1; k < leaves.length; k++) {
      const wrong = why(leaves[k]);
      if (wrong) return [`leaf ${k}: ${wrong}`, closed ? "closing" : "order", n];
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
    const tracks = header.print.tracks.map(([stream, channel]) => print.tracks.find((t) => t.stream === stream && t.channel === channel));
    if (tracks.some((track) => !track)) return "the sealed print cannot be read: it lacks a track";
    const starts = segments.map((leaf) => Math.ceil((leaf.first * 100) / header.rate));
    for (let k = 0; k < segments.length; k++) {
      if (segments[k].print === null) continue;
      const rows = tracks.flatMap((track) => {
        const b = Math.min(track.n, k + 1 < segments.length ? starts[k + 1] : track.n), a = Math.min(starts[k], b);
        const words = new Uint8Array(8 * (b - a)), view = new DataView(words.buffer);
        for (let i = 2 * a; i < 2 * b; i++) view.setUint32(4 * (i - 2 * a), track.words[i], true);
        return [words, track.levels.subarray(Math.ceil(a / 4), k + 1 < segments.length ? Math.ceil(b / 4) : undefined)];
      });
      if (commit(seed, "print", segments[k].n, ...rows) !== segments[k].print) return `the seal contradicts itself: its print differs from segments at second ${Math.floor(segments[k].first / header.rate)}`;
    }
    return "";
  };

  /** What holds of a seal by the pinned keys ({name, key}); atHand: {recording, print, documents: [[name, bytes]]}. */
  const verify = (seal, pinned, atHand = {}) => {
    const { header, head, close } = seal, { parties } = header, properties = [];
    let failure = null;
    const fail = (code, words, hint = "") => { failure ??= { code, words, hint }; };
    const tell = (name, established, why, by = []) => properties.push({ name, established, by: established ? by : [], why });
    const judge = (name, reason, wrong, right, by = [], hint = "") => {
      if (wrong) fail(reason, wrong, hint);
      tell(name, !wrong, wrong || right, by);
    };

    const tree = new Tree();
    for (const leaf of seal.raw) tree.append(leaf);
    let wrong = head.size !== tree.size ? `the head is over ${head.size} leaves, and the seal has ${tree.size}` : "";
    if (!wrong && !same(head.root, tree.root())) wrong = "the leaves are not those that the head commits to";
    judge("tree", "tree", wrong, `the head commits to each of the ${tree.size} leaves`);

    const [disorder, where, n] = orderOf(seal.leaves, header.segment);
    judge("order", where, disorder, `${n.segments} segments without gap, ${n.samples} samples from the first on`);

    const [signed, falsely] = signersOf(head.note, parties);
    const names = parties.filter((party) => has(pinned, party) && signed.has(party)).map((party) => party.name);
    wrong = falsely.length ? `the signature of ${falsely[0]} does not hold` : signed.has(parties[0]) ? "" : `the recorder, ${parties[0].name}, has not signed the head`;
    judge("signatures", falsely.length ? "signature" : "recorder", wrong, `signed by ${listed([...signed.keys()].map((p) => p.name))}`, names);

    wrong = "";
    for (const [number, old] of seal.earlier) {
      const [own, bad] = signersOf(old.note, parties);
      if (old.origin !== header.origin) wrong = `earlier head ${number} is of another recording`;
      else if (old.size > tree.size || !same(old.root, tree.root(old.size))) wrong = `earlier head ${number} is not of a beginning of these leaves`;
      else if (bad.length) wrong = `earlier head ${number}: the signature of ${bad[0]} does not hold`;
      else if (!own.size) wrong = `earlier head ${number} is signed by no party`;
      if (wrong) break;
    }
    if (seal.earlier.size) judge("earlier-heads", "earlier-head", wrong, `${seal.earlier.size} earlier heads, each of a beginning of these leaves`);
    else tell("earlier-heads", false, "there are none");

    judge("closed", "unfinished", close ? "" : "the seal is unfinished: its last leaf does not close it", close ? `closed (${close.reason}): nothing can be added` : "", [], "wait for the end of the recording");

    let reason = "no-key-pinned", hint = "";
    wrong = "";
    if (!pinned.length) {
      wrong = failure ? "no key is pinned, so that anyone could have made this seal" : "consistent with itself, signed by unknown keys";
      hint = "get the parties' .pub files from themselves, and pin them";
    }
    for (const key of pinned) {
      const party = parties.find((other) => sameKey(other, key));
      if (party && signed.has(party)) continue;
      reason = "other-key";
      if (party) { reason = "not-signed"; wrong = `${key.name} has not signed the head, though its key is pinned`; }
      else if (parties.some((other) => other.name === key.name)) wrong = `the key of ${key.name} in the seal is not the one that is pinned`;
      else if (parties.some((other) => same(other.key, key.key))) wrong = `the pinned key of ${key.name} has another name in the seal`;
      else { reason = "not-a-party"; wrong = `${key.name}, whose key is pinned, is not a party of this seal`; }
      break;
    }
    judge("pinned-keys", reason, wrong, `signed by ${listed(names)}`, names, hint);
    const absent = parties.filter((party) => !signed.has(party)), unknown = parties.filter((party) => signed.has(party) && !has(pinned, party));
    const openly = absent.length ? `absent: ${listed(absent.map((p) => p.name))} has not signed`
      : unknown.length ? `not pinned: ${listed(unknown.map((p) => p.name))}; whoever made the seal may have made that key, too` : "each party named in the header has signed";
    tell("all-parties", !absent.length && !unknown.length, openly, names);

    if (atHand.recording && close) {
      const [bytes, samples, why] = recordingOf(seal, atHand.recording);
      if (bytes && samples === false) fail("contradiction", `the file is the one that was sealed, but the seal contradicts itself: ${why}`);
      if (!bytes && !samples) fail("recording", `the recording is not the one that was sealed: its bytes differ, and ${why}`, "check a copy against the seal to see what was done");
      tell("file", bytes, bytes ? "the file's bytes are those that were sealed" : samples ? "samples verified, file differs" : "the file's bytes are not those that were sealed", names);
      tell("samples", samples === true, why, names);
    } else for (const name of ["file", "samples"]) tell(name, false, close ? "no recording was compared" : "the seal is unfinished");

    if (atHand.print) judge("print", "print", wrongPrint(seal, atHand.print), "the print has the sealed hash", names);
    else tell("print", false, "no print was compared");

    const documents = seal.leaves.filter((leaf) => leaf.leaf === "document");
    if (atHand.documents?.length) {
      wrong = "";
      for (const [name, bytes] of atHand.documents) {
        if (!seal.seed) wrong ||= "a public seal does not tell what its documents are";
        else if (!documents.some((leaf) => leaf.name === commit(seal.seed, "document name", leaf.n, utf8(name)) && leaf.content === commit(seal.seed, "document", leaf.n, bytes))) {
          wrong ||= `${name} is none of the ${documents.length} documents that were sealed`;
        }
      }
      judge("documents", "document", wrong, `${atHand.documents.length} of ${documents.length} compared`, names);
    } else tell("documents", false, documents.length ? `${documents.length} sealed, none at hand` : "none were sealed");

    const times = [];
    for (const [name, data] of seal.members) {
      const found = /^stamps\/([0-9]{4})-[0-9]\.(tsr|ots)$/.exec(name);
      if (!found) continue;
      const stamped = seal.earlier.get(Number(found[1])), told = stamped && found[2] === "tsr" ? readStamp(data, stamped.bytes) : null;
      if (!stamped) fail("time", `${name} is over a head that is not in the seal`);
      else if (found[2] === "ots") times.push("a proof of OpenTimestamps, not checked here");
      else if (!told) fail("time", `${name}: the time-stamp is not one of RFC 3161`);
      else if (!told.over) fail("time", `${name}: the time-stamp is over other bytes`);
      else times.push(`a time-stamp over the head says ${told.time}; its authority's signature is not verified on this page`);
    }
    tell("not-after", false, failure?.code === "time" ? failure.words : times.join("; ") || "the seal holds no time-stamp; the parties' own clocks prove nothing to others");
    tell("witnessed", false, "no head from outside was compared");

    const live = header.capture === "live", holds = failure === null;
    const breaks = seal.leaves.filter((leaf) => leaf.leaf === "event" && (leaf.event === "pause" || leaf.event === "gap"));
    tell("not-before", false, header.beacon ? `the header names ${header.beacon.source}, not checked` : "the header has no beacon");
    tell("live", live && holds, header.challenge ? "a lone holder fixed a disputed recording; editing before that is not excluded"
      : live ? "the seal grew while the recording was made, say its signers" : "a finished file was sealed; editing before that is not excluded", names);
    if (breaks.length) tell("continuous", false, `${breaks.length} interruptions: ${breaks.slice(0, 5).map((leaf) => `${leaf.event} at ${(leaf.first / header.rate).toFixed(1)} s`).join(", ")}`);
    else if (!live) tell("continuous", false, "nobody knows of pauses in a finished file");
    else tell("continuous", holds, "no pause or gap is recorded", names);
    tell("excerpt", false, "the whole recording was compared, not an excerpt");
    tell("escrow", false, seal.members.has("escrow/policy") ? "there is one; this page does not judge it" : "there is none");
    tell("true", false, "no seal proves that what was said is true");
    tell("speakers", false, "no seal proves who spoke");
    tell("unedited-before", false, `no seal proves what happened ${live ? "before the recorder ran, or while it paused" : "before the file was sealed, editing included"}`);
    tell("only-seal", false, "only an outside witness of heads excludes a second, conflicting seal");

    const all = parties.length > 1 && names.length === parties.length;
    return {
      failure, properties, capture: header.capture,
      standing: failure || !names.length ? "unsealed" : all ? "all-parties" : "one-party",
      parties: parties.map((party) => ({
        name: party.name, fingerprint: hex(sha256(party.key)), pinned: has(pinned, party), signed: signed.has(party), time: signed.get(party) ?? null,
      })),
    };
  };

  /** The findings as a wholetape.verify/v1 tree: of the recording, or of the seal alone where none was compared. */
  const asJson = (found, seal, facts) => ({
    format: "wholetape.verify/v1",
    outcome: found.failure ? "failed" : "verified",
    reason: found.failure && { code: found.failure.code, words: found.failure.words },
    path: facts.path, sha256: facts.sha256,
    seal: { path: facts.seal, sha256: facts.sealSha256, origin: seal.header.origin, size: seal.head.size, root: hex(seal.head.root) },
    standing: found.standing, capture: found.capture, parties: found.parties, properties: found.properties,
  });

  wholetape.verify = { asJson, verify };
})((globalThis.wholetape ??= {}));
