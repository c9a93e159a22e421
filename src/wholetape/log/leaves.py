"""The leaves of a seal as bytes: ``docs/spec/seal.md``, section Leaves.

A leaf is written by :func:`encode_leaf` and read by :func:`parse_leaf`, which accepts nothing else. What holds between
leaves (order, counts, the header's place) is not judged here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from wholetape.errors import MalformedFile
from wholetape.log.checkpoint import ORIGIN
from wholetape.log.encoding import Json, b64encode, jcs, parse_jcs, unhex
from wholetape.log.fields import MAX_ITEMS, Fields
from wholetape.log.keys import PublicKey, public_of
from wholetape.log.kinds import (
    Beacon,
    Capture,
    Cipher,
    Close,
    Document,
    Escrow,
    Event,
    FileFacts,
    Header,
    Leaf,
    PrintForm,
    SampleFormat,
    Segment,
    What,
)
from wholetape.log.note import parse_vkey

FORMAT = "wholetape.seal/v1"
MAX_LEAF = 1 << 17
"""Bytes of one leaf: a header with 64 parties fits."""
SHORTEST_LEAF = 40
"""Bytes that every leaf has more of."""


def encode_leaf(leaf: Leaf) -> bytes:
    """The leaf's bytes, JCS, without a newline."""
    if type(leaf) is Segment:  # thousands of them
        tree: Json = {
            "at": leaf.at,
            "first": leaf.first,
            "leaf": "segment",
            "n": leaf.n,
            "print": None if leaf.print is None else b64encode(leaf.print),
            "samples": leaf.samples,
            "sound": None if leaf.sound is None else b64encode(leaf.sound),
        }
        return jcs(tree)
    return jcs(_WRITE[type(leaf)](leaf))


def parse_leaf(data: bytes) -> Leaf:
    """The leaf that ``data`` holds.

    Raises:
        MalformedFile: anything that :func:`encode_leaf` would not have written.
        VerificationFailed: a header with a key of small order.
    """
    if len(data) > MAX_LEAF:
        raise MalformedFile("a leaf is too long")
    tree = parse_jcs(data, "a leaf")
    kind = tree.pop("leaf", None)
    read = _READ.get(kind) if isinstance(kind, str) else None
    if read is None:
        raise MalformedFile("a leaf is of no kind that this version knows", "a newer version may read it")
    fields = Fields(tree, f"a {kind} leaf")
    leaf = read(fields)
    fields.done()
    return leaf


def _header(fields: Fields) -> Header:
    if fields.text("format") != FORMAT:
        raise MalformedFile(f"the seal is not {FORMAT}", "a newer version of the program may read it")
    origin = fields.text("origin")
    if not ORIGIN.match(origin):
        raise fields.wrong("origin")
    parties = tuple(_party(tree, fields) for tree in fields.items("parties", least=1))
    if len({p.name for p in parties}) != len(parties) or len({p.raw for p in parties}) != len(parties):
        raise MalformedFile("the header names one party twice")
    rate = fields.integer("rate", 2000, 768_000)
    sample_format = fields.take("format_of_samples")
    if sample_format is not None:
        if type(sample_format) is not str or sample_format not in list(SampleFormat):
            raise fields.wrong("format_of_samples")
        sample_format = SampleFormat(sample_format)
    if fields.integer("segment") != rate:
        raise fields.wrong("segment")
    return Header(
        origin,
        parties,
        fields.one_of("capture", Capture),
        rate,
        fields.integer("channels", 1, 64),
        sample_format,
        rate,
        _print_form(fields.must("print")),
        fields.boolean("challenge"),
        fields.texts("devices"),
        _beacon(fields.inner("beacon")),
        _escrow(fields.inner("escrow")),
    )


def _party(tree: Any, fields: Fields) -> PublicKey:
    if type(tree) is not dict:
        raise fields.wrong("parties")
    party = Fields(tree, "a party")
    key = public_of(parse_vkey(party.text("signer")), parse_vkey(party.text("cosigner")))
    party.done()
    return key


def _print_form(fields: Fields) -> PrintForm:
    tracks = fields.items("tracks", 1, 256)
    for pair in tracks:
        if type(pair) is not list or len(pair) != 2 or not all(type(x) is int and 0 <= x <= 255 for x in pair):
            raise fields.wrong("tracks")
    form = PrintForm(tuple((s, c) for s, c in tracks), fields.integer("algorithm", 1), fields.integer("version", 1))
    fields.done()
    return form


