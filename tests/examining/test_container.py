"""Who wrote a file is told where a profile knows it, and stays unknown where none does."""

from __future__ import annotations

from tests.media.conftest import ffmpeg
from wholetape.examining.container import who
from wholetape.media.structure import Structure, structure


def test_the_boxes_of_an_m4a_and_its_writer_are_told(coded):
    layout = structure(coded(".m4a", 48000, "-b:a", "64k"))
    assert layout.order[0] == "ftyp"
    assert "moov" in layout.order
    profile = who(layout)
    assert profile is not None
    assert profile["name"] == "FFmpeg"
    assert all(start < 0.1 for _, start in layout.edits)


def test_an_edit_list_that_hides_the_beginning_is_seen(coded, tmp_path):
    ffmpeg("-ss", "3.3", "-i", coded(".m4a", 48000, "-b:a", "64k"), "-c:a", "copy", tmp_path / "trimmed.mov")
    assert structure(tmp_path / "trimmed.mov").order


def test_unknown_stays_unknown():
    assert who(Structure(("fmt ", "data"), {"title": "a meeting"}, ())) is None


def test_a_name_in_a_tag_is_enough_for_an_editor_and_for_nothing_more():
    profile = who(Structure((), {"software": "Audacity 3.4"}, ()))
    assert profile is not None
    assert profile["kind"] == "editor"
