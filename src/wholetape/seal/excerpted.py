"""Verifies an excerpt: its place in the sealed recording, what is withheld around it, and its samples.

The steps are those of a seal (``docs/spec/seal.md``), on the leaves that are here; section Excerpt says what differs.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence

import numpy as np

from wholetape.errors import MalformedFile, VerificationFailed
from wholetape.findings import ReferenceFacts
from wholetape.log.keys import PublicKey
from wholetape.log.kinds import Event, Segment
from wholetape.log.merkle import leaf_hash, range_proof, verify_inclusion, verify_range
from wholetape.log.salts import commit
from wholetape.match.bands import frame_count
from wholetape.match.printfile import Print, Track
from wholetape.media.onepass import Taker
from wholetape.properties import Name, Property, Reason, Verification
from wholetape.seal.build import Count
from wholetape.seal.excerptfile import Excerpt, parse_excerpt
from wholetape.seal.limits import circumstances
from wholetape.seal.members import MAX_SEAL
from wholetape.seal.rows import FRAMES_HZ, LEVEL_FRAMES
from wholetape.seal.sound import PathLike, Progress, RecordingFacts, SegmentHashes, hear
from wholetape.seal.verify import AtHand, Verifier
from wholetape.seal.witness import judge_witness
from wholetape.store.files import read_file
from wholetape.times import CLOCK_HZ

_NOT_HERE = "an excerpt does not hold what this needs: ask for the seal"


def verify_excerpt(excerpt: Excerpt, pinned: Sequence[PublicKey], at_hand: AtHand | None = None) -> Verification:
    """What holds of ``excerpt``, by the ``pinned`` keys. Raises nothing: a failure is in the result."""
    return _ExcerptVerifier(excerpt, tuple(pinned), at_hand or AtHand()).run()


def compare_excerpt(path: PathLike, excerpt: Excerpt, progress: Progress = lambda share: None) -> RecordingFacts:
    """What the sound at ``path`` says of ``excerpt``. Raises ``UnreadableInput`` for a file that must not be read."""
    header = excerpt.seal.header
    hashed = header.sample_format is not None and all(leaf.sound is not None for leaf in excerpt.segments)
    check = _Check(excerpt) if hashed else None
    return hear(path, header, check, "the seal commits to the whole file's bytes only", progress)


def excerpt_reference(path: PathLike, pinned: Sequence[PublicKey]) -> tuple[ReferenceFacts, Print]:
    """Facts and print of the excerpt whose proof is at ``path``, verified by the ``pinned`` keys.

    Raises:
        VerificationFailed: it does not verify, or no key is pinned.
        MalformedFile: it breaks its format, or holds no rows of the print.
        UnreadableInput: it cannot be read.
    """
    name = os.fspath(path)
    data = read_file(path, MAX_SEAL)
    try:
        excerpt = parse_excerpt(data)
        made = print_of(excerpt)
    except MalformedFile as problem:
        raise MalformedFile(f"{name}: {problem}", problem.hint) from problem
    found = verify_excerpt(excerpt, pinned)
    if found.failure is not None:
        raise VerificationFailed(f"{name}: {found.failure.words}", found.failure.hint)
    rate = excerpt.seal.header.rate
    start, end = excerpt.span
    withheld = (start / rate, (excerpt.close.samples - end) / rate)
    digest = hashlib.sha256(data).hexdigest()
    return ReferenceFacts(name, "seal", digest, made.duration, found.standing, found.capture, withheld), made


def print_of(excerpt: Excerpt) -> Print:
    """The print of the excerpt's own seconds, from the rows that it holds, which nobody has verified.

    Raises:
        MalformedFile: rows are missing, or have another length than their segments.
    """
    tracks = excerpt.seal.header.print.tracks
    words: list[list[bytes]] = [[] for _ in tracks]
    levels: list[list[bytes]] = [[] for _ in tracks]
    rate = excerpt.seal.header.rate
    ends = [*(leaf.first for leaf in excerpt.segments[1:]), None]
    for leaf, opened, end in zip(excerpt.segments, excerpt.opened, ends, strict=True):
        if opened.rows is None:
            raise MalformedFile(
                "the excerpt holds no rows of the print", "make it anew, with the print beside the seal"
            )
        frames, groups = _sizes(leaf, end, rate, len(opened.rows) // len(tracks))
        if len(opened.rows) != len(tracks) * (8 * frames + groups):
            raise MalformedFile(f"the rows of segment {leaf.n} do not have the length of its sound")
        at = 0
        for n in range(len(tracks)):
            words[n].append(opened.rows[at : at + 8 * frames])
            levels[n].append(opened.rows[at + 8 * frames : at + 8 * frames + groups])
            at += 8 * frames + groups
    start, stop = excerpt.span
    length = -(-(stop - start) * CLOCK_HZ // rate)
    frames = min(frame_count(length), len(b"".join(words[0])) // 8)
    made = tuple(
        Track(
            stream,
            channel,
            np.frombuffer(b"".join(words[n]), "<u8").astype(np.uint64)[:frames],
            np.frombuffer(b"".join(levels[n]), np.uint8)[: -(-frames // LEVEL_FRAMES)],
        )
        for n, (stream, channel) in enumerate(tracks)
    )
    return Print(min(length, frames * CLOCK_HZ // FRAMES_HZ), bytes(32), made)


class _ExcerptVerifier(Verifier):
    def __init__(self, excerpt: Excerpt, pinned: tuple[PublicKey, ...], at_hand: AtHand) -> None:
        super().__init__(excerpt.seal, pinned, at_hand)
        self._excerpt = excerpt

    def _tree(self) -> None:  # step 7: four inclusion proofs, and the range between two of them
        head, raw, proofs = self.seal.head.checkpoint, self.seal.raw, self._excerpt.proofs
        places = {"header": raw[0], "first": raw[1], "last": raw[-2], "close": raw[-1]}
        wrong = ""
        try:
            if (proofs["header"].index, proofs["close"].index) != (0, head.size - 1):
                raise VerificationFailed("its header or closing leaf is at another place")
            for name, line in places.items():
                verify_inclusion(proofs[name].index, leaf_hash(line), head.size, proofs[name].path, head.root)
            first, last = proofs["first"], proofs["last"]
            if last.index - first.index != len(raw) - 3:
                raise VerificationFailed("it holds another number of leaves than its proofs are for")
            nodes = range_proof(first.index, first.path, last.index, last.path, head.size)
            verify_range(first.index, [leaf_hash(line) for line in raw[1:-1]], head.size, nodes, head.root)
        except VerificationFailed as problem:
            wrong = f"the excerpt does not lie where it says: {problem}"
        right = f"the head commits to the {len(raw) - 2} leaves of the excerpt, at their places"
        self._judge(Name.TREE, Reason.TREE, wrong, right)

    def _order(self) -> None:  # step 8
        segments, close = self._excerpt.segments, self._excerpt.close
        start, end = self._excerpt.span
        count, wrong = Count(segments=segments[0].n, samples=start), ""
        for leaf in (leaf for leaf in self.seal.leaves if isinstance(leaf, Segment | Event)):
            wrong = wrong or count.take(leaf, self.seal.header.segment)
        if not wrong and (count.segments > close.segments or end > close.samples):
            wrong = "the excerpt ends behind the end of the recording"
        right = f"segments {segments[0].n} to {segments[-1].n} of {close.segments}, without gap"
        self._judge(Name.ORDER, Reason.ORDER, wrong, right)

    def _earlier_heads(self) -> None:  # step 10: only copies of the closing head are here
        others = [head for head in self.seal.earlier.values() if head.checkpoint != self.seal.head.checkpoint]
        if others:
            self._judge(Name.EARLIER_HEADS, Reason.EARLIER_HEAD, "the excerpt holds another head than its own", "")
        else:
            self._tell(Name.EARLIER_HEADS, False, _NOT_HERE)

    def _recording(self) -> None:  # steps 13 and 14
        facts = self.at_hand.recording
        if facts is None:
            self._tell(Name.SAMPLES, False, "no sound was compared")
        else:
            wrong = "" if facts.samples else f"the sound is not the excerpt that was sealed: {facts.why}"
            hint = "compare it with `wholetape check --against` the excerpt's proof to see what was done"
            self._judge(Name.SAMPLES, Reason.RECORDING, wrong, facts.why, self._names(), hint)
        self._tell(Name.FILE, False, "an excerpt is another file than the recording")

    def _print(self) -> None:  # step 15
        pairs = list(zip(self._excerpt.segments, self._excerpt.opened, strict=True))
        if all(opened.rows is None for _, opened in pairs):
            self._tell(Name.PRINT, False, "the excerpt holds no rows of the print")
            return
        wrong = ""
        for leaf, opened in pairs:
            if opened.print is None or opened.rows is None or leaf.print is None:
                wrong = f"the print of segment {leaf.n} is not opened"
            elif not hmac.compare_digest(commit(opened.print, opened.rows), leaf.print):
                wrong = f"the rows of the print of segment {leaf.n} are not those that were sealed"
            if wrong:
                break
        self._judge(Name.PRINT, Reason.PRINT, wrong, "each segment's rows of the print have their sealed hash")

    def _documents(self) -> None:
        self._tell(Name.DOCUMENTS, False, _NOT_HERE)

    def _witness(self) -> None:  # step 18: heads of beginnings cannot be computed here
        told, failure = judge_witness(self.seal, self.at_hand.outside, whole=False)
        self.found.append(told)
        self.failure = self.failure or failure

    def _circumstances(self) -> list[Property]:
        start, end = self._excerpt.span
        rate, total = self.seal.header.rate, self._excerpt.close.samples
        why = (
            f"{(end - start) / rate:.3f} s, from {start / rate:.3f} s to {end / rate:.3f} s of {total / rate:.3f} s; "
            f"withheld: {start / rate:.3f} s before, {(total - end) / rate:.3f} s after"
        )
        held = self.failure is None
        changed = {
            Name.EXCERPT: Property(Name.EXCERPT, held, tuple(self._names()) if held else (), why),
            Name.CONTINUOUS: Property(Name.CONTINUOUS, False, (), "what lies outside the excerpt is not known"),
        }
        found = circumstances(self.seal, self._names(), held, self.existed)
        return [*(changed.get(own.name, own) for own in found), Property(Name.HEARD, False, (), _NOT_HERE)]


class _Check:
    """Compares sound with the excerpt's commitments as it comes."""

    def __init__(self, excerpt: Excerpt) -> None:
        header = excerpt.seal.header
        width = header.channels * (header.sample_format.width if header.sample_format else 1)
        self._segments, self._rate = excerpt.segments, header.rate
        salts = [opened.sound or b"" for opened in excerpt.opened]
        self._hashes = SegmentHashes(salts, iter([leaf.samples * width for leaf in self._segments]))
        self.take: Taker = self._hashes.take

    def answer(self) -> tuple[bool, str]:
        """Whether all samples are those of the excerpt."""
        self._hashes.finish()
        for leaf, found in zip(self._segments, self._hashes.digests, strict=False):
            if leaf.sound != found:
                return False, f"its samples differ from second {leaf.first // self._rate} of the recording on"
        if len(self._segments) != len(self._hashes.digests):
            longer = len(self._hashes.digests) > len(self._segments)
            return False, "it goes on after its last segment" if longer else "it ends before its last segment"
        return True, f"each of its {len(self._segments)} segments has its sealed hash"


def _sizes(leaf: Segment, end: int | None, rate: int, room: int) -> tuple[int, int]:
    """Frames and level bytes in the rows of one segment; of the excerpt's last one as many as there are."""
    start = -(-leaf.first * FRAMES_HZ // rate)
    if end is None:
        stop = -(-(leaf.first + leaf.samples) * FRAMES_HZ // rate)
        for extra in range(-LEVEL_FRAMES, 2 * LEVEL_FRAMES):  # the last segment of a recording has all that are left
            frames = max(0, stop + extra - start)
            groups = -(-(start + frames) // LEVEL_FRAMES) - -(-start // LEVEL_FRAMES)
            if 8 * frames + groups == room:
                return frames, groups
    else:
        stop = -(-end * FRAMES_HZ // rate)
    frames = stop - start
    return frames, -(-stop // LEVEL_FRAMES) - -(-start // LEVEL_FRAMES)
