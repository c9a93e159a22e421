// The .seal file as bytes and as members: a ZIP archive of which every byte is determined or summed; nothing else is read.
((wholetape) => {
  "use strict";
  const { MalformedFile } = wholetape.errors;
  const { hex, sha256 } = wholetape.sha256;
  const { text } = wholetape.source;
  const { join, utf8 } = wholetape.notes;

  const FRESH = "get a fresh copy of it", MAX_SEAL = 2 ** 28, MAX_MEMBERS = 2000;
  const RULES = [
    [/^head$/, 1 << 20, true], [/^leaves$/, 1 << 27, true], [/^keys\/[0-9]{4}$/, 1 << 12, true], [/^heads\/[0-9]{4}$/, 1 << 20, true],
    [/^stamps\/[0-9]{4}-[0-9]\.(?:tsr|ots|block)$/, 1 << 20, true], [/^statements\/[0-9]{4}$/, 1 << 16, true],
    [/^escrow\/[a-z0-9][a-z0-9.-]{0,63}$/, 1 << 20, true], [/^private\/seed$/, 65, false], [/^sum$/, 65, false],
  ];
  const EXCERPT_RULES = [[/^excerpt$/, 1 << 14, true], RULES[0], RULES[1], [/^opened$/, 1 << 29, true], RULES[3], RULES[4], RULES.at(-1)];

  /** A refusal of a seal with its result of the closed list in vectors/seal. */
  const refuse = (result, words, hint = "", Kind = MalformedFile) => { throw Object.assign(new Kind(words, hint), { result }); };
  const bad = (words, hint) => refuse("container", words, hint);

  const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
    return n;
  });
  const crc32 = (bytes) => {
    let crc = 0xffffffff;
    for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ CRC[(crc ^ bytes[i]) & 255];
    return (crc ^ 0xffffffff) >>> 0;
  };

  const BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
  const EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
  const FAR = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
  const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

  /** Counts of codes by length, and symbols in the order of their codes (RFC 1951, 3.2.2); null if there are too many. */
  const codeOf = (lengths) => {
    const counts = new Uint16Array(16), at = new Uint16Array(16), symbols = new Uint16Array(lengths.length);
    for (const length of lengths) counts[length]++;
    counts[0] = 0;
    let left = 1;
    for (let length = 1; length < 16; length++) {
      left = left * 2 - counts[length];
      if (left < 0) return null;
      if (length < 15) at[length + 1] = at[length] + counts[length];
    }
    lengths.forEach((length, symbol) => { if (length) symbols[at[length]++] = symbol; });
    return { counts, symbols };
  };

  /** What deflated bytes unpack to: exactly `size` bytes of all of them; null for anything else. Never grows beyond. */
  const inflate = (bytes, size) => {
    const out = new Uint8Array(size);
    let to = 0, at = 0, held = 0, have = 0;
    const end = {};
    const bits = (n) => {
      while (have < n) {
        if (at >= bytes.length) throw end;
        held |= bytes[at++] << have;
        have += 8;
      }
      const value = held & ((1 << n) - 1);
      held >>>= n;
      have -= n;
      return value;
    };
    const symbol = ({ counts, symbols }) => {
      let code = 0, first = 0, index = 0;
      for (let length = 1; length < 16; length++) {
        code |= bits(1);
        if (code - counts[length] < first) return symbols[index + code - first];
        index += counts[length];
        first = (first + counts[length]) << 1;
        code <<= 1;
      }
      throw end;
    };
    const put = (byte) => {
      if (to >= size) throw end;
      out[to++] = byte;
    };
    const fixed = [codeOf([...Array(288).keys()].map((n) => (n < 144 ? 8 : n < 256 ? 9 : n < 280 ? 7 : 8))), codeOf(Array(30).fill(5))];
    const dynamic = () => {
      const literals = bits(5) + 257, distances = bits(5) + 1, count = bits(4) + 4, lengths = Array(19).fill(0);
      for (let k = 0; k < count; k++) lengths[ORDER[k]] = bits(3);
      const code = codeOf(lengths), all = [];
      if (!code || literals > 286) throw end;
      while (all.length < literals + distances) {
        const found = symbol(code);
        if (found < 16) all.push(found);
        else {
          const [value, times] = found === 16 ? [all.at(-1), 3 + bits(2)] : found === 17 ? [0, 3 + bits(3)] : [0, 11 + bits(7)];
          if (value === undefined) throw end;
          for (let k = 0; k < times; k++) all.push(value);
        }
      }
      const codes = [codeOf(all.slice(0, literals)), codeOf(all.slice(literals, literals + distances))];
      if (all.length !== literals + distances || !codes[0] || !codes[1] || !all[256]) throw end;
      return codes;
    };
    try {
      for (let last = 0; !last; ) {
        last = bits(1);
        const kind = bits(2);
        if (kind === 3) return null;
        if (kind === 0) {
          held = have = 0;
          const length = bytes[at] | (bytes[at + 1] << 8), check = bytes[at + 2] | (bytes[at + 3] << 8);
          at += 4;
          if (at > bytes.length || (length ^ 0xffff) !== check || at + length > bytes.length) return null;
          for (let k = 0; k < length; k++) put(bytes[at++]);
          continue;
        }
        const [literal, distance] = kind === 1 ? fixed : dynamic();
        for (;;) {
          const found = symbol(literal);
          if (found < 256) put(found);
          else if (found === 256) break;
          else {
            if (found > 285) return null;
            const length = BASE[found - 257] + bits(EXTRA[found - 257]), far = symbol(distance);
            if (far > 29) return null;
            const back = FAR[far] + bits(far < 2 ? 0 : (far >> 1) - 1);
            if (back > to) return null;
            for (let k = 0; k < length; k++) put(out[to - back]);
          }
        }
      }
    } catch (problem) {
      if (problem === end) return null;
      throw problem;
    }
    return to === size && at === bytes.length ? out : null;
  };

  const place = (name, rules) => rules.findIndex(([pattern]) => pattern.test(name));

  /** The members of the container in bytes, in their order, by name, without `sum`, which fits. */
  const unpack = (bytes, rules = RULES) => {
    if (bytes.length > MAX_SEAL) bad("too large for a seal");
    if (text(bytes.subarray(0, 4)) !== "PK\x03\x04") bad("not a seal: its first bytes are not those of one", "make one with `wholetape seal`");
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const members = new Map(), entries = [];
    let at = 0, last = [-1, ""], total = 0;
    while (text(bytes.subarray(at, at + 4)) === "PK\x03\x04") {
      if (members.size >= MAX_MEMBERS) bad(`the seal has more than ${MAX_MEMBERS} members`);
      if (bytes.length < at + 30) bad("the seal is cut off", FRESH);
      const [version, flags, method, time, date] = [4, 6, 8, 10, 12].map((k) => view.getUint16(at + k, true));
      const [crc, packed, size] = [14, 18, 22].map((k) => view.getUint32(at + k, true));
      const length = view.getUint16(at + 26, true), extra = view.getUint16(at + 28, true), start = at + 30 + length;
      if (version !== 20 || flags || time || date !== 0x21 || extra) bad("the seal has a member with flags, dates or extra fields, which are not allowed");
      const raw = bytes.subarray(at + 30, start);
      if (raw.some((byte) => byte > 127)) bad("the seal has a member whose name is not ASCII");
      const name = text(raw), where = [place(name, rules), name];
      if (where[0] < 0) bad("the seal has a member which has no place in one");
      if (members.has(name) && name === last[1]) bad(`the seal has two members ${name}`);
      if (where[0] < last[0] || (where[0] === last[0] && name <= last[1])) bad(`the seal has its member ${name} in the wrong place`);
      const [, limit, deflated] = rules[where[0]];
      if (size > limit) bad(`the seal's member ${name} is larger than ${limit} bytes`);
      total += size;
      if (total > MAX_SEAL) bad("the seal's members are too large together");
      if (method !== 0 && !(method === 8 && deflated)) bad(`the seal's member ${name} is packed in a way that is not allowed`);
      if (start + packed > bytes.length) bad("the seal is cut off", FRESH);
      const stored = bytes.subarray(start, start + packed);
      if (!method && packed !== size) bad(`the seal's member ${name} has two sizes`);
      const content = method ? inflate(stored, size) : stored.slice();
      if (!content) bad(`the seal's member ${name} does not unpack to the size that it names`, FRESH);
      if (crc32(content) !== crc) bad(`the seal's member ${name} is damaged: its checksum does not fit`, FRESH);
      members.set(name, content);
      entries.push({ raw, method, crc, packed, size, at });
      if (name === "sum" && text(content) !== `${hex(sha256(bytes.subarray(0, at)))}\n`) refuse("sum", "the seal is damaged: its sum does not fit its content", FRESH);
      last = where;
      at = start + packed;
    }
    const due = directory(entries, at);
    if (bytes.length !== at + due.length || !due.every((byte, i) => byte === bytes[at + i])) bad("the seal's directory does not agree with its members", FRESH);
    for (const name of ["head", "leaves", "sum"]) if (!members.has(name)) bad(`the seal has no member ${name}`);
    members.delete("sum");
    return members;
  };

  /** The bytes that stand behind the members. */
  const directory = (entries, offset) => {
    const length = entries.reduce((n, entry) => n + 46 + entry.raw.length, 0);
    const out = new Uint8Array(length + 22), view = new DataView(out.buffer);
    let at = 0;
    for (const { raw, method, crc, packed, size, at: start } of entries) {
      view.setUint32(at, 0x504b0102);
      [20, 20, 0, method, 0, 0x21].forEach((value, k) => view.setUint16(at + 4 + 2 * k, value, true));
      [crc, packed, size].forEach((value, k) => view.setUint32(at + 16 + 4 * k, value, true));
      view.setUint16(at + 28, raw.length, true);
      view.setUint32(at + 42, start, true);
      out.set(raw, at + 46);
      at += 46 + raw.length;
    }
    view.setUint32(at, 0x504b0506);
    view.setUint16(at + 8, entries.length, true);
    view.setUint16(at + 10, entries.length, true);
    view.setUint32(at + 12, length, true);
    view.setUint32(at + 16, offset, true);
    return out;
  };

  /** The container with these members, a map, in the order that `rules` demands, none of them packed; `sum` is added. */
  const pack = (members, rules = RULES) => {
    const names = [...members.keys()].sort((a, b) => place(a, rules) - place(b, rules) || (a < b ? -1 : 1));
    const parts = [], entries = [];
    let at = 0;
    const put = (name, content) => {
      const raw = utf8(name), crc = crc32(content), local = new Uint8Array(30 + raw.length), view = new DataView(local.buffer);
      view.setUint32(0, 0x504b0304);
      [20, 0, 0, 0, 0x21].forEach((value, k) => view.setUint16(4 + 2 * k, value, true));
      [crc, content.length, content.length].forEach((value, k) => view.setUint32(14 + 4 * k, value, true));
      view.setUint16(26, raw.length, true);
      local.set(raw, 30);
      parts.push(local, content);
      entries.push({ raw, method: 0, crc, packed: content.length, size: content.length, at });
      at += local.length + content.length;
    };
    for (const name of names) put(name, members.get(name));
    put("sum", utf8(`${hex(sha256(...parts))}\n`));
    return join(...parts, directory(entries, at));
  };

  wholetape.container = { EXCERPT_RULES, inflate, pack, refuse, unpack };
})((globalThis.wholetape ??= {}));
