// What the engine notes, in the page's language. The engine writes its answer as the command line does, in English; here its sentences
// are known again, and what is not known stays as it is, marked as English.
((wholetape) => {
  "use strict";
  const { t } = wholetape;
  const { h, printable } = wholetape.words;

  const KNOWN = [
    [/^(?<track>.+) holds nothing that was found in the reference$/, "nothing"],
    [/^the file is damaged (?<at>at [\d.]+ s|somewhere): what is missing there may have been lost, not taken out$/, "damaged"],
    [/^the reference is an excerpt of (?<length>[\d.]+) s: of the recording, (?<before>[\d.]+) s before it and (?<after>[\d.]+) s after it are withheld$/, "excerpt"],
    [/^the release is silent: there is nothing to compare$/, "silent"],
    [/^the release is shorter than a second: too short to find in a reference$/, "short"],
    [/^channel (?<number>\d+) of the reference is not heard in the release$/, "channel"],
    [/^stream (?<number>\d+) is silent$/, "stream-silent"],
    [/^stream (?<number>\d+) is (?<length>[\d.]+) s long, stream 1 (?<first>[\d.]+) s$/, "stream-length"],
    [/^(?<at>[\d.]+ s|somewhere): a packet that cannot be decoded$/, "packet"],
    [/^(?<at>[\d.]+ s|somewhere): packets that the browser's decoder left out$/, "left-out"],
    [/^(?<at>[\d.]+ s|somewhere): (?:packets|pages) that are missing$/, "missing"],
    [/^(?<at>[\d.]+ s|somewhere): (?:bytes that are no sound|no sound where it should begin|frames that cannot be told apart)$/, "no-sound"],
    [/^(?<at>[\d.]+ s|somewhere): the file ends (?:within a packet|.*before the end that its header names)$/, "cut-off"],
  ];

  const REFUSED = [
    [/^the file is empty$/, "empty"],
    [/^(?:the file has no sound in it|this WAVE file has no sound in it|there is no sound in its first audio stream)$/, "no-sound"],
    [/^this WAVE file holds a codec that this browser cannot decode$/, "codec-wav"],
    [/^(?:this browser cannot decode the .+ in this file|the file holds no sound that can be decoded)$/, "undecodable"],
    [/^this browser cannot decode (?<codec>.+?)(?: files)?$/, "codec"],
    [/^this file is no recording that this page knows$/, "no-recording"],
    [/^(?:the file.s index .*|this MP4 file has no index|this FLAC file .*|this file has no list of its tracks)$/, "damaged"],
    [/^this browser does not let pages decode long recordings here$/, "here"],
    [/^the recording changes its rate or its channels/, "changes"],
    [/^this file plays its sound by several edits/, "edits"],
    [/^the file cannot be read: /, "gone"],
    [/^not a print/, "no-print"],
    [/^print has version /, "newer"],
    [/^print (?:is|says|has|names) /, "bad-print"],
    [/^too large for a (?:print|seal)$/, "large"],
    [/^(?<name>.+): a check against a seal needs its print$/, "needs-print"],
    [/^a root certificate that you pinned is broken$/, "root"],
  ];

  const KEYS = ["weak-key", "unproven-key"]; // of what makes a seal malformed, what is no damage

  /** Why a file was refused and what to do, in elements: in the page's language where its words are known, else as the engine says it. */
  const refused = (problem) => {
    for (const [pattern, key] of REFUSED) {
      const found = pattern.exec(problem.message);
      if (found) return [h("p", {}, t(`check.refused.${key}`, { ...found.groups }))];
    }
    if (problem.result) {
      const key = KEYS.includes(problem.result) ? problem.result : "damaged";
      return [h("p", {}, t(`check.malformed.${key}`), " ", h("span", { class: "small", lang: "en", dir: "ltr" }, `${printable(problem.message)}.`))];
    }
    return [problem.message, problem.hint].filter((words) => words).map((words) => h("p", { lang: "en", dir: "ltr" }, `${printable(words)}.`));
  };

  /** One sentence of the engine, as text of the page's language, or null. */
  const known = (note) => {
    for (const [pattern, key] of KNOWN) {
      const found = pattern.exec(note);
      if (!found) continue;
      const values = { ...found.groups };
      if (values.at) values.at = values.at === "somewhere" ? t("check.note.somewhere") : values.at.replace(/^at /, "");
      return t(`check.note.${key}`, values);
    }
    return null;
  };

  /** The same as an element of a list. */
  const noted = (note) => {
    const words = known(note);
    return words === null ? h("li", { lang: "en", dir: "ltr" }, printable(note)) : h("li", {}, words);
  };

  /** What holds or not: the words of the page's language, and the engine's own, which name times, names and places. */
  const property = (own) => {
    const words = t(`verify.${own.name}.${own.established ? "yes" : "no"}`);
    return h("li", {}, words, " ", h("span", { class: "small", lang: "en", dir: "ltr" }, printable(own.why)));
  };

  /** Why a verification failed. */
  const failure = (reason) =>
    h("p", {}, t(`verify.failed.${reason.code}`), " ", h("span", { class: "small", lang: "en", dir: "ltr" }, `${printable(reason.words)}.`));

  wholetape.told = { failure, noted, property, refused };
})((globalThis.wholetape ??= {}));
