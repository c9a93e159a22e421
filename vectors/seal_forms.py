"""Seals that break the form: steps 3 to 6 of ``docs/spec/seal.md``."""

from __future__ import annotations

import json
from typing import Any

from tests.seal import made
from tests.seal.made import A, B, C
from vectors.sealed import Case, Desk, altered, party
from wholetape.log.encoding import b64encode
from wholetape.log.keys import PrivateKey, encode_private, encode_public
from wholetape.log.note import Note, Signature, VerifierKey

IDENTITY = (1).to_bytes(32, "little")
OF_ORDER_8 = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
NOT_CANONICAL = (2**255 - 18).to_bytes(32, "little")


def heads(desk: Desk) -> list[Case]:
    """Step 3."""
    good = desk.members()["head"]
    first, size, root, blank, one, two, _ = good.decode().split("\n")

    def written(*lines: str) -> bytes:
        return desk.with_head("\n".join([*lines, ""]).encode())

    def signed_over(*lines: str) -> bytes:
        return desk.with_head(made.signed("".join(f"{line}\n" for line in lines)))

    spare = root[:-2] + chr(ord(root[-2]) + 1) + "="
    return [
        Case("head-crlf", "lines of the head end in CR LF", "head", desk.with_head(good.replace(b"\n", b"\r\n"))),
        Case("head-no-newline", "the head's last newline is missing", "head", desk.with_head(good[:-1])),
        Case("head-no-blank-line", "no blank line above the signatures", "head", written(first, size, root, one, two)),
        Case("head-unsigned", "no signature at all", "head", written(first, size, root, blank)),
        Case(
            "head-other-dash",
            "a hyphen in the place of the dash",
            "head",
            desk.with_head(good.replace("—".encode(), b"-")),
        ),
        Case("head-latin-1", "a head that is not UTF-8", "head", desk.with_head(good.replace("—".encode(), b"\x97"))),
        Case(
            "head-text-behind",
            "text behind the signatures",
            "head",
            written(first, size, root, blank, one, two, "so be it"),
        ),
        Case(
            "head-signed-twice", "two signatures by one key", "head", written(first, size, root, blank, one, two, two)
        ),
        Case(
            "head-signature-urlsafe",
            "a signature in the other base64 alphabet",
            "head",
            written(first, size, root, blank, one, two[:-8] + "-_-_-_-_"),
        ),
        Case(
            "head-signature-empty",
            "a signature that is a key ID and nothing more",
            "head",
            written(first, size, root, blank, one, two[: two.rindex(" ")] + " AAAAAA=="),
        ),
        Case("head-extension", "an extension line, signed", "head", signed_over(first, size, root, "extension")),
        Case("head-two-lines", "the root is missing, signed", "head", signed_over(first, size)),
        Case("head-no-origin", "an empty origin, signed", "head", signed_over("", size, root)),
        Case(
            "head-size-zero-first", "a size with a leading zero, signed", "head", signed_over(first, f"0{size}", root)
        ),
        Case("head-size-signed", "a size with a plus, signed", "head", signed_over(first, f"+{size}", root)),
        Case("head-size-arabic", "a size in Arabic-Indic digits, signed", "head", signed_over(first, "٦", root)),
        Case("head-size-hex", "a size in hex, signed", "head", signed_over(first, f"0x{size}", root)),
        Case(
            "head-root-spare-bits",
            "base64 of the root with spare bits, signed",
            "head",
            signed_over(first, size, spare),
        ),
        Case(
            "head-root-unpadded",
            "base64 of the root without padding, signed",
            "head",
            signed_over(first, size, root[:-1]),
        ),
        Case(
            "head-root-31-bytes", "a root of 31 bytes, signed", "head", signed_over(first, size, b64encode(bytes(31)))
        ),
    ]


