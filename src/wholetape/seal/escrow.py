"""Escrow: the whole recording, encrypted so that any one of its holders can open it, or k of n together.

What opens is the recording byte for byte, or nothing: a file appears only when its hash is that of the policy and of
the seal. Memory stays bounded whatever the length.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from wholetape.errors import MalformedFile, UsageError, VerificationFailed, WholetapeError
from wholetape.log.escrow import MOST, Holder, Policy, encode_policy, sign_policy
from wholetape.log.keys import PrivateKey
from wholetape.log.kinds import FileFacts
from wholetape.seal import shares
from wholetape.seal.ageio import Counted, decrypt_file, encrypt_file
from wholetape.seal.agekeys import Identity, identity, identity_text, recipient, recipient_text
from wholetape.seal.escrowed import POLICY, policy_of
from wholetape.seal.sealfile import Seal
from wholetape.seal.sound import PathLike, Progress, compare
from wholetape.seal.verify import verify
from wholetape.store.atomic import atomic_file

_OTHER = "the escrow's ciphertext is another one than its policy names"


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who is to hold the escrow: a name, and an age recipient as text."""

    name: str
    recipient: str


def make_escrow(
    seal: Seal,
    recording: PathLike,
    keepers: Sequence[Keeper],
    k: int,
    key: PrivateKey,
    output: PathLike,
    progress: Progress = lambda share: None,
) -> tuple[Seal, Policy]:
    """Writes the ciphertext to ``output``, and returns ``seal`` with the policy, signed by ``key``, and any shares.

    With ``k`` 1 each keeper is a recipient. With more, a random identity is the only recipient; it is split, and each
    keeper's share is encrypted to it in the seal. That the ciphertext opens is tested before it gets its name, by as
    much as the maker can: k of n by the shares themselves; keepers' own keys are theirs to test (:func:`try_escrow`).

    Raises:
        UsageError: too many keepers, one twice, an impossible ``k``, or the seal has an escrow already.
        VerificationFailed: the recording is not the one that was sealed.
    """
    names, recipients = [keeper.name for keeper in keepers], [keeper.recipient for keeper in keepers]
    if not 1 <= k <= len(keepers) <= MOST:
        raise UsageError(f"{k} of {len(keepers)} cannot be: an escrow has 1 to {MOST} holders, of whom k are needed")
    if len(set(names)) != len(names) or len(set(recipients)) != len(recipients):
        raise UsageError("one holder is named twice", "name each once")
    if any(name.startswith("escrow/") for name in seal.members):
        raise UsageError("the seal has an escrow already", "a second one would leave open which of them counts")
    if key.public not in seal.header.parties:
        raise UsageError(f"{key.name} is no party of this seal, or has another key in it", "a party signs the policy")
    found = compare(recording, seal, lambda share: progress(share / 3))
    failure = verify(seal, seal.header.parties[:1]).failure
    if failure is not None:
        raise VerificationFailed(f"no escrow: {failure.words}", failure.hint)
    if seal.close is not None and (seal.close.file or found.file) != found.file:
        raise VerificationFailed(
            "no escrow: the recording's bytes are not those that were sealed", "use the sealed file"
        )
    if found.samples is False:
        raise VerificationFailed(f"no escrow: {found.why}", "use the sealed file")
    secret = secrets.token_bytes(shares.SECRET_BYTES)
    words = shares.split(secret, k, len(keepers)) if k > 1 else ()
    opener = _own(secret) if k > 1 else None
    to = [opener.to_public()] if opener is not None else [recipient(text) for text in recipients]
    with atomic_file(output) as file:
        counted = Counted(file)
        plain = encrypt_file(recording, counted, to)
        if plain != found.file:
            raise VerificationFailed("the recording changed while it was read", "try again")
        file.flush()
        if k > 1:
            if any(shares.combine(chosen) != secret for chosen in _trials(words, k)):
                raise WholetapeError("the shares do not give the secret back")
            decrypt_file(file.temporary, Counted(None, plain.size), [_own(shares.combine(words[:k]))], plain)
        progress(1.0)
    hashes: list[bytes | None] = [shares.hash_of(word) for word in words] if words else [None] * len(keepers)
    holders = tuple(Holder(keeper.name, keeper.recipient, share) for keeper, share in zip(keepers, hashes, strict=True))
    policy = Policy(seal.header.origin, plain, counted.facts, k, holders)
    members = {POLICY: sign_policy(encode_policy(policy), key).encode()}
    for number, word in enumerate(words):
        members[share_name(number)] = _seal_share(word, recipients[number])
    return seal.with_(members), policy


def own_share(seal: Seal, opener: Identity) -> str:
    """The share of whoever ``opener`` is, out of the seal.

    Raises:
        VerificationFailed: it opens none of the shares, or what it opens is not the share that the policy names.
    """
    policy, _ = policy_of(seal)
    for number, holder in enumerate(policy.holders):
        data = seal.members.get(share_name(number))
        if data is None or holder.share is None:
            continue
        try:
            share = shares.tidy(_open_small(data, opener))
        except (VerificationFailed, MalformedFile):
            continue
        if shares.hash_of(share) != holder.share or shares.threshold(share) != policy.k:
            raise VerificationFailed(
                f"the share of {holder.name} is not the one that the policy names", "refuse to sign"
            )
        return share
    raise VerificationFailed("this key opens none of the shares", "name the key of a holder")


