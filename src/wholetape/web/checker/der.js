// DER (X.690) as far as time-stamps and certificates need it; RangeError and TypeError for what is none.
((wholetape) => {
  "use strict";
  /** {tag, content, bytes, end} of the element at a place: its content, and all of it. */
  const element = (bytes, at = 0) => {
    let length = bytes[at + 1], start = at + 2;
    if (length === undefined) throw new RangeError("cut off");
    if (length & 128) {
      const count = length & 127;
      if (count < 1 || count > 4) throw new RangeError("no length of DER");
      length = 0;
      for (let k = 0; k < count; k++) length = length * 256 + bytes[start++];
    }
    if (!(start + length <= bytes.length)) throw new RangeError("cut off");
    const end = start + length;
    return { tag: bytes[at], content: bytes.subarray(start, end), bytes: bytes.subarray(at, end), end };
  };

  /** The elements one after another in the content of one that holds others. */
  const inner = ({ content }) => {
    const out = [];
    for (let at = 0; at < content.length; ) {
      const found = element(content, at);
      out.push(found);
      at = found.end;
    }
    return out;
  };

  /** The one element that bytes are. */
  const whole = (bytes) => {
    const found = element(bytes);
    if (found.end !== bytes.length) throw new RangeError("followed by other bytes");
    return found;
  };

  const oid = ({ tag, content }) => {
    if (tag !== 6) throw new RangeError("no object identifier");
    const parts = [];
    let part = 0;
    for (const byte of content) {
      part = part * 128 + (byte & 127);
      if (byte & 128) continue;
      parts.push(part);
      part = 0;
    }
    const first = Math.min(2, Math.floor(parts[0] / 40));
    return [first, parts[0] - 40 * first, ...parts.slice(1)].join(".");
  };

  const number = ({ content }) => content.reduce((value, byte) => value * 256 + byte, 0);

  /** Seconds since 1970 of a UTCTime or GeneralizedTime, with its fraction. */
  const time = ({ tag, content }) => {
    const text = String.fromCharCode(...content), found = /^((?:\d\d)?\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(text);
    if (!found || (tag === 0x17) !== (found[1].length === 2) || ![0x17, 0x18].includes(tag)) throw new RangeError("no time of DER");
    const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number);
    const full = tag === 0x18 ? year : year + (year < 50 ? 2000 : 1900);
    return Date.UTC(full, month - 1, day, hour, minute, second) / 1000 + Number(found[7] ?? 0);
  };

  wholetape.der = { element, inner, number, oid, time, whole };
})((globalThis.wholetape ??= {}));
