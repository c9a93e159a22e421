"""Files as other programs write them. Two programs a format; those that are installed here write them on the spot."""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings

import pytest

from wholetape.transcript import formats
from wholetape.transcript.model import Origin

WHISPER = {
    "text": " And so, my fellow Americans.",
    "segments": [
        {
            "id": 0, "seek": 0, "start": 0.0, "end": 2.5, "text": " And so, my fellow Americans.", "tokens": [50363],
            "temperature": 0.0, "avg_logprob": -0.21, "compression_ratio": 1.1, "no_speech_prob": 0.01,
            "words": [
                {"word": " And", "start": 0.0, "end": 0.36, "probability": 0.71},
                {"word": " so,", "start": 0.36, "end": 0.7, "probability": 0.99},
                {"word": " my", "start": 0.92, "end": 1.1, "probability": 0.98},
                {"word": " fellow", "start": 1.1, "end": 1.42, "probability": 0.97},
                {"word": " Americans.", "start": 1.42, "end": 2.5, "probability": 0.99},
            ],
        }
    ],
    "language": "en",
}  # fmt: skip
"""As openai-whisper's ``--output_format json --word_timestamps True`` has it."""
WHISPERX = {
    "segments": [
        {
            "start": 0.009, "end": 2.3, "text": " In 1961 we chose.", "speaker": "SPEAKER_00",
            "words": [
                {"word": "In", "start": 0.009, "end": 0.15, "score": 0.9},
                {"word": "1961"},
                {"word": "we", "start": 1.1, "end": 1.3, "score": 0.8},
                {"word": "chose.", "start": 1.4, "end": 2.3, "score": 0.95},
            ],
        }
    ],
    "word_segments": [],
    "language": "en",
}  # fmt: skip
"""As WhisperX has it: a number could not be aligned, and has no times."""
CPP_FULL = {
    "systeminfo": "AVX = 1 | NEON = 0 |",
    "model": {"type": "base", "multilingual": False, "vocab": 51864},
    "params": {"model": "models/ggml-base.en.bin", "language": "en", "translate": False},
    "result": {"language": "en"},
    "transcription": [
        {
            "timestamps": {"from": "00:00:00,000", "to": "00:00:02,500"},
            "offsets": {"from": 0, "to": 2500},
            "text": " And so, unbelievable.",
            "tokens": [
                {"text": "[_BEG_]", "offsets": {"from": 0, "to": 0}, "id": 50363, "p": 0.9, "t_dtw": -1},
                {"text": " And", "offsets": {"from": 320, "to": 500}, "id": 843, "p": 0.7, "t_dtw": -1},
                {"text": " so", "offsets": {"from": 500, "to": 800}, "id": 523, "p": 0.9, "t_dtw": -1},
                {"text": ",", "offsets": {"from": 800, "to": 850}, "id": 11, "p": 0.8, "t_dtw": -1},
                {"text": " unbel", "offsets": {"from": 900, "to": 1500}, "id": 1, "p": 0.8, "t_dtw": -1},
                {"text": "ievable", "offsets": {"from": 1500, "to": 2300}, "id": 2, "p": 0.6, "t_dtw": -1},
                {"text": ".", "offsets": {"from": 2300, "to": 2400}, "id": 13, "p": 0.9, "t_dtw": -1},
                {"text": "[_TT_125]", "offsets": {"from": 2500, "to": 2500}, "id": 50488, "p": 0.3, "t_dtw": -1},
            ],
        }
    ],
}
"""As ``whisper-cli -ojf`` has it."""
CPP_WORDS = {
    "transcription": [
        {
            "timestamps": {"from": "00:00:00,320", "to": "00:00:00,500"},
            "offsets": {"from": 320, "to": 500},
            "text": " And",
        },
        {
            "timestamps": {"from": "00:00:00,500", "to": "00:00:00,800"},
            "offsets": {"from": 500, "to": 800},
            "text": " so,",
        },
    ]
}
"""As node bindings of whisper.cpp with ``-ml 1`` have it: no model, no language, one word a segment."""
YOUTUBE = """WEBVTT
Kind: captions
Language: en

00:00:00.320 --> 00:00:02.470 align:start position:0%

and<00:00:00.640><c> so</c><00:00:00.880><c> my</c><00:00:01.120><c> fellow</c><00:00:01.520><c> Americans</c>

00:00:02.470 --> 00:00:02.480 align:start position:0%
and so my fellow Americans


00:00:02.480 --> 00:00:05.000 align:start position:0%
and so my fellow Americans
ask<00:00:03.300><c> not</c><00:00:04.000><c> what</c>

00:00:05.000 --> 00:00:05.010 align:start position:0%
ask not what

"""
"""As YouTube's own captions come: each line is shown twice more."""
ZOOM = """WEBVTT

NOTE made by hand

1
00:00:01.000 --> 00:00:02.500
<v Ann Lee>We met &amp; talked.</v>

2
00:00:02.500 --> 00:00:04.000
<v Bob>No.</v>

3
00:00:04.000 --> 00:00:05.000
<v Bob>No.</v>
"""
NETFLIX = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xml:lang="en"
 ttp:tickRate="10000000" ttp:timeBase="media">
