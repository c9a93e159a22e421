// Time-stamps (RFC 3161): what one is over, and when it says that was. Who signed it is not verified here.
((wholetape) => {
  "use strict";
  const { sha256 } = wholetape.sha256;
  const { sha512 } = wholetape.notes;

  const HASHES = { "608648016503040201": sha256, "608648016503040203": sha512 };
  const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

  /** {tag, content, end} of the DER element at a place; throws RangeError where it is none. */
  const element = (bytes, at) => {
    let length = bytes[at + 1], start = at + 2;
    if (length === undefined) throw new RangeError("cut off");
    if (length & 128) {
      const count = length & 127;
      if (count < 1 || count > 4) throw new RangeError("no length of DER");
      length = 0;
      for (let k = 0; k < count; k++) length = length * 256 + bytes[start++];
    }
    if (!(start + length <= bytes.length)) throw new RangeError("cut off");
    return { tag: bytes[at], content: bytes.subarray(start, start + length), end: start + length };
  };

  const inner = (bytes) => {
    const out = [];
    for (let at = 0; at < bytes.length; ) {
      const found = element(bytes, at);
      out.push(found);
      at = found.end;
    }
    return out;
  };

  /** {over, time}: whether the reply is over these bytes, and its time as it stands there; null if it is no reply. */
  const readStamp = (reply, data) => {
    try {
      const whole = element(reply, 0);
      if (whole.tag !== 0x30 || whole.end !== reply.length) return null;
      const [status, token] = inner(whole.content);
      if (![0, 1].includes(inner(status.content)[0].content[0]) || !token) return null;
      const [, signed] = inner(token.content);
      const [, , encapsulated] = inner(inner(signed.content)[0].content);
      const [, octets] = inner(encapsulated.content);
      const info = inner(element(element(octets.content, 0).content, 0).content);
      const [algorithm, message] = inner(info[2].content);
      const hash = HASHES[hexOf(inner(algorithm.content)[0].content)];
      const time = info.find((one) => one.tag === 0x18);
      const over = Boolean(hash) && hexOf(hash(data)) === hexOf(message.content);
      return { over, time: String.fromCharCode(...time.content) };
    } catch (problem) {
      if (problem instanceof RangeError || problem instanceof TypeError) return null;
      throw problem;
    }
  };

  wholetape.stamp = { readStamp };
})((globalThis.wholetape ??= {}));