def opener_of(seal: Seal, openers: Sequence[Identity], given: Sequence[str] = ()) -> Identity:
    """What opens the ciphertext: one holder's own identity, or the one that k shares give.

    Raises:
        VerificationFailed: too few shares, or one that is not of this escrow.
        UsageError: nothing was given.
    """
    policy, _ = policy_of(seal)
    if policy.k == 1:
        if len(openers) != 1:
            raise UsageError("a holder's key opens it", "name it with --key or --identity")
        return openers[0]
    held = [shares.tidy(text) for text in given]
    known = {holder.share: holder.name for holder in policy.holders}
    for number, share in enumerate(held, 1):
        if shares.hash_of(share) not in known:
            raise VerificationFailed(f"share {number} is none of this escrow", "ask its holder once more")
    held += [own_share(seal, opener) for opener in openers]
    if len(set(held)) < policy.k:
        raise VerificationFailed(
            f"{policy.k} shares are needed, and {len(set(held))} are here",
            "each holder writes its own with `wholetape unseal --share-to`",
        )
    return _own(shares.combine(sorted(set(held))[: policy.k]))


def unseal(ciphertext: PathLike, seal: Seal, opener: Identity, output: PathLike | None) -> FileFacts:
    """Opens ``ciphertext`` into ``output``, or, with None, only tests that it opens; returns the recording's facts.

    ``output`` gets its name when everything was decrypted and is the recording that the policy and the seal name.

    Raises:
        VerificationFailed: it cannot be opened so, is cut off or changed, or holds something else.
        StorageFailed: ``output`` cannot be written.
    """
    policy, _ = policy_of(seal)
    if output is None:
        return decrypt_file(ciphertext, Counted(None, policy.recording.size), [opener], policy.recording)
    with atomic_file(output) as file:
        plain = decrypt_file(ciphertext, Counted(file, policy.recording.size), [opener], policy.recording)
        if seal.close is None or seal.close.file is None:
            file.flush()
            found = compare(file.temporary, seal)
            if found.samples is False:
                raise VerificationFailed(f"what it holds is not the recording that was sealed: {found.why}", "")
    return plain


def try_escrow(seal: Seal, ciphertext: PathLike, key: PrivateKey, given: Sequence[str] = ()) -> tuple[Seal, str]:
    """``seal`` with this party's signature of the policy, once it has tested what it can; and what that was, in words.

    A holder of an escrow that each can open alone decrypts everything. Of k of n, a holder tests its own share, and
    with ``given`` shares of k - 1 others everything.

    Raises:
        VerificationFailed: the party could not open it, or the ciphertext is not the one of the policy.
    """
    policy, note = policy_of(seal)
    if _facts_of(ciphertext) != policy.ciphertext:
        raise VerificationFailed(f"not signed: {_OTHER}", "ask for the right one")
    mine = recipient_text(key.public)
    opener = identity(key)
    try:
        if all(holder.recipient != mine for holder in policy.holders):
            tested = "is no holder of the escrow, and tested nothing of it"
            return seal, tested
        if policy.k == 1:
            unseal(ciphertext, seal, opener, None)
            tested = "opened the escrow"
        elif given:
            unseal(ciphertext, seal, opener_of(seal, [opener], given), None)
            tested = f"opened the escrow with {policy.k - 1} others"
        else:
            own_share(seal, opener)
            tested = f"has its share of the escrow; that {policy.k} shares open it was not tested"
    except VerificationFailed as problem:
        raise VerificationFailed(f"not signed: the escrow does not open: {problem}", problem.hint) from problem
    return seal.with_({POLICY: sign_policy(note, key).encode()}), tested


def share_name(number: int) -> str:
    """The member that holds the share of holder ``number``."""
    return f"escrow/share-{number:02}.age"


def _seal_share(share: str, text: str) -> bytes:
    import pyrage

    return bytes(pyrage.encrypt(share.encode(), [recipient(text)]))


def _open_small(data: bytes, opener: Identity) -> str:
    import pyrage

    try:
        return bytes(pyrage.decrypt(data, [opener])).decode()
    except (pyrage.DecryptError, UnicodeDecodeError) as problem:
        raise VerificationFailed("this key does not open the share", "name the key of its holder") from problem


def _own(secret: bytes) -> Identity:
    import pyrage

    return pyrage.x25519.Identity.from_str(identity_text(secret))


def _trials(words: Sequence[str], k: int) -> list[list[str]]:
    """Choices of k shares in which each share occurs."""
    return [[words[(first + n) % len(words)] for n in range(k)] for first in range(len(words))]


def _facts_of(path: PathLike) -> FileFacts:
    from wholetape.media.onepass import hash_file

    return FileFacts(*hash_file(path))
