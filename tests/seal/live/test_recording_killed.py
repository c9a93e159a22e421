"""Whatever stops a recorder, all but the last second verifies; a gap shows; sound changed on disk is not sealed."""

from __future__ import annotations

import contextlib
import os
import random
import shutil

import pytest

from tests.seal.live import made
from wholetape.checking import make_print
from wholetape.errors import MalformedFile, UsageError, VerificationFailed
from wholetape.media.streamed import HEADER
from wholetape.seal.cosigning import alike
from wholetape.seal.sound import compare
from wholetape.store.lines import _framed


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
