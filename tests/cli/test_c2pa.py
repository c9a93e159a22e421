"""A copy with a C2PA manifest, which ``verify`` writes for others, and which proves nothing to us."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import sys
import wave

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as s
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.cli.sealing import PINS, sealed
from tests.media.conftest import ffmpeg
from wholetape.seal.sealfile import parse_seal

__all__ = ["sealed"]

DAY = datetime.timedelta(days=1)
needs_c2pa = pytest.mark.skipif(sys.platform == "win32", reason="c2pa-python is tested where its wheel is pinned")


def issue(
    key, *, issuer=None, issuer_key=None, usage=(ExtendedKeyUsageOID.EMAIL_PROTECTION,), days=90, name="Newsroom"
):
    """A certificate; without an issuer its own, an authority's."""
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Test"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    subject = x509.Name(names)
    signing = issuer_key or key
    fields = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only")
    purposes = x509.KeyUsage(
        digital_signature=issuer is not None,
        key_cert_sign=issuer is None,
        crl_sign=issuer is None,
        decipher_only=False,
        **dict.fromkeys(fields, False),
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 100 * DAY)
        .not_valid_after(now + days * DAY)
        .add_extension(x509.BasicConstraints(issuer is None, None), True)
        .add_extension(purposes, True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), False)
    )
    if issuer is not None:
        made = made.add_extension(x509.ExtendedKeyUsage(usage), False)
    return made.sign(signing, hashes.SHA256())


def pem(thing):
    if isinstance(thing, x509.Certificate):
        return thing.public_bytes(s.Encoding.PEM)
    return thing.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())


ROOT_KEY = ec.generate_private_key(ec.SECP256R1())
ROOT = issue(ROOT_KEY, name="Root")


@pytest.fixture
def signer(here):
    """Words that let a newsroom sign a manifest."""

    def go(target, key=None, **how):
        key = key or ec.generate_private_key(ec.SECP256R1())
        (here / "chain.pem").write_bytes(pem(issue(key, issuer=ROOT, issuer_key=ROOT_KEY, **how)) + pem(ROOT))
        (here / "newsroom.pem").write_bytes(pem(key))
        return ["--c2pa", target, "--c2pa-cert", "chain.pem", "--c2pa-key", "newsroom.pem"]

    return go


@pytest.fixture
def read(monkeypatch, tmp_path):
    """What both implementations say of a file: state and active manifest of c2pa-rs, and the report of the other."""
    import c2pa  # type: ignore[import-untyped]  # it has no annotations
    import encypher_c2pa

    monkeypatch.setenv("HOME", str(tmp_path))  # where the second one would keep its preferences
    context = c2pa.Context.from_dict({"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}})

    def go(path):
        kind = {".wav": "audio/wav", ".flac": "audio/flac", ".mp3": "audio/mpeg", ".m4a": "audio/mp4"}[path.suffix]
        data = path.read_bytes()
        with c2pa.Reader(kind, io.BytesIO(data), context=context) as reader:
            tree = json.loads(reader.json())
        other = encypher_c2pa.verify(data, kind, telemetry=False, online=False, trust_pem=pem(ROOT).decode())
        return tree["validation_state"], tree["manifests"][tree["active_manifest"]], other

    return go


@needs_c2pa
@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3", "m4a"])
def test_two_implementations_accept_the_manifest_and_find_the_seal_in_it(run, sealed, signer, read, here, suffix):
    ran = run(*sealed(f"speech.{suffix}"), *signer(f"out.{suffix}"))
    assert ran.code == 0, ran.err
    assert "proves nothing by itself" in ran.err
    state, manifest, other = read(here / f"out.{suffix}")
    assert state in ("Valid", "Trusted")
    assert (other["integrity"], other["signature"], other["hard_binding"]) == ("valid", "valid", "match")
    assert other["trust"]["status"] == "valid_for_supplied_material", other["trust"]
    held = {one["label"]: one["data"] for one in manifest["assertions"]}
    seal = parse_seal((here / "speech.seal").read_bytes())
    assert seal.close is not None
    assert seal.close.file is not None
    printed = hashlib.sha256((here / "speech.print").read_bytes()).hexdigest()
    assert held["wholetape.seal"]["head"].encode() == seal.head.data
    assert held["wholetape.seal"]["file"]["sha256"] == seal.close.file.sha256.hex()
    (block,) = held["c2pa.soft-binding"]["blocks"]
    assert (held["c2pa.soft-binding"]["alg"], block["value"]) == ("wholetape.print.1", printed)
    assert [one["action"] for one in held["c2pa.actions.v2"]["actions"]] == ["c2pa.opened"]


@needs_c2pa
def test_the_copys_sound_is_the_sealed_one_where_that_can_be_known(run, sealed, signer):
    assert run(*sealed("speech.flac"), *signer("out.flac")).code == 0
    ran = run("verify", "out.flac", "--seal", "speech.seal", *PINS)
    assert ran.code == 0
    assert "samples verified, file differs" in ran.out
    ran = run(*sealed("speech.mp3"), *signer("out.mp3"))
    assert "keep the original: verify knows no other file" in ran.err
    assert run("verify", "out.mp3", "--seal", "speech.seal", *PINS).code == 6


@needs_c2pa
def test_a_stream_copy_drops_the_manifest(run, sealed, signer, read, here):
    import c2pa

    assert run(*sealed("speech.flac"), *signer("out.flac")).code == 0
    ffmpeg("-i", "out.flac", "-c", "copy", "copy.flac")
    with pytest.raises(c2pa.C2paError.ManifestNotFound):
        read(here / "copy.flac")
    assert run("verify", "copy.flac", "--seal", "speech.seal", *PINS).code == 0


@needs_c2pa
def test_an_attackers_manifest_over_edited_sound_reads_valid_and_we_do_not_care(run, sealed, signer, read, here):
    """The same assertions, the true head among them, signed anew with a certificate from the same authority."""
    from wholetape.seal.c2paexport import credential, definition, embed

    words = sealed()
    assert run(*words, *signer("out.wav")).code == 0
    with wave.open(str(here / "speech.wav")) as true, wave.open(str(here / "edited.wav"), "wb") as edited:
        edited.setparams(true.getparams())
        edited.writeframes(bytes(20_000) + true.readframes(1 << 20)[20_000:])
    signer("unused.wav", name="Attacker")
    theirs = credential((here / "chain.pem").read_bytes(), (here / "newsroom.pem").read_bytes())
    seal = parse_seal((here / "speech.seal").read_bytes())
    with (here / "edited.wav").open("rb") as source, (here / "forged.wav").open("w+b") as target:
        embed(definition(seal, "speech.wav", "audio/wav", "0.1.0"), theirs, source, target)
    state, manifest, other = read(here / "forged.wav")
    assert state in ("Valid", "Trusted")
    assert other["integrity"] == "valid"
    assert seal.head.data.decode() in json.dumps(manifest, ensure_ascii=False).replace("\\n", "\n")
    ran = run("verify", "forged.wav", *words[2:])
    assert ran.code == 6
    assert "not the one that was sealed" in ran.err


@needs_c2pa
def test_a_changed_byte_breaks_the_manifest(run, sealed, signer, read, here):
    assert run(*sealed(), *signer("out.wav")).code == 0
    data = bytearray((here / "out.wav").read_bytes())
    data[5000] ^= 1
    (here / "out.wav").write_bytes(data)
    state, _, other = read(here / "out.wav")
    assert state == "Invalid"
    assert other["integrity"] != "valid"


@needs_c2pa
@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP384R1()),
        ed25519.Ed25519PrivateKey.generate(),
        rsa.generate_private_key(65537, 2048),
    ],
    ids=["P-384", "Ed25519", "RSA"],
)
def test_keys_of_other_kinds_sign(run, sealed, signer, read, here, key):
    assert run(*sealed(), *signer("out.wav", key)).code == 0
    assert read(here / "out.wav")[2]["signature"] == "valid"


