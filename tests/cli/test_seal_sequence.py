"""Two sides seal a recording, one publishes it edited: the sequence that must work exactly as written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests import schema

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def desk(program, here):
    """A folder with the sealed, cosigned recording of the examples, made by the program's own processes."""
    shutil.copy(EXAMPLES / "meeting.flac", here)
    shutil.copy(EXAMPLES / "posted.m4a", here)
    for words in (
        ["keygen", "--name", "side-a", "-o", "side-a.key"],
        ["keygen", "--name", "side-b", "-o", "side-b.key"],
        ["seal", "meeting.flac", "--key", "side-a.key", "--party", "side-b.pub", "-o", "meeting.seal"],
    ):
        ran = program(*words)
        assert ran.code == 0, ran.err
    return here


BOTH = ["--trust", "side-a.pub", "--trust", "side-b.pub"]
VERIFY = ["verify", "meeting.flac", "--seal", "meeting.seal"]


def test_the_sequence(program, desk):
    early = program(*VERIFY, *BOTH)
    assert early.code == 6
    assert "side-b has not signed" in early.err

    cosigned = program("cosign", "meeting.seal", "--key", "side-b.key", "--recording", "meeting.flac")
    assert cosigned.code == 0, cosigned.err

    verified = program(*VERIFY, *BOTH)
    assert (verified.code, verified.err) == (0, "")
    assert "signed by side-a, side-b" in verified.out

    told = program(*VERIFY, *BOTH, "--json", "-")
    assert told.code == 0
    tree = json.loads(told.out)
    assert list(schema.faults(tree, schema.load("verify-v1.schema.json"))) == []
    assert (tree["format"], tree["outcome"], tree["reason"]) == ("wholetape.verify/v1", "verified", None)
    held = {own["name"] for own in tree["properties"] if own["established"]}
    assert held == {
        "tree", "order", "signatures", "closed", "pinned-keys", "all-parties", "file", "samples", "print"
    }  # fmt: skip

    unknown = program(*VERIFY)
    assert unknown.code == 6
    assert "consistent with itself, signed by unknown keys" in unknown.err

    against = ["check", "posted.m4a", "--against", "meeting.seal", "--print", "meeting.print"]
    checked = program(*against, *BOTH, "--json", "-")
    assert checked.code == 1, checked.err
    tree = json.loads(checked.out)
    (reference,) = tree["references"]
    assert (reference["kind"], reference["standing"], reference["capture"]) == ("seal", "all-parties", "finished-file")
    assert len(tree["edits"]) == 5
    assert program(*against).code == 6


def test_after_the_sequence_nothing_else_passes(program, desk, run):
    assert run("cosign", "meeting.seal", "--key", "side-b.key", "--recording", "meeting.flac").code == 0

    whole = (desk / "meeting.flac").read_bytes()
    middle = len(whole) // 2
    for name, data in {
        "flipped.flac": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "cut.flac": whole[:middle],
        "longer.flac": whole + b"\0",
        "text.flac": b"no recording at all",
        "empty.flac": b"",
        "posted.m4a": (desk / "posted.m4a").read_bytes(),
    }.items():
        (desk / name).write_bytes(data)
        ran = run("verify", name, "--seal", "meeting.seal", *BOTH)
        if name == "longer.flac":  # a byte behind the sound: the samples are the sealed ones, the file is not
            assert ran.code in (0, 6)
            assert "the file is the one" not in ran.out
        else:
            assert ran.code == 6, (name, ran.err)
            assert "not the one that was sealed" in ran.err

    assert run("verify", "gone.flac", "--seal", "meeting.seal", *BOTH).code == 4

    (desk / "other.print").write_bytes((EXAMPLES / "meeting.print").read_bytes()[:-1] + b"\0")
    ran = run("check", "posted.m4a", "--against", "meeting.seal", "--print", "other.print", *BOTH)
    assert ran.code == 6
    assert "the print is not the one that was sealed" in ran.err


def test_a_lossless_transcode_is_verified_by_its_samples(run, desk):
    from tests.media.conftest import ffmpeg

    for name in ("again.flac", "plain.wav", "again.m4a"):
        codec = ["-c:a", "alac"] if name.endswith("m4a") else []
        ffmpeg("-i", desk / "meeting.flac", *codec, desk / name)
        ran = run("verify", name, "--seal", "meeting.seal", "--trust", "side-a.pub")
        assert ran.code == 0, (name, ran.err)
        assert "samples verified, file differs" in ran.out
    ffmpeg("-i", desk / "meeting.flac", desk / "lossy.mp3")
    assert run("verify", "lossy.mp3", "--seal", "meeting.seal", "--trust", "side-a.pub").code == 6


def test_the_public_seal_verifies_the_file_and_its_transcode(run, desk):
    from tests.media.conftest import ffmpeg
    from wholetape.seal.sealfile import parse_seal

    public = parse_seal((desk / "meeting.seal").read_bytes()).public()
    (desk / "public.seal").write_bytes(public.encode())
    shutil.copy(desk / "meeting.print", desk / "public.print")
    ffmpeg("-i", desk / "meeting.flac", desk / "plain.wav")
    for name in ("meeting.flac", "plain.wav"):
        assert run("verify", name, "--seal", "public.seal", "--trust", "side-a.pub").code == 0
    ran = run("cosign", "public.seal", "--key", "side-b.key", "--recording", "meeting.flac")
    assert ran.code == 2
    assert "public seal" in ran.err
