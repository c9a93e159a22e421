"""What a release may claim: seals, statements, documents and excerpts are judged before they are published."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.release import made
from wholetape.cli.main import main
from wholetape.log.kinds import Document
from wholetape.log.salts import commit
from wholetape.seal.sealfile import parse_seal


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return made.sealed(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def published(files, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out")
    words = [
        "--recording",
        made.MEETING,
        "--seal",
        files["meeting.seal"],
        "--id",
        "meeting",
        "--document",
        files["agenda.txt"],
    ]
    words += ["--statement", f"side-a={files['side-a.statement']}", f"side-b={files['side-b.statement']}"]
    made.publish(*words, "--trust", files["side-a.pub"], "--trust", files["side-b.pub"], "-o", folder / "SITE")
    return folder / "SITE" / "meeting"


def attempt(*words):
    return main(["publish", *map(str, words)])


def test_the_published_seal_has_no_seed_and_the_same_head(files, published):
    release = json.loads((published / "release.json").read_text())
    public = parse_seal((published / release["sessions"][0]["seal"]["path"]).read_bytes())
    whole = parse_seal(files["meeting.seal"].read_bytes())
    assert whole.seed is not None
    assert public.seed is None
    assert public.head.data == whole.head.data
    seed = whole.members["private/seed"].strip()
    for path in published.rglob("*"):
        if path.is_file():
            assert seed not in path.read_bytes()
            assert bytes.fromhex(seed.decode()) not in path.read_bytes()


def test_the_published_files_verify_with_the_program(files, published, tmp_path):
    release = json.loads((published / "release.json").read_text())["sessions"][0]
    seal = published / release["seal"]["path"]
    words = [
        "verify",
        published / release["recording"]["path"],
        "--seal",
        seal,
        "--print",
        published / release["print"]["path"],
    ]
    assert main([*map(str, words), "--trust", str(files["side-a.pub"]), "--trust", str(files["side-b.pub"])]) == 0


def test_a_sealed_document_can_be_opened_by_anyone(files, published):
    release = json.loads((published / "release.json").read_text())
    (document,) = release["documents"]
    assert document["state"] == "sealed"
    public = parse_seal((published / release["sessions"][0]["seal"]["path"]).read_bytes())
    (leaf,) = [leaf for leaf in public.leaves if isinstance(leaf, Document)]
    assert commit(bytes.fromhex(document["salt"]), files["agenda.txt"].read_bytes()) == leaf.content
    assert commit(bytes.fromhex(document["name_salt"]), b"agenda.txt") == leaf.name


def test_statements_are_signed_each_by_its_own_party(published):
    found = json.loads((published / "release.json").read_text())["statements"]
    assert [(one["party"], one["kind"], one["state"]) for one in found] == [
        ("side-a", "claim", "signed"),
        ("side-b", "answer", "signed"),
    ]


def test_keys_that_nobody_vouches_for_are_said_to_be_such(files, tmp_path):
    made.publish(
        "--recording", made.MEETING, "--seal", files["meeting.seal"], "--id", "meeting", "-o", tmp_path / "SITE"
    )
    page = (tmp_path / "SITE" / "meeting" / "index.html").read_text()
    assert "Nobody here vouches that they are the parties’" in page
    assert "The publisher compared these keys" not in page


def test_a_seal_of_another_recording_is_not_published(files, tmp_path):
    other = made.EXAMPLES / "speech" / "ljspeech-LJ001-0001.flac"
    assert attempt("--recording", other, "--seal", files["meeting.seal"], "-o", tmp_path / "SITE") == 6
    assert not (tmp_path / "SITE").exists()


def test_a_seal_that_a_pinned_key_has_not_signed_is_not_published(files, tmp_path):
    made.run("keygen", "--name", "side-c", "-o", tmp_path / "side-c.key")
    words = ["--recording", made.MEETING, "--seal", files["meeting.seal"], "--trust", tmp_path / "side-c.pub"]
    assert attempt(*words, "-o", tmp_path / "SITE") == 6


def test_a_document_that_was_changed_since_is_not_published(files, tmp_path):
    changed = tmp_path / "agenda.txt"
    changed.write_text("Another agenda.\n")
    words = ["--recording", made.MEETING, "--seal", files["meeting.seal"], "--document", changed]
    assert attempt(*words, "-o", tmp_path / "SITE") == 6


def test_a_print_of_another_recording_is_not_published(files, tmp_path):
    other = made.EXAMPLES / "speech" / "ljspeech-LJ001-0001.flac"
    assert attempt("--recording", other, "--print", made.PRINT, "-o", tmp_path / "SITE") == 2
    words = ["--recording", made.MEETING, "--seal", files["meeting.seal"]]
    made.run("print", other, "-o", tmp_path / "other.print")
    assert attempt(*words, "--print", tmp_path / "other.print", "-o", tmp_path / "SITE") == 6


def test_words_put_into_a_partys_mouth_are_not_shown_as_signed(files, tmp_path):
    """The publisher forges: another's signature, other words, another recording, a key of the same name."""
    seal = ["--recording", made.MEETING, "--seal", files["meeting.seal"], "-o", tmp_path / "SITE"]
    signed = files["side-b.statement"].read_text()
    (tmp_path / "changed").write_text(signed.replace("I did not.", "I did."))
    assert attempt(*seal, "--statement", f"side-b={tmp_path / 'changed'}") == 6
    assert attempt(*seal, "--statement", f"side-a={files['side-b.statement']}") == 2
    made.run("keygen", "--name", "side-b", "-o", tmp_path / "side-b.key")
    (tmp_path / "words").write_text("I did.")
    forged = ("statement", tmp_path / "words", "--key", tmp_path / "side-b.key", "-o", tmp_path / "forged")
    made.run(*forged)
    assert attempt(*seal, "--statement", f"side-b={tmp_path / 'forged'}", "--id", "x") == 0
    (one,) = json.loads((tmp_path / "SITE" / "x" / "release.json").read_text())["statements"]
    assert one["state"] == "unknown-key"
    assert "take it as unsigned" in (tmp_path / "SITE" / "x" / "index.html").read_text()


