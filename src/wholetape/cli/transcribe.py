"""``wholetape transcribe``: a recording's words with their times; or a transcript from one format into another."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wholetape.cli.outputs import judge
from wholetape.cli.progress import Progress
from wholetape.cli.terminal import say
from wholetape.cli.transcripts import add_engine, is_transcript, read_transcript
from wholetape.errors import UsageError
from wholetape.report import printable

if TYPE_CHECKING:
    from wholetape.transcript.model import Transcript

HELP = "write what is said in a recording, each word with its time; or convert a transcript"
EPILOG = """The suffix says what is written: .json (wholetape's own, which keeps all), .vtt, .srt, .ttml, .txt; --format
whisper and whispercpp write those programs' JSON. A transcript in place of RECORDING is converted. A run that was
stopped goes on where it was: FILE.part holds what is done. A machine mishears: no word of it is certain.
exit code: 0 written, 2 an engine that is not installed, or has no model, 4 a file cannot be read, or nobody speaks,
6 not the recording or source that was named, 8 the transcript cannot be written"""
FORMATS = ("json", "whisper", "whispercpp", "vtt", "srt", "ttml", "txt")


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("recording", metavar="RECORDING", help="audio or video; or a transcript, to convert it")
    parser.add_argument("-o", dest="output", required=True, metavar="FILE", help="what to write; - for stdout")
    parser.add_argument("--format", choices=FORMATS, help="what to write; default: by the suffix of FILE")
    add_engine(parser)
    parser.add_argument(
        "--text", metavar="FILE.txt", help="words that somebody supplied: they are laid along the sound, not checked"
    )
    parser.add_argument("--recording", dest="sound", metavar="FILE", help="the recording that a transcript is of")
    parser.add_argument("--occasion", default="", metavar="TEXT", help="what was recorded: which meeting, where, when")
    parser.add_argument(
        "--translates", metavar="SOURCE.json", help="the transcript that this one translates: segments are linked"
    )
    parser.add_argument("--translator", default="", metavar="NAME", help="who translated it")
    parser.add_argument("--translated-on", default="", metavar="DATE", help="when, as 2026-11-25; default: today")


def run(args: argparse.Namespace) -> int:
    """Transcribes or converts, writes in one step, and returns 0."""
    from wholetape.transcript.formats import WRITERS, format_for

    name = format_for(args.output, args.format)
    inputs = [path for path in (args.recording, args.text, args.sound, args.translates) if path]
    journal = f"{args.output}.part"
    judge([args.output, None if args.output == "-" else journal], inputs)
    converting = is_transcript(args.recording)
    if not converting and (args.sound or args.translates):
        raise UsageError("--recording and --translates go with a transcript", "name the transcript first")
    if converting and args.text:
        raise UsageError("--text goes with a recording", "name the recording first: it is laid along its sound")
    transcript = _converted(args) if converting else _heard(args, None if args.output == "-" else journal)
    data = WRITERS[name](transcript).encode()
    if args.output == "-":
        sys.stdout.buffer.write(data)
        return 0
    from wholetape.store.atomic import atomic_write
    from wholetape.store.files import remove_file

    atomic_write(args.output, data)
    if not converting:
        remove_file(journal)
    words = sum(len(segment.text.split()) for segment in transcript.segments)
    say(f"{printable(args.output)}: {words:,} words in {len(transcript.segments):,} segments\n")
    return 0


def _heard(args: argparse.Namespace, journal: str | None) -> Transcript:
    from wholetape.cli.transcripts import no_words
    from wholetape.store.files import remove_file
    from wholetape.transcribing.engines import load
    from wholetape.transcribing.transcribe import transcribe

    engine = load(args.engine, args.model, args.language)
    with Progress() as progress:
        transcript = transcribe(
            args.recording, engine, journal_path=journal, occasion=args.occasion, time=_now(), progress=progress
        )
        if journal and not transcript.segments:
            remove_file(journal)
        no_words(transcript, args.recording)
        if args.text:
            from wholetape.transcribing.align import align

            supplied = read_transcript(args.text).transcript
            transcript = align(args.recording, supplied, transcript, engine, progress=progress)
    return transcript


def _converted(args: argparse.Namespace) -> Transcript:
    from dataclasses import replace

    from wholetape.transcript.model import Sound

    transcript = read_transcript(args.recording).transcript
    if args.sound:
        from wholetape.cli.transcripts import recording_of
        from wholetape.store.files import hash_of

        recording_of(transcript, args.recording, args.sound)
        sound = Sound(os.path.basename(args.sound), hash_of(args.sound), transcript.sound.duration)
        transcript = replace(transcript, sound=sound)
    if args.occasion:
        transcript = replace(transcript, occasion=args.occasion)
    if args.language:
        transcript = replace(transcript, language=args.language)
    if args.translates:
        from wholetape.transcript.translation import link

        if not args.translator:
            raise UsageError("who translated it?", "say --translator NAME")
        source = read_transcript(args.translates)
        day = args.translated_on or _now()[:10]
        transcript = link(
            transcript, source.transcript, args.translator, day, os.path.basename(source.path), source.sha256
        )
    return transcript


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
