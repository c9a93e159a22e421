"""Decodes the files whose names come on stdin, one a line, and answers each with one line; never more than it may take.

Run as ``python -m tests.fuzz.child MEGABYTES``: the memory limit of the whole process. The answers are ``ok SECONDS``
of decoded sound, ``refused MESSAGE``, or ``escaped TYPE MESSAGE`` for an exception that should not have come out.
"""

from __future__ import annotations

import resource
import sys

from eval.peak import own_peak
from wholetape.errors import WholetapeError
from wholetape.media.decode import Decoder
from wholetape.media.facts import inspect


def attempt(path: str, jobs: int) -> str:
    """What became of the file at ``path``."""
    try:
        facts = inspect(path)
        seconds = 0.0
        for stream in range(min(2, len(facts.streams))):
            with Decoder(path, stream, jobs=jobs) as decoder:
                end = 0
                for block in decoder.blocks():
                    if block.start != end or block.samples.shape[0] != decoder.channels:
                        return f"escaped Disorder block at {block.start} of {block.samples.shape} after {end}"
                    if not 0 <= decoder.progress <= 1:
                        return f"escaped Progress {decoder.progress}"
                    end += block.samples.shape[1]
                seconds += end / decoder.rate
                tuple(decoder.damage)
        return f"ok {seconds:.3f}"
    except WholetapeError as error:
        return f"refused {error!s}" if error.hint else f"escaped NoHint {error!s}"
    except BaseException as error:  # the answer to "does anything else come out?"
        return f"escaped {type(error).__name__} {error!s}"


def main() -> None:
    """Answer every line of stdin."""
    limit = int(sys.argv[1]) << 20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for number, line in enumerate(sys.stdin):
        answer = attempt(line.rstrip("\n"), 1 + number % 2).replace("\n", " ")
        peak = own_peak() >> 10
        sys.stdout.write(f"{peak} {answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
