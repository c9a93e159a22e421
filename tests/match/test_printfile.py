"""A print as bytes: strict in, canonical out."""

from __future__ import annotations

import hashlib
import random
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.match.agreement import EXAMPLES, VECTORS
from wholetape.errors import MalformedFile, UnreadableInput
from wholetape.match.bands import Frames, frame_count
from wholetape.match.printfile import ALL_CHANNELS, MAX_SAMPLES, MAX_TRACKS, Print, Track, parse

GOOD = [path.read_bytes() for path in sorted((VECTORS / "prints").glob("*.print"))]
places = st.sets(st.tuples(st.integers(0, 255), st.integers(0, 255)), max_size=5)


@st.composite
def prints(draw):
    """Any print: up to 40 frames, up to six tracks in their order."""
    samples = draw(st.integers(0, 3200))
    frames = frame_count(samples)
    others = draw(places) - {(0, ALL_CHANNELS)}
    where = [(0, ALL_CHANNELS), *sorted(others, key=lambda place: (place[0], (place[1] + 1) % 256))]
    seed = np.random.default_rng(draw(st.integers(0, 2**32)))
    tracks = [
        Track(
            stream,
            channel,
            seed.integers(0, 2**64, frames, np.uint64),
            seed.integers(0, 256, -(-frames // 4), np.uint8),
        )
        for stream, channel in where
    ]
    return Print(samples, draw(st.binary(min_size=32, max_size=32)), tuple(tracks))


def frames(words, level, tone):
    n = len(words)
    return Frames(
        np.array(words, np.uint64),
        np.zeros((2, n), np.uint64),
        np.array(level, np.uint8),
        np.array(tone, np.bool_),
        np.zeros(n, np.uint8),
    )


def resealed(body):
    return body + hashlib.sha256(body).digest()


def refused_or_canonical(data):
    """The promise of ``parse`` for any bytes whatever."""
    try:
        found = parse(data)
    except MalformedFile:
        return False
    assert found.encode() == data
    return True


@given(prints())
def test_reading_gives_back_what_was_written(made):
    data = made.encode()
    back = parse(data)
    assert (back.samples, back.recording) == (made.samples, made.recording)
    assert len(back.tracks) == len(made.tracks)
    for one, other in zip(back.tracks, made.tracks, strict=True):
        assert (one.stream, one.channel) == (other.stream, other.channel)
        assert np.array_equal(one.words, other.words)
        assert np.array_equal(one.levels, other.levels)
    assert back.encode() == data


@given(prints(), st.data())
def test_no_flipped_bit_passes(made, data):
    whole = bytearray(made.encode())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(MalformedFile):
        parse(bytes(whole))


@given(prints(), st.data())
def test_no_part_of_a_print_is_a_print(made, data):
    whole = made.encode()
    with pytest.raises(MalformedFile):
        parse(whole[: data.draw(st.integers(0, len(whole) - 1))])


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_refused(data, marked):
    assert not refused_or_canonical(b"\x89WTP\r\n\x1a\n" * marked + data)


def mutated(draw):
    """A print, changed in one to four places as damage, editors and attackers change files."""
    data = bytearray(draw.choice(GOOD))
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(data)) if data else 0
        size = draw.choice([1, 2, 4, 8, 33])
        match draw.randrange(7):
            case 0:
                data[at : at + size] = draw.randbytes(size)
            case 1:
                del data[at : at + size]
            case 2:
                data[at:at] = draw.randbytes(size)
            case 3:
                data += data[at:]
            case 4 if len(data) >= 24:
                field, width = draw.choice([(8, 2), (10, 2), (12, 4), (16, 8), (56, 4)])
                value = draw.choice([0, 1, 2, 255, 2 ** (8 * width) - 1, draw.getrandbits(8 * width)])
                data[field : field + width] = (value % 2 ** (8 * width)).to_bytes(width, "little")
            case 5:
                data[at:] = bytes(len(data) - at)
            case _:
                del data[at:]
    return bytes(data)


@pytest.mark.parametrize("seed", range(4))
def test_of_mutated_prints_each_is_refused_or_read_as_it_stands(seed):
    draw = random.Random(seed)
    read = 0
    for _ in range(1000):
        data = mutated(draw)
        read += refused_or_canonical(data)
        read += refused_or_canonical(resealed(data[:-32]))
    assert read > 20  # words and levels may be anything, once the checksum fits


def test_a_header_that_asks_for_more_than_there_is_costs_no_memory():
    head = struct.pack("<8sHHIQ32s", b"\x89WTP\r\n\x1a\n", 1, 1, MAX_TRACKS, MAX_SAMPLES, bytes(32))
    with pytest.raises(MalformedFile, match="truncated"):
        parse(resealed(head))


def test_what_a_print_cannot_hold_is_refused_before_it_is_written():
    empty = Track(0, ALL_CHANNELS, np.zeros(0, np.uint64), np.zeros(0, np.uint8))
    with pytest.raises(UnreadableInput, match="257 tracks"):
        Print(0, bytes(32), (empty,) * 257).encode()
    with pytest.raises(UnreadableInput, match="744 hours"):
        Print(MAX_SAMPLES + 1, bytes(32), (empty,)).encode()


def test_as_many_tracks_as_are_allowed_are_read():
    where = [(s, c) for s in range(4) for c in (255, *range(63))]
    tracks = [Track(s, c, np.zeros(1, np.uint64), np.zeros(1, np.uint8)) for s, c in where]
    assert len(parse(Print(1, bytes(32), tuple(tracks)).encode()).tracks) == MAX_TRACKS


def test_four_frames_share_the_loudest_level_and_are_a_tone_only_together():
    track = Track.of(frames([1] * 10, [3, 90, 4, 5, 80, 80, 80, 80, 70, 71], [0, 1, 1, 1, 1, 1, 1, 1, 1, 1]), 0, 255)
    assert track.levels.tolist() == [90, 80 + 128, 71 + 128]


def test_an_hour_takes_less_than_three_megabytes():
    length = 88 + 4 + frame_count(3600 * 8000) * 8 + frame_count(3600 * 8000) // 4
    assert length < 3_000_000
    meeting = (EXAMPLES / "meeting.print").read_bytes()
    assert len(meeting) == pytest.approx(length / 30, rel=0.01)
