"""``wholetape record`` from a device; PortAudio is not on every machine, so a stand-in for its package is there."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import pytest

from tests.cli.recorder import START, desk, events
from tests.seal.live.made import sound
from wholetape.log.kinds import What
from wholetape.seal.sealfile import parse_seal

__all__ = ["desk"]


class PortAudioError(Exception):
    """What sounddevice raises."""


@pytest.fixture
def microphone(monkeypatch):
    """A device that gives two seconds; ``state`` tells it to overflow, or to be pulled out."""
    import threading

    state = SimpleNamespace(overflow=False, pulled=False, names=[])

    class Stream:
        def __init__(self, *, samplerate, blocksize, device, channels, dtype, callback, finished_callback):
            state.names.append(device)
            if device == "none":
                raise PortAudioError("no such device")
            self.words = (samplerate, blocksize, channels, dtype)
            self.callback, self.finished, self.going = callback, finished_callback, True

        def start(self):
            threading.Thread(target=self.play, daemon=True).start()

        def play(self):
            rate, size, channels, _ = self.words
            data = sound(2.0, rate)
            for at in range(0, len(data), 2 * size * channels):
                if not self.going:
                    return
                flags = SimpleNamespace(input_overflow=state.overflow and at == 0)
                self.callback(data[at : at + 2 * size * channels], size, None, flags)
            if state.pulled:
                self.finished()

        def close(self):
            self.going = False

    fake = ModuleType("sounddevice")
    vars(fake).update(
        RawInputStream=Stream,
        PortAudioError=PortAudioError,
        query_devices=lambda device, kind: {"name": f"mic {device}", "default_samplerate": 8000.0},
    )
    monkeypatch.setitem(sys.modules, "sounddevice", fake)
    return state


def test_a_device_by_name_number_or_the_default(run, desk, microphone):
    for n, words in enumerate([[], ["--device", "USB"], ["--device", "0"]]):
        ran = run("record", "-o", f"out{n}", "--key", "side-a.key", "--for", "1.5", *words)
        assert ran.code == 0, ran.err
    assert microphone.names == [None, "USB", 0]
    assert parse_seal((desk / "out1" / "recording.seal").read_bytes()).header.devices == ("mic USB",)


def test_a_device_that_is_pulled_out_ends_the_recording_which_is_closed_with_the_gap(run, desk, microphone):
    microphone.pulled = True
    ran = run(*START)
    assert ran.code == 4
    assert "gives no sound any more" in ran.err
    assert "2.0 s of sound, sealed" in ran.out
    assert [own.event for own in events()] == [What.GAP]
    assert run("verify", "out/recording.wav", "--seal", "out/recording.seal", "--trust", "side-a.pub").code == 0


def test_sound_that_a_device_lost_is_a_gap(run, desk, microphone):
    microphone.overflow = True
    assert run(*START, "--for", "1.5").code == 0
    (gap,) = events()
    assert "too slow" in gap.detail


def test_no_such_device_and_no_portaudio(run, desk, microphone, monkeypatch):
    ran = run(*START, "--device", "none")
    assert (ran.code, "no such device" in ran.err) == (4, True)
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    ran = run(*START)
    assert (ran.code, "wholetape[record]" in ran.err) == (4, True)