def leaves(desk: Desk) -> list[Case]:
    """Step 4: what two readers could read in two ways, signed by both sides."""
    lines = list(desk.lines)
    second = lines[2]

    def over(line: bytes) -> bytes:
        return desk.seal([*lines[:2], line, *lines[3:]])

    def spelled(old: str, new: str) -> bytes:
        assert old.encode() in second
        return over(second.replace(old.encode(), new.encode()))

    sound = json.loads(second)["sound"]
    spare = sound[:-2] + chr(ord(sound[-2]) + 1) + "="
    last = json.loads(lines[-1])
    raw = b"".join(line + b"\n" for line in lines)

    def file(data: bytes) -> bytes:
        return desk.seal(others={"leaves": data})

    return [
        Case("leaf-space", "a space behind a colon", "leaf", spelled('"n":1', '"n": 1')),
        Case(
            "leaf-unsorted", "members in another order", "leaf", over(b'{"n":1,' + second[1:].replace(b'"n":1,', b""))
        ),
        Case("leaf-member-twice", "a member twice, with two values", "leaf", spelled('"n":1', '"n":9,"n":1')),
        Case("leaf-escaped-name", "a member's name with an escaped letter", "leaf", spelled('"n":1', '"\\u006e":1')),
        Case(
            "leaf-escaped-twin",
            "a second member whose name is an escaped one",
            "leaf",
            spelled('"n":1', '"n":1,"\\u006e":9'),
        ),
        Case("leaf-fraction", "1.0 in the place of 1", "leaf", spelled('"n":1', '"n":1.0')),
        Case("leaf-exponent", "1e0 in the place of 1", "leaf", spelled('"n":1', '"n":1e0')),
        Case(
            "leaf-minus-zero",
            "-0 in the place of 0",
            "leaf",
            desk.seal([lines[0], lines[1].replace(b'"n":0', b'"n":-0'), *lines[2:]]),
        ),
        Case("leaf-negative", "a number below 0", "leaf", over(altered(second, n=-1))),
        Case(
            "leaf-54-bits", "a number that JavaScript does not know", "leaf", spelled('"n":1', '"n":9007199254740993')
        ),
        Case("leaf-huge-number", "a number of 5,000 digits", "leaf", spelled('"n":1', '"n":' + "9" * 5000)),
        Case("leaf-nan", "NaN for a number", "leaf", spelled('"n":1', '"n":NaN')),
        Case("leaf-text-for-number", "a text for a number", "leaf", over(altered(second, n="1"))),
        Case("leaf-true-for-number", "true for a number", "leaf", over(altered(second, n=True))),
        Case("leaf-samples-0", "a segment without samples", "leaf", over(altered(second, samples=0))),
        Case("leaf-member-more", "a member that no segment has", "leaf", over(altered(second, more=1))),
        Case("leaf-member-less", "a segment without its number", "leaf", over(altered(second, n=...))),
        Case("leaf-unknown-kind", "a leaf of an unknown kind", "leaf", over(altered(second, leaf="sequel"))),
        Case("leaf-no-kind", "a leaf of no kind", "leaf", over(altered(second, leaf=...))),
        Case("leaf-array", "an array", "leaf", over(b"[" + second + b"]")),
        Case("leaf-deep", "20,000 arrays in one another", "leaf", over(b"[" * 20_000)),
        Case("leaf-long", "a leaf of 200 KB", "leaf", over(altered(second, more="x" * 200_000))),
        Case("leaf-hash-spare-bits", "base64 of a hash with spare bits", "leaf", over(altered(second, sound=spare))),
        Case("leaf-hash-unpadded", "base64 of a hash without padding", "leaf", over(altered(second, sound=sound[:-1]))),
        Case("leaf-hash-31-bytes", "a hash of 31 bytes", "leaf", over(altered(second, sound=b64encode(bytes(31))))),
        Case(
            "leaf-hash-capitals",
            "hex of a hash in capitals",
            "leaf",
            desk.seal([*lines[:-1], altered(lines[-1], pcm=last["pcm"].upper())]),
        ),
        Case("leaf-byte-order-mark", "a byte order mark before a leaf", "leaf", over(b"\xef\xbb\xbf" + second)),
        Case("leaf-not-utf-8", "a leaf that is not UTF-8", "leaf", over(second[:-1] + b',"z":"\xff"}')),
        Case("leaf-lone-surrogate", "half of a surrogate pair", "leaf", over(second[:-1] + b',"z":"\\ud800"}')),
        Case("leaf-blank-line", "an empty line among the leaves", "leaf", file(raw.replace(b"\n", b"\n\n", 1))),
        Case("leaf-no-last-newline", "the last line has no newline", "leaf", file(raw[:-1])),
        Case("leaf-crlf", "lines end in CR LF", "leaf", file(raw.replace(b"\n", b"\r\n"))),
    ]


def forged(name: str, raw: bytes) -> Note:
    """What a note by a key of small order looks like: the key's own point, and zero, are a signature of everything."""
    vkey = VerifierKey(name, 4, raw)
    return Note("", (Signature(name, vkey.id, made.TIME.to_bytes(8, "big") + raw + bytes(32)),))


