"""The commands of the seal on files that are not what they should be: an exit code, a line, nothing half written."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from wholetape.seal.qr import qr_code

VECTORS = Path(__file__).parents[2] / "vectors"


@pytest.fixture
def desk(run, here):
    """Keys of two sides, and a recording sealed by the first."""
    shutil.copy(VECTORS / "sound" / "speech.wav", here / "meeting.wav")
    for side in "ab":
        assert run("keygen", "--name", f"side-{side}", "-o", f"{side}.key").code == 0
    assert run("seal", "meeting.wav", "--key", "a.key", "--party", "b.pub", "-o", "meeting.seal").code == 0
    return here


COSIGN = ["cosign", "meeting.seal", "--key", "b.key", "--recording", "meeting.wav"]
VERIFY = ["verify", "meeting.wav", "--seal", "meeting.seal", "--trust", "a.pub"]


def told(ran, code, *words):
    assert ran.code == code, ran.err
    assert "Traceback" not in ran.err
    for word in words:
        assert word in ran.err, ran.err


def test_keygen_keeps_the_private_key_private_and_overwrites_nothing(run, desk):
    assert stat.S_IMODE(os.stat("a.key").st_mode) == 0o600
    before = (desk / "a.key").read_bytes(), (desk / "a.pub").read_bytes()
    told(run("keygen", "--name", "other", "-o", "a.key"), 2, "exists already", "hint:")
    (desk / "c.pub").write_text("mine")
    told(run("keygen", "--name", "other", "-o", "c.key"), 2, "c.pub exists")
    assert not (desk / "c.key").exists()
    assert ((desk / "a.key").read_bytes(), (desk / "a.pub").read_bytes()) == before


def test_keygen_draws_the_public_key_and_never_the_private_one(run, here):
    assert run("keygen", "--name", "ann", "-o", "ann.key", "--qr", "ann.svg").code == 0
    assert (here / "ann.svg").read_bytes() == qr_code((here / "ann.pub").read_text())
    told(run("keygen", "--name", "bob", "-o", "bob.key", "--qr", "ann.svg"), 2, "exists already")
    assert not (here / "bob.key").exists()


@pytest.mark.parametrize("name", ["", "two words", "a+b", "x" * 65, "evil\u202e"])
def test_keygen_refuses_names_that_no_key_may_have(run, here, name):
    told(run("keygen", "--name", name, "-o", "x.key"), 2)
    assert list(here.iterdir()) == []


def test_keygen_wants_a_name_that_ends_in_key(run, here):
    told(run("keygen", "--name", "a", "-o", "a.pub"), 2, ".key")


def test_an_encrypted_key_needs_its_passphrase(run, desk):
    (desk / "words").write_text("correct horse\n")
    (desk / "wrong").write_text("incorrect horse\n")
    (desk / "none").write_text("\n")
    assert run("keygen", "--name", "side-c", "-o", "c.key", "--passphrase-file", "words").code == 0
    sealed = ["seal", "meeting.wav", "--key", "c.key", "-o", "c.seal"]
    told(run(*sealed, "--passphrase-file", "wrong"), 6, "passphrase is wrong")
    told(run(*sealed, "--passphrase-file", "none"), 2, "empty")
    told(run(*sealed), 2, "no terminal")
    assert not (desk / "c.seal").exists()
    assert run(*sealed, "--passphrase-file", "words").code == 0


@pytest.mark.parametrize(
    ("content", "code"), [(b"", 5), (b"text\n", 5), (bytes(100), 5), (b"PK\3\4" + bytes(200), 5), (b"x" * (1 << 20), 5)]
)
def test_what_is_no_seal_is_malformed_everywhere(run, desk, content, code):
    (desk / "meeting.seal").write_bytes(content)
    told(run(*VERIFY), code, "meeting.seal")
    told(run(*COSIGN), code)
    told(run("check", "meeting.wav", "--against", "meeting.seal", "--trust", "a.pub"), code)
    assert (desk / "meeting.seal").read_bytes() == content


@pytest.mark.parametrize("make", ["missing", "folder", "pipe"])
@pytest.mark.parametrize("what", ["meeting.seal", "a.pub", "meeting.wav"])
def test_what_cannot_be_read_is_told_and_never_waited_for(run, desk, what, make):
    (desk / what).unlink()
    if make == "folder":
        (desk / what).mkdir()
    elif make == "pipe":
        os.mkfifo(desk / what)
    told(run(*VERIFY), 4, what)


def test_a_key_in_the_place_of_another_thing_is_told(run, desk):
    told(run("verify", "meeting.wav", "--seal", "meeting.seal", "--trust", "a.key"), 2, "private key")
    told(run("cosign", "meeting.seal", "--key", "b.pub", "--recording", "meeting.wav"), 2, "public key")
    told(run("seal", "meeting.wav", "--key", "a.key", "--party", "b.key", "-o", "x.seal"), 2, "private key")
    (desk / "weak.pub").write_text("nonsense\n")
    told(run("verify", "meeting.wav", "--seal", "meeting.seal", "--trust", "weak.pub"), 5, "weak.pub")


def test_nobody_signs_with_the_key_of_no_party(run, desk):
    assert run("keygen", "--name", "side-c", "-o", "c.key").code == 0
    before = (desk / "meeting.seal").read_bytes()
    told(run("cosign", "meeting.seal", "--key", "c.key", "--recording", "meeting.wav"), 2, "no party")
    assert (desk / "meeting.seal").read_bytes() == before


def test_a_refused_cosignature_leaves_the_seal_and_no_memory(run, desk):
    data = bytearray((desk / "meeting.wav").read_bytes())
    data[5000] ^= 1
    (desk / "meeting.wav").write_bytes(data)
    before = (desk / "meeting.seal").read_bytes()
    told(run(*COSIGN), 6, "not signed")
    assert (desk / "meeting.seal").read_bytes() == before
    assert not (desk / "b.key.heads").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["seal", "meeting.wav", "--key", "a.key", "-o", "meeting.sealed"],
        ["seal", "meeting.wav", "--key", "a.key", "--party", "a.pub", "-o", "x.seal"],
        ["seal", "meeting.wav", "--key", "a.key", "--party", "b.pub", "--party", "b.pub", "-o", "x.seal"],
        ["seal", "meeting.wav", "--key", "a.key", "--party", "b.pub", "--challenge", "-o", "x.seal"],
        ["seal", "meeting.wav", "-o", "x.seal"],
        ["check", "meeting.wav", "--against", "meeting.wav", "--trust", "a.pub"],
        ["check", "meeting.wav", "--against", "meeting.print", "--print", "meeting.print"],
        ["verify", "a.pub"],
    ],
)
def test_wrong_words(run, desk, words):
    told(run(*words), 2, "hint:")


def test_a_seal_without_its_print_says_what_it_needs(run, desk):
    (desk / "meeting.print").unlink()
    told(run("check", "meeting.wav", "--against", "meeting.seal", "--trust", "a.pub"), 2, "--print")
    assert run(*VERIFY).code == 0


def test_a_check_against_a_seal_of_one_side_says_so(run, desk):
    ran = run("check", "meeting.wav", "--against", "meeting.seal", "--trust", "a.pub")
    assert ran.code == 0, ran.err
    assert "sealed by one party only" in ran.out
    told(run("check", "meeting.wav", "--against", "meeting.seal"), 6, "signed by unknown keys")
    told(run("check", "meeting.wav", "--against", "meeting.seal", "--trust", "b.pub"), 6, "has not signed")


def test_a_challenge_prints_the_head_and_says_what_it_does_not_prove(run, desk):
    ran = run("seal", "meeting.wav", "--key", "a.key", "--challenge", "-o", "tape.seal")
    assert ran.code == 0
    assert "\nwholetape/" in ran.out
    assert "editing before that is not excluded" in ran.out
    told = run("verify", "meeting.wav", "--seal", "tape.seal", "--trust", "a.pub").out
    assert "a lone holder fixed a disputed recording" in " ".join(told.split())


def test_documents_are_sealed_and_compared(run, desk):
    (desk / "treaty.txt").write_text("we agree")
    sealed = ["seal", "meeting.wav", "--key", "a.key", "--party", "b.pub", "--document", "treaty.txt", "-o", "d.seal"]
    assert run(*sealed).code == 0
    cosign = ["cosign", "d.seal", "--key", "b.key", "--recording", "meeting.wav"]
    told(run(*cosign), 2, "--document")
    assert run(*cosign, "--document", "treaty.txt").code == 0
    verify = ["verify", "meeting.wav", "--seal", "d.seal", "--trust", "a.pub", "--document", "treaty.txt"]
    assert run(*verify).code == 0
    (desk / "treaty.txt").write_text("we disagree")
    told(run(*verify), 6, "none of the 1 documents")


def test_a_hostile_name_of_a_party_cannot_act_on_the_terminal(run, desk):
    from tests.seal import made
    from wholetape.log.keys import encode_public

    (desk / "evil.pub").write_bytes(encode_public(made.A).replace(b"side-a", b"\x1b[2Jx"))
    ran = run("verify", "meeting.wav", "--seal", "meeting.seal", "--trust", "evil.pub")
    assert ran.code == 5
    assert "\x1b" not in ran.err + ran.out


def test_a_full_disk_leaves_the_old_seal(run, desk, monkeypatch):
    import errno

    before = (desk / "meeting.seal").read_bytes()

    def full(*words):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    told(run(*COSIGN), 8, "no space", "free some space")
    assert (desk / "meeting.seal").read_bytes() == before
    assert [path for path in desk.iterdir() if path.name.startswith(".wholetape")] == []


def test_a_key_is_replaced_and_those_who_trust_the_old_one_can_tell(run, desk):
    assert run("keygen", "--name", "side-a", "-o", "new.key", "--replaces", "a.key").code == 0
    ran = run("keygen", "--read", "new.statement", "--trust", "a.pub")
    assert ran.code == 0
    assert "so say: side-a" in ran.out
    told(run("keygen", "--read", "new.statement", "--trust", "b.pub"), 6, "no key that you trust says so")
    told(run("keygen", "--read", "new.statement", "--trust", "new.pub"), 6)
    told(run("keygen", "--read", "new.statement"), 6)


def test_others_vouch_for_a_key_that_is_lost(run, desk):
    for name in ("new", "c"):
        assert run("keygen", "--name", f"side-{name}", "-o", f"{name}.key").code == 0
    words = [
        "keygen",
        "--vouch",
        "new.pub",
        "--lost",
        "a.pub",
        "--since",
        "2026-05-01",
        "-o",
        "lost.statement",
        "--key",
    ]
    assert run(*words, "b.key").code == 0
    assert run(*words, "c.key").code == 0
    assert (
        "so say: side-b, side-c"
        in run("keygen", "--read", "lost.statement", "--trust", "b.pub", "--trust", "c.pub").out
    )
    told(run(*words, "a.key"), 2, "of their own")
    told(run(*words, "new.key"), 2, "of their own")
    told(run("keygen", "--vouch", "new.pub", "--key", "b.key", "-o", "x.statement"), 2)
    told(run(*words[:6], "yesterday", "-o", "x.statement", "--key", "b.key"), 2, "2026-05-01")
    told(run("keygen", "--vouch", "c.pub", *words[3:], "b.key"), 2, "says something else")
