"""What is derived from the site's secret, 32 bytes that are in no database and in no backup of one."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass, field

SECRET_BYTES = 32
DAY = 86_400_000
"""Milliseconds."""


@dataclass(frozen=True, slots=True)
class Secret:
    """The secret; its ``repr`` does not show it."""

    raw: bytes = field(repr=False)

    def mac(self, label: str, data: bytes) -> bytes:
        """32 bytes that only the secret's holder can make, apart for each label."""
        return hmac.digest(self.raw, label.encode() + b"\0" + data, "sha256")

    def source(self, address: str, at: int) -> str:
        """The name of a source for one day, 16 hex digits: tells two sources apart, and no address of either.

        Whoever has the secret could try all addresses; so the name is forgotten with the decision, or after two days.
        """
        return self.mac("source", f"{at // DAY} {network(address)}".encode()).hex()[:16]


def network(address: str) -> str:
    """The part of an address that one subscriber has: all of IPv4, the first 56 bits of IPv6."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found) >> 72 << 72, 56)))
    return str(found)


def digest16(text: str) -> str:
    """16 hex digits of a text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
