// What an excerpt's proof has in place of the steps in entire.js: its place, what is withheld around it, its samples and rows.
// As seal/excerpted.py; docs/spec/seal.md, section Excerpt.
((wholetape) => {
  "use strict";
  const { PRINT } = wholetape.params;
  const { MalformedFile } = wholetape.errors;
  const { frameCount } = wholetape.bands;
  const { orderOf } = wholetape.entire;
  const { WIDTHS } = wholetape.leaves;
  const { Wrong, b64, join, leafHash, same } = wholetape.notes;
  const { verifyInclusion, verifyRange } = wholetape.proofs;
  const { sha256 } = wholetape.sha256;

  const NOT_HERE = "an excerpt does not hold what this needs: ask for the seal", FRAMES_HZ = PRINT.rate / PRINT.hop;

  /** First sample of the excerpt, and the one after its last. */
  const spanOf = ({ segments }) => [segments[0].first, segments.at(-1).first + segments.at(-1).samples];

  /** Why it does not lie where it says, or nothing. */
  const misplaced = ({ head: { size, root }, raw, proofs }) => {
    try {
      if (proofs.header.index !== 0 || proofs.close.index !== size - 1) throw new Wrong("its header or closing leaf is at another place");
      for (const [place, line] of [["header", raw[0]], ["first", raw[1]], ["last", raw.at(-2)], ["close", raw.at(-1)]]) {
        verifyInclusion(proofs[place].index, leafHash(line), size, proofs[place].path, root);
      }
      const { first, last } = proofs, between = raw.slice(1, -1).map((line) => leafHash(line));
      if (last.index - first.index !== between.length - 1) throw new Wrong("it holds another number of leaves than its proofs are for");
      verifyRange(first.index, first.path, last.index, last.path, between, size, root);
    } catch (problem) {
      if (problem instanceof Wrong) return `the excerpt does not lie where it says: ${problem.message}`;
      throw problem;
    }
    return "";
  };

  /** Whether a recording's samples are those of the segments and nothing else: [good, why]. */
  const heardIn = ({ header, segments, opened }, sound) => {
    if (!header.format_of_samples || segments.some((leaf) => leaf.sound === null)) return [false, "the seal commits to the whole file's bytes only"];
    if (!sound) return [false, "this page compares the samples of WAV files only"];
    if (sound.rate !== header.rate || sound.channels !== header.channels || sound.format !== header.format_of_samples) return [false, "its samples are of another form than the sealed ones"];
    const { bytes } = sound, width = header.channels * WIDTHS[header.format_of_samples];
    let at = 0;
    for (let k = 0; k < segments.length; k++) {
      const part = bytes.subarray(at, at + segments[k].samples * width);
      if (!part.length) return [false, "it ends before its last segment"];
      if (!opened[k].sound || b64(sha256(opened[k].sound, part)) !== segments[k].sound) {
        return [false, `its samples differ from second ${Math.floor(segments[k].first / header.rate)} of the recording on`];
      }
      at += part.length;
    }
    if (at < bytes.length) return [false, "it goes on after its last segment"];
    return [true, `each of its ${segments.length} segments has its sealed hash`];
  };

  const wrongRows = ({ segments, opened }) => {
    for (let k = 0; k < segments.length; k++) {
      const { print, rows } = opened[k], { n } = segments[k];
      if (!print || !rows || segments[k].print === null) return `the print of segment ${n} is not opened`;
      if (b64(sha256(print, rows)) !== segments[k].print) return `the rows of the print of segment ${n} are not those that were sealed`;
    }
    return "";
  };

  const STEPS = {
    tree(seal, c) {
      c.judge("tree", "tree", misplaced(seal), `the head commits to the ${seal.raw.length - 2} leaves of the excerpt, at their places`);
    },
    order(seal, c) {
      const { segments, close } = seal, [first] = segments, [start, end] = spanOf(seal);
      const counted = seal.leaves.slice(1).filter((leaf) => leaf.leaf === "segment" || leaf.leaf === "event");
      let [wrong] = orderOf(counted, seal.header.segment, { segments: first.n, samples: start });
      if (!wrong && (segments.at(-1).n >= close.segments || end > close.samples)) wrong = "the excerpt ends behind the end of the recording";
      c.judge("order", "order", wrong, `segments ${first.n} to ${segments.at(-1).n} of ${close.segments}, without gap`);
    },
    earlier(seal, c) {
      const { head } = seal, other = [...seal.earlier.values()].some((old) => old.origin !== head.origin || old.size !== head.size || !same(old.root, head.root));
      if (other) c.judge("earlier-heads", "earlier-head", "the excerpt holds another head than its own", "");
      else c.tell("earlier-heads", false, NOT_HERE);
    },
    sound(seal, c) {
      c.tell("file", false, "an excerpt is another file than the recording");
      if (!c.atHand.recording) return c.tell("samples", false, "no sound was compared");
      const [good, why] = heardIn(seal, c.atHand.recording.samples);
      const hint = "check it as a copy, against the excerpt's proof, to see what was done";
      c.judge("samples", "recording", good ? "" : `the sound is not the excerpt that was sealed: ${why}`, why, c.names, hint);
    },
    print(seal, c) {
      if (seal.opened.every((entry) => entry.rows === null)) return c.tell("print", false, "the excerpt holds no rows of the print");
      c.judge("print", "print", wrongRows(seal), "each segment's rows of the print have their sealed hash", c.names);
    },
    documents(seal, c) {
      c.tell("documents", false, NOT_HERE);
    },
    place(seal, c, live, holds) {
      const [start, end] = spanOf(seal), { rate } = seal.header, total = seal.close.samples, s = (samples) => (samples / rate).toFixed(3);
      c.tell("continuous", false, "what lies outside the excerpt is not known");
      const told = `${s(end - start)} s, from ${s(start)} s to ${s(end)} s of ${s(total)} s; withheld: ${s(start)} s before, ${s(total - end)} s after`;
      c.tell("excerpt", holds, told, c.names);
    },
  };

  /** The print of the excerpt's own seconds, from its rows, which nobody has verified. */
  const printOf = (seal) => {
    const { segments, opened, header } = seal, tracks = header.print.tracks, rate = header.rate;
    const words = tracks.map(() => []), levels = tracks.map(() => []);
    segments.forEach((leaf, k) => {
      const { rows } = opened[k];
      if (!rows) throw new MalformedFile("the excerpt holds no rows of the print", "make it anew, with the print beside the seal");
      const [frames, groups] = sizesOf(leaf, segments[k + 1]?.first, rate, Math.floor(rows.length / tracks.length));
      if (rows.length !== tracks.length * (8 * frames + groups)) throw new MalformedFile(`the rows of segment ${leaf.n} do not have the length of its sound`);
      tracks.forEach((_, n) => {
        const at = n * (8 * frames + groups);
        words[n].push(rows.subarray(at, at + 8 * frames));
        levels[n].push(rows.subarray(at + 8 * frames, at + 8 * frames + groups));
      });
    });
    const [start, stop] = spanOf(seal), length = Math.ceil(((stop - start) * PRINT.rate) / rate);
    const held = tracks.map((_, n) => join(...words[n])), n = Math.min(frameCount(length), Math.floor(held[0].length / 8));
    const made = tracks.map(([stream, channel], k) => {
      const view = new DataView(held[k].buffer);
      return {
        stream, channel, n, words: Uint32Array.from({ length: 2 * n }, (_, i) => view.getUint32(4 * i, true)),
        levels: join(...levels[k]).slice(0, Math.ceil(n / PRINT.level_frames)),
      };
    });
    return { samples: Math.min(length, n * PRINT.hop), recording: new Uint8Array(32), tracks: made };
  };

  /** Frames and level bytes in the rows of one segment; of the excerpt's last one as many as there are. */
  const sizesOf = (leaf, end, rate, room) => {
    const at = (sample) => Math.ceil((sample * FRAMES_HZ) / rate), group = (frame) => Math.ceil(frame / PRINT.level_frames);
    const start = at(leaf.first), sizes = (stop) => [stop - start, group(stop) - group(start)];
    if (end !== undefined) return sizes(at(end));
    const stop = at(leaf.first + leaf.samples);
    for (let extra = -PRINT.level_frames; extra < 2 * PRINT.level_frames; extra++) {
      const [frames, groups] = sizes(Math.max(start, stop + extra));
      if (8 * frames + groups === room) return [frames, groups];
    }
    return sizes(stop);
  };

  wholetape.excerpted = { STEPS, printOf, spanOf };
})((globalThis.wholetape ??= {}));
