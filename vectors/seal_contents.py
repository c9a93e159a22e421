"""Seals whose contents do not fit what was signed, of the right form: see ``docs/spec/seal.md``."""

from __future__ import annotations

import hashlib
import json

from tests.seal import made
from tests.seal.made import A
from vectors.sealed import Case, Desk, altered, good_lines, wav_of
from wholetape.log.checkpoint import Checkpoint
from wholetape.log.encoding import b64encode
from wholetape.log.merkle import Tree
from wholetape.log.salts import Label, commit, salt

ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the group of Ed25519."""
IDENTITY = (1).to_bytes(32, "little")


def contents(desk: Desk) -> list[Case]:
    """Steps 13 to 18: good signatures over something else than what is at hand."""
    sound = bytearray(desk.pcm)
    sound[20_000] ^= 1
    pcm, wav, printed = desk.pcm, desk.wav, desk.printed
    changed = bytes(sound)
    shifted = pcm[2:] + pcm[:2]
    reverse = pcm[::-1]
    seed = hashlib.sha256(b"another seed").digest()
    doubled = {"private/seed": seed.hex().encode() + b"\n"}
    lines = list(desk.lines)
    at = [commit(salt(made.SEED, Label.PRINT, n), pcm[16_000 * n : 16_000 * (n + 1)]) for n in range(3)]
    labels = [altered(line, sound=b64encode(one)) for line, one in zip(lines[1:4], at, strict=True)]
    turned = [altered(line, sound=json.loads(lines[n])["sound"]) for line, n in zip(lines[1:4], (2, 1, 3), strict=True)]
    other_print = bytearray(printed)
    other_print[-40] ^= 1
    body = bytes(other_print[:-32])
    other = body + hashlib.sha256(body).digest()
    no_file = altered(lines[-1], file=None)
    head = desk.members()["head"]
    other_head = made.signed(Checkpoint(made.ORIGIN, 2, Tree(lines[:2]).root()).text).encode()
    stamped = {"heads/0000": head, "stamps/0000-0.tsr": desk.stamp}
    trust = {"--tsa-roots": ["roots.pem"]}
    words = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    return [
        Case(
            "recording-bit",
            "one bit of the recording differs",
            "recording",
            desk.seal(good_lines(changed, wav_of(changed), printed)),
        ),
        Case(
            "recording-reversed",
            "the seal of another recording",
            "recording",
            desk.seal(good_lines(reverse, wav_of(reverse), printed)),
        ),
        Case(
            "recording-shifted",
            "the seal of the same sound, a sample later",
            "recording",
            desk.seal(good_lines(shifted, wav_of(shifted), printed)),
        ),
        Case(
            "recording-shorter",
            "the seal of the first two seconds",
            "recording",
            desk.seal(good_lines(pcm[:32_000], wav_of(pcm[:32_000]), printed)),
        ),
        Case(
            "recording-no-file",
            "a seal that commits to no file, and to other sound",
            "recording",
            desk.seal([*good_lines(changed, wav, printed)[:-1], no_file]),
        ),
        Case(
            "contradiction-bit",
            "the file's hash, and segments of which one differs in a bit",
            "contradiction",
            desk.seal(good_lines(changed, wav, printed)),
        ),
        Case(
            "contradiction-rotated",
            "the file's hash, and segments of the same sound rotated",
            "contradiction",
            desk.seal(good_lines(shifted, wav, printed)),
        ),
        Case(
            "contradiction-seed",
            "the seed of another seal: salts that fit nothing",
            "contradiction",
            desk.seal(others=doubled),
        ),
        Case(
            "contradiction-label",
            "segments salted as rows of the print are",
            "contradiction",
            desk.seal([lines[0], *labels, *lines[4:]]),
        ),
        Case(
            "contradiction-swapped",
            "the hashes of two segments swapped",
            "contradiction",
            desk.seal([lines[0], *turned, *lines[4:]]),
        ),
        Case(
            "contradiction-pcm",
            "a public seal with the file's hash and that of other samples",
            "contradiction",
            desk.seal(good_lines(pcm, wav, printed, pcm_of=changed), others={"private/seed": None}),
        ),
        Case(
            "contradiction-format",
            "a header that names another sample format",
            "contradiction",
            desk.seal([altered(lines[0], format_of_samples="s24"), *lines[1:]]),
        ),
        Case(
            "contradiction-no-sound",
            "segments without hashes of the sound, under a header that promises them",
            "contradiction",
            desk.seal([lines[0], *(altered(line, sound=None) for line in lines[1:4]), *lines[4:]]),
        ),
        Case("print-of-another", "the print of another recording", "print", desk.seal(), {"--print": ["other.print"]}),
        Case(
            "print-other-hash",
            "a closing leaf with the hash of another print",
            "print",
            desk.seal(
                [
                    *lines[:-1],
                    altered(lines[-1], print={"size": len(other), "sha256": hashlib.sha256(other).hexdigest()}),
                ]
            ),
        ),
        Case(
            "print-other-rows",
            "segments with the rows of another print",
            "print",
            desk.seal(good_lines(pcm, wav, printed, rows_from=other)),
        ),
        Case(
            "document-changed",
            "another content under the document's name",
            "document",
            desk.seal(),
            {"--document": ["changed/treaty.txt"]},
        ),
        Case(
            "document-renamed",
            "the document's content under another name",
            "document",
            desk.seal(),
            {"--document": ["renamed.txt"]},
        ),
        Case(
            "document-never-sealed",
            "a document, and a seal without any",
            "document",
            desk.seal([*lines[:4], altered(lines[-1], documents=0)]),
            {"--document": ["treaty.txt"]},
        ),
        Case(
            "document-public",
            "a document, and a seal without its seed",
            "document",
            desk.seal(others={"private/seed": None}),
            {"--document": ["treaty.txt"]},
        ),
        Case(
            "stamp-over-another-head",
            "a time-stamp over another head",
            "time",
            desk.seal(others={"heads/0000": other_head, "stamps/0000-0.tsr": desk.stamp}),
            trust,
        ),
        Case(
            "stamp-over-fewer-signatures",
            "a time-stamp over this head with its signatures, beside a copy with one less",
            "time",
            desk.seal(others={**stamped, "heads/0000": made.signed(desk.text, A, []).encode()}),
            trust,
        ),
        Case(
            "stamp-without-head",
            "a time-stamp over a head that is not in the seal",
            "time",
            desk.seal(others={"stamps/0000-0.tsr": desk.stamp}),
            trust,
        ),
        Case(
            "stamp-garbage",
            "a time-stamp that is none",
            "time",
            desk.seal(others={**stamped, "stamps/0000-0.tsr": b"in time"}),
            trust,
        ),
        Case(
            "stamp-cut",
            "a time-stamp that is cut off",
            "time",
            desk.seal(others={**stamped, "stamps/0000-0.tsr": desk.stamp[:-9]}),
            trust,
        ),
        Case("witness-of-another", "the words of another head", "witness", desk.seal(), {"--head": [words]}),
    ]
