"""Long files are decoded by several threads in stretches; that must show in nothing but the time that it takes."""

import threading

import numpy as np
import pytest

from tests.media.test_clock import heard
from wholetape.media.decode import Decoder
from wholetape.media.packets import PacketReader
from wholetape.media.sidebyside import SideBySide, plan

LONG_SECONDS = 75
LONG: dict[str, list] = {
    "long.wav": ["-c:a", "pcm_s16le"],
    "long.flac": ["-c:a", "flac"],
    "long.mp3": ["-c:a", "libmp3lame", "-q:a", 5],
    "long.ogg": ["-c:a", "libvorbis"],
    "long.wma": ["-c:a", "wmav2"],
    "long.3gp": ["-c:a", "libopencore_amrnb", "-ar", 8000, "-ac", 1, "-b:a", "12.2k"],
}
NOISY: dict[str, list] = {"long.m4a": ["-c:a", "aac", "-b:a", "64k"], "long.aac": ["-c:a", "aac", "-b:a", "96k"]}
HOPELESS: dict[str, list] = {
    "long.ac3": ["-c:a", "ac3"],
    "long.gsm": ["-c:a", "libgsm", "-ar", 8000, "-ac", 1],
    "long.opus": ["-c:a", "libopus", "-b:a", "24k"],
    "long.webm": ["-c:a", "libopus", "-b:a", "24k"],
}
"""Opus is decoded by another decoder than that of the stretches."""


def sequential(path):
    reader = PacketReader(path)
    samples = np.concatenate(list(reader.blocks()), axis=1)
    reader.close()
    return samples


def side_by_side(path, jobs):
    """The sound that lanes alone decode, and whether they reached the end; None where no lanes are planned."""
    reader = PacketReader(path)
    try:
        source = plan(reader)
        if source is None:
            return None
        lanes = SideBySide(reader, source, jobs)
        blocks = list(lanes.blocks())
    finally:
        reader.close()
    return np.concatenate(blocks, axis=1) if blocks else np.zeros((reader.channels, 0)), lanes.complete


@pytest.mark.parametrize("name", LONG)
def test_stretches_join_to_the_same_bits_as_decoding_in_one_go(name, make):
    path = make(name, *LONG[name], seconds=LONG_SECONDS)
    samples, complete = side_by_side(path, 2)
    assert complete
    assert np.array_equal(samples, sequential(path))


@pytest.mark.parametrize("name", NOISY)
def test_where_the_decoder_draws_random_noise_the_bands_below_it_are_the_same(name, make):
    path = make(name, *NOISY[name], seconds=LONG_SECONDS)
    samples, complete = side_by_side(path, 2)
    assert complete
    whole = sequential(path)
    assert samples.shape == whole.shape
    spectrum = [
        np.abs(np.fft.rfft(x[0, : x.shape[1] // 4096 * 4096].reshape(-1, 4096) * np.hanning(4096)))
        for x in (samples - whole, whole)
    ]
    below = int(3500 / 44100 * 4096)
    assert np.sum(spectrum[0][:, :below] ** 2) < 1e-5 * np.sum(spectrum[1][:, :below] ** 2)


@pytest.mark.parametrize("name", HOPELESS)
def test_where_stretches_do_not_prove_to_join_decoding_goes_on_in_one_go(name, make):
    path = make(name, *HOPELESS[name], seconds=LONG_SECONDS)
    tried = side_by_side(path, 2)
    assert tried is None or not tried[1]
    assert np.array_equal(heard(path, jobs=2)[0], sequential(path))


@pytest.mark.parametrize("name", [*NOISY, "long.webm", "long.mp3"])
def test_the_number_of_jobs_changes_no_bit(name, make):
    path = make(name, *(LONG | NOISY | HOPELESS)[name], seconds=LONG_SECONDS)
    one, decoder = heard(path, jobs=1)
    assert decoder.damage == ()
    for jobs in (2, 8):
        again, decoder = heard(path, jobs=jobs)
        assert np.array_equal(one, again)
        assert decoder.damage == ()


def test_digital_silence_is_no_proof_that_stretches_join_unless_time_stamps_are_exact(make):
    """In Matroska, stamps are rounded to milliseconds: silent stretches could join anywhere."""
    hushed = ("-af", "volume=0:enable='gt(t,10)'")
    exact = make("hushed.wav", *hushed, "-c:a", "pcm_s16le", seconds=LONG_SECONDS)
    rounded = make("hushed.mkv", *hushed, "-c:a", "flac", seconds=LONG_SECONDS)
    assert side_by_side(exact, 2)[1]
    assert not side_by_side(rounded, 2)[1]
    assert np.array_equal(heard(exact, jobs=2)[0], heard(rounded, jobs=2)[0])


def test_leaving_early_ends_the_threads(make):
    path = make("long.flac", *LONG["long.flac"], seconds=LONG_SECONDS)
    with Decoder(path, jobs=2) as decoder:
        blocks = decoder.blocks()
        next(blocks)
        assert 0 < decoder.progress < 1
        blocks.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("decode")]
