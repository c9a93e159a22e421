"""Proofs of excerpts with one flaw each: section Excerpt of ``docs/spec/seal.md``.

The good one is of seconds 1 and 2 of three: ``excerpt.wav`` with ``good.excerpt``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.seal import made
from tests.seal.made import A
from vectors.sealed import Case, Desk, altered, good_lines, wav_of
from wholetape.log.encoding import b64encode, jcs
from wholetape.log.proof import encode_proof
from wholetape.log.salts import Label, salt
from wholetape.seal.container import pack
from wholetape.seal.excerptfile import FORMAT, PROOFS, Excerpt
from wholetape.seal.excerpting import Cut, prove_excerpt
from wholetape.seal.members import EXCERPT_RULES
from wholetape.seal.sealfile import Seal, from_members

SECOND = 2 * made.RATE
"""Bytes."""


def _flipped(pcm: bytes) -> bytes:
    return pcm[SECOND : SECOND + 9] + bytes([pcm[SECOND + 9] ^ 1]) + pcm[SECOND + 10 :]


SOUNDS: Mapping[str, Callable[[bytes], bytes]] = {
    "excerpt.wav": lambda pcm: pcm[SECOND:],
    "excerpt-earlier.wav": lambda pcm: pcm[: 2 * SECOND],
    "excerpt-bit.wav": _flipped,
    "excerpt-longer.wav": lambda pcm: pcm[SECOND:] + pcm[:2],
    "excerpt-shorter.wav": lambda pcm: pcm[SECOND:-2],
    "excerpt-later.wav": lambda pcm: pcm[SECOND + 2 :] + pcm[:2],
}
"""Files of sound beside the recording: the excerpt's own, and others."""


def seal_of(desk: Desk, pcm: bytes | None = None) -> Seal:
    """The good seal, or one of other sound."""
    sound = desk.pcm if pcm is None else pcm
    return from_members(desk.members(good_lines(sound, wav_of(sound), desk.printed)))


def good_excerpt(desk: Desk) -> Excerpt:
    """Seconds 1 and 2."""
    return prove_excerpt(seal_of(desk), Cut(2, 4), desk.printed)


