"""Edits by somebody who knows this program, and works around it.

Each trick names itself in ``Truth.how``. The release is stereo: what the tricks lay over the sound differs by channel.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from eval.edits import Editor, Piece
from eval.room import band_noise
from eval.slack import spoken
from eval.sound import FRAME_S, Sound, rms
from eval.truth import Reading
from wholetape.findings import Kind
from wholetape.match.params import PRINT

DURATIONS_MS = (300, 500, 800, 1500)
TRICKS = (
    "noise",
    "music",
    "noise_cut",
    "music_cut",
    "antiphase",
    "one_channel",
    "take",
    "retimed",
    "pause_cut",
    "outside_band",
    "shaped",
    "quiet",
    "turned_down",
    "crossfaded",
)
ONE_EAR = tuple(t for t in TRICKS if t not in ("antiphase", "one_channel"))
"""What is left of them when one microphone hears both channels from one loudspeaker."""
BAND_HZ = (PRINT.low, PRINT.high)
"""What the print looks at."""
OUTSIDE = "replaced outside the print's band"
DEEP_DB = 28.0
"""Below the loud part by so much, at most, lies a quiet word."""


class KnowingEditor(Editor):
    """An ``Editor`` whose kinds are tricks; ``render_stereo`` instead of ``render``."""

    tricks: tuple[str, ...] = TRICKS

    def begin(self) -> None:
        """Tricks instead of plain kinds, all equally often, and nothing laid over the sound so far."""
        self.kinds = list(self.tricks)
        self.shares = np.full(len(self.tricks), 1 / len(self.tricks))
        self.over: list[tuple[int, Sound, Sound]] = []

    def duration(self, kind: str) -> float:
        """Milliseconds of the next edit."""
        return float(self.rng.choice(DURATIONS_MS)) + self.rng.uniform(0.0, 10.0)

    def lay_over(self, at: int, left: Sound, right: Sound) -> None:
        """Add ``left`` and ``right`` to the channels from release sample ``at``."""
        self.over.append((at, left, right))

    def render_stereo(self) -> NDArray[np.float32]:
        """The release, shape ``(n, 2)``."""
        mono = self.render()
        both = np.stack([mono, mono], axis=1)
        for at, left, right in self.over:
            size = min(len(left), len(both) - at)
            both[at : at + size, 0] += left[:size]
            both[at : at + size, 1] += right[:size]
        return np.clip(both, -0.99, 0.99)

    def do_noise(self, size: int) -> None:
        """A word replaced, under noise as loud as speech."""
        a = self.at
        self.paste_foreign(size)
        start = self.out - size
        self.hiss(start - self.rate // 10, size + self.rate // 5)
        self.note(Kind.REPLACED, start, self.out, (a, a + size), "replaced under noise")
        self.at = a + size

    def do_music(self, size: int) -> None:
        """A word replaced, under a chord as loud as speech."""
        a = self.at
        self.paste_foreign(size)
        start = self.out - size
        part = chord(size + self.rate // 5, self.rate, rms(self.near()))
        self.lay_over(max(0, start - self.rate // 10), part, part)
        self.note(Kind.REPLACED, start, self.out, (a, a + size), "replaced under music")
        self.at = a + size

    def do_music_cut(self, size: int) -> None:
        """A cut under a second of loud chord."""
        a = self.at
        part = chord(self.rate, self.rate, 2 * rms(self.near()))
        self.lay_over(max(0, self.out - len(part) // 2), part, part)
        self.note_cut_under(size, "cut under music")
        self.at = a + size

    def do_noise_cut(self, size: int) -> None:
        """A cut under a second of noise as loud as speech."""
        self.hiss(self.out - self.rate // 2, self.rate)
        self.note_cut_under(size, "cut under noise")
        self.at += size

    def note_cut_under(self, size: int, how: str) -> None:
        """A cut in the middle of a second that was laid over: that the second was replaced is as right."""
        a, half = self.at, self.rate // 2
        over = Reading(self.span(self.out - half, self.out + half), self.span(a - half, a + size + half))
        self.note(Kind.CUT, self.out, self.out, (a, a + size), how, other=over)

    def do_crossfaded(self, size: int) -> None:
        """A word replaced, faded in and out over 60 ms on either side."""
        a = self.at
        self.paste_foreign(size)
        word = self.pieces.pop()
        fade = round(0.06 * self.rate)
        self.pieces.append(Piece(word.sound, word.start, word.end, min(fade, word.start * 2)))
        self.note(Kind.REPLACED, self.out - size, self.out, (a, a + size), "replaced, cross-faded")
        self.at = a + size
        self.append(self.original, self.at, self.at + self.rate // 4, fade=fade)
        self.at += self.rate // 4

    def do_quiet(self, size: int) -> None:
        """A word replaced that is spoken 12 dB and more below the loud part: other words as quiet."""
        frame = self.rate * FRAME_S
        wide = max(1, round(size / frame))
        first = int(self.at / frame) + 1
        for i in range(first, min(first + 1500, len(self.level) - wide)):
            part = self.level[i : i + wide]
            loudest = float(np.percentile(part, 90))
            if (
                not self.loud - DEEP_DB < loudest < self.loud - 12
                or spoken(self.level, i * FRAME_S, (i + wide) * FRAME_S)[0] < 0.5
            ):
                continue
            if self.clash(round(i * frame) - self.rate, round(i * frame) + size + self.rate):
                continue
            self.keep(round(i * frame) - self.at)
            a = self.at
            word = self.foreign_word(size)
            word = word * np.float32(rms(self.original[a : a + size]) / max(rms(word), 1e-6))
            self.append(word, 0, size, fade=0)
            self.note(Kind.REPLACED, self.out - size, self.out, (a, a + size), "a quiet word replaced by quiet ones")
            self.at = a + size
            return

    def do_turned_down(self, size: int) -> None:
        """A word turned down by 26 or 32 dB, with the room's noise over it."""
        a = self.at
        down = float(self.rng.choice((26.0, 32.0)))
        self.append(self.original[a : a + size] * np.float32(10 ** (-down / 20)), 0, size, fade=0)
        active, lead, trail = spoken(self.level, a / self.rate, (a + size) / self.rate)
        quiet = 10 ** (float(np.percentile(self.level, 10)) / 20)
        hiss = (band_noise(size, self.rate, self.rng)).astype(np.float32)
        hiss *= np.float32(quiet / max(float(np.std(hiss)), 1e-9))
        self.lay_over(self.out - size, hiss, hiss)
        self.note(
            Kind.MUTED,
            self.out - size,
            self.out,
            (a, a + size),
            f"turned down by {down:.0f} dB under the room's noise",
            counts=active >= 0.5,
            slack=(0.0, lead),
            end_slack=(trail, 0.0),
        )
        self.at = a + size

    def do_antiphase(self, size: int) -> None:
        """A word laid over in antiphase: it is not in the sum of the channels."""
        word = self.foreign_word(size)
        start, a = self.out, self.at
        self.keep(size)
        self.lay_over(start, word, -word)
        self.note(Kind.REPLACED, start, start + size, (a, a + size), "laid over in antiphase")

    def do_one_channel(self, size: int) -> None:
        """A word replaced in the right channel only."""
        word = self.foreign_word(size)
        start, a = self.out, self.at
        self.keep(size)
        self.lay_over(start, np.zeros_like(word), word - self.original[a : a + size])
        self.note(Kind.REPLACED, start, start + size, (a, a + size), "replaced in one channel")

    def do_take(self, size: int) -> None:
        """The same words otherwise spoken: first faster, then slower, and a little higher."""
        a, half = self.at, size // 2
        part = self.original[a : a + size]
        warped = np.concatenate([self.stretch(part[:half], self.rate, 1.12), self.stretch(part[half:], self.rate, 0.9)])
        higher = self.stretch(warped, self.rate, 1 / 1.06)
        where = np.linspace(0, len(higher) - 1, size)
        take = np.interp(where, np.arange(len(higher)), higher).astype(np.float32)
        self.append(take, 0, size, fade=0)
        counts = self.activity(a, a + size)[0] >= 0.5
        self.note(Kind.REPLACED, self.out - size, self.out, (a, a + size), "another take of the words", counts=counts)
        self.at = a + size

    def do_retimed(self, size: int) -> None:
        """A cut, and what follows slowed until nothing is missing from the duration."""
        a, after = self.at, 5 * self.rate
        slow = self.stretch(self.original[a + size : a + size + after], self.rate, after / (after + size))
        hole = self.out
        self.append(slow, 0, len(slow), fade=0)
        self.note(
            Kind.SPEED,
            hole,
            self.out,
            (a + size, a + size + after),
            "cut, then slowed to the old duration",
            speed=after / len(slow),
            also=(Reading(self.span(hole, hole), self.span(a, a + size)),),
        )
        self.at = a + size + after

    def do_pause_cut(self, size: int) -> None:
        """A cut from pause to pause, cross-faded over 40 ms."""
        frame = self.rate * FRAME_S
        first = int(self.at / frame)
        quiet = [i for i in range(first, min(first + 400, len(self.level) - 1)) if self.level[i] < self.loud - 25]
        if not quiet:
            return
        self.keep(round(quiet[0] * frame) - self.at)
        a = self.at
        ends = [round(i * frame) for i in quiet if i * frame >= a + size // 2]
        if not ends:
            return
        self.note(Kind.CUT, self.out, self.out, (a, ends[0]), "cut from pause to pause, cross-faded")
        self.at = ends[0]
        self.append(self.original, self.at, self.at + self.rate // 4, fade=round(0.04 * self.rate))
        self.at += self.rate // 4

    def do_outside_band(self, size: int) -> None:
        """A word replaced outside the print's band only."""
        word = self.foreign_word(size)
        start, a = self.out, self.at
        self.keep(size)
        change = outside(word - self.original[a : a + size], self.rate)
        self.lay_over(start, change, change)
        self.note(Kind.REPLACED, start, start + size, (a, a + size), OUTSIDE)

    def do_shaped(self, size: int) -> None:
        """A foreign word whose level in each of the print's bands is brought near that of the word it replaces."""
        a = self.at
        share = float(self.rng.choice((0.5, 0.75, 0.9, 1.0)))
        word = towards(self.foreign_word(size), self.original[a : a + size], self.rate, share)
        start = self.out
        self.append(word, 0, size, fade=0)
        how = f"foreign word, band levels {share:.0%} of the way to the original's"
        counts = self.activity(a, a + size)[0] >= 0.5
        self.note(Kind.REPLACED, start, self.out, (a, a + size), how, counts=counts)
        self.at = a + size

    # -- material

    def near(self) -> Sound:
        """The reference about here."""
        return self.original[max(0, self.at - 2 * self.rate) : self.at + 2 * self.rate]

    def foreign_word(self, size: int) -> Sound:
        """Foreign speech, levelled like the place."""
        self.paste_foreign(size)
        piece = self.pieces.pop()
        self.out -= size
        return piece.sound[piece.start : piece.end]

    def hiss(self, at: int, size: int) -> None:
        """Noise as loud as the speech here, over the release from ``at``."""
        noise = band_noise(size, self.rate, self.rng)
        part = (noise * (rms(self.near()) / np.std(noise))).astype(np.float32)
        self.lay_over(max(0, at), part, part)


class PlayedEditor(KnowingEditor):
    """The same where a loudspeaker plays the result, and one microphone hears it: ``render`` gives what it plays."""

    tricks = ONE_EAR


def chord(size: int, rate: int, level: float) -> Sound:
    """(size,) six notes, faded in and out, of that RMS before fading."""
    time = np.arange(size) / rate
    tones = np.sum([np.sin(2 * np.pi * f * time) for f in (220.0, 277.2, 329.6, 440.0, 554.4, 880.0)], axis=0)
    return np.asarray(tones * (level / np.sqrt(np.mean(tones**2))) * np.hanning(size), np.float32)


def outside(sound: Sound, rate: int, low: float = BAND_HZ[0], high: float = BAND_HZ[1]) -> Sound:
    """``sound`` without what lies between ``low`` and ``high`` Hz."""
    spectrum = np.fft.rfft(sound)
    frequencies = np.fft.rfftfreq(len(sound), 1 / rate)
    spectrum[(frequencies > low) & (frequencies < high)] = 0
    return np.asarray(np.fft.irfft(spectrum, len(sound)), np.float32)


def towards(sound: Sound, model: Sound, rate: int, share: float, bands: int = 33) -> Sound:
    """``sound`` with the levels of its bands moved ``share`` of the way, in decibels, to those of ``model``.

    Windows of 64 ms every 16 ms, bands log-spaced over the print's range; same length as ``sound``.
    """
    window = np.hanning(round(0.064 * rate))
    size, hop = len(window), len(window) // 4
    edges = np.geomspace(*BAND_HZ, bands + 1)
    band_of = np.clip(np.searchsorted(edges, np.fft.rfftfreq(size, 1 / rate)) - 1, 0, bands - 1)
    count = np.maximum(np.bincount(band_of, minlength=bands), 1)
    padded, shown = (np.pad(x.astype(np.float64), size) for x in (sound, model[: len(sound)]))
    out, weight = np.zeros(len(padded)), np.full(len(padded), 1e-9)
    for at in range(0, len(padded) - size, hop):
        own, other = (np.fft.rfft(x[at : at + size] * window) for x in (padded, shown))
        energies = [np.bincount(band_of, np.abs(x) ** 2, bands) / count + 1e-9 for x in (own, other)]
        gain = np.clip((energies[1] / energies[0]) ** (share / 2), 0.03, 30.0)
        out[at : at + size] += np.fft.irfft(own * gain[band_of], size) * window
        weight[at : at + size] += window**2
    return np.asarray(np.clip(out / weight, -0.99, 0.99)[size : size + len(sound)], np.float32)
