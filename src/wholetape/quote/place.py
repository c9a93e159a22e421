"""Where in a transcript a quote stands: Sellers' alignment (1980) of its words with all places at once.

The costs of each row are one array operation over the whole transcript; words that sound alike to a recogniser are
written alike, and cost less than others. An ellipsis may jump forward, a bracket may stand for a few words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel

from wholetape.quote.params import FUNCTION_WORDS, PLACE
from wholetape.quote.parts import Part, Sort
from wholetape.transcript.model import Transcript
from wholetape.transcript.spelling import AMBIGUOUS
from wholetape.transcript.spoken import Spoken, run_of
from wholetape.transcript.tokens import FILLERS

Costs = NDArray[np.float64]


class Index:
    """The words of one transcript, hesitations left out, ready for looking up any number of quotes."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self.words: tuple[Spoken, ...] = tuple(word for word in run_of(transcript) if word.norm not in FILLERS)
        numbers: dict[str, int] = {}
        self._ids = np.array([numbers.setdefault(w.norm, len(numbers)) for w in self.words], np.int64)
        self._vocabulary = list(numbers)
        self._numbers = numbers
        self._counts = Counter(word.norm for word in self.words)
        self._alike: dict[tuple[str, str], Costs] = {}
        weights = np.array([insertion(word.norm) for word in self.words])
        self.inserted: Costs = np.concatenate(([0.0], np.cumsum(weights)))

    def costs(self, part: Part, low: int, high: int) -> Costs:
        """What the words ``low`` to ``high`` cost in the place of ``part``: 0 for the same, 1 for a different one."""
        return self._of_vocabulary(part)[self._ids[low:high]]

    def bits(self, norm: str) -> float:
        """Evidence, in bits, that hearing this very word is for a place: rare words tell most."""
        usual = PLACE.usual_function if norm in FUNCTION_WORDS else PLACE.usual_word
        chance = (self._counts[norm] + usual * PLACE.usual_words) / (len(self.words) + PLACE.usual_words)
        return max(0.0, math.log2(PLACE.true_share / chance))

    def _of_vocabulary(self, part: Part) -> Costs:
        key = (part.norm, part.stem)
        if key not in self._alike:
            self._alike[key] = self._compare(part)
        return self._alike[key]

    def _compare(self, part: Part) -> Costs:
        ratios = process.cdist(
            [part.norm],
            self._vocabulary,
            scorer=Indel.normalized_similarity,
            score_cutoff=PLACE.alike,
            dtype=np.float32,
        )[0]
        costs = 1.0 - np.maximum(0.0, (ratios.astype(np.float64) - PLACE.alike) / (1.0 - PLACE.alike)) * 0.8
        for norm in same_as(part.norm):
            if norm in self._numbers:
                costs[self._numbers[norm]] = 0.0
        if part.stem:
            for norm, number in self._numbers.items():
                if fits(part, norm):
                    costs[number] = 0.0
        return np.asarray(costs)


def insertion(norm: str) -> float:
    """What it costs that the quote leaves out this word of the transcript."""
    return PLACE.insertion * (0.6 if norm in FUNCTION_WORDS else 1.0)


def same_as(norm: str) -> set[str]:
    """The norms that count as the same word: a short form may be one of several."""
    wide = {norm, *AMBIGUOUS.get(norm, ())}
    return wide | {short for short, full in AMBIGUOUS.items() if norm in full}


def fits(part: Part, norm: str) -> bool:
    """Whether a word said as ``norm`` may be published as ``part``: itself, or with its bracketed letters changed."""
    if norm in same_as(part.norm):
        return True
    stem = part.stem
    return bool(stem) and (norm == stem or (len(stem) > 2 and norm.startswith(stem)))


@dataclass(frozen=True, slots=True)
class Pair:
    """``part`` of the quote stands at word number ``word`` of the index, or one of the two is None."""

    part: Part | None
    word: int | None


@dataclass(frozen=True, slots=True)
class Placed:
    """One place: the alignment from its first word to its last."""

    score: float
    pairs: tuple[Pair, ...]

    @property
    def words(self) -> tuple[int, int]:
        """First and last word of the transcript in the alignment."""
        numbers = [pair.word for pair in self.pairs if pair.word is not None]
        return (numbers[0], numbers[-1]) if numbers else (0, -1)


