"""Each kind of edit holds for any channel and any audio stream; channels that only changed places are no edit."""

from __future__ import annotations

import pytest

from tests.checking.conftest import print_of
from tests.checking.desk import (
    RATE,
    check,
    ffmpeg,
    meeting,
    near,
    one_edit,
    save,
    silence,
    splice,
    stranger,
    told,
    tone,
)
from wholetape.findings import Kind, Outcome

EDITS = {
    "silence": ("muted", lambda s: splice(s(0, 14.6), silence(0.8), s(15.4, 20))),
    "bleep": ("muted", lambda s: splice(s(0, 14.6), tone(0.8), s(15.4, 20))),
    "other words": ("replaced", lambda s: splice(s(0, 14.6), stranger(0.8), s(15.4, 20))),
    "own words": ("replaced", lambda s: splice(s(0, 14.6), s(5, 5.8), s(15.4, 20))),
}


def edited(sound, name):
    return EDITS[name][1](lambda a, b: sound[round(a * RATE) : round(b * RATE)])


def test_two_microphones_are_whole_however_the_channels_lie(checked, two_microphones, stereo_print):
    left, right = two_microphones
    for channels in ((left, right), (right, left), ((left + right) / 2,)):
        result = checked(*channels, against=[stereo_print])
        assert result.outcome is Outcome.WHOLE, told(result)


def test_one_signal_in_two_channels_is_that_signal(checked, two_microphones, dual_print, tmp_path):
    left, _ = two_microphones
    mono = save(tmp_path / "mono.wav", left)
    for channels, reference in (((left,), dual_print), ((left, left), mono), ((left, left), dual_print)):
        assert checked(*channels, against=[reference]).outcome is Outcome.WHOLE


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("channel", [1, 2])
def test_an_edit_in_one_channel_is_told_with_the_channel(checked, two_microphones, dual_print, name, channel):
    left, _ = two_microphones
    channels = [left, left]
    channels[channel - 1] = edited(left, name)
    source = (5.0, 5.8) if name == "own words" else (14.6, 15.4)
    edit = one_edit(checked(*channels, against=[dual_print]), EDITS[name][0], (14.6, 15.4), source, within=0.06)
    assert edit.where == f"channel {channel}"


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_of_one_microphone_of_two_is_told(checked, two_microphones, stereo_print, name):
    left, right = two_microphones
    result = checked(left, edited(right, name), against=[stereo_print])
    source = (5.0, 5.8) if name == "own words" else (14.6, 15.4)
    edit = one_edit(result, EDITS[name][0], (14.6, 15.4), source, within=0.06)
    assert edit.where == "channel 2"


def test_an_edit_in_both_channels_is_one_edit_of_no_channel(checked, two_microphones, stereo_print):
    left, right = two_microphones
    result = checked(edited(left, "other words"), edited(right, "other words"), against=[stereo_print])
    assert one_edit(result, "replaced", (14.6, 15.4), (14.6, 15.4)).where == ""


def test_words_put_into_one_channel_are_inserted_there(checked, two_microphones, dual_print):
    left, _ = two_microphones
    other = splice(left[: 14 * RATE], stranger(0.8), left[14 * RATE :])
    result = checked(other, splice(left, silence(0.8)), against=[dual_print])
    assert ("inserted", "channel 1") in {(str(e.kind), e.where) for e in result.edits}
    assert not [e for e in result.edits if e.kind is Kind.REPEATED], told(result)


def test_a_stretch_in_antiphase_is_gone_for_who_hears_the_sum(checked, two_microphones, dual_print):
    left, _ = two_microphones
    turned = splice(left[: 14 * RATE], -left[14 * RATE : 15 * RATE], left[15 * RATE :])
    result = checked(left, turned, against=[dual_print])
    edit = one_edit(result, "muted", (14.0, 15.0), (14.0, 15.0), within=0.06)
    assert edit.where == "the sum of the channels"
    assert result.outcome is Outcome.EDITED


def test_six_channels_of_different_sound_are_whole_though_each_is_faint_in_their_mean(checked, tmp_path):
    quiet = [meeting(60 + 10 * k, 70 + 10 * k) * 0.02 for k in range(4)]
    channels = [meeting(0, 10), stranger(10, 0) * 0.02, *quiet]
    reference = save(tmp_path / "surround.wav", *channels)
    result = checked(*channels, against=[reference])
    assert result.outcome is Outcome.WHOLE, told(result)
    channels[0] = splice(meeting(0, 4), stranger(0.8), meeting(4.8, 10))
    assert one_edit(checked(*channels, against=[reference]), "replaced", (4.0, 4.8), (4.0, 4.8)).where == "channel 1"


def test_channels_that_cancel_in_the_reference_too_are_whole(checked, two_microphones, tmp_path):
    left, _ = two_microphones
    turned = splice(left[: 14 * RATE], -left[14 * RATE : 15 * RATE], left[15 * RATE :])
    result = checked(left, turned, against=[save(tmp_path / "turned.wav", left, turned)])
    assert result.outcome is Outcome.WHOLE, told(result)


