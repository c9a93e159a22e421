// A quote as a picture: its words, where they stand, and what nobody certifies. Drawn twice from one layout, as pixels and as SVG.
"use strict";
(() => {
  const WIDE = 1200, HIGH = 630, EDGE = 70, LARGEST = 60, LEAST = 30;
  const GROUND = "#14161a", INK = "#e8e9ec", SOFT = "#a9afba", MARK = "#8fc1ff";
  const FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans Khmer', 'Khmer OS', sans-serif";

  // Pieces between which a line may end: words with what follows them, in any script.
  const pieces = (text, language) => {
    if (typeof Intl.Segmenter !== "function") return text.split(/(?<=[\s\u200b])/);
    const out = [];
    for (const { segment, isWordLike } of new Intl.Segmenter(language || undefined, { granularity: "word" }).segment(text)) {
      if (isWordLike || !out.length || /\s$/.test(out.at(-1))) out.push(segment);
      else out[out.length - 1] += segment;
    }
    return out;
  };

  const broken = (brush, text, width, language) => {
    const lines = [""];
    for (const piece of pieces(text, language)) {
      if (lines.at(-1) && brush.measureText(lines.at(-1) + piece.trimEnd()).width > width) lines.push("");
      lines[lines.length - 1] += piece;
      while (brush.measureText(lines.at(-1)).width > width && [...lines.at(-1)].length > 1) {
        const letters = [...lines.at(-1)];
        let fits = letters.length - 1;
        while (fits > 1 && brush.measureText(letters.slice(0, fits).join("")).width > width) fits--;
        lines.splice(-1, 1, letters.slice(0, fits).join(""), letters.slice(fits).join(""));
      }
    }
    return lines.map((line) => line.trim());
  };

  // {words, name, at, notes, direction, language}: a card, {paint(canvas), svg()}.
  wholetape.card = ({ words, name, at, notes, direction, language }) => {
    const brush = document.createElement("canvas").getContext("2d"), width = WIDE - 2 * EDGE, texts = [];
    const set = (size, weight) => { brush.font = `${weight} ${size}px ${FONT}`; };
    const put = (text, y, size, weight, colour, turned) => texts.push({ text, x: turned ? WIDE - EDGE : EDGE, y, size, weight, colour, turned });
    const turned = direction === "rtl", page = document.documentElement.dir === "rtl";

    set(24, 400);
    const small = notes.flatMap((note) => broken(brush, note, width, document.documentElement.lang));
    const foot = 40 * 2 + 34 * small.length;
    let size = LARGEST, lines;
    for (;; size -= 3) {
      set(size, 600);
      lines = broken(brush, words, width, language);
      if (size <= LEAST || lines.length * size * 1.35 <= HIGH - EDGE * 2 - foot) break;
    }
    let y = EDGE;
    for (const line of lines) put(line, (y += size * 1.35) - size * 0.35, size, 600, INK, turned);
    const high = Math.max(HIGH, Math.round(y + 50 + foot + EDGE / 2));
    y = high - EDGE / 2 - foot + 10;
    set(30, 600);
    put(`${broken(brush, name, width - 260, language)[0]} \u00b7 ${at}`, y, 30, 600, MARK, page);
    y += 16;
    for (const line of small) put(line, (y += 34), 24, 400, SOFT, page);

    return {
      paint(canvas) {
        [canvas.width, canvas.height] = [WIDE, high];
        const to = canvas.getContext("2d");
        to.fillStyle = GROUND;
        to.fillRect(0, 0, WIDE, high);
        for (const one of texts) {
          to.font = `${one.weight} ${one.size}px ${FONT}`;
          to.direction = one.turned ? "rtl" : "ltr";
          to.textAlign = "start";
          to.fillStyle = one.colour;
          to.fillText(one.text, one.x, one.y);
        }
      },
      svg() {
        const make = (kind, attributes, text) => {
          const element = document.createElementNS("http://www.w3.org/2000/svg", kind);
          for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
          if (text !== undefined) element.textContent = text;
          return element;
        };
        const root = make("svg", { viewBox: `0 0 ${WIDE} ${high}`, width: WIDE, height: high, role: "img" });
        root.append(make("title", {}, `${name} \u00b7 ${at}`), make("rect", { width: WIDE, height: high, fill: GROUND }));
        for (const one of texts) {
          root.append(make("text", {
            x: one.x, y: one.y, "font-size": one.size, "font-weight": one.weight, fill: one.colour, "font-family": FONT,
            direction: one.turned ? "rtl" : "ltr", "text-anchor": "start",
          }, one.text));
        }
        return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(root)}\n`;
      },
    };
  };
})();
