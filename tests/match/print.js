// The print in JavaScript, written from docs/spec/print.md; no library. Usage: node print.js IN.wav OUT.print [IN.wav OUT.print …]
"use strict";
const { readFileSync, writeFileSync } = require("fs");
const { createHash } = require("crypto");

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const edge = (b) => 250 * 14 ** (b / 33);

function readWav(file) {
  const form = file.readUInt16LE(20);
  const channels = file.readUInt16LE(22);
  const rate = file.readUInt32LE(24);
  const bits = file.readUInt16LE(34);
  const count = Math.floor(file.readUInt32LE(40) / (channels * (bits / 8)));
  const read = {
    "1/8": (at) => (file.readUInt8(at) - 128) / 128,
    "1/16": (at) => file.readInt16LE(at) / 32768,
    "3/32": (at) => file.readFloatLE(at),
  }[`${form}/${bits}`];
  const sound = [];
  for (let c = 0; c < channels; c++) {
    const one = new Float64Array(count);
    for (let n = 0; n < count; n++) {
      const value = read(44 + (n * channels + c) * (bits / 8));
      one[n] = Number.isFinite(value) ? Math.max(-1024, Math.min(1024, value)) : 0;
    }
    sound.push(one);
  }
  return { sound, rate };
}

function gcd(a, b) {
  return b ? gcd(b, a % b) : a;
}

// Step 2. Outputs whose place between two inputs is the same share their weights.
function to8k(x, rate) {
  if (rate === 8000) return x;
  const slower = Math.min(rate, 8000);
  const phases = 8000 / gcd(rate, 8000);
  const reach = Math.ceil((24 * rate) / slower) + 1;
  const tables = new Map();
  const y = new Float64Array(Math.ceil((x.length * 8000) / rate));
  for (let m = 0; m < y.length; m++) {
    const centre = Math.floor((m * rate) / 8000);
    const phase = m % phases;
    let table = tables.get(phase);
    if (!table) {
      table = new Float64Array(2 * reach + 1);
      for (let k = -reach; k <= reach; k++) {
        const t = (((centre + k) * 8000 - m * rate) * slower) / (8000 * rate);
        const window = 0.42 + 0.5 * Math.cos((Math.PI * t) / 24) + 0.08 * Math.cos((Math.PI * t) / 12);
        const sinc = t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t);
        table[k + reach] = Math.abs(t) < 24 ? ((sinc * window) * slower) / rate : 0;
      }
      tables.set(phase, table);
    }
    let sum = 0;
    const last = Math.min(reach, x.length - 1 - centre);
    for (let k = Math.max(-reach, -centre); k <= last; k++) sum += x[centre + k] * table[k + reach];
    y[m] = sum;
  }
  return y;
}

// Step 4, in place: radix 2.
function fft(re, im) {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j], re[i]];
      [im[i], im[j]] = [im[j], im[i]];
    }
  }
  for (let size = 2; size <= n; size *= 2) {
    for (let k = 0; k < size / 2; k++) {
      const wr = Math.cos((2 * Math.PI * k) / size);
      const wi = -Math.sin((2 * Math.PI * k) / size);
      for (let at = k; at < n; at += size) {
        const b = at + size / 2;
        const tr = re[b] * wr - im[b] * wi;
        const ti = re[b] * wi + im[b] * wr;
        re[b] = re[at] - tr;
        im[b] = im[at] - ti;
        re[at] += tr;
        im[at] += ti;
      }
    }
  }
}

