"""Time zero is the first sample of ``ffmpeg -i FILE``, and every later sample is where it is there."""

import subprocess
import sys

import numpy as np
import pytest

from tests.media.conftest import ffmpeg, ffmpeg_hears
from wholetape.media.decode import Decoder

SIX = "pan=5.1|c0=c0|c1=c1|c2=0.5*c0|c3=0.5*c1|c4=c1|c5=c0"
POSTED: dict[str, list] = {
    "plain.wav": ["-c:a", "pcm_s16le"],
    "bytes.wav": ["-c:a", "pcm_u8"],
    "deep.wav": ["-c:a", "pcm_s24le", "-ar", 96000],
    "double.wav": ["-c:a", "pcm_f64le"],
    "telephone.wav": ["-c:a", "pcm_alaw", "-ar", 8000, "-ac", 1],
    "gsm.wav": ["-c:a", "libgsm_ms", "-ar", 8000, "-ac", 1],
    "lossless.flac": ["-c:a", "flac"],
    "six.flac": ["-af", SIX, "-c:a", "flac", "-ar", 48000],
    "apple.m4a": ["-c:a", "alac"],
    "lame.mp3": ["-c:a", "libmp3lame", "-b:a", "64k"],
    "variable.mp3": ["-c:a", "libmp3lame", "-q:a", 4],
    "bare.mp3": ["-c:a", "libmp3lame", "-write_xing", 0, "-id3v2_version", 0],
    "low.mp3": ["-c:a", "libmp3lame", "-ar", 11025, "-ac", 1],
    "voice.m4a": ["-c:a", "aac", "-b:a", "64k"],
    "six.mp4": ["-af", SIX, "-c:a", "aac"],
    "raw.aac": ["-c:a", "aac", "-f", "adts"],
    "broadcast.ts": ["-c:a", "aac"],
    "chat.opus": ["-c:a", "libopus", "-b:a", "16k", "-ac", 1],
    "chat.ogg": ["-c:a", "libvorbis"],
    "page.webm": ["-c:a", "libopus", "-b:a", "32k"],
    "screen.mkv": ["-c:a", "aac"],
    "phone.amr": ["-c:a", "libopencore_amrnb", "-ar", 8000, "-ac", 1, "-b:a", "12.2k"],
    "phone.3gp": ["-c:a", "libopencore_amrnb", "-ar", 8000, "-ac", 1, "-b:a", "12.2k"],
    "office.wma": ["-c:a", "wmav2", "-b:a", "96k"],
    "old.gsm": ["-c:a", "libgsm", "-ar", 8000, "-ac", 1],
    "disc.ac3": ["-af", SIX, "-c:a", "ac3"],
    "flash.flv": ["-c:a", "libmp3lame"],
    "windows.avi": ["-c:a", "libmp3lame"],
    "packed.wv": ["-c:a", "wavpack"],
    "apple.aiff": ["-c:a", "pcm_s16be"],
}


def heard(path, stream=0, jobs=1):
    with Decoder(path, stream, jobs=jobs) as decoder:
        blocks = list(decoder.blocks())
        ends = np.cumsum([block.samples.shape[1] for block in blocks]).tolist()
        assert [block.start for block in blocks] == [0, *ends[:-1]], "blocks are contiguous from 0"
        assert {block.stream for block in blocks} == {stream}
        assert decoder.progress == 1.0
        samples = np.concatenate([block.samples for block in blocks], axis=1)
        assert samples.shape[0] == decoder.channels
        assert samples.dtype == np.float32
        return samples, decoder


def assert_same(ours, theirs):
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < 1e-6
    assert np.abs(ours).max() > 0.01, "the test needs sound"


@pytest.mark.parametrize("name", POSTED)
def test_every_form_has_the_samples_that_ffmpeg_hears_and_no_damage(name, make):
    path = make(name, *POSTED[name])
    samples, decoder = heard(path)
    assert decoder.damage == ()
    assert_same(samples, ffmpeg_hears(path, decoder.channels))


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 32000, 48000, 96000])
@pytest.mark.parametrize("form", [("flac", "flac"), ("m4a", "aac")])
def test_every_usual_rate(form, rate, make):
    path = make(f"rate{rate}.{form[0]}", "-c:a", form[1], "-ar", rate)
    samples, decoder = heard(path)
    assert decoder.rate == rate
    assert_same(samples, ffmpeg_hears(path, 2))