def excerpts(desk: Desk) -> list[Case]:
    """All hostile proofs."""
    seal, good = seal_of(desk), good_excerpt(desk)
    members = good.members
    head, lines = members["head"], list(good.seal.raw)
    header, first, second, close = lines
    three = prove_excerpt(seal, Cut(1, 4), desk.printed).members
    elsewhere = prove_excerpt(seal_of(desk, desk.pcm[::-1]), Cut(2, 4), desk.printed).members
    opened = members["opened"].split(b"\n")[:-1]
    proof = good.proofs
    blocks = {place: encode_proof(proof[place].index, proof[place].path) for place in PROOFS}

    def case(name: str, flaw: str, result: str, /, **changes: bytes | None) -> Case:
        return Case(f"excerpt-{name}", flaw, result, packed(**changes), sound="excerpt.wav", suffix="excerpt")

    def packed(**changes: bytes | None) -> bytes:
        found = {**members, **with_proofs({name.replace("__", "/"): data for name, data in changes.items()})}
        return pack({name: data for name, data in found.items() if data is not None}, EXCERPT_RULES)

    def with_proofs(changes: dict[str, bytes | None]) -> dict[str, bytes | None]:
        """The members to change; ``proof_first`` and the like are parts of the member ``excerpt``."""
        given = {place: changes.pop(f"proof_{place}", b) for place, b in blocks.items()}
        if given != blocks:
            changes["excerpt"] = FORMAT + b"".join(block for block in given.values() if block is not None)
        return changes

    def leaves(*some: bytes) -> bytes:
        return b"".join(line + b"\n" for line in some)

    def entry(n: int, of: int) -> bytes:
        """What opens segment ``n``, with the salts of segment ``of``."""
        held = good.opened[max(0, n - 1)]
        tree = {
            "n": n,
            "sound": b64encode(salt(made.SEED, Label.SOUND, of)),
            "print": b64encode(salt(made.SEED, Label.PRINT, n)),
            "rows": b64encode(held.rows or b""),
        }
        return jcs(tree)

    def moved(name: str, by: int) -> bytes:
        return encode_proof(proof[name].index + by, proof[name].path)

    sealed = seal.members
    unsigned = made.signed(seal.head.note.text, A, []).encode()
    earlier = made.signed(seal.head.note.text.replace("\n6\n", "\n5\n"), A).encode()
    rows = good.opened[0].rows or b""
    whole = altered(close, segments=2, samples=2 * made.RATE)
    without_rows = [
        jcs({"n": n, "print": None, "rows": None, "sound": b64encode(salt(made.SEED, Label.SOUND, n))}) for n in (1, 2)
    ]
    false_rows = jcs(
        {
            "n": 1,
            "sound": b64encode(good.opened[0].sound or b""),
            "print": b64encode(good.opened[0].print or b""),
            "rows": b64encode(rows[:-1] + bytes([rows[-1] ^ 1])),
        }
    )
    cases = [
        case(
            "moved",
            "both ends moved by a second towards the beginning",
            "tree",
            proof_first=moved("first", -1),
            proof_last=moved("last", -1),
        ),
        case(
            "first-elsewhere", "the first segment's proof is of another place", "tree", proof_first=moved("first", -1)
        ),
        case("stretched", "the last segment's proof says that there is one more", "tree", proof_last=moved("last", 1)),
        case("header-elsewhere", "the header's proof is of leaf 1", "tree", proof_header=moved("header", 1)),
        case(
            "close-elsewhere",
            "the closing leaf's proof is of the leaf before",
            "tree",
            proof_close=moved("close", -1),
        ),
        case(
            "path-cut",
            "a proof lacks its last hash",
            "tree",
            proof_first=encode_proof(proof["first"].index, proof["first"].path[:-1]),
        ),
        case(
            "path-longer",
            "a proof has a hash too many",
            "tree",
            proof_last=encode_proof(proof["last"].index, (*proof["last"].path, bytes(32))),
        ),
        case(
            "path-flipped",
            "a proof has another hash",
            "tree",
            proof_close=encode_proof(proof["close"].index, (bytes(32), *proof["close"].path[1:])),
        ),
        case(
            "leaf-changed",
            "another hash in a segment",
            "tree",
            leaves=leaves(header, altered(first, sound=b64encode(bytes(32))), second, close),
        ),
        case(
            "swapped",
            "its two segments swapped, and what opens them",
            "tree",
            leaves=leaves(header, second, first, close),
            opened=leaves(opened[1], opened[0]),
        ),
        case(
            "left-out",
            "one of three segments left out",
            "tree",
            excerpt=three["excerpt"],
            leaves=leaves(header, seal.raw[1], second, close),
            opened=leaves(entry(0, 0), opened[1]),
        ),
        case(
            "repeated",
            "a segment twice",
            "tree",
            leaves=leaves(header, first, first, second, close),
            opened=leaves(opened[0], opened[0], opened[1]),
        ),
        case(
            "passes-as-whole",
            "a closing leaf that counts these two seconds only",
            "tree",
            leaves=leaves(header, first, second, whole),
        ),
        case(
            "of-another-seal",
            "leaves and proofs of another recording by the same parties, under this head",
            "tree",
            **{k.replace("/", "__"): v for k, v in elsewhere.items() if k != "head"},
        ),
        case(
            "other-party",
            "another party in the header",
            "tree",
            leaves=leaves(
                altered(
                    header, parties=[{"cosigner": str(made.A.public.cosigner), "signer": str(made.A.public.signer)}]
                ),
                first,
                second,
                close,
            ),
        ),
        case("salts-of-another", "the salt of another second", "recording", opened=leaves(entry(1, 0), opened[1])),
        case("rows-changed", "rows of the print that were not sealed", "print", opened=leaves(false_rows, opened[1])),
        case(
            "rows-of-one-only",
            "rows of the print for one of its two seconds",
            "print",
            opened=leaves(opened[0], without_rows[1]),
        ),
        case("not-signed", "a head that a pinned party has not signed", "not-signed", head=unsigned),
        case("other-head", "a copy of an earlier head among the stamped ones", "earlier-head", heads__0000=earlier),
        case(
            "opens-more", "the salts of a second that it does not hold", "excerpt", opened=leaves(entry(0, 0), *opened)
        ),
        case("opens-less", "no salts for one of its seconds", "excerpt", opened=leaves(opened[0])),
        case(
            "opened-spaced",
            "a line of opened with a space",
            "excerpt",
            opened=members["opened"].replace(b":", b": ", 1),
        ),
        case(
            "opened-short-salt",
            "a salt of 31 bytes",
            "excerpt",
            opened=leaves(
                opened[0].replace(b64encode(good.opened[0].sound or b"").encode(), b64encode(bytes(31)).encode()),
                opened[1],
            ),
        ),
        case("no-close", "no closing leaf", "excerpt", leaves=leaves(header, first, second)),
        case("no-header", "no header", "excerpt", leaves=leaves(first, second, close)),
        case(
            "no-segment",
            "a header and a closing leaf, and nothing between them",
            "excerpt",
            leaves=leaves(header, close),
            opened=b"\n",
        ),
        case(
            "index-zero-first",
            "an index with a leading zero",
            "excerpt",
            proof_first=blocks["first"].replace(b"index ", b"index 0"),
        ),
        case(
            "proof-of-another-kind",
            "a proof under another heading",
            "excerpt",
            proof_first=blocks["first"].replace(b"@v1", b"@v2"),
        ),
        case("no-proof", "no proof for the closing leaf", "excerpt", proof_close=None),
        case("no-proofs", "no member with its proofs", "container", excerpt=None),
        case(
            "format-2", "another version of the format", "excerpt", excerpt=members["excerpt"].replace(b"/v1", b"/v2")
        ),
        Case(
            "excerpt-none-pinned",
            "a good proof, and no key pinned",
            "no-key-pinned",
            packed(),
            {"--trust": []},
            "excerpt.wav",
            "excerpt",
        ),
        Case(
            "excerpt-sound-earlier",
            "the sound of a second earlier",
            "recording",
            packed(),
            {},
            "excerpt-earlier.wav",
            "excerpt",
        ),
        Case(
            "excerpt-sound-bit", "one bit of the sound differs", "recording", packed(), {}, "excerpt-bit.wav", "excerpt"
        ),
        Case(
            "excerpt-sound-longer",
            "the sound goes on for a sample",
            "recording",
            packed(),
            {},
            "excerpt-longer.wav",
            "excerpt",
        ),
        Case(
            "excerpt-sound-shorter",
            "the sound lacks its last sample",
            "recording",
            packed(),
            {},
            "excerpt-shorter.wav",
            "excerpt",
        ),
        Case(
            "excerpt-sound-later",
            "the sound is a sample late",
            "recording",
            packed(),
            {},
            "excerpt-later.wav",
            "excerpt",
        ),
        Case(
            "excerpt-is-a-seal",
            "a seal, called an excerpt's proof",
            "container",
            pack(sealed),
            {},
            "excerpt.wav",
            "excerpt",
        ),
        Case("seal-is-an-excerpt", "an excerpt's proof, called a seal", "container", packed()),
    ]
    assert head == sealed["head"]
    return cases
