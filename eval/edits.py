"""Random edits of an original, rendered into a release, with the ground truth.

Steps: (1) walk along the reference, (2) at random places choose a kind and a duration, (3) append the pieces of the
release, (4) after the last, render the pieces with their joints, and (5) turn sample counts into ``Truth``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from eval.grids import Grid
from eval.slack import same_after_shift, spoken
from eval.sound import ACTIVE_BELOW_PEAK_DB, FRAME_S, Sound, levels, rms, speech_level
from eval.truth import Reading, Truth
from wholetape.findings import Kind

Stretcher = Callable[[Sound, int, float], Sound]
"""Sound, rate, ratio → the same sound, ``ratio`` times as fast, with its pitch kept."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch ``[start, end)`` of ``sound``; what lies beside it in ``sound`` serves for cross-fades."""

    sound: Sound
    start: int
    end: int
    fade: int = 0
    """Samples of the cross-fade with the piece before."""


class Editor:
    """Builds one release out of ``original``; ``edit()`` walks to the end, ``render()`` gives the sound."""

    def __init__(
        self,
        original: Sound,
        rate: int,
        foreign: list[Sound],
        grid: Grid,
        rng: np.random.Generator,
        stretch: Stretcher,
        keep: tuple[tuple[int, int], ...] = (),
    ) -> None:
        self.original, self.rate, self.foreign, self.grid, self.rng = original, rate, foreign, grid, rng
        self.stretch = stretch
        self.level = levels(original, rate)
        self.loud = speech_level(self.level)
        self.pieces: list[Piece] = []
        self.truth: list[Truth] = []
        self.at = 0
        """Reference samples used so far: the next piece starts here."""
        self.out = 0
        """Release samples made so far."""
        self.reserved: list[tuple[int, int]] = list(keep)
        """Stretches of the reference that no further edit may touch."""
        self.touched: list[tuple[int, int]] = []
        """Stretches of the reference that edits removed or altered."""
        self.held: list[tuple[int, int, int]] = []
        """Material taken out and not yet pasted: start, end, release place of the hole."""
        self.kinds = list(grid.weights)
        weights = np.array(list(grid.weights.values()))
        self.shares = weights / weights.sum()
        self.begin()

    def begin(self) -> None:
        """What a kind of editor of its own sets up."""

    # -- walking

    def edit(self) -> None:
        """Edit the whole original."""
        while self.at < len(self.original):
            low, high = self.grid.spacing_s
            self.keep(round(self.rng.uniform(low, high) * self.rate))
            if len(self.original) - self.at < 12 * self.rate:
                break
            if self.held:
                self.paste_held()
                continue
            kind = str(self.rng.choice(self.kinds, p=self.shares))
            size = round(self.duration(kind) * self.rate / 1000)
            if self.clash(self.at - self.rate, self.at + 2 * size + self.rate):
                continue
            getattr(self, f"do_{kind}")(size)
        if self.held:
            self.paste_held()
        self.keep(len(self.original) - self.at)

    def duration(self, kind: str) -> float:
        """Milliseconds of the next edit of ``kind``: of the grid, and a little more, for edits end at any sample."""
        return float(self.rng.choice(getattr(self.grid, kind))) + self.rng.uniform(0.0, 10.0)

    def keep(self, size: int) -> None:
        """Append the next ``size`` samples of the reference."""
        size = min(size, len(self.original) - self.at)
        if size > 0:
            self.append(self.original, self.at, self.at + size)
            self.at += size

    def append(self, sound: Sound, start: int, end: int, fade: int | None = None) -> None:
        """Append ``sound[start:end]``, cross-faded with what is before as ``fade`` or chance says."""
        if fade is None:
            fade = 0
            if self.pieces and self.rng.random() < self.grid.fade_share:
                fade = round(self.rng.uniform(*self.grid.fade_s) * self.rate)
        self.pieces.append(Piece(sound, start, end, fade))
        self.out += end - start

    def clash(self, start: int, end: int) -> bool:
        """True when the reference there must stay as it is."""
        return any(start < e and s < end for s, e in self.reserved)

    # -- kinds

    def do_cut(self, size: int) -> None:
        """Leave out what follows."""
        a, b = self.at, self.at + size
        earlier, later = same_after_shift(self.original, a, b, self.rate)
        self.note(Kind.CUT, self.out, self.out, (a, b), f"cut {size * 1000 // self.rate} ms", slack=(earlier, later))
        self.touched.append((a, b))
        self.at = b

    def do_inserted(self, size: int) -> None:
        """Foreign speech between what was and what follows."""
        self.paste_foreign(size)
        self.note(Kind.INSERTED, self.out - size, self.out, None, "foreign speech")

    def do_replaced(self, size: int) -> None:
        """Other sound over what follows: foreign, as long or not, or the reference's own."""
        style = self.rng.random()
        a, b = self.at, self.at + size
        if style < 0.15:
            found = self.own_material(size, 2.0)
            if found:
                self.append(self.original, *found)
                self.note(Kind.REPLACED, self.out - size, self.out, found, "own material over other", instead=(a, b))
                self.reserved.append(found)
                self.touched.append((a, b))
                self.at = b
                return
        stays = size if style < 0.7 else round(size * float(self.rng.choice([0.5, 0.7, 1.5, 2.0])))
        self.paste_foreign(stays)
        how = "foreign speech, same length" if stays == size else f"foreign speech, {stays / size:.1f} x as long"
        self.note(Kind.REPLACED, self.out - stays, self.out, (a, b), how, seconds=max(size, stays) / self.rate)
        self.touched.append((a, b))
        self.at = b

    def do_muted(self, size: int) -> None:
        """Silence, a bleep or low noise over what follows."""
        a, b = self.at, self.at + size
        style = str(self.rng.choice(["digital silence", "bleep", "low noise"]))
        margin = self.rate // 10
        n = size + 2 * margin
        if style == "bleep":
            sound = 0.25 * np.sin(2 * np.pi * 1000 * np.arange(n) / self.rate)
        elif style == "low noise":
            sound = 0.0005 * self.rng.standard_normal(n)
        else:
            sound = np.zeros(n)
        self.append(sound.astype(np.float32), margin, margin + size)
        active, lead, trail = spoken(self.level, a / self.rate, b / self.rate)
        quiet = style != "bleep"
        self.note(
            Kind.MUTED,
            self.out - size,
            self.out,
            (a, b),
            style,
            counts=not quiet or active >= 0.5,
            slack=(0.0, lead) if quiet else (0.0, 0.0),
            end_slack=(trail, 0.0) if quiet else (0.0, 0.0),
        )
        self.touched.append((a, b))
        self.at = b

    def do_repeated(self, size: int) -> None:
        """What was just heard once more, or material of another place."""
        if self.rng.random() < 0.25 and self.at > size + self.rate and not self.altered(self.at - size, self.at):
            source = (self.at - size, self.at)
            again: tuple[int, int] | None = (self.out - size, self.out)
        else:
            found = self.own_material(size, 2.0)
            if not found:
                return
            source, again = found, None
        self.append(self.original, *source)
        how = "loop" if again else "pasted elsewhere"
        self.note(Kind.REPEATED, self.out - size, self.out, source, how, again=again)
        self.reserved.append(source)

    def do_moved(self, size: int) -> None:
        """Take out what follows, to paste it after the next kept stretch."""
        a, b = self.at, self.at + size
        if self.activity(a, b)[0] < 0.5:
            return
        self.held.append((a, b, self.out))
        self.touched.append((a, b))
        self.at = b

    def do_speed(self, size: int) -> None:
        """What follows at another tempo."""
        ratio = float(self.rng.choice([0.9, 0.94, 0.97, 1.03, 1.06, 1.1]))
        a, b = self.at, self.at + size
        fast = self.stretch(self.original[a:b], self.rate, ratio)
        self.append(fast, 0, len(fast), fade=0)
        self.note(Kind.SPEED, self.out - len(fast), self.out, (a, b), f"x {ratio}", speed=size / len(fast))
        self.touched.append((a, b))
        self.at = b

    def paste_held(self) -> None:
        """Paste what ``do_moved`` took out."""
        a, b, hole = self.held.pop()
        size = b - a
        between = (b, self.at)
        self.append(self.original, a, b)
        # "A B" to "B A": that B was moved before A is as right as that A was moved behind B.
        other = Reading(self.span(hole, self.out - size), self.span(*between))
        self.note(
            Kind.MOVED,
            self.out - size,
            self.out,
            (a, b),
            f"moved {(between[1] - between[0]) / self.rate:.1f} s later",
            other=other,
            also=(Reading(self.span(hole, hole), self.span(a, b)),),
        )
        self.reserved.append((a, b))

    # -- material

    def paste_foreign(self, size: int) -> None:
        """Append ``size`` samples of foreign speech, levelled like the place it comes to."""
        margin = self.rate // 50
        best, best_share = None, -1.0
        for _ in range(40):
            sound = self.foreign[int(self.rng.integers(len(self.foreign)))]
            if len(sound) < size + 2 * margin + 1:
                continue
            start = int(self.rng.integers(margin, len(sound) - size - margin))
            level = levels(sound[start : start + max(size, self.rate // 50)], self.rate)
            share = float(np.mean(level > speech_level(levels(sound, self.rate)) - 22)) if len(level) else 0.0
            if share > best_share:
                best, best_share = (sound, start), share
            if share >= 0.9:
                break
        if best is None:
            raise ValueError("no foreign recording is long enough")
        sound, start = best
        near = self.original[max(0, self.at - 2 * self.rate) : self.at + 2 * self.rate]
        here = max(rms(near), 10 ** ((self.loud - 15) / 20))
        gain = here / max(rms(sound[start : start + size]), 1e-4) * 10 ** (self.rng.uniform(-3, 3) / 20)
        clip = np.clip(sound[start - margin : start + size + margin] * gain, -0.98, 0.98).astype(np.float32)
        self.append(clip, margin, margin + size)

    def own_material(self, size: int, away_s: float) -> tuple[int, int] | None:
        """A stretch of untouched, active reference at least ``away_s`` from here; None when there is none."""
        for _ in range(60):
            start = int(self.rng.integers(self.rate, max(self.rate + 1, len(self.original) - size - self.rate)))
            end = start + size
            away = round(away_s * self.rate)
            if start - away < self.at + size and self.at - away < end:
                continue
            if self.altered(start - self.rate // 5, end + self.rate // 5) or self.clash(start, end):
                continue
            if self.activity(start, end)[0] >= 0.6:
                return start, end
        return None

    def altered(self, start: int, end: int) -> bool:
        """True when an edit touched the reference there."""
        return any(start < e and s < end for s, e in self.touched)

    def activity(self, start: int, end: int) -> tuple[float, float, float]:
        """Share of active frames of the reference there, and seconds of pause at the start and at the end."""
        size = self.rate * FRAME_S
        level = self.level[int(start / size) : max(int(end / size), int(start / size) + 1)]
        active = np.flatnonzero(level > self.loud - ACTIVE_BELOW_PEAK_DB)
        if not len(active):
            return 0.0, (end - start) / self.rate, (end - start) / self.rate
        return len(active) / len(level), float(active[0]) * FRAME_S, float(len(level) - 1 - active[-1]) * FRAME_S

    # -- truth

    def span(self, start: int, end: int) -> tuple[float, float]:
        """Samples as seconds."""
        return start / self.rate, end / self.rate

    def note(
        self,
        kind: Kind,
        start: int,
        end: int,
        reference: tuple[int, int] | None,
        how: str,
        *,
        seconds: float | None = None,
        counts: bool = True,
        slack: tuple[float, float] = (0.0, 0.0),
        end_slack: tuple[float, float] | None = None,
        again: tuple[int, int] | None = None,
        instead: tuple[int, int] | None = None,
        other: Reading | None = None,
        also: tuple[Reading, ...] = (),
        speed: float = 1.0,
    ) -> None:
        """Add one truth. ``again`` (release span), ``instead`` (reference span), ``other`` (both): further readings."""
        readings = [Reading(self.span(start, end), self.span(*reference) if reference else None)]
        if again:
            readings.append(Reading(self.span(*again), readings[0].reference))
        if instead:
            readings.append(Reading(readings[0].release, self.span(*instead)))
        if other:
            readings.append(other)
        length = end - start if end > start else (reference[1] - reference[0] if reference else 0)
        self.truth.append(
            Truth(
                kind,
                tuple(readings),
                seconds if seconds is not None else length / self.rate,
                how,
                counts,
                slack,
                end_slack if end_slack is not None else slack,
                also,
                speed,
            )
        )

    def render(self) -> Sound:
        """The release's sound: the pieces in their order, cross-faded where they ask for it."""
        out = np.concatenate([p.sound[p.start : p.end] for p in self.pieces])
        at = 0
        for before, piece in pairwise(self.pieces):
            at += before.end - before.start
            half = min(piece.fade // 2, (before.end - before.start) // 2, (piece.end - piece.start) // 2)
            half = min(half, len(before.sound) - before.end, piece.start)
            if half > 1:
                rise = np.linspace(0, 1, 2 * half, dtype=np.float32)
                old = before.sound[before.end - half : before.end + half]
                new = piece.sound[piece.start - half : piece.start + half]
                out[at - half : at + half] = old * (1 - rise) + new * rise
        return np.asarray(out, np.float32)