@needs_c2pa
def test_wrong_words_are_refused_before_the_work(run, sealed, signer, here, monkeypatch):
    words = sealed()
    good = signer("out.wav")
    monkeypatch.setattr("wholetape.seal.sound.compare", None)
    for wrong, told in (
        (good[:2], "--c2pa-cert and --c2pa-key"),
        (good[2:], "for --c2pa"),
        (["--c2pa", "out.ogg", *good[2:]], "no C2PA manifest can be embedded"),
        (["--c2pa", "out.flac", *good[2:]], "of two formats"),
        (["--c2pa", "speech.wav", *good[2:]], "would be overwritten"),
        (["--c2pa", "newsroom.pem", *good[2:]], "would be overwritten"),
    ):
        ran = run(*words, *wrong)
        assert (ran.code, told in ran.err) == (2, True), ran.err
    other = ec.generate_private_key(ec.SECP256R1())
    secret = other.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.BestAvailableEncryption(b"secret"))
    small = ec.generate_private_key(ec.SECP192R1())
    for key, code, told in (
        (pem(other), 2, "not that of the first certificate"),
        (secret, 2, "encrypted"),
        (b"no key", 5, "no private key"),
        (b"", 5, "no private key"),
    ):
        (here / "newsroom.pem").write_bytes(key)
        ran = run(*words, *good)
        assert (ran.code, told in ran.err) == (code, True), ran.err
    signer("out.wav", small)
    assert "key of this kind" in run(*words, *good).err
    (here / "chain.pem").write_bytes(b"nothing")
    assert run(*words, *good).code == 5
    (here / "chain.pem").unlink()
    assert run(*words, *good).code == 4
    assert not (here / "out.wav").exists()


@needs_c2pa
@pytest.mark.parametrize(
    "how", [{"days": -5}, {"usage": (ExtendedKeyUsageOID.SERVER_AUTH,)}], ids=["expired", "purpose"]
)
def test_certificates_that_c2pa_refuses_leave_nothing_behind(run, sealed, signer, here, how):
    ran = run(*sealed(), *signer("out.wav", **how))
    assert ran.code == 2
    assert "C2PA" in ran.err
    assert [path.name for path in here.iterdir() if path.name.startswith((".", "out", "tmp"))] == []


def test_without_the_extra_package_the_hint_says_how_to_get_it(run, sealed, signer, monkeypatch):
    monkeypatch.setitem(sys.modules, "c2pa", None)
    ran = run(*sealed(), *signer("out.wav"))
    assert ran.code == 2
    assert "wholetape[c2pa]" in ran.err


def test_nothing_is_certified_or_exported_of_what_does_not_verify(run, sealed, here, signer):
    words = sealed()
    data = bytearray((here / "speech.wav").read_bytes())
    data[-5] ^= 1
    (here / "speech.wav").write_bytes(data)
    words += ["--certificate", "c.txt", *signer("out.wav")]
    before = sorted(path.name for path in here.iterdir())
    assert run(*words).code == 6
    assert sorted(path.name for path in here.iterdir()) == before
