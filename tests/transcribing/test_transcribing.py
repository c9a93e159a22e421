"""From sound to words: the gate, the journal, the engines at their seam, and the default one for real."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from wholetape.errors import UnreadableInput, UsageError
from wholetape.media.speech import SPEECH_HZ, speech
from wholetape.times import Span
from wholetape.transcribing import engines
from wholetape.transcribing.gate import utterances
from wholetape.transcribing.journal import Journal
from wholetape.transcribing.transcribe import transcribe
from wholetape.transcript.model import Origin, Word, span_of

JFK = str(Path(__file__).parents[2] / "examples" / "speech" / "jfk-inaugural-1961.flac")
SHORT = str(Path(__file__).parents[2] / "examples" / "speech" / "ljspeech-LJ001-0014.flac")


class Scripted:
    """An engine that tells how often it was asked, and says one word an utterance."""

    name, version, model, model_sha256, language = "scripted", "1", "m", "ab" * 32, "en"

    def __init__(self, fail_at=None):
        self.heard: list[int] = []
        self.fail_at = fail_at
        self.settings: Mapping[str, str | int | float | bool] = {"beam": 1}

    def hear(self, sound):
        if len(self.heard) == self.fail_at:
            raise KeyboardInterrupt
        self.heard.append(len(sound))
        return [Word(f"w{len(self.heard)}", span_of(0.1, 0.2), 0.5)]


def test_a_voice_is_let_through_and_silence_hum_and_noise_are_not():
    draw = np.random.default_rng(1)
    seconds = np.arange(6 * SPEECH_HZ) / SPEECH_HZ
    for sound in (
        np.zeros(6 * SPEECH_HZ),
        3000 * np.sin(2 * np.pi * 100 * seconds),
        draw.normal(0, 1500, 6 * SPEECH_HZ),
        draw.normal(0, 3, 6 * SPEECH_HZ),
    ):
        assert list(utterances([sound.astype(np.int16)])) == []
    found = list(utterances(speech(JFK)))
    assert len(found) >= 3
    assert sum(len(u.sound) for u in found) > 5 * SPEECH_HZ


def test_utterances_are_in_order_do_not_overlap_and_do_not_depend_on_the_blocks():
    whole = np.concatenate(list(speech(JFK)))
    one = [(u.start, len(u.sound)) for u in utterances([whole])]
    many = [(u.start, len(u.sound)) for u in utterances(np.array_split(whole, 97))]
    assert one == many
    assert all(a + n <= b for (a, n), (b, _) in pairwise(one))
    whole = np.concatenate((whole, np.zeros(SPEECH_HZ, np.int16)))  # the last frame is filled up
    for utterance in utterances([whole]):
        assert (utterance.sound == whole[utterance.start : utterance.start + len(utterance.sound)]).all()


def test_channels_that_cancel_each_other_are_still_heard(tmp_path):
    import wave

    voice = np.concatenate(list(speech(SHORT)))
    path = tmp_path / "antiphase.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(SPEECH_HZ)
        out.writeframes(np.stack((voice, -voice), axis=1).astype("<i2").tobytes())
    heard = np.concatenate(list(speech(path)))
    assert np.abs(heard).mean() > 0.5 * np.abs(voice).mean()


def test_a_stopped_run_goes_on_where_it_was_and_gives_the_same(tmp_path):
    journal = str(tmp_path / "a.part")
    whole = transcribe(JFK, Scripted())
    stopped = Scripted(fail_at=2)
    with pytest.raises(KeyboardInterrupt):
        transcribe(JFK, stopped, journal_path=journal)
    again = Scripted()
    again.heard = [0, 0]  # so that its words count on
    resumed = transcribe(JFK, again, journal_path=journal)
    assert resumed.segments == whole.segments
    assert len(again.heard) == len(whole.segments)


def test_a_journal_of_another_recording_engine_or_setting_is_begun_anew_and_a_torn_line_is_dropped(tmp_path):
    path = str(tmp_path / "a.part")
    first = Journal(path, {"recording": "a"})
    first.add((0, 100), [Word("ក", Span(0, 8), None)])
    first.add((200, 100), [])
    first.close()
    with open(path, "ab") as file:
        file.write(b'{"at":[300,')
    again = Journal(path, {"recording": "a"})
    assert again.done == {(0, 100): [Word("ក", Span(0, 8), None)], (200, 100): []}
    again.close()
    other = Journal(path, {"recording": "b"})
    assert other.done == {}
    other.close()


def test_the_default_engine_tells_itself_and_hears_real_speech():
    engine = engines.load("pocketsphinx")
    found = transcribe(SHORT, engine, time="2026-01-01T00:00:00Z")
    assert found.making.origin is Origin.RECOGNISED
    assert (found.making.engine, len(found.making.model_sha256)) == ("pocketsphinx", 64)
    assert found.making.settings["gate"] == "webrtc-vad"
    words = [word for segment in found.segments for word in segment.words]
    assert len(words) >= 8
    starts = [word.span.start for word in words]
    assert starts == sorted(starts)
    assert transcribe(SHORT, engine, time="2026-01-01T00:00:00Z") == found  # the same sound, the same words


def test_faster_whisper_is_loaded_from_a_folder_and_asked_for_words(tmp_path, monkeypatch):
    (tmp_path / "model.bin").write_bytes(b"x")
    asked: dict[str, object] = {}

    class WhisperModel:
        def __init__(self, path, **how):
            asked.update(path=path, **how)

        def transcribe(self, sound, **how):
            asked.update(how, peak=float(np.abs(sound).max()), kind=str(sound.dtype))
            word = SimpleNamespace(word=" Hello", start=0.5, end=0.9, probability=0.87)
            return iter([SimpleNamespace(words=[word])]), SimpleNamespace(language="en")

    fake = ModuleType("faster_whisper")
    vars(fake).update(WhisperModel=WhisperModel, __version__="1.2")
    monkeypatch.setitem(sys.modules, "faster_whisper", fake)
    engine = engines.load("faster-whisper", str(tmp_path))
    assert engine.hear(np.full(SPEECH_HZ, 16384, np.int16)) == [Word("Hello", span_of(0.5, 0.9), 0.87)]
    assert asked["local_files_only"] is True
    assert asked["condition_on_previous_text"] is False
    assert asked["word_timestamps"] is True
    assert (asked["peak"], asked["kind"], engine.language) == (0.5, "float32", "en")
    assert engine.model_sha256 == "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"


def test_whisper_cpp_is_loaded_from_a_file_and_gives_a_word_a_segment(tmp_path, monkeypatch):
    model = tmp_path / "ggml-tiny.bin"
    model.write_bytes(b"x")
    asked: dict[str, object] = {}

    class Model:
        def __init__(self, path, **how):
            asked.update(path=path)

        def transcribe(self, sound, **how):
            asked.update(how)
            return [SimpleNamespace(text=" Hello", t0=50, t1=90), SimpleNamespace(text="[MUSIC]", t0=90, t1=95)]

    package, inner = ModuleType("pywhispercpp"), ModuleType("pywhispercpp.model")
    vars(inner).update(Model=Model)
    monkeypatch.setitem(sys.modules, "pywhispercpp", package)
    monkeypatch.setitem(sys.modules, "pywhispercpp.model", inner)
    engine = engines.load("whispercpp", str(model), "km")
    assert engine.hear(np.zeros(SPEECH_HZ, np.int16)) == [Word("Hello", span_of(0.5, 0.9))]
    assert (asked["language"], asked["max_len"], engine.model) == ("km", 1, "ggml-tiny.bin")


@pytest.mark.parametrize("name", ["faster-whisper", "whispercpp"])
def test_an_engine_that_is_not_installed_or_has_no_model_says_so(name, tmp_path, monkeypatch):
    with pytest.raises(UsageError, match="needs a model"):
        engines.load(name)
    with pytest.raises(UnreadableInput):
        engines.load(name, str(tmp_path / "missing"))
    model = tmp_path / "m.bin"
    model.write_bytes(b"x")
    for package in ("faster_whisper", "pywhispercpp", "pywhispercpp.model"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(UsageError, match="not installed"):
        engines.load(name, str(tmp_path if name == "faster-whisper" else model))


def test_the_default_engine_refuses_a_language_that_its_model_does_not_know():
    with pytest.raises(UsageError, match="English"):
        engines.load("pocketsphinx", None, "km")
