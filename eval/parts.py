"""``python -m eval.parts``: time-stamps, excerpts, escrow and heads in words, each changed in every counted way.

Every bit of time-stamp replies; every byte of an excerpt's proof, as damage and packed anew; every excerpt of a
recording shown as every other; every byte of a ciphertext flipped, and cut off there; sizes and memory.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import random
import sys
import tempfile
import wave
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from mnemonic import Mnemonic

from eval import measured
from eval.parts_costs import memory, proof_sizes
from tests.seal import made
from tests.seal.tsa import Authority
from wholetape.checking import make_print
from wholetape.errors import MalformedFile, UnreadableInput, VerificationFailed
from wholetape.log.checkpoint import Checkpoint, cosign
from wholetape.log.keys import encode_public
from wholetape.log.stamp import make_request, parse_roots, verify_stamp
from wholetape.seal import shares
from wholetape.seal.agekeys import identity, recipient_text
from wholetape.seal.escrow import Keeper, make_escrow, opener_of, own_share, unseal
from wholetape.seal.excerpted import compare_excerpt, verify_excerpt
from wholetape.seal.excerptfile import Excerpt, excerpt_from, parse_excerpt
from wholetape.seal.excerpting import choose, prove_excerpt, sound_of
from wholetape.seal.make import Sealing, seal_recording
from wholetape.seal.sealfile import Seal
from wholetape.seal.verify import AtHand
from wholetape.seal.witness import fingerprint, head_words, parse_outside

PINS = (made.A.public, made.B.public)
REFUSED = (MalformedFile, VerificationFailed, UnreadableInput)


class Count:
    """How often each answer occurred, and what must not have."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.missed: list[str] = []

    def take(self, what: str, attempt: Callable[[], str]) -> None:
        """Counts the answer of ``attempt``, which names a refusal by raising or by a word; an empty one is a miss."""
        try:
            answer = attempt()
        except REFUSED as problem:
            answer = type(problem).__name__
        except Exception as problem:
            answer = ""
            what += f" crashed: {type(problem).__name__}: {problem}"
        self.counts[answer or "MISSED"] += 1
        if not answer:
            self.missed.append(what)

    def row(self, title: str) -> str:
        """A row of the table."""
        told = ", ".join(f"{answer} {count:,}" for answer, count in self.counts.most_common())
        return f"| {title} | {sum(self.counts.values()):,} | {len(self.missed)} | {told} |"


def sealed(folder: Path, seconds: int) -> tuple[Path, Seal, bytes]:
    """Noise of so many seconds at 8 kHz, its seal by both, and its print."""
    path = folder / f"recording-{seconds}.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(made.RATE)
        out.writeframes(random.Random(seconds).randbytes(2 * made.RATE * seconds))
    print_ = make_print(path)
    seal = seal_recording(path, print_, made.A, Sealing((encode_public(made.B),)))
    return path, seal.with_({"head": cosign(seal.head.note, made.B, made.TIME).encode()}), print_.encode()


def stamps(folder: Path) -> Count:
    """Every bit of two authorities' replies: whatever still verifies says the same time, by the same root."""
    count = Count()
    for name, elliptic in (("RSA", False), ("P-256", True)):
        clock = Authority(folder, name, elliptic=elliptic)
        reply, roots = clock.honest(make_request(b"head").der), parse_roots(clock.roots_pem)
        good = verify_stamp(reply, b"head", roots)

        said = (good.stamp.time, good.stamp.accuracy, good.root)

        def attempt(changed: bytes) -> str:
            found = verify_stamp(changed, b"head", roots)  # noqa: B023 - called at once
            same = (found.stamp.time, found.stamp.accuracy, found.root) == said  # noqa: B023
            return "same time, in bytes that no signature covers" if same else ""

        for at, bit in itertools.product(range(len(reply)), range(8)):
            changed = bytearray(reply)
            changed[at] ^= 1 << bit
            count.take(f"{name} byte {at} bit {bit}", lambda data=bytes(changed): attempt(data))  # type: ignore[misc]
    return count


def flipped_excerpts(folder: Path) -> tuple[Count, Count]:
    """Every byte of an excerpt's proof, as it lies on a disk, and of each member packed anew."""
    path, seal, printed = sealed(folder, 20)
    cut = choose(seal, 5, 7)
    excerpt = prove_excerpt(seal, cut, printed)
    sound = folder / "clip.wav"
    sound.write_bytes(b"".join(sound_of(path, seal, cut)))

    def judge(found: Excerpt) -> str:
        failure = verify_excerpt(found, PINS, AtHand(compare_excerpt(sound, found))).failure
        return failure.reason.value if failure else ""

    damage, attack = Count(), Count()
    data = excerpt.encode()
    for at in range(len(data)):
        changed = data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]
        damage.take(f"byte {at}", lambda: judge(parse_excerpt(changed)))  # noqa: B023 - called at once
    for name, member in excerpt.members.items():
        for at in range(len(member)):
            changed = member[:at] + bytes([member[at] ^ 1 << at % 8]) + member[at + 1 :]
            members = {**excerpt.members, name: changed}
            attack.take(f"{name} byte {at}", lambda: judge(excerpt_from(members)))  # noqa: B023
    return damage, attack


