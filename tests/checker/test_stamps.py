"""Time-stamps in the browser: believed when, and only when, the program believes them; real ones, by ``openssl ts``."""

from __future__ import annotations

import datetime
import hashlib
import random
import shutil

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.seal.tsa import DAY, Authority, certificate, make_key
from wholetape.errors import MalformedFile, VerificationFailed
from wholetape.log.stamp import _element, make_request, parse_roots, verify_stamp

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl program")
DATA = b"a head with its signatures"


def task(reply, roots, data=DATA):
    return {"do": "stamp", "reply": reply.hex(), "data": data.hex(), "roots": roots.decode()}


def believed(reply, roots, data=DATA):
    """What the program says: the time in seconds, rounded up, and the root; None where it does not believe."""
    try:
        found = verify_stamp(reply, data, parse_roots(roots))
    except (MalformedFile, VerificationFailed):
        return None
    return found.stamp.latest, found.root


def ours(answer):
    told = answer["answer"]
    return (told["read"]["latest"], told["root"]) if told["root"] else None


def between(folder, name, *, authority, starts=0, ends=400):
    """An authority whose signer has its certificate from one between it and the root; and that one's."""
    made = Authority(folder, name)
    now = datetime.datetime.now(datetime.UTC)
    keys = [make_key(True) for _ in range(3)]
    root = certificate(f"{name} root", keys[0], None, keys[0], now - 400 * DAY, now + 400 * DAY, authority=True)
    middle = certificate(
        f"{name} middle", keys[1], root, keys[0], now - 300 * DAY, now + ends * DAY, authority=authority
    )
    signer = certificate(name, keys[2], middle, keys[1], now + starts * DAY - 200 * DAY, now + 300 * DAY)
    pem = [one.public_bytes(Encoding.PEM) for one in (root, middle, signer)]
    (made.folder / "signer.pem").write_bytes(pem[2])
    secret = keys[2].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (made.folder / "signer.key").write_bytes(secret)
    (made.folder / "root.pem").write_bytes(pem[1])
    made.roots_pem = pem[0]
    return made, pem[1]


@pytest.mark.parametrize("elliptic", [True, False], ids=["ecdsa", "rsa"])
@pytest.mark.parametrize("accuracy", ["secs:1", "secs:2, millisecs:500, microsecs:100"])
def test_it_believes_what_the_program_believes(node, tmp_path, elliptic, accuracy):
    clock = Authority(tmp_path, "Clock", elliptic=elliptic, accuracy=accuracy)
    reply, other = clock.honest(make_request(DATA).der), Authority(tmp_path, "Other").roots_pem
    good, unpinned, elsewhere, both, over = node(
        task(reply, clock.roots_pem),
        task(reply, b""),
        task(reply, other),
        task(reply, other + clock.roots_pem),
        task(reply, clock.roots_pem, b"another head"),
    )
    assert ours(good) == ours(both) == believed(reply, clock.roots_pem)
    assert ours(good) is not None
    assert good["answer"]["read"]["authority"] == "Clock"
    assert ours(unpinned) is ours(elsewhere) is ours(over) is None
    assert over["answer"]["read"]["over"] is False


def test_a_certificate_in_between_must_be_an_authoritys_and_valid(node, tmp_path):
    right, middle = between(tmp_path, "Right", authority=True)
    wrong, _ = between(tmp_path, "Wrong", authority=False)
    late, _ = between(tmp_path, "Late", authority=True, ends=-10)
    replies = [clock.honest(make_request(DATA).der) for clock in (right, wrong, late)]
    tasks = [task(reply, clock.roots_pem) for reply, clock in zip(replies, (right, wrong, late), strict=True)]
    answers = node(*tasks, task(replies[0], middle))
    assert ours(answers[0]) == believed(replies[0], right.roots_pem)
    assert ours(answers[0]) is not None
    assert ours(answers[1]) is believed(replies[1], wrong.roots_pem) is None
    assert ours(answers[2]) is believed(replies[2], late.roots_pem) is None
    assert ours(answers[3]) is None, "what is between is no root"


def test_a_certificate_that_had_expired_is_not_believed(node, tmp_path):
    ended = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
    clock = Authority(tmp_path, "Late", ends=ended)
    reply = clock.honest(make_request(DATA).der)
    (answer,) = node(task(reply, clock.roots_pem))
    assert ours(answer) is believed(reply, clock.roots_pem) is None


