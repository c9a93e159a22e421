"""``wholetape quote confirm``: a person signs what they heard at one place of a recording."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wholetape.cli.keys import private_key
from wholetape.cli.outputs import judge
from wholetape.cli.terminal import say
from wholetape.cli.transcripts import recording_of
from wholetape.errors import UsageError
from wholetape.report import printable
from wholetape.times import timecode

if TYPE_CHECKING:
    from wholetape.report.quoted.jsonform import Searched
    from wholetape.times import Span


def confirm_command(args: argparse.Namespace) -> int:
    """Signs, adds the confirmation to a file in one step, and returns 0."""
    from wholetape.cli.quote import look_up, one_quote, open_index
    from wholetape.quote.heard import MAX_FILE, Heard, sign_heard, verify_heard
    from wholetape.store.atomic import atomic_write
    from wholetape.store.files import read_file
    from wholetape.transcript.model import span_of

    quote = one_quote(args.words[1:])
    if not args.key or not (args.heard or "").strip():
        raise UsageError("confirm signs what you heard", 'say --heard "the words as you heard them" and --key FILE.key')
    output = args.output or f"{args.inside}.heard"
    judge([output], [path for path in (args.inside, args.key, args.recording) if path])
    key = private_key(args.key, args.passphrase_file)
    searched, index = open_index(args)
    at = span_of(*args.at) if args.at else _only_place(look_up(args, searched, index, quote).matches)
    if not len(at):
        raise UsageError("the stretch that you listened to has no length", "say --at FROM TO, in seconds")
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    heard = Heard(
        key.name,
        recording_hash(args, searched),
        at,
        quote,
        " ".join(args.heard.split()),
        now,
        " ".join(args.speaker.split()),
    )
    before = read_file(output, MAX_FILE) if os.path.exists(output) else b""
    if before:
        verify_heard(before, [])  # never adds to a file that is something else
    atomic_write(output, before + sign_heard(heard, key))
    start, end = at.seconds
    say(f"{printable(output)}: {printable(key.name)} listened to {timecode(start)}–{timecode(end)}, signed\n")
    return 0


def recording_hash(args: argparse.Namespace, searched: Searched) -> str:
    """The hash of the recording that was listened to.

    Raises:
        UsageError: neither the transcript nor the caller names it.
    """
    from wholetape.store.files import hash_of

    named = recording_of(searched.transcript, searched.path, args.recording)
    if searched.transcript.sound.sha256:
        return searched.transcript.sound.sha256
    if named is None:
        raise UsageError(
            "the transcript does not say which recording it is of", "name the recording with --recording FILE"
        )
    return hash_of(named)


def _only_place(matches: tuple[object, ...]) -> Span:
    places = [match.at for match in matches if match.at is not None]  # type: ignore[attr-defined]
    if len(places) != 1:
        found = "; ".join(f"{place.seconds[0]:.1f} to {place.seconds[1]:.1f}" for place in places) or "none"
        raise UsageError(
            f"the quote does not have one place in the transcript: {found}", "say which stretch you heard: --at FROM TO"
        )
    place: Span = places[0]
    return place
