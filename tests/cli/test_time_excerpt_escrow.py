"""stamp, head, excerpt, escrow and unseal as processes and calls: exit codes, messages, and nothing half-written."""

from __future__ import annotations

import shutil
import socket
import wave
from pathlib import Path

import pytest

from tests.seal.calendar import Calendar, block_hash
from tests.seal.tsa import Authority
from wholetape.cli.main import main

MEETING = Path(__file__).parents[2] / "examples" / "meeting.flac"


def do(*words):
    assert main([str(word) for word in words]) == 0


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Two parties' keys, and a recording that both have sealed."""
    folder = tmp_path_factory.mktemp("table")
    shutil.copy(MEETING, folder / "meeting.flac")
    for name in ("a", "b", "c"):
        do("keygen", "--name", f"side-{name}", "-o", folder / f"{name}.key")
    words = ["--party", folder / "b.pub", "-o", folder / "meeting.seal"]
    do("seal", folder / "meeting.flac", "--key", folder / "a.key", *words)
    do("cosign", folder / "meeting.seal", "--key", folder / "b.key", "--recording", folder / "meeting.flac")
    return folder


@pytest.fixture
def desk(table, tmp_path, monkeypatch):
    """A copy of it, to work in."""
    for path in table.iterdir():
        shutil.copy(path, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


TRUST = ("--trust", "a.pub", "--trust", "b.pub")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl program")
def test_a_seal_is_stamped_by_two_and_verified_offline(run, desk, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tsa")
    with Authority(folder, "Clock A") as a, Authority(folder, "Clock B") as b:
        roots = ["--tsa-roots", a.root_file, "--tsa-roots", b.root_file]
        ran = run("stamp", "meeting.seal", "--tsa", a.url, "--tsa", b.url, *roots)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.count("verified\n") == 2
    ran = run("verify", "meeting.flac", "--seal", "meeting.seal", *TRUST, *roots)
    assert ran.code == 0
    assert "(by Clock" in ran.out
    ran = run("verify", "meeting.flac", "--seal", "meeting.seal", *TRUST)
    assert ran.code == 0
    assert "--tsa-roots" in ran.out


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl program")
def test_an_authority_that_does_not_answer_is_7_and_the_others_stamp_is_kept(run, desk, tmp_path_factory):
    with Authority(tmp_path_factory.mktemp("tsa"), "Clock A") as a, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        ran = run("stamp", "meeting.seal", "--tsa", a.url, "--tsa", nobody)
    assert ran.code == 7
    assert "nobody answers there" in ran.err
    assert "by Clock A" in ran.out
    assert "1 time-stamp not verified" in " ".join(
        run("verify", "meeting.flac", "--seal", "meeting.seal", *TRUST).out.split()
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--tsa", "http://one.example/"], 2),
        (["--tsa", "file:///etc/passwd", "--tsa", "http://one.example/"], 2),
        (["--tsa", "http://a.example/", "--tsa", "http://b.example/", "--tsa-roots", "a.pub"], 5),
        (["--tsa", "http://a.example/", "--tsa", "http://b.example/", "--tsa-roots", "gone.pem"], 4),
    ],
)
def test_stamp_refuses_wrong_words_before_it_asks_anybody(run, desk, words, code):
    before = (desk / "meeting.seal").read_bytes()
    assert run("stamp", "meeting.seal", *words).code == code
    assert (desk / "meeting.seal").read_bytes() == before


def test_a_head_in_words_is_recognised_and_another_seals_is_6(run, desk):
    words = " ".join(run("head", "meeting.seal", "--words", "12", "--qr", "head.svg").out.split("\n\n")[1].split())
    assert (desk / "head.svg").read_bytes().startswith(b"<?xml")
    ran = run("verify", "meeting.flac", "--seal", "meeting.seal", *TRUST, "--head", words)
    assert ran.code == 0
    assert "yes  witnessed" in ran.out
    run("seal", "meeting.flac", "--key", "a.key", "-o", "second.seal")
    ran = run("verify", "meeting.flac", "--seal", "second.seal", "--trust", "a.pub", "--head", words)
    assert ran.code == 6
    assert "neither that of this seal nor of a beginning" in ran.err
    assert run("verify", "meeting.flac", "--seal", "meeting.seal", *TRUST, "--head", "one two").code == 2


def test_an_excerpt_verifies_and_a_copy_of_it_is_an_excerpt_of_the_recording(run, desk):
    ran = run("excerpt", "meeting.flac", "--seal", "meeting.seal", "--from", "20.5", "--to", "0:34.2", "-o", "clip.wav")
    assert (ran.code, ran.err) == (0, "")
    assert "withheld: 20.000 s before, 85.000 s after" in ran.out
    with wave.open("clip.wav") as clip:
        assert clip.getnframes() == 15 * clip.getframerate()
    assert run("verify", "clip.wav", "--seal", "clip.excerpt", *TRUST).code == 0
    assert run("verify", "clip.wav", "--seal", "clip.excerpt").code == 6
    assert run("verify", "meeting.flac", "--seal", "clip.excerpt", *TRUST).code == 6
    ran = run("check", "clip.wav", "--against", "clip.excerpt", *TRUST)
    assert ran.code == 1
    assert "excerpt: no edit was found" in ran.out
    assert "withheld" in ran.out
    assert run("check", "clip.wav", "--against", "clip.excerpt").code == 6


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--from", "x", "--to", "3"], 2),
        (["--from", "3", "--to", "2"], 2),
        (["--from", "500", "--to", "501"], 2),
        (["--from", "nan", "--to", "3"], 2),
        (["--from", "1", "--to", "2", "-o", "clip.mp3"], 2),
        (["--from", "1", "--to", "2", "-o", "gone/clip.wav"], 8),
        (["--from", "1", "--to", "2", "--print", "a.pub"], 6),
        (["--from", "1", "--to", "2", "--print", "gone.print"], 4),
    ],
)
def test_an_excerpt_that_cannot_be_leaves_no_file(run, desk, words, code):
    words = words if "-o" in words else [*words, "-o", "clip.wav"]
    assert run("excerpt", "meeting.flac", "--seal", "meeting.seal", *words).code == code
    assert not list(desk.glob("clip*"))