def headers(desk: Desk) -> list[Case]:
    """Steps 5 and 6."""
    lines = list(desk.lines)
    first = lines[0]
    nobody = {"keys/0001": None}

    def over(head: bytes, **how: Any) -> bytes:
        return desk.seal([head, *lines[1:]], **how)

    def weak(raw: bytes) -> bytes:
        changed = [altered(first, parties=[party(A), party(raw=raw)]), *lines[1:]]
        members = desk.members(changed, cosigners=[])
        signed = made.signed(members["head"].decode().partition("\n\n")[0] + "\n", A, [])
        note = Note(signed.text, (*signed.signatures, *forged("side-b", raw).signatures))
        return desk.seal(changed, others={**nobody, "head": note.encode()})

    stolen = party(A)
    crossed = {"cosigner": party(raw=C.public.raw)["cosigner"], "signer": party(B)["signer"]}
    before, key_id, after = party(B)["signer"].split("+", 2)
    wrong_id = {**party(B), "signer": f"{before}+{int(key_id, 16) ^ 1:08x}+{after}"}
    theirs = encode_public(PrivateKey("side-b", C.seed))
    public = encode_public(B).decode()
    unproven = public[: public.rindex(" ") + 1] + encode_public(C).decode().rsplit(" ", 1)[1]
    text = public.partition("\n\n")[0] + "\n"
    by_c = Note(text, (Signature("side-b", B.public.signer.id, made.signed(text, C, []).signatures[0].data),))
    return [
        Case("header-missing", "the first leaf is a segment", "header", desk.seal(lines[1:])),
        Case("header-second", "the second leaf is the header", "header", desk.seal([lines[1], first, *lines[2:]])),
        Case(
            "header-twice", "a second header behind the segments", "header", desk.seal([*lines[:-1], first, lines[-1]])
        ),
        Case(
            "header-other-origin",
            "a head of another origin, signed: of another recording, replayed",
            "header",
            desk.seal(origin="wholetape/" + "f" * 32),
        ),
        Case("header-no-origin", "an origin of another form", "leaf", over(altered(first, origin="example.com/log"))),
        Case(
            "header-format-2", "another version of the format", "leaf", over(altered(first, format="wholetape.seal/v2"))
        ),
        Case("header-no-parties", "no party", "leaf", over(altered(first, parties=[]))),
        Case(
            "header-65-parties", "more parties than there may be", "leaf", over(altered(first, parties=[party(A)] * 65))
        ),
        Case("header-party-twice", "one party twice", "leaf", over(altered(first, parties=[party(A), stolen]))),
        Case(
            "header-key-twice",
            "one key under two names: a side that counts as two",
            "leaf",
            over(altered(first, parties=[party(A), party(name="side-b", raw=A.public.raw)])),
        ),
        Case(
            "header-name-twice",
            "one name for two keys",
            "leaf",
            over(altered(first, parties=[party(A), party(name="side-a", raw=B.public.raw)])),
        ),
        Case(
            "header-two-keys",
            "a party whose two vkeys are of two keys",
            "leaf",
            over(altered(first, parties=[party(A), crossed])),
        ),
        Case(
            "header-types-swapped",
            "a party whose vkeys are of swapped types",
            "leaf",
            over(altered(first, parties=[party(A), {"cosigner": party(B)["signer"], "signer": party(B)["cosigner"]}])),
        ),
        Case(
            "header-wrong-key-id",
            "a vkey with an ID that is not the key's",
            "leaf",
            over(altered(first, parties=[party(A), wrong_id])),
        ),
        Case(
            "header-short-key",
            "a key of 31 bytes",
            "leaf",
            over(altered(first, parties=[party(A), party(raw=bytes(31))])),
        ),
        Case(
            "header-invisible-name",
            "a name with an invisible letter",
            "leaf",
            over(altered(first, parties=[party(A), party(name="side\u200b-b", raw=B.public.raw)])),
        ),
        Case("header-long-segment", "segments of two seconds", "leaf", over(altered(first, segment=2 * made.RATE))),
        Case("header-no-rate", "a rate of 0", "leaf", over(altered(first, rate=0, segment=0))),
        Case(
            "header-unknown-samples",
            "a format of samples that nobody knows",
            "leaf",
            over(altered(first, format_of_samples="s20")),
        ),
        Case(
            "key-identity", "a party whose key is the neutral point, which signs everything", "weak-key", weak(IDENTITY)
        ),
        Case("key-of-order-8", "a party whose key is a point of order 8", "weak-key", weak(OF_ORDER_8)),
        Case(
            "key-not-canonical",
            "a party whose key is the neutral point in another encoding",
            "weak-key",
            weak(NOT_CANONICAL),
        ),
        Case(
            "keys-of-another",
            "keys/0001 is the file of another key of that name",
            "keys",
            desk.seal(others={"keys/0001": theirs}),
        ),
        Case(
            "keys-swapped",
            "the two files of keys are swapped",
            "keys",
            desk.seal(others={"keys/0000": encode_public(B), "keys/0001": encode_public(A)}),
        ),
        Case(
            "keys-too-many",
            "a third file of a key, and two parties",
            "keys",
            desk.seal(others={"keys/0002": encode_public(C)}),
        ),
        Case(
            "keys-private", "a private key among the keys", "keys", desk.seal(others={"keys/0001": encode_private(B)})
        ),
        Case("keys-no-note", "a text that is no .pub file", "keys", desk.seal(others={"keys/0001": b"side-b\n"})),
        Case(
            "keys-proof-of-another-text",
            "a proof of possession that was made for another key",
            "unproven-key",
            desk.seal(others={"keys/0001": unproven.encode()}),
        ),
        Case(
            "keys-proof-by-another",
            "a proof of possession by another key",
            "unproven-key",
            desk.seal(others={"keys/0001": by_c.encode()}),
        ),
        Case(
            "seed-short",
            "a seed of 31 bytes",
            "seed",
            desk.seal(others={"private/seed": made.SEED[:31].hex().encode() + b"\n"}),
        ),
        Case(
            "seed-capitals",
            "a seed in capitals",
            "seed",
            desk.seal(others={"private/seed": made.SEED.hex().upper().encode() + b"\n"}),
        ),
    ]
