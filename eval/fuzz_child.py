"""Checks the pairs of files whose names come on stdin, a release and a reference a line, by the whole command line.

Run as ``python -m eval.fuzz_child MEGABYTES``: the memory limit of the process. Each answer is one line of JSON: the
exit code, the peak of memory in MB, and the last line of what the program said.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from contextlib import redirect_stderr, redirect_stdout

from eval.peak import own_peak
from wholetape.cli.main import main


def attempt(release: str, reference: str) -> tuple[int, str]:
    """Exit code and last words of ``wholetape check RELEASE --against REFERENCE --json -``."""
    out, told = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(told):
            code = main(["check", release, "--against", reference, "--json", "-", "--jobs", "1"])
    except BaseException as error:  # "raises nothing" is what is tested
        return -1, f"escaped {type(error).__name__}: {error}"
    if code in (0, 1, 3):
        json.loads(out.getvalue())
    words = told.getvalue().strip().splitlines()
    if any(line.startswith("Traceback") for line in words):
        return -1, f"traceback: {words[-1]}"
    return code, words[-1] if words else ""


def serve() -> None:
    """Answer every line of stdin."""
    limit = int(sys.argv[1]) << 20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for line in sys.stdin:
        code, words = attempt(*line.rstrip("\n").split("\t"))
        peak = own_peak() >> 10
        sys.stdout.write(json.dumps([code, peak, words]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
