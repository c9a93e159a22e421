"""A print against the seal's commitment to it."""

from __future__ import annotations

import hashlib

from wholetape.errors import MalformedFile
from wholetape.log.kinds import FileFacts
from wholetape.log.salts import Label, commit, salt
from wholetape.match.printfile import parse
from wholetape.properties import PrintFacts
from wholetape.seal.rows import rows_of
from wholetape.seal.sealfile import Seal


def judge_print(seal: Seal, data: bytes) -> PrintFacts:
    """Whether the bytes of a ``.print`` file are those that the seal commits to, with the seed also row by row."""
    close = seal.close
    if close is None:
        return PrintFacts("an unfinished seal commits to no print", "")
    if close.print != FileFacts(len(data), hashlib.sha256(data).digest()):
        return PrintFacts("the print is not the one that was sealed", "")
    segments = seal.segments
    if seal.seed is None or all(leaf.print is None for leaf in segments):
        return PrintFacts("", "the print has the sealed hash")
    try:
        made = parse(data)
        rows = rows_of(made, seal.header.print.tracks, [leaf.first for leaf in segments], seal.header.rate)
        for leaf, row in zip(segments, rows, strict=True):
            if leaf.print is not None and leaf.print != commit(salt(seal.seed, Label.PRINT, leaf.n), row):
                second = leaf.first // seal.header.rate
                return PrintFacts(
                    f"the seal contradicts itself: its print differs from segments at second {second}", ""
                )
    except (MalformedFile, KeyError) as problem:
        return PrintFacts(f"the sealed print cannot be read: {problem}", "")
    return PrintFacts("", "the print has the sealed hash, and its rows those of each segment")
