// The leaves of a seal, strictly: docs/spec/seal.md, section Leaves. What holds between them is judged in verify.js.
((wholetape) => {
  "use strict";
  const { VerificationFailed } = wholetape.errors;
  const { refuse } = wholetape.container;
  const { Wrong, hex, keyId, same, text8, unb64, unjcs, checkName, weak } = wholetape.notes;

  const WIDTHS = { u8: 1, s16: 2, s24: 3, s32: 4, f32: 4, f64: 8 };
  const EVENTS = ["pause", "resume", "gap", "clock", "follows", "left", "absent", "matched", "not-matched", "note"];
  const whole = (low = 0, high = Number.MAX_SAFE_INTEGER) => (v) => Number.isSafeInteger(v) && v >= low && v <= high;
  const words = (longest = 1000) => (v) => typeof v === "string" && [...v].length <= longest;
  const one = (...values) => (v) => values.includes(v);
  const maybe = (rule) => (v) => v === null || rule(v);
  const digest = (v) => typeof v === "string" && unb64(v, "a hash").length === 32;
  const hash = (v) => typeof v === "string" && /^[0-9a-f]{64}$/.test(v);
  const list = (rule, least = 0, most = 64) => (v) => Array.isArray(v) && v.length >= least && v.length <= most && v.every(rule);
  const object = (rules) => (v) => {
    if (v === null || typeof v !== "object" || Array.isArray(v)) return false;
    const names = Object.keys(v);
    return names.length === Object.keys(rules).length && names.every((name) => Object.hasOwn(rules, name) && rules[name](v[name]));
  };
  const file = object({ sha256: hash, size: whole() });
  const pair = (v) => Array.isArray(v) && v.length === 2 && v.every(whole(0, 255));
  const escrow = (v) =>
    object({ kind: one("any", "k-of-n"), k: whole(1), n: whole(1, 64), recipients: list(words()) })(v) && v.k <= v.n;

  const KINDS = {
    header: {
      format: one("wholetape.seal/v1"), origin: (v) => words()(v) && /^wholetape\/[0-9a-f]{32}$/.test(v),
      parties: list(object({ signer: words(), cosigner: words() }), 1), capture: one("live", "finished-file"), challenge: (v) => typeof v === "boolean",
      rate: whole(2000, 768000), channels: whole(1, 64), format_of_samples: maybe(one(...Object.keys(WIDTHS))), segment: whole(),
      print: object({ tracks: list(pair, 1, 256), algorithm: whole(1), version: whole(1) }), devices: list(words()),
      beacon: maybe(object({ source: words(), value: words() })), escrow: maybe(escrow),
    },
    segment: { n: whole(), first: whole(), samples: whole(1), sound: maybe(digest), print: maybe(digest), at: maybe(whole()) },
    cipher: { first: whole(), count: whole(1), sha256: hash },
    document: { n: whole(), name: digest, content: digest },
    event: { event: one(...EVENTS), first: whole(), samples: whole(), at: maybe(whole()), party: words(64), detail: words() },
    close: {
      reason: words(), segments: whole(), samples: whole(), documents: whole(), events: whole(), ciphers: whole(),
      print: file, file: maybe(file), pcm: maybe(hash),
    },
  };

  /** The leaf in a line of bytes; a header's parties are {name, key, signer, cosigner}. */
  const parseLeaf = (line, number) => {
    const bad = (why) => refuse("leaf", `leaf ${number}: ${why}`);
    if (line.length > 1 << 17) bad("a leaf is too long");
    let leaf;
    try {
      leaf = unjcs(text8(line), "a leaf");
      const rules = Object.hasOwn(KINDS, String(leaf.leaf)) ? KINDS[leaf.leaf] : null;
      if (!rules) bad("a leaf is of no kind that this version knows");
      const { leaf: kind, ...rest } = leaf;
      if (!object(rules)(rest)) bad(`a ${kind} leaf lacks a member, or has one that means nothing`);
    } catch (problem) {
      if (problem instanceof Wrong || problem instanceof RangeError) bad(problem.message);
      throw problem;
    }
    if (leaf.leaf !== "header") return leaf;
    if (leaf.segment !== leaf.rate) bad("a header leaf lacks its 'segment', or has one that means nothing");
    leaf.parties = leaf.parties.map((party) => partyOf(party, bad));
    const names = new Set(leaf.parties.map((p) => p.name)), keys = new Set(leaf.parties.map((p) => hex(p.key)));
    if (names.size !== leaf.parties.length || keys.size !== leaf.parties.length) bad("the header names one party twice");
    return leaf;
  };

  /** One key that both vkeys are of. */
  const partyOf = ({ signer, cosigner }, bad) => {
    try {
      const [one, other] = [vkeyOf(signer, bad), vkeyOf(cosigner, bad)];
      if (one.type !== 1 || other.type !== 4) bad("the vkeys of a party are of the types 0x01 and 0x04, in this order");
      if (one.name !== other.name || !same(one.key, other.key)) bad(`the two vkeys of ${one.name} are not of one key`);
      if (weak(one.key)) {
        refuse("weak-key", `the key of ${one.name} is a weak point, under which anything could be signed`, "", VerificationFailed);
      }
      return { name: one.name, key: one.key };
    } catch (problem) {
      if (problem instanceof Wrong) bad(problem.message);
      throw problem;
    }
  };

  const vkeyOf = (text, bad) => {
    const [name, id, ...rest] = text.split("+");
    if (!rest.length) bad("a verifier key has three parts, name+ID+key");
    checkName(name);
    const material = unb64(rest.join("+"), "a verifier key");
    if (material.length < 2 || ([1, 4].includes(material[0]) && material.length !== 33)) bad("a verifier key has the wrong length");
    const key = material.subarray(1);
    if (id !== hex(keyId(name, material[0], key))) bad(`the key of ${name} does not have the ID that stands beside it`);
    return { name, type: material[0], key };
  };

  wholetape.leaves = { WIDTHS, parseLeaf };
})((globalThis.wholetape ??= {}));