<body><div><p begin="10000000t" end="25000000t" xml:id="s0"><span>We met</span><br/>and talked.</p></div></body></tt>
"""
EBU = """<tt:tt xmlns:tt="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xml:lang="en"
 ttp:timeBase="media" ttp:frameRate="25">
<tt:body begin="00:00:01.000"><tt:div>
<tt:p begin="00:00:00:00" end="00:00:01:12"><tt:span>We met and talked.</tt:span></tt:p></tt:div></tt:body></tt:tt>
"""


def read(value):
    return formats.read((value if isinstance(value, str) else json.dumps(value)).encode(), "the file")


def test_whispers_json():
    found = read(WHISPER)
    assert (found.language, found.making.origin) == ("en", Origin.RECOGNISED)
    assert [word.text for word in found.segments[0].words] == ["And", "so,", "my", "fellow", "Americans."]
    assert found.segments[0].words[4].span.seconds == (1.42, 2.5)


def test_whisperxs_json_where_a_word_has_no_time():
    (segment,) = read(WHISPERX).segments
    assert segment.speaker == "SPEAKER_00"
    assert segment.words[1].span.seconds == (0.15, 1.1)
    assert segment.words[3].confidence == 0.95


def test_whisper_cpps_full_json_joins_tokens_to_words():
    (segment,) = (found := read(CPP_FULL)).segments
    assert (found.language, found.making.model) == ("en", "ggml-base.en.bin")
    assert [(word.text, word.span.seconds, word.confidence) for word in segment.words] == [
        ("And", (0.32, 0.5), 0.7),
        ("so,", (0.5, 0.85), 0.8),
        ("unbelievable.", (0.9, 2.4), 0.6),
    ]


def test_whisper_cpps_json_of_one_word_a_segment():
    assert [segment.text for segment in read(CPP_WORDS).segments] == ["And", "so,"]


def test_youtubes_webvtt_says_each_line_once_with_the_times_of_its_words():
    found = read(YOUTUBE)
    assert [segment.text for segment in found.segments] == ["and so my fellow Americans", "ask not what"]
    assert found.language == "en"
    assert found.segments[1].words[1].span.seconds == (3.3, 4.0)


def test_zooms_webvtt_has_voices_and_what_is_said_twice_stays_twice():
    found = read(ZOOM)
    assert [(s.speaker, s.text) for s in found.segments] == [
        ("Ann Lee", "We met & talked."),
        ("Bob", "No."),
        ("Bob", "No."),
    ]


def test_ttml_in_ticks_and_in_frames():
    for text, times in ((NETFLIX, (1.0, 2.5)), (EBU, (1.0, 2.48))):
        (segment,) = read(text).segments
        assert segment.text == "We met and talked."
        assert segment.span is not None
        assert segment.span.seconds == times


SRT = "1\n00:00:01,000 --> 00:00:02,500\nWe met\nand <i>talked</i>.\n\n2\n00:00:03,000 --> 00:00:04,000\nNo.\n"


@pytest.mark.parametrize("suffix", ["srt", "vtt", "ttml"])
def test_what_pysubs2_writes_is_read(suffix):
    import pysubs2

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = pysubs2.SSAFile.from_string(SRT).to_string(suffix)
    found = read(text)
    assert [segment.text for segment in found.segments] == ["We met and talked.", "No."]
    assert [s.span.seconds for s in found.segments if s.span] == [(1.0, 2.5), (3.0, 4.0)]


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs the ffmpeg program")
@pytest.mark.parametrize("suffix", ["srt", "vtt", "ttml"])
def test_what_ffmpeg_writes_is_read(suffix, tmp_path):
    (tmp_path / "a.srt").write_text(SRT)
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(tmp_path / "a.srt"), str(tmp_path / f"b.{suffix}")], capture_output=True
    )
    assert done.returncode == 0, done.stderr
    found = formats.read((tmp_path / f"b.{suffix}").read_bytes(), "b")
    assert [segment.text for segment in found.segments] == ["We met and talked.", "No."]
    assert [s.span.seconds for s in found.segments if s.span] == [(1.0, 2.5), (3.0, 4.0)]
