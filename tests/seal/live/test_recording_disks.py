"""Disks that are full, and folders that cannot be: what was written stays."""

from __future__ import annotations

import os

import pytest

from tests.seal.live import made
from wholetape.errors import StorageFailed, UsageError
from wholetape.media.streamed import HEADER
from wholetape.store.folder import HeldFolder


class Full:
    """A disk on which there is room for so many bytes more."""

    def __init__(self, monkeypatch, room):
        self.room, real = room, os.pwrite

        def pwrite(fd, data, at):
            part = bytes(data)[: self.room]
            self.room -= len(part)
            if not part:
                raise OSError(28, "No space left on device")
            return real(fd, part, at)

        monkeypatch.setattr(os, "pwrite", pwrite)


@pytest.mark.parametrize("room", [60_000, 60_500, 61_000, 100, 3000])
def test_a_full_disk_is_told_and_nothing_that_was_written_is_lost(path, speech, monkeypatch, room):
    follower = made.Follower()
    with monkeypatch.context() as patched:
        Full(patched, room)
        with pytest.raises(StorageFailed, match="no space left") as caught:
            made.record(path, speech, follower=follower)
    assert "free some space" in caught.value.hint
    if room > 10_000:
        written = (path / "recording.wav").stat().st_size - HEADER
        found = made.judge(path, speech, follower.acks)
        assert found.samples == written // 2
        assert written > room * 0.8


def test_no_room_for_print_and_seal_leaves_everything_to_be_closed_later(path, speech, monkeypatch):
    with monkeypatch.context() as patched:

        def refuse(source, target):
            raise OSError(28, "No space left on device")

        patched.setattr(os, "replace", refuse)
        with pytest.raises(StorageFailed, match="no space left"):
            made.record(path, speech)
    assert not any(name.endswith(".part") for name in os.listdir(path))
    assert made.judge(path, speech, []).samples == len(speech) // 2


def test_a_folder_that_cannot_be_made_or_is_a_file_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageFailed):
        HeldFolder(str(tmp_path / "file" / "in"), make=True)
    with pytest.raises(StorageFailed):
        HeldFolder(str(tmp_path / "file"), make=True)
    with pytest.raises(UsageError):
        HeldFolder(str(tmp_path / "missing"))
