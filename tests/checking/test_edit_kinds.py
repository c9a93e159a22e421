"""Each kind of edit is told once, by its name, and at its place on both clocks."""

from __future__ import annotations

import pytest

from tests.checking.desk import check, ffmpeg, meeting, near, one_edit, save, silence, splice, stranger, told, tone
from wholetape.findings import Kind, Outcome


@pytest.mark.parametrize("gone", [0.03, 0.12, 1.8])
def test_a_cut_is_told_where_it_was_made(checked, gone):
    result = checked(splice(meeting(0, 21), meeting(21 + gone, 40)))
    one_edit(result, "cut", (21.0, 21.0), (21.0, 21.0 + gone))
    assert result.outcome is Outcome.EDITED
    assert result.coverage.references[0] == pytest.approx(1 - gone / 40, abs=0.002)


def test_inserted_words_have_no_place_in_the_reference(checked):
    result = checked(splice(meeting(0, 12.3), stranger(1.2), meeting(12.3, 40)))
    one_edit(result, "inserted", (12.3, 13.5), None)
    assert result.coverage.references == pytest.approx((1.0,), abs=0.001)


@pytest.mark.parametrize(("put", "gone"), [(1.2, 1.2), (2.0, 1.2), (0.8, 1.7)])
def test_replaced_words_are_one_edit_whether_longer_or_shorter(checked, put, gone):
    result = checked(splice(meeting(0, 12.3), stranger(put), meeting(12.3 + gone, 40)))
    one_edit(result, "replaced", (12.3, 12.3 + put), (12.3, 12.3 + gone))


def test_words_put_over_others_of_the_same_recording_are_replaced_and_say_where_they_come_from(checked):
    result = checked(splice(meeting(0, 12.3), meeting(20, 21.5), meeting(13.8, 40)))
    one_edit(result, "replaced", (12.3, 13.8), (20.0, 21.5))


def test_six_seconds_of_other_words_are_replaced_however_much_they_differ(checked):
    result = checked(splice(meeting(0, 12.3), stranger(6.0, 0.0), meeting(18.3, 40)))
    one_edit(result, "replaced", (12.3, 18.3), (12.3, 18.3), within=0.08)
    assert result.outcome is Outcome.EDITED


@pytest.mark.parametrize(("first", "last"), [(0.6, 6.0), (6.0, 0.8)], ids=["head", "tail"])
def test_what_little_stands_before_or_behind_a_long_insertion_is_found(checked, first, last):
    at = 20.0
    result = checked(splice(meeting(at - first, at), stranger(4.0), meeting(at, at + last)))
    one_edit(result, "inserted", (first, first + 4.0), None)
    assert [str(s.kind) for s in result.spans] == ["kept", "inserted", "kept"]


@pytest.mark.parametrize(("at", "start"), [(12.3, 20.0), (22.3, 10.0)])
def test_a_pasted_passage_is_repeated_where_it_is_kept_at_its_own_place_too(checked, at, start):
    result = checked(splice(meeting(0, at), meeting(start, start + 1.5), meeting(at, 40)))
    one_edit(result, "repeated", (at, at + 1.5), (start, start + 1.5))


def test_a_stutter_is_one_repeat(checked):
    result = checked(splice(meeting(0, 12.3), meeting(11.6, 12.3), meeting(12.3, 40)))
    one_edit(result, "repeated", (12.3, 13.0), (11.6, 12.3))


@pytest.mark.parametrize(
    ("order", "release", "reference"),
    [
        (((0, 10), (12, 25), (10, 12), (25, 40)), (23.0, 25.0), (10.0, 12.0)),
        (((0, 10), (25, 27), (10, 25), (27, 40)), (10.0, 12.0), (25.0, 27.0)),
    ],
)
def test_a_moved_passage_is_one_edit_without_a_cut_beside_it(checked, order, release, reference):
    result = checked(splice(*(meeting(a, b) for a, b in order)))
    one_edit(result, "moved", release, reference)
    assert result.coverage.references[0] == pytest.approx(1.0, abs=0.002)


@pytest.mark.parametrize("at", [5.0, 21.0])
def test_silence_over_words_is_muted(checked, at):
    result = checked(splice(meeting(0, at), silence(0.8), meeting(at + 0.8, 40)))
    one_edit(result, "muted", (at, at + 0.8), (at, at + 0.8))


@pytest.mark.parametrize("share", [0.01, 0.003])
def test_words_turned_down_until_nobody_hears_them_are_not_whole(checked, share):
    result = checked(splice(meeting(0, 21), share * meeting(21, 21.8), meeting(21.8, 40)))
    assert result.outcome is not Outcome.WHOLE
    assert [e.kind for e in result.edits] == [Kind.MUTED], told(result)


