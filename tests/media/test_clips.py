"""Pieces of sound to listen to, and outlines to look at: at the right place, in bounded memory, whatever comes."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest

from wholetape.errors import UnreadableInput
from wholetape.media import outline as outlines
from wholetape.media.clips import CLIP_COLUMNS, COLUMNS, Wanted, survey
from wholetape.media.outline import Outline

RATE = 16000


def write(path, *channels):
    sound = np.stack(channels, axis=1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(sound.shape[1])
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def tone(hertz: float, seconds: float, loud: float = 0.5):
    return loud * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)


def heard(mp3: bytes):
    """(rate, samples) of a clip as a browser would decode it: encoder delay dropped."""
    import av

    with av.open(io.BytesIO(mp3), "r") as file:
        frames = [frame.to_ndarray()[0] for frame in file.decode(audio=0)]
        assert file.streams.audio[0].channels == 1
        assert not file.metadata
        return file.streams.audio[0].rate, np.concatenate(frames)


def pitch(rate, sound):
    return float(np.argmax(np.abs(np.fft.rfft(sound))) * rate / len(sound))


@pytest.fixture
def steps(tmp_path):
    """40 s, more than a block of the decoder: silence, but a tone of 1 kHz from 20 s to 21 s."""
    return write(tmp_path / "steps.wav", np.concatenate([tone(1, 20, 0), tone(1000, 1), tone(1, 19, 0)]))


def test_a_clip_holds_what_is_at_its_place_to_some_milliseconds(steps):
    [clip] = survey(steps, 0, [Wanted(19.0, 23.0)]).clips
    rate, sound = heard(clip.mp3)
    loud = np.flatnonzero(np.abs(sound) > 0.1)
    assert len(sound) / rate == pytest.approx(4.0, abs=0.06)
    assert loud[0] / rate == pytest.approx(1.0, abs=0.03)
    assert loud[-1] / rate == pytest.approx(2.0, abs=0.03)
    assert pitch(rate, sound) == pytest.approx(1000, abs=2)


def test_its_outline_shows_the_same(steps):
    [clip] = survey(steps, 0, [Wanted(19.0, 23.0)]).clips
    shown = np.array(clip.outline)
    assert len(shown) == CLIP_COLUMNS
    assert shown[CLIP_COLUMNS // 4 + 2 : CLIP_COLUMNS // 2 - 2] == pytest.approx(0.5, abs=0.01)
    assert not shown[: CLIP_COLUMNS // 4 - 2].any()
    assert not shown[CLIP_COLUMNS // 2 + 2 :].any()


def test_the_outline_of_the_whole_shows_where_it_is_loud(steps):
    shown = np.array(survey(steps, 0, []).outline)
    assert len(shown) == COLUMNS
    loud = np.flatnonzero(shown > 0.4)
    assert (loud[0], loud[-1]) == (COLUMNS // 2, COLUMNS // 2 + COLUMNS // 40 - 1)


def test_pieces_may_overlap_reach_over_the_ends_and_be_empty(steps):
    over, across, beyond = survey(steps, 0, [Wanted(-2, 1), Wanted(19, 60), Wanted(50, 60)]).clips
    assert len(heard(over.mp3)[1]) / 24000 == pytest.approx(1, abs=0.06)
    assert len(heard(across.mp3)[1]) / 24000 == pytest.approx(21, abs=0.06)
    assert beyond.mp3 == b""
    assert beyond.outline == ()


def test_a_piece_is_the_mean_of_all_channels_or_of_those_wanted(tmp_path):
    path = write(tmp_path / "two.wav", tone(500, 2), tone(2000, 2, 0.4))
    both, first, second, none = survey(
        path, 0, [Wanted(0, 2), Wanted(0, 2, (0,)), Wanted(0, 2, (1,)), Wanted(0, 2, (7,))]
    ).clips
    assert pitch(*heard(first.mp3)) == pytest.approx(500, abs=2)
    assert pitch(*heard(second.mp3)) == pytest.approx(2000, abs=2)
    assert max(first.outline) == pytest.approx(0.5, abs=0.01)
    assert max(both.outline) < 0.46
    assert none.outline == both.outline


def test_sound_that_is_no_number_or_too_loud_is_still_a_clip(tmp_path, monkeypatch):
    from wholetape.media import clips
    from wholetape.media.blocks import PcmBlock

    wild = np.array([[np.nan, np.inf, -np.inf, 1e30] * RATE], np.float32)

    class Wild:
        rate, progress = RATE, 1.0

        def __init__(self, *_, **__):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def blocks(self):
            yield PcmBlock(0, 0, wild)

    monkeypatch.setattr(clips, "Decoder", Wild)
    found = survey("x", 0, [Wanted(0, 1)])
    assert max(found.outline) == 1.0
    assert len(heard(found.clips[0].mp3)[1]) > RATE


def test_a_file_that_is_no_recording_is_refused(tmp_path):
    (tmp_path / "x.wav").write_bytes(b"no recording")
    with pytest.raises(UnreadableInput):
        survey(tmp_path / "x.wav", 0, [])


@pytest.mark.parametrize("block", [7, 160, 1000, 4096])
def test_an_outline_is_the_same_however_it_comes_and_bounded(monkeypatch, block):
    monkeypatch.setattr(outlines, "_MOST", 64)
    sound = (np.abs(np.random.default_rng(1).standard_normal(RATE * 5)) / 8).astype(np.float32)
    sound[RATE * 3 : RATE * 3 + 10] = 1.0
    outline = Outline(RATE)
    for at in range(0, len(sound), block):
        outline.feed(sound[at : at + block])
        assert sum(map(len, outline._bins)) < 64
    shown = outline.read(25)
    assert len(shown) == 25
    assert int(np.argmax(shown)) in (14, 15)
    assert shown[int(np.argmax(shown))] == 1.0


def test_an_outline_of_nothing_is_empty_and_of_little_is_short():
    assert Outline(RATE).read(100) == ()
    outline = Outline(RATE)
    outline.feed(np.full(10, 0.25, np.float32))
    assert outline.read(100) == (0.25,)
