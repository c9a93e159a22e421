"""``wholetape record``: a recording that is sealed while it is made."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING, Any

from wholetape.cli.controls import ask_recorder, keys_and_signals
from wholetape.cli.keys import add_passphrase_file, private_key, public_file
from wholetape.cli.stamp import add_tsa_roots, roots_of
from wholetape.cli.terminal import complain, say
from wholetape.errors import Exit, UsageError
from wholetape.report import printable
from wholetape.times import duration

if TYPE_CHECKING:
    from wholetape.media.capture import Capture
    from wholetape.seal.live.closing import Closed
    from wholetape.seal.live.recorder import Recorder
    from wholetape.store.folder import HeldFolder

HELP = "record, and seal every second while recording; writes recording.wav, .print and .seal into FOLDER"
EPILOG = """Each second is on disk and under a signed head before the next matters: after a crash or a kill, `record`
with the same FOLDER goes on, with the gap recorded, and --recover closes what is there. Ctrl-C or the key q ends the
recording and closes it, the key p pauses it. The other side follows with `wholetape follow` when --host is given.
exit code: 0 recorded and closed, 2 wrong words, or another recorder is at work there, 4 no sound to record, or it
broke off (what came is closed), 5 a damaged journal or key, 6 the files on disk were changed, 7 nobody can follow at
that address, 8 the disk is full or forbidden; what is on it can be recovered"""


def positive(text: str) -> float:
    """A number above zero."""
    value = float(text)
    if not 0 < value < 1e9:
        raise argparse.ArgumentTypeError("a number above 0 is needed")
    return value


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("-o", dest="output", metavar="FOLDER", help="record into this folder, new or left by a crash")
    what.add_argument("--recover", metavar="FOLDER", help="close the recording that a crash left, without going on")
    what.add_argument("--open", metavar="FOLDER", help="open an encrypted recording that is closed; with --into")
    what.add_argument("--pause", metavar="FOLDER", help="pause the recorder at work there, from another terminal")
    what.add_argument("--resume", metavar="FOLDER", help="let it go on")
    what.add_argument("--stop", metavar="FOLDER", help="end it and close the recording")
    parser.add_argument("--key", metavar="FILE", help="your private key, FILE.key")
    add_passphrase_file(parser)
    parser.add_argument(
        "--party", action="append", default=[], metavar="FILE.pub", help="a party that is to cosign; again for each"
    )
    parser.add_argument("--device", metavar="NAME", help="the microphone, by name or number; default: the system's")
    parser.add_argument("--input", metavar="FILE", help="take sound from a file as if live; - for standard input")
    parser.add_argument(
        "--rate", type=int, metavar="HZ", help="of a device, or of raw 16-bit samples on standard input"
    )
    parser.add_argument("--channels", type=int, metavar="N", help="the same; default: 1")
    parser.add_argument("--for", dest="seconds", type=positive, metavar="SECONDS", help="end after so much sound")
    parser.add_argument("--paced", action="store_true", help="take a file no faster than it sounds")
    parser.add_argument(
        "--encrypt-to",
        action="append",
        default=[],
        metavar="RECIPIENT",
        help="write nothing that is not encrypted (age): age1…, ssh-ed25519 …, or a party's FILE.pub; again for each",
    )
    parser.add_argument(
        "--identity", metavar="FILE", help="opens an encrypted recording that is recovered: of age, or .key"
    )
    parser.add_argument("--into", metavar="FOLDER", help="where --open writes recording.wav, .print and .seal")
    parser.add_argument("--host", metavar="ADDR:PORT", help="let the parties follow at this address")
    parser.add_argument(
        "--tsa",
        action="append",
        default=[],
        metavar="URL",
        help="an authority that stamps the head after ten seconds, so that the beginning is dated; again for each",
    )
    add_tsa_roots(parser)


def run(args: argparse.Namespace) -> int:
    """Records until it ends, closes, and returns 0; or does what another option asks."""
    for ask in ("pause", "resume", "stop"):
        if folder := getattr(args, ask):
            return ask_recorder(folder, ask)
    if args.open:
        return _open(args)
    if args.key is None:
        raise UsageError("a recording is signed while it is made: no key", "name yours with --key FILE.key")
    if args.recover:
        return _recover(args)
    if args.device is not None and args.input is not None:
        raise UsageError("--device and --input are two sources", "leave one of them out")
    if args.paced and args.input in (None, "-"):
        raise UsageError("--paced is for files: other sources have their own pace", "leave it out")
    return _record(args)


def _record(args: argparse.Namespace) -> int:
    from wholetape.media.capture import open_input
    from wholetape.store.folder import HeldFolder
    from wholetape.store.web import check_url

    key = private_key(args.key, args.passphrase_file)
    for url in args.tsa:
        check_url(url)
    args.roots = roots_of(args.tsa_roots)
    if args.host is not None:
        from wholetape.store.httpclient import parse_address

        parse_address(args.host)
    device = args.input is None
    folder = HeldFolder(args.output, make=True)
    try:
        _fresh(folder)
        source = (args.device or "") if device else args.input
        with closing(open_input(source, rate=args.rate, channels=args.channels, device=device)) as capture:
            return _run(args, folder, key, capture)
    finally:
        folder.release()


def _run(args: argparse.Namespace, folder: HeldFolder, key: Any, capture: Capture) -> int:
    from wholetape.seal.live.early import EarlyStamp
    from wholetape.seal.live.run import Asked, Feed, Run

    asked, clocks = Asked(), _clocks()
    wakers: list[Callable[[], None]] = []
    recorder = _recorder(args, folder, key, capture, lambda: [wake() for wake in wakers])
    begun, first = time.monotonic(), recorder.samples

    def pace(seconds: float) -> None:
        asked.stop.wait(max(0.0, begun + seconds - time.monotonic()))

    stamp = EarlyStamp(folder, recorder.journal, args.tsa, args.roots, complain)
    wakers.append(stamp.changed)
    with _host(args, recorder, key) as host, keys_and_signals(asked):
        if host is not None:
            wakers.append(host.changed)
            host.tell = complain
            say(f"parties can follow at {host.address}\n", sys.stderr)
        say(f"recording {printable(capture.name)} into {printable(args.output)}\n", sys.stderr)
        feed = Feed(capture, pace if args.paced else None)
        try:
            reason = Run(
                recorder,
                feed,
                capture.live or args.paced,
                capture.lost,
                clocks,
                asked,
                folder.asked,
                folder.done,
                lambda words: say(f"{words}\n", sys.stderr),
                first + round(args.seconds * capture.rate) if args.seconds else None,
            ).run()
        finally:
            asked.stop.set()
            feed.end()
        stamp.finish(10.0)
        code = _close(folder, recorder, key, reason, host)
    if feed.failure is not None:
        raise feed.failure
    return code


def _recover(args: argparse.Namespace) -> int:
    from wholetape.seal.live.recover import resume
    from wholetape.store.folder import HeldFolder

    key = private_key(args.key, args.passphrase_file)
    folder = HeldFolder(args.recover)
    try:
        recorder = resume(folder, key, _clocks(), identities=_identities(args), go_on=False)
        return _close(folder, recorder, key, "recovered", None)
    finally:
        folder.release()


def _open(args: argparse.Namespace) -> int:
    from wholetape.seal.live.opening import open_hidden

    if args.into is None or args.identity is None:
        raise UsageError("--open needs to know with what, and where to", "name --identity FILE and --into FOLDER")
    seal = open_hidden(args.open, _identities(args), args.into)
    length = duration(sum(leaf.samples for leaf in seal.segments) / seal.header.rate)
    say(
        f"{printable(args.into)}: recording.wav, recording.print, recording.seal: {length} of sound, as it was sealed\n"
    )
    return 0


def _fresh(folder: HeldFolder) -> None:
    from wholetape.seal.live.params import SEAL
    from wholetape.seal.live.recover import is_recording

    if folder.exists(SEAL):
        raise UsageError(f"{folder.path!r} holds a recording that is closed", "record into another folder")
    if not is_recording(folder) and not folder.is_empty():
        raise UsageError(f"{folder.path!r} holds other files", "record into a new folder")


def _recorder(
    args: argparse.Namespace, folder: HeldFolder, key: Any, capture: Any, changed: Callable[[], object]
) -> Recorder:
    """The recorder of a new recording, or of the one that a crash left."""
    from wholetape.seal.live.recover import is_recording, resume
    from wholetape.seal.live.setting import Setting, begin

    def wake() -> None:
        changed()

    if is_recording(folder):
        recorder = resume(folder, key, _clocks(), identities=_identities(args), changed=wake)
        header = recorder.journal.header
        form = (header.rate, header.channels, header.sample_format)
        if form != (capture.rate, capture.channels, capture.sample_format):
            raise UsageError(
                f"the recording there has {header.rate} Hz and {header.channels} channels, {header.sample_format}",
                "give it the same source, or close it with --recover and record into another folder",
            )
        say(f"going on after {duration(recorder.samples / header.rate)}; the gap is recorded\n", sys.stderr)
        return recorder
    recipients = tuple(_recipient(text) for text in args.encrypt_to)
    setting = Setting(tuple(map(public_file, args.party)), recipients, (capture.name,))
    return begin(folder, setting, capture, key, _clocks(), wake)


def _close(folder: HeldFolder, recorder: Recorder, key: Any, reason: str, host: Any) -> int:
    from wholetape.seal.live.closing import close_recording

    def told() -> None:
        if host is not None and (late := host.finish(5.0)):
            say(f"not there at the end: {printable(', '.join(late))}\n", sys.stderr)

    closed = close_recording(folder, recorder, key, reason, told)
    _tell(folder.path, closed, recorder.journal.header.rate)
    return Exit.OK


def _tell(folder: str, closed: Closed, rate: int) -> None:
    names = ", ".join(("sound.age" if closed.files[0].endswith(".age") else "recording.wav", *closed.files))
    say(f"{printable(folder)}: {names}: {duration(closed.samples / rate)} of sound, sealed\n")
    note, parties = closed.seal.head.note, closed.seal.header.parties
    waiting = [party.name for party in parties[1:] if note.by(party.cosigner) is None]
    signed = [party.name for party in parties if party.name not in waiting]
    words = f"signed by {printable(', '.join(signed))}"
    say(words + (f"; still to cosign: {printable(', '.join(waiting))}\n" if waiting else "\n"))
    head = closed.seal.head.checkpoint
    say(f"head: {head.size} leaves, root {head.root.hex()}\n")


def _clocks() -> Any:
    from wholetape.seal.live.recorder import Clocks

    return Clocks(time.time, time.monotonic)


def _host(args: argparse.Namespace, recorder: Recorder, key: Any) -> Any:
    if args.host is None:
        return nullcontext()
    from wholetape.seal.follow.host import Host

    return Host(args.host, recorder.journal, key)


def _recipient(text: str) -> str:
    if not text.endswith(".pub"):
        return text
    from wholetape.log.keys import parse_public
    from wholetape.seal.agekeys import recipient_text

    return recipient_text(parse_public(public_file(text), text))


def _identities(args: argparse.Namespace) -> list[Any]:
    if args.identity is None:
        return []
    from wholetape.seal.live.vault import identities_in
    from wholetape.store.files import read_file

    return identities_in(read_file(args.identity, 1 << 16))