def test_another_recording_gives_no_excerpt(run, desk):
    shutil.copy(MEETING.parent / "speech" / "librivox-sonnet-1.flac", "other.flac")
    assert (
        run("excerpt", "other.flac", "--seal", "meeting.seal", "--from", "1", "--to", "2", "-o", "clip.wav").code == 6
    )
    assert not list(desk.glob("clip*"))


def in_escrow(run, *words):
    run("seal", "meeting.flac", "--key", "a.key", "--party", "b.pub", "--party", "c.pub", "-o", "e.seal")
    return run("escrow", "meeting.flac", "--seal", "e.seal", "--key", "a.key", "-o", "e.age", *words)


def test_a_party_cosigns_only_what_it_can_open(run, desk):
    ran = in_escrow(run, "--to", "a.pub", "--to", "b.pub")
    assert (ran.code, ran.err) == (0, "")
    assert "each of side-a, side-b can open it alone" in ran.out
    sign = ["cosign", "e.seal", "--key", "b.key", "--recording", "meeting.flac"]
    ran = run(*sign)
    assert ran.code == 2
    assert "sign only when you can open it" in ran.err
    Path("cut.age").write_bytes(Path("e.age").read_bytes()[:-1])
    before = Path("e.seal").read_bytes()
    assert run(*sign, "--escrow", "cut.age").code == 6
    assert Path("e.seal").read_bytes() == before
    ran = run(*sign, "--escrow", "e.age")
    assert ran.code == 0
    assert "side-b opened the escrow" in ran.out
    ran = run("verify", "meeting.flac", "--seal", "e.seal", *TRUST)
    assert ran.code == 0
    assert "(by side-a, side-b)" in " ".join(ran.out.split("yes  escrow")[1].split())


