"""Containers with one flaw each, written byte by byte: what no ZIP library would write, and what some would.

Everything that the flaw does not touch is as ``docs/spec/seal.md``, section Container, has it, ``sum`` included.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

_DATE = 0x21
_LIMITS = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its content, and what the headers say of it where that is not the truth."""

    name: bytes
    content: bytes
    method: int = 0
    packed: bytes | None = None
    flags: int = 0
    date: int = _DATE
    crc: int | None = None
    size: int | None = None
    extra: bytes = b""
    before: bytes = b""
    """Bytes in front of the local header."""
    after: bytes = b""
    """Bytes behind the packed content: a data descriptor, for example."""
    listed: int = 1
    """How often the directory names it."""
    central_name: bytes | None = None
    attributes: int = 0
    zeroed: bool = False
    """The local header leaves checksum and sizes to a data descriptor."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The members in order, and what surrounds them."""

    members: tuple[Member, ...]
    prefix: bytes = b""
    comment: bytes = b""
    suffix: bytes = b""
    disk: int = 0
    before_end: bytes = b""
    extra_entry: bytes = b""
    sum: Callable[[bytes], bytes] = field(default=lambda body: hashlib.sha256(body).hexdigest().encode() + b"\n")

    def encode(self) -> bytes:
        """The bytes; the content of the member ``sum`` is made here, over what precedes it."""
        body, directory, count = bytearray(self.prefix), bytearray(), 0
        for one in self.members:
            if one.name == b"sum" and not one.content:
                one = replace(one, content=self.sum(bytes(body)))
            body += one.before
            at = len(body)
            packed = one.content if one.packed is None else one.packed
            crc = zlib.crc32(one.content) if one.crc is None else one.crc
            size = len(one.content) if one.size is None else one.size
            told = (0, 0, 0) if one.zeroed else (crc, len(packed), size)
            fields = (20, one.flags, one.method, 0, one.date)
            body += struct.pack("<4s5H3I2H", b"PK\3\4", *fields, *told, len(one.name), len(one.extra))
            body += one.name + one.extra + packed + one.after
            name = one.name if one.central_name is None else one.central_name
            entry = struct.pack(
                "<4s6H3I5H2I",
                b"PK\1\2",
                20,
                *fields,
                *(crc, len(packed), size),
                *(len(name), 0, 0, 0, 0, one.attributes, at),
            )
            directory += (entry + name) * one.listed
            count += one.listed
        directory += self.extra_entry
        count += bool(self.extra_entry)
        end = struct.pack(
            "<4s4H2IH", b"PK\5\6", self.disk, 0, count, count, len(directory), len(body), len(self.comment)
        )
        return bytes(body + directory) + self.before_end + end + self.comment + self.suffix


def archive(members: Mapping[str, bytes]) -> Archive:
    """The archive of these members, as they are, nothing packed; ``sum`` is added."""
    return Archive((*(Member(name.encode(), data) for name, data in members.items()), Member(b"sum", b"")))


def deflated(data: bytes) -> bytes:
    """``data`` as ZIP's method 8 has it."""
    work = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return work.compress(data) + work.flush()


