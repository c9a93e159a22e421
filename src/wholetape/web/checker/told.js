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

  wholetape.told = { failure, noted, property };
})((globalThis.wholetape ??= {}));