def test_one_holder_opens_the_whole_recording(run, desk):
    in_escrow(run, "--to", "a.pub", "--to", "b.pub")
    assert run("unseal", "e.age", "--seal", "e.seal", "--key", "b.key", "--test").code == 0
    assert run("unseal", "e.age", "--seal", "e.seal", "--key", "b.key", "-o", "out.flac").code == 0
    assert Path("out.flac").read_bytes() == Path("meeting.flac").read_bytes()
    ran = run("unseal", "e.age", "--seal", "e.seal", "--key", "c.key", "-o", "out2.flac")
    assert ran.code == 6
    assert not Path("out2.flac").exists()


def test_two_of_three_open_it_with_shares_on_paper(run, desk):
    ran = in_escrow(run, "--k", "2", "--shares-of", "a.pub", "--shares-of", "b.pub", "--shares-of", "c.pub")
    assert (ran.code, "veto" in ran.out) == (0, False)
    assert run("unseal", "--seal", "e.seal", "--key", "c.key", "--share-to", "c.share").code == 0
    assert Path("c.share").stat().st_mode & 0o777 == 0o600
    assert len(run("unseal", "--seal", "e.seal", "--key", "b.key", "--share-to", "-").out.split()) == 33
    alone = run("unseal", "e.age", "--seal", "e.seal", "--key", "a.key", "-o", "out.flac")
    assert (alone.code, Path("out.flac").exists()) == (6, False)
    both = run("unseal", "e.age", "--seal", "e.seal", "--key", "a.key", "--share", "c.share", "-o", "out.flac")
    assert both.code == 0
    assert Path("out.flac").read_bytes() == Path("meeting.flac").read_bytes()


def test_two_of_two_is_called_a_veto(run, desk):
    assert "this is a veto" in in_escrow(run, "--k", "2", "--shares-of", "a.pub", "--shares-of", "b.pub").out


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--to", "a.pub", "--k", "2", "--shares-of", "b.pub"],
        ["--k", "2"],
        ["--shares-of", "a.pub"],
        ["--k", "1", "--shares-of", "a.pub", "--shares-of", "b.pub"],
        ["--k", "3", "--shares-of", "a.pub", "--shares-of", "b.pub"],
        ["--to", "a.pub", "--to", "a.pub"],
        ["--to", "a.key"],
        ["--to", "age1junk"],
    ],
)
def test_an_escrow_that_cannot_be_leaves_no_file(run, desk, words):
    assert in_escrow(run, *words).code == 2
    assert not Path("e.age").exists()


def test_what_has_no_escrow_cannot_be_unsealed(run, desk):
    ran = run("unseal", "meeting.flac", "--seal", "meeting.seal", "--key", "a.key", "-o", "out.flac")
    assert ran.code == 2
    assert "no escrow" in ran.err
    assert run("cosign", "meeting.seal", "--key", "b.key", "--recording", "meeting.flac", "--escrow", "x").code == 2


def test_opentimestamps_from_the_promise_to_the_block(run, desk):
    with Calendar() as calendar:
        ran = run("stamp", "meeting.seal", "--ots", calendar.url)
        assert (ran.code, ran.err) == (0, "")
        assert "--ots-upgrade" in ran.out
        ran = run("stamp", "meeting.seal", "--ots", calendar.url, "--ots-upgrade")
        assert ran.code == 7
        assert "not in a block yet" in ran.err
        calendar.mine()
        ran = run("stamp", "meeting.seal", "--ots", calendar.url, "--ots-upgrade")
        assert ran.code == 0
        assert "block 800000" in ran.out
    Path("block").write_bytes(calendar.headers[0])
    block = block_hash(calendar.headers[0])
    ran = run("stamp", "meeting.seal", "--block", "block")
    assert ran.code == 0
    assert block in ran.out
    ran = run("verify", "meeting.flac", "--seal", "meeting.seal", *TRUST, "--block", block.upper())
    assert ran.code == 0
    assert "(by Bitcoin's block 800000)" in " ".join(ran.out.split())
    assert "not pinned" in " ".join(run("verify", "meeting.flac", "--seal", "meeting.seal", *TRUST).out.split())
    assert run("verify", "meeting.flac", "--seal", "meeting.seal", *TRUST, "--block", "7").code == 2
    Path("other").write_bytes(bytes(80))
    before = (desk / "meeting.seal").read_bytes()
    assert run("stamp", "meeting.seal", "--block", "other").code == 6
    assert (desk / "meeting.seal").read_bytes() == before


