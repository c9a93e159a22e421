"""What a seal says of its escrow: the policy, and which parties answer for it."""

from __future__ import annotations

from wholetape.errors import UsageError, VerificationFailed, WholetapeError
from wholetape.log.escrow import Policy, parse_policy, policy_signers
from wholetape.log.keys import PublicKey
from wholetape.log.note import Note
from wholetape.properties import Name, Property
from wholetape.seal.sealfile import Seal

POLICY = "escrow/policy"


def policy_of(seal: Seal) -> tuple[Policy, Note]:
    """The policy of ``seal``, which a party signed, and which is of this recording.

    Raises:
        UsageError: there is no escrow.
        MalformedFile: the policy breaks its format.
        VerificationFailed: no party signed it, or it is of another recording.
    """
    if POLICY not in seal.members:
        raise UsageError("this seal has no escrow", "make one with `wholetape escrow`")
    policy, note = parse_policy(seal.members[POLICY])
    if policy.origin != seal.header.origin:
        raise VerificationFailed("the escrow's policy is of another recording", "get a fresh copy of the seal")
    if not policy_signers(note, seal.header.parties):
        raise VerificationFailed("no party has signed the escrow's policy", "get a fresh copy of the seal")
    close = seal.close
    if close is not None and close.file is not None and close.file != policy.recording:
        raise VerificationFailed("the escrow holds another file than the one that was sealed", "do not rely on it")
    return policy, note


def judge_escrow(seal: Seal, pinned: tuple[PublicKey, ...]) -> Property:
    """What the seal says of an escrow, and which ``pinned`` parties answer for it.

    It is beside the tree: whoever has the seal can take it out, and nothing else of the seal changes.
    """
    if POLICY not in seal.members:
        return Property(Name.ESCROW, False, (), "there is none")
    try:
        policy, note = policy_of(seal)
    except WholetapeError as problem:
        return Property(Name.ESCROW, False, (), str(problem))
    by = policy_signers(note, tuple(key for key in seal.header.parties if key in pinned))
    why = policy.words if by else "nobody whose key is pinned answers for the escrow"
    return Property(Name.ESCROW, bool(by), by, why)
