"""The print of a file as the recorder made it live: of the tracks that the header names."""

from __future__ import annotations

import os

from wholetape.log.kinds import Header
from wholetape.match.printfile import Print
from wholetape.media.capture import FileCapture, to_float
from wholetape.seal.live.rows import LivePrint, assemble
from wholetape.times import CLOCK_HZ


def print_again(path: str | os.PathLike[str], header: Header, recording: bytes) -> Print:
    """The print of the file at ``path``, whose SHA-256 is ``recording``, with the tracks of a live seal's ``header``.

    Raises:
        UnreadableInput: it cannot be read.
    """
    capture = FileCapture(os.fspath(path))
    made, samples = LivePrint(capture.rate, header.print.tracks), 0
    parts = []
    try:
        for block in capture.blocks():
            sound = to_float(block, capture.sample_format, capture.channels)
            made.feed(sound)
            samples += sound.shape[1]
            if made.made - made.taken > 6000:  # a minute; a multiple of the frames of a level byte
                parts.append(made.take(made.taken + 6000))
    finally:
        capture.close()
    made.finish()
    parts.append(made.take())
    return assemble(parts, header.print.tracks, -(-samples * CLOCK_HZ // capture.rate), recording)
