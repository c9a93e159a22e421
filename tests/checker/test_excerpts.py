"""Proofs of excerpts in the browser: made as the program makes them, and checked against as the program does."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.release import made
from wholetape.checking import check
from wholetape.checking.references import Reference
from wholetape.cli.keys import public_keys
from wholetape.cli.main import main
from wholetape.log.salts import Label, salt
from wholetape.report import as_json
from wholetape.seal.excerpted import excerpt_reference
from wholetape.seal.excerptfile import parse_excerpt
from wholetape.seal.excerpting import choose, prove_excerpt
from wholetape.seal.sealfile import parse_seal


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """The examples' recording as a WAV file, sealed by both sides."""
    folder = tmp_path_factory.mktemp("sealed")
    wav = folder / "meeting.wav"
    subprocess.run(["ffmpeg", "-v", "error", "-i", str(made.MEETING), str(wav)], check=True)
    for name in ("side-a", "side-b"):
        made.run("keygen", "--name", name, "-o", folder / f"{name}.key")
    seal = folder / "meeting.seal"
    made.run("seal", wav, "--key", folder / "side-a.key", "--party", folder / "side-b.pub", "-o", seal)
    made.run("cosign", seal, "--key", folder / "side-b.key", "--recording", wav)
    public = folder / "public.seal"
    public.write_bytes(parse_seal(seal.read_bytes()).public().encode())
    return folder


def task(desk, start, end, **changed):
    """Asks for the proof as a release's page does: with the public seal, the print, and the salts."""
    seal = parse_seal((desk / "meeting.seal").read_bytes())
    assert seal.seed is not None
    salts = {
        label: b"".join(salt(seal.seed, label, leaf.n) for leaf in seal.segments).hex()
        for label in (Label.SOUND, Label.PRINT)
    }
    words = {"sound": salts[Label.SOUND], "rows": salts[Label.PRINT], "start": start, "end": end}
    files = {"seal": desk / "public.seal", "print": desk / "meeting.print", "output": desk / "made.excerpt"}
    return {"do": "excerpt", **words, **files, **changed}


@pytest.mark.parametrize(("start", "end"), [(0.0, 0.5), (20.5, 34.2), (59.0, 60.0), (118.9, 120.0), (0.0, 200.0)])
def test_it_makes_what_the_program_makes(node, desk, start, end):
    (answer,) = node(task(desk, start, end))
    assert "error" not in answer, answer
    seal = parse_seal((desk / "meeting.seal").read_bytes())
    theirs = prove_excerpt(seal, choose(seal, start, end), (desk / "meeting.print").read_bytes())
    ours = parse_excerpt((desk / "made.excerpt").read_bytes())
    assert dict(ours.members) == dict(theirs.members)


def test_what_it_made_verifies_with_the_program_and_the_sound_of_the_recording(node, desk):
    node(task(desk, 61.2, 64.9))
    clip, proof = desk / "made.wav", desk / "made.excerpt"
    made.run("excerpt", desk / "meeting.wav", "--seal", proof, "-o", clip)
    trust = ["--trust", str(desk / "side-a.pub"), "--trust", str(desk / "side-b.pub")]
    assert main(["verify", str(clip), "--seal", str(proof), *trust]) == 0
    other = desk / "other.wav"
    made.run("excerpt", desk / "meeting.wav", "--seal", desk / "meeting.seal", "--from", 62, "--to", 66, "-o", other)
    assert main(["verify", str(other), "--seal", str(proof), *trust]) == 6


def test_salts_of_another_place_or_another_print_make_no_proof(node, desk, tmp_path):
    right = task(desk, 10, 12)
    moved = right["rows"][64:] + right["rows"][:64]
    shutil.copy(made.EXAMPLES / "meeting.print", tmp_path / "other.print")
    answers = node(task(desk, 10, 12, rows=moved), task(desk, 10, 12, print=tmp_path / "other.print"), task(desk, 3, 2))
    assert [answer.get("error") for answer in answers] == ["VerificationFailed", "VerificationFailed", "UsageError"]


def test_a_copy_is_checked_against_a_proof_as_the_program_checks_it(node, desk):
    node(task(desk, 20.0, 80.0))
    proof, copy = desk / "made.excerpt", desk / "copy.wav"
    cut = ["ffmpeg", "-v", "error", "-y", "-ss", "25", "-t", "40", "-i", str(desk / "meeting.wav"), str(copy)]
    subprocess.run(cut, check=True)
    keys = [desk / "side-a.pub", desk / "side-b.pub"]
    ours, unpinned = node(
        {"do": "check", "release": copy, "against": [proof], "keys": keys},
        {"do": "check", "release": copy, "against": [proof]},
    )
    reference = Reference(*excerpt_reference(proof, public_keys([str(key) for key in keys])))
    theirs = as_json(check(copy, [reference]))
    theirs["references"][0]["path"] = proof.name
    assert ours["answer"]["outcome"] == theirs["outcome"] == "excerpt"
    (one,), (other,) = ours["answer"]["references"], theirs["references"]
    assert one.pop("withheld") == pytest.approx(other.pop("withheld"), abs=1e-3)
    assert one == other
    assert ours["answer"]["coverage"]["references"] == pytest.approx(theirs["coverage"]["references"], abs=1e-3)
    assert unpinned["error"] == "VerificationFailed"