def test_the_stream_that_was_asked_for(make, studio):
    path = make("two.mkv", "-i", studio / "speech.wav", "-map", "0:a", "-map", "1:a", "-c:a", "flac", "-ac:a:1", 1)
    first, second = heard(path, 0)[0], heard(path, 1)[0]
    assert_same(first, ffmpeg_hears(path, 2, 0))
    assert_same(second, ffmpeg_hears(path, 1, 1))


@pytest.mark.parametrize(("name", "codec"), [("late.mp4", "aac"), ("late.mkv", "libopus")])
def test_sound_that_starts_later_than_the_picture_still_starts_at_zero(name, codec, make, studio):
    picture = ("-f", "lavfi", "-t", 4, "-i", "testsrc=size=64x48:rate=10", "-itsoffset", 1.5)
    path = make(name, "-c:v", "mpeg4", "-c:a", codec, before=picture, seconds=4)
    samples, decoder = heard(path)
    assert decoder.damage == ()
    assert_same(samples, ffmpeg_hears(path, 2))


def test_an_edit_list_is_obeyed(make, studio):
    whole = make("whole.m4a", "-c:a", "aac", seconds=10)
    path = studio / "trimmed.m4a"
    ffmpeg("-ss", 3.3, "-i", whole, "-c", "copy", path)
    samples, decoder = heard(path)
    assert decoder.damage == ()
    assert_same(samples, ffmpeg_hears(path, 2))


@pytest.mark.parametrize(("suffix", "codec"), [("aac", "aac"), ("mp3", "libmp3lame")])
def test_sound_that_changes_from_stereo_to_mono_keeps_the_form_in_which_it_began(suffix, codec, make, studio):
    plain = ("-write_xing", 0, "-id3v2_version", 0) if suffix == "mp3" else ()
    parts = [make(f"part{n}.{suffix}", "-c:a", codec, "-ac", n, *plain, seconds=3) for n in (2, 1)]
    path = studio / f"changing.{suffix}"
    path.write_bytes(b"".join(part.read_bytes() for part in (*parts, parts[0])))
    samples, decoder = heard(path)
    theirs = ffmpeg_hears(path, 2)
    assert decoder.channels == 2
    assert samples.shape == theirs.shape


def test_sound_that_changes_its_rate_keeps_the_rate_in_which_it_began(make, studio):
    parts = [make(f"rate{rate}.aac", "-c:a", "aac", "-ar", rate, seconds=3) for rate in (44100, 22050)]
    path = studio / "slower.aac"
    path.write_bytes(parts[0].read_bytes() + parts[1].read_bytes() + parts[0].read_bytes())
    samples, decoder = heard(path)
    seconds = sum(heard(part)[0].shape[1] / heard(part)[1].rate for part in (*parts, parts[0]))
    assert decoder.rate == 44100
    assert abs(samples.shape[1] / 44100 - seconds) < 0.1


def test_a_suffix_that_lies_changes_nothing(make, studio):
    honest = make("lame.mp3", *POSTED["lame.mp3"])
    liar = studio / "really.wav"
    liar.write_bytes(honest.read_bytes())
    assert np.array_equal(heard(honest)[0], heard(liar)[0])


def test_memory_does_not_grow_with_duration(make, studio):
    """Eight times the sound in about the same memory, in processes of their own."""
    script = (
        "import resource, sys\n"
        "from wholetape.media.decode import Decoder\n"
        "with Decoder(sys.argv[1], jobs=2) as decoder:\n"
        "    for block in decoder.blocks(): pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )

    def peak(path):
        return int(subprocess.run([sys.executable, "-c", script, path], capture_output=True, check=True).stdout)

    long = make("hundred.wav", "-c:a", "pcm_s16le", seconds=100)
    longer = studio / "longer.wav"
    ffmpeg("-stream_loop", 7, "-i", long, "-c", "copy", longer)
    assert peak(longer) < 1.2 * peak(long)
