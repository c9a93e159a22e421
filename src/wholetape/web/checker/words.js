// The interface's words in the page's language, and times in words. What strangers wrote is made visible and isolated.
((wholetape) => {
  "use strict";

  const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

  /** Text with every character that would hide, reorder or end something as an escape. */
  const printable = (text) =>
    String(text).replace(HIDDEN, (c) => (c.codePointAt(0) < 256 ? `\\x${c.codePointAt(0).toString(16).padStart(2, "0")}` : `\\u{${c.codePointAt(0).toString(16)}}`));

  let catalogues = null, chosen = null;

  /** The catalogue of the page's language: the element holds one, or one for each of several languages. */
  const catalogue = () => {
    if (!catalogues) {
      const found = JSON.parse(document.getElementById("wholetape-messages").textContent);
      catalogues = typeof Object.values(found)[0] === "string" ? { [document.documentElement.lang]: found } : found;
    }
    return catalogues[chosen ?? document.documentElement.lang] ?? Object.values(catalogues)[0];
  };

  const languages = () => {
    catalogue();
    return Object.entries(catalogues).map(([language, words]) => [language, words.name]);
  };

  const choose = (language) => {
    chosen = language;
    document.documentElement.lang = language;
    document.documentElement.dir = catalogue().dir;
  };

  /** The message of that key; {names} are filled in, and a count of 1 has words of its own where there are such. */
  const t = (key, values = {}) => {
    const words = catalogue();
    const message = (values.count === 1 && words[`${key}.one`]) || (words[key] ?? key);
    return message.replace(/\{(\w+)\}/g, (_, name) =>
      typeof values[name] === "string" ? `\u2068${printable(values[name])}\u2069` : String(values[name] ?? ""));
  };

  const two = (n) => String(n).padStart(2, "0");

  /** A length of time in words. */
  const duration = (seconds) => {
    if (seconds < 0.9995) return t("page.time.ms", { ms: Math.round(seconds * 1000) });
    if (seconds < 59.95) return t("page.time.s", { s: Number(seconds.toFixed(1)) });
    const total = Math.round(seconds);
    if (total < 3600) return t("page.time.min", { min: Math.floor(total / 60), s: total % 60 });
    return t("page.time.h", { h: Math.floor(total / 3600), min: Math.floor((total % 3600) / 60) });
  };

  /** A place in time: 1:01.402. */
  const timecode = (seconds, digits = 3) => {
    const millis = Math.round(seconds * 1000), whole = Math.floor(millis / 1000);
    const hours = Math.floor(whole / 3600), minutes = Math.floor((whole % 3600) / 60);
    const rest = two(whole % 60) + (digits ? `.${String(millis % 1000).padStart(3, "0")}` : "");
    return hours ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
  };

  const stretch = ([start, end]) => (end > start ? `${timecode(start)}–${timecode(end)}` : timecode(start));

  /** An element: attributes by their names, `on` for listeners; children are elements or text. */
  const h = (name, attributes = {}, ...children) => {
    const svg = ["svg", "path", "rect", "line", "text", "g", "title"].includes(name) || attributes.svg;
    const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "svg" || value === null || value === false || value === undefined) continue;
      if (key === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
      else element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  };

  Object.assign(wholetape, { t, words: { printable, languages, choose, duration, timecode, stretch, h } });
})((globalThis.wholetape ??= {}));
