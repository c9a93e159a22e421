// Makes the proof of some seconds of a sealed recording from its public seal, its print, and these seconds' salts, which
// whoever published the recording gave with it. As seal/excerpting.py; what it makes is verified before it is handed out.
((wholetape) => {
  "use strict";
  const { UsageError, VerificationFailed } = wholetape.errors;
  const { EXCERPT_RULES, pack } = wholetape.container;
  const { rowsOf, wrongPrint } = wholetape.entire;
  const { encodeOpened, encodeProofs, parseExcerpt } = wholetape.excerptfile;
  const { Tree, join, same, utf8 } = wholetape.notes;
  const { parse } = wholetape.printfile;
  const { prove } = wholetape.proofs;
  const { parseSeal } = wholetape.sealfile;
  const { verify } = wholetape.verify;

  const SALT = 32;

  /** Numbers of the first leaf and of the one behind the last that hold everything from start to end, in seconds. */
  const choose = (seal, start, end) => {
    const { rate } = seal.header;
    const inside = [...seal.leaves.keys()].filter((k) => {
      const leaf = seal.leaves[k];
      return leaf.leaf === "segment" && leaf.first < end * rate && leaf.first + leaf.samples > start * rate;
    });
    if (!(0 <= start && start < end) || !inside.length) throw new UsageError(`there is nothing of the sealed recording from ${start} s to ${end} s`);
    return [inside[0], inside.at(-1) + 1];
  };

  const lines = (raw) => join(...raw.flatMap((line) => [line, Uint8Array.of(10)]));

  /** Heads and stamps over the closing head. */
  const stampsOf = (seal) => {
    const { head } = seal, out = [];
    for (const [number, old] of seal.earlier) {
      if (old.origin !== head.origin || old.size !== head.size || !same(old.root, head.root)) continue;
      const own = String(number).padStart(4, "0");
      out.push(...[...seal.members].filter(([name]) => name === `heads/${own}` || name.startsWith(`stamps/${own}-`)));
    }
    return out.some(([name]) => name.startsWith("stamps/")) ? out : [];
  };

  /**
   * The bytes of the proof for what lies from `start` to `end`, in seconds. `salts` are {sound, print}: bytes, 32 of them a
   * segment, of all segments of the seal; `sound` is null where the sound itself was not published, or not hashed.
   */
  const excerptOf = ({ seal: bytes, print: printed, salts, start, end }) => {
    const seal = parseSeal(bytes), wrong = wrongPrint(seal, printed);
    if (wrong) throw new VerificationFailed(`no proof: ${wrong}`);
    const [low, high] = choose(seal, start, end), chosen = seal.leaves.slice(low, high), last = seal.leaves.length - 1;
    const segments = seal.leaves.filter((leaf) => leaf.leaf === "segment"), rows = rowsOf(seal.header, segments, parse(printed));
    const salt = (given, leaf) => given.slice(SALT * leaf.n, SALT * (leaf.n + 1));
    const opened = chosen.filter((leaf) => leaf.leaf === "segment").map((leaf) => encodeOpened({
      n: leaf.n, sound: leaf.sound === null || !salts.sound ? null : salt(salts.sound, leaf),
      print: leaf.print === null ? null : salt(salts.print, leaf), rows: leaf.print === null ? null : rows(leaf.n),
    }));
    const tree = new Tree();
    for (const line of seal.raw) tree.append(line);
    const proof = (index) => ({ index, path: prove(tree, index) });
    const made = pack(new Map([
      ["excerpt", encodeProofs({ header: proof(0), first: proof(low), last: proof(high - 1), close: proof(last) })],
      ["head", seal.members.get("head")],
      ["leaves", lines([seal.raw[0], ...seal.raw.slice(low, high), seal.raw[last]])],
      ["opened", utf8(opened.join(""))],
      ...stampsOf(seal),
    ]), EXCERPT_RULES);
    const { failure } = verify(parseExcerpt(made), seal.header.parties.slice(0, 1));
    if (failure) throw new VerificationFailed(`no proof: ${failure.words}`);
    return made;
  };

  wholetape.excerpting = { excerptOf };
})((globalThis.wholetape ??= {}));
