// A seal that was read: its leaves, head and members, whose form is right and of which nothing is verified yet.
((wholetape) => {
  "use strict";
  const { VerificationFailed } = wholetape.errors;
  const { refuse, unpack } = wholetape.container;
  const { parseLeaf } = wholetape.leaves;
  const { Wrong, parseHead, parseNote, parsePublic, same, signedBy, text8, weak } = wholetape.notes;

  const told = (result, work) => {
    try {
      return work();
    } catch (problem) {
      if (problem instanceof Wrong || problem instanceof RangeError) refuse(result, problem.message);
      throw problem;
    }
  };

  /** A head: its bytes, its note, and origin, size and root. */
  const headOf = (bytes, what) =>
    told("head", () => {
      const note = parseNote(text8(bytes), `the seal's ${what}`);
      return { bytes, note, ...parseHead(note.text) };
    });

  function* lines(bytes) {
    if (bytes.at(-1) !== 10) refuse("leaf", "the seal's leaves do not end in a newline");
    for (let start = 0; start < bytes.length; ) {
      const end = bytes.indexOf(10, start);
      yield bytes.subarray(start, end);
      start = end + 1;
    }
  }

  /** The key in the text of a .pub file; refuses weak keys and those that nobody proved to hold. */
  const publicKeyOf = (text, what, result = "keys") =>
    told(result, () => {
      if (/^(?:PRIVATE\+KEY\+|wholetape\.key\/v1 encrypted)/.test(text)) throw new Wrong(`${what} is a private key: never give it away`);
      const note = parseNote(text, what);
      const material = /^[^+\n]+\+[0-9a-f]{8}\+([A-Za-z0-9+/=]+)$/.exec(note.text.split("\n")[2] ?? "");
      const raw = material && Uint8Array.from(atob(material[1]), (c) => c.charCodeAt(0)).subarray(1);
      if (raw?.length === 32 && weak(raw)) refuse("weak-key", `${what} is a weak point, under which anything could be signed`, "", VerificationFailed);
      const lines = note.text.split("\n");
      if (raw && note.signatures.length === 1 && lines[0] === "wholetape.key/v1" && !signedBy(note, { name: lines[1], key: raw })) {
        refuse("unproven-key", `${what}: nobody has proved to hold the private key of ${lines[1]}`, "", VerificationFailed);
      }
      return parsePublic(text);
    });

  /** {members, raw, leaves, header, close, head, earlier, seed} of the bytes of a .seal file: steps 1 to 6. */
  const parseSeal = (bytes) => {
    const members = unpack(bytes);
    const head = headOf(members.get("head"), "head");
    const raw = [...lines(members.get("leaves"))], leaves = raw.map(parseLeaf);
    const [header] = leaves;
    if (header.leaf !== "header" || leaves.slice(1).some((leaf) => leaf.leaf === "header")) refuse("header", "the first leaf of a seal, and no other, is its header");
    if (header.origin !== head.origin) refuse("header", "the seal's header and head have different origins");
    const earlier = new Map();
    for (const [name, data] of members) {
      const number = Number(name.slice(-4));
      if (name.startsWith("keys/")) {
        const what = `the seal's ${name}`, key = publicKeyOf(told("keys", () => text8(data)), what), party = header.parties[number];
        if (!party || party.name !== key.name || !same(party.key, key.key)) refuse("keys", `${what} is not the key of the party of that number`);
      }
      if (name.startsWith("heads/")) earlier.set(number, headOf(data, name));
    }
    let seed = null;
    if (members.has("private/seed")) {
      const text = String.fromCharCode(...members.get("private/seed"));
      if (!/^[0-9a-f]{64}\n$/.test(text)) refuse("seed", "the seal's private/seed is not 64 digits of lower-case hex");
      seed = Uint8Array.from(text.slice(0, 64).match(/../g), (pair) => parseInt(pair, 16));
    }
    const last = leaves.at(-1);
    return { members, raw, leaves, header, head, earlier, seed, close: last.leaf === "close" ? last : null };
  };

  const isSeal = (head) => head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;

  wholetape.sealfile = { headOf, isSeal, parseSeal, publicKeyOf };
})((globalThis.wholetape ??= {}));