// Steps 3 to 5.
function bandEnergies(y) {
  const rows = [];
  for (let i = 0; 80 * i < y.length; i++) {
    const re = new Float64Array(256);
    const im = new Float64Array(256);
    for (let j = 0; j < 256; j++) {
      const n = 80 * i - 128 + j;
      if (n >= 0 && n < y.length) re[j] = y[n] * (0.5 - 0.5 * Math.cos((2 * Math.PI * j) / 256));
    }
    fft(re, im);
    const row = new Float64Array(33);
    for (let b = 0; b < 33; b++) {
      for (let k = 0; k <= 128; k++) {
        const low = Math.max(31.25 * (k - 0.5), edge(b));
        const high = Math.min(31.25 * (k + 0.5), edge(b + 1));
        if (high > low) row[b] += ((re[k] * re[k] + im[k] * im[k]) * (high - low)) / 31.25;
      }
    }
    rows.push(row);
  }
  return rows;
}

// Steps 6 to 11: the words and the level bytes of one track.
function track(y) {
  const rows = bandEnergies(y);
  const energy = (i, b) => rows[Math.max(0, Math.min(rows.length - 1, i))][b];
  const plain = (i, b) => Math.log(energy(i, b) + 2 ** -15);
  const smooth = (i, b) => {
    let sum = 0;
    for (let k = -4; k <= 4; k++) sum += (energy(i + k, b) * Math.sin((Math.PI * (k + 5)) / 10) ** 2) / 5;
    return Math.log(sum + 2 ** -15);
  };
  const words = Buffer.alloc(8 * rows.length);
  const levels = Buffer.alloc(Math.ceil(rows.length / 4));
  const change = (of, i, lag, b) => of(i + lag, b) - of(i - lag, b);
  const tones = [];
  for (let i = 0; i < rows.length; i++) {
    for (let b = 0; b < 32; b++) {
      const fast = change(plain, i, 1, b + 1) - change(plain, i, 1, b);
      const slow = change(smooth, i, 5, b + 1) - change(smooth, i, 5, b);
      if (fast > 2 ** -9) words[8 * i + (b >> 3)] |= 1 << (b & 7);
      if (slow > 2 ** -9) words[8 * i + 4 + (b >> 3)] |= 1 << (b & 7);
    }
    const total = rows[i].reduce((a, b) => a + b, 0);
    let most = 0;
    for (let c = 0; c < 33; c++) {
      let sum = 0;
      for (let b = 0; b < 33; b++) if (b === c + 1 || Math.abs(edge(b + 0.5) - edge(c + 0.5)) <= 90) sum += rows[i][b];
      most = Math.max(most, sum);
    }
    tones.push(total > 2 ** -9 && most >= 0.9 * total);
    const level = total > 0 ? Math.max(0, Math.min(127, Math.floor(4 * Math.log2(total)) + 79)) : 0;
    levels[i >> 2] = Math.max(levels[i >> 2], level);
  }
  for (let g = 0; g < levels.length; g++) if (tones.slice(4 * g, 4 * g + 4).every(Boolean)) levels[g] += 128;
  return Buffer.concat([words, levels]);
}

function makePrint(file) {
  const { sound, rate } = readWav(file);
  const mean = sound[0].map((_, n) => sound.reduce((sum, one) => sum + one[n], 0) / sound.length);
  const inputs = [[255, mean]];
  if (sound.some((one) => one.some((value, n) => value !== sound[0][n]))) sound.forEach((one, c) => inputs.push([c, one]));
  const head = Buffer.alloc(24);
  head.write("\x89WTP\r\n\x1a\n", "latin1");
  head.writeUInt16LE(1, 8);
  head.writeUInt16LE(1, 10);
  head.writeUInt32LE(inputs.length, 12);
  head.writeBigUInt64LE(BigInt(Math.ceil((mean.length * 8000) / rate)), 16);
  const parts = [head, sha256(file)];
  for (const [channel, one] of inputs) parts.push(Buffer.from([0, channel, 0, 0]), track(to8k(one, rate)));
  const body = Buffer.concat(parts);
  return Buffer.concat([body, sha256(body)]);
}

const files = process.argv.slice(2);
for (let k = 0; k + 1 < files.length; k += 2) writeFileSync(files[k + 1], makePrint(readFileSync(files[k])));
