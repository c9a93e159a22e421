"""Verifies a seal: steps 7 to 18 of ``docs/spec/seal.md``, over values alone. Steps 1 to 6 are ``parse_seal``.

    7 tree · 8 order · 9 signatures · 10 earlier heads · 11 closing · 12 pinned keys · 13, 14 recording · 15 print ·
    16 documents · 17 time · 18 witness

Keys are trusted because the caller pinned them, never because the seal holds them.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wholetape.log.checkpoint import Signed, signature_by
from wholetape.log.keys import PublicKey
from wholetape.log.kinds import Document, Segment
from wholetape.log.merkle import Tree
from wholetape.log.note import Note
from wholetape.log.salts import Label, commit, salt
from wholetape.properties import Failure, Name, Party, PrintFacts, Property, Reason, Verification
from wholetape.seal.build import Count
from wholetape.seal.escrowed import judge_escrow
from wholetape.seal.heard import judge_heard
from wholetape.seal.limits import circumstances, never
from wholetape.seal.sealfile import Seal
from wholetape.seal.sound import RecordingFacts
from wholetape.seal.times import judge_times
from wholetape.seal.witness import judge_witness

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


@dataclass(frozen=True, slots=True)
class AtHand:
    """What a seal is compared with, beyond the keys. ``documents`` are pairs of a name and its bytes."""

    recording: RecordingFacts | None = None
    print: PrintFacts | None = None
    documents: tuple[tuple[str, bytes], ...] = ()
    roots: tuple[Certificate, ...] = ()
    """Root certificates of time-stamp authorities that the caller pinned."""
    outside: bytes | None = None
    """The fingerprint of a head that somebody outside has; see ``seal.witness``."""
    blocks: tuple[str, ...] = ()
    """Hashes, in hex, of Bitcoin's blocks that the caller pinned."""


def verify(seal: Seal, pinned: Sequence[PublicKey], at_hand: AtHand | None = None) -> Verification:
    """What holds of ``seal``, by the ``pinned`` keys. Raises nothing: a failure is in the result."""
    return Verifier(seal, tuple(pinned), at_hand or AtHand()).run()


