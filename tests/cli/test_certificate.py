"""The certificate that ``verify`` writes: figures filled in, the rest left to a person."""

from __future__ import annotations

import hashlib

import pytest

from tests.cli.sealing import SPEECH, sealed
from tests.media.conftest import ffmpeg
from tests.seal.made import A, B
from wholetape.seal.sealfile import parse_seal

__all__ = ["sealed"]


@pytest.mark.parametrize("name", ["certificate.txt", "certificate.html"])
def test_the_certificate_has_the_figures_and_leaves_the_rest_to_a_person(run, sealed, here, name):
    ran = run(*sealed(), "--certificate", name)
    assert (ran.code, ran.err) == (0, f"{name}: certificate, to be completed and signed by you\n")
    text = " ".join((here / name).read_text().split())
    seal = parse_seal((here / "speech.seal").read_bytes())
    for figure in (
        hashlib.sha256(SPEECH.read_bytes()).hexdigest(),
        hashlib.sha256((here / "speech.seal").read_bytes()).hexdigest(),
        f"{SPEECH.stat().st_size:,} bytes",
        seal.head.checkpoint.root.hex(),
        seal.header.origin,
        A.public.fingerprint,
        B.public.fingerprint,
        "wholetape 0.",
        "902(14)",
        "28 U.S.C. § 1746",
    ):
        assert figure in text, figure
    assert text.count("I had this key from (whom, when, how): ____") == 2
    assert "Signature: ____" in text
    assert "bit for bit" in text
    found, _, opened = text.partition("6. What is not established")
    assert "no seal proves that what was said is true" in opened
    assert "editing before that is not excluded" in opened
    assert "no seal proves" not in found
    assert not {"authentic", "genuine"} & set(text.lower().replace(".", " ").split())


def test_a_transcode_is_certified_as_the_same_sound_in_another_file(run, sealed, here):
    words = sealed()
    ffmpeg("-i", "speech.wav", "again.flac")
    assert run("verify", "again.flac", *words[2:], "--certificate", "c.txt").code == 0
    text = " ".join((here / "c.txt").read_text().split())
    assert "another than the sealed one, and its sound is the same" in text
    assert "bit for bit" not in text


def test_a_party_that_nobody_pinned_counts_for_nothing_in_the_certificate(run, sealed, here):
    assert run(*sealed()[:-2], "--certificate", "c.txt").code == 0
    text = (here / "c.txt").read_text()
    assert "side-b: named in the seal, signed; its key was not pinned" in text
    assert B.public.fingerprint not in text


def test_a_hostile_name_cannot_write_into_the_certificate(run, sealed, here):
    words = sealed()
    name = "a<script>\n\x1b[2J.wav"
    (here / name).write_bytes((here / "speech.wav").read_bytes())
    for target in ("c.html", "c.txt"):
        assert run("verify", name, *words[2:], "--certificate", target).code == 0
        text = (here / target).read_text()
        assert "<script>" not in text or target == "c.txt"
        assert "\x1b" not in text
    assert "&lt;script&gt;" in (here / "c.html").read_text()


def test_a_certificate_never_overwrites_what_it_is_about(run, sealed, here):
    words = sealed()
    for name in ("speech.wav", "speech.seal", "side-a.pub"):
        before = (here / name).read_bytes()
        assert run(*words, "--certificate", name).code == 2
        assert (here / name).read_bytes() == before
    assert run(*words, "--certificate", "none/c.txt").code == 8
