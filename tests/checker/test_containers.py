"""The browser's readers of files hand on the packets that libavformat finds, and skip what ffmpeg skips."""

from __future__ import annotations

import random
import shutil

import av
import pytest

from tests.checking import desk

FILES = {
    "a.mp3": ("-c:a", "libmp3lame", "-b:a", "48k"),
    "mono.mp3": ("-ar", "22050", "-ac", "1", "-c:a", "libmp3lame", "-b:a", "32k"),
    "b.m4a": ("-c:a", "aac", "-b:a", "64k"),
    "fast.m4a": ("-c:a", "aac", "-b:a", "64k", "-movflags", "+faststart"),
    "parts.mp4": ("-c:a", "aac", "-b:a", "64k", "-movflags", "+frag_keyframe+empty_moov", "-frag_duration", "1000000"),
    "opus.mp4": ("-c:a", "libopus", "-b:a", "24k"),
    "c.aac": ("-c:a", "aac", "-f", "adts"),
    "d.opus": ("-c:a", "libopus", "-b:a", "24k"),
    "e.ogg": ("-c:a", "libvorbis"),
    "f.flac": ("-c:a", "flac"),
    "g.oga": ("-c:a", "flac", "-f", "ogg"),
    "h.webm": ("-c:a", "libopus"),
    "i.mkv": ("-c:a", "aac"),
    "j.mkv": ("-c:a", "libmp3lame"),
    "k.mkv": ("-c:a", "flac"),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    source = desk.save(folder / "source.wav", desk.meeting(0, 6), desk.meeting(6, 12))
    made = {name: desk.ffmpeg(source, folder / name, *words) for name, words in FILES.items()}
    two = ("-map", "0:a", "-map", "1:a", "-c:a", "aac")
    made["two.mp4"] = desk.ffmpeg(source, folder / "two.mp4", "-i", source, *two)
    picture = ("-f", "lavfi", "-i", "testsrc=d=6:s=64x64", "-c:v", "libx264", "-c:a", "aac", "-shortest")
    made["video.mp4"] = desk.ffmpeg(source, folder / "video.mp4", *picture)
    return made


def test_the_packets_are_those_of_libavformat(node, files):
    answers = node(*({"do": "packets", "file": path} for path in files.values()))
    for (name, path), answer in zip(files.items(), answers, strict=True):
        assert "error" not in answer, (name, answer)
        found = answer["answer"]
        with av.open(str(path)) as container:
            expected: dict[int, list[int]] = {stream.index: [] for stream in container.streams.audio}
            codecs = [stream.codec_context.codec.canonical_name for stream in container.streams.audio]
            picture = bool(container.streams.video)
            for packet in container.demux(*container.streams.audio):
                if packet.size:
                    expected[packet.stream.index].append(packet.size)
        assert [stream["codec"] for stream in found["streams"]] == codecs, name
        assert found["hasPicture"] == picture, name
        for stream, sizes in zip(found["streams"], expected.values(), strict=True):
            own = stream["sizes"]
            assert own == sizes, (name, len(own), len(sizes))
            assert stream["damage"] == []


def test_what_is_no_recording_is_refused_in_words(node, tmp_path):
    made = {
        "empty.mp3": (b"", "the file is empty"),
        "text.txt": (b"hello, this is no sound at all\n" * 100, "no recording that this page knows"),
        "amr.amr": (b"#!AMR\n" + bytes(2000), "cannot decode AMR"),
        "wma.wma": (bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + bytes(2000), "cannot decode Windows Media"),
        "cut.mp4": (b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + b"\0\0\x10\0mdat" + bytes(4088), "has no index"),
        "cut.wav": (b"RIFF\xff\0\0\0WAVEfmt ", "no sound in it"),
    }
    tasks = []
    for name, (data, _) in made.items():
        (tmp_path / name).write_bytes(data)
        tasks.append({"do": "packets", "file": tmp_path / name})
    for (name, (_, words)), answer in zip(made.items(), node(*tasks), strict=True):
        assert answer.get("error") == "UnreadableInput", (name, answer)
        assert words in answer["message"], (name, answer)


def test_damaged_files_end_in_an_answer(node, files, tmp_path):
    """Bytes changed and ends cut off: packets or a refusal in words, never a crash or a hang."""
    rng = random.Random(7)
    tasks = []
    for number, path in enumerate(files.values()):
        data = path.read_bytes()
        for kind in ("flipped", "cut", "torn"):
            bad = bytearray(data)
            if kind == "cut":
                bad = bad[: rng.randrange(len(bad))]
            else:
                reach = len(bad) if kind == "flipped" else min(len(bad), 2000)
                for _ in range(30):
                    bad[rng.randrange(reach)] = rng.randrange(256)
            target = tmp_path / f"{number}-{kind}{path.suffix}"
            target.write_bytes(bad)
            tasks.append({"do": "packets", "file": target})
    for task, answer in zip(tasks, node(*tasks), strict=True):
        assert "answer" in answer or answer["error"] == "UnreadableInput", (task, answer)
    shutil.rmtree(tmp_path)
