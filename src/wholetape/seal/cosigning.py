"""A party checks a seal for itself, and only then signs: the use case behind ``wholetape cosign``."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import numpy as np

from wholetape.errors import UsageError, VerificationFailed
from wholetape.log.checkpoint import cosign
from wholetape.log.keys import PrivateKey
from wholetape.log.kinds import Capture, Document, Event, What
from wholetape.match.printfile import Print, Track, parse
from wholetape.seal.judged import judge_print
from wholetape.seal.live.again import print_again
from wholetape.seal.members import HEAD
from wholetape.seal.rows import FRAMES_HZ, LEVEL_FRAMES
from wholetape.seal.sealfile import Seal
from wholetape.seal.sound import Progress, compare
from wholetape.seal.verify import AtHand, verify
from wholetape.store.ledger import HeadLedger

_UNDECIDED = 100_000
"""Of so many bits of a print one may differ between machines; docs/spec/print.md, section Precision."""
_NEAR = 20
"""Frames beside lost sound whose rows heard it: 9 of context, and the window."""


def check_and_cosign(
    seal: Seal,
    key: PrivateKey,
    recording: str | os.PathLike[str],
    make: Callable[[], Print],
    ledger: HeadLedger,
    time: int,
    *,
    sealed_print: bytes | None = None,
    documents: Sequence[tuple[str, bytes]] = (),
    progress: Progress = lambda share: None,
) -> Seal:
    """``seal`` with this party's cosignature over a head of which everything was checked.

    Args:
        seal: with its seed; a public one cannot be checked.
        key: of one of the header's parties.
        recording: the party's own copy.
        make: makes the print of it on this machine; called once its bytes are known to be the sealed ones.
        ledger: what this key has signed before; it is on disk before the signature is returned.
        time: of the cosignature, seconds since 1970.
        sealed_print: the bytes of the ``.print`` file, needed where the print made here differs in undecided bits.
        documents: names and bytes of all documents of the seal.
        progress: called with the share of the recording that was read.

    Raises:
        VerificationFailed: anything does not hold; nothing was signed.
        UsageError: the key is of no party, or the seal has no seed.
        UnreadableInput: the recording cannot be opened.
    """
    public = key.public
    if public not in seal.header.parties:
        raise UsageError(
            f"{public.name} is no party of this seal, or has another key in it",
            f"its parties are {', '.join(party.name for party in seal.header.parties)}",
        )
    if seal.seed is None:
        raise UsageError("this is a public seal, without the seed that is needed to check it", "ask for the whole one")
    leaves = sum(isinstance(leaf, Document) for leaf in seal.leaves)
    if len(set(documents)) != leaves:
        raise UsageError(
            f"the seal commits to {leaves} documents, and {len(set(documents))} are at hand",
            "name each with --document",
        )
    found = compare(recording, seal, progress)
    if seal.close is not None and found.file != seal.close.file:
        raise VerificationFailed(
            "not signed: the recording's bytes are not those that were sealed", "sign only what you have, byte for byte"
        )
    made = print_again(recording, seal.header, found.file.sha256) if seal.header.capture is Capture.LIVE else make()
    printed = made.encode()
    if judge_print(seal, printed).wrong and sealed_print is not None and alike(made, sealed_print, _lost(seal)):
        printed = sealed_print
    facts = judge_print(seal, printed)
    at_hand = AtHand(found, facts, tuple(documents))
    failure = verify(seal, seal.header.parties[:1], at_hand).failure
    if failure is not None:
        raise VerificationFailed(f"not signed: {failure.words}", failure.hint)
    ledger.remember(seal.head.checkpoint, seal.tree)
    return seal.with_({HEAD: cosign(seal.head.note, key, time).encode()})


def _lost(seal: Seal) -> list[tuple[int, int]]:
    """Frames whose sound, or that of their neighbours, was lost after it was printed: all about the gaps."""
    rate = seal.header.rate
    gaps = [leaf for leaf in seal.leaves if isinstance(leaf, Event) and leaf.event is What.GAP]
    return [
        (max(0, own.first * FRAMES_HZ // rate - _NEAR), -(-(own.first + own.samples) * FRAMES_HZ // rate) + _NEAR)
        for own in gaps
    ]


def alike(made: Print, data: bytes, lost: Sequence[tuple[int, int]] = ()) -> bool:
    """Whether the print in ``data`` differs from ``made`` by no more than machines may, but for ``lost`` frames."""
    other = parse(data)
    if (made.samples, made.recording, len(made.tracks)) != (other.samples, other.recording, len(other.tracks)):
        return False
    return all(_alike(mine, theirs, lost) for mine, theirs in zip(made.tracks, other.tracks, strict=True))


def _alike(mine: Track, theirs: Track, lost: Sequence[tuple[int, int]]) -> bool:
    if (mine.stream, mine.channel, len(mine.words)) != (theirs.stream, theirs.channel, len(theirs.words)):
        return False
    odd_words = mine.words ^ theirs.words
    levels = mine.levels.astype(np.int16) - theirs.levels
    for first, end in lost:
        odd_words[first:end] = 0
        levels[first // LEVEL_FRAMES : -(-end // LEVEL_FRAMES)] = 0
    bits = int(np.bitwise_count(odd_words).sum())
    odd = int(np.count_nonzero(levels))
    return bits <= 1 + 64 * len(mine.words) // _UNDECIDED and odd <= 1 + len(levels) // 1000
