"""Words of transcripts that lie beside recordings: found, refused, forgotten; in the catalogue and in PostgreSQL."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from wholetape.archive import Added, Archive
from wholetape.checking.printing import print_or_why
from wholetape.cli.main import main
from wholetape.errors import StorageFailed, UsageError

SPEECH = Path(__file__).parents[2] / "examples" / "speech"
VTT = """WEBVTT

00:00:00.500 --> 00:00:04.000
And so, my fellow Americans,

00:00:04.000 --> 00:00:10.500
ask not what your country can do for you; ask what you can do for your country.
"""


@dataclass
class Spoken:
    """A folder with a recording and its transcript, and the archive ``A`` that holds both."""

    folder: Path
    words: str

    def archive(self, **how: bool) -> Archive:
        return Archive(self.folder / "A", words=self.words, **how)

    def add(self):
        with self.archive(make=True) as archive:
            return list(archive.add([str(self.folder)], print_or_why))


@pytest.fixture(params=["sqlite", "postgresql"])
def spoken(request, tmp_path) -> Spoken:
    words = "" if request.param == "sqlite" else request.getfixturevalue("postgres").fresh()
    return filled(tmp_path, words)


def filled(folder: Path, words: str) -> Spoken:
    shutil.copy(SPEECH / "jfk-inaugural-1961.flac", folder / "jfk.flac")
    (folder / "jfk.vtt").write_text(VTT)
    made = Spoken(folder, words)
    (done,) = made.add()
    assert (done.state, done.why) == (Added.NEW, "")
    return made


@pytest.mark.parametrize("words", ["country", "COUNTRY ask", '"what your country"', "fellow americans"])
def test_words_are_found_in_transcripts_that_lie_beside(spoken, words):
    with spoken.archive() as archive:
        (entry, passage), *_ = archive.passages(words)
        assert entry.name == "jfk.flac"
        assert entry.transcribed
        assert passage.at in ((0.5, 4.0), (4.0, 10.5))


@pytest.mark.parametrize(
    "words",
    ["nobody", '"country your"', "NOT", "country OR zebra", "text:country*", "co*", "near(a b)", "a & b | !c", "'; --"],
)
def test_no_word_is_an_operator_and_other_words_are_not_found(spoken, words):
    with spoken.archive() as archive:
        if words == "'; --":
            with pytest.raises(UsageError, match="no word"):
                archive.passages(words)
        else:
            assert [entry.name for entry, _ in archive.passages(words)] == (["jfk.flac"] if words == "NOT" else [])


@pytest.mark.parametrize("words", ["", "  ", '"', "--", "\0", "* ( ) :"])
def test_a_question_without_a_word_is_refused(spoken, words):
    with spoken.archive() as archive, pytest.raises(UsageError, match="no word"):
        archive.passages(words)


def test_passages_with_more_of_the_words_close_together_come_first(spoken):
    shutil.copy(SPEECH / "ljspeech-LJ001-0001.flac", spoken.folder / "other.flac")
    (spoken.folder / "other.txt").write_text("country, country: ask, ask, ask your country what your country is")
    spoken.add()
    with spoken.archive() as archive:
        assert {entry.name for entry, _ in archive.passages("your country")} == {"jfk.flac", "other.flac"}
        scores = [passage.score for _, passage in archive.passages("your country")]
        assert scores == sorted(scores, reverse=True)


def test_a_removed_recording_leaves_no_words_behind(spoken):
    with spoken.archive() as archive:
        archive.remove("jfk.flac")
        assert archive.passages("country") == []
    assert not list((spoken.folder / "A" / "transcripts").iterdir())
    assert rows(spoken) == 0


def test_a_transcript_that_comes_later_is_taken_when_the_recording_is_added_again(spoken):
    shutil.copy(SPEECH / "ljspeech-LJ001-0001.flac", spoken.folder / "later.flac")
    spoken.add()
    (spoken.folder / "later.txt").write_text("Printing, in the only sense with which we are at present concerned")
    spoken.add()
    with spoken.archive() as archive:
        assert [entry.name for entry, _ in archive.passages("printing concerned")] == ["later.flac"]


def test_a_rebuild_makes_lost_words_anew_and_none_twice(spoken):
    lose(spoken)
    with spoken.archive() as archive:
        assert archive.passages("country") == []
        archive.rebuild()
        archive.rebuild()
        assert len(archive.passages("country")) == 1


def test_khmer_words_are_found(spoken):
    shutil.copy(SPEECH / "ljspeech-LJ001-0001.flac", spoken.folder / "khmer.flac")
    (spoken.folder / "khmer.txt").write_text("ខ្ញុំ នឹង ទទួល យក លទ្ធផល ផ្លូវការ")
    spoken.add()
    with spoken.archive() as archive:
        assert [entry.name for entry, _ in archive.passages("លទ្ធផល ផ្លូវការ")] == ["khmer.flac"]


def test_a_broken_transcript_is_told_and_the_recording_is_added(tmp_path):
    shutil.copy(SPEECH / "jfk-inaugural-1961.flac", tmp_path / "jfk.flac")
    (tmp_path / "jfk.json").write_text("{")
    with Archive(tmp_path / "A", make=True) as archive:
        (done,) = archive.add([str(tmp_path / "jfk.flac")], print_or_why)
    assert done.state is Added.NEW
    assert "jfk.json" in done.why


def test_words_move_into_a_database_that_is_named_for_the_first_time(tmp_path, postgres):
    spoken = filled(tmp_path, "")
    moved = Spoken(tmp_path, postgres.fresh())
    with moved.archive() as archive, pytest.raises(UsageError, match="in its catalogue"):
        archive.passages("country")
    moved.add()
    assert (rows(spoken), rows(moved)) == (0, 2)
    with moved.archive() as archive:
        assert [entry.name for entry, _ in archive.passages("country")] == ["jfk.flac"]


def test_words_in_a_database_that_is_not_named_are_missed_and_not_denied(tmp_path, postgres):
    filled(tmp_path, postgres.fresh())
    with Archive(tmp_path / "A") as archive:
        for does in (
            lambda: archive.passages("country"),
            lambda: archive.remove("jfk.flac"),
            lambda: list(archive.add([str(tmp_path)], print_or_why)),
        ):
            with pytest.raises(UsageError, match="in a database"):
                does()
        assert [entry.name for entry in archive.entries()] == ["jfk.flac"]


def test_text_that_a_database_cannot_hold_is_held(tmp_path, postgres):
    spoken = filled(tmp_path, postgres.fresh())
    shutil.copy(SPEECH / "ljspeech-LJ001-0001.flac", tmp_path / "long.flac")
    text = "".join(f"word{n:07d} " for n in range(300_000))
    (tmp_path / "long.vtt").write_text(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}\n")
    spoken.add()
    with spoken.archive() as archive:
        assert [entry.name for entry, _ in archive.passages("word0000007")] == ["long.flac"]


def test_a_database_that_is_away_is_told_and_clips_are_found_without_it(tmp_path, postgres):
    filled(tmp_path, postgres.fresh())
    with pytest.raises(StorageFailed, match="cannot be used"):
        Archive(tmp_path / "A", words="postgresql://tester@127.0.0.1:9/none")
    with pytest.raises(UsageError, match="URL"):
        Archive(tmp_path / "A", words="mysql://somewhere")
    assert main(["archive", "find", str(tmp_path / "jfk.flac"), "--archive", str(tmp_path / "A")]) == 0


def test_the_program_asks_the_database(tmp_path, postgres, capsys):
    url = postgres.fresh()
    shutil.copy(SPEECH / "jfk-inaugural-1961.flac", tmp_path / "jfk.flac")
    (tmp_path / "jfk.vtt").write_text(VTT)
    where = ["--archive", str(tmp_path / "A"), "--words-database", url]
    assert main(["archive", "add", str(tmp_path / "jfk.flac"), *where]) == 0
    assert main(["archive", "find", "--words", "fellow", *where]) == 0
    assert "fellow Americans" in capsys.readouterr().out
    assert main(["archive", "find", "--words", "fellow", *where[:2]]) == 2
    assert "--words-database" in capsys.readouterr().err
    assert main(["archive", "verify", "--rebuild", *where]) == 0
    assert main(["archive", "remove", "jfk.flac", *where]) == 0


def rows(spoken: Spoken) -> int:
    """Passages that are stored."""
    if not spoken.words:
        with sqlite3.connect(spoken.folder / "A" / "archive.db") as catalog:
            return int(catalog.execute("SELECT count(*) FROM passages").fetchone()[0])
    with psycopg.connect(spoken.words) as database:
        return len(database.execute("SELECT 1 FROM wholetape_passages").fetchall())


def lose(spoken: Spoken) -> None:
    """Empties the table."""
    if not spoken.words:
        with sqlite3.connect(spoken.folder / "A" / "archive.db") as catalog:
            catalog.execute("DELETE FROM passages")
        return
    with psycopg.connect(spoken.words) as database:
        database.execute("DELETE FROM wholetape_passages")
