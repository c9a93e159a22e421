"""Anchors a head in Bitcoin with OpenTimestamps: submits it, asks again later, and keeps the block's header."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from wholetape.errors import NetworkFailed, UsageError, VerificationFailed, WholetapeError
from wholetape.log import ots
from wholetape.seal.sealfile import Seal
from wholetape.seal.stamping import stamp_members
from wholetape.store.web import Declined, send

_NOT_YET = 404
"""What calendars answer while they wait for a block."""

Ask = Callable[[str, bytes | None], bytes]
"""Posts bytes to an address, or gets it where there are none; raises ``NetworkFailed``."""


@dataclass(frozen=True, slots=True)
class Anchored:
    """What came of it: the seal, what to tell, and what went wrong."""

    seal: Seal
    told: tuple[str, ...]
    problems: tuple[WholetapeError, ...]


def ask(url: str, body: bytes | None) -> bytes:
    """A calendar's reply."""
    return send(url, body, kind="application/x-www-form-urlencoded", accept="*/*", limit=ots.MAX_REPLY)


def anchor(seal: Seal, calendars: Sequence[str], nonce: bytes, asking: Ask = ask) -> Anchored:
    """``seal`` with a new proof over its head, for which each of ``calendars`` was asked; it is pending at first."""
    proof, commitment = ots.begin(seal.head.data, nonce)
    told: list[str] = []
    problems: list[WholetapeError] = []
    for url in calendars:
        try:
            ots.extend(proof, commitment, asking(f"{url.rstrip('/')}/digest", commitment))
            told.append(f"{url} promised to commit to it; ask again in some hours with --ots-upgrade")
        except WholetapeError as problem:
            problems.append(type(problem)(f"{url}: {problem}", problem.hint))
    if told:
        members = stamp_members(seal.members, seal.head.data, [ots.encode(proof)], "ots")
        seal = seal.with_(members)
    return Anchored(seal, tuple(told), tuple(problems))


def upgrade(seal: Seal, calendars: Sequence[str], asking: Ask = ask) -> Anchored:
    """``seal`` with what ``calendars`` have found out since. Nobody is asked whom the caller does not name."""
    told: list[str] = []
    problems: list[WholetapeError] = []
    known = {_place(url) for url in calendars}
    changed: dict[str, bytes | None] = {}
    for name, data in _proofs(seal):
        proof = ots.parse(data, _head_of(seal, name))
        for found in list(ots.attestations(proof)):
            if not isinstance(found, ots.Pending):
                continue
            if _place(found.calendar) not in known:
                told.append(f"{name}: pending at {found.calendar}, which was not named with --ots")
                continue
            url = f"{found.calendar.rstrip('/')}/timestamp/{found.commitment.hex()}"
            try:
                ots.extend(proof, found.commitment, asking(url, None))
            except Declined as problem:
                early = problem.status == _NOT_YET
                problems.append(NetworkFailed(f"{name}: not in a block yet", "ask again later") if early else problem)
            except WholetapeError as problem:
                problems.append(problem)
        changed[name] = ots.encode(proof)
        for found in ots.attestations(proof):
            if isinstance(found, ots.InBlock):
                told.append(f"{name}: in Bitcoin's block {found.height}; add its header with --block")
    if not changed:
        raise UsageError("the seal has no proof of OpenTimestamps", "submit it first, with --ots")
    return Anchored(seal.with_(changed), tuple(dict.fromkeys(told)), tuple(problems))


def add_block(seal: Seal, data: bytes) -> Anchored:
    """``seal`` with a block's header beside each proof that leads to it.

    Raises:
        VerificationFailed: no proof does.
        MalformedFile: it is no header.
    """
    block = ots.parse_block(data)
    header = data if len(data) == ots.HEADER else bytes.fromhex(data.strip().decode("ascii"))
    found = [
        name
        for name, proof in _proofs(seal)
        if any(
            isinstance(one, ots.InBlock) and one.root == block.root
            for one in ots.attestations(ots.parse(proof, _head_of(seal, name)))
        )
    ]
    if not found:
        raise VerificationFailed("no proof in the seal leads to this block", "look up the block of the height it names")
    members = {name.removesuffix(".ots") + ".block": header for name in found}
    told = f"block {block.hash}: compare this hash with a source that you trust, and verify with --block"
    return Anchored(seal.with_(members), (told,), ())


def _proofs(seal: Seal) -> list[tuple[str, bytes]]:
    return [(name, data) for name, data in seal.members.items() if name.startswith("stamps/") and name.endswith(".ots")]


def _head_of(seal: Seal, name: str) -> bytes:
    head = seal.earlier.get(int(name[7:11]))
    if head is None:
        raise VerificationFailed(f"{name} is over a head that is not in the seal")
    return head.data


def _place(url: str) -> tuple[str | None, int | None, str]:
    parts = urlsplit(url)
    return parts.hostname, parts.port, parts.path.rstrip("/")
