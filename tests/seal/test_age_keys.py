"""Keys as age and ssh write them, for escrow and for recording encrypted."""

from __future__ import annotations

import pyrage
import pytest

from tests.seal import made
from wholetape.errors import MalformedFile, UsageError
from wholetape.seal.agekeys import identity, identity_text, parse_identity, recipient, recipient_text


def test_a_partys_key_is_what_ssh_and_age_understand():
    text = recipient_text(made.A.public)
    assert text.startswith("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI")
    assert pyrage.decrypt(pyrage.encrypt(b"x", [recipient(text)]), [identity(made.A)]) == b"x"


def test_an_identity_of_32_bytes_is_written_as_age_writes_it():
    mine = pyrage.x25519.Identity.generate()
    assert str(pyrage.x25519.Identity.from_str(identity_text(bytes(range(32))))) == identity_text(bytes(range(32)))
    assert str(parse_identity(b"# note\n" + str(mine).encode() + b"\n")) == str(mine)
    for junk in (b"", b"AGE-SECRET-KEY-1X\n", b"\xff", (str(mine) + "\n").encode() * 2):
        with pytest.raises(MalformedFile):
            parse_identity(junk)


def test_a_secret_key_is_never_taken_for_a_recipient():
    mine = str(pyrage.x25519.Identity.generate())
    with pytest.raises(UsageError, match="secret"):
        recipient(mine)
    with pytest.raises(UsageError, match="no recipient"):
        recipient("age1x")