def test_a_statement_about_another_seal_is_not_published(files, tmp_path):
    other = made.EXAMPLES / "speech" / "ljspeech-LJ001-0001.flac"
    made.run("seal", other, "--key", files["side-a.key"], "-o", tmp_path / "other.seal")
    words = [
        "--recording",
        other,
        "--seal",
        tmp_path / "other.seal",
        "--statement",
        f"side-a={files['side-a.statement']}",
    ]
    assert attempt(*words, "-o", tmp_path / "SITE") == 6


def test_an_excerpt_says_where_it_lies_and_how_much_is_withheld(files, tmp_path):
    part = tmp_path / "part.wav"
    made.run("excerpt", made.MEETING, "--seal", files["meeting.seal"], "--from", "40", "--to", "60", "-o", part)
    words = ["--recording", part, "--seal", tmp_path / "part.excerpt", "--trust", files["side-a.pub"]]
    made.publish(*words, "--trust", files["side-b.pub"], "-o", tmp_path / "SITE")
    release = json.loads((tmp_path / "SITE" / "part" / "release.json").read_text())
    excerpt = release["sessions"][0]["excerpt"]
    assert (excerpt["start"], excerpt["end"], excerpt["before"]) == (40.0, 60.0, 40.0)
    assert excerpt["after"] == pytest.approx(60.0, abs=0.01)
    page = (tmp_path / "SITE" / "part" / "index.html").read_text()
    assert "This is an excerpt" in page
    assert "40.0 s" in page


def test_several_sessions_stand_on_one_page(files, tmp_path):
    other = made.EXAMPLES / "speech" / "ljspeech-LJ001-0001.flac"
    made.publish(
        "--recording", made.MEETING, other, "--seal", files["meeting.seal"], "-", "--id", "two", "-o", tmp_path / "SITE"
    )
    release = json.loads((tmp_path / "SITE" / "two" / "release.json").read_text())
    assert [session["seal"] is not None for session in release["sessions"]] == [True, False]
    assert attempt("--recording", made.MEETING, other, "--seal", files["meeting.seal"], "-o", tmp_path / "X") == 2


def test_it_warns_of_what_may_expose_people(files, tmp_path, capsys):
    tagged = tmp_path / "tagged.mp3"
    shutil.copy(made.EXAMPLES / "whole.mp3", tagged)
    made.publish("--recording", made.MEETING, "--seal", files["meeting.seal"], "--id", "m", "-o", tmp_path / "SITE")
    told = capsys.readouterr().err
    assert "names and keys of 2 parties: side-a, side-b" in told
    assert "a print can expose people" in told
