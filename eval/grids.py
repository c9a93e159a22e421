"""How long the edits of a condition are, and how often each kind is made: every number of the corpus in one place."""

from __future__ import annotations

from dataclasses import dataclass, field


def _weights() -> dict[str, float]:
    return {
        "cut": 0.36,
        "inserted": 0.18,
        "replaced": 0.20,
        "muted": 0.10,
        "repeated": 0.08,
        "moved": 0.06,
        "speed": 0.02,
    }


@dataclass(frozen=True, slots=True)
class Grid:
    """Durations of edits in milliseconds, and the share of each kind."""

    cut: tuple[int, ...]
    inserted: tuple[int, ...]
    replaced: tuple[int, ...]
    muted: tuple[int, ...]
    repeated: tuple[int, ...] = (300, 500, 800, 1500, 3000)
    moved: tuple[int, ...] = (300, 500, 800, 1500, 3000)
    speed: tuple[int, ...] = (6000, 12000)
    weights: dict[str, float] = field(default_factory=_weights)
    spacing_s: tuple[float, float] = (4.0, 8.0)
    """Shortest and longest untouched stretch between two edits."""
    fade_share: float = 0.3
    """Share of the joints that are cross-faded."""
    fade_s: tuple[float, float] = (0.004, 0.012)


CODEC = Grid(
    cut=(15, 20, 30, 40, 50, 80, 100, 150, 200, 300, 500, 1000, 2000, 5000),
    inserted=(60, 80, 100, 150, 200, 300, 500, 1000, 2000, 4000),
    replaced=(80, 100, 150, 200, 250, 300, 500, 1000, 2000, 3000),
    muted=(60, 100, 150, 200, 500, 1000, 2000),
)
PHONE = Grid(
    cut=(50, 80, 100, 150, 200, 300, 500, 1000, 2000, 5000),
    inserted=(100, 150, 200, 300, 500, 1000, 2000, 4000),
    replaced=(150, 200, 250, 300, 500, 1000, 2000, 3000),
    muted=(100, 150, 200, 300, 500, 1000, 2000),
    repeated=(500, 800, 1500, 3000),
    moved=(500, 800, 1500, 3000),
)
SPEED = Grid(
    cut=(50, 80, 100, 150, 200, 300, 500, 1000, 2000, 5000),
    inserted=(100, 150, 200, 300, 500, 1000, 2000, 4000),
    replaced=(150, 200, 250, 300, 500, 1000, 2000, 3000),
    muted=(100, 150, 200, 300, 500, 1000, 2000),
    weights={**_weights(), "speed": 0.0},
)
ROOM = Grid(
    cut=(100, 150, 200, 300, 500, 1000, 2000, 5000),
    inserted=(200, 300, 500, 1000, 2000, 4000),
    replaced=(200, 300, 500, 1000, 2000, 3000),
    muted=(300, 500, 1000, 2000),
    repeated=(800, 1500, 3000),
    moved=(800, 1500, 3000),
    spacing_s=(5.0, 9.0),
)
MEETING = Grid(
    cut=(500, 700, 1000, 2000, 5000, 10000),
    inserted=(500, 700, 1000, 2000, 4000),
    replaced=(500, 1000, 2000, 3000),
    muted=(1000, 2000),
    repeated=(1000, 2000, 4000),
    moved=(1000, 2000, 4000),
    weights={**_weights(), "inserted": 0.26, "muted": 0.04, "speed": 0.0},
    spacing_s=(5.0, 12.0),
)
