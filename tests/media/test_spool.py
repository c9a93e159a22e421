"""Sound set aside is given back as it was."""

import errno
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from wholetape.errors import StorageFailed
from wholetape.media.spool import Spool


@given(parts=st.lists(arrays(np.int16, st.integers(0, 300)), max_size=6), data=st.data())
def test_any_span_of_what_was_appended_comes_back(parts, data):
    whole = np.concatenate([np.zeros(0, np.int16), *parts])
    with Spool() as spool:
        for part in parts:
            spool.append(part)
        assert len(spool) == len(whole)
        start = data.draw(st.integers(0, len(whole)))
        end = data.draw(st.integers(start, len(whole)))
        assert np.array_equal(spool.read(start, end), whole[start:end])


def test_reading_and_appending_take_turns():
    with Spool() as spool:
        spool.append(np.arange(10, dtype=np.int16))
        assert spool.read(2, 4).tolist() == [2, 3]
        spool.append(np.arange(10, 20, dtype=np.int16)[::2])
        assert spool.read(8, 13).tolist() == [8, 9, 10, 12, 14]


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (0, 11), (5, 4)])
def test_a_span_outside_is_an_error(start, end):
    with Spool() as spool:
        spool.append(np.zeros(10, np.int16))
        with pytest.raises(IndexError):
            spool.read(start, end)


@pytest.mark.parametrize("wrong", [np.zeros(3, np.float32), np.zeros((2, 3), np.int16)])
def test_other_samples_are_refused(wrong):
    with Spool() as spool, pytest.raises(ValueError, match="int16"):
        spool.append(wrong)


def test_a_full_disk_is_told_and_loses_nothing_of_before(monkeypatch):
    class Full:
        def __init__(self, file):
            self.file = file

        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

        def __getattr__(self, name):
            return getattr(self.file, name)

    with Spool() as spool:
        spool.append(np.arange(5, dtype=np.int16))
        monkeypatch.setattr(spool, "_file", Full(spool._file))
        with pytest.raises(StorageFailed, match="no space left") as refused:
            spool.append(np.arange(5, dtype=np.int16))
        assert "TMPDIR" in refused.value.hint
        assert len(spool) == 5
        assert spool.read(0, 5).tolist() == [0, 1, 2, 3, 4]


def test_threads_read_side_by_side():
    with Spool() as spool, ThreadPoolExecutor(8) as pool:
        whole = np.random.default_rng(1).integers(-(2**15), 2**15, 400_000).astype(np.int16)
        spool.append(whole)
        spans = [(k * 137 % 300_000, k * 137 % 300_000 + 90_000) for k in range(400)]
        for (start, end), read in zip(spans, pool.map(lambda span: spool.read(*span), spans), strict=True):
            assert np.array_equal(read, whole[start:end])
