"""``wholetape publish``: the record on a page."""

from __future__ import annotations

import argparse
import os
import time
from typing import TYPE_CHECKING

from wholetape.cli.check import positive
from wholetape.cli.keys import add_trust, public_keys
from wholetape.cli.progress import Progress
from wholetape.cli.stamp import add_roots, roots_of
from wholetape.cli.terminal import complain, say
from wholetape.errors import UsageError
from wholetape.report import printable

if TYPE_CHECKING:
    from wholetape.release.messages import Messages
    from wholetape.release.order import Order
    from wholetape.release.site import Outlet, Published

HELP = "publish recordings as a folder of pages that any web server, or a double-click, shows"
EPILOG = """With several recordings, the sessions of one meeting, --seal, --print, --transcript and --chapters name one
file for each, in their order, or - for none. Publishing the same --id again updates the release. A seal, a signature
or a document that does not hold is not published.
exit code: 0 published, 2 wrong words, 4 a file cannot be read, 5 a malformed seal, print or statement, 6 something
does not verify, 8 the site cannot be written"""
_LONGEST = {"title": 200, "summary": 2000, "supplier": 100, "site_name": 100}


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""

    def files(flag: str, metavar: str, text: str, *, required: bool = False) -> None:
        parser.add_argument(flag, nargs="+", action="extend", default=[], required=required, metavar=metavar, help=text)

    files("--recording", "FILE", "the recordings, the sessions of one meeting in their order", required=True)
    parser.add_argument("-o", dest="output", required=True, metavar="SITE", help="the site's folder, new or published")
    files("--seal", "FILE", "their seals; of an excerpt its proof, FILE.excerpt")
    files("--print", "FILE", "their prints; default: beside the seal, else made anew")
    files("--transcript", "FILE", "what was said: VTT, SRT, JSON of a recogniser, or text")
    files("--chapters", "FILE", "chapters, a line each: M:SS TITLE; default: those in the recording")
    files("--statement", "PARTY=FILE", "what a party says, signed with `wholetape statement`, or a text")
    files("--document", "FILE", "documents that belong to the record")
    files("--answers", "RELEASE", "copies that this answers: each is checked, and its edits are listed")
    add_trust(parser)
    add_roots(parser)
    parser.add_argument("--title", default="", metavar="TEXT", help="default: the recording's name")
    parser.add_argument("--summary", default="", metavar="TEXT", help="a sentence or two below the title")
    parser.add_argument(
        "--supplier", default="", metavar="TEXT", help="who supplies the record; default: the site's name"
    )
    parser.add_argument(
        "--id", default="", metavar="ID", help="the release's name in addresses; default: from its title"
    )
    parser.add_argument("--site-name", default="", metavar="TEXT", help="the outlet's name; kept for later releases")
    parser.add_argument(
        "--url", default="", metavar="URL", help="where the site will be, for pictures and the feed; kept"
    )
    parser.add_argument(
        "--language", default="", metavar="LANG", help="of index.html: en or km; default: as before, or en"
    )
    parser.add_argument(
        "--messages", action="append", default=[], metavar="LANG.json", help="a further language of the pages"
    )
    parser.add_argument("--no-original", action="store_true", help="the recordings themselves are no downloads")
    parser.add_argument("--jobs", type=positive, metavar="N", help="processors to use; default: all")


def run(args: argparse.Namespace) -> int:
    """Publishes, warns of what may expose people, and returns 0."""
    for name, most in _LONGEST.items():
        _judge_words(getattr(args, name), name.replace("_", "-"), most)
    from wholetape.release.site import publish

    order, outlet = _order(args), _outlet(args)
    _apart(args)
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    with Progress() as progress:
        done = publish(order, outlet, args.output, now, progress)
    _tell(done, args)
    return 0


def _order(args: argparse.Namespace) -> Order:
    from wholetape.cli.reports import jobs_of
    from wholetape.release.order import Order, by_session
    from wholetape.release.sealed import Trust

    count = len(args.recording)
    return Order(
        recordings=tuple(args.recording),
        seals=by_session(args.seal, count, "--seal"),
        prints=by_session(args.print, count, "--print"),
        transcripts=by_session(args.transcript, count, "--transcript"),
        chapters=by_session(args.chapters, count, "--chapters"),
        statements=tuple(args.statement),
        documents=tuple(args.document),
        answers=tuple(args.answers),
        trust=Trust(tuple(public_keys(args.trust)), roots_of(args.tsa_roots)),
        title=args.title.strip(),
        summary=args.summary.strip(),
        id=args.id,
        supplier=args.supplier.strip(),
        original=not args.no_original,
        jobs=jobs_of(args),
    )


def _outlet(args: argparse.Namespace) -> Outlet:
    from wholetape.release.messages import LARGEST, load, shipped
    from wholetape.release.site import Outlet, site_language
    from wholetape.release.sitefile import checked_address
    from wholetape.store.files import read_file

    found: dict[str, Messages] = {m.language: m for m in shipped()}
    for path in args.messages:
        language = os.path.basename(path).rpartition(".")[0]
        found[language] = load(read_file(path, LARGEST), language, path)
    main = args.language or site_language(args.output) or "en"
    if main not in found:
        raise UsageError(
            f"there are no messages in {main}", f"known are {', '.join(found)}; --messages {main}.json adds them"
        )
    catalogues = (found[main], *(m for language, m in found.items() if language != main))
    return Outlet(args.site_name.strip(), checked_address(args.url), catalogues)


def _judge_words(text: str, flag: str, most: int) -> None:
    if len(text) > most:
        raise UsageError(f"--{flag} has {len(text):,} characters, at most {most} are shown", "say less")
    if text and not any(letter.isalnum() for letter in text):
        raise UsageError(f"--{flag} has no letter that can be read", "say it in words")


def _apart(args: argparse.Namespace) -> None:
    """Raises ``UsageError`` when an input lies in the site, which publishing could overwrite."""
    site = os.path.realpath(args.output)
    if os.path.exists(site) and not os.path.isdir(site):
        raise UsageError(f"{args.output} is a file", "name a folder")
    for path in [*args.recording, *args.answers]:
        if os.path.realpath(path).startswith(site + os.sep):
            raise UsageError(f"{path} lies in the site itself", "keep the recordings elsewhere")


def _tell(done: Published, args: argparse.Namespace) -> None:
    release = done.release
    say(f"{printable(done.page)}: {'updated' if done.updated else 'published'}\n")
    for answered in release.answers:
        name = printable(os.path.basename(answered.result.release.path))
        say(f"  answers {name}: {answered.result.outcome}, {len(answered.result.edits)} edits\n")
    if not done.site.address:
        say("  without --url, networks show no picture of it\n")
    exposing = list(dict.fromkeys(told for one in release.sessions if one.seal for told in one.seal.warnings))
    if any(one.seal and not one.seal.vouched for one in release.sessions):
        complain(
            "no key is pinned: the page says that the seal is signed by keys that nobody here vouches for", "--trust"
        )
    for told in exposing:
        complain(
            f"published with the seal: {printable(told)}", "names and keys can expose people; use pseudonymous keys"
        )
    complain(
        "published with the print: level, rhythm and coarse spectrum of all that was said",
        "a print can expose people, too",
    )
    if done.tags:
        words = ", ".join(f"{printable(name)}={printable(value)}" for name, value in done.tags[:10])
        complain(f"published with the recording: {words}", "--no-original keeps the file back")
