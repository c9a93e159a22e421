// The lines of a transcript: they follow the sound; a long transcript is loaded when it is wanted.
"use strict";
(() => {
  // The line that is heard is marked, and kept in sight.
  class Cues {
    constructor(box, player) {
      this.box = box;
      this.player = player;
      this.follow = box.closest(".transcript").querySelector(".follow");
      this.more = box.closest(".transcript").querySelector(".more-cues");
      this.changed = () => {};
      this.read();
      if (this.more && box.dataset.more) {
        this.more.hidden = false;
        this.more.addEventListener("click", () => this.fill());
      }
    }

    read() {
      this.all = [...this.box.children];
      this.lines = this.all.filter((line) => line.dataset.t !== undefined);
      this.starts = this.lines.map((line) => Number(line.dataset.t));
      this.changed();
    }

    // Brings a line into sight, within the box.
    reveal(line) {
      const top = line.offsetTop - this.box.offsetTop;
      if (top < this.box.scrollTop || top + line.offsetHeight > this.box.scrollTop + this.box.clientHeight)
        this.box.scrollTop = Math.max(0, top - this.box.clientHeight / 3);
    }

    show(time) {
      if (this.more && !this.more.hidden && time > (this.starts.at(-1) ?? 0)) this.fill();
      let low = 0;
      let high = this.starts.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.starts[middle] <= time + 0.05) low = middle + 1;
        else high = middle;
      }
      const line = this.lines[low - 1] || null;
      if (line === this.now) return;
      if (this.now) {
        this.now.classList.remove("now");
        this.now.removeAttribute("aria-current");
      }
      this.now = line;
      if (!line) return;
      line.classList.add("now");
      line.setAttribute("aria-current", "true");
      if (this.follow.checked) this.reveal(line);
    }

    // A promise that all lines are there: a long transcript has most of them in a script, which is loaded when it is wanted.
    fill() {
      if (!this.more || this.more.hidden) return Promise.resolve();
      this.filling ??= this.load().catch(() => {
        this.more.disabled = false;
        this.filling = null;
      });
      return this.filling;
    }

    async load() {
      const session = this.player.session;
      this.more.disabled = true;
      const rows = await wholetape.load("words-" + session, this.box.dataset.more);
      for (let first = 0; first < rows.length; first += 200) {
        const part = document.createDocumentFragment();
        for (const row of rows.slice(first, first + 200)) part.append(this.line(session, ...row));
        this.box.append(part);
        await new Promise((done) => setTimeout(done, 0));
      }
      this.more.hidden = true;
      this.read();
      if (this.now) this.show(this.player.time);
    }

    line(session, start, end, at, who, text) {
      const line = document.createElement("li");
      if (start !== null) {
        line.dataset.t = start;
        line.dataset.e = end;
        const link = document.createElement("a");
        link.className = "moment";
        link.href = `#s=${session}&t=${start}`;
        link.textContent = at;
        line.append(link, " ");
      }
      if (who) {
        const name = document.createElement("b");
        const bdi = document.createElement("bdi");
        bdi.textContent = who;
        name.append(bdi, " ");
        line.append(name);
      }
      const words = document.createElement("span");
      words.dir = "auto";
      words.textContent = text;
      line.append(words);
      return line;
    }
  }

  wholetape.Cues = Cues;
})();
