"""A file is written whole or not at all."""

import errno
import os
import stat

import pytest

from wholetape.errors import StorageFailed
from wholetape.store.atomic import atomic_write


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("data", [b"new", [b"n", b"", b"ew"], iter([b"new"])], ids=["bytes", "list", "iterator"])
def test_the_file_holds_the_bytes_and_nothing_else_is_left(data, tmp_path):
    atomic_write(tmp_path / "report", data)
    assert (tmp_path / "report").read_bytes() == b"new"
    assert names(tmp_path) == ["report"]


def test_an_old_file_is_replaced_and_keeps_its_permissions(tmp_path):
    path = tmp_path / "report"
    path.write_bytes(b"old")
    path.chmod(0o640)
    atomic_write(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_has_the_permissions_that_the_umask_leaves(tmp_path):
    before = os.umask(0o027)
    try:
        atomic_write(tmp_path / "report", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "report").stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "folder" / "real")
    atomic_write(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "folder" / "real").read_bytes() == b"new"


def test_an_error_while_the_bytes_are_made_leaves_the_old_file_and_passes_through(tmp_path):
    path = tmp_path / "report"
    path.write_bytes(b"old")

    def chunks():
        yield b"half"
        raise KeyError("of the caller")

    with pytest.raises(KeyError):
        atomic_write(path, chunks())
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["report"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file(step, tmp_path, monkeypatch):
    path = tmp_path / "report"
    path.write_bytes(b"old")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(StorageFailed, match="no space left") as refused:
        atomic_write(path, b"new")
    assert "free some space" in refused.value.hint
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["report"]


def test_a_device_that_is_always_full_is_no_file():
    with pytest.raises(StorageFailed):
        atomic_write("/dev/full", b"new")


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(StorageFailed) as refused:
        atomic_write(tmp_path / "no" / "report", b"new")
    assert "create the folder" in refused.value.hint
    assert names(tmp_path) == []


def test_a_folder_in_the_place_of_the_file(tmp_path):
    (tmp_path / "report").mkdir()
    with pytest.raises(StorageFailed, match="folder"):
        atomic_write(tmp_path / "report", b"new")
    assert names(tmp_path) == ["report"]


def test_a_file_in_the_place_of_the_folder(tmp_path):
    (tmp_path / "folder").write_bytes(b"")
    with pytest.raises(StorageFailed):
        atomic_write(tmp_path / "folder" / "report", b"new")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StorageFailed) as refused:
        atomic_write(tmp_path / "report", b"new")
    assert "may write" in refused.value.hint


def test_a_name_with_a_nul_byte(tmp_path):
    with pytest.raises(StorageFailed):
        atomic_write(f"{tmp_path}/a\0b", b"new")
