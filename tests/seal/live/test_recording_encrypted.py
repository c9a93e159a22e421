"""Encrypted while it is recorded: nothing on the disk is plain, and only an identity opens it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil

import pyrage
import pytest

from tests.seal.live import made
from wholetape.errors import UsageError, VerificationFailed
from wholetape.log.kinds import Cipher
from wholetape.seal.live.opening import open_hidden
from wholetape.seal.sealfile import parse_seal


@pytest.fixture(scope="module")
def identity():
    return pyrage.x25519.Identity.generate()


def test_encrypted_nothing_on_the_disk_is_plain(path, speech, identity):
    made.record(path, speech, recipients=[str(identity.to_public())])
    made.record(path.with_name("plain"), speech)
    seal = parse_seal((path / "recording.seal").read_bytes())
    assert seal.seed is None
    rows = (path.with_name("plain") / "recording.print").read_bytes()[60:]
    for file in path.iterdir():
        data = file.read_bytes()
        assert not any(speech[at : at + 32] in data for at in range(0, len(speech) - 32, 997)), file
        assert not any(rows[at : at + 16] in data for at in range(0, len(rows) - 16, 31)), file
    assert sorted(file.name for file in path.iterdir()) == [
        "journal", "lock", "recording.print.age", "recording.seal", "sound.age"
    ]  # fmt: skip
    for line in (path / "journal").read_bytes().splitlines()[:1]:
        assert json.loads(line[17:])["seed"] is None


def test_encrypted_only_an_identity_opens_it_and_then_it_verifies_and_can_be_cosigned(path, speech, identity):
    made.record(path, speech, recipients=[str(identity.to_public())])
    with pytest.raises(VerificationFailed):
        open_hidden(str(path), [pyrage.x25519.Identity.generate()], str(path.with_name("stranger")))
    assert not path.with_name("stranger").exists() or not any(path.with_name("stranger").iterdir())
    opened = path.with_name("opened")
    open_hidden(str(path), [identity], str(opened))
    assert made.judge(opened, speech, [], recovering=False).samples == len(speech) // 2


def test_encrypted_and_killed_it_needs_an_identity_to_be_closed(tmp_path, speech, identity):
    path = tmp_path / "hidden"
    follower = made.record(path, speech, recipients=[str(identity.to_public())], close=False)
    with pytest.raises(UsageError, match="encrypted"):
        made.recover(path)
    for at in (None, 40_000):
        copy = tmp_path / f"cut-{at}"
        shutil.copytree(path, copy)
        if at:
            os.truncate(copy / "sound.age", at)
        made.recover(copy, identities=[identity])
        opened = tmp_path / f"opened-{at}"
        open_hidden(str(copy), [identity], str(opened))
        found = made.judge(opened, speech, follower.acks, recovering=False)
        assert found.samples // 8000 == 6
        assert bool(found.lost) == bool(at)


def test_the_ciphertext_is_committed_to(path, speech, identity):
    made.record(path, made.sound(23), recipients=[str(identity.to_public())])
    seal = parse_seal((path / "recording.seal").read_bytes())
    leaves = [leaf for leaf in seal.leaves if isinstance(leaf, Cipher)]
    assert [(leaf.first, leaf.count) for leaf in leaves] == [(0, 10), (10, 10), (20, 3)]
    data, at, sums = (path / "sound.age").read_bytes(), 0, []
    for leaf in leaves:
        start = at
        for _ in range(leaf.count):
            at += 8 + int.from_bytes(data[at : at + 8], "big")
        sums.append(hashlib.sha256(data[start:at]).digest())
    assert [leaf.sha256 for leaf in leaves] == sums
    assert at == len(data)
