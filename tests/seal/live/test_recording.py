"""A recording is sealed while it grows; whatever stops it, all but the last second verifies, and a gap shows."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import wave

import numpy as np
import pyrage
import pytest

from tests.seal.live import made
from tests.seal.made import STRANGER, A, B
from wholetape.checking import make_print
from wholetape.errors import MalformedFile, StorageFailed, UnreadableInput, UsageError, VerificationFailed
from wholetape.log.checkpoint import Checkpoint, cosign
from wholetape.log.kinds import Capture, Cipher, Event, SampleFormat, Segment, What
from wholetape.log.leaves import parse_leaf
from wholetape.log.merkle import Tree
from wholetape.log.note import Note
from wholetape.log.salts import Label, commit, salt
from wholetape.match.printfile import parse
from wholetape.media.streamed import HEADER
from wholetape.seal.cosigning import alike
from wholetape.seal.live.again import print_again
from wholetape.seal.live.closing import close_recording
from wholetape.seal.live.opening import open_hidden
from wholetape.seal.rows import rows_of
from wholetape.seal.sealfile import parse_seal
from wholetape.seal.sound import compare
from wholetape.store.folder import HeldFolder, is_held
from wholetape.store.lines import _framed


@pytest.fixture(scope="module")
def speech():
    return made.sound(6.3)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "out"


@pytest.fixture(scope="module")
def unclosed(tmp_path_factory, speech):
    """A folder as a kill leaves it, and what had been cosigned."""
    path = tmp_path_factory.mktemp("unclosed") / "out"
    follower = made.record(path, speech, close=False, pause_at=[25])
    return path, follower.acks


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


# Kills


def test_stopped_at_any_byte_of_what_it_writes_all_but_the_last_tenth_is_there(tmp_path, speech):
    rng = random.Random(11)
    with made.killed_after(1 << 40) as done:
        made.record(tmp_path / "whole", speech, pause_at=[25])
    for n in range(8):
        path, follower = tmp_path / f"{n}", made.Follower()
        with made.killed_after(rng.randrange(5000, done[0])):
            made.record(path, speech, follower=follower, pause_at=[25])
        taken = ((path / "recording.wav").stat().st_size - HEADER) // 2
        found = made.judge(path, speech, follower.acks)
        assert found.samples == taken
        assert found.lost == 0


def test_every_step_of_closing_can_be_the_last_and_begins_again(tmp_path, speech):
    short = speech[: 2 * 8000]
    with made.killed_after(1 << 40) as before:
        made.record(tmp_path / "unclosed", short, close=False)
    with made.killed_after(1 << 40) as after:
        made.record(tmp_path / "closed", short)
    for n, at in enumerate(sorted({*range(before[0], after[0], 509), *range(after[0] - 5, after[0])})):
        path, follower = tmp_path / f"{n}", made.Follower()
        with made.killed_after(at):
            made.record(path, short, follower=follower)
        assert made.judge(path, short, follower.acks).samples == 8000


def test_what_was_killed_while_it_was_closed_can_go_on(tmp_path, speech):
    short, more = speech[: 2 * 11000], speech[2 * 11000 : 2 * 20000]
    with made.killed_after(1 << 40) as before:
        made.record(tmp_path / "unclosed", short, close=False)
    with made.killed_after(1 << 40) as after:
        made.record(tmp_path / "closed", short)
    went_on = 0
    for n, at in enumerate(range(before[0], after[0], 611)):
        path, follower = tmp_path / f"{n}", made.Follower()
        with made.killed_after(at):
            made.record(path, short, follower=follower)
        with contextlib.suppress(UsageError):  # closed already
            made.record(path, more, follower=follower)
        went_on += made.judge(path, short + more, follower.acks).samples == 20000
    assert went_on >= 3


def test_what_was_killed_goes_on_with_a_gap_and_the_same_tree(path, speech, unclosed):
    shutil.copytree(unclosed[0], path)
    first = len(speech) // 2
    follower = made.Follower(acks=list(unclosed[1]))
    more = made.sound(3.21, seed=9)
    made.record(path, more, follower=follower)
    found = made.judge(path, speech + more, follower.acks, recovering=False)
    assert found.samples == first + len(more) // 2
    assert [(gap.first, gap.samples) for gap in found.gaps] == [(first, 0)]
    assert "ended unexpectedly" in found.gaps[0].detail
    assert alike(make_print(path / "recording.wav"), (path / "recording.print").read_bytes())


def test_it_can_be_killed_again_and_again(path, speech):
    follower, parts = made.Follower(), [speech[at : at + 14000] for at in range(0, len(speech), 14000)]
    for part in parts:
        made.record(path, part, follower=follower, close=False)
    found = made.judge(path, speech, follower.acks)
    assert found.samples == len(speech) // 2
    assert len(found.gaps) == len(parts)


@pytest.mark.parametrize("name", ["recording.wav", "journal", "journal.copy"])
def test_any_file_cut_off_anywhere_costs_no_more_than_what_was_cut_and_a_second(tmp_path, speech, unclosed, name):
    rng = random.Random(5)
    size = (unclosed[0] / name).stat().st_size
    for n, at in enumerate([0, 1, size - 1, *(rng.randrange(size) for _ in range(4))]):
        path = tmp_path / f"{n}"
        shutil.copytree(unclosed[0], path)
        os.truncate(path / name, at)
        found = made.judge(path, speech, unclosed[1])
        kept = found.samples - found.lost
        left = max(0, at - HEADER) // 2 if name == "recording.wav" else len(speech) // 2
        assert left - kept < 8000
        if name == "recording.wav":
            assert bool(found.lost) == (at < HEADER + 2 * 44000), "of the seconds that were committed"
            assert found.lost == sum(gap.samples for gap in found.gaps)


def test_a_missing_copy_is_made_again_and_a_bit_flipped_in_one_is_healed_from_the_other(tmp_path, speech, unclosed):
    whole = (unclosed[0] / "journal").read_bytes()
    for n, name in enumerate(["journal", "journal.copy"]):
        path = tmp_path / f"missing-{n}"
        shutil.copytree(unclosed[0], path)
        os.unlink(path / name)
        made.judge(path, speech, unclosed[1])
        path = tmp_path / f"flipped-{n}"
        shutil.copytree(unclosed[0], path)
        flipped = bytearray(whole)
        flipped[len(whole) // 2] ^= 4
        (path / name).write_bytes(flipped)
        made.judge(path, speech, unclosed[1])


def test_lost_sound_is_silence_in_the_file_and_shows_and_only_silence_may_stand_there(tmp_path, speech, unclosed):
    path = tmp_path / "cut"
    shutil.copytree(unclosed[0], path)
    os.truncate(path / "recording.wav", HEADER + 2 * 30000)
    found = made.judge(path, speech, unclosed[1])
    (gap, end) = found.gaps
    assert (gap.first, gap.detail) == (26 * 800, "sound was lost on the disk") or gap.first <= 30000
    assert end.samples == 0
    wav = bytearray((path / "recording.wav").read_bytes())
    wav[HEADER + 2 * gap.first + 100] = 1
    (path / "recording.wav").write_bytes(wav)
    facts = compare(path / "recording.wav", found.seal)
    assert facts.samples is False
    assert "differ" in facts.why


def test_sound_that_was_changed_on_disk_is_not_sealed(tmp_path, unclosed):
    path = tmp_path / "changed"
    shutil.copytree(unclosed[0], path)
    wav = bytearray((path / "recording.wav").read_bytes())
    wav[HEADER + 2 * 17000] ^= 1
    (path / "recording.wav").write_bytes(wav)
    with pytest.raises(VerificationFailed, match=r"second 2 .* is not what was recorded"):
        made.recover(path)
    assert not (path / "recording.seal").exists()


def test_a_journal_changed_by_somebody_who_makes_its_checksums_fit_is_refused(tmp_path, unclosed):
    path = tmp_path / "forged"
    shutil.copytree(unclosed[0], path)
    lines = (path / "journal").read_bytes().splitlines(keepends=True)
    payload = lines[3][17:-1].replace(b'"samples":8000', b'"samples":7999')
    (path / "journal").write_bytes(b"".join([*lines[:3], _framed(payload), *lines[4:]]))
    with pytest.raises(MalformedFile, match="neither is damaged"):
        made.recover(path)
    (path / "journal.copy").write_bytes((path / "journal").read_bytes())
    with pytest.raises(MalformedFile, match="leaf"):
        made.recover(path)


def test_both_copies_gone_says_what_can_still_be_done(tmp_path, unclosed):
    path = tmp_path / "gone"
    shutil.copytree(unclosed[0], path)
    for name in ("journal", "journal.copy"):
        os.truncate(path / name, 10)
    with pytest.raises(MalformedFile) as caught:
        made.recover(path)
    assert "wholetape seal" in caught.value.hint
    assert (path / "recording.wav").stat().st_size > 50000, "the sound is left alone"


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


# Disks


class Full:
    """A disk on which there is room for so many bytes more."""

    def __init__(self, monkeypatch, room):
        self.room, real = room, os.pwrite

        def pwrite(fd, data, at):
            part = bytes(data)[: self.room]
            self.room -= len(part)
            if not part:
                raise OSError(28, "No space left on device")
            return real(fd, part, at)

        monkeypatch.setattr(os, "pwrite", pwrite)


@pytest.mark.parametrize("room", [60_000, 60_500, 61_000, 100, 3000])
def test_a_full_disk_is_told_and_nothing_that_was_written_is_lost(path, speech, monkeypatch, room):
    follower = made.Follower()
    with monkeypatch.context() as patched:
        Full(patched, room)
        with pytest.raises(StorageFailed, match="no space left") as caught:
            made.record(path, speech, follower=follower)
    assert "free some space" in caught.value.hint
    if room > 10_000:
        written = (path / "recording.wav").stat().st_size - HEADER
        found = made.judge(path, speech, follower.acks)
        assert found.samples == written // 2
        assert written > room * 0.8


def test_no_room_for_print_and_seal_leaves_everything_to_be_closed_later(path, speech, monkeypatch):
    with monkeypatch.context() as patched:

        def refuse(source, target):
            raise OSError(28, "No space left on device")

        patched.setattr(os, "replace", refuse)
        with pytest.raises(StorageFailed, match="no space left"):
            made.record(path, speech)
    assert not any(name.endswith(".part") for name in os.listdir(path))
    assert made.judge(path, speech, []).samples == len(speech) // 2


def test_a_folder_that_cannot_be_made_or_is_a_file_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageFailed):
        HeldFolder(str(tmp_path / "file" / "in"), make=True)
    with pytest.raises(StorageFailed):
        HeldFolder(str(tmp_path / "file"), make=True)
    with pytest.raises(UsageError):
        HeldFolder(str(tmp_path / "missing"))


# Encrypted


@pytest.fixture(scope="module")
def identity():
    return pyrage.x25519.Identity.generate()


def test_encrypted_nothing_on_the_disk_is_plain(path, speech, identity):
    made.record(path, speech, recipients=[str(identity.to_public())])
    made.record(path.with_name("plain"), speech)
    seal = parse_seal((path / "recording.seal").read_bytes())
    assert seal.seed is None
    rows = (path.with_name("plain") / "recording.print").read_bytes()[60:]
    for file in path.iterdir():
        data = file.read_bytes()
        assert not any(speech[at : at + 32] in data for at in range(0, len(speech) - 32, 997)), file
        assert not any(rows[at : at + 16] in data for at in range(0, len(rows) - 16, 31)), file
    assert sorted(file.name for file in path.iterdir()) == [
        "journal", "lock", "recording.print.age", "recording.seal", "sound.age"
    ]  # fmt: skip
    for line in (path / "journal").read_bytes().splitlines()[:1]:
        assert json.loads(line[17:])["seed"] is None


def test_encrypted_only_an_identity_opens_it_and_then_it_verifies_and_can_be_cosigned(path, speech, identity):
    made.record(path, speech, recipients=[str(identity.to_public())])
    with pytest.raises(VerificationFailed):
        open_hidden(str(path), [pyrage.x25519.Identity.generate()], str(path.with_name("stranger")))
    assert not path.with_name("stranger").exists() or not any(path.with_name("stranger").iterdir())
    opened = path.with_name("opened")
    open_hidden(str(path), [identity], str(opened))
    assert made.judge(opened, speech, [], recovering=False).samples == len(speech) // 2


def test_encrypted_and_killed_it_needs_an_identity_to_be_closed(tmp_path, speech, identity):
    path = tmp_path / "hidden"
    follower = made.record(path, speech, recipients=[str(identity.to_public())], close=False)
    with pytest.raises(UsageError, match="encrypted"):
        made.recover(path)
    for at in (None, 40_000):
        copy = tmp_path / f"cut-{at}"
        shutil.copytree(path, copy)
        if at:
            os.truncate(copy / "sound.age", at)
        made.recover(copy, identities=[identity])
        opened = tmp_path / f"opened-{at}"
        open_hidden(str(copy), [identity], str(opened))
        found = made.judge(opened, speech, follower.acks, recovering=False)
        assert found.samples // 8000 == 6
        assert bool(found.lost) == bool(at)


def test_the_ciphertext_is_committed_to(path, speech, identity):
    made.record(path, made.sound(23), recipients=[str(identity.to_public())])
    seal = parse_seal((path / "recording.seal").read_bytes())
    leaves = [leaf for leaf in seal.leaves if isinstance(leaf, Cipher)]
    assert [(leaf.first, leaf.count) for leaf in leaves] == [(0, 10), (10, 10), (20, 3)]
    data, at, sums = (path / "sound.age").read_bytes(), 0, []
    for leaf in leaves:
        start = at
        for _ in range(leaf.count):
            at += 8 + int.from_bytes(data[at : at + 8], "big")
        sums.append(hashlib.sha256(data[start:at]).digest())
    assert [leaf.sha256 for leaf in leaves] == sums
    assert at == len(data)


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
