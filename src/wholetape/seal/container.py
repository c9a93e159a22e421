"""The ``.seal`` file as bytes and as members: a ZIP archive of which every byte is determined or summed.

``docs/spec/seal.md``, section Container, is the definition. Any ``unzip`` reads it; this reader accepts nothing else.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Mapping, Sequence

from wholetape.errors import MalformedFile
from wholetape.seal.members import HEAD, LEAVES, MAX_MEMBERS, MAX_SEAL, RULES, SUM, Rule, place

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION, _FLAGS, _TIME, _DATE = 20, 0, 0, 0x21
_STORED, _DEFLATED = 0, 8
_FRESH = "get a fresh copy of it"


def pack(members: Mapping[str, bytes], rules: Sequence[Rule] = RULES) -> bytes:
    """The bytes of a container with these members, in their order, and its sum; :func:`unpack` is the inverse.

    Raises:
        ValueError: a name that has no place in a seal, a member that is too large, or ``sum`` itself.
    """
    names = sorted((name for name in members if name != SUM), key=lambda name: _place(name, rules))
    body = bytearray()
    entries = bytearray()
    for name in [*names, SUM]:
        data = members[name] if name != SUM else hashlib.sha256(body).hexdigest().encode() + b"\n"
        rule = rules[_place(name, rules)[0]]
        if len(data) > rule.limit:
            raise ValueError(f"{name} has {len(data)} bytes, more than {rule.limit}")
        method, packed = _squeeze(data) if rule.deflated else (_STORED, data)
        sizes = (method, _TIME, _DATE, zlib.crc32(data), len(packed), len(data), len(name), 0)
        entries += _entry(name, sizes, len(body))
        body += _LOCAL.pack(b"PK\3\4", _VERSION, _FLAGS, *sizes) + name.encode() + packed
    return bytes(body + entries + _end(len(names) + 1, len(entries), len(body)))


def unpack(data: bytes, rules: Sequence[Rule] = RULES) -> dict[str, bytes]:
    """The members of the container in ``data``, in their order, without ``sum``, which fits.

    Raises:
        MalformedFile: anything that :func:`pack` would not have written, but for the way of compressing.
    """
    if len(data) > MAX_SEAL:
        raise MalformedFile("too large for a seal")
    if not data.startswith(b"PK\3\4"):
        raise MalformedFile("not a seal: its first bytes are not those of one", "make one with `wholetape seal`")
    members: dict[str, bytes] = {}
    entries = bytearray()
    at, last, total = 0, (-1, ""), 0
    while data[at : at + 4] == b"PK\3\4":
        if len(members) >= MAX_MEMBERS:
            raise MalformedFile(f"the seal has more than {MAX_MEMBERS} members")
        name, method, crc, packed, size, start = _local(data, at)
        where = _known(name, rules)
        if where == last:
            raise MalformedFile(f"the seal has two members {name}")
        if where < last:
            raise MalformedFile(f"the seal has its member {name} in the wrong place")
        rule = rules[where[0]]
        if size > rule.limit:
            raise MalformedFile(f"the seal's member {name} is larger than {rule.limit} bytes")
        total += size
        if total > MAX_SEAL:
            raise MalformedFile("the seal's members are too large together")
        if method != _STORED and not (method == _DEFLATED and rule.deflated):
            raise MalformedFile(f"the seal's member {name} is packed in a way that is not allowed")
        if start + packed > len(data):
            raise MalformedFile("the seal is cut off", _FRESH)
        content = _unsqueeze(name, method, data[start : start + packed], size)
        if zlib.crc32(content) != crc:
            raise MalformedFile(f"the seal's member {name} is damaged: its checksum does not fit", _FRESH)
        members[name] = content
        entries += _entry(name, (method, _TIME, _DATE, crc, packed, size, len(name), 0), at)
        if name == SUM and content != hashlib.sha256(data[:at]).hexdigest().encode() + b"\n":
            raise MalformedFile("the seal is damaged: its sum does not fit its content", _FRESH)
        last, at = where, start + packed
    rest = bytes(entries) + _end(len(members), len(entries), at)
    if data[at:] != rest:
        raise MalformedFile(_tail(data[at:], rest), _FRESH)
    for name in (HEAD, LEAVES, SUM):
        if name not in members:
            raise MalformedFile(f"the seal has no member {name}")
    del members[SUM]
    return members


def _place(name: str, rules: Sequence[Rule]) -> tuple[int, str]:
    where = place(name, rules)
    if where is None:
        raise ValueError(f"{name!r} has no place in a seal")
    return where


def _known(name: str, rules: Sequence[Rule]) -> tuple[int, str]:
    where = place(name, rules)
    if where is None:
        raise MalformedFile(f"the seal has a member {name!r}, which has no place in one")
    return where


def _local(data: bytes, at: int) -> tuple[str, int, int, int, int, int]:
    """Name, method, checksum, packed and plain size of the member at ``at``, and where its content starts."""
    if len(data) < at + _LOCAL.size:
        raise MalformedFile("the seal is cut off", _FRESH)
    _, version, flags, method, time, date, crc, packed, size, length, extra = _LOCAL.unpack_from(data, at)
    if (version, flags, time, date, extra) != (_VERSION, _FLAGS, _TIME, _DATE, 0):
        raise MalformedFile("the seal has a member with flags, dates or extra fields, which are not allowed")
    start = at + _LOCAL.size + length
    try:
        name = data[at + _LOCAL.size : start].decode("ascii")
    except UnicodeDecodeError as problem:
        raise MalformedFile("the seal has a member whose name is not ASCII") from problem
    return name, method, crc, packed, size, start


def _entry(name: str, sizes: tuple[int, ...], offset: int) -> bytes:
    """The central directory's entry for the member at ``offset``."""
    return _CENTRAL.pack(b"PK\1\2", _VERSION, _VERSION, _FLAGS, *sizes, 0, 0, 0, 0, offset) + name.encode()


def _end(count: int, length: int, offset: int) -> bytes:
    return _END.pack(b"PK\5\6", 0, 0, count, count, length, offset, 0)


def _squeeze(data: bytes) -> tuple[int, bytes]:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    packed = deflate.compress(data) + deflate.flush()
    return (_DEFLATED, packed) if len(packed) < len(data) else (_STORED, data)


def _unsqueeze(name: str, method: int, packed: bytes, size: int) -> bytes:
    """The content, of exactly ``size`` bytes; never inflates more than one byte beyond that."""
    if method == _STORED:
        if len(packed) != size:
            raise MalformedFile(f"the seal's member {name} has two sizes")
        return packed
    inflate = zlib.decompressobj(-15)
    try:
        content = inflate.decompress(packed, size + 1)
    except zlib.error as problem:
        raise MalformedFile(f"the seal's member {name} cannot be unpacked", _FRESH) from problem
    if len(content) != size or not inflate.eof or inflate.unused_data or inflate.unconsumed_tail:
        raise MalformedFile(f"the seal's member {name} does not unpack to the size that it names")
    return content


def _tail(found: bytes, due: bytes) -> str:
    if len(found) < len(due):
        return "the seal is cut off"
    if found.startswith(due):
        return "the seal is followed by other bytes"
    return "the seal's directory does not agree with its members"
