"""Transport streams begin further streams on the way: those that were there from the start are read all the same."""

from __future__ import annotations

from typing import Any

import av
import pytest

from tests.media.conftest import ffmpeg
from wholetape.checking import make_print
from wholetape.media.demux import demuxed

LATER = ("-streamid", "0:300", "-streamid", "1:301", "-streamid", "2:302")


class Flushing:
    """As PyAV does when the file has got more streams than it knows: all packets, then this."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def demux(self, stream: Any) -> Any:
        yield from (stream, stream)
        raise self.error


def packets_until(error: Exception) -> list[Any]:
    container: Any = Flushing(error)
    packet: Any = "packet"
    return list(demuxed(container, packet))


def test_streams_that_nobody_asked_for_end_nothing_early():
    assert packets_until(IndexError("list index out of range")) == ["packet", "packet"]


def test_what_keeps_a_file_from_being_read_on_is_told():
    with pytest.raises(av.FFmpegError):
        packets_until(av.InvalidDataError(1, "bad"))


def test_a_transport_stream_that_gets_three_more_streams_is_printed_whole(tmp_path):
    tone = ("-f", "lavfi", "-i", "sine=330:sample_rate=44100", "-t", "12", "-c:a", "aac", "-f", "mpegts")
    ffmpeg(*tone, tmp_path / "one.ts")
    ffmpeg(*tone[:6], "-map", "0:a", "-map", "0:a", "-map", "0:a", *tone[6:], *LATER, tmp_path / "three.ts")
    joined = tmp_path / "joined.ts"
    joined.write_bytes((tmp_path / "one.ts").read_bytes() + (tmp_path / "three.ts").read_bytes())
    assert make_print(joined).samples >= 12 * 8000
