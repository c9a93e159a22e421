// Players: sound, waveform, seeking, transcripts that follow, links to a moment. Where this does not run, the browser's
// own controls are there. One sound plays at a time.
"use strict";
(() => {
  const all = (root, selector) => [...root.querySelectorAll(selector)];
  const players = new Map();
  let playing = null;

  const clock = (seconds) => {
    const whole = Math.max(0, Math.floor(seconds));
    const two = (n) => String(n).padStart(2, "0");
    const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  };

  wholetape.clock = clock;

  // Where a web server sends no parts of a file, a browser cannot seek in it: then the whole file is fetched, once.
  const fetched = new Map();
  const whole = (address) => {
    if (!fetched.has(address))
      fetched.set(address, fetch(address).then((answer) => answer.blob()).then((blob) => URL.createObjectURL(blob)));
    return fetched.get(address);
  };
  const seekable = (audio) => {
    const range = audio.seekable;
    return range.length > 0 && range.end(range.length - 1) > Math.min(1, audio.duration / 2);
  };

  // One figure with an audio element: `from` and `until` bound what it plays of it, in seconds.
  class Part {
    constructor(figure, button, from, until) {
      this.figure = figure;
      this.audio = figure.querySelector("audio");
      this.audio.controls = false;
      this.button = button;
      this.cursor = figure.querySelector(".cursor");
      this.from = from;
      this.until = until;
      this.stopAt = until;
      button.addEventListener("click", () => (playing === this ? this.pause() : this.play()));
      this.audio.addEventListener("ended", () => playing === this && this.pause());
      this.audio.addEventListener("timeupdate", () => this.draw());
      this.audio.addEventListener("loadedmetadata", () => this.arrived());
      const wave = figure.querySelector(".seekable");
      wave.addEventListener("click", (event) => {
        const box = wave.getBoundingClientRect();
        const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
        this.play(this.from + share * (this.until - this.from));
      });
    }

    get time() {
      return this.wanted === undefined ? this.audio.currentTime : this.wanted;
    }

    // Goes to a moment, also before anything is loaded.
    seek(seconds) {
      const to = Math.min(Math.max(this.from, seconds), this.until);
      if (this.audio.readyState && !this.fetching) this.audio.currentTime = to;
      else this.wanted = to;
      this.draw();
    }

    // The sound is known: goes where it was told to, with the whole file in hand where there is no other way.
    arrived() {
      if (!this.fetching && location.protocol !== "file:" && !this.audio.src.startsWith("blob:") && !seekable(this.audio)) {
        this.fetching = true;
        this.wanted = this.time;
        whole(this.audio.src.split("#")[0]).then((address) => {
          this.fetching = false;
          this.audio.src = address;
          if (playing === this) this.start();
        }, () => {
          this.fetching = false;
        });
      } else if (!this.fetching && this.wanted !== undefined) {
        this.audio.currentTime = this.wanted;
        this.wanted = undefined;
      }
    }

    play(at, until) {
      if (playing && playing !== this) playing.pause();
      playing = this;
      const range = this.range; // that a link named
      this.range = null;
      if (at === undefined && range && Math.abs(this.time - range.start) < 0.1) until = range.end;
      this.stopAt = until === undefined ? this.until : until;
      if (at !== undefined) this.seek(at);
      else if (this.time >= this.until - 0.05 || this.time < this.from) this.seek(this.from);
      this.figure.classList.add("playing");
      this.button.textContent = this.figure.dataset.pause;
      if (!this.audio.readyState) this.audio.load();
      this.start();
      this.follow();
    }

    // Starts the sound; a start that was overtaken by another, as when its source changed, stops nothing.
    start() {
      const attempt = (this.attempt = (this.attempt || 0) + 1);
      this.audio.play().catch(() => playing === this && !this.fetching && attempt === this.attempt && this.pause());
    }

    pause() {
      if (playing === this) playing = null;
      this.audio.pause();
      this.figure.classList.remove("playing");
      this.button.textContent = this.figure.dataset.play;
    }

    follow() {
      if (playing !== this) return;
      if (this.audio.currentTime >= this.stopAt && this.wanted === undefined) {
        this.pause();
        if (this.stopAt < this.until) this.stopAt = this.until;
      } else requestAnimationFrame(() => this.follow());
      this.draw();
    }

    draw() {
      const share = (this.time - this.from) / Math.max(1e-9, this.until - this.from);
      const x = (100 * Math.min(1, Math.max(0, share))).toFixed(2) + "%";
      this.cursor.setAttribute("x1", x);
      this.cursor.setAttribute("x2", x);
    }
  }

  class Player extends Part {
    constructor(figure) {
      super(figure, figure.querySelector(".toggle"), 0, Number(figure.dataset.duration));
      this.session = figure.dataset.session;
      this.slider = figure.querySelector(".seek");
      this.nowAt = figure.querySelector(".now-at");
      for (const part of [this.slider, figure.querySelector(".controls")]) part.hidden = false;
      this.slider.addEventListener("input", () => this.seek(Number(this.slider.value)));
      for (const step of all(figure, ".step"))
        step.addEventListener("click", () => this.seek(this.time + Number(step.dataset.by)));
      figure.querySelector(".speed").addEventListener("change", (event) => {
        this.audio.playbackRate = Number(event.target.value);
      });
      figure.querySelector(".link-here").addEventListener("click", () => this.link());
      figure.addEventListener("keydown", (event) => this.key(event));
      this.cues = null;
    }

    draw() {
      super.draw();
      const time = this.time;
      if (!this.slider) return;
      this.slider.value = time;
      this.slider.setAttribute("aria-valuetext", clock(time));
      this.nowAt.textContent = clock(time);
      if (this.cues) this.cues.show(time);
    }

    key(event) {
      if (event.ctrlKey || event.altKey || event.metaKey || /SELECT/.test(event.target.tagName)) return;
      const does = { k: () => (playing === this ? this.pause() : this.play()), j: () => this.seek(this.time - 10), l: () => this.seek(this.time + 10) };
      if (does[event.key]) {
        event.preventDefault();
        does[event.key]();
      }
    }

    // Shows the address of this moment, and copies it where that is allowed.
    link() {
      const at = this.time.toFixed(2).replace(/\.?0+$/, "");
      const address = location.href.split("#")[0] + `#s=${this.session}&t=${at}`;
      const shown = this.figure.querySelector(".link-shown");
      shown.hidden = false;
      shown.textContent = address;
      if (navigator.clipboard) {
        navigator.clipboard.writeText(address).then(() => {
          shown.textContent = `${this.figure.dataset.copied} ${address}`;
        }, () => {});
      }
    }
  }

  for (const figure of all(document, "figure.player")) {
    const player = new Player(figure);
    players.set(player.session, player);
    const box = document.querySelector(`.cues[data-session="${player.session}"]`);
    if (!box) continue;
    player.cues = new wholetape.Cues(box, player);
    player.quote = new wholetape.Quote(player.cues);
    new wholetape.Find(player.cues, player.quote);
  }
  for (const figure of all(document, "figure.place-of")) {
    const button = figure.querySelector("button");
    button.hidden = false;
    figure.sounding = new Part(figure, button, Number(figure.dataset.from), Number(figure.dataset.until));
  }
  document.documentElement.classList.add("scripted");

  // "62.5", "1:02.5" and "1:01:02" in seconds; NaN for anything else.
  const seconds = (text) => {
    if (!/^(\d{1,4}:){0,2}\d{1,7}(\.\d{1,6})?$/.test(text)) return NaN;
    return text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  };

  const decoded = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return "";
    }
  };

  // The session, start, end and words that a fragment names, or null.
  const moment = (hash) => {
    const found = /^#(?:s=(\d{1,4})&)?t=(?:npt:)?([\d:.]+)(?:,([\d:.]+))?(?:&q=([^&#]{1,4000}))?$/.exec(hash);
    const player = found && players.get(found[1] || "1");
    const start = found ? seconds(found[2]) : NaN;
    if (!player || Number.isNaN(start)) return null;
    const end = found[3] === undefined ? undefined : seconds(found[3]);
    return { player, start, end: end > start ? end : undefined, words: found[4] ? decoded(found[4]) : "" };
  };

  const arrive = () => {
    const at = moment(location.hash);
    if (!at) return;
    at.player.seek(at.start);
    at.player.range = at;
    at.player.figure.scrollIntoView({ block: "center" });
    at.player.button.focus({ preventScroll: true });
    if (at.words && at.player.quote) at.player.quote.arrive(at.words, at.start, at.end);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a");
    if (!link) return;
    const at = link.classList.contains("moment") ? moment(link.hash) : null;
    if (at) {
      event.preventDefault();
      history.replaceState(null, "", link.hash);
      at.player.play(at.start, at.end);
      return;
    }
    if (link.classList.contains("language")) link.href = link.getAttribute("href").split("#")[0] + location.hash;
    if (link.closest(".overview")) {
      const entry = document.getElementById(link.getAttribute("href").slice(1));
      const first = entry && entry.querySelector(".place-of");
      if (entry) entry.focus({ preventScroll: true });
      if (first && first.sounding) first.sounding.play(first.sounding.from);
    }
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && playing && playing.pause());
  window.addEventListener("hashchange", arrive);
  arrive();
})();
