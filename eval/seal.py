"""``python -m eval.seal``: every byte of a seal flipped, as damage and as an attacker would; flips in a recording.

An attacker who changes a member packs the container anew, so that its sum fits: what is behind the sum must hold, too.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import wave
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from eval import measured
from tests.seal import made
from wholetape.checking import make_print
from wholetape.errors import MalformedFile, VerificationFailed
from wholetape.log.checkpoint import cosign
from wholetape.log.keys import encode_public
from wholetape.properties import PrintFacts
from wholetape.seal.container import pack
from wholetape.seal.judged import judge_print
from wholetape.seal.make import Sealing, seal_recording
from wholetape.seal.members import HEAD
from wholetape.seal.sealfile import Seal, parse_seal
from wholetape.seal.sound import RecordingFacts, compare
from wholetape.seal.verify import AtHand, verify

PINS = (made.A.public, made.B.public)


@dataclass
class Tally:
    """How each change was found, and the changes that were not, or that crashed."""

    counts: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    def take(self, what: str, answer: str) -> None:
        """Counts one change in."""
        self.counts[answer or "missed"] += 1
        if not answer or answer.startswith("crashed"):
            self.missed.append(f"{what}: {answer or 'verified'}")


@dataclass(frozen=True)
class Case:
    """A recording of a few seconds with its good seal, signed by both, and its print."""

    path: Path
    seal: Seal
    printed: bytes

    @staticmethod
    def make(folder: Path, seconds: int = 5) -> Case:
        """Sealed noise at 8 kHz."""
        path = folder / "recording.wav"
        with wave.open(str(path), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(8000)
            out.writeframes(random.Random(7).randbytes(16_000 * seconds))
        print_ = make_print(path)
        sealing = Sealing((encode_public(made.B),), (("treaty.txt", b"we agree"),))
        seal = seal_recording(path, print_, made.A, sealing)
        early = made.signed(seal.head.checkpoint.text).encode()
        seal = seal.with_({HEAD: cosign(seal.head.note, made.B, made.TIME).encode(), "heads/0000": early})
        return Case(path, seal, print_.encode())

    def judge(self, data: bytes) -> str:
        """How changed bytes of the seal were found out; empty when they were not."""
        try:
            seal = parse_seal(data)
            facts = self.heard(seal)
            failure = verify(seal, PINS, AtHand(facts, self.print_of(seal), (("treaty.txt", b"we agree"),))).failure
        except MalformedFile:
            return "malformed"
        except VerificationFailed:
            return "weak or unproven key"
        except Exception as problem:
            return f"crashed: {type(problem).__name__}: {problem}"
        return failure.reason.value if failure else ""

    def heard(self, seal: Seal) -> RecordingFacts:
        """The recording against ``seal``."""
        return compare(self.path, seal)

    def print_of(self, seal: Seal) -> PrintFacts:
        """The print against ``seal``."""
        return judge_print(seal, self.printed)


def flips(data: bytes, seed: int, count: int | None = None) -> Iterator[tuple[int, bytes]]:
    """``data`` with one bit of each byte flipped, or of ``count`` bytes drawn at random; and where."""
    draw = random.Random(seed)
    places = range(len(data)) if count is None else sorted(draw.sample(range(len(data)), min(count, len(data))))
    for at in places:
        changed = bytearray(data)
        changed[at] ^= 1 << draw.randrange(8)
        yield at, bytes(changed)


def damaged(case: Case, seed: int, count: int | None = None) -> Tally:
    """The container's bytes, as they lie on a disk."""
    tally = Tally()
    for at, data in flips(case.seal.encode(), seed, count):
        tally.take(f"byte {at}", case.judge(data))
    return tally


def attacked(case: Case, seed: int, count: int | None = None) -> Tally:
    """The members' bytes, packed anew with a sum that fits; ``count`` of each member."""
    tally = Tally()
    for name, content in case.seal.members.items():
        for at, data in flips(content, seed, count):
            packed = pack({**case.seal.members, name: data})
            answer = case.judge(packed)
            if not answer and fewer(case.seal, packed):
                answer = "an earlier head with one signature fewer, the other by a stranger and ignored"
            tally.take(f"{name}, byte {at}", answer)
    return tally


def fewer(seal: Seal, packed: bytes) -> bool:
    """True when the only earlier head has lost one party's signature, as if somebody had not signed it at all.

    Signed notes ignore lines of unknown keys, and a head that fewer have signed claims less.
    """
    keys = [vkey for party in seal.header.parties for vkey in (party.signer, party.cosigner)]
    was, now = (sum(of.earlier[0].note.by(key) is not None for key in keys) for of in (seal, parse_seal(packed)))
    return now == was - 1


def recordings(case: Case, seed: int, count: int) -> Tally:
    """Bits of the recording's file."""
    tally = Tally()
    other = case.path.with_name("changed.wav")
    for at, data in flips(case.path.read_bytes(), seed, count):
        other.write_bytes(data)
        try:
            found = verify(case.seal, PINS, AtHand(compare(other, case.seal)))
            same_sound = found.failure is None and other.read_bytes()[44:] == case.path.read_bytes()[44:]
            answer = "transcode: only the header differs" if same_sound else found.failure and found.failure.reason
        except Exception as problem:
            answer = f"crashed: {type(problem).__name__}: {problem}"
        tally.take(f"byte {at}", str(answer or ""))
    return tally


def tell(title: str, tally: Tally) -> str:
    """The tally in words."""
    counts = ", ".join(f"{answer} {number}" for answer, number in tally.counts.most_common())
    total = sum(tally.counts.values())
    head = f"{title}: {total} changes, {len(tally.missed)} missed or crashed. Found as: {counts}."
    return "\n".join([head, *tally.missed[:20]])


def main(arguments: list[str] | None = None) -> int:
    """Runs all; 1 when anything was missed."""
    words = argparse.ArgumentParser("python -m eval.seal", description=__doc__)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--write", action="store_true", help="put the counts into docs/measured.md")
    options = words.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="wholetape-eval-") as folder:
        case = Case.make(Path(folder))
        tallies = {
            "Each byte of a seal, one bit flipped": damaged(case, options.seed),
            "Each byte of each member, packed anew so that the sum fits": attacked(case, options.seed),
            "2,000 bytes of a recording": recordings(case, options.seed, 2000),
        }
    text = "\n\n".join(tell(title, tally) for title, tally in tallies.items())
    print(text)
    if options.write:
        measured.write("seal", "python -m eval.seal", text)
    return 1 if any(tally.missed for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
