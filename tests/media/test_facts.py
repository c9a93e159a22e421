"""What a file says about itself."""

import hashlib

import pytest

from wholetape.media.facts import StreamFacts, inspect


def test_facts_of_a_recording(make):
    path = make("lame.mp3", "-c:a", "libmp3lame", "-b:a", "64k")
    facts = inspect(path)
    assert facts.path == str(path)
    assert facts.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert facts.size == path.stat().st_size
    assert facts.container == "mp3"
    assert facts.streams == (StreamFacts(0, "mp3", 44100, 2),)
    assert not facts.has_picture
    assert facts.seconds == pytest.approx(6, abs=0.1)


def test_streams_are_counted_among_the_audio_streams(make, studio):
    picture = ("-f", "lavfi", "-t", 2, "-i", "testsrc=size=64x48:rate=5")
    more = ("-i", studio / "speech.wav", "-map", "0:v", "-map", "1:a", "-map", "2:a", "-c:v", "mpeg4")
    path = make("talk.mkv", *more, "-c:a", "flac", "-ac:a:1", 1, before=picture, seconds=2)
    facts = inspect(path)
    assert facts.streams == (StreamFacts(0, "flac", 44100, 2), StreamFacts(1, "flac", 44100, 1))
    assert facts.has_picture


def test_cover_art_is_no_picture(make, studio):
    cover = ("-f", "lavfi", "-i", "testsrc=size=64x48:rate=1:duration=1")
    more = ("-map", "1:a", "-map", "0:v", "-c:v", "mjpeg", "-disposition:v", "attached_pic", "-c:a", "aac")
    path = make("album.m4a", *more, before=cover)
    assert not inspect(path).has_picture


def test_tags_in_no_known_encoding_are_no_obstacle(make, studio):
    tagged = make(
        "tagged.mp3", "-metadata", "title=TITLETITLE", "-id3v2_version", 0, "-write_id3v1", 1, "-c:a", "libmp3lame"
    )
    spoiled = studio / "mojibake.mp3"
    spoiled.write_bytes(tagged.read_bytes().replace(b"TITLETITLE", b"\xff\xfe\xfd\x80\xc3\x28\xa0\xa1\xe2\x28"))
    assert inspect(spoiled).streams[0].codec == "mp3"
