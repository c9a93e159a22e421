// Time-stamps (RFC 3161): what one is over, when it says that was, and whether an authority under a pinned root signed it.
// Certificates are judged as they were at the time of the stamp; revocation is not looked up.
((wholetape) => {
  "use strict";
  const { HASHES, nameOf, parseCertificate, rootOf, signedBy, stamps } = wholetape.certificate;
  const { element, inner, number, oid, time, whole } = wholetape.der;
  const { same, sha512 } = wholetape.notes;
  const { sha256 } = wholetape.sha256;

  const LONGEST = 1 << 18, INFO = "1.2.840.113549.1.9.16.1.4", SIGNED = "1.2.840.113549.1.7.2";
  const TYPE = "1.2.840.113549.1.9.3", DIGEST = "1.2.840.113549.1.9.4", SIGNER = "1.2.840.113549.1.9.16.2.12", SIGNER_2 = "1.2.840.113549.1.9.16.2.47";

  const bad = (problem) => problem instanceof RangeError || problem instanceof TypeError || problem instanceof DOMException;
  const must = (holds) => { if (!holds) throw new RangeError("not as it should be"); };

  const hashed = async (name, bytes) => {
    if (name === "SHA-256") return sha256(bytes);
    if (name === "SHA-512") return sha512(bytes);
    if (!globalThis.crypto?.subtle) throw new TypeError("this browser has no such hash on this page");
    return new Uint8Array(await crypto.subtle.digest(name, bytes));
  };

  /** The parts of a reply. */
  const partsOf = (reply) => {
    must(reply.length <= LONGEST);
    const [status, token] = inner(whole(reply));
    must(number(inner(status)[0]) === 0);
    const [kind, holder] = inner(token);
    must(oid(kind) === SIGNED && holder.tag === 0xa0);
    const [, , content, ...rest] = inner(inner(holder)[0]), [type, octets] = inner(content);
    must(oid(type) === INFO && octets.tag === 0xa0);
    const signed = element(octets.content), [, , imprint, , when, ...more] = inner(whole(signed.content));
    must(signed.tag === 4 && signed.end === octets.content.length && when.tag === 0x18);
    const within = more.find(({ tag }) => tag === 0x30), bounds = within ? inner(within) : [];
    const part = (tag, unit) => bounds.filter((one) => one.tag === tag).reduce((sum, one) => sum + number(one) * unit, 0);
    const [algorithm, message] = inner(imprint), certificates = rest.find(({ tag }) => tag === 0xa0);
    return {
      info: signed.content, hash: HASHES[oid(inner(algorithm)[0])], message: message.content, time: time(when),
      accuracy: part(2, 1) + part(0x80, 1e-3) + part(0x81, 1e-6), certificates: certificates ? inner(certificates).map(({ bytes }) => bytes) : [],
      signers: inner(rest.find(({ tag }) => tag === 0x31)),
    };
  };

  /** The certificate of the signer, and what was signed. */
  const signerOf = ({ signers, certificates }) => {
    must(signers.length === 1);
    const [, who, digest, attributes, algorithm, signature] = inner(signers[0]);
    must(attributes.tag === 0xa0 && who.tag === 0x30);
    const [issuer, serial] = inner(who), all = certificates.map(parseCertificate);
    const certificate = all.find((one) => same(one.issuer, issuer.bytes) && same(one.serial, serial.content));
    must(certificate);
    const values = new Map(inner(attributes).map((one) => [oid(inner(one)[0]), inner(inner(one)[1])]));
    const bytes = attributes.bytes.slice();
    bytes[0] = 0x31;
    return { certificate, others: all.filter((one) => one !== certificate), digest: HASHES[oid(inner(digest)[0])], values, bytes, algorithm, signature: signature.content };
  };

  /** Whether the signed attributes name the signer's certificate, which keeps another's from being put in its place. */
  const namesSigner = async ({ values, certificate }) => {
    const two = values.get(SIGNER_2), own = two ?? values.get(SIGNER);
    if (!own) return false;
    const parts = inner(inner(inner(own[0])[0])[0]);
    const hash = !two ? "SHA-1" : parts[0].tag === 0x30 ? HASHES[oid(inner(parts[0])[0])] : "SHA-256";
    return Boolean(hash) && same(await hashed(hash, certificate.bytes), parts.find(({ tag }) => tag === 4).content);
  };

  /** {over, time, latest, authority}: whether the reply is over these bytes, and what it says; null if it is no reply. */
  const readStamp = async (reply, data) => {
    try {
      const parts = partsOf(reply), over = Boolean(parts.hash) && same(await hashed(parts.hash, data), parts.message);
      let authority = "an authority without a name";
      try {
        authority = nameOf(signerOf(parts).certificate.subject);
      } catch (problem) {
        if (!bad(problem)) throw problem;
      }
      return { over, time: parts.time, latest: Math.ceil(parts.time + parts.accuracy - 1e-7), authority };
    } catch (problem) {
      if (bad(problem)) return null;
      throw problem;
    }
  };

  /** The pinned root under which the reply was signed, when it says that it was; null where it was not. */
  const rootOfStamp = async (reply, roots) => {
    try {
      const parts = partsOf(reply), signer = signerOf(parts), { values } = signer;
      must(oid(values.get(TYPE)[0]) === INFO && signer.digest && same(values.get(DIGEST)[0].content, await hashed(signer.digest, parts.info)));
      must(stamps(signer.certificate) && (await namesSigner(signer)));
      must(await signedBy(signer.certificate, signer.algorithm, signer.signature, signer.bytes, signer.digest));
      const own = roots.filter((one) => same(one.issuer, one.subject));
      return await rootOf(signer.certificate, [...signer.others, ...roots.filter((one) => !own.includes(one))], own, parts.time);
    } catch (problem) {
      if (bad(problem)) return null;
      throw problem;
    }
  };

  wholetape.stamp = { readStamp, rootOfStamp };
})((globalThis.wholetape ??= {}));
