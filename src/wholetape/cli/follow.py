"""``wholetape follow``: the other side's own copy of the program follows a recording while it is made."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wholetape.cli.keys import add_passphrase_file, private_key, public_keys
from wholetape.cli.outputs import judge
from wholetape.cli.terminal import say
from wholetape.errors import Exit, UsageError
from wholetape.report import printable

if TYPE_CHECKING:
    from wholetape.seal.follow.follower import Follower
    from wholetape.seal.follow.hearing import Hearing

HELP = "follow a recording while the other side makes it: check, keep and cosign what it commits to"
EPILOG = """What the recorder shows is checked to the last bit, kept in FOLDER, and cosigned every few seconds; what was
signed is remembered beside the key (KEY.heads), so that no two histories of one recording are ever signed. A
cosignature covers hashes; with --listen your own microphone is compared with the recorder's print, second by second,
and signed statements say what matched. The closing head is not signed, since it holds the hash of a file that was not
seen here: `wholetape cosign` does that when you have the recording. Ctrl-C says good-bye.
exit code: 0 followed to the end, 1 the same, but sound did not match, 2 wrong words, 3 left before the end, 5 the
host or the folder holds what is malformed, 6 something does not hold, or your key is of no party, 7 the recorder
cannot be reached, 8 FOLDER cannot be written"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("address", nargs="?", metavar="ADDR:PORT", help="what the recorder shows; see record --host")
    parser.add_argument("--key", metavar="FILE", help="your private key, FILE.key")
    add_passphrase_file(parser)
    parser.add_argument("--trust", metavar="FILE", help="the recorder's .pub file, got from the recorder itself")
    parser.add_argument("-o", dest="output", required=True, metavar="FOLDER", help="where to keep what is shown")
    parser.add_argument(
        "--listen",
        metavar="SOURCE",
        help="compare with what is heard here: `device` or `device:NAME` (a microphone), a file, or - (standard input)",
    )
    parser.add_argument(
        "--rate", type=int, metavar="HZ", help="of a device, or of raw 16-bit samples on standard input"
    )
    parser.add_argument("--channels", type=int, metavar="N", help="the same; default: 1")
    parser.add_argument("--every", type=seconds, default=3.0, metavar="SECONDS", help="cosign so often; default: 3")
    parser.add_argument(
        "--sign-close", action="store_true", help="cosign the closing head as well, though its file was not seen here"
    )
    parser.add_argument(
        "--page", action="store_true", help="only write follow.html to -o: follows in a browser, opened from a file"
    )


def seconds(text: str) -> float:
    """A number of seconds from 1 to 60."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= 60):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 60")
    return float(text)


def run(args: argparse.Namespace) -> int:
    """Follows until the recording ends, or the user does."""
    if args.page:
        return _write_page(args.output)
    if args.address is None or args.key is None:
        raise UsageError("whom to follow, and with which key?", "wholetape follow ADDR:PORT --key FILE.key -o FOLDER")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    follower, hearing = _follower(args)
    with follower.folder:
        try:
            whole = follower.run()
        except KeyboardInterrupt:
            follower.talk.leave()
            whole = False
        finally:
            if hearing is not None:
                hearing.close()
    return _tell(follower, whole, args)


def _follower(args: argparse.Namespace) -> tuple[Follower, Hearing | None]:
    from wholetape.seal.follow.follower import Follower, Pace
    from wholetape.seal.follow.messages import LIMITS
    from wholetape.seal.follow.stating import Stater
    from wholetape.seal.follow.talk import Conversation
    from wholetape.store.followed import FollowedFolder
    from wholetape.store.httpclient import Peer, parse_address
    from wholetape.store.ledger import HeadLedger

    host, port = parse_address(args.address)
    if not host or not port:
        raise UsageError(f"{args.address!r} does not say where the recorder is", "write 192.168.1.5:7654, for example")
    key = private_key(args.key, args.passphrase_file)
    trusted = public_keys([args.trust])[0] if args.trust else None
    folder = FollowedFolder(args.output)
    try:
        hearing = _hearing(args)
    except BaseException:
        folder.close()
        raise
    stater = None if hearing is None else Stater(hearing, key, folder, time.monotonic, _line)
    follower = Follower(
        Conversation(Peer(host, port, most=LIMITS.answer), key, trusted),
        folder,
        HeadLedger(f"{args.key}.heads"),
        time.time,
        time.monotonic,
        time.sleep,
        _line,
        args.sign_close,
        stater,
        Pace(cosign=args.every),
    )
    return follower, hearing


def _hearing(args: argparse.Namespace) -> Hearing | None:
    if args.listen is None:
        if args.rate is not None or args.channels is not None:
            raise UsageError("--rate and --channels are of what is listened to", "add --listen SOURCE")
        return None
    from wholetape.media.capture import open_input
    from wholetape.seal.follow.hearing import Hearing

    name, _, rest = args.listen.partition(":")
    device = name == "device" and not os.path.exists(args.listen)
    source = open_input(rest if device else args.listen, rate=args.rate, channels=args.channels, device=device)
    clock = time.monotonic if device else None
    paced = not device and args.listen != "-"
    return Hearing(_blocks(source, paced), source.rate, clock=clock, tell=_line, close=source.close)


def _blocks(source: Any, paced: bool) -> Iterator[Any]:
    """The source's sound as float32; a file's no faster than it sounds."""
    from wholetape.media.capture import to_float

    began, taken = time.monotonic(), 0
    for block in source.blocks():
        sound = to_float(block, source.sample_format, source.channels)
        taken += sound.shape[1]
        if paced:
            time.sleep(max(0.0, began + taken / source.rate - time.monotonic()))
        yield sound


def _line(line: str) -> None:
    say(f"{printable(line)}\n", sys.stderr)
    sys.stderr.flush()


def _tell(follower: Follower, whole: bool, args: argparse.Namespace) -> int:
    history, stater = follower.history, follower.stater
    size = 0 if history is None else len(history.lines)
    name = printable(args.output)
    say(f"{name}: {size:,} leaves checked and kept, cosigned up to {follower.signed:,}, stored by the recorder: ")
    say("yes\n" if follower.stored == follower.signed else f"up to {follower.stored:,}\n")
    if history is not None and stater is not None:
        rate = history.header.rate
        say(f"sound: {stater.matched / rate:.0f} s matched, {stater.not_matched / rate:.0f} s did not\n")
    if not whole:
        say("left before the end: from here on the recording does not have your signature\n")
        return Exit.UNDECIDED
    if not args.sign_close:
        say("the closing head is not signed: `wholetape cosign` it when you have the recording\n")
    return Exit.NOT if stater is not None and stater.not_matched else Exit.OK


def _write_page(path: str) -> int:
    judge([path], [])
    import hashlib

    from wholetape.seal.follow.page import page
    from wholetape.store.atomic import atomic_write

    data = page()
    atomic_write(path, data)
    say(f"{printable(path)}: open it from this file, not from anybody's server\n")
    say(f"SHA-256 {hashlib.sha256(data).hexdigest()}\n")
    return Exit.OK
