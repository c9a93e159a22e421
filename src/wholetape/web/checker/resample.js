// Any rate to 8 kHz, by the formula of docs/spec/print.md: a Blackman-windowed sinc, evaluated exactly.
((wholetape) => {
  "use strict";
  const { PRINT } = wholetape.params;

  const gcd = (a, b) => (b ? gcd(b, a % b) : a);

  /** The samples, with 0 for what is no number, and none louder than the print allows. */
  const sane = (samples) => {
    const limit = PRINT.loudest;
    let broken = false;
    for (let i = 0; i < samples.length && !broken; i++) broken = !(samples[i] <= limit && samples[i] >= -limit);
    if (!broken) return samples;
    return samples.map((value) => (Number.isFinite(value) ? Math.max(-limit, Math.min(limit, value)) : 0));
  };

  /** Streams samples at a rate into samples at 8 kHz; no delay, zeros assumed before and after. */
  class Resampler {
    constructor(rate) {
      this.rate = rate;
      this.up = PRINT.rate / gcd(rate, PRINT.rate);
      this.slower = Math.min(rate, PRINT.rate);
      this.reach = Math.ceil((PRINT.filter_periods * rate) / this.slower);
      this.tables = new Map();
      this.buffer = new Float32Array(this.reach);
      this.origin = -this.reach;
      this.received = 0;
      this.made = 0;
    }

    copy() {
      return Object.assign(Object.create(Resampler.prototype), this, { buffer: this.buffer.slice() });
    }

    feed(samples) {
      samples = sane(samples);
      this.received += samples.length;
      if (this.rate === PRINT.rate) return samples;
      this.hold(samples);
      const last = this.received - this.reach - 1;
      return this.make(last >= 0 ? Math.floor((last * PRINT.rate) / this.rate) + 1 : 0);
    }

    finish() {
      if (this.rate === PRINT.rate) return new Float32Array(0);
      this.hold(new Float32Array(2 * this.reach + 2));
      return this.make(Math.ceil((this.received * PRINT.rate) / this.rate));
    }

    hold(samples) {
      const joined = new Float32Array(this.buffer.length + samples.length);
      joined.set(this.buffer);
      joined.set(samples, this.buffer.length);
      this.buffer = joined;
    }

    make(until) {
      if (until <= this.made) return new Float32Array(0);
      const { rate, reach, buffer } = this;
      const width = 2 * reach + 1;
      const out = new Float32Array(until - this.made);
      for (let m = this.made; m < until; m++) {
        const at = Math.floor((m * rate) / PRINT.rate) - reach - this.origin;
        const table = this.table(m);
        let a = 0, b = 0, k = 0;
        for (; k + 1 < width; k += 2) {
          a += buffer[at + k] * table[k];
          b += buffer[at + k + 1] * table[k + 1];
        }
        if (k < width) a += buffer[at + k] * table[k];
        out[m - this.made] = a + b;
      }
      this.made = until;
      const keep = Math.max(0, Math.floor((until * rate) / PRINT.rate) - reach - this.origin);
      this.buffer = buffer.slice(keep);
      this.origin += keep;
      return out;
    }

    /** (2 reach + 1,) weights of the inputs around output m. */
    table(m) {
      const phase = m % this.up;
      let table = this.tables.get(phase);
      if (table) return table;
      const { rate, reach, slower } = this;
      const half = PRINT.filter_periods;
      const centre = Math.floor((m * rate) / PRINT.rate);
      table = new Float64Array(2 * reach + 1);
      for (let k = -reach; k <= reach; k++) {
        const t = (((centre + k) * PRINT.rate - m * rate) * slower) / (PRINT.rate * rate);
        if (Math.abs(t) >= half) continue;
        const u = (Math.PI * t) / half;
        const window = 0.42 + 0.5 * Math.cos(u) + 0.08 * Math.cos(2 * u);
        const sinc = t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t);
        table[k + reach] = (sinc * window * slower) / rate;
      }
      this.tables.set(phase, table);
      return table;
    }
  }

  wholetape.resample = { Resampler, sane };
})((globalThis.wholetape ??= {}));
