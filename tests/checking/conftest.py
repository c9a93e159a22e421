"""References that are read once: the first 40 s of the meeting as a recording and as its print, and a stereo one."""

from __future__ import annotations

import pytest

import wholetape
from tests.checking import desk


@pytest.fixture(scope="session")
def room(tmp_path_factory):
    """A folder for what all tests share."""
    return tmp_path_factory.mktemp("checking")


@pytest.fixture(scope="session")
def meeting_print(room):
    """The print of the first 40 s of the meeting."""
    return print_of(desk.save(room / "meeting.wav", desk.meeting()))


@pytest.fixture(scope="session")
def two_microphones():
    """20 s of a meeting as two microphones heard it: (left, right)."""
    left = desk.meeting(0, 20)
    other = desk.loud_as(desk.spoken("speech/ami-dev00.flac")[: len(left)], left)
    return left, (0.6 * left + 0.4 * other).astype("float32")


@pytest.fixture(scope="session")
def stereo_print(room, two_microphones):
    return print_of(desk.save(room / "stereo.wav", *two_microphones))


@pytest.fixture(scope="session")
def dual_print(room, two_microphones):
    """The print of a file that holds one signal in both channels."""
    left, _ = two_microphones
    return print_of(desk.save(room / "dual.wav", left, left))


@pytest.fixture
def checked(tmp_path, meeting_print):
    """``checked(channel, …, against=…)``: what a check of these channels tells, by default against the meeting."""

    def go(*channels, against=(), rate=desk.RATE):
        return desk.check(desk.save(tmp_path / "release.wav", *channels, rate=rate), *(against or (meeting_print,)))

    return go


def print_of(recording):
    made = recording.with_suffix(".print")
    made.write_bytes(wholetape.make_print(recording, jobs=1).encode())
    return made
