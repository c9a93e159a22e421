"""Transcripts as commands take them: from a file in any known format, or made of a recording on the way."""

from __future__ import annotations

import argparse
import hashlib
import os
from typing import TYPE_CHECKING

from wholetape.cli.progress import Progress
from wholetape.errors import UnreadableInput, VerificationFailed

if TYPE_CHECKING:
    from wholetape.report.quoted.jsonform import Searched
    from wholetape.transcript.model import Transcript


def add_engine(parser: argparse.ArgumentParser) -> None:
    """Declares ``--engine``, ``--model`` and ``--language``."""
    parser.add_argument(
        "--engine",
        choices=("pocketsphinx", "faster-whisper", "whispercpp"),
        default="pocketsphinx",
        help="the speech recogniser; default: pocketsphinx, which works offline, knows English, and mishears a third",
    )
    parser.add_argument("--model", metavar="PATH", help="the engine's model: a folder, or for whispercpp a file")
    parser.add_argument("--language", metavar="TAG", help="the language spoken, as en or km")


def is_transcript(path: str) -> bool:
    """Whether the file at ``path`` is text, and so no recording.

    Raises:
        UnreadableInput: it is missing, forbidden, empty, a folder, a pipe or a device.
    """
    from wholetape.media.guard import open_regular
    from wholetape.transcript.formats import is_text

    with open_regular(path) as file:
        return is_text(file.read(4096))


def read_transcript(path: str) -> Searched:
    """The transcript in the file at ``path``."""
    from wholetape.report.quoted.jsonform import Searched
    from wholetape.store.files import read_file
    from wholetape.transcript.formats import LARGEST, read

    data = read_file(path, LARGEST)
    return Searched(path, hashlib.sha256(data).hexdigest(), read(data, repr(path)))


def load(args: argparse.Namespace, path: str) -> Searched:
    """What to look in: a transcript, or a recording that is transcribed first; with the source of a translation."""
    from wholetape.report.quoted.jsonform import Searched

    if is_transcript(path):
        return with_source(read_transcript(path), args.source)
    from wholetape.transcribing.engines import load as load_engine
    from wholetape.transcribing.transcribe import transcribe

    with Progress() as progress:
        transcript = transcribe(path, load_engine(args.engine, args.model, args.language), progress=progress)
    return Searched(path, transcript.sound.sha256, transcript)


def with_source(searched: Searched, named: str | None) -> Searched:
    """A translation with the transcript that it translates: the one named, else the one beside it, if it is there.

    Raises:
        VerificationFailed: the named file is not the one that was translated.
    """
    from dataclasses import replace

    translation = searched.transcript.translation
    if translation is None:
        return searched
    beside = os.path.join(os.path.dirname(searched.path), os.path.basename(translation.name))
    path = named or (beside if os.path.isfile(beside) else None)
    if path is None:
        return searched
    source = read_transcript(path)
    if translation.sha256 and source.sha256 != translation.sha256:
        if named:
            raise VerificationFailed(
                f"{path!r} is not the transcript that {searched.path!r} translates: it has changed, or is another",
                "name the file of which the translation was made",
            )
        return searched
    return replace(searched, source=source.transcript)


def recording_of(transcript: Transcript, path: str, named: str | None) -> str | None:
    """The recording of a transcript: the one named, else the one beside the transcript; None when it is not at hand.

    Raises:
        VerificationFailed: the named one is not the one that was transcribed.
    """
    from wholetape.store.files import hash_of

    sound = transcript.sound
    beside = os.path.join(os.path.dirname(path), os.path.basename(sound.name)) if sound.name else ""
    chosen = named or (beside if sound.sha256 and os.path.isfile(beside) else None)
    if chosen is None:
        return None
    if sound.sha256 and hash_of(chosen) != sound.sha256:
        if named:
            raise VerificationFailed(
                f"{chosen!r} is not the recording that was transcribed", "name the recording of this transcript"
            )
        return None
    return chosen


def no_words(transcript: Transcript, path: str) -> None:
    """Raises ``UnreadableInput`` for a recording in which nobody was heard to speak."""
    if not transcript.segments:
        raise UnreadableInput(f"no speech was recognised in {path!r}", "listen to it; another --engine may hear more")
