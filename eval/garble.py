"""What a recogniser makes of a text, at a given word error rate: a model of its errors, on its own dictionary.

Words are replaced by words that are pronounced alike, split in two, left out, or added; errors come in bursts, as in
noise; signs and capitals are lost. The pronunciations are those of the default recogniser.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import Indel

from wholetape.transcript.model import Making, Origin, Segment, Sound, Transcript, Word, span_of

BURST = 0.45
"""Chance that an error follows an error: with less, errors would be spread evenly, which flatters."""
SHARES = (("substitute", 0.68), ("delete", 0.2), ("insert", 0.12))
"""Shares of kinds of error, as pocketsphinx made them on read speech with known words."""
PAUSE_EVERY = (5, 18)
"""Words of an utterance."""


@lru_cache(maxsize=1)
def _dictionary() -> tuple[dict[str, str], dict[str, list[str]]]:
    import pocketsphinx

    phones: dict[str, str] = {}
    by_key: dict[str, list[str]] = defaultdict(list)
    path = Path(pocketsphinx.get_model_path()) / "en-us" / "cmudict-en-us.dict"
    codes: dict[str, str] = {}
    for line in path.read_text().splitlines():
        word, _, sounds = line.partition(" ")
        if "(" in word or not word.isalpha() or len(word) < 2:
            continue
        code = "".join(codes.setdefault(s, chr(65 + len(codes))) for s in sounds.split())
        phones[word] = code
        by_key[code[:1] + str(min(len(code), 9))].append(word)
    return phones, by_key


@lru_cache(maxsize=100_000)
def alike(word: str) -> tuple[str, ...]:
    """Words pronounced much like ``word``, the nearest first."""
    phones, by_key = _dictionary()
    code = phones.get(word)
    if code is None:
        return ()
    pool = [w for n in (-1, 0, 1) for w in by_key.get(code[:1] + str(min(max(1, len(code) + n), 9)), ()) if w != word]
    found = process.extract(code, [phones[w] for w in pool], scorer=Indel.normalized_similarity, limit=6)
    return tuple(pool[index] for _, _, index in found)


def garbled(words: list[str], rate: float, draw: random.Random) -> list[tuple[str, int]]:
    """What is heard of ``words``, each with the number of the word that was said there."""
    phones, _ = _dictionary()
    common = [w for w in "the a of and to in it that is he you on at but".split() if w in phones]  # noqa: SIM905
    begin = rate * (1 - BURST) / (1 - rate * BURST) if rate else 0.0
    heard: list[tuple[str, int]] = []
    wrong = False
    for number, said in enumerate(words):
        word = re.sub(r"[^a-z']", "", said.lower().replace("’", "'"))
        if not word:
            continue
        wrong = draw.random() < (BURST + begin * (1 - BURST) if wrong else begin)
        if not wrong:
            heard.append((word, number))
            continue
        kind = draw.choices([name for name, _ in SHARES], [share for _, share in SHARES])[0]
        if kind == "insert":
            heard += [(word, number), (draw.choice(common), number)]
        elif kind == "substitute":
            others = alike(word) or (draw.choice(common),)
            if len(word) > 6 and draw.random() < 0.4:
                half = alike(word[: len(word) // 2]) or others
                heard += [(half[0], number), (draw.choice(common), number)]
            else:
                heard.append((draw.choice(others), number))
    return heard


def spoken(words: list[str], rate: float, seed: int) -> tuple[Transcript, list[float]]:
    """The transcript of ``words`` at a word error rate, and when each of them was said, in seconds."""
    draw = random.Random(seed)
    times, at = [], 0.0
    for word in words:
        times.append(at)
        at += 0.12 + 0.055 * len(word) + (draw.uniform(0.3, 0.9) if word[-1] in ".?!" else 0.0)
    ends = [*times[1:], at]
    segments: list[Segment] = []
    held: list[Word] = []
    length = draw.randint(*PAUSE_EVERY)
    heard = garbled(words, rate, draw)
    for place, (word, number) in enumerate(heard):
        held.append(Word(word, span_of(times[number], ends[number]), 0.5))
        if len(held) >= length or place + 1 == len(heard):
            text = " ".join(w.text for w in held)
            whole = span_of(held[0].span.seconds[0], held[-1].span.seconds[1])
            segments.append(Segment(f"s{len(segments) + 1}", text, whole, tuple(held)))
            held, length = [], draw.randint(*PAUSE_EVERY)
    making = Making(Origin.RECOGNISED, "model of a recogniser")
    return Transcript(tuple(segments), "en", Sound("speech.wav", "", at), making), times


def word_error_rate(said: list[str], heard: list[str]) -> float:
    """Errors per word said, by the least number of edits."""
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(said, heard) / max(1, len(said))