def exchanged_excerpts(folder: Path) -> tuple[Count, Count]:
    """Every excerpt of twelve seconds: verified by its own sound; and the sound of each by the proof of every other."""
    path, seal, printed = sealed(folder, 12)
    spans = list(itertools.combinations(range(13), 2))
    proofs, sounds = {}, {}
    for start, end in spans:
        cut = choose(seal, start, end)
        proofs[start, end] = prove_excerpt(seal, cut, printed)
        sounds[start, end] = folder / f"clip-{start}-{end}.wav"
        sounds[start, end].write_bytes(b"".join(sound_of(path, seal, cut)))
    own, other = Count(), Count()
    for proof, sound in itertools.product(spans, spans):
        failure = verify_excerpt(proofs[proof], PINS, AtHand(compare_excerpt(sounds[sound], proofs[proof]))).failure
        said = failure.reason.value if failure else ""
        if proof == sound:
            own.take(str(proof), lambda: "" if said else "verified")  # noqa: B023
        else:
            other.take(f"{proof} {sound}", lambda: said)  # noqa: B023
    return own, other


def ciphertexts(folder: Path) -> tuple[Count, Count, Count]:
    """Every byte of two ciphertexts flipped, and each cut off there: no file may appear; and all k of n up to 5."""
    flipped, cut, chosen = Count(), Count(), Count()
    path, seal, _ = sealed(folder, 2)
    target = folder / "opened.wav"
    for name, k in (("any", 1), ("k-of-n", 2)):
        keepers = [Keeper(key.name, recipient_text(key.public)) for key in (made.A, made.B, made.C)]
        ready, _ = make_escrow(seal, path, keepers, k, made.A, folder / "whole.age")
        given = [] if k == 1 else [own_share(ready, identity(made.B))]
        opener = opener_of(ready, [identity(made.A)], given)
        data, changed = (folder / "whole.age").read_bytes(), folder / "changed.age"

        def attempt() -> str:
            try:
                unseal(changed, ready, opener, target)  # noqa: B023
            except REFUSED as problem:
                return "" if target.exists() else type(problem).__name__
            return ""

        for at in range(0, len(data), 1 if k == 1 else 3):
            changed.write_bytes(data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :])
            flipped.take(f"{name} byte {at}", attempt)
            changed.write_bytes(data[:at])
            cut.take(f"{name} cut at {at}", attempt)
    secret = hashlib.sha256(b"secret").digest()
    for n in range(2, 6):
        for k in range(2, n + 1):
            words = shares.split(secret, k, n)
            for number in range(1, n + 1):
                for some in itertools.combinations(words, number):
                    right = number >= k

                    def attempt_shares() -> str:
                        try:
                            return "gave the secret" if shares.combine(some[:k]) == secret and right else ""  # noqa: B023
                        except VerificationFailed:
                            return "" if right else "too few, told nothing"  # noqa: B023

                    chosen.take(f"{k} of {n}, {number} given", attempt_shares)
    return flipped, cut, chosen


def heads(seed: int, number: int) -> Count:
    """Heads drawn at random, as words: read back; with one word changed, or two swapped, never taken for the head."""
    draw, count = random.Random(seed), Count()
    book = Mnemonic("english").wordlist
    for _ in range(number):
        head = Checkpoint(made.ORIGIN, draw.randrange(1, 1 << 40), draw.randbytes(32))
        words = list(head_words(head))
        right = fingerprint(head)
        count.take("right words", lambda: "read back" if right.startswith(parse_outside(" ".join(words))) else "")  # noqa: B023
        at = draw.randrange(len(words))
        other = draw.choice([word for word in book if word != words[at]])
        changed = [*words[:at], other, *words[at + 1 :]]

        def attempt() -> str:
            try:
                return "" if right.startswith(parse_outside(" ".join(changed))) else "another head"  # noqa: B023
            except Exception:
                return "told as a wrong word"

        count.take("one word changed", attempt)
    return count


def sizes(write: bool) -> int:
    """The table of :func:`proof_sizes`."""
    text = "\n".join(
        [
            "| recording | proof of an excerpt, bytes: what does not grow with it | all of 10 s | with their print |",
            "| --- | --- | --- | --- |",
            *proof_sizes(),
        ]
    )
    print(text)
    if write:
        measured.write("parts-sizes", "python -m eval.parts --sizes", text)
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Runs all; 1 when anything was missed."""
    words = argparse.ArgumentParser("python -m eval.parts", description=__doc__)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--sizes", action="store_true", help="only the sizes of excerpts' proofs")
    words.add_argument("--write", action="store_true", help="put the counts into docs/measured.md")
    options = words.parse_args(arguments)
    if options.sizes:
        return sizes(options.write)
    with tempfile.TemporaryDirectory(prefix="wholetape-eval-") as name:
        folder = Path(name)
        damage, attack = flipped_excerpts(folder)
        own, other = exchanged_excerpts(folder)
        flipped, cut, chosen = ciphertexts(folder)
        counts = {
            "time-stamps, each bit flipped: the time that is believed stays": stamps(folder),
            "excerpt's proof, each byte flipped": damage,
            "excerpt's proof, each byte of each member, packed anew": attack,
            "every excerpt of 12 s, with its own sound": own,
            "every excerpt of 12 s, with the sound of every other": other,
            "ciphertext, bytes flipped: no file appears": flipped,
            "ciphertext, cut off: no file appears": cut,
            "every choice of shares, 2 of 2 to 5 of 5": chosen,
            "heads in 18 words": heads(options.seed, 2000),
        }
        resources = memory(folder)
    text = "\n".join(
        [
            "| tried | times | missed | answers |",
            "| --- | --- | --- | --- |",
            *(count.row(title) for title, count in counts.items()),
            "",
            "| | time, with a cold start | peak memory |",
            "| --- | --- | --- |",
            *resources,
        ]
    )
    print(text)
    missed = [line for count in counts.values() for line in count.missed]
    print("\n".join(missed[:40]))
    if options.write:
        measured.write("parts", "python -m eval.parts", text)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