def places(index: Index, parts: Sequence[Part]) -> Iterator[Placed]:
    """The places where the quote may stand, the best first, none of which share more than some words."""
    if not index.words:
        return
    weight = sum(part.weight for part in parts)
    last = _rows(index, parts, 0, len(index.words))[-1]
    taken = np.zeros(len(last), bool)
    near = np.flatnonzero(last <= weight * (1.0 - PLACE.least_score))
    order = near[np.argsort(last[near], kind="stable")]
    for end in order:
        if taken[end]:
            continue
        placed = _trace(index, parts, int(end), weight)
        first, final = placed.words
        if final < first or taken[first + 1 : final + 2].mean() > PLACE.most_shared:
            continue
        taken[first + 1 : final + 2] = True
        taken[max(0, int(end) - len(parts) // 2) : int(end) + len(parts) // 2 + 1] = True
        yield placed


def _rows(index: Index, parts: Sequence[Part], low: int, high: int, keep: bool = False) -> list[Costs]:
    """The rows of the alignment for the words ``low`` to ``high``: all of them with ``keep``, else the last one."""
    inserted = index.inserted[low : high + 1]
    row = np.zeros(high - low + 1)
    rows = [row]
    for part in parts:
        if part.sort is Sort.WORD:
            weight = part.weight
            following = row + weight
            np.minimum(following[1:], row[:-1] + weight * index.costs(part, low, high), out=following[1:])
            row = np.minimum.accumulate(following - inserted) + inserted
        elif part.sort is Sort.BRACKET:
            slope = PLACE.bracket_word * np.arange(len(row))
            row = np.minimum.accumulate(row - slope) + slope
        else:
            row = _least_of(row, PLACE.gap_words) + PLACE.gap
        rows = [*rows, row] if keep else [row]
    return rows


def _least_of(row: Costs, width: int) -> Costs:
    """The least of each place and of the ``width`` places before it."""
    least, have = row.copy(), 1
    while have < width + 1:
        step = min(have, width + 1 - have)
        least[step:] = np.minimum(least[step:], least[:-step].copy()) if step < len(least) else least[step:]
        have += step
    return least


def _trace(index: Index, parts: Sequence[Part], end: int, weight: float) -> Placed:
    """The alignment that ends before word ``end``."""
    gaps = sum(part.sort is Sort.GAP for part in parts)
    brackets = sum(part.sort is Sort.BRACKET for part in parts)
    low = max(0, end - 3 * len(parts) - 12 - gaps * PLACE.gap_words - 30 * brackets)
    rows = _rows(index, parts, low, end, keep=True)
    pairs: list[Pair] = []
    i, j = len(parts), end - low
    while i > 0:
        part, above, here = parts[i - 1], rows[i - 1], rows[i][j]
        if part.sort is Sort.WORD:
            cost = part.weight * index.costs(part, low + j - 1, low + j)[0] if j else math.inf
            if j and here >= above[j - 1] + cost - 1e-9:
                pairs.append(Pair(part, low + j - 1))
                i, j = i - 1, j - 1
            elif here >= above[j] + part.weight - 1e-9:
                pairs.append(Pair(part, None))
                i -= 1
            else:
                pairs.append(Pair(None, low + j - 1))
                j -= 1
            continue
        reach = j if part.sort is Sort.BRACKET else min(j, PLACE.gap_words)
        steps = np.arange(reach + 1)
        slope = PLACE.bracket_word if part.sort is Sort.BRACKET else 0.0
        back = int(np.argmin(above[j - steps] + slope * steps))
        pairs += [Pair(part, low + j - 1 - step) for step in range(back)] or [Pair(part, None)]
        i, j = i - 1, j - back
    pairs.reverse()
    _widen(index, pairs)
    return Placed(max(0.0, 1.0 - float(rows[-1][end - low]) / weight), tuple(pairs))


def _widen(index: Index, pairs: list[Pair]) -> None:
    """Takes in the words beside both ends that, written together, are the quote's word there: ``per cent``."""
    while pairs[-1].word is None and pairs[-1].part and pairs[-1].part.sort is Sort.WORD:  # another word is there
        lacking = next(n for n in range(len(pairs) - 1, -1, -1) if n == 0 or pairs[n - 1].word is not None)
        before = pairs[lacking - 1].word if lacking else None
        if before is None or before + 1 >= len(index.words):
            break
        pairs[lacking] = Pair(pairs[lacking].part, before + 1)
    for at, step in ((-1, 1), (0, -1)):
        part, word = pairs[at].part, pairs[at].word
        if part is None or word is None or part.sort is not Sort.WORD:
            continue
        other = word + step
        if not 0 <= other < len(index.words):
            continue
        both = sorted((word, other))
        if "".join(index.words[number].norm for number in both) == part.norm:
            pairs.insert(len(pairs) if step > 0 else 0, Pair(None, other))


def evidence(index: Index, placed: Placed) -> float:
    """Bits by which the quote's words speak for this place, less what the best of all places has by chance."""
    bits = -math.log2(len(index.words) + 1.0)
    for pair in placed.pairs:
        if pair.part is None:
            bits -= 1.0
        elif pair.part.sort is Sort.GAP:
            continue
        elif pair.part.sort is Sort.BRACKET:
            bits -= 0.5
        elif pair.word is None:
            bits -= 1.5
        else:
            norm = index.words[pair.word].norm
            if fits(pair.part, norm):
                bits += index.bits(norm)
            else:
                alike = Indel.normalized_similarity(pair.part.norm, norm)
                bits += 0.35 * index.bits(norm) * (alike > PLACE.alike + 0.05) - 1.5 * (alike <= PLACE.alike + 0.05)
    return bits - 8.0 * sum(1 for part in {p.part for p in placed.pairs if p.part} if part.sort is Sort.GAP)
