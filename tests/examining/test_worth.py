"""What a trace is worth is what was counted: a bound where no false alarm was seen, a ratio where one was fitted."""

from __future__ import annotations

import pytest

from wholetape.examining import worth as module
from wholetape.examining.worth import worth

TABLE = {
    "grid-break": {"n": 300, "false": 0, "material": "speech", "log10_lr": {"pcm": 0.7, "mp3": 0.5}},
    "copy-move": {"n": 40, "false": 2, "material": "speech"},
}


@pytest.fixture(autouse=True)
def table(monkeypatch):
    monkeypatch.setattr(module, "_table", lambda: TABLE)


def test_where_no_false_alarm_was_seen_the_rate_is_its_bound():
    alarm = worth("grid-break").false_alarm
    assert alarm is not None
    assert (alarm.rate, alarm.n) == (3 / 300, 300)
    seen = worth("copy-move").false_alarm
    assert seen is not None
    assert (seen.rate, seen.seen) == (2 / 40, 2)


@pytest.mark.parametrize(
    ("codec", "ratio"), [("pcm_s16le", 0.7), ("flac", 0.7), ("mp3", 0.5), ("opus", None), ("", None)]
)
def test_a_ratio_is_given_for_the_encodings_it_was_fitted_on_alone(codec, ratio):
    assert worth("grid-break", codec).log10_lr == ratio


def test_what_was_never_counted_is_worth_nothing_that_could_be_said():
    assert worth("copy-move", "pcm_s16le").log10_lr is None
    assert worth("hum-break") == module.Worth(None, None)
