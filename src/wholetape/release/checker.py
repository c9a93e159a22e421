"""The reader's own check as text for pages: the engine of its worker, the widget, its words, and a page of its own.

``docs/checker.md`` says how pages are built with them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from importlib.resources import files

from wholetape.match import calibration, paceparams, params, waveparams
from wholetape.release.compact import compact
from wholetape.report.markup import own, tag
from wholetape.report.styles import colours

ENGINE = (
    *("errors", "numbers", "sha256", "source", "resample", "bands", "printfile"),
    *("score", "search", "viterbi", "settle", "trace", "clarity", "doubt"),
    *("speed", "paces", "phase", "segments", "refine", "gaps", "timeline", "hush"),
    *("waveform", "closely", "steps", "presence", "absent", "secondlook", "chain", "edl"),
    *("listen", "channels", "compare", "tiles", "conclude", "jsonform"),
    *("container", "leaves", "sealfile", "proofs", "entire", "excerptfile", "excerpted"),
    *("der", "certificate", "stamp", "times", "verify", "excerpting"),
    *("wav", "mpegaudio", "mp4", "ogg", "flac", "matroska", "media", "references", "worker"),
)
"""Scripts of the worker, in their order."""
WIDGET = ("words", "told", "engine", "drawing", "player", "answer", "sealed", "scan", "widget")
"""Scripts of the page, in their order."""
ENGLISH = "en"
LANGUAGES = (ENGLISH, "km")
_SPOKEN = (
    "name",
    "dir",
    "check.",
    "verify.",
    "page.edit",
    "page.outcome.",
    "page.kind.",
    "page.time.",
    "page.place",
    "page.limits",
)
_SPOKEN_TOO = frozenset(
    f"page.{key}" for key in ("play", "pause", "languages", "unverified", "unverified.told", "drawing.label")
) | {"page.proof.yes", "page.proof.no"}
"""Of the pages' words, those that the check has as well."""
_UNSPOKEN = re.compile(r"page\.(outcome\..*\..*|edits\.more|limits\.covered|kind\.(kept|left-out))")
"""And of those, what only the release's own answer says."""


def engine() -> str:
    """The text of the worker: decoding, print, alignment and seals, without the comments of its source."""
    return _params() + compact(_notes() + "".join(_script(name) for name in ENGINE))


def widget() -> str:
    """The text of the page's own script, which defines ``wholetape.mount``."""
    return compact("".join(_script(name) for name in WIDGET))


def starter() -> str:
    """The text of the script that starts the check in the page of a release; it comes after the widget."""
    return compact(_script("start"))


def styles() -> str:
    """The style sheet of the widget."""
    return _resource("checker/widget.css")


def catalogue(language: str) -> dict[str, str]:
    """The words of the interface in a language, by their keys; English where it has none."""
    words = _messages(ENGLISH)
    return words if language == ENGLISH else words | _messages(language)


def words_of_check(language: str) -> dict[str, str]:
    """Those words of :func:`catalogue` that the check needs."""
    return spoken(catalogue(language))


def spoken(words: Mapping[str, str]) -> dict[str, str]:
    """Those of a catalogue's words that the check needs."""
    said = {key: text for key, text in words.items() if key.startswith(_SPOKEN) or key in _SPOKEN_TOO}
    return {key: text for key, text in said.items() if not _UNSPOKEN.fullmatch(key)}


def checker_page(languages: Sequence[str] = LANGUAGES) -> bytes:
    """``checker.html``: one file, which asks nobody for anything."""
    words = {language: words_of_check(language) for language in languages}
    style, script = own(colours() + _resource("checker/page.css") + styles()), own(widget() + compact(_script("page")))
    head = [
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy([style], [script])),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", words[languages[0]]["check.page.title"]),
        tag("style", style),
    ]
    data = json.dumps(words, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    body = [
        tag("main", id="main"),
        tag("script", own(engine()), type="text/plain", id="wholetape-engine"),
        tag("script", own(data), type="application/json", id="wholetape-messages"),
        tag("script", script),
    ]
    return f"<!doctype html>\n{tag('html', tag('head', *head), tag('body', *body), lang=languages[0])}\n".encode()


def policy(styles: Sequence[str], scripts: Sequence[str]) -> str:
    """What a page with the check in it may do: run and style what stands in it, by its hash, and nothing else."""
    style, script = (" ".join(f"'{_hash(text)}'" for text in texts) for texts in (styles, scripts))
    return (
        f"default-src 'none'; script-src {script}; style-src {style}; worker-src blob:; media-src blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _params() -> str:
    """Every number of the print and of the alignment that the engine names, as a script: none stands twice."""
    named = set(re.findall(r"\w+", "".join(map(_script, ENGINE))))
    numbers = {
        name: {field.name: getattr(value, field.name) for field in fields(value) if field.name in named}
        for module in (params, paceparams, waveparams, calibration)
        for name, value in vars(module).items()
        if name in named and is_dataclass(value)
    }
    told = json.dumps(numbers, sort_keys=True, separators=(",", ":"))
    return f"(globalThis.wholetape ??= {{}}).params = {told};\n"


_NOTES = (
    *("Wrong", "utf8", "text8", "join", "same", "hex", "b64", "unb64", "big64", "unjcs", "sha512", "ed25519", "weak"),
    *("keyId", "checkName", "parseNote", "lineBy", "signedBy", "cosignedBy", "parseHead", "parsePublic", "Tree"),
    *("jcs", "leafHash", "nodeHash", "split"),
)
"""What the engine takes from the follower's page."""
_NOT_TAKEN = (
    *("members", "secret", "vkey", "encodeNote", "signatureLine", "signNote", "cosign", "headText", "parsePrivate"),
    *("keyFiles", "consistent", "ed25519", "K256", "H256", "sha256"),
)
"""What of these sections only somebody who signs, or follows, needs; and what the engine has of its own."""
_OWN = """const sha256 = (...parts) => wholetape.sha256.sha256(...parts);
const ed25519 = { verify: (...signed) => verifies(...signed) };
"""


def _notes() -> str:
    """Hashes, Ed25519, notes and the tree: they stand in ``follow.html``, which is one file that a party can read."""
    page = files("wholetape").joinpath("seal", "follow", "follow.html").read_text(encoding="utf-8")
    start, end = (page.index(f"/* ---- {name}") for name in ("bytes", "leaves:"))
    basics = "\n".join(line for line in page[:start].splitlines() if line.startswith(("class Wrong", "const must")))
    parts = re.split(r"^(?=const |class |/\*)", page[start:end], flags=re.MULTILINE)
    taken = "".join(part for part in parts if not part.startswith(tuple(f"const {name} =" for name in _NOT_TAKEN)))
    named = ", ".join(_NOTES)
    body = f'"use strict";\n{basics}\n{_OWN}{taken}wholetape.notes = {{ {named} }};\n'
    return f"((wholetape) => {{\n{body}}})(globalThis.wholetape);\n"


def _messages(language: str) -> dict[str, str]:
    words: dict[str, str] = json.loads(_resource(f"messages/{language}.json"))
    return words


def _script(name: str) -> str:
    return _resource(f"checker/{name}.js")


def _resource(name: str) -> str:
    """A file of this package; not a user's, so no use of ``store``."""
    return files("wholetape").joinpath("web", *name.split("/")).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
