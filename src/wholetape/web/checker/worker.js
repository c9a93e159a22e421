// The worker: takes one task at a time, tells how far it is, and answers. Nothing here touches a page or a network.
((wholetape) => {
  "use strict";
  const { PRINT } = wholetape.params;
  const { conclude } = wholetape.conclude;
  const { asJson } = wholetape.jsonform;
  const { toPrint } = wholetape.listen;
  const { encode } = wholetape.printfile;
  const { bytesOf, heardOf, referenceOf, verified } = wholetape.references;

  const COLUMNS = 4000;

  /** {step, peaks}: seconds a column, and the loudest sample of each, of what was heard of a recording. */
  const outlineOf = (voice) => {
    const size = Math.max(1, Math.ceil(voice.samples / COLUMNS)), peaks = [];
    for (let at = 0; at < voice.samples; at += size) {
      const sound = voice.sound(at, at + size);
      let most = 0;
      for (let i = 0; i < sound.length; i++) most = Math.max(most, Math.abs(sound[i]));
      peaks.push(Math.round(most * 1000) / 1000);
    }
    return { step: size / PRINT.rate, peaks };
  };

  /** The same of a print, which tells how loud it was every 40 ms. */
  const outlineOfPrint = (print) => {
    const { levels } = print.tracks[0], size = Math.max(1, Math.ceil(levels.length / COLUMNS)), peaks = [];
    for (let at = 0; at < levels.length; at += size) {
      const level = levels.subarray(at, at + size).reduce((most, byte) => Math.max(most, byte & 127), 0);
      peaks.push(level ? Math.round(1000 * Math.min(1, 10 ** (((level - 123) * 0.75) / 20))) / 1000 : 0);
    }
    return { step: (size * PRINT.level_frames * PRINT.hop) / PRINT.rate, peaks };
  };

  const MOST_SAMPLES = 2 ** 28;

  /** Where the release may be the sealed recording, or the excerpt, itself: its verification with that; null if it is not. */
  const ownOf = async (seal, { file, print }, release, keys) => {
    const { close, header, segments } = seal, samples = segments ? segments.reduce((sum, leaf) => sum + leaf.samples, 0) : close.samples;
    const bytes = samples * header.channels * (wholetape.leaves.WIDTHS[header.format_of_samples] ?? Infinity);
    const alike = close.file?.size === release.size || (release.size > bytes && release.size < bytes + 4096);
    if (!alike || release.size > MOST_SAMPLES) return null;
    const { found, tree } = await verified({ seal: file, print: print ?? undefined, recording: release, keys });
    return found.failure ? null : tree;
  };

  const TASKS = {
    async check({ release, against, keys = [] }, progress) {
      const references = [], steps = against.length + 1;
      for (let k = 0; k < against.length; k++) {
        references.push(await referenceOf(against[k], keys, (share) => progress("decoding", (k + share) / steps)));
      }
      const heard = await heardOf(release.name ?? "", release, {
        keepMean: false, progress: (share) => progress("decoding", (steps - 1 + share) / steps),
      });
      const outlines = {
        release: outlineOf(heard.voices[0]),
        references: references.map(({ print, voices }) => (voices.length ? outlineOf(voices[0]) : outlineOfPrint(print))),
      };
      const check = asJson(conclude(heard, references, (share) => progress("comparing", share)));
      const verification = [];
      for (let k = 0; k < against.length; k++) {
        const { verification: told = null, seal } = references[k];
        verification.push((seal && (await ownOf(seal, against[k], release, keys))) ?? told);
      }
      return { check, outlines, verification };
    },

    async print({ file }, progress) {
      return encode(toPrint(await heardOf(file.name ?? "", file, { keepMean: true, progress: (share) => progress("decoding", share) })));
    },
  };

  /** A wholetape.verify/v1 tree. */
  TASKS.verify = async (job, progress) => {
    progress("verifying", 0);
    return (await verified(job)).tree;
  };

  /** The bytes of an excerpt's proof: see excerpting.js. */
  TASKS.excerpt = async ({ seal, print, ...job }, progress) => {
    progress("verifying", 0);
    return wholetape.excerpting.excerptOf({ seal: await bytesOf(seal), print: await bytesOf(print), ...job });
  };

  wholetape.tasks = TASKS;

  if (typeof WorkerGlobalScope === "undefined" || !(globalThis instanceof WorkerGlobalScope)) return;
  globalThis.onmessage = async ({ data: { id, task, job } }) => {
    let told = -1;
    const progress = (what, share) => {
      const now = Math.floor(share * 200);
      if (now !== told) postMessage({ id, progress: [what, share] });
      told = now;
    };
    try {
      postMessage({ id, answer: await TASKS[task](job, progress) });
    } catch (problem) {
      const known = "hint" in problem;
      postMessage({ id, error: { name: known ? problem.name : "Error", message: problem.message, hint: problem.hint ?? "", result: problem.result ?? null, verification: problem.verification ?? null, stack: known ? "" : String(problem.stack) } });
    }
  };
})((globalThis.wholetape ??= {}));
