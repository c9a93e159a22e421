// The copy above, what it was checked against below, and between them what of one is where in the other.
((wholetape) => {
  "use strict";
  const { t } = wholetape;
  const { h, timecode } = wholetape.words;

  const WIDTH = 1000, WAVE = 70, GAP = 70, HEAD = 26, FOOT = 20, COLUMNS = 500;
  const LETTERS = { cut: "C", inserted: "I", replaced: "R", repeated: "A", moved: "V", muted: "M", speed: "S", unverified: "?" };

  /** The outline of a recording as a path around the middle line y. */
  const waveform = ({ step, peaks }, total, y) => {
    const columns = Math.min(COLUMNS, peaks.length) || 1, top = [], bottom = [];
    const loudest = peaks.reduce((a, b) => Math.max(a, b), 0.02);
    for (let k = 0; k < columns; k++) {
      const from = Math.floor((k * peaks.length) / columns), to = Math.max(from + 1, Math.floor(((k + 1) * peaks.length) / columns));
      let most = 0;
      for (let i = from; i < to; i++) most = Math.max(most, peaks[i]);
      const x = ((from * step) / total) * WIDTH, size = Math.max(0.6, (most / loudest) * (WAVE / 2));
      top.push(`${x.toFixed(1)} ${(y - size).toFixed(1)}`);
      bottom.unshift(`${x.toFixed(1)} ${(y + size).toFixed(1)}`);
    }
    return h("path", { class: "wave", d: `M${[...top, ...bottom].join("L")}Z` });
  };

  /** A round step of time so that about eight marks fit. */
  const stepFor = (total) => [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200].find((s) => total / s <= 8) ?? 14400;

  const ruler = (total, y) => {
    const out = [], step = stepFor(total);
    for (let at = 0; at <= total; at += step) {
      const x = (at / total) * WIDTH;
      if (x > WIDTH - 40 && at) break;
      out.push(h("line", { x1: x, x2: x, y1: y, y2: y + 5, class: "rule" }), h("text", { x: x + 3, y: y + 14, class: "tick" }, timecode(at, 0)));
    }
    return out;
  };

  /** The picture of an answer; pins are links to the entries `edit-1`, … of the list, told by `told(edit, number)`. */
  const overview = ({ check, outlines }, prefix, told) => {
    const total = Math.max(check.release.duration, 0.001), lengths = check.references.map((ref) => ref.duration);
    const below = Math.max(lengths.reduce((a, b) => a + b, 0), 0.001), starts = lengths.map((_, k) => lengths.slice(0, k).reduce((a, b) => a + b, 0));
    const here = (s) => (s / total) * WIDTH, there = (source, s) => ((starts[source] + s) / below) * WIDTH;
    const top = HEAD + WAVE, bottom = HEAD + WAVE + GAP, height = bottom + WAVE + FOOT;
    const bands = check.spans.filter((span) => span.reference && span.kind !== "unverified").slice(0, 400).map((span) => {
      const [a, b] = span.release.map(here), [c, d] = span.reference.map((s) => there(span.source, s));
      return h("path", { class: `ribbon k-${span.kind}`, d: `M${a} ${top}L${b} ${top}L${d} ${bottom}L${c} ${bottom}Z` });
    });
    const grounds = check.spans.filter((span) => span.kind !== "kept").slice(0, 400).map((span) => {
      const [a, b] = span.release.map(here);
      return h("rect", { class: `ground k-${span.kind}`, x: a, y: HEAD, width: Math.max(1.5, b - a), height: WAVE });
    });
    const gone = check.edits.filter((edit) => edit.kind === "cut" && edit.reference).slice(0, 400).map((edit) => {
      const [a, b] = edit.reference.map((s) => there(edit.source, s));
      return h("rect", { class: "ground k-cut", x: a, y: bottom, width: Math.max(1.5, b - a), height: WAVE });
    });
    const pins = check.edits.slice(0, 200).map((edit, k) => {
      const x = Math.min(WIDTH - 14, Math.max(14, (here(edit.release[0]) + here(edit.release[1])) / 2));
      const label = t("page.edit.label", { number: k + 1, kind: t(`page.kind.${edit.kind}`), told: told(edit) });
      return h("a", { svg: true, href: `#${prefix}edit-${k + 1}`, class: `pin-of k-${edit.kind}`, "aria-label": label },
        h("line", { class: "pin", x1: x, x2: x, y1: 18, y2: top }),
        h("rect", { class: "pill", x: x - 13, y: 1, width: 26, height: 18, rx: 4 }),
        h("text", { class: "pill-text", x, y: 14, "text-anchor": "middle" }, `${LETTERS[edit.kind]}${k + 1}`));
    });
    const waves = outlines.references.map((outline, k) =>
      outline && h("g", { transform: `translate(${there(k, 0)} 0) scale(${lengths[k] / below} 1)` }, waveform(outline, Math.max(lengths[k], 0.001), bottom + WAVE / 2)));
    return h("svg", { class: "overview", viewBox: `0 0 ${WIDTH} ${height}`, role: "group", "aria-label": t("page.drawing.label") },
      ...bands, waveform(outlines.release, total, HEAD + WAVE / 2), ...grounds, ...waves.filter((wave) => wave), ...gone,
      ...ruler(total, top), ...ruler(below, bottom + WAVE), ...pins);
  };

  wholetape.drawing = { overview, LETTERS };
})((globalThis.wholetape ??= {}));
