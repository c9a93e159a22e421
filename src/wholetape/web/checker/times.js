// When a seal existed at the latest, and by whose clock: step 17 of docs/spec/seal.md. Authorities are trusted because the reader
// pinned their roots, never because the seal holds their certificates. As seal/times.py; OpenTimestamps are not judged here.
((wholetape) => {
  "use strict";
  const { hex, sha256 } = wholetape.sha256;
  const { same } = wholetape.notes;
  const { readStamp, rootOfStamp } = wholetape.stamp;

  const utc = (seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
  const earliest = (found) => found.reduce((a, b) => (b.latest < a.latest ? b : a));
  const sameHead = (a, b) => a.origin === b.origin && a.size === b.size && same(a.root, b.root);

  const closing = (found) => {
    if (!found.length) return [];
    const first = earliest(found), words = `the head existed by ${utc(first.latest)}, by the clock of ${first.authority}`;
    const others = found.filter((one) => one.root !== first.root), notes = [first, ...others].map((one) => one.head.note);
    const lines = notes[0].signatures.filter(({ line }) => notes.every((note) => note.signatures.some((other) => other.line === line)));
    const names = [...new Set(lines.map(({ who }) => who.replace(/ [0-9a-f]{8}$/, "")))];
    const signers = names.length ? [`stamped with the signatures of ${names.join(", ")}`] : [];
    if (!others.length) return [`${words}, and no second authority's`, ...signers];
    const second = earliest(others);
    return [`${words}; ${second.authority} says ${utc(second.latest)}`, ...signers];
  };

  const early = (seal, found) => {
    if (!found.length) return [];
    const first = earliest(found), leaves = seal.leaves.slice(0, first.head.size).filter((leaf) => leaf.leaf === "segment");
    const seconds = leaves.reduce((sum, leaf) => sum + leaf.samples, 0) / seal.header.rate;
    return [`its first ${seconds.toFixed(0)} s existed by ${utc(first.latest)}, by the clock of ${first.authority}`];
  };

  const unknownOf = (names, pinned) => {
    if (!names.length) return [];
    const count = `${names.length} time-stamp${names.length > 1 ? "s" : ""}`;
    if (pinned) return [`${count} by authorities that are not pinned (${[...new Set(names)].join(", ")}) prove nothing`];
    return [`${count} not verified: pin the authorities' root certificates`];
  };

  /** {established, by, why, failure}: what the stamps of a seal say under pinned roots (certificates). */
  const judgeTimes = async (seal, roots) => {
    const found = [], unknown = [], open = [];
    for (const [name, data] of seal.members) {
      const matched = /^stamps\/([0-9]{4})-[0-9]\.(tsr|ots)$/.exec(name), head = matched && seal.earlier.get(Number(matched[1]));
      if (!matched) continue;
      const failed = (failure) => ({ established: false, by: [], why: failure, failure });
      if (!head) return failed(`${name} is over a head that is not in the seal`);
      if (matched[2] === "ots") {
        open.push("a proof of OpenTimestamps is not checked on this page");
        continue;
      }
      const told = await readStamp(data, head.bytes);
      if (!told) return failed(`${name}: the time-stamp is not one of RFC 3161`);
      if (!told.over) return failed(`${name}: the time-stamp is over other bytes`);
      const root = await rootOfStamp(data, roots);
      if (root) found.push({ head, latest: told.latest, authority: told.authority, root: hex(sha256(root.bytes)) });
      else unknown.push(told.authority);
    }
    const last = found.filter(({ head }) => sameHead(head, seal.head) && seal.close);
    const before = found.filter(({ head }) => head.size < seal.head.size);
    const why = [...closing(last), ...early(seal, before), ...unknownOf(unknown, roots.length > 0), ...open].join("; ");
    return {
      established: last.length > 0, by: [...new Set(last.map((one) => one.authority))], failure: "",
      why: why || "the seal holds no time-stamp; the parties' own clocks prove nothing to others",
    };
  };

  wholetape.times = { judgeTimes };
})((globalThis.wholetape ??= {}));
