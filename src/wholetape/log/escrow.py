"""The policy of an escrow: which ciphertext holds the recording and who can open it, signed by those who tested it.

``docs/spec/seal.md``, section Escrow, is the definition.
"""

from __future__ import annotations

from dataclasses import dataclass

from wholetape.errors import MalformedFile
from wholetape.log import ed25519
from wholetape.log.checkpoint import ORIGIN
from wholetape.log.encoding import Json, jcs, parse_jcs, unhex
from wholetape.log.fields import Fields
from wholetape.log.keys import PrivateKey, PublicKey
from wholetape.log.kinds import FileFacts
from wholetape.log.note import Note, Signature, parse_note

_DOMAIN = "wholetape.escrow/v1"
MOST = 16
"""Holders of an escrow: what SLIP-39 can split for."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who can open, alone or with others: a name, a recipient of age, and the SHA-256 of its share, or None."""

    name: str
    recipient: str
    share: bytes | None


@dataclass(frozen=True, slots=True)
class Policy:
    """``k`` of the ``holders`` together open ``ciphertext``, which is all of ``recording``. Nobody verified it."""

    origin: str
    recording: FileFacts
    ciphertext: FileFacts
    k: int
    holders: tuple[Holder, ...]

    @property
    def veto(self) -> bool:
        """True when a single holder can keep everybody from opening it."""
        return self.k > 1 and self.k == len(self.holders)

    @property
    def words(self) -> str:
        """Who can open it, in plain words."""
        names = ", ".join(holder.name for holder in self.holders)
        if self.k == 1:
            return f"each of {names} can open it alone"
        refusals = len(self.holders) - self.k + 1
        veto = "each of them can prevent that" if refusals == 1 else f"{refusals} of them together can prevent that"
        return f"{self.k} of {names} can open it together; {veto}"


def encode_policy(policy: Policy) -> Note:
    """The note, not signed yet."""
    tree: Json = {
        "ciphertext": _facts(policy.ciphertext),
        "holders": [
            {
                "name": holder.name,
                "recipient": holder.recipient,
                "share": None if holder.share is None else holder.share.hex(),
            }
            for holder in policy.holders
        ],
        "k": policy.k,
        "origin": policy.origin,
        "recording": _facts(policy.recording),
    }
    return Note(f"{_DOMAIN}\n{jcs(tree).decode()}\n", ())


def parse_policy(data: bytes) -> tuple[Policy, Note]:
    """The policy in a note, whose signatures nobody has checked yet.

    Raises:
        MalformedFile: anything that :func:`encode_policy` would not have written.
    """
    note = parse_note(data, "the escrow's policy")
    lines = note.text.split("\n")
    if len(lines) != 3 or lines[0] != _DOMAIN or lines[2]:
        raise MalformedFile("the escrow's policy is not one that this version knows", "a newer version may read it")
    fields = Fields(parse_jcs(lines[1].encode(), "the escrow's policy"), "the escrow's policy")
    origin = fields.text("origin")
    if not ORIGIN.match(origin):
        raise fields.wrong("origin")
    holders = tuple(_holder(tree, fields) for tree in fields.items("holders", 1, MOST))
    k = fields.integer("k", 1, len(holders))
    if any((holder.share is None) != (k == 1) for holder in holders):
        raise MalformedFile("the escrow's policy has shares where each opens alone, or none where it takes several")
    policy = Policy(origin, _read(fields.must("recording")), _read(fields.must("ciphertext")), k, holders)
    fields.done()
    return policy, note


def sign_policy(note: Note, key: PrivateKey) -> Note:
    """``note`` with the signature of a party that answers for it: its maker, or one that tested it."""
    vkey = key.public.signer
    return note.signed(Signature(vkey.name, vkey.id, ed25519.sign(key.seed, note.text.encode())))


def policy_signers(note: Note, parties: tuple[PublicKey, ...]) -> tuple[str, ...]:
    """The names of the parties whose signature of the policy holds."""
    found = []
    for party in parties:
        line = note.by(party.signer)
        if line is not None and ed25519.holds(party.raw, line.data, note.text.encode()):
            found.append(party.name)
    return tuple(found)


def _holder(tree: object, fields: Fields) -> Holder:
    if not isinstance(tree, dict):
        raise fields.wrong("holders")
    one = Fields(tree, "a holder")
    share = one.take("share")
    if share is not None and type(share) is not str:
        raise one.wrong("share")
    made = Holder(
        one.text("name", 64), one.text("recipient"), None if share is None else unhex(share, 32, "the hash of a share")
    )
    one.done()
    return made


def _facts(facts: FileFacts) -> Json:
    return {"sha256": facts.sha256.hex(), "size": facts.size}


def _read(fields: Fields) -> FileFacts:
    facts = FileFacts(fields.integer("size"), fields.hex("sha256"))
    fields.done()
    return facts
