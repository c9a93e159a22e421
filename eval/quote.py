"""``python -m eval.quote``: how well quotes are placed in a recogniser's output, and what is found that nobody said.

    --texts FOLDER    speeches, one .txt each: the longest odd ones make transcripts, the even ones are others' words
    --sound FOLDER    recordings with their words in FILE.txt beside them, to measure the default recogniser
    --held-out        use the other half of the texts: the half on which nothing was tuned

Without --texts, only the committed newspaper cases are judged.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from eval import measured
from eval.garble import spoken, word_error_rate
from wholetape.quote.find import find
from wholetape.quote.place import Index
from wholetape.quotes import QuoteResult
from wholetape.transcript import formats

CASES = Path(__file__).parent / "newspaper.json"
TRANSCRIPT_WORDS = 18_000
WITHIN_S = 2.0
RATE = 0.30
SOUND = {".flac", ".wav", ".mp3"}
NEGATIONS = {"not", "never", "no", "nor", "without"}
VERBS = {"is", "are", "was", "will", "shall", "have", "has", "can", "must", "should"}


@dataclass
class Tally:
    """Answers of one kind of quote."""

    outcomes: Counter[str] = field(default_factory=Counter)
    placed: int = 0

    @property
    def total(self) -> int:
        """Quotes looked up."""
        return sum(self.outcomes.values())


@dataclass(frozen=True)
class Judged:
    """What was measured at one word error rate: ``ms`` a quote, the rate as it came out, the number of transcripts."""

    tallies: dict[str, Tally]
    rate: float
    texts: int
    ms: float


def transcripts(folder: Path, held_out: bool) -> tuple[list[list[str]], list[list[str]]]:
    """Texts of about 18,000 words for transcripts, and texts that are in none of them."""
    paths = sorted(folder.glob("*.txt"))
    mine = [p for n, p in enumerate(paths) if n % 2 == int(held_out)]
    words = [p.read_text(errors="replace").split() for p in mine]
    texts: list[list[str]] = [[]]
    apart, spoken_of = [], words[: len(words) * 3 // 4]
    apart = words[len(words) * 3 // 4 :]
    for one in spoken_of:
        texts[-1] += one
        if len(texts[-1]) >= TRANSCRIPT_WORDS:
            texts[-1] = texts[-1][:TRANSCRIPT_WORDS]
            texts.append([])
    return [text for text in texts if len(text) == TRANSCRIPT_WORDS], apart


def true_quotes(words: list[str], count: int, draw: random.Random) -> Iterator[tuple[int, list[str]]]:
    """Stretches of 8 to 30 words, as papers quote: half of them whole sentences from their beginning."""
    begins = [n + 1 for n, w in enumerate(words[:-40]) if w[-1] in ".?!;:" and len(w) > 2]
    for k in range(count):
        first = draw.choice(begins) if k % 2 else draw.randrange(len(words) - 40)
        yield first, words[first : first + draw.randint(8, 30)]


def altered(quote: list[str], vocabulary: list[str], draw: random.Random) -> list[str]:
    """The quote with one word of substance changed: a negation added or taken away, or another word in its place."""
    out = list(quote)
    bare = [w.lower().strip(".,;:?!") for w in out]
    negations = [n for n, w in enumerate(bare) if w in NEGATIONS]
    if negations and draw.random() < 0.5:
        del out[draw.choice(negations)]
        return out
    verbs = [n for n, w in enumerate(bare) if w in VERBS]
    if verbs and draw.random() < 0.5:
        out.insert(draw.choice(verbs) + 1, "not")
        return out
    places = [n for n, w in enumerate(bare) if len(w) > 4]
    if places:
        place = draw.choice(places)
        out[place] = draw.choice([w for w in vocabulary if w != bare[place]])
    return out


def judge(folder: Path, held_out: bool, rate: float, count: int, seed: int) -> Judged:
    """Places and outcomes of true and of invented quotes in transcripts of the given word error rate."""
    draw = random.Random(seed)
    texts, apart = transcripts(folder, held_out)
    tallies = {name: Tally() for name in ("true", "of another text", "one word altered", "words shuffled")}
    rates, seconds = [], []
    for number, words in enumerate(texts):
        transcript, times = spoken(words, rate, seed + number)
        heard = [w.text for s in transcript.segments for w in s.words]
        said = [w.lower().strip(".,;:?!'\"()-") for w in words]
        rates.append(word_error_rate(said[:4000], heard[: int(len(heard) * 4000 / len(words))]))
        index = Index(transcript)
        vocabulary = sorted({w.lower().strip(".,;:?!") for w in words if len(w) > 5})
        for first, quote in true_quotes(words, count, draw):
            begun = time.process_time()
            result = find(index, " ".join(quote))
            seconds.append(time.process_time() - begun)
            near = bool(result.matches) and result.matches[0].at is not None
            at = result.matches[0].at.seconds[0] if near and result.matches[0].at else -99.0
            take(tallies["true"], result, abs(at - times[first]) <= WITHIN_S)
            take(tallies["one word altered"], find(index, " ".join(altered(quote, vocabulary, draw))))
            shuffled = draw.sample(quote, len(quote))
            take(tallies["words shuffled"], find(index, " ".join(shuffled)))
            other = draw.choice([text for text in apart if len(text) > 60])
            start = draw.randrange(len(other) - 40)
            foreign = other[start : start + draw.randint(8, 30)]
            take(tallies["of another text"], find(index, " ".join(foreign)))
    return Judged(tallies, statistics.mean(rates), len(texts), 1e3 * statistics.median(seconds))


def take(tally: Tally, result: QuoteResult, placed: bool = False) -> None:
    """Counts one answer in."""
    tally.outcomes[str(result.outcome)] += 1
    tally.placed += placed


def told(rate: float, result: Judged) -> str:
    """The table of one rate."""
    rows = [
        f"Word error rate {result.rate:.1%} (asked: {rate:.0%}); {result.texts} transcripts of {TRANSCRIPT_WORDS:,} "
        f"words; {result.ms:.0f} ms of one processor a quote.",
        "",
        "| quotes | looked up | placed within 2 s | found | uncertain | not found |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, tally in result.tallies.items():
        share = {o: tally.outcomes[o] / tally.total for o in ("found", "uncertain", "not-found")}
        placed = f"{tally.placed / tally.total:.1%}" if name == "true" else "–"
        shares = f"{share['found']:.2%} | {share['uncertain']:.1%} | {share['not-found']:.1%}"
        rows.append(f"| {name} | {tally.total:,} | {placed} | {shares} |")
    return "\n".join(rows)


def newspaper() -> tuple[int, int, list[str]]:
    """How many of the committed cases are right: the outcome, and each step of the diff that the case names."""
    cases = json.loads(CASES.read_text())["cases"]
    wrong = []
    for case in cases:
        transcript = formats.read(case["transcript"].encode(), "the case")
        result = find(Index(transcript), case["quote"])
        steps = [(str(s.op), s.quote, s.transcript) for s in result.matches[0].diff] if result.matches else []
        kinds = {str(w.kind) for m in result.matches[:1] for w in m.warnings}
        good = str(result.outcome) == case["outcome"]
        good &= all(tuple(step) in steps for step in case.get("diff", ()))
        good &= set(case.get("warnings", ())) <= kinds
        if not good:
            wrong.append(f"{case['quote']!r}: {result.outcome}, {steps}, {sorted(kinds)}")
    return len(cases), len(cases) - len(wrong), wrong


def cold(folder: Path, held_out: bool, seed: int) -> float:
    """Seconds for 50 quotes in one transcript as a process of its own does it: reading, indexing, looking up."""
    words = transcripts(folder, held_out)[0][0]
    data = formats.WRITERS["json"](spoken(words, RATE, seed)[0]).encode()
    quotes = [" ".join(quote) for _, quote in true_quotes(words, 50, random.Random(seed))]
    begun = time.process_time()
    index = Index(formats.read(data, "it"))
    for quote in quotes:
        find(index, quote)
    return time.process_time() - begun


def recogniser(folder: Path) -> str:
    """The default recogniser on recordings with known words: error rate, real-time factor, memory."""
    from wholetape.transcribing.engines import load
    from wholetape.transcribing.transcribe import transcribe
    from wholetape.transcript.tokens import tokens

    engine = load("pocketsphinx")
    errors = said_words = 0
    length = spent = 0.0
    for path in sorted(p for p in folder.iterdir() if p.suffix in SOUND and p.with_suffix(".txt").exists()):
        begun = time.process_time()
        transcript = transcribe(str(path), engine)
        spent += time.process_time() - begun
        length += transcript.sound.duration
        said = [t.norm for t in tokens(path.with_suffix(".txt").read_text())]
        heard = [t.norm for s in transcript.segments for t in tokens(s.text)]
        errors += round(word_error_rate(said, heard) * len(said))
        said_words += len(said)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"Default recogniser on {length:.0f} s of read speech with known words: word error rate "
        f"{errors / said_words:.1%} of {said_words} words, real-time factor {spent / length:.2f} on one core, "
        f"{peak:.0f} MB at most."
    )


def main(arguments: list[str] | None = None) -> int:
    """Measures what was asked for; 1 when a figure falls short."""
    words = argparse.ArgumentParser("python -m eval.quote", description=__doc__)
    words.add_argument("--texts", type=Path)
    words.add_argument("--sound", type=Path)
    words.add_argument("--held-out", action="store_true")
    words.add_argument("--count", type=int, default=150, help="quotes of each kind a transcript")
    words.add_argument("--rates", type=float, nargs="*", default=[RATE])
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--write", action="store_true", help="put the figures into docs/measured.md")
    options = words.parse_args(arguments)
    total, right, wrong = newspaper()
    parts = [f"Newspaper cases with brackets and ellipses: {right} of {total} right."]
    print(parts[0], *wrong, sep="\n")
    fine = right >= 0.95 * total
    if options.texts:
        half = "the held-out half" if options.held_out else "the half that was tuned on"
        parts.append(f"Inaugural addresses, {half}, as a model of a recogniser hears them; seed {options.seed}.")
        for rate in options.rates:
            parts.append(told(rate, judge(options.texts, options.held_out, rate, options.count, options.seed)))
            print(parts[-1], flush=True)
        spent = cold(options.texts, options.held_out, 1)
        parts.append(f"50 quotes in 18,000 words, reading and indexing included: {spent:.2f} s of one processor.")
        print(parts[-1])
    if options.sound:
        parts.append(recogniser(options.sound))
        print(parts[-1])
    if options.write:
        measured.write("quote", "python -m eval.quote --texts … --held-out --sound … --write", "\n\n".join(parts))
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
