// Words chosen in a transcript: a link to their moment that keeps them, a card, and the proof of their place.
"use strict";
(() => {
  const LONGEST = 600, LINKED = "wholetape-now";

  const short = (seconds) => Number(seconds).toFixed(3).replace(/\.?0+$/, "");

  // Where a word begins or ends around a place in a text.
  const wordEdge = (text, place, language, end) => {
    if (typeof Intl.Segmenter === "function") {
      const found = new Intl.Segmenter(language || undefined, { granularity: "word" }).segment(text).containing(end ? place - 1 : place);
      if (found) return end ? found.index + found.segment.length : found.index;
    }
    const space = /[\s\u200b]/;
    if (end) while (place < text.length && !space.test(text[place])) place++;
    else while (place > 0 && !space.test(text[place - 1])) place--;
    return place;
  };

  class Quote {
    constructor(cues) {
      this.cues = cues;
      const box = (this.box = cues.box.closest(".transcript").querySelector(".quote"));
      const part = (name) => box.querySelector(name);
      [this.chosen, this.words, this.at, this.status, this.figure, this.commands] =
        [".chosen", ".words", ".moment", ".quote-status", ".card", ".commands"].map(part);
      this.texts = box.dataset;
      document.addEventListener("selectionchange", () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.selected(), 200);
      });
      part(".copy-link").addEventListener("click", () => this.copy(this.link()));
      part(".copy-words").addEventListener("click", () => this.copy(`${this.quoted}\n${this.texts.name}, ${this.at.textContent}\n${this.link()}`));
      part(".draw-card").addEventListener("click", () => this.draw());
      part(".make-proof")?.addEventListener("click", (event) => this.prove(event.target));
    }

    selected() {
      const selection = getSelection();
      if (!selection.rangeCount || selection.isCollapsed) return;
      const range = selection.getRangeAt(0);
      if (range.intersectsNode(this.cues.box) && this.cues.box.contains(range.startContainer)) this.take(range);
    }

    // Takes whole words in a range as what is quoted: of each line its own words only, not its time, nor its speaker.
    take(range) {
      const language = this.cues.box.lang, lines = [], parts = [];
      for (const line of this.cues.all) {
        if (!range.intersectsNode(line)) continue;
        const span = line.lastElementChild, node = span.firstChild;
        if (!node || !range.intersectsNode(node)) continue;
        const text = node.data;
        const start = node === range.startContainer ? wordEdge(text, Math.min(range.startOffset, text.length - 1), language, false) : 0;
        const end = node === range.endContainer ? (range.endOffset ? wordEdge(text, range.endOffset, language, true) : 0) : text.length;
        const own = text.slice(start, end).trim();
        if (!own) continue;
        const other = line.querySelector("b") !== null; // another speaker's words begin: one sentence of two mouths is none
        parts.push(parts.length && other ? `\u2013 ${own}` : own);
        lines.push(line);
        if (parts.length === 1) this.before = text.slice(0, start).trim() !== "";
        this.behind = text.slice(end).trim() !== "";
      }
      const times = lines.filter((line) => line.dataset.t !== undefined);
      if (!times.length) return;
      this.text = parts.join(" ");
      if ([...this.text].length > LONGEST) this.text = `${[...this.text].slice(0, LONGEST).join("")}\u2026`;
      this.start = Number(times[0].dataset.t);
      this.end = Math.max(this.start, ...times.map((line) => Number(line.dataset.e)));
      this.show();
    }

    show() {
      this.chosen.hidden = false;
      this.words.textContent = this.text;
      this.quoted = `\u201c${this.before ? "\u2026 " : ""}${this.text}${this.behind && !this.text.endsWith("\u2026") ? " \u2026" : ""}\u201d`;
      this.at.textContent = `${wholetape.clock(this.start)}\u2013${wholetape.clock(Math.ceil(this.end))}`;
      this.at.href = this.fragment();
      this.figure.hidden = this.commands.hidden = true;
      this.say("");
    }

    fragment() {
      const span = this.end > this.start ? `${short(this.start)},${short(this.end)}` : short(this.start);
      return `#s=${this.cues.player.session}&t=${span}&q=${encodeURIComponent(this.text)}`;
    }

    // The page's public address where it names one: whoever opens the link has another disk.
    link() {
      const canonical = document.querySelector('link[rel="canonical"]');
      return (canonical ? canonical.href : location.href.split("#")[0]) + this.fragment();
    }

    say(words, more = "") {
      this.status.textContent = more ? `${words} ${more}` : words;
    }

    copy(words) {
      if (!navigator.clipboard) return this.say(words);
      navigator.clipboard.writeText(words).then(() => this.say(this.texts.copied, words), () => this.say(words));
    }

    // The words that a link names are marked where they stand at that moment; what a link says is shown nowhere else.
    async arrive(words, start, end) {
      await this.cues.fill();
      const { all } = this.cues, last = end ?? start + 1;
      const low = all.findIndex((line) => Number(line.dataset.e) > start - 0.5);
      let high = all.findIndex((line) => Number(line.dataset.t) > last + 0.5);
      if (high < 0) high = all.length;
      const [found] = low < 0 ? [] : this.cues.index().find(words.replace(/\u2026$/, ""), low, high);
      if (!found) {
        this.chosen.hidden = true;
        this.box.querySelector(".not-there").hidden = false;
        return;
      }
      this.box.querySelector(".not-there").hidden = true;
      wholetape.mark(LINKED, [found]);
      this.cues.reveal(found.startContainer.parentElement.closest("li"));
      this.take(found);
    }

    draw() {
      const { name, claim, sealed, head } = this.texts, address = /^https?:/.test(this.link()) ? this.link().split("#")[0] : "";
      const card = wholetape.card({
        words: this.quoted, name: document.querySelector("h1").textContent, at: this.at.textContent,
        notes: [name, claim, sealed, head, address].filter((line) => line),
        direction: getComputedStyle(this.words).direction, language: this.cues.box.lang,
      });
      const canvas = this.figure.querySelector("canvas");
      card.paint(canvas);
      canvas.setAttribute("aria-label", [this.quoted, name, this.at.textContent, claim, sealed].join(". "));
      this.figure.hidden = false;
      canvas.toBlob((picture) => this.offer(".card-png", picture, "png"), "image/png");
      this.offer(".card-svg", new Blob([card.svg()], { type: "image/svg+xml" }), "svg");
    }

    // What is saved is named after the recording and the seconds.
    file(ending) {
      return `${this.texts.stem}-${Math.floor(this.start)}-${Math.ceil(this.end)}.${ending}`;
    }

    offer(selector, blob, ending) {
      const link = this.box.querySelector(selector);
      if (link.href.startsWith("blob:")) URL.revokeObjectURL(link.href);
      link.href = URL.createObjectURL(blob);
      link.download = this.file(ending);
      return link;
    }

    // Makes the proof in the check's worker, from the seal, the print and the salts beside the page.
    async prove(button) {
      const session = Number(this.cues.player.session), told = JSON.parse(document.getElementById("wholetape-check").textContent);
      const { print, seal } = told.references[session - 1], { start, end } = this;
      button.disabled = true;
      this.say(this.texts.proving);
      try {
        this.engine ??= wholetape.engine(() => wholetape.code("engine", told.engine));
        const [sealed, printed, salts] = await Promise.all([
          wholetape.bytes(`seal-${session}`, seal.address), wholetape.bytes(`print-${session}`, print), wholetape.load(`salts-${session}`, seal.salts),
        ]);
        const made = await this.engine.excerpt({
          seal: new Blob([sealed]), print: new Blob([printed]), start, end: Math.max(end, start + 0.001),
          salts: { sound: salts.sound && wholetape.unpacked(salts.sound), print: wholetape.unpacked(salts.print) },
        });
        if (start !== this.start || end !== this.end) return;
        this.offer(".save-proof", new Blob([made], { type: "application/octet-stream" }), "excerpt").click();
        this.commands.hidden = false;
        this.commands.textContent = this.texts.commands.replaceAll("{proof}", this.file("excerpt")).replaceAll(" && ", "\n");
        this.say(this.texts.proven);
      } catch (problem) {
        this.say(this.texts.failed, problem.message);
      } finally {
        button.disabled = false;
      }
    }
  }

  wholetape.Quote = Quote;
})();
