"""Strict encodings: each value has one form, and any other is refused.

JSON is JCS (RFC 8785) without floating point; base64 is RFC 4648 section 4 with padding and zero spare bits.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from wholetape.errors import MalformedFile

Json = dict[str, Any]
MAX_INTEGER = (1 << 53) - 1
"""The largest integer of JCS, which has JavaScript's numbers."""
_HEX = re.compile(r"(?:[0-9a-f]{2})*\Z")
_DECIMAL = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z")


def b64encode(data: bytes) -> str:
    """``data`` as base64."""
    return base64.b64encode(data).decode("ascii")


def b64decode(text: str, what: str) -> bytes:
    """The bytes of canonical base64; ``what`` names it in the error.

    Raises:
        MalformedFile: another alphabet, missing padding, spare bits that are not zero.
    """
    try:
        data = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except (ValueError, binascii.Error) as problem:
        raise MalformedFile(f"{what} is not base64") from problem
    if b64encode(data) != text:
        raise MalformedFile(f"{what} is not canonical base64")
    return data


def unhex(text: str, size: int, what: str) -> bytes:
    """``size`` bytes from lower-case hex; raises ``MalformedFile``."""
    if len(text) != 2 * size or not _HEX.match(text):
        raise MalformedFile(f"{what} is not {2 * size} digits of lower-case hex")
    return bytes.fromhex(text)


def decimal(text: str, what: str) -> int:
    """A whole number of up to 19 ASCII digits without leading zeros; raises ``MalformedFile``."""
    if not _DECIMAL.match(text):
        raise MalformedFile(f"{what} is not a plain decimal number")
    return int(text)


def jcs(value: Any) -> bytes:
    """``value`` in canonical form: objects, arrays, texts, integers, booleans and null only.

    Raises:
        ValueError: a number that is not an integer of up to 53 bits, or a lone surrogate.
    """
    _refuse(value)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return text.encode()


def parse_jcs(data: bytes, what: str) -> Json:
    """The object that ``data`` is the canonical form of; ``what`` names it in the error.

    Raises:
        MalformedFile: no JSON object, or one in any other form: spaces, order, duplicates, escapes, fractions.
    """
    try:
        value = json.loads(data.decode(), parse_float=_no_number, parse_constant=_no_number)
        if isinstance(value, dict) and jcs(value) == data:
            return value
    except (ValueError, RecursionError) as problem:
        raise MalformedFile(f"{what} is not JSON in canonical form") from problem
    raise MalformedFile(f"{what} is not a JSON object in canonical form")


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no integer")


def _refuse(value: Any) -> None:
    """Raises ``ValueError`` for what this subset of JCS does not hold."""
    kind = type(value)
    if kind is dict:
        for name, member in value.items():
            if not (type(name) is str and name.isascii()):
                raise ValueError("names of members are ASCII, which any order agrees on")
            _refuse(member)
    elif kind is list or kind is tuple:
        for member in value:
            _refuse(member)
    elif kind is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise ValueError("an integer of more than 53 bits")
    elif kind is not str and kind is not bool and value is not None:
        raise ValueError(f"{kind.__name__} has no canonical form here")
