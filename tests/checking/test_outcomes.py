"""The outcome follows from the edits, what could not be verified, and what is missing, by the rules of the contract."""

from __future__ import annotations

import pytest

import wholetape
from tests.checking.desk import (
    check,
    ffmpeg,
    meeting,
    near,
    noise,
    one_edit,
    save,
    silence,
    splice,
    spoken,
    stranger,
    told,
)
from wholetape.cli.main import main
from wholetape.errors import UnreadableInput
from wholetape.findings import Kind, Outcome


def test_an_identical_copy_is_whole(room, meeting_print):
    for reference in (meeting_print, room / "meeting.wav"):
        result = check(room / "meeting.wav", reference)
        assert result.outcome is Outcome.WHOLE
        assert result.edits == ()
        assert result.missing == ()
        assert result.coverage.references == (1.0,)
        assert [span.kind for span in result.spans] == [Kind.KEPT]


@pytest.mark.parametrize(("start", "end"), [(0.2, 40), (0, 39.8), (0.24, 39.76)])
def test_a_head_or_tail_below_a_quarter_second_may_be_missing_of_a_whole_release(checked, start, end):
    result = checked(meeting(start, end))
    assert result.outcome is Outcome.WHOLE, result.missing
    assert result.edits == ()


@pytest.mark.parametrize(("start", "end"), [(0.27, 40), (0, 39.73), (8, 20), (37, 40)])
def test_more_missing_makes_an_excerpt_told_in_missing_and_not_among_the_edits(checked, start, end):
    result = checked(meeting(start, end))
    assert result.outcome is Outcome.EXCERPT
    assert result.edits == ()
    gone = [(0, start)] * (start > 0) + [(end, 40)] * (end < 40)
    assert len(result.missing) == len(gone)
    for missing, span in zip(result.missing, gone, strict=True):
        assert near(missing.reference, *span)
    assert result.coverage.references[0] == pytest.approx((end - start) / 40, abs=0.005)


@pytest.mark.parametrize("seconds", [0.3, 1.0])
@pytest.mark.parametrize("material", [stranger, silence], ids=["words", "silence"])
def test_added_heads_and_tails_are_inserted(checked, seconds, material):
    one_edit(checked(splice(material(seconds), meeting())), "inserted", (0.0, seconds), None, within=0.04)
    one_edit(checked(splice(meeting(), material(seconds))), "inserted", (40.0, 40.0 + seconds), None, within=0.04)


def test_a_fifth_of_a_second_of_encoder_delay_is_no_insertion(checked):
    result = checked(splice(silence(0.1), meeting(), silence(0.2)))
    assert result.outcome is Outcome.WHOLE, told(result)


def test_an_excerpt_with_an_edit_is_edited(checked):
    result = checked(splice(meeting(8, 12.3), meeting(13.3, 20)))
    one_edit(result, "cut", (4.3, 4.3), (12.3, 13.3))
    assert result.outcome is Outcome.EDITED
    assert [m.reference.seconds for m in result.missing] == [
        pytest.approx((0, 8), abs=0.03),
        pytest.approx((20, 40), abs=0.03),
    ]


def test_another_recording_is_unrelated(checked):
    result = checked(stranger(10, 0))
    assert result.outcome is Outcome.UNRELATED
    assert result.edits == ()
    assert result.coverage.references == (0.0,)
    assert [span.kind for span in result.spans] == [Kind.UNVERIFIED]


@pytest.mark.parametrize("level", [0.05, 0.15, 0.5])
@pytest.mark.parametrize("under", [True, False], ids=["over the word", "over another word"])
def test_noise_over_a_word_is_never_whole(checked, level, under):
    word = meeting(21, 21.8) if under else stranger(0.8)
    result = checked(splice(meeting(0, 21), word + noise(0.8, level), meeting(21.8, 40)))
    if not under or level > 0.1:
        assert result.outcome in (Outcome.UNDECIDED, Outcome.EDITED), told(result)


def test_steady_noise_that_hides_a_word_is_undecided(checked):
    result = checked(splice(meeting(0, 21), noise(0.8, 0.15), meeting(21.8, 40)))
    assert result.outcome is Outcome.UNDECIDED, told(result)
    [span] = [span for span in result.spans if span.kind is Kind.UNVERIFIED]
    assert near(span.release, 21.0, 21.8, 0.06)
    assert result.coverage.unverified == pytest.approx(0.8 / 40, abs=0.003)


@pytest.mark.parametrize("seed", [3, 4])
@pytest.mark.parametrize("level", [0.15, 0.3, 0.6])
def test_noise_that_drowns_the_end_of_an_excerpt_is_no_insertion(checked, level, seed):
    result = checked(splice(meeting(5, 20), meeting(20, 26) + noise(6, level, seed)))
    assert result.outcome in (Outcome.EXCERPT, Outcome.UNDECIDED), told(result)
    assert result.edits == ()


