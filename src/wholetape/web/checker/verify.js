// Verifies a seal: steps 7 to 17 of docs/spec/seal.md. Keys are trusted because the reader pinned them, never because
// the seal holds them. Nothing is thrown: a failure is in the result.
((wholetape) => {
  "use strict";
  const { hex, sha256 } = wholetape.sha256;
  const { STEPS: entire } = wholetape.entire;
  const { STEPS: excerpted } = wholetape.excerpted;
  const { cosignedBy, lineBy, same, signedBy } = wholetape.notes;

  const listed = (names) => (names.length ? names.join(", ") : "nobody");
  const sameKey = (a, b) => a.name === b.name && same(a.key, b.key);
  const has = (keys, key) => keys.some((other) => sameKey(other, key));

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

  const NO_TIMES = { established: false, by: [], why: "no time-stamp was looked at", failure: "" };

  /**
   * What holds of a seal by the pinned keys ({name, key}); atHand: {recording, print, documents: [[name, bytes]]}, and `times`,
   * what judgeTimes says of its stamps.
   */
  const verify = (seal, pinned, { times = NO_TIMES, ...atHand } = {}) => {
    const { header, head, close } = seal, { parties } = header, properties = [];
    let failure = null;
    const fail = (code, words, hint = "") => { failure ??= { code, words, hint }; };
    const tell = (name, established, why, by = []) => properties.push({ name, established, by: established ? by : [], why });
    const judge = (name, reason, wrong, right, by = [], hint = "") => {
      if (wrong) fail(reason, wrong, hint);
      tell(name, !wrong, wrong || right, by);
    };

    const steps = seal.proofs ? excerpted : entire, c = { tell, judge, fail, signersOf, atHand, names: [] };
    steps.tree(seal, c);
    steps.order(seal, c);

    const [signed, falsely] = signersOf(head.note, parties);
    const names = parties.filter((party) => has(pinned, party) && signed.has(party)).map((party) => party.name);
    let wrong = falsely.length ? `the signature of ${falsely[0]} does not hold` : signed.has(parties[0]) ? "" : `the recorder, ${parties[0].name}, has not signed the head`;
    judge("signatures", falsely.length ? "signature" : "recorder", wrong, `signed by ${listed([...signed.keys()].map((p) => p.name))}`, names);

    c.names = names;
    steps.earlier(seal, c);

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

    steps.sound(seal, c);
    steps.print(seal, c);
    steps.documents(seal, c);

    if (times.failure) fail("time", times.failure);
    tell("not-after", times.established && !times.failure, times.why, times.by);
    tell("witnessed", false, "no head from outside was compared");

    const live = header.capture === "live", holds = failure === null;
    tell("not-before", false, header.beacon ? `the header names ${header.beacon.source}, not checked` : "the header has no beacon");
    tell("live", live && holds, header.challenge ? "a lone holder fixed a disputed recording; editing before that is not excluded"
      : live ? "the seal grew while the recording was made, say its signers" : "a finished file was sealed; editing before that is not excluded", names);
    steps.place(seal, c, live, holds);
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
