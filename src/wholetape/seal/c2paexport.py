"""The C2PA manifest that names a seal: for those whose tools show manifests, and never what a verification rests on.

A manifest tells who signed *it*, and that the file's bytes have not changed since. Whoever edits the sound signs a new
one, and every transcode drops it. ``docs/c2pa.md`` says so at length; nothing here is ever read back by ``verify``.

The manifest: C2PA 2.x, written by ``c2pa-python`` (an extra). Its assertions are

- ``c2pa.actions``: ``c2pa.opened``, the sealed recording being the parent; no claim how it was captured;
- ``wholetape.seal``: the head with its signatures, the sealed file's and the print's hashes;
- ``c2pa.soft-binding``: algorithm ``wholetape.print.1``, value the SHA-256 of the ``.print`` file, in hex.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from wholetape.errors import MalformedFile, UsageError
from wholetape.seal.sealfile import Seal

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

SOFT_BINDING = "wholetape.print.1"
"""The print's algorithm as C2PA would name it; it is not in C2PA's list of algorithms."""
MAX_PEM = 1 << 20
"""Bytes of a certificate chain or key at most."""
_FORMATS = {
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".mp4": "video/mp4",
    ".m4v": "video/x-m4v",
    ".mov": "video/quicktime",
    ".avi": "video/x-msvideo",
}
_OFFLINE = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_after_sign": True, "verify_trust": False},
    "builder": {"thumbnail": {"enabled": False}},
}
"""Nothing is fetched, and what was made is read again before it counts."""


@dataclass(frozen=True, slots=True)
class Credential:
    """Who signs a manifest: certificates, the signer's own first, and its private key, both PEM."""

    chain: bytes
    key: bytes
    algorithm: str

    def __repr__(self) -> str:
        return f"Credential({self.algorithm})"


def format_of(path: str) -> str:
    """The MIME type of a file in which a manifest can be embedded, by its name.

    Raises:
        UsageError: a format that takes none here.
    """
    found = _FORMATS.get(os.path.splitext(path)[1].lower())
    if found is None:
        words = f"no C2PA manifest can be embedded in {path!r}"
        raise UsageError(words, f"the file is one of {', '.join(sorted(_FORMATS))}")
    return found


def credential(chain: bytes, key: bytes) -> Credential:
    """The credential of a certificate chain and the key of its first certificate, both PEM.

    Raises:
        MalformedFile: not PEM of certificates, or of a private key.
        UsageError: an encrypted key, one of another certificate, or of a kind that C2PA does not take.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization as s

    try:
        certificates = x509.load_pem_x509_certificates(chain)
    except ValueError as problem:
        raise MalformedFile("the C2PA certificate is not PEM") from problem
    try:
        private = s.load_pem_private_key(key, None)
    except TypeError as problem:
        raise UsageError("the C2PA key is encrypted", "decrypt it into a file that only you can read") from problem
    except ValueError as problem:
        raise MalformedFile("the C2PA key is no private key in PEM form") from problem
    public = private.public_key().public_bytes(s.Encoding.DER, s.PublicFormat.SubjectPublicKeyInfo)
    own = certificates[0].public_key().public_bytes(s.Encoding.DER, s.PublicFormat.SubjectPublicKeyInfo)
    if public != own:
        raise UsageError("the C2PA key is not that of the first certificate", "put the signer's own certificate first")
    pem = private.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())
    return Credential(chain, pem, _algorithm(private))


def definition(seal: Seal, title: str, form: str, version: str) -> dict[str, Any]:
    """The manifest for ``seal`` as ``c2pa-python`` takes it; ``form`` is a MIME type. The seal must be closed."""
    close = seal.close
    if close is None:
        raise ValueError("an unfinished seal has no print")
    printed = {"sha256": close.print.sha256.hex(), "size": close.print.size}
    named = {
        "format": "wholetape.seal/v1",
        "head": seal.head.data.decode(),
        "print": printed,
        "file": None if close.file is None else {"sha256": close.file.sha256.hex(), "size": close.file.size},
        "note": "a pointer, not a proof: get the seal, and verify it with the parties' own keys",
    }
    bound = {
        "alg": SOFT_BINDING,
        "name": "SHA-256 of the .print file",
        "blocks": [{"scope": {}, "value": printed["sha256"]}],
        "pad": [],
    }
    return {
        "claim_generator_info": [{"name": "wholetape", "version": version}],
        "title": title,
        "format": form,
        "assertions": [{"label": "wholetape.seal", "data": named}, {"label": "c2pa.soft-binding", "data": bound}],
    }


def embed(manifest: dict[str, Any], signer: Credential, source: BinaryIO, target: BinaryIO) -> None:
    """Writes to ``target`` what ``source`` has, with the manifest signed and embedded; both can seek.

    The result is read again: its signature and the hash of its bytes hold.

    Raises:
        UsageError: ``c2pa-python`` is not installed, or refuses the certificate or the file.
    """
    try:
        import c2pa  # type: ignore[import-untyped]  # it has no annotations
    except ImportError as problem:
        raise UsageError("C2PA needs an extra package", "pip install 'wholetape[c2pa]'") from problem
    form = manifest["format"]
    try:
        context = c2pa.Context.from_dict(_OFFLINE)
        builder = c2pa.Builder.from_json(json.dumps(manifest), context)
        builder.set_intent(c2pa.C2paBuilderIntent.EDIT)
        builder.sign(_signer(c2pa, signer), form, source, target)
        target.seek(0)
        state = c2pa.Reader(form, target, context=context).get_validation_state()
    except c2pa.C2paError as problem:
        hint = "C2PA wants a certificate for signing, issued by another one, that is valid now, with its chain"
        raise UsageError(f"the C2PA manifest cannot be made: {problem}", hint) from problem
    if state not in ("Valid", "Trusted"):
        raise UsageError(f"the C2PA manifest that was made reads as {state}", "use another certificate")


def _signer(library: Any, signer: Credential) -> Any:
    algorithm = library.C2paSigningAlg[signer.algorithm]
    info = library.C2paSignerInfo(algorithm, signer.chain, signer.key, None)
    return library.Signer.from_info(info)


def _algorithm(key: PrivateKeyTypes) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "ED25519"
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= 2048:
        return "PS256"
    curves = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in curves:
        return curves[key.curve.name]
    raise UsageError(
        "C2PA does not take a key of this kind", "use P-256, P-384, P-521, Ed25519, or RSA of 2048 bits or more"
    )
