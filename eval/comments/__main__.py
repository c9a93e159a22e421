"""``python -m eval.comments``: what the comments promise, tried in large numbers.

python -m eval.comments                                10,000 histories, 2,000 tamperings, 2 floods, 50,000 requests
python -m eval.comments --parts fuzz --share 0.1       one part, a tenth of it
python -m eval.comments --write                        put the tables of the parts that ran into docs/measured.md
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from eval import measured
from eval.comments import fuzz, histories, spam, tamper

PARTS = ("histories", "tamper", "spam", "fuzz")


def main(arguments: list[str] | None = None) -> int:
    """Run the parts and tell; 0 when all promises were kept."""
    words = argparse.ArgumentParser("python -m eval.comments", description=__doc__.split("\n")[0])
    words.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    words.add_argument("--share", type=float, default=1.0, help="of the numbers (default: all)")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--write", action="store_true", help="put the tables into docs/measured.md")
    options = words.parse_args(arguments)
    kept = True
    for part in options.parts:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="wholetape-comments-") as folder:
            good, text = _RUN[part](Path(folder), options.share, options.seed)
        print(f"{text}\n\n{part}: {time.monotonic() - began:.0f} s\n", flush=True)
        kept = kept and good
        if options.write:
            measured.write(f"comments {part}", f"python -m eval.comments --parts {part}", text)
    return 0 if kept else 1


def _histories(folder: Path, share: float, seed: int) -> tuple[bool, str]:
    found = histories.run(folder, round(10_000 * share), seed)
    text = f"""**Comments: nothing unapproved is public.** {found.histories:,} random histories of acts by all roles;
{found.tried:,} acts tried, {found.done:,} allowed and done; {found.looks:,} pages, feeds and exports compared with an
independent model: **{len(found.faults)} differences**."""
    return not found.faults, "\n".join([text, *found.faults[:20]])


def _tamper(folder: Path, share: float, seed: int) -> tuple[bool, str]:
    found = tamper.run(folder, round(2_000 * share), seed)
    lines = [
        "**Comments: tampering with the database**, triggers dropped, verified from a head that was handed outside.",
        "",
    ]
    lines += ["| rows were | cases | found |", "| --- | --- | --- |"]
    lines += [f"| {name} | {one.tried} | {one.found} |" for name, one in found.items()]
    missed = [words for one in found.values() for words in one.missed]
    lines += ["", "Without that head a rewritten log is said to be *consistent only*.", *missed[:20]]
    return not missed, "\n".join(lines)


def _spam(folder: Path, share: float, seed: int) -> tuple[bool, str]:
    lines = [
        "**Comments: a flood that passes the hurdle**, how often a source may send not bounded, 50 readers in between.",
        "",
        "| sent | sources | taken | most of one source | readers taken | last reader in the queue | different texts |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    good = True
    for sources in (1, 1000):
        (folder / str(sources)).mkdir()
        one = spam.run(folder / str(sources), round(10_000 * share), sources, seed)
        good = good and one.readers_taken == one.readers_sent and one.most_of_one <= 10
        lines.append(
            f"| {one.sent:,} | {one.sources:,} | {one.taken:,} | {one.most_of_one} "
            f"| {one.readers_taken} of {one.readers_sent} | place {one.place:,} | {one.entries:,} |"
        )
    lines += ["", "The flood goes over a midnight, at which a source gets another name: its bound counts for each day."]
    return good, "\n".join(lines)


def _fuzz(folder: Path, share: float, seed: int) -> tuple[bool, str]:
    found = fuzz.run(folder, round(50_000 * share), seed)
    statuses = ", ".join(f"{status}: {n:,}" for status, n in sorted(found.statuses.items()))
    text = f"""**Comments: requests made to break things.** {found.requests:,} to every route, as reader, moderator and
auditor: {len(found.faults)} with a status of 500, with markup that was sent in the answer, with a file from outside, or
with an error in the log. Answers by status: {statuses}."""
    return not found.faults, "\n".join([text, *found.faults[:20]])


_RUN = {"histories": _histories, "tamper": _tamper, "spam": _spam, "fuzz": _fuzz}

if __name__ == "__main__":
    sys.exit(main())
