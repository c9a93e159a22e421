"""Makes ``vectors/seal/``: hostile seals, each with one flaw: ``python -m vectors.seals``, ``--to FOLDER`` elsewhere.

What is due for each (exit code, result, property) is written by hand where the seal is made, from
``docs/spec/seal.md``; only the message is that of this project's program.

The files ``recording.print``, ``roots.pem`` and ``stamp.tsr`` are made where they are missing, and else kept: an
authority's reply is never the same twice.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.seal import made
from tests.seal.made import A, B, C
from vectors.seal_contents import contents
from vectors.seal_excerpts import SOUNDS, excerpts, good_excerpt
from vectors.seal_forms import headers, heads, leaves
from vectors.seal_signatures import signatures
from vectors.seal_trees import trees
from vectors.sealed import PROPERTIES, RESULTS, TREATY, Case, Desk, Json, good_lines, wav_of
from vectors.zips import containers
from wholetape.log.keys import encode_public

HERE = Path(__file__).parent / "seal"


def desk_of(folder: Path) -> Desk:
    """The parts of the good seal; those that cannot be made twice alike are taken from ``folder`` where they are."""
    pcm = made.pcm()
    wav = wav_of(pcm)
    (folder / "recording.wav").write_bytes(wav)
    target = folder / "recording.print"
    if not target.exists():
        from wholetape.checking import make_print

        target.write_bytes(make_print(folder / "recording.wav").encode())
    printed = target.read_bytes()
    lines = good_lines(pcm, wav, printed)
    head = made.members_over(lines)["head"]
    if not (folder / "stamp.tsr").exists():
        from tests.seal.tsa import Authority
        from wholetape.seal.stamping import ask

        with tempfile.TemporaryDirectory() as scratch, Authority(Path(scratch), "Clock of the vectors") as clock:
            (answer,) = ask(head, [clock.url])
            (folder / "stamp.tsr").write_bytes(answer.reply)
            (folder / "roots.pem").write_bytes(clock.roots_pem)
    return Desk(pcm, wav, printed, lines, (folder / "roots.pem").read_bytes(), (folder / "stamp.tsr").read_bytes())


def cases(desk: Desk) -> list[Case]:
    """Every hostile seal, in the order of the steps."""
    sums = ("sum-of-other-bytes", "sum-in-capitals", "sum-without-newline")
    boxes = [
        Case(name, flaw, "sum" if name in sums else "container", data)
        for name, (flaw, data) in containers(desk.members()).items()
    ]
    steps: tuple[Callable[[Desk], list[Case]], ...] = (heads, leaves, headers, trees, signatures, contents, excerpts)
    return [*boxes, *(case for step in steps for case in step(desk))]


def words_of(folder: Path, case: Mapping[str, Any]) -> list[str]:
    """The call that verifies a case of the index: the usual words, but for those that it gives."""
    usual = {"--trust": ["side-a.pub", "side-b.pub"], "--print": ["recording.print"]}
    given = dict(case.get("given", {}))
    (sound,) = given.pop("RECORDING", ["recording.wav"])
    file = case.get("file") or f"{case['name']}.seal"
    if file.endswith(".excerpt"):
        del usual["--print"]
    call = ["verify", str(folder / sound), "--seal", str(folder / file)]
    for flag, values in {**usual, **given}.items():
        for value in values:
            call += [flag, value if flag == "--head" else str(folder / value)]
    return call


def message_of(folder: Path, case: Mapping[str, Any]) -> str:
    """What this project's program says of a case, without the file's name."""
    from wholetape.cli.main import main

    told = io.StringIO()
    with contextlib.redirect_stderr(told), contextlib.redirect_stdout(io.StringIO()):
        main(words_of(folder, case))
    first = told.getvalue().partition("\n")[0].removeprefix("wholetape: ")
    return first.removeprefix(f"{folder}/").partition(": ")[2]


def write(folder: Path) -> None:
    """Writes all files of ``folder``."""
    for place in (folder, folder / "changed"):
        place.mkdir(parents=True, exist_ok=True)
    desk = desk_of(folder)
    for key in (A, B, C):
        (folder / f"{key.name}.pub").write_bytes(encode_public(key))
    other = bytearray(desk.printed)
    other[-40] ^= 1
    (folder / "other.print").write_bytes(bytes(other[:-32]) + hashlib.sha256(other[:-32]).digest())
    (folder / "treaty.txt").write_bytes(TREATY)
    (folder / "renamed.txt").write_bytes(TREATY)
    (folder / "changed" / "treaty.txt").write_bytes(b"we disagree\n")
    good = {"heads/0000": desk.members()["head"], "stamps/0000-0.tsr": desk.stamp}
    for name, part in SOUNDS.items():
        (folder / name).write_bytes(wav_of(part(desk.pcm)))
    (folder / "good.excerpt").write_bytes(good_excerpt(desk).encode())
    (folder / "good.seal").write_bytes(desk.seal())
    (folder / "good-stamped.seal").write_bytes(desk.seal(others=good))
    (folder / "good-public.seal").write_bytes(desk.seal(others={"private/seed": None}))
    found = []
    for case in cases(desk):
        file = f"{case.name}.{case.suffix}"
        (folder / file).write_bytes(case.data)
        told: Json = {"name": case.name, "file": file, "flaw": case.flaw, "exit": case.exit, "result": case.result}
        told["property"] = PROPERTIES.get(case.result)
        given = {**case.given, **({"RECORDING": [case.sound]} if case.sound != "recording.wav" else {})}
        if given:
            told["given"] = given
        told["message"] = message_of(folder, told)
        found.append(told)
    rows = ",\n".join(f"  {json.dumps(one, ensure_ascii=False)}" for one in found)
    results = ",\n".join(f"  {json.dumps(name)}: {json.dumps(what)}" for name, what in RESULTS.items())
    index = f' "format": "wholetape.seal-vectors/v1",\n "results": {{\n{results}\n }},\n "seals": [\n{rows}\n ]'
    (folder / "index.json").write_text(f"{{\n{index}\n}}\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="make the hostile seals")
    parser.add_argument("--to", type=Path, default=HERE, metavar="FOLDER")
    write(parser.parse_args().to)
