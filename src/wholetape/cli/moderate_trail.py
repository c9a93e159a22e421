"""``wholetape moderate`` verify, head and receipt: the trail, for those who do not trust the server."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wholetape.cli.keys import public_keys
from wholetape.cli.moderation import Place, at_desk
from wholetape.cli.terminal import say
from wholetape.errors import Exit, UsageError, VerificationFailed
from wholetape.report import printable

if TYPE_CHECKING:
    from wholetape.log.checkpoint import Checkpoint
    from wholetape.log.keys import PublicKey


def add(actions: Any, place: argparse.ArgumentParser) -> None:
    """Declares the actions."""
    verify = actions.add_parser(
        "verify", parents=[place], help="verify the trail, the comments, and that no entry changed"
    )
    verify.add_argument(
        "--head", metavar="HEAD", help="the head that somebody outside has: its file, its three lines, or its words"
    )
    verify.add_argument("--trust", metavar="FILE.pub", help="the site's key, got from the site earlier")
    verify.set_defaults(act=verify_run)
    head = actions.add_parser("head", parents=[place], help="write the newest signed head, to be handed outside")
    head.add_argument("-o", dest="output", metavar="FILE", default="-", help="where to; default: standard output")
    head.add_argument("--words", action="store_true", help="as words to say or write down")
    head.set_defaults(act=head_run)
    receipt = actions.add_parser("receipt", help="verify an author's receipt; needs no database")
    receipt.add_argument("receipt", metavar="FILE.receipt")
    receipt.add_argument("--trust", metavar="FILE.pub", required=True, help="the site's key")
    receipt.set_defaults(act=receipt_run)


def verify_run(args: argparse.Namespace) -> int:
    """Verifies; 0 with a head from outside, 3 without."""
    (key,) = public_keys([args.trust]) if args.trust else (None,)
    outside = _outside(args.head, key) if args.head else None
    place = Place.of(args.site, args.database, args.data)
    from wholetape.comments.database import open_database
    from wholetape.comments.verify import verify_trail

    engine = open_database(place.url, migrate=False)
    try:
        with engine.connect() as connection:
            found = verify_trail(connection, key, outside)
    finally:
        engine.dispose()
    say(f"{found.entries} entries, {found.comments} comments, {found.destroyed} redacted; {found.origin}\n")
    if found.covered is None:
        say("consistent only: without a head from outside, whoever holds the server could have rewritten all of it\n")
        return Exit.UNDECIDED
    left = found.entries - found.covered
    say(f"verified: continues the head from outside, which covers {found.covered} entries\n")
    if left:
        say(f"the {left} entries since then are consistent only\n")
    return Exit.OK


def head_run(args: argparse.Namespace) -> int:
    """Writes the head."""
    with at_desk(Place.of(args.site, args.database, args.data)) as (desk, _):
        from wholetape.comments.trail import newest_head
        from wholetape.log.checkpoint import parse_checkpoint
        from wholetape.log.note import parse_note
        from wholetape.seal.witness import head_words
        from wholetape.store.atomic import atomic_write

        with desk.engine.connect() as connection:
            note = newest_head(connection) or b""
        data = note
        if args.words:
            data = (" ".join(head_words(parse_checkpoint(parse_note(note).text))) + "\n").encode()
        if args.output == "-":
            sys.stdout.write(data.decode())
        else:
            atomic_write(args.output, data)
    return 0


def receipt_run(args: argparse.Namespace) -> int:
    """Tells what a receipt shows."""
    from wholetape.comments.receipt import MAX_RECEIPT, parse_receipt, verify_receipt
    from wholetape.store.files import read_file

    (key,) = public_keys([args.trust])
    found = verify_receipt(parse_receipt(read_file(args.receipt, MAX_RECEIPT)), key)
    say(
        f"{printable(key.name)} has entry {found.n} of {found.origin}: "
        f"{found.revision.act}, under {found.revision.release}\n"
    )
    for name, value in found.said.items():
        say(f"  {name}: {printable(str(value))}\n")
    return 0


def _outside(text: str, key: PublicKey | None) -> Callable[[Checkpoint], bool]:
    """Recognises the head that ``text`` names: a file with a signed note or three lines, or the words themselves."""
    from wholetape.log.checkpoint import parse_checkpoint, signature_by
    from wholetape.log.note import MAX_BYTES, parse_note
    from wholetape.seal.witness import fingerprint, parse_outside
    from wholetape.store.files import read_file

    if os.path.exists(text):
        data = read_file(text, MAX_BYTES)
        if b"\n\n" in data:
            note = parse_note(data, "the head from outside")
            if key is not None and not signature_by(note, key.signer):
                raise VerificationFailed("the head from outside is not signed by the key that you trust")
            known = parse_checkpoint(note.text)
            return lambda head: head == known
        text = data.decode("utf-8", "replace")
    prefix = parse_outside(text)
    if not prefix:
        raise UsageError("the head is empty", "name a file, or write its words between quotation marks")
    return lambda head: fingerprint(head).startswith(prefix)
