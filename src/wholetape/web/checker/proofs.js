// Proofs that a leaf is in a tree (RFC 9162, c2sp.org/tlog-proof@v1): made, written, read, and judged. As log/merkle.py and
// log/proof.py. Numbers may exceed 32 bits: no shifts.
((wholetape) => {
  "use strict";
  const { Wrong, b64, nodeHash, same, split, unb64 } = wholetape.notes;

  const FIRST = "c2sp.org/tlog-proof@v1", MOST = 64;
  const half = Math.floor;
  const must = (holds, words) => { if (!holds) throw new Wrong(words); };

  /** The hashes from the leaf of this number up, in the tree as it is. */
  const prove = (tree, index) => {
    const path = [];
    for (let low = 0, high = tree.size; high - low > 1; ) {
      const middle = low + split(high - low), left = index < middle;
      path.push(left ? tree.hash(middle, high) : tree.hash(low, middle));
      if (left) high = middle;
      else low = middle;
    }
    return path.reverse();
  };

  /** Each hash of a path with whether it is a left neighbour; throws Wrong where the path is longer than the tree is high. */
  const neighbours = (index, size, path) => {
    let fn = index, sn = size - 1;
    const out = path.map((node) => {
      must(sn > 0, "the proof of inclusion is too long");
      const left = fn % 2 === 1 || fn === sn;
      while (left && fn % 2 === 0 && fn) [fn, sn] = [half(fn / 2), half(sn / 2)];
      [fn, sn] = [half(fn / 2), half(sn / 2)];
      return [node, left];
    });
    return { out, top: sn === 0 };
  };

  /** Returns when the leaf with this hash is that of this number; throws Wrong. */
  const verifyInclusion = (index, leaf, size, path, root) => {
    must(index < size, "the proof is for a leaf beyond the tree");
    const { out, top } = neighbours(index, size, path);
    const here = out.reduce((hash, [node, left]) => (left ? nodeHash(node, hash) : nodeHash(hash, node)), leaf);
    must(top && same(here, root), "the proof does not lead from the leaf to the root");
  };

  /** Returns when these hashes are the leaves from number `first` on, by the proofs of the first and the last of them. */
  const verifyRange = (first, toFirst, last, toLast, leaves, size, root) => {
    const sides = (index, path, wanted) => neighbours(index, size, path).out.filter(([, left]) => left === wanted).map(([node]) => node);
    const given = [...sides(first, toFirst, true).reverse(), ...sides(last, toLast, false)], end = first + leaves.length;
    let at = 0;
    const make = (low, high) => {
      if (high <= first || low >= end) {
        must(at < given.length, "the proof of the range is too short");
        return given[at++];
      }
      if (high - low === 1) return leaves[low - first];
      const middle = low + split(high - low);
      return nodeHash(make(low, middle), make(middle, high));
    };
    must(same(make(0, size), root), "the proof does not lead from the range to the root");
    must(at === given.length, "the proof of the range is too long");
  };

  /** The lines of a proof, the empty one included; parseProof is the inverse, and throws Wrong for anything else. */
  const encodeProof = ({ index, path }) => `${FIRST}\nindex ${index}\n${path.map((node) => `${b64(node)}\n`).join("")}\n`;

  const parseProof = (text, what) => {
    const [first, index, ...rest] = text.split("\n");
    must(first === FIRST && index?.startsWith("index ") && rest.length >= 2 && rest.at(-1) === "" && rest.at(-2) === "", `${what} is no proof of inclusion`);
    const number = index.slice(6), path = rest.slice(0, -2).map((line) => unb64(line, what));
    must(path.length <= MOST && path.every((node) => node.length === 32), `${what} holds hashes that are none`);
    must(/^(?:0|[1-9][0-9]{0,15})$/.test(number) && Number.isSafeInteger(Number(number)), `the index of ${what} is not a plain decimal number`);
    return { index: Number(number), path };
  };

  wholetape.proofs = { encodeProof, parseProof, prove, verifyInclusion, verifyRange };
})((globalThis.wholetape ??= {}));
