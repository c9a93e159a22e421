"""What parts of a seal cost: bytes of an excerpt's proof; time and memory of sealing off and opening a gibibyte."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import time
from pathlib import Path

from tests.seal import made
from wholetape.log.keys import encode_private, encode_public
from wholetape.log.kinds import SampleFormat, Segment
from wholetape.media.streamed import wav_header
from wholetape.seal.build import Builder, key_members
from wholetape.seal.container import pack
from wholetape.seal.excerptfile import Opened, encode_opened
from wholetape.seal.excerpting import choose, prove_excerpt
from wholetape.seal.members import EXCERPT_RULES
from wholetape.seal.sound import measure

GIBIBYTE = 1 << 30
_MEASURE = """
import resource, sys
from pathlib import Path
from wholetape.cli.main import main
code = main(sys.argv[1:])
print(code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def proof_sizes() -> list[str]:
    """Bytes of the proof of 10 s, for live recordings of several lengths: what does not grow with it, and what does."""
    rows = []
    for hours in (1 / 6, 1, 12, 24):
        seconds = round(hours * 3600)
        builder = made.builder(b"", close=False)
        for n in range(seconds):
            builder.segment(made.RATE, b"%d" % n, b"rows %d" % n, 1_700_000_000_000 + 1000 * n + n * 7 % 5)
        file = made.facts(b"a file")
        builder.close("stopped", made.facts(made.PRINT), file=file, pcm=hashlib.sha256(b"its samples").digest())
        seal = builder.seal(made.signed(builder.checkpoint.text))
        excerpt = prove_excerpt(seal, choose(seal, seconds / 3, seconds / 3 + 10), None)
        raw = excerpt.seal.raw
        fixed = {**excerpt.members, "leaves": raw[0] + b"\n" + raw[-1] + b"\n", "opened": b""}
        draw = random.Random(seconds)
        opened = b"".join(
            encode_opened(Opened(one.n, one.sound, draw.randbytes(32), draw.randbytes(825))) + b"\n"
            for one in excerpt.opened
        )
        sizes = (
            pack(fixed, EXCERPT_RULES),
            excerpt.encode(),
            pack({**excerpt.members, "opened": opened}, EXCERPT_RULES),
        )
        rows.append(f"| {hours:.2g} h | " + " | ".join(f"{len(data):,}" for data in sizes) + " |")
    return rows


def memory(folder: Path) -> list[str]:
    """Time and peak memory of sealing off and opening one gibibyte, each a process of its own."""
    path = folder / "large.wav"
    block = random.Random(1).randbytes(1 << 20)
    with path.open("wb") as out:
        out.write(wav_header(48_000, 2, SampleFormat.S16, GIBIBYTE))
        for _ in range(GIBIBYTE >> 20):
            out.write(block)
    key, public, seal_file = folder / "a.key", folder / "a.pub", folder / "large.seal"
    key.write_bytes(encode_private(made.A))
    public.write_bytes(encode_public(made.A))
    found = measure(path, made.SEED)
    header = made.header((made.A,), rate=48_000, channels=2, segment=48_000)
    builder = Builder(header, made.SEED)
    for n, (samples, digest) in enumerate(zip(found.counts, found.digests, strict=True)):
        builder.add(Segment(n, builder.count.samples, samples, digest, None))
    builder.close("finished-file", made.facts(made.PRINT), file=found.file, pcm=found.pcm)
    seal = builder.seal(made.signed(builder.checkpoint.text, made.A, ()), key_members([encode_public(made.A)]))
    seal_file.write_bytes(seal.encode())
    common = ["--seal", str(seal_file), "--key", str(key)]
    rows = []
    for name, words in (
        ("escrow", ["escrow", str(path), "--to", str(public), *common, "-o", str(folder / "large.age")]),
        ("unseal", ["unseal", str(folder / "large.age"), *common, "-o", str(folder / "opened.wav")]),
    ):
        began = time.monotonic()
        done = subprocess.run([sys.executable, "-c", _MEASURE, *words], capture_output=True, text=True, check=True)
        code, megabytes = done.stdout.split()[-2:]
        if code != "0":
            raise SystemExit(f"{name} failed: {done.stderr}")
        rows.append(f"| {name} of 1 GiB | {time.monotonic() - began:.1f} s | {megabytes} MiB |")
    for old in folder.glob("*large*"):
        os.unlink(old)
    return rows
