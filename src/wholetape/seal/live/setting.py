"""What a new recording is begun with: who takes part, what records, who may open it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from wholetape.errors import UsageError
from wholetape.log.fields import MAX_TEXT
from wholetape.log.keys import PrivateKey, encode_public, parse_public
from wholetape.log.kinds import Capture, Escrow, Header, PrintForm
from wholetape.log.salts import SEED_BYTES
from wholetape.media.capture import Capture as Source
from wholetape.seal.live.journal import LiveJournal
from wholetape.seal.live.lines import Setup
from wholetape.seal.live.recorder import Clocks, Recorder
from wholetape.seal.live.rows import live_tracks
from wholetape.seal.live.sound import HiddenSound, PlainSound, SoundFile
from wholetape.seal.live.vault import check_recipients, encrypt
from wholetape.store.folder import HeldFolder


@dataclass(frozen=True, slots=True)
class Setting:
    """``parties`` are the other parties' ``.pub`` files; ``recipients`` of age, none for a recording in the clear."""

    parties: tuple[bytes, ...] = ()
    recipients: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()


def begin(
    folder: HeldFolder,
    setting: Setting,
    source: Source,
    key: PrivateKey,
    clocks: Clocks,
    changed: Callable[[], None] = lambda: None,
) -> Recorder:
    """A new recording in an empty folder, of what ``source`` gives. The sound's file is there before the journal.

    Raises:
        UsageError: a party twice, or a recipient that is none.
        MalformedFile, VerificationFailed: a ``.pub`` file is none, or its key is weak.
        StorageFailed: the folder cannot be written to.
    """
    files = (encode_public(key), *setting.parties)
    parties = tuple(parse_public(data) for data in files)
    if len({p.name for p in parties}) != len(parties) or len({p.raw for p in parties}) != len(parties):
        raise UsageError("two parties have one name or one key", "each party has its own; yours is in the seal already")
    recipients = check_recipients(setting.recipients)
    seed, origin = secrets.token_bytes(SEED_BYTES), f"wholetape/{secrets.token_hex(16)}"
    header = Header(
        origin,
        parties,
        Capture.LIVE,
        source.rate,
        source.channels,
        source.sample_format,
        source.rate,
        PrintForm(live_tracks(source.channels)),
        devices=tuple(name[:MAX_TEXT] for name in setting.devices),
        escrow=Escrow("any", 1, len(recipients), recipients) if recipients else None,
    )
    hidden = encrypt(seed, recipients) if recipients else b""
    setup = Setup(files, None if recipients else seed, hidden, recipients)
    sound: SoundFile = HiddenSound(folder, header, recipients) if recipients else PlainSound(folder, header)
    return Recorder(LiveJournal.create(folder, setup, seed, header, key), sound, clocks, changed)
