// The .excerpt file: proof that some seconds lie at their place in a sealed recording. As seal/excerptfile.py; nothing is
// verified by being read. What it gives is a seal as parseSeal gives one, with `proofs`, `opened` and `segments`.
((wholetape) => {
  "use strict";
  const { MalformedFile } = wholetape.errors;
  const { EXCERPT_RULES, refuse, unpack } = wholetape.container;
  const { parseLeaf } = wholetape.leaves;
  const { Wrong, b64, jcs, text8, unb64, unjcs, utf8 } = wholetape.notes;
  const { encodeProof, parseProof } = wholetape.proofs;
  const { headOf } = wholetape.sealfile;

  const FORMAT = "wholetape.excerpt/v1\n\n", PROOFS = ["header", "first", "last", "close"], MOST_ROWS = 2 * 256 * 1000;
  const bad = (words, hint) => refuse("excerpt", words, hint);

  /** True when a container's first member is that of an excerpt. */
  const isExcerpt = (head) => head[0] === 0x50 && head[1] === 0x4b && String.fromCharCode(...head.subarray(30, 37)) === "excerpt";

  const told = (work) => {
    try {
      return work();
    } catch (problem) {
      if (problem instanceof Wrong || problem instanceof RangeError) bad(problem.message);
      throw problem;
    }
  };

  const linesOf = (bytes, what) => {
    if (bytes.at(-1) !== 10) bad(`the excerpt's ${what} do not end in a newline`);
    const out = [];
    for (let start = 0; start < bytes.length; ) {
      const end = bytes.indexOf(10, start);
      out.push(bytes.subarray(start, end));
      start = end + 1;
    }
    return out;
  };

  const proofsOf = (bytes) => {
    const text = text8(bytes);
    if (!text.startsWith(FORMAT)) bad("the excerpt is of a form that this version does not know", "a newer version may read it");
    const blocks = text.slice(FORMAT.length).split("\n\n");
    if (blocks.length !== PROOFS.length + 1 || blocks.pop()) bad("an excerpt has four proofs, of its header, its first and last segment, and its closing leaf");
    return Object.fromEntries(PROOFS.map((place, k) => [place, parseProof(`${blocks[k]}\n\n`, `the proof of the excerpt's ${place}`)]));
  };

  const maybe = (value, what, length) => {
    if (value === null) return null;
    const bytes = typeof value === "string" && value.length <= MOST_ROWS ? unb64(value, what) : null;
    if (!bytes || (length && bytes.length !== length)) bad(`a line of opened lacks its '${what}', or has one that means nothing`);
    return bytes;
  };

  const openedOf = (line) => {
    const entry = unjcs(text8(line), "a line of opened");
    if (Object.keys(entry).sort().join() !== "n,print,rows,sound" || !Number.isSafeInteger(entry.n) || entry.n < 0) bad("a line of opened has other members than it should");
    return { n: entry.n, sound: maybe(entry.sound, "sound", 32), print: maybe(entry.print, "print", 32), rows: maybe(entry.rows, "rows") };
  };

  /** One line of the member `opened`, its newline included: {n, sound, print, rows}, each of the last three bytes or null. */
  const encodeOpened = (entry) => {
    const text = (bytes) => (bytes === null ? null : b64(bytes));
    return `${jcs({ n: entry.n, print: text(entry.print), rows: text(entry.rows), sound: text(entry.sound) })}\n`;
  };

  const encodeProofs = (proofs) => utf8(FORMAT + PROOFS.map((place) => encodeProof(proofs[place])).join(""));

  const read = (bytes) => {
    const members = unpack(bytes, EXCERPT_RULES);
    for (const name of ["excerpt", "opened"]) if (!members.has(name)) refuse("container", `the seal has no member ${name}`);
    const proofs = told(() => proofsOf(members.get("excerpt"))), head = headOf(members.get("head"), "head");
    const raw = linesOf(members.get("leaves"), "leaves"), leaves = raw.map(parseLeaf), kinds = leaves.map((leaf) => leaf.leaf);
    const count = (kind) => kinds.filter((other) => other === kind).length;
    if (leaves.length < 3 || count("header") !== 1 || count("close") !== 1) bad("an excerpt has a header, segments, and a closing leaf, once each");
    if (kinds[0] !== "header" || kinds.at(-1) !== "close") bad("an excerpt begins with its header and ends with the closing leaf");
    if (kinds[1] !== "segment" || kinds.at(-2) !== "segment") bad("the leaves of an excerpt begin and end with a segment");
    const [header] = leaves, segments = leaves.filter((leaf) => leaf.leaf === "segment");
    if (header.origin !== head.origin) bad("the excerpt's header and head have different origins");
    const opened = told(() => linesOf(members.get("opened"), "opened").map(openedOf));
    if (opened.length !== segments.length || opened.some((entry, k) => entry.n !== segments[k].n)) bad("an excerpt opens its own segments, each of them once, and no other");
    const earlier = new Map();
    for (const [name, data] of members) if (name.startsWith("heads/")) earlier.set(Number(name.slice(-4)), headOf(data, name));
    return { members, raw, leaves, header, head, earlier, seed: null, close: leaves.at(-1), proofs, opened, segments };
  };

  /** The excerpt's proof in the bytes of a file. */
  const parseExcerpt = (bytes) => {
    try {
      return read(bytes);
    } catch (problem) {
      if (problem instanceof MalformedFile) problem.message = problem.message.replace(/the seal(?='s| has| is)|not a seal/, (found) => (found === "not a seal" ? "not an excerpt's proof" : "the excerpt's proof"));
      throw problem;
    }
  };

  wholetape.excerptfile = { encodeOpened, encodeProofs, isExcerpt, parseExcerpt };
})((globalThis.wholetape ??= {}));