@pytest.mark.xfail(strict=True, reason="antiphase is watched for only where the channels are one signal")
def test_a_stretch_of_one_microphone_of_two_in_antiphase_is_told(checked, two_microphones, stereo_print):
    left, right = two_microphones
    turned = splice(right[: 14 * RATE], -right[14 * RATE : 15 * RATE], right[15 * RATE :])
    assert checked(left, turned, against=[stereo_print]).outcome is not Outcome.WHOLE


def test_a_silent_channel_beside_the_whole_signal_is_whole(checked, two_microphones, dual_print):
    left, _ = two_microphones
    for channels in ((left, silence(20)), (silence(20), left)):
        assert checked(*channels, against=[dual_print]).outcome is Outcome.WHOLE


def test_one_microphone_of_two_is_never_whole(checked, two_microphones, stereo_print):
    left, right = two_microphones
    for channels, lost in (((left,), 2), ((left, left), 2), ((left, silence(20)), 2), ((silence(20), right), 1)):
        result = checked(*channels, against=[stereo_print])
        assert result.outcome is Outcome.UNDECIDED, told(result)
        assert any(f"channel {lost} of the reference is not heard" in note for note in result.notes)


@pytest.fixture(scope="module")
def mixed_print(room, two_microphones):
    """The print of both microphones mixed into one channel."""
    left, right = two_microphones
    return print_of(save(room / "mixed.wav", (left + right) / 2))


def test_two_microphones_against_their_mix_are_not_edited(checked, two_microphones, mixed_print):
    left, right = two_microphones
    for channels in ((left, right), (right, left)):
        result = checked(*channels, against=[mixed_print])
        assert not result.edits, told(result)
        assert result.outcome is Outcome.UNDECIDED
        assert any("the mean of the channels alone" in note for note in result.notes)


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_of_two_microphones_against_their_mix_is_told(checked, two_microphones, mixed_print, name):
    left, right = two_microphones
    source = (5.0, 5.8) if name == "own words" else (14.6, 15.4)
    result = checked(edited(left, name), edited(right, name), against=[mixed_print])
    assert one_edit(result, EDITS[name][0], (14.6, 15.4), source, within=0.06).where == ""


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_of_one_microphone_against_the_mix_is_never_whole(checked, two_microphones, mixed_print, name):
    left, right = two_microphones
    for channels in ((edited(left, name), right), (left, edited(right, name))):
        assert checked(*channels, against=[mixed_print]).outcome in (Outcome.UNDECIDED, Outcome.EDITED)


def two_streams(folder, one, other):
    inputs = [save(folder / f"{k}.wav", sound) for k, sound in enumerate((one, other))]
    return ffmpeg(inputs[0], folder / "two.mka", "-i", inputs[1], "-map", "0:a", "-map", "1:a", "-c:a", "flac")


def test_equal_audio_streams_are_whole(tmp_path, meeting_print):
    assert check(two_streams(tmp_path, meeting(), meeting()), meeting_print).outcome is Outcome.WHOLE


@pytest.mark.parametrize(
    "other",
    [lambda: edited(meeting(), "other words"), lambda: silence(40), lambda: meeting(0, 30), lambda: stranger(10)],
    ids=["edited", "silent", "shorter", "foreign"],
)
@pytest.mark.parametrize("first", [True, False], ids=["first", "second"])
def test_audio_streams_that_differ_are_never_whole(tmp_path, meeting_print, other, first):
    streams = (other(), meeting()) if first else (meeting(), other())
    result = check(two_streams(tmp_path, *streams), meeting_print)
    assert result.outcome not in (Outcome.WHOLE, Outcome.EXCERPT)


def test_an_edit_of_the_second_stream_is_told_with_the_stream(tmp_path, meeting_print):
    other = splice(meeting(0, 14.6), stranger(0.8), meeting(15.4, 40))
    result = check(two_streams(tmp_path, meeting(), other), meeting_print)
    assert one_edit(result, "replaced", (14.6, 15.4), (14.6, 15.4)).where == "stream 2"


def test_the_sound_of_a_video_is_checked_and_its_picture_is_not(room, tmp_path, meeting_print):
    video = tmp_path / "posted.mp4"
    cut = save(tmp_path / "cut.wav", splice(meeting(0, 12), meeting(13, 40)))
    picture = ("-f", "lavfi", "-i", "color=s=64x64:r=5:d=39", "-map", "0:a", "-map", "1:v", "-c:v", "mpeg4")
    ffmpeg(cut, video, *picture, "-c:a", "aac", "-b:a", "64k", "-shortest")
    result = check(video, meeting_print)
    assert result.release.has_picture
    [edit] = result.edits
    assert edit.kind is Kind.CUT
    assert near(edit.reference, 12.0, 13.0)