def containers(members: Mapping[str, bytes]) -> dict[str, tuple[str, bytes]]:
    """Name, flaw and bytes of every hostile container; ``members`` are those of a good seal, in their order."""
    good = archive(members)
    plain = good.encode()
    names = [one.name.decode() for one in good.members]

    def changed(which: str, /, **how: object) -> bytes:
        place = names.index(which)
        one = replace(good.members[place], **how)  # type: ignore[arg-type]  # the callers' words are fields
        return replace(good, members=(*good.members[:place], one, *good.members[place + 1 :])).encode()

    def without(name: str) -> bytes:
        return replace(good, members=tuple(one for one in good.members if one.name != name.encode())).encode()

    def added(place: int, *more: Member) -> bytes:
        return replace(good, members=(*good.members[:place], *more, *good.members[place:])).encode()

    def alone(name: bytes) -> Member:
        return Member(name, b"anything\n")

    leaves, head, seed = members["leaves"], members["head"], members["private/seed"]
    packed = deflated(leaves)
    swapped = [names.index("leaves"), names.index("head")]
    descriptor = struct.pack("<4s3I", b"PK\7\x08", zlib.crc32(head), len(head), len(head))
    zip64 = struct.pack("<2H2Q", 1, 16, len(head), len(head))
    locator = struct.pack("<4sI2Q", b"PK\6\7", 0, 0, 1)
    first = plain.index(b"PK\1\2")
    bomb = deflated(bytes(10 << 20))
    zeroed = hashlib.sha256(b"").hexdigest().encode() + b"\n"
    upper: Callable[[bytes], bytes] = lambda body: hashlib.sha256(body).hexdigest().upper().encode() + b"\n"  # noqa: E731
    ghost = (
        struct.pack("<4s6H3I5H2I", b"PK\1\2", *(20, 20, 0, 0, 0, _DATE), *(0, 0, 0), *(5, 0, 0, 0, 0, 0, 0)) + b"ghost"
    )
    return {
        "not-a-zip": ("a text, and no container", b"This is no seal.\n"),
        "empty": ("no bytes at all", b""),
        "prefix": (
            "bytes before the first member, as in a self-extracting archive",
            replace(good, prefix=b"MZ").encode(),
        ),
        "trailing-byte": ("one byte behind the end", replace(good, suffix=b"\0").encode()),
        "comment": (
            "a comment behind the end record, which its length names",
            replace(good, comment=b"hello").encode(),
        ),
        "twice": ("the whole archive twice, one behind the other", plain + plain),
        "cut-in-the-middle": ("the second half is missing", plain[: len(plain) // 2]),
        "cut-end-record": ("the end record lacks its last byte", plain[:-1]),
        "no-end-record": ("there is no end record", plain[:-22]),
        "no-directory": ("there is no directory", plain[:first]),
        "head-twice": ("two members head", added(1, Member(b"head", head))),
        "leaves-twice-apart": (
            "a second member leaves behind all others",
            added(len(names) - 1, Member(b"leaves", leaves)),
        ),
        "sum-twice": ("two members sum", added(len(names), Member(b"sum", zeroed))),
        "member-behind-sum": ("a member behind sum, which does not cover it", added(len(names), Member(b"zzzz", b"x"))),
        "unknown-member": ("a member that no seal has", added(1, alone(b"notes.txt"))),
        "path-outside": ("a name that leads out of the folder", added(0, alone(b"../head"))),
        "absolute-path": ("a name that begins with a slash", added(0, alone(b"/head"))),
        "upper-case-name": ("head in capitals", changed("head", name=b"HEAD")),
        "name-with-nul": ("a name that ends in a NUL", changed("head", name=b"head\0")),
        "name-not-ascii": ("a name that is not ASCII", added(1, alone("kéys/0000".encode()))),
        "five-digits": ("a key with a number of five digits", added(2, alone(b"keys/00000"))),
        "wrong-order": (
            "leaves before head",
            replace(good, members=(*(good.members[n] for n in swapped), *good.members[2:])).encode(),
        ),
        "no-head": ("no member head", without("head")),
        "no-leaves": ("no member leaves", without("leaves")),
        "no-sum": ("no member sum", without("sum")),
        "descriptor": (
            "sizes in a data descriptor behind the content",
            changed("head", flags=8, after=descriptor, zeroed=True),
        ),
        "descriptor-unflagged": ("a data descriptor that no flag announces", changed("head", after=descriptor)),
        "encrypted": ("the flag of encryption", changed("head", flags=1)),
        "utf-8-flag": ("the flag of UTF-8 names", changed("head", flags=0x800)),
        "extra-field": ("an extra field in a local header", changed("head", extra=zip64)),
        "zip64-end": ("the locator of a zip64 end record", replace(good, before_end=locator).encode()),
        "wrong-crc": ("a checksum that does not fit", changed("head", crc=zlib.crc32(head) ^ 1)),
        "bomb": ("10 MB of zeros in 10 KB, said to be 100 bytes", changed("leaves", method=8, packed=bomb, size=100)),
        "beyond-the-limit": ("head, said to be longer than a head may be", changed("head", size=_LIMITS + 1)),
        "size-4-gib": ("leaves, said to have 4 GiB", changed("leaves", size=0xFFFFFFFF)),
        "two-sizes": ("stored, with two sizes", changed("head", size=len(head) + 1)),
        "method-12": ("packed with bzip2", changed("leaves", method=12)),
        "deflate-cut": ("deflate that ends too early", changed("leaves", method=8, packed=packed[:-3])),
        "deflate-longer": ("bytes behind the end of deflate", changed("leaves", method=8, packed=packed + b"hidden")),
        "deflate-garbage": ("no deflate at all", changed("leaves", method=8, packed=b"\xff" * 40)),
        "seed-deflated": (
            "the seed packed, which it must not be",
            changed("private/seed", method=8, packed=deflated(seed)),
        ),
        "date": ("a date other than 1 January 1980", changed("head", date=0x5555)),
        "attributes": ("attributes of a symbolic link in the directory", changed("head", attributes=0xA1FF0000)),
        "gap": ("bytes between two members", changed("leaves", before=b"hidden")),
        "directory-other-name": ("the directory calls head by another name", changed("head", central_name=b"dead")),
        "directory-unlisted": ("a member that the directory leaves out", changed("keys/0001", listed=0)),
        "directory-overlap": ("two entries of the directory for one member", changed("leaves", listed=2)),
        "directory-ghost": (
            "an entry of the directory for a member that is not there",
            replace(good, extra_entry=ghost).encode(),
        ),
        "disk": ("an archive that is said to go on on another disk", replace(good, disk=1).encode()),
        "sum-of-other-bytes": ("a sum over other bytes", replace(good, sum=lambda body: zeroed).encode()),
        "sum-in-capitals": ("the right sum in capitals", replace(good, sum=upper).encode()),
        "sum-without-newline": (
            "the right sum without its newline",
            replace(good, sum=lambda body: upper(body).lower()[:-1]).encode(),
        ),
    }
