"""A recording is sealed while it grows: what is on the disk when, who may go on, and what is recorded as such."""

from __future__ import annotations

import os
import shutil
import wave

import numpy as np
import pytest

from tests.seal.live import made
from tests.seal.made import STRANGER, A, B
from wholetape.checking import make_print
from wholetape.errors import UnreadableInput, UsageError
from wholetape.log.checkpoint import Checkpoint, cosign
from wholetape.log.kinds import Capture, Event, SampleFormat, Segment, What
from wholetape.log.leaves import parse_leaf
from wholetape.log.merkle import Tree
from wholetape.log.note import Note
from wholetape.log.salts import Label, commit, salt
from wholetape.match.printfile import parse
from wholetape.media.streamed import HEADER
from wholetape.seal.cosigning import alike
from wholetape.seal.live.again import print_again
from wholetape.seal.live.closing import close_recording
from wholetape.seal.rows import rows_of
from wholetape.seal.sealfile import parse_seal
from wholetape.seal.sound import compare
from wholetape.store.folder import HeldFolder, is_held


def events(path):
    seal = parse_seal((path / "recording.seal").read_bytes())
    return [leaf for leaf in seal.leaves if isinstance(leaf, Event)]


def test_it_verifies_once_it_is_closed_and_cosigned(path, speech):
    follower = made.record(path, speech)
    found = made.judge(path, speech, follower.acks, recovering=False)
    assert (found.samples, found.gaps) == (len(speech) // 2, ())
    assert found.seal.header.capture is Capture.LIVE
    assert [leaf.samples for leaf in found.seal.segments] == [8000] * 6 + [2400]
    with wave.open(str(path / "recording.wav")) as file:
        assert file.readframes(1 << 20) == speech


def test_the_files_are_the_recording_its_print_its_seal_and_the_journal_and_only_the_owner_reads_what_is_secret(
    path, speech
):
    made.record(path, speech)
    assert sorted(os.listdir(path)) == ["journal", "lock", "recording.print", "recording.seal", "recording.wav"]
    assert {os.stat(path / name).st_mode & 0o077 for name in ("journal", "recording.wav")} == {0}
    assert os.stat(path).st_mode & 0o077 == 0


@pytest.mark.parametrize(("rate", "channels"), [(48000, 1), (44100, 2), (8000, 2), (22050, 1)])
def test_the_print_is_that_of_the_file_and_each_segment_commits_to_its_rows(path, rate, channels):
    data = made.sound(4.45, rate, channels)
    source = made.Source(rate=rate, channels=channels)
    made.record(path, data, source=source, pause_at=[17])
    seal = parse_seal((path / "recording.seal").read_bytes())
    live, wav = (path / "recording.print").read_bytes(), path / "recording.wav"
    assert alike(print_again(wav, seal.header, parse(live).recording), live)
    assert alike(make_print(wav), live) or channels > 1  # of a file, channels are told apart from where they differ
    leaves, rate = seal.segments, seal.header.rate
    assert seal.seed is not None
    rows = rows_of(parse(live), seal.header.print.tracks, [leaf.first for leaf in leaves], rate)
    for leaf, row in zip(leaves, rows, strict=True):
        if leaf.print is not None:
            assert leaf.print == commit(salt(seal.seed, Label.PRINT, leaf.n), row)
    assert sum(leaf.print is None for leaf in leaves) == 1, "only the short one before the pause has no rows yet"


def test_a_second_is_on_disk_and_under_the_head_once_it_and_an_eighth_of_a_second_have_come(path, speech):
    folder = HeldFolder(str(path), make=True)
    heads = []
    recorder = made.begun(path, folder, made.Clock(), lambda: heads.append(recorder.samples))
    for at in range(0, len(speech), 160):  # 10 ms a block
        recorder.take(speech[at : at + 160])
    assert [count - 8000 * n for n, count in enumerate(heads, 1)] == [1200] * 6
    lines = recorder.journal.lines(0, 100)
    assert (
        recorder.journal.head().text == Checkpoint(recorder.journal.header.origin, len(lines), Tree(lines).root()).text
    )
    on_disk = (path / "journal").read_bytes()
    assert on_disk == (path / "journal.copy").read_bytes()
    assert on_disk.count(b'"leaf":"segment"') == 6
    made.drop(folder)


def test_a_host_is_given_rows_and_salts_that_fit_the_leaves(path, speech):
    folder = HeldFolder(str(path), make=True)
    recorder = made.begun(path, folder, made.Clock(), lambda: None)
    for n, at in enumerate(range(0, len(speech), 1600)):
        recorder.take(speech[at : at + 1600])
        if n == 25:
            recorder.pause()
            recorder.resume()
    journal = recorder.journal
    leaves = [parse_leaf(line) for line in journal.lines(0, 100)]
    segments = [leaf for leaf in leaves if isinstance(leaf, Segment)]
    assert len(segments) >= 6
    for leaf in segments:
        given = journal.rows(leaf.n)
        assert (given is None) == (leaf.print is None)
        assert given is None or commit(*given) == leaf.print
    assert journal.rows(99) is None
    made.drop(folder)


# Who may


def test_a_second_recorder_on_the_folder_is_refused_and_a_kill_frees_it(path, speech):
    folder = HeldFolder(str(path), make=True)
    assert is_held(str(path))
    with pytest.raises(UsageError, match="another recorder"):
        HeldFolder(str(path))
    made.drop(folder)  # as the end of the process does
    assert not is_held(str(path))
    HeldFolder(str(path)).release()


def test_only_the_recorders_key_goes_on_or_closes(unclosed, tmp_path):
    path = tmp_path / "stolen"
    shutil.copytree(unclosed[0], path)
    for key in (B, STRANGER):
        with pytest.raises(UsageError, match="did not make this recording"):
            made.recover(path, key)


def test_a_closed_recording_does_not_go_on(path, speech):
    made.record(path, speech)
    with pytest.raises(UsageError, match="is closed"):
        made.record(path, speech)
    before = (path / "recording.seal").read_bytes()
    made.recover(path)
    assert (path / "recording.seal").read_bytes() == before, "closing once more writes the same"


def test_nothing_recorded_is_nothing_sealed(path):
    with pytest.raises(UnreadableInput, match="nothing was recorded"):
        made.record(path, b"")


# What is recorded as such


def test_a_pause_is_an_event_in_wall_clock_time_and_the_sound_goes_on_behind_it(path, speech):
    made.record(path, speech, pause_at=[25])
    pause, again = events(path)
    assert (pause.event, again.event) == (What.PAUSE, What.RESUME)
    assert pause.first == again.first == 20000
    assert again.at - pause.at == 60_000
    assert (path / "recording.wav").read_bytes()[HEADER:] == speech


def test_a_pause_is_under_the_head_at_once(path, speech):
    folder = HeldFolder(str(path), make=True)
    recorder = made.begun(path, folder, made.Clock(), lambda: None)
    recorder.take(speech[:20000])
    recorder.pause()
    last = parse_leaf(recorder.journal.lines(0, 100)[-1])
    assert isinstance(last, Event)
    assert (last.event, last.first) == (What.PAUSE, 10000)
    assert int(recorder.journal.head().text.split("\n")[1]) == len(recorder.journal.lines(0, 100))
    made.drop(folder)


@pytest.mark.parametrize(("step", "words"), [(-3600.0, "back by 3600.0 s"), (90.0, "forward by 90.0 s")])
def test_a_clock_that_is_set_is_recorded_and_nothing_else_changes(path, speech, step, words):
    class Stepped(made.Clock):
        def tick(self, seconds):
            super().tick(seconds)
            if 2.95 < self.ran < 3.05:
                self.now += step

    made.record(path, speech, clock=Stepped())
    (event,) = events(path)
    assert (event.event, event.detail) == (What.CLOCK, f"the clock was set {words}")
    made.judge(path, speech, [], recovering=False)


def test_what_hosts_ask_for_is_recorded_within_the_sound_there_is(path, speech):
    folder = HeldFolder(str(path), make=True)
    recorder = made.begun(path, folder, made.Clock(), lambda: None)
    journal = recorder.journal
    recorder.take(speech[:40000])
    journal.event(What.FOLLOWS, "side-b", -1, 0, "")
    journal.event(What.NOT_MATCHED, "side-b", 8000, 1 << 40, "")
    recorder.take(speech[40000:])
    close_recording(folder, recorder, A, "stopped")
    follows, odd = events(path)
    assert (follows.event, follows.first) == (What.FOLLOWS, 48000)
    assert (odd.first, odd.samples) == (8000, 40000)
    assert follows.at is not None
    made.drop(folder)


def test_a_cosigned_head_of_another_tree_does_not_get_into_the_seal(path, speech):
    class Liar(made.Follower):
        def changed(self):
            journal = self.journal
            if journal is not None and not self.seen:
                self.seen += 1
                lie = Checkpoint(journal.header.origin, 2, bytes(32))
                journal.cosigned(cosign(Note(lie.text, ()), B, 1))

    made.record(path, speech, follower=Liar())
    assert parse_seal((path / "recording.seal").read_bytes()).earlier == {}


# Sound of any form


@pytest.mark.parametrize("kind", [SampleFormat.U8, SampleFormat.S24, SampleFormat.S32, SampleFormat.F32])
def test_every_sample_format_is_sealed_as_it_came(path, kind):
    rng = np.random.default_rng(3)
    data = rng.integers(0, 256, 2 * 8000 * kind.width, dtype=np.uint8).tobytes()
    if kind is SampleFormat.F32:
        data = rng.uniform(-1, 1, 2 * 8000).astype("<f4").tobytes()
    made.record(path, data, source=made.Source(sample_format=kind))
    seal = parse_seal((path / "recording.seal").read_bytes())
    facts = compare(path / "recording.wav", seal)
    assert facts.samples is True
    assert seal.close is not None
    assert facts.file == seal.close.file
    assert (path / "recording.wav").read_bytes()[HEADER:] == data
