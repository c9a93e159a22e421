"""Traces of the mains hum: jumps of its phase, and when it hummed like this, where a log is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from wholetape.examining.case import Answer, Case
from wholetape.examining.hum.jumps import LEAST_SNR, jumps
from wholetape.examining.hum.track import HumTrack, hum_track
from wholetape.examining.worth import worth
from wholetape.media.humlog import read_hum_log
from wholetape.traces import Reach, Trace, Weight

TRACK, HUM, DATE = "hum", "hum-break", "hum-date"
_MOST_POINTS = 600
"""Values of a hum's course that are told: as many as a page can draw."""
_INNOCENT = (
    "the recorder or a lamp was moved or switched, a change in the grid, a pause of the recorder; "
    "too often seen in unedited recordings to accuse by itself"
)
_LEAST_LOG_S = 600.0
_CLOSE_HZ = 0.004


def mains_hum(case: Case, progress: Callable[[float], None]) -> Answer:
    """Phase jumps of 50 or 60 Hz hum or its harmonics, behind a gate on how clear the hum is."""
    track = hum_track(case.survey.spool)
    if track is None:
        return Answer((), Reach("hum", 0.0, "the sound is too short"))
    if track.snr < LEAST_SNR:
        return Answer((), Reach("hum", 0.0, f"no hum that is clear enough ({track.snr:.0f} dB at best)"))
    progress(0.6)
    value = worth(HUM)
    traces = [_course(track)]
    traces += [
        Trace(
            HUM,
            (max(0.0, jump.at - 0.5), jump.at + 0.5),
            f"the phase of the {track.line:.0f} Hz hum jumps by {abs(jump.radians):.1f} radians "
            f"({jump.deviations:.0f} times its usual scatter)",
            Weight.NOTED,
            _INNOCENT,
            false_alarm=value.false_alarm,
            log10_lr=value.log10_lr,
            details={"place": round(jump.at, 2), "line": track.line, "snr": round(track.snr, 1)},
        )
        for jump in jumps(track)
    ]
    if case.reference_hum is not None:
        traces += _date(track, case)
    note = f"{track.line:.0f} Hz, {track.snr:.0f} dB above the noise in 2 Hz; a cut of a whole period leaves nothing"
    return Answer(tuple(traces), Reach("hum", 1.0, note))


def _course(track: HumTrack) -> Trace:
    """The hum's frequency over time, for whoever compares it with a log, or looks at it."""
    course = track.frequency()
    step = max(1, -(-len(course) // _MOST_POINTS))
    shown = [round(float(part.mean()), 4) for part in np.split(course, range(step, len(course), step)) if len(part)]
    details = {"line": track.line, "snr": round(track.snr, 1), "step": float(step), "hz": shown}
    words = f"hum of {track.line:.0f} Hz, {track.snr:.0f} dB above the noise around it"
    if shown:
        words += f", between {min(shown):.3f} and {max(shown):.3f} Hz"
    return Trace(TRACK, None, words, Weight.NOTED, "", details=details)


def _date(track: HumTrack, case: Case) -> list[Trace]:
    """When the mains ran like this, by the log of ``--reference-hum``; nothing where no time fits well."""
    times, values = read_hum_log(case.reference_hum or "")
    nominal = 50.0 if track.line in (50.0, 100.0, 150.0) else 60.0
    own = track.frequency() * nominal / track.line
    if len(own) < _LEAST_LOG_S or len(values) < len(own):
        return []
    axis = np.arange(times[0], times[-1])
    log = np.interp(axis, times, values)
    size = 1 << int(np.ceil(np.log2(len(log) + len(own))))
    a, b = log - log.mean(), own - own.mean()
    cross = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)[: len(log) - len(own) + 1]
    square = np.concatenate(([0.0], np.cumsum(a * a)))
    total = np.concatenate(([0.0], np.cumsum(a)))
    n = len(own)
    spread = square[n:] - square[:-n] - (total[n:] - total[:-n]) ** 2 / n
    error = np.sqrt(np.maximum(0.0, spread - 2 * cross + float(b @ b)) / n)
    best = int(np.argmin(error))
    if error[best] > _CLOSE_HZ:
        return []
    when = datetime.fromtimestamp(float(axis[best]), UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    words = f"the hum ran as the log says from {when} on (difference {1000 * error[best]:.1f} mHz)"
    return [Trace(DATE, None, words, Weight.NOTED, "a recording of a loudspeaker carries the hum of both times")]
