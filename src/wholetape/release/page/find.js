// Words looked for in a transcript: without regard to case, accents, punctuation and line ends.
"use strict";
(() => {
  const FOUND = "wholetape-found", NOW = "wholetape-now", MOST = 1000;

  // Text as it is compared, and where each of its letters stands in the text as it is written.
  const folded = (text) => {
    let plain = "";
    const at = [];
    let place = 0;
    for (const letter of text) {
      let own;
      if (/[\s\p{P}]/u.test(letter)) own = " ";
      else if (/[\u200b-\u200d]/.test(letter)) own = "";
      else own = (letter < "\x80" ? letter : letter.normalize("NFKD").replace(/[\u0300-\u036f\u0640\u064b-\u0652]/g, "")).toLowerCase();
      if (own !== " " || !plain.endsWith(" ")) {
        plain += own;
        for (let k = 0; k < own.length; k++) at.push(place);
      }
      place += letter.length;
    }
    return { plain, at };
  };

  // All lines after one another, and, for each letter, its line and its place there.
  class Index {
    constructor(lines) {
      this.spans = lines.map((line) => line.lastElementChild);
      this.starts = [];
      this.parts = this.spans.map((span) => folded(span.textContent));
      let length = 0;
      for (const part of this.parts) {
        this.starts.push(length);
        length += part.plain.length + 1;
      }
      this.plain = this.parts.map((part) => part.plain).join(" ");
      this.tight = this.plain.includes("  ");
    }

    // Ranges of the document in which the words stand; `low` and `high` bound the lines, by number.
    find(words, low = 0, high = this.spans.length) {
      const wanted = folded(words).plain.trim();
      if (!wanted) return [];
      const pattern = this.tight ? new RegExp(wanted.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/ /g, " +"), "g") : null;
      const out = [], end = high < this.spans.length ? this.starts[high] : this.plain.length;
      for (let from = this.starts[low] ?? 0; out.length < MOST; ) {
        let at, length = wanted.length;
        if (pattern) {
          pattern.lastIndex = from;
          const match = pattern.exec(this.plain);
          [at, length] = match ? [match.index, match[0].length] : [-1, 0];
        } else at = this.plain.indexOf(wanted, from);
        if (at < 0 || at + length > end) break;
        out.push(this.range(at, at + length - 1));
        from = at + length;
      }
      return out;
    }

    range(first, last) {
      const range = document.createRange();
      range.setStart(...this.place(first, false));
      range.setEnd(...this.place(last, true));
      return range;
    }

    // The text node and offset of a letter, or of what is behind it.
    place(letter, behind) {
      let low = 0, high = this.starts.length;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (this.starts[middle] <= letter) low = middle;
        else high = middle;
      }
      const { at } = this.parts[low], node = this.spans[low].firstChild;
      const offset = at[Math.min(letter - this.starts[low], at.length - 1)] ?? 0;
      if (!behind) return [node, offset];
      return [node, offset + String.fromCodePoint(node.data.codePointAt(offset)).length];
    }
  }

  // Marks ranges without touching the document, where the browser can.
  const mark = (name, ranges) => {
    if (!CSS.highlights) return;
    if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
    else CSS.highlights.delete(name);
  };

  class Find {
    constructor(cues, quote) {
      this.cues = cues;
      this.quote = quote;
      const root = cues.box.closest(".transcript");
      this.field = root.querySelector(".find");
      this.told = root.querySelector(".found");
      this.hits = [];
      this.now = -1;
      cues.index = () => (this.index ??= new Index(cues.all));
      cues.changed = () => { this.index = null; };
      this.field.addEventListener("input", () => this.look());
      this.field.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        this.go(event.shiftKey ? -1 : 1);
      });
      for (const button of root.querySelectorAll(".find-step")) button.addEventListener("click", () => this.go(Number(button.dataset.by)));
    }

    async look() {
      const words = this.field.value;
      this.looking = this.cues.fill();
      await this.looking;
      if (words !== this.field.value) return;
      this.hits = this.cues.index().find(words);
      this.now = -1;
      mark(FOUND, this.hits);
      mark(NOW, []);
      this.tell(words.trim());
    }

    tell(words) {
      const { none, count } = this.told.dataset;
      const told = count.replace("{number}", this.now + 1).replace("{count}", this.hits.length + (this.hits.length === MOST ? "+" : ""));
      this.told.textContent = !words ? "" : this.hits.length ? told : none;
    }

    async go(by) {
      await this.looking;
      if (!this.hits.length) return;
      this.now = (this.now + by + this.hits.length + (this.now < 0 && by < 0 ? 1 : 0)) % this.hits.length;
      const range = this.hits[this.now];
      mark(NOW, [range]);
      this.cues.reveal(range.startContainer.parentElement.closest("li"));
      this.tell(this.field.value.trim());
      this.quote.take(range);
    }
  }

  Object.assign(wholetape, { Find, mark });
})();