def _beacon(fields: Fields | None) -> Beacon | None:
    if fields is None:
        return None
    beacon = Beacon(fields.text("source"), fields.text("value"))
    fields.done()
    return beacon


def _escrow(fields: Fields | None) -> Escrow | None:
    if fields is None:
        return None
    n = fields.integer("n", 1, MAX_ITEMS)
    kind = fields.text("kind")
    if kind not in ("any", "k-of-n"):
        raise fields.wrong("kind")
    escrow = Escrow(kind, fields.integer("k", 1, n), n, fields.texts("recipients"))
    fields.done()
    return escrow


def _file(fields: Fields | None) -> FileFacts | None:
    if fields is None:
        return None
    facts = FileFacts(fields.integer("size"), fields.hex("sha256"))
    fields.done()
    return facts


def _close(fields: Fields) -> Close:
    printed = _file(fields.must("print"))
    assert printed is not None
    pcm = fields.take("pcm")
    if pcm is not None:
        if type(pcm) is not str:
            raise fields.wrong("pcm")
        pcm = unhex(pcm, 32, "'pcm' of the closing leaf")
    return Close(
        fields.text("reason"),
        fields.integer("segments"),
        fields.integer("samples"),
        printed,
        _file(fields.inner("file")),
        pcm,
        fields.integer("documents"),
        fields.integer("events"),
        fields.integer("ciphers"),
    )


_READ: dict[str, Callable[[Fields], Leaf]] = {
    "header": _header,
    "segment": lambda f: Segment(
        f.integer("n"),
        f.integer("first"),
        f.integer("samples", 1),
        f.digest_or_none("sound"),
        f.digest_or_none("print"),
        f.moment(),
    ),
    "cipher": lambda f: Cipher(f.integer("first"), f.integer("count", 1), f.hex("sha256")),
    "document": lambda f: Document(f.integer("n"), f.digest("name"), f.digest("content")),
    "event": lambda f: Event(
        f.one_of("event", What),
        f.integer("first"),
        f.integer("samples"),
        f.moment(),
        f.text("party", 64),
        f.text("detail"),
    ),
    "close": _close,
}


def _file_tree(facts: FileFacts | None) -> Json | None:
    return None if facts is None else {"sha256": facts.sha256.hex(), "size": facts.size}


def _header_tree(leaf: Header) -> Json:
    tree = dataclasses.asdict(leaf) | {"leaf": leaf.leaf, "format": FORMAT}
    tree["format_of_samples"] = tree.pop("sample_format")
    tree["parties"] = [{"cosigner": str(p.cosigner), "signer": str(p.signer)} for p in leaf.parties]
    plain: Json = _plain(tree)
    return plain


def _event_tree(leaf: Event) -> Json:
    tree: Json = _plain(dataclasses.asdict(leaf) | {"leaf": leaf.leaf})
    return tree


def _close_tree(leaf: Close) -> Json:
    return dataclasses.asdict(leaf) | {
        "leaf": leaf.leaf,
        "print": _file_tree(leaf.print),
        "file": _file_tree(leaf.file),
        "pcm": None if leaf.pcm is None else leaf.pcm.hex(),
    }


def _plain(tree: Any) -> Any:
    """Enumerations as their texts, all the way down."""
    if isinstance(tree, dict):
        return {name: _plain(value) for name, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [_plain(value) for value in tree]
    return str(tree) if isinstance(tree, StrEnum) else tree


_WRITE: dict[type, Callable[[Any], Json]] = {
    Header: _header_tree,
    Cipher: lambda f: {"leaf": f.leaf, "first": f.first, "count": f.count, "sha256": f.sha256.hex()},
    Document: lambda f: {"leaf": f.leaf, "n": f.n, "name": b64encode(f.name), "content": b64encode(f.content)},
    Event: _event_tree,
    Close: lambda f: (
        dataclasses.asdict(f)
        | {
            "leaf": f.leaf,
            "print": _file_tree(f.print),
            "file": _file_tree(f.file),
            "pcm": None if f.pcm is None else f.pcm.hex(),
        }
    ),
}
