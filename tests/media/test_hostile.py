"""Files from strangers: every one either decodes or is refused in words; none opens another file, hangs or crashes."""

import os
import socket
import struct
import threading

import pytest

from tests.media.test_clock import POSTED, heard
from wholetape.errors import UnreadableInput
from wholetape.media.decode import Decoder
from wholetape.media.facts import inspect


def refused(path):
    """The error that both doors of this package give for ``path``."""
    with pytest.raises(UnreadableInput) as by_inspect:
        inspect(path)
    with pytest.raises(UnreadableInput) as by_decoder:
        Decoder(path)
    assert str(by_inspect.value) == str(by_decoder.value)
    assert by_inspect.value.hint
    assert "\n" not in str(by_inspect.value), "one line, whatever the name"
    return str(by_inspect.value)


@pytest.fixture
def place(tmp_path):
    """Puts bytes in a file of a name."""

    def put(name, content: bytes):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return put


def test_what_is_no_file_is_told_apart(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    assert "does not exist" in refused(tmp_path / "nothing.wav")
    assert "is a folder" in refused(tmp_path)
    assert "pipe or a device" in refused(tmp_path / "fifo")
    assert "pipe or a device" in refused("/dev/zero")
    assert "pipe or a device" in refused("/dev/null")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        assert "pipe or a device" in refused(tmp_path / "socket")


def test_an_empty_file_is_called_empty(place):
    assert "is empty" in refused(place("empty.wav", b""))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(place):
    path = place("secret.wav", b"RIFF")
    path.chmod(0)
    assert "no permission" in refused(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("words.txt", b"Nothing but words.\n" * 100),
        ("words.wav", b"Nothing but words.\n" * 100),
        ("words.mp3", b"Nothing but words.\n" * 100),
        ("page.html", b"<!doctype html><title>404</title>" * 50),
        ("ones.m4a", b"\xff" * 100_000),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(1000)),
        ("subtitles.srt", b"1\n00:00:00,000 --> 00:00:02,000\nhello\n\n" * 20),
        ("one byte", b"R"),
        ("header only.wav", b"RIFF\xff\xff\xff\xffWAVEfmt "),
        ("program", b"\x7fELF" + bytes(5000)),
    ],
)
def test_what_is_not_media_is_refused(name, content, place):
    assert "not a recording" in refused(place(name, content))


def test_a_suffix_alone_makes_no_recording(place):
    path = place("zeros.mp3", bytes(100_000))
    assert "no sound" in refused(path)


def test_a_video_without_sound_is_told_so(make):
    path = make("mute.mp4", "-an", "-c:v", "mpeg4", before=("-f", "lavfi", "-t", 1, "-i", "testsrc=size=64x48:rate=5"))
    with pytest.raises(UnreadableInput, match="no audio stream"):
        inspect(path)
    with pytest.raises(UnreadableInput, match="no audio stream"):
        Decoder(path)


def test_a_stream_that_is_not_there(make):
    path = make("plain.wav", *POSTED["plain.wav"])
    for stream in (1, 99, -1):
        with pytest.raises(UnreadableInput, match="no audio stream"):
            Decoder(path, stream)


def test_sound_of_no_length_is_refused(place):
    header = b"RIFF" + struct.pack("<I", 36) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    path = place("nothing.wav", header + b"data" + struct.pack("<I", 0))
    with pytest.raises(UnreadableInput, match="no sound"):
        Decoder(path)


