// SHA-256 (FIPS 180-4) of bytes that come piece by piece: browsers offer only the whole at once, and not on every page.
((wholetape) => {
  "use strict";
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
  const fraction = (x) => Math.floor((x - Math.floor(x)) * 2 ** 32) | 0;
  const K = Int32Array.from(primes, (p) => fraction(Math.cbrt(p)));

  class Sha256 {
    constructor() {
      this.state = Int32Array.from(primes.slice(0, 8), (p) => fraction(Math.sqrt(p)));
      this.block = new Uint8Array(64);
      this.held = 0;
      this.length = 0;
      this.w = new Int32Array(64);
    }

    update(bytes) {
      this.length += bytes.length;
      let at = 0;
      if (this.held) {
        at = Math.min(64 - this.held, bytes.length);
        this.block.set(bytes.subarray(0, at), this.held);
        this.held += at;
        if (this.held < 64) return this;
        this.take(this.block, 0);
        this.held = 0;
      }
      for (; at + 64 <= bytes.length; at += 64) this.take(bytes, at);
      this.block.set(bytes.subarray(at));
      this.held = bytes.length - at;
      return this;
    }

    digest() {
      const length = this.length;
      const tail = new Uint8Array(this.held < 56 ? 64 - this.held : 128 - this.held);
      tail[0] = 128;
      const view = new DataView(tail.buffer);
      view.setUint32(tail.length - 8, Math.floor(length / 2 ** 29));
      view.setUint32(tail.length - 4, (length * 8) >>> 0);
      this.update(tail);
      const out = new Uint8Array(32), result = new DataView(out.buffer);
      this.state.forEach((word, i) => result.setInt32(4 * i, word));
      return out;
    }

    take(bytes, at) {
      const { w, state } = this;
      for (let i = 0; i < 16; i++, at += 4) {
        w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
      }
      for (let i = 16; i < 64; i++) {
        const x = w[i - 15], y = w[i - 2];
        const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 64; i++) {
        const t1 = (h + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
        const t2 = ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g; g = f; f = e; e = (d + t1) | 0;
        d = c; c = b; b = a; a = (t1 + t2) | 0;
      }
      state[0] += a; state[1] += b; state[2] += c; state[3] += d;
      state[4] += e; state[5] += f; state[6] += g; state[7] += h;
    }
  }

  const sha256 = (...parts) => parts.reduce((sum, part) => sum.update(part), new Sha256()).digest();
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

  wholetape.sha256 = { Sha256, sha256, hex };
})((globalThis.wholetape ??= {}));