def test_a_root_of_the_same_name_with_another_key_is_another(node, tmp_path):
    clock, twin = Authority(tmp_path / "one", "Clock"), Authority(tmp_path / "two", "Clock")
    (answer,) = node(task(clock.honest(make_request(DATA).der), twin.roots_pem))
    assert ours(answer) is None


def signed_with(clock, reply, usages, *, critical=True):
    """The same reply, by a certificate of the same key and name whose use is another: named, and signed anew."""
    good = x509.load_pem_x509_certificate((clock.folder / "signer.pem").read_bytes())
    key = load_pem_private_key((clock.folder / "signer.key").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    maker = make_key(True)
    now = datetime.datetime.now(datetime.UTC)
    root = certificate(f"{clock.name} root", maker, None, maker, now - 400 * DAY, now + 400 * DAY, authority=True)
    other = (
        x509.CertificateBuilder()
        .subject_name(good.subject)
        .issuer_name(good.issuer)
        .public_key(good.public_key())
        .serial_number(good.serial_number)
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=critical)
        .sign(maker, SHA256())
    )
    status, token = children(reply)
    kind, holder = children(token)
    (signed,) = children(holder)
    parts = children(signed)
    certificates = next(part for part in parts if part[0] == 0xA0)
    (signer,) = children(parts[-1])
    fields = children(signer)
    attributes = fields[3]
    for hashing in (hashlib.sha256, hashlib.sha1):
        named, renamed = (hashing(one.public_bytes(Encoding.DER)).digest() for one in (good, other))
        attributes = attributes.replace(named, renamed)
    assert attributes != fields[3]
    signature = key.sign(b"\x31" + attributes[1:], ec.ECDSA(SHA256()))
    signer = element(0x30, *fields[:3], attributes, fields[4], element(4, signature))
    parts = [element(0xA0, other.public_bytes(Encoding.DER)) if part == certificates else part for part in parts[:-1]]
    content = element(0x30, *parts, element(0x31, signer))
    whole = element(0x30, status, element(0x30, kind, element(0xA0, content)))
    return whole, root.public_bytes(Encoding.PEM)


def children(data):
    """The elements in a DER element, each with its tag and length."""
    _, at, end = _element(data, 0)
    out = []
    while at < end:
        _, _, after = _element(data, at)
        out.append(data[at:after])
        at = after
    return out


def element(tag, *parts):
    """A DER element of this content."""
    content = b"".join(parts)
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def test_a_signer_that_is_not_for_time_stamping_alone_is_not_believed(node, tmp_path):
    """Anybody has a certificate for a web server."""
    clock = Authority(tmp_path, "Clock")
    reply = clock.honest(make_request(DATA).der)
    use = ExtendedKeyUsageOID
    good, web, both, loose = (
        signed_with(clock, reply, [use.TIME_STAMPING]),
        signed_with(clock, reply, [use.SERVER_AUTH]),
        signed_with(clock, reply, [use.TIME_STAMPING, use.SERVER_AUTH]),
        signed_with(clock, reply, [use.TIME_STAMPING], critical=False),
    )
    answers = node(*(task(*one) for one in (good, web, both, loose)))
    assert ours(answers[0]) is not None, "signed anew it holds"
    assert [ours(answer) for answer in answers[1:]] == [None] * 3
    assert believed(*web) is None


def test_no_flipped_bit_changes_the_time_that_is_believed(node, tmp_path):
    clock = Authority(tmp_path, "Clock")
    reply = clock.honest(make_request(DATA).der)
    good = believed(reply, clock.roots_pem)
    draw = random.Random(3161)
    changed = []
    for at in draw.sample(range(len(reply)), 300):
        one = bytearray(reply)
        one[at] ^= 1 << draw.randrange(8)
        changed.append(bytes(one))
    for answer in node(*(task(reply, clock.roots_pem) for reply in changed)):
        assert ours(answer) in (None, good)


def test_a_reply_cut_anywhere_is_none(node, tmp_path):
    clock = Authority(tmp_path, "Clock")
    reply = clock.honest(make_request(DATA).der)
    cuts = [reply[:end] for end in range(0, len(reply), 11)]
    assert [answer["answer"]["read"] for answer in node(*(task(cut, clock.roots_pem) for cut in cuts))] == [None] * len(
        cuts
    )