def test_silence_is_sound(make):
    path = make("silent.m4a", "-af", "volume=0", "-c:a", "aac")
    samples, decoder = heard(path)
    assert samples.shape[1] > 5 * 44100
    assert not samples.any()
    assert decoder.damage == ()


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFFFFF, 0])
def test_a_wave_header_that_lies_about_its_size_costs_nothing(size, place):
    sound = bytes(range(256)) * 400
    header = b"RIFF" + struct.pack("<I", size) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    path = place("boast.wav", header + b"data" + struct.pack("<I", size) + sound)
    assert heard(path)[0].shape == (1, len(sound) // 2)


@pytest.mark.parametrize(("rate", "channels"), [(1, 1), (0xFFFFFFFF, 1), (8000, 0xFFFF), (44100, 500)])
def test_a_rate_or_channel_count_that_nobody_uses_is_refused(rate, channels, place):
    frame = (channels * 2) & 0xFFFF
    fields = struct.pack("<IHHIIHH", 16, 1, channels, rate, (rate * frame) & 0xFFFFFFFF, frame, 16)
    path = place("odd.wav", b"RIFF" + struct.pack("<I", 9000) + b"WAVEfmt " + fields + b"data" + bytes(9000))
    with pytest.raises(UnreadableInput):
        Decoder(path)


@pytest.mark.parametrize(
    "name",
    [
        "-",
        "-i",
        "--help",
        "concat:a|b.wav",
        "http:",
        "file:x.wav",
        "data:audio",
        "a\nb.wav",
        "per%cent %d.wav",
        "quote'\"\\[in];out.wav",
        "emoji 🎙.wav",
        b"not utf-8 \xff\xfe.wav",
        "pipe:0",
        " ",
    ],
)
def test_a_name_is_only_a_name(name, make, tmp_path, monkeypatch):
    """Also relative names; also long files, which go another way than short ones."""
    sound = make("minutes.wav", "-c:a", "pcm_s16le", "-ar", 8000, "-ac", 1, seconds=90).read_bytes()
    monkeypatch.chdir(tmp_path)
    with open(name, "wb") as file:
        file.write(sound)
    path = os.fsdecode(name)
    assert inspect(path).streams[0].codec == "pcm_s16le"
    samples, _ = heard(path, jobs=2)
    assert samples.shape == (1, 90 * 8000)


@pytest.mark.parametrize(
    "name", ["http://127.0.0.1:1/x.wav", "concat:a.wav|b.wav", "data:audio/wav;base64,AAAA", "pipe:0", "-"]
)
def test_a_name_that_looks_like_an_address_is_a_file_that_does_not_exist(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "does not exist" in refused(name)


class Listener:
    """A local server that counts who calls."""

    def __enter__(self):
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.05)
        self.port = self._socket.getsockname()[1]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def _serve(self):
        while not self._stop.is_set():
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            self.calls += 1
            connection.close()

    def __exit__(self, *error):
        self._stop.set()
        self._thread.join()
        self._socket.close()


@pytest.mark.parametrize("suffix", ["m3u8", "wav", "mp4", ""])
def test_a_file_can_make_nothing_else_be_opened(suffix, make, studio):
    """Playlists and scripts that name a good recording beside them and an address on this machine."""
    make("plain.wav", *POSTED["plain.wav"])
    make("raw.aac", *POSTED["raw.aac"])
    make("broadcast.ts", *POSTED["broadcast.ts"])
    with Listener() as listener:
        web = f"http://127.0.0.1:{listener.port}"
        scripts = {
            "hls": "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:6\n#EXTINF:6.0,\n{}\n#EXT-X-ENDLIST\n",
            "concat": "ffconcat version 1.0\nfile {}\n",
            "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
            "m=audio 5004 RTP/AVP 0\na=control:{}\n",
            "dash": '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
            'mediaPresentationDuration="PT6S"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1" '
            'bandwidth="1"><BaseURL>{}</BaseURL></Representation></AdaptationSet></Period></MPD>',
            "ref": "[Reference]\nRef1={}\n",
            "pls": "#!/bin/sh\n[playlist]\nFile1={}\n",
        }
        for kind, script in scripts.items():
            for target in ("plain.wav", "raw.aac", "broadcast.ts", f"{web}/x.wav", f"{web}/x.ts"):
                path = studio / (f"trap-{kind}.{suffix}" if suffix else f"trap-{kind}")
                path.write_text(script.format(target))
                assert "not a recording" in refused(path)
        assert listener.calls == 0


def test_an_mp4_cannot_point_into_another_file(make, studio):
    """A QuickTime reference movie: the sample data lies in another file, named by an alias."""
    path = make("apple.m4a", *POSTED["apple.m4a"])
    movie = bytearray(path.read_bytes())
    spot = movie.find(b"dref")
    entry = movie.find(b"url ", spot)
    movie[entry : entry + 8] = b"url \x00\x00\x00\x00"  # no longer "in this file"
    trap = studio / "reference.mov"
    trap.write_bytes(bytes(movie))
    with Decoder(trap) as decoder:  # what it points to is not opened; its own bytes are all there is
        assert sum(block.samples.shape[1] for block in decoder.blocks()) > 0
