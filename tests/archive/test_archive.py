"""An archive of real recordings: what is added, found, told apart, removed, and survives a crash."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from wholetape.archive import Added, Archive, FindOutcome
from wholetape.checking.printing import hear_clip, print_or_why
from wholetape.errors import MalformedFile, StorageFailed, UsageError
from wholetape.store.catalog import only_writer

SPEECH = Path(__file__).parents[2] / "examples" / "speech"
RECORDINGS = sorted(SPEECH.glob("*.flac"))


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive") / "A"
    with Archive(folder, make=True) as archive:
        done = list(archive.add([str(SPEECH)], print_or_why))
    assert {addition.state for addition in done} == {Added.NEW}
    assert len(done) == len(RECORDINGS)
    return folder


@pytest.fixture
def own(filled, tmp_path):
    shutil.copytree(filled, tmp_path / "A")
    return tmp_path / "A"


def clip_of(make_media, tmp_path, recording, start, arguments, suffix):
    out = tmp_path / f"clip{suffix}"
    make_media("-ss", str(start), "-t", "5", "-i", str(recording), *arguments, str(out))
    return out


@pytest.fixture
def make_media():
    import subprocess

    def make(*arguments: str) -> None:
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *arguments], check=True)

    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is missing")
    return make


def find(folder: Path, clip: Path):
    with Archive(folder) as archive:
        return archive.find(hear_clip(clip, jobs=1)[0])


@pytest.mark.parametrize(
    ("arguments", "suffix"),
    [(("-c:a", "aac", "-b:a", "48k"), ".m4a"), (("-c:a", "libopus", "-b:a", "16k"), ".opus")],
    ids=["aac48", "opus16"],
)
@pytest.mark.parametrize("name", ["ami-trn01", "librivox-sonnet-1", "jfk-inaugural-1961"])
def test_a_clip_of_five_seconds_is_found_at_its_place(filled, make_media, tmp_path, name, arguments, suffix):
    found = find(filled, clip_of(make_media, tmp_path, SPEECH / f"{name}.flac", 3.217, arguments, suffix))
    assert found.outcome is FindOutcome.FOUND
    assert [hit.recording.name for hit in found.hits] == [f"{name}.flac"]
    assert found.hits[0].at[0] == pytest.approx(3.217, abs=0.05)
    assert found.hits[0].at[1] == pytest.approx(8.217, abs=0.1)  # an encoder pads its last packet


def test_a_clip_from_elsewhere_is_not_found(own, make_media, tmp_path):
    with Archive(own) as archive:
        for recording in RECORDINGS:
            if recording.name.startswith("ami"):
                archive.remove(recording.name)
    for recording in SPEECH.glob("ami-*.flac"):
        for start in (2, 12, 22):
            clip = clip_of(make_media, tmp_path, recording, start, ("-c:a", "pcm_s16le"), ".wav")
            assert find(own, clip).outcome is FindOutcome.NOT_FOUND


def test_a_long_clip_with_a_cut_is_found_in_two_places(filled, make_media, tmp_path):
    clip = tmp_path / "cut.wav"
    make_media(
        "-i",
        str(SPEECH / "librivox-sonnet-1.flac"),
        "-af",
        "aselect='not(between(t,20,27))',asetpts=N/SR/TB",
        str(clip),
    )
    found = find(filled, clip)
    assert found.outcome is FindOutcome.FOUND
    assert {hit.recording.name for hit in found.hits} == {"librivox-sonnet-1.flac"}
    offsets = sorted(round(hit.at[0] - hit.clip[0], 1) for hit in found.hits)
    assert offsets == [0.0, pytest.approx(7.0, abs=0.1)]


def test_silence_is_not_sought(filled, make_media, tmp_path):
    clip = tmp_path / "silence.wav"
    make_media("-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "6", str(clip))
    found = find(filled, clip)
    assert found.outcome is FindOutcome.NOT_FOUND
    assert "less than a second" in found.why


def test_adding_again_changes_nothing(own):
    with Archive(own) as archive:
        before = archive.entries()
        again = list(archive.add([str(SPEECH)], print_or_why))
        assert {addition.state for addition in again} == {Added.KNOWN}
        assert archive.entries() == before


def test_the_same_recording_under_another_name_is_known(own, tmp_path):
    shutil.copy(RECORDINGS[0], tmp_path / "other.flac")
    with Archive(own) as archive:
        (again,) = archive.add([str(tmp_path / "other.flac")], print_or_why)
        assert again.state is Added.KNOWN


def test_a_broken_file_is_told_and_stops_no_other(tmp_path):
    shutil.copy(RECORDINGS[0], tmp_path / "b.flac")
    (tmp_path / "a.flac").write_bytes(b"no sound")
    (tmp_path / "c.flac").write_bytes(b"")
    with Archive(tmp_path / "A", make=True) as archive:
        done = {Path(addition.path).name: addition for addition in archive.add([str(tmp_path)], print_or_why)}
        assert {name: addition.state for name, addition in done.items()} == {
            "a.flac": Added.BROKEN,
            "b.flac": Added.NEW,
            "c.flac": Added.BROKEN,
        }
        assert done["a.flac"].why


def test_an_interrupted_add_goes_on_where_it_was(tmp_path):
    with Archive(tmp_path / "A", make=True) as archive:
        adding = archive.add([str(path) for path in RECORDINGS[:3]], print_or_why)
        assert next(adding).state is Added.NEW
        adding.close()
    with Archive(tmp_path / "A") as archive:
        states = [addition.state for addition in archive.add([str(path) for path in RECORDINGS[:3]], print_or_why)]
        assert sorted(states) == [Added.NEW, Added.NEW, Added.KNOWN]
        assert archive.verify() == []


def test_segments_find_what_fresh_lanes_find(own, make_media, tmp_path):
    clip = clip_of(make_media, tmp_path, SPEECH / "ami-dev01.flac", 10.05, ("-c:a", "aac", "-b:a", "48k"), ".m4a")
    fresh = find(own, clip)
    with Archive(own) as archive:
        archive.rebuild()
        assert archive.verify() == []
    assert find(own, clip) == fresh


def test_a_removed_recording_is_found_no_more_and_the_others_still_are(own, make_media, tmp_path):
    gone = clip_of(make_media, tmp_path, SPEECH / "ami-dev01.flac", 10, ("-c:a", "pcm_s16le"), ".wav")
    with Archive(own) as archive:
        archive.rebuild()
        archive.remove("ami-dev01.flac")
        assert archive.verify() == []
    assert find(own, gone).outcome is FindOutcome.NOT_FOUND
    kept = clip_of(make_media, tmp_path, SPEECH / "ami-trn01.flac", 10, ("-c:a", "pcm_s16le"), ".wav")
    assert find(own, kept).hits[0].recording.name == "ami-trn01.flac"


def test_a_reader_searches_beside_a_writer(own, make_media, tmp_path):
    clip = clip_of(make_media, tmp_path, SPEECH / "ami-dev01.flac", 10, ("-c:a", "pcm_s16le"), ".wav")
    frames = hear_clip(clip, jobs=1)[0]
    with Archive(own) as reader, Archive(own) as writer:
        assert reader.find(frames).outcome is FindOutcome.FOUND
        writer.rebuild()
        assert reader.find(frames).outcome is FindOutcome.FOUND
        writer.rebuild()
        assert reader.find(frames).outcome is FindOutcome.FOUND


def test_two_writers_at_once_are_one_too_many(own):
    with Archive(own) as archive, only_writer(str(own)), pytest.raises(StorageFailed, match="another program"):
        archive.remove(RECORDINGS[0].name)


def test_what_is_no_archive_is_told(tmp_path):
    with pytest.raises(UsageError, match="no archive"):
        Archive(tmp_path)
    (tmp_path / "archive.db").write_bytes(b"something else" * 100)
    with pytest.raises(MalformedFile, match="catalogue"):
        Archive(tmp_path)


def test_the_catalogue_is_read_by_any_program_that_reads_sqlite(filled):
    with sqlite3.connect(f"file:{filled / 'archive.db'}?mode=ro", uri=True) as db:
        assert db.execute("SELECT count(*) FROM recordings").fetchone() == (len(RECORDINGS),)


def damage_print(folder: Path) -> str:
    victim = sorted((folder / "prints").iterdir())[0]
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(data)
    return "checksum"


def lose_print(folder: Path) -> str:
    sorted((folder / "prints").iterdir())[0].unlink()
    return "does not exist"


def swap_prints(folder: Path) -> str:
    one, other = sorted((folder / "prints").iterdir())[:2]
    other.write_bytes(one.read_bytes())
    return "another print"


def damage_places(folder: Path) -> str:
    (places,) = (folder / "segments").glob("*/places.npy")
    array = np.load(places)
    np.save(places, array[:, ::-1])
    return "keys that the prints do not have"


def truncate_offsets(folder: Path) -> str:
    (offsets,) = (folder / "segments").glob("*/offsets.npy")
    offsets.write_bytes(offsets.read_bytes()[:1000])
    return "missing or damaged"


@pytest.mark.parametrize("harm", [damage_print, lose_print, swap_prints, damage_places, truncate_offsets])
def test_verify_tells_what_is_wrong(own, harm):
    with Archive(own) as archive:
        archive.rebuild()
        assert archive.verify() == []
    words = harm(own)
    with Archive(own) as archive:
        assert any(words in fault.what for fault in archive.verify())


def test_entries_are_named_by_number_hash_or_name(filled):
    with Archive(filled) as archive:
        entry = archive.entries()[2]
        for which in (str(entry.id), entry.sha256, entry.sha256[:8], entry.name, entry.path):
            assert archive.entry(which) == entry
        with pytest.raises(UsageError, match="no recording"):
            archive.entry("%")


def test_json_is_plain(filled):
    from wholetape.cli.archive_words import entry_as_json

    with Archive(filled) as archive:
        assert json.loads(json.dumps([entry_as_json(entry) for entry in archive.entries()]))