def test_foreign_sound_at_the_end_of_an_excerpt_is_inserted(checked):
    one_edit(checked(splice(meeting(5, 20), stranger(3))), "inserted", (15.0, 18.0), None, within=0.06)


def test_a_silent_release_is_undecided(checked):
    result = checked(silence(5))
    assert result.outcome is Outcome.UNDECIDED
    assert any("silent" in note for note in result.notes)


@pytest.mark.parametrize("seconds", [0.2, 1.0, 3.0])
def test_a_very_short_release_is_found_or_undecided_but_never_whole(checked, seconds):
    result = checked(meeting(21, 21 + seconds))
    assert result.outcome in (Outcome.EXCERPT, Outcome.UNDECIDED)
    assert result.edits == ()


@pytest.mark.parametrize("seconds", [0.05, 0.2, 1.0])
def test_a_very_short_release_of_other_words_is_no_excerpt(checked, seconds):
    assert checked(stranger(seconds)).outcome in (Outcome.UNDECIDED, Outcome.UNRELATED)


def test_an_original_within_a_longer_release_keeps_its_speed(room, tmp_path):
    short = save(tmp_path / "short.wav", meeting(10, 20))
    release = save(tmp_path / "long.wav", splice(stranger(9, 0), meeting(10, 20), stranger(8, 0)))
    result = check(release, short)
    assert [str(e.kind) for e in result.edits] == ["inserted", "inserted"], told(result)
    assert near(result.edits[0].release, 0.0, 9.0, 0.04)
    assert near(result.edits[1].release, 19.0, 27.0, 0.04)
    assert result.missing == ()


def test_a_short_passage_of_a_far_longer_reference_is_found_at_its_place(checked, tmp_path):
    whole = save(tmp_path / "all.wav", spoken("meeting.flac"))
    result = checked(meeting(70, 76), against=[whole])
    assert result.outcome is Outcome.EXCERPT
    assert [m.reference.seconds for m in result.missing] == [
        pytest.approx((0, 70), abs=0.03),
        pytest.approx((76, 120), abs=0.03),
    ]


def test_edits_of_low_confidence_alone_are_undecided():
    from wholetape.checking.conclude import _outcome
    from wholetape.findings import Edit
    from wholetape.times import Span

    edit = Edit(Kind.CUT, Span(8000, 8000), 0, Span(8000, 9000), 0.89)
    sure = Edit(Kind.CUT, Span(8000, 8000), 0, Span(8000, 9000), 0.9)
    assert _outcome((edit,), (), ()) is Outcome.UNDECIDED
    assert _outcome((sure,), (), ()) is Outcome.EDITED
    assert _outcome((edit, sure), (), ()) is Outcome.EDITED


def test_one_call_checks_several_releases_and_an_unreadable_one_stops_no_other(tmp_path, meeting_print):
    whole = save(tmp_path / "whole.wav", meeting())
    edited = save(tmp_path / "edited.wav", splice(meeting(0, 12), meeting(13, 40)))
    results = wholetape.check_all([whole, tmp_path / "gone.wav", edited], [meeting_print], jobs=1)
    assert isinstance(results[1], UnreadableInput)
    assert [r.outcome for r in results if not isinstance(r, UnreadableInput)] == [Outcome.WHOLE, Outcome.EDITED]


def test_exit_codes_of_real_releases(tmp_path, meeting_print, capsys):
    whole = save(tmp_path / "whole.wav", meeting())
    excerpt = save(tmp_path / "excerpt.wav", meeting(5, 12))
    quiet = save(tmp_path / "silent.wav", silence(3))
    for releases, code in (
        ([whole], 0),
        ([whole, whole], 0),
        ([excerpt, whole], 1),
        ([quiet], 3),
        ([quiet, whole], 3),
        ([quiet, excerpt], 1),
        ([whole, tmp_path / "gone.wav"], 4),
    ):
        assert main(["check", *map(str, releases), "--against", str(meeting_print)]) == code
    capsys.readouterr()


def test_prints_of_other_rates_and_codecs_serve_as_well(room, tmp_path):
    for name, words in (
        ("phone.wav", ["-ar", 8000]),
        ("studio.wav", ["-ar", 48000]),
        ("post.mp3", ["-b:a", "48k", "-ar", 44100]),
    ):
        made = tmp_path / f"{name}.print"
        made.write_bytes(wholetape.make_print(ffmpeg(room / "meeting.wav", tmp_path / name, *words), jobs=1).encode())
        assert check(room / "meeting.wav", made).outcome is Outcome.WHOLE
        release = save(tmp_path / "cut.wav", splice(meeting(0, 12.3), meeting(12.6, 40)))
        one_edit(check(release, made), "cut", (12.3, 12.3), (12.3, 12.6))