@pytest.mark.parametrize("words", [[], ["--ots-upgrade"], ["--tsa-roots", "a.pub"]])
def test_stamp_wants_to_know_who_is_to_stamp(run, desk, words):
    assert run("stamp", "meeting.seal", *words).code in (2, 5)
    assert run("stamp", "meeting.seal").code == 2


def test_an_excerpt_in_flac_has_the_same_samples(run, desk):
    words = ["--seal", "meeting.seal", "--from", "20", "--to", "30"]
    assert run("excerpt", "meeting.flac", *words, "-o", "clip.flac").code == 0
    assert run("verify", "clip.flac", "--seal", "clip.excerpt", *TRUST).code == 0
    assert run("excerpt", "meeting.flac", *words, "-o", "plain.wav").code == 0
    assert (desk / "clip.flac").stat().st_size < (desk / "plain.wav").stat().st_size
    assert run("verify", "plain.wav", "--seal", "clip.excerpt", *TRUST).code == 0


def test_verify_finds_the_seal_or_the_proof_beside_the_recording(run, desk):
    assert run("verify", "meeting.flac", *TRUST).code == 0
    ran = run("verify", "a.pub", *TRUST)
    assert ran.code == 2
    assert "no seal is named" in ran.err
    run("excerpt", "meeting.flac", "--seal", "meeting.seal", "--from", "0", "--to", "5", "-o", "clip.wav")
    assert "withheld" in run("verify", "clip.wav", *TRUST).out
    ran = run("verify", "clip.wav", "--seal", "meeting.seal", *TRUST)
    assert ran.code == 0
    assert "excerpt of the recording" in " ".join(ran.out.split())
    assert run("verify", "clip.wav", "--seal", "meeting.seal").code == 6
    run("seal", "meeting.flac", "--key", "a.key", "-o", "second.seal")
    assert run("verify", "clip.wav", "--seal", "second.seal", "--trust", "a.pub").code == 6
    Path("clip.excerpt").write_bytes(b"nonsense")
    assert run("verify", "clip.wav", "--seal", "meeting.seal", *TRUST).code == 6


def test_the_proof_of_an_excerpt_beside_a_recording_does_not_stand_in_for_its_seal(run, desk):
    run("excerpt", "meeting.flac", "--seal", "meeting.seal", "--from", "0", "--to", "5", "-o", "meeting.excerpt")
    ran = run("verify", "meeting.flac", *TRUST)
    assert ran.code == 0
    assert "withheld" not in ran.out


def test_an_excerpt_of_a_lossy_recording_is_the_decoders_sound_and_is_checked_by_its_print(run, desk):
    shutil.copy(MEETING.parent / "posted.m4a", "talk.m4a")
    run("seal", "talk.m4a", "--key", "a.key", "-o", "talk.seal")
    ran = run("excerpt", "talk.m4a", "--seal", "talk.seal", "--from", "20", "--to", "40", "-o", "clip.wav")
    assert (ran.code, ran.err) == (0, "")
    assert "by likeness" in ran.out
    ran = run("check", "clip.wav", "--against", "clip.excerpt", "--trust", "a.pub")
    assert ran.code == 1
    assert "excerpt: no edit was found" in ran.out
    ran = run("verify", "clip.wav", "--seal", "clip.excerpt", "--trust", "a.pub")
    assert ran.code == 6
    assert "wholetape check" in ran.err
    Path("talk.m4a").write_bytes(Path("talk.m4a").read_bytes() + b"\0")
    words = ["--seal", "talk.seal", "--from", "20", "--to", "40", "-o", "other.wav"]
    assert run("excerpt", "talk.m4a", *words).code == 6
    assert not list(desk.glob("other*"))
