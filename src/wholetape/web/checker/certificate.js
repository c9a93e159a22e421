// Certificates (X.509, RFC 5280) and the signatures that they make, as far as time-stamp authorities need them: RSA and ECDSA with
// SHA-2, which the browser's own cryptography verifies. What is of another kind is not verified, and never counts.
((wholetape) => {
  "use strict";
  const { inner, number, oid, time, whole } = wholetape.der;
  const { join, same } = wholetape.notes;

  const HASHES = { "2.16.840.1.101.3.4.2.1": "SHA-256", "2.16.840.1.101.3.4.2.2": "SHA-384", "2.16.840.1.101.3.4.2.3": "SHA-512" };
  const RSA = { "1.2.840.113549.1.1.11": "SHA-256", "1.2.840.113549.1.1.12": "SHA-384", "1.2.840.113549.1.1.13": "SHA-512" };
  const ECDSA = { "1.2.840.10045.4.3.2": "SHA-256", "1.2.840.10045.4.3.3": "SHA-384", "1.2.840.10045.4.3.4": "SHA-512" };
  const CURVES = { "1.2.840.10045.3.1.7": ["P-256", 32], "1.3.132.0.34": ["P-384", 48], "1.3.132.0.35": ["P-521", 66] };
  const PSS = "1.2.840.113549.1.1.10", RSA_KEY = "1.2.840.113549.1.1.1", EC_KEY = "1.2.840.10045.2.1";
  const USAGE = "2.5.29.15", BASIC = "2.5.29.19", EXTENDED = "2.5.29.37", STAMPING = "1.3.6.1.5.5.7.3.8", NAMES = ["2.5.4.3", "2.5.4.10"];
  const KNOWN = [USAGE, BASIC, EXTENDED];

  /** A certificate that was read; nothing of it is verified. */
  const parseCertificate = (bytes) => {
    const outer = whole(bytes), [body, , signature] = inner(outer), fields = inner(body);
    if (fields[0].tag === 0xa0) fields.shift();
    const [serial, , issuer, validity, subject, spki] = fields, [from, until] = inner(validity).map(time);
    const extensions = new Map();
    for (const field of fields.slice(6)) {
      if (field.tag !== 0xa3) continue;
      for (const one of inner(inner(field)[0])) {
        const parts = inner(one), name = oid(parts[0]);
        if (extensions.has(name)) throw new RangeError("an extension twice");
        extensions.set(name, { critical: parts.length === 3 && parts[1].content[0] !== 0, value: whole(parts.at(-1).content) });
      }
    }
    return {
      bytes, signed: body.bytes, kind: inner(outer)[1], signature: signature.content.subarray(1), serial: serial.content, issuer: issuer.bytes,
      subject: subject.bytes, from, until, spki, extensions,
    };
  };

  /** The certificates of a PEM text. */
  const parsePem = (text) =>
    [...text.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g)].map(([, base64]) =>
      parseCertificate(Uint8Array.from(atob(base64.replace(/\s/g, "")), (letter) => letter.charCodeAt(0))));

  /** The common name, or the organisation, of a name. */
  const nameOf = (name) => {
    const parts = inner(whole(name)).flatMap((set) => inner(set)).map((pair) => inner(pair));
    for (const wanted of NAMES) {
      const found = parts.find(([kind]) => oid(kind) === wanted);
      if (found) return new TextDecoder(found[1].tag === 0x1e ? "utf-16be" : "utf-8").decode(found[1].content);
    }
    return "an authority without a name";
  };

  /** r and s of a signature in DER as two numbers of the curve's width. */
  const plain = (signature, width) =>
    join(...inner(whole(signature)).map(({ content }) => {
      let start = 0;
      while (start < content.length - 1 && content[start] === 0) start++;
      const digits = content.subarray(start);
      if (digits.length > width) throw new RangeError("no signature of that curve");
      return join(new Uint8Array(width - digits.length), digits);
    }));

  /** Parameters of RSASSA-PSS: its hash and the salt's length. */
  const pssOf = (parameters) => {
    const own = new Map(inner(parameters).map((part) => [part.tag, inner(part)[0]]));
    const hash = own.has(0xa0) ? HASHES[oid(inner(own.get(0xa0))[0])] : null;
    return { hash, saltLength: own.has(0xa2) ? number(own.get(0xa2)) : 20 };
  };

  /** Whether a signature over bytes, of an algorithm (its DER; `digest`, a hash, where that names none), is by the key of a certificate. */
  const signedBy = async (holder, algorithm, signature, bytes, digest = null) => {
    const subtle = globalThis.crypto?.subtle;
    if (!subtle) throw new TypeError("this browser verifies no certificates on such a page");
    const [kind, parameters] = inner(algorithm), name = oid(kind), [keyKind, curve] = inner(inner(holder.spki)[0]);
    let how = null, given = signature;
    if (oid(keyKind) === RSA_KEY) {
      if (name === PSS) how = { name: "RSA-PSS", ...pssOf(parameters) };
      else how = { name: "RSASSA-PKCS1-v1_5", hash: RSA[name] ?? (name === RSA_KEY ? digest : null) };
    } else if (oid(keyKind) === EC_KEY) {
      const [namedCurve, width] = CURVES[oid(curve)] ?? [];
      how = { name: "ECDSA", namedCurve, hash: ECDSA[name] };
      if (namedCurve && how.hash) given = plain(signature, width);
      else how = null;
    }
    if (!how?.hash) return false;
    const key = await subtle.importKey("spki", holder.spki.bytes, how, false, ["verify"]);
    return subtle.verify(how, key, given, bytes);
  };

  const held = (certificate, when) => certificate.from <= when && when <= certificate.until;
  const odd = (certificate) => [...certificate.extensions].some(([name, { critical }]) => critical && !KNOWN.includes(name));

  /** Whether a certificate is one that makes others, with at most so many between it and the last. */
  const makesOthers = ({ extensions }, below) => {
    const basic = extensions.get(BASIC), usage = extensions.get(USAGE);
    if (!basic) return false;
    const [ca, length] = inner(basic.value);
    if (!ca || ca.tag !== 1 || ca.content[0] === 0 || (length && number(length) < below)) return false;
    return !usage || (usage.value.content[1] & 4) !== 0;
  };

  /** Whether a certificate is for time-stamps, and for nothing else. */
  const stamps = ({ extensions }) => {
    const use = extensions.get(EXTENDED);
    return Boolean(use?.critical) && inner(use.value).map(oid).join() === STAMPING;
  };

  /** The pinned root under which a certificate was valid at a time, by way of others; null if there is none. */
  const rootOf = async (certificate, between, roots, when, below = 0) => {
    if (below > 6 || !held(certificate, when) || odd(certificate)) return null;
    for (const root of roots) {
      if (same(root.bytes, certificate.bytes)) return root;
    }
    for (const maker of [...roots, ...between]) {
      if (!same(maker.subject, certificate.issuer) || !makesOthers(maker, below)) continue;
      if (!(await signedBy(maker, certificate.kind, certificate.signature, certificate.signed))) continue;
      const root = await rootOf(maker, between.filter((one) => one !== maker), roots, when, below + 1);
      if (root) return root;
    }
    return null;
  };

  wholetape.certificate = { HASHES, nameOf, parseCertificate, parsePem, rootOf, signedBy, stamps };
})((globalThis.wholetape ??= {}));
