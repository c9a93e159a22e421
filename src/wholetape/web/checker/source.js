// The bytes of a file, some at a time: whatever its size, a few megabytes are in memory.
((wholetape) => {
  "use strict";
  const { UnreadableInput } = wholetape.errors;
  const { Sha256 } = wholetape.sha256;

  const WINDOW = 1 << 21;

  class Source {
    constructor(blob) {
      this.blob = blob;
      this.size = blob.size;
      this.window = new Uint8Array(0);
      this.from = 0;
    }

    /** Up to n bytes from a place: fewer at the end of the file. A view, good until the next call. */
    async read(at, n) {
      const end = Math.min(this.size, at + n);
      if (at < this.from || end > this.from + this.window.length) {
        try {
          const buffer = await this.blob.slice(at, Math.min(this.size, at + Math.max(n, WINDOW))).arrayBuffer();
          this.window = new Uint8Array(buffer);
        } catch (problem) {
          throw new UnreadableInput(`the file cannot be read: ${problem.message}`, "was it moved or changed meanwhile? choose it again");
        }
        this.from = at;
      }
      return this.window.subarray(Math.max(0, at - this.from), Math.max(0, end - this.from));
    }

    /** The same, in memory of its own. */
    async copy(at, n) {
      return (await this.read(at, n)).slice();
    }

    async view(at, n) {
      const bytes = await this.read(at, n);
      return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }

    /** SHA-256 of all of it. */
    async digest(progress = () => {}) {
      const sum = new Sha256();
      for (let at = 0; at < this.size; at += WINDOW) {
        sum.update(await this.read(at, WINDOW));
        progress(Math.min(1, (at + WINDOW) / this.size));
      }
      return sum.digest();
    }
  }

  const text = (bytes) => String.fromCharCode(...bytes);

  wholetape.source = { Source, text };
})((globalThis.wholetape ??= {}));
