"""What a seal's container may hold: names, order and sizes. ``docs/spec/seal.md``, section Container."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_SEAL = 1 << 28
"""Bytes of a seal at most, packed and unpacked."""
MAX_MEMBERS = 2000
"""Each earlier head costs the verification of its signatures."""
MAX_LEAVES = 1 << 27
"""Bytes of all leaves: eight days of seconds."""

HEAD, LEAVES, SEED, SUM = "head", "leaves", "private/seed", "sum"


@dataclass(frozen=True, slots=True)
class Rule:
    """Members whose names match ``pattern`` have at most ``limit`` bytes; ``deflated`` when they may be compressed."""

    pattern: re.Pattern[str]
    limit: int
    deflated: bool = True


RULES = (
    Rule(re.compile(r"head\Z"), 1 << 20),
    Rule(re.compile(r"leaves\Z"), MAX_LEAVES),
    Rule(re.compile(r"keys/[0-9]{4}\Z"), 1 << 12),
    Rule(re.compile(r"heads/[0-9]{4}\Z"), 1 << 20),
    Rule(re.compile(r"stamps/[0-9]{4}-[0-9]\.(?:tsr|ots|block)\Z"), 1 << 20),
    Rule(re.compile(r"statements/[0-9]{4}\Z"), 1 << 16),
    Rule(re.compile(r"escrow/[a-z0-9][a-z0-9.-]{0,63}\Z"), 1 << 20),
    Rule(re.compile(r"private/seed\Z"), 65, deflated=False),
    Rule(re.compile(r"sum\Z"), 65, deflated=False),
)
"""In the order of the members."""


EXCERPT, OPENED = "excerpt", "opened"
EXCERPT_RULES = (
    Rule(re.compile(r"excerpt\Z"), 1 << 14),
    *RULES[:2],
    Rule(re.compile(r"opened\Z"), 1 << 29),
    *(rule for rule in RULES if rule.pattern.pattern.startswith(("heads/", "stamps/"))),
    RULES[-1],
)
"""The members of an excerpt's proof, in their order."""


def place(name: str, rules: Sequence[Rule] = RULES) -> tuple[int, str] | None:
    """Where a member belongs: members are sorted by this; None for one that has no place among these ``rules``."""
    for number, rule in enumerate(rules):
        if rule.pattern.match(name):
            return number, name
    return None