@dataclass
class Verifier:
    """One verification under way; ``seal.excerpted`` has other steps for an excerpt."""

    seal: Seal
    pinned: tuple[PublicKey, ...]
    at_hand: AtHand
    failure: Failure | None = None
    found: list[Property] = field(default_factory=list)
    signed: dict[PublicKey, Signed] = field(default_factory=dict)
    reached: dict[PublicKey, int] = field(default_factory=dict)
    """How many leaves each party has signed with an earlier head, at most."""
    existed: int | None = None
    """When the closing head existed at the latest, by time-stamps that count."""

    def run(self) -> Verification:
        """Every step in order; the first that fails is the reason."""
        for step in (
            self._tree,
            self._order,
            self._signatures,
            self._earlier_heads,
            self._closing,
            self._pinned_keys,
            self._recording,
            self._print,
            self._documents,
            self._time,
            self._witness,
        ):
            step()
        self.found += [*self._circumstances(), judge_escrow(self.seal, self.pinned), *never(self.seal)]
        found = tuple(self.found)
        return Verification(self.failure, found, self._parties(), self.seal.header.capture, self._standing())

    def _circumstances(self) -> list[Property]:
        found = circumstances(self.seal, self._names(), self.failure is None, self.existed)
        heard = judge_heard(self.seal, self.pinned, self.failure is None)
        return [*found, heard]

    def _tell(self, name: Name, established: bool, why: str, by: Sequence[str] = ()) -> None:
        self.found.append(Property(name, established, tuple(by) if established else (), why))

    def _fail(self, reason: Reason, words: str, hint: str = "") -> None:
        if self.failure is None:
            self.failure = Failure(reason, words, hint)

    def _judge(
        self, name: Name, reason: Reason, wrong: str, right: str, by: Sequence[str] = (), hint: str = ""
    ) -> None:
        if wrong:
            self._fail(reason, wrong, hint)
        self._tell(name, not wrong, wrong or right, by)

    def _names(self) -> list[str]:
        """Pinned parties whose signature of the head holds."""
        return [key.name for key in self.seal.header.parties if key in self.pinned and key in self.signed]

    def _tree(self) -> None:  # step 7
        head, tree = self.seal.head.checkpoint, Tree(self.seal.raw)
        self.tree = tree
        wrong = ""
        if head.size != len(tree):
            wrong = f"the head is over {head.size} leaves, and the seal has {len(tree)}"
        elif head.root != tree.root():
            wrong = "the leaves are not those that the head commits to"
        self._judge(Name.TREE, Reason.TREE, wrong, f"the head commits to each of the {len(tree)} leaves")

    def _order(self) -> None:  # step 8, and the counts of step 11
        count, wrong, reason = Count(), "", Reason.ORDER
        for number, leaf in enumerate(self.seal.leaves[1:], 1):
            if why := count.take(leaf, self.seal.header.segment):
                wrong = f"leaf {number}: {why}"
                reason = Reason.CLOSING if count.closed else Reason.ORDER
                break
        self._judge(
            Name.ORDER,
            reason,
            wrong,
            f"{count.segments} segments without gap, {count.samples} samples from the first on",
        )

    def _signatures(self) -> None:  # step 9
        self.signed, false = _signers(self.seal.head.note, self.seal.header.parties)
        recorder = self.seal.header.parties[0]
        if false:
            wrong, reason = f"the signature of {false[0]} does not hold", Reason.SIGNATURE
        else:
            reason = Reason.RECORDER
            wrong = "" if recorder in self.signed else f"the recorder, {recorder.name}, has not signed the head"
        names = [key.name for key in self.signed]
        self._judge(Name.SIGNATURES, reason, wrong, f"signed by {_listed(names)}", self._names())

    def _earlier_heads(self) -> None:  # step 10
        wrong = ""
        for number, head in self.seal.earlier.items():
            mine = head.checkpoint
            if mine.origin != self.seal.header.origin:
                wrong = f"earlier head {number} is of another recording"
            elif mine.size > len(self.tree) or mine.root != self.tree.root(mine.size):
                wrong = f"earlier head {number} is not of a beginning of these leaves"
            else:
                signed, false = _signers(head.note, self.seal.header.parties)
                if false:
                    wrong = f"earlier head {number}: the signature of {false[0]} does not hold"
                elif not signed:
                    wrong = f"earlier head {number} is signed by no party"
                self.reached |= {key: max(mine.size, self.reached.get(key, 0)) for key in signed}
            if wrong:
                break
        count = len(self.seal.earlier)
        right = f"{count} earlier heads, each of a beginning of these leaves" if count else "there are none"
        if wrong or count:
            self._judge(Name.EARLIER_HEADS, Reason.EARLIER_HEAD, wrong, right)
        else:
            self._tell(Name.EARLIER_HEADS, False, right)

    def _closing(self) -> None:  # step 11
        close = self.seal.close
        wrong = "" if close is not None else "the seal is unfinished: its last leaf does not close it"
        right = f"closed ({close.reason}): nothing can be added" if close is not None else ""
        self._judge(Name.CLOSED, Reason.UNFINISHED, wrong, right, hint="wait for the end of the recording")

    def _pinned_keys(self) -> None:  # step 12
        parties = self.seal.header.parties
        reason, wrong, hint = Reason.NO_KEY_PINNED, "", ""
        if not self.pinned:
            wrong = (
                "consistent with itself, signed by unknown keys"
                if self.failure is None
                else "no key is pinned, so that anyone could have made this seal"
            )
            hint = "get the parties' .pub files from themselves, and name them with --trust"
        for key in self.pinned:
            if key in parties and key in self.signed:
                continue
            if key in parties:
                reason, wrong = Reason.NOT_SIGNED, f"{key.name} has not signed the head, though its key is pinned"
            elif any(party.name == key.name for party in parties):
                reason, wrong = Reason.OTHER_KEY, f"the key of {key.name} in the seal is not the one that is pinned"
            elif any(party.raw == key.raw for party in parties):
                reason, wrong = Reason.OTHER_KEY, f"the pinned key of {key.name} has another name in the seal"
            else:
                reason, wrong = Reason.NOT_A_PARTY, f"{key.name}, whose key is pinned, is not a party of this seal"
            break
        self._judge(Name.PINNED_KEYS, reason, wrong, f"signed by {_listed(self._names())}", self._names(), hint)
        absent = [self._absent(key) for key in parties if key not in self.signed]
        unknown = [key.name for key in parties if key in self.signed and key not in self.pinned]
        if absent:
            why = f"absent: {_listed(absent)} has not signed"
        elif unknown:
            why = f"not pinned: {_listed(unknown)}; whoever made the seal may have made that key, too"
        else:
            why = "each party named in the header has signed"
        self._tell(Name.ALL_PARTIES, not absent and not unknown, why, self._names())

    def _absent(self, key: PublicKey) -> str:
        leaves = self.seal.leaves[: self.reached.get(key, 0)]
        seconds = sum(leaf.samples for leaf in leaves if isinstance(leaf, Segment)) / self.seal.header.rate
        return f"{key.name}, who signed its first {seconds:.1f} s and nothing later," if leaves else key.name

    def _recording(self) -> None:  # steps 13 and 14
        facts, close = self.at_hand.recording, self.seal.close
        if facts is None or close is None:
            for name in (Name.FILE, Name.SAMPLES):
                self._tell(name, False, "no recording was compared" if facts is None else "the seal is unfinished")
            return
        same = close.file is not None and facts.file == close.file
        by = self._names()
        if same and facts.samples is False:
            self._fail(
                Reason.CONTRADICTION,
                f"the file is the one that was sealed, but the seal contradicts itself: {facts.why}",
            )
        elif not same and not facts.samples:
            why = "its bytes differ"
            words = f"the recording is not the one that was sealed: {why}" + (f", and {facts.why}" if facts.why else "")
            self._fail(
                Reason.RECORDING, words, "compare it with `wholetape check --against` the seal to see what was done"
            )
        file = "the file's bytes are those that were sealed"
        other = "samples verified, file differs" if facts.samples else "the file's bytes are not those that were sealed"
        self._tell(Name.FILE, same, file if same else other, by)
        self._tell(Name.SAMPLES, facts.samples is True, facts.why, by)

    def _print(self) -> None:  # step 15
        facts = self.at_hand.print
        if facts is None:
            self._tell(Name.PRINT, False, "no print was compared")
            return
        self._judge(Name.PRINT, Reason.PRINT, facts.wrong, facts.right, self._names())

    def _documents(self) -> None:  # step 16
        leaves = [leaf for leaf in self.seal.leaves if isinstance(leaf, Document)]
        given = self.at_hand.documents
        if not given:
            why = f"{len(leaves)} sealed, none at hand" if leaves else "none were sealed"
            self._tell(Name.DOCUMENTS, False, why)
            return
        wrong = ""
        for name, content in given:
            seed = self.seal.seed
            if seed is None:
                wrong = "a public seal does not tell what its documents are"
            elif not any(_is(leaf, seed, name, content) for leaf in leaves):
                wrong = f"{name} is none of the {len(leaves)} documents that were sealed"
            if wrong:
                break
        self._judge(Name.DOCUMENTS, Reason.DOCUMENT, wrong, f"{len(given)} of {len(leaves)} compared", self._names())

    def _time(self) -> None:  # step 17
        facts = judge_times(self.seal, self.at_hand.roots, self.at_hand.blocks)
        self.found.append(facts.property)
        self.failure, self.existed = self.failure or facts.failure, facts.existed

    def _witness(self) -> None:  # step 18
        told, failure = judge_witness(self.seal, self.at_hand.outside)
        self.found.append(told)
        self.failure = self.failure or failure

    def _parties(self) -> tuple[Party, ...]:
        return tuple(
            Party(
                key.name,
                key.fingerprint,
                key in self.pinned,
                key in self.signed,
                getattr(self.signed.get(key), "time", None),
            )
            for key in self.seal.header.parties
        )

    def _standing(self) -> str:
        if self.failure is not None or not self._names():
            return "unsealed"
        parties = self.seal.header.parties
        return "all-parties" if len(parties) > 1 and len(self._names()) == len(parties) else "one-party"


def _signers(note: Note, parties: Sequence[PublicKey]) -> tuple[dict[PublicKey, Signed], list[str]]:
    """Which parties have signed ``note``, and the names of those whose signature is false.

    The recorder, the first party, may sign as a log (0x01); everybody may cosign (0x04).
    """
    signed: dict[PublicKey, Signed] = {}
    false: list[str] = []
    for number, party in enumerate(parties):
        for vkey in (party.cosigner, party.signer):
            by = signature_by(note, vkey)
            if by is False:
                false.append(party.name)
            elif by is not None and (vkey == party.cosigner or number == 0):
                signed[party] = by
    return signed, false


def _is(leaf: Document, seed: bytes, name: str, content: bytes) -> bool:
    named = commit(salt(seed, Label.DOCUMENT_NAME, leaf.n), name.encode())
    held = commit(salt(seed, Label.DOCUMENT, leaf.n), content)
    return hmac.compare_digest(named + held, leaf.name + leaf.content)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if names else "nobody"
