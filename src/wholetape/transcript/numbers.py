"""Numbers as people say and as papers print them, made alike: ``sixty-eight``, ``68``, ``£5m``, ``nineteen sixty``."""

from __future__ import annotations

import re

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_ONES = f"{_UNITS} sixteen seventeen eighteen nineteen".split()
_TENTHS = "twenty thirty forty fifty sixty seventy eighty ninety"
_TENS = _TENTHS.split()
_VALUES = {**{word: n for n, word in enumerate(_ONES)}, **{word: 10 * n for n, word in enumerate(_TENS, 2)}}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT = {"k": 1000, "m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12}
_ORDINALS = {
    **{f"{word}th": n for word, n in _VALUES.items() if n > 3 and n not in (5, 8, 9, 12) and n < 20},
    **{f"{word[:-1]}ieth": 10 * n for n, word in enumerate(_TENS, 2)},
    "first": 1,
    "second": 2,
    "third": 3,
    "fifth": 5,
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
}
_FIGURES = re.compile(r"(\d+(?:[.,]\d+)*)(k|m|mn|bn|tn|st|nd|rd|th)?\Z")
NUMBER_WORDS = frozenset([*_VALUES, *_SCALES, *_ORDINALS])


def figures(text: str) -> str | None:
    """The plain form of a number in figures, ``1,000`` as ``1000``, ``5m`` as ``5000000``; None if it is none."""
    found = _FIGURES.match(text)
    if not found:
        return None
    digits, unit = found[1], found[2] or ""
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    elif digits.count(",") == 1 and "." not in digits:
        digits = digits.replace(",", ".")
    if unit in _SHORT:
        return _plain(float(digits) * _SHORT[unit]) if digits.count(".") < 2 else text
    return digits.lstrip("0").rjust(1, "0") + (unit and "th")


def spoken(words: list[str]) -> tuple[str, int] | None:
    """The number that ``words`` begin with, in plain form, and of how many words it is; None where none does.

    ``two thousand and one`` is one number, ``nineteen sixty one`` and ``twenty eighteen`` are years, ``five million``
    and ``5 million`` the same; an ordinal ends in ``th``.
    """
    total, current, used, pair = 0.0, None, 0, None
    ordinal, printed = "", False
    for at, word in enumerate(words):
        if ordinal:
            break
        value = _VALUES.get(word, _ORDINALS.get(word))
        figure = figures(word) if word[:1].isdigit() else None
        if figure is not None and not figure.endswith("th") and figure.count(".") < 2:
            if used:
                break
            current, used, printed = float(figure), 1, True
        elif value is not None and not printed:
            ordinal = "th" if word in _ORDINALS else ""
            if ordinal and word == "second" and not used:
                return None  # mostly a measure of time
            if current is None:
                current = float(value)
            elif _adds(current, value):
                current += value
            elif pair is None and 10 <= current <= 99 and 10 <= value <= 99 and not total:
                pair, current = current, float(value)  # a year in two halves
            else:
                ordinal = ""
                break
            used = at + 1
        elif word in _SCALES and (current is not None or not used):
            scale = _SCALES[word]
            if scale == 100:
                current = (1.0 if current is None else current) * 100
            else:
                total, current = total + (1.0 if current is None else current) * scale, None
            used = at + 1
        elif word == "and" and used and _joins(words, at, current, total):
            continue
        elif word == "point" and current is not None and at == used and (rest := _decimals(words[at + 1 :])):
            used = at + 1 + len(rest)
            times = _SCALES.get(words[used], 0) if used < len(words) else 0
            return _plain(total + float(f"{int(current)}.{rest}") * (times or 1)), used + bool(times)
        else:
            break
    if not used:
        return None
    number = total + (current or 0.0)
    if pair is not None:
        number = pair * 100 + (current or 0.0)
    return _plain(number) + ordinal, used


def _adds(current: float, value: int) -> bool:
    """Whether a spoken number goes on: ``hundred … twenty``, ``twenty … three``."""
    if current >= 100 and current % 100 == 0:
        return value < 100
    return 20 <= current % 100 <= 90 and current % 10 == 0 and 0 < value < 10


def _joins(words: list[str], at: int, current: float | None, total: float) -> bool:
    """Whether ``and`` stands within a number: after a hundred or more, before less than a hundred."""
    following = words[at + 1] if at + 1 < len(words) else ""
    large = bool(total and current is None) or bool(current and current >= 100 and current % 100 == 0)
    return large and words[at - 1] in _SCALES and (following in _VALUES or following in _ORDINALS)


def _decimals(words: list[str]) -> str:
    digits = ""
    for word in words:
        if _VALUES.get(word, 10) > 9:
            break
        digits += str(_VALUES[word])
    return digits


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number:.6f}".rstrip("0")
