// Plays a stretch of a file that the reader chose, or of one beside the page: one at a time.
((wholetape) => {
  "use strict";

  const LEAD_S = 1.5;

  class Player {
    constructor() {
      this.audio = document.createElement("audio");
      this.audio.preload = "auto";
      this.addresses = new Map();
      this.stopped = () => {};
      this.end = 0;
      this.audio.addEventListener("timeupdate", () => { if (this.audio.currentTime >= this.end) this.stop(); });
      this.audio.addEventListener("ended", () => this.stop());
    }

    /** Plays [start, end) seconds of a file with a little around it; `stopped(problem)` is called when that is over. */
    async play(file, [start, end], stopped) {
      this.stop();
      this.stopped = stopped;
      if (typeof file !== "string" && !this.addresses.has(file)) this.addresses.set(file, URL.createObjectURL(file));
      const { audio } = this, address = typeof file === "string" ? new URL(file, document.baseURI).href : this.addresses.get(file);
      this.end = end + LEAD_S;
      try {
        if (audio.src !== address) {
          audio.src = address;
          await new Promise((resolve, reject) => {
            audio.onloadedmetadata = resolve;
            audio.onerror = () => reject(new Error("this browser does not play the file"));
          });
        }
        audio.currentTime = Math.max(0, start - LEAD_S);
        await audio.play();
      } catch (problem) {
        if (problem.name !== "AbortError") this.stop(problem);
      }
    }

    stop(problem = null) {
      this.audio.pause();
      const { stopped } = this;
      this.stopped = () => {};
      stopped(problem);
    }

    close() {
      this.stop();
      this.audio.removeAttribute("src");
      for (const address of this.addresses.values()) URL.revokeObjectURL(address);
      this.addresses.clear();
    }
  }

  wholetape.Player = Player;
})((globalThis.wholetape ??= {}));