@pytest.mark.parametrize("hertz", [400.0, 1000.0, 3000.0])
def test_a_bleep_is_muted(checked, hertz):
    result = checked(splice(meeting(0, 21), tone(0.8, hertz), meeting(21.8, 40)))
    one_edit(result, "muted", (21.0, 21.8), (21.0, 21.8))


@pytest.mark.parametrize("ratio", [0.95, 1.03, 1.2])
@pytest.mark.parametrize("filter_", ["asetrate={rate},aresample=16000", "atempo={ratio}"], ids=["resampled", "tempo"])
def test_another_speed_is_one_edit_over_the_whole_release(room, tmp_path, meeting_print, ratio, filter_):
    words = filter_.format(rate=round(16000 * ratio), ratio=ratio)
    result = check(ffmpeg(room / "meeting.wav", tmp_path / "fast.wav", "-af", words), meeting_print)
    edit = one_edit(result, "speed", (0.0, 40 / ratio), (0.0, 40.0), within=0.06)
    assert edit.speed == pytest.approx(ratio, rel=0.001)
    assert result.outcome is Outcome.EDITED


@pytest.mark.parametrize("ratio", [0.9, 1.08])
def test_one_stretch_that_was_resampled_is_one_edit_of_speed(checked, tmp_path, ratio):
    other = resampled(tmp_path, meeting(12, 18), ratio)
    edit = one_edit(
        checked(splice(meeting(0, 12), other, meeting(18, 40))), "speed", (12.0, 12 + 6 / ratio), (12.0, 18.0), 0.1
    )
    assert edit.speed == pytest.approx(ratio, rel=0.003)


def resampled(folder, sound, ratio):
    from examples.make import read

    source = save(folder / "stretch.wav", sound)
    words = f"asetrate={round(16000 * ratio)},aresample=16000"
    return read(ffmpeg(source, folder / "resampled.wav", "-af", words))


def test_one_stretch_at_another_tempo_is_one_edit_of_speed(room, checked, tmp_path):
    from examples.make import read

    source = save(tmp_path / "stretch.wav", meeting(12, 18))
    other = read(ffmpeg(source, tmp_path / "tempo.wav", "-af", "atempo=1.08"))
    result = checked(splice(meeting(0, 12), other, meeting(18, 40)))
    assert [e.kind for e in result.edits] == [Kind.SPEED], told(result)


def test_several_edits_are_told_in_the_order_of_the_release(checked):
    result = checked(
        splice(
            meeting(0, 5),
            tone(0.5),
            meeting(5.5, 10),
            meeting(12, 20),
            stranger(0.9),
            meeting(20, 26),
            meeting(30, 31),
            meeting(26, 40),
        )
    )
    assert [str(e.kind) for e in result.edits] == ["muted", "cut", "inserted", "repeated"], told(result)
    assert [round(e.release.seconds[0], 1) for e in result.edits] == [5.0, 10.0, 18.0, 24.9]


def test_edits_survive_a_codec(tmp_path, meeting_print):
    source = save(tmp_path / "a.wav", splice(meeting(0, 12.3), meeting(12.8, 20), stranger(0.6), meeting(20.6, 40)))
    result = check(ffmpeg(source, tmp_path / "a.m4a", "-c:a", "aac", "-b:a", "48k", "-ar", 44100), meeting_print)
    assert [str(e.kind) for e in result.edits] == ["cut", "replaced"], told(result)
    assert near(result.edits[0].reference, 12.3, 12.8)
    assert near(result.edits[1].reference, 20.0, 20.6)


@pytest.mark.parametrize(("kept", "gone"), [(1.0, 0.05), (0.6, 0.1), (1.5, 0.03)])
def test_cuts_that_follow_each_other_within_a_second_are_so_many_cuts(checked, kept, gone):
    starts = [5 + k * (kept + gone) for k in range(20)]
    parts = [meeting(start, start + kept) for start in starts]
    result = checked(splice(meeting(0, 5), *parts, meeting(starts[-1] + kept + gone, 40)))
    cuts = [e for e in result.edits if e.kind is Kind.CUT]
    assert len(cuts) >= 19, told(result)
    assert len(result.edits) <= 20, told(result)
    assert Kind.SPEED not in [e.kind for e in result.edits]
    assert all(any(near(e.release, 5 + k * kept, 5 + k * kept, 0.06) for k in range(21)) for e in cuts)
