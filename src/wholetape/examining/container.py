"""Traces of the container: who wrote the file, by profiles that are data, and what its edit list leaves out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files

from wholetape.examining.case import Answer, Case
from wholetape.media.structure import Structure, structure
from wholetape.traces import Reach, Trace, Weight

CONTAINER, EDIT_LIST = "container", "edit-list"
_PRIMING_S = 0.1
"""The longest beginning that an encoder's delay explains."""
_WORDS = {
    "recorder": ("what records with it writes so", Weight.NOTED),
    "encoder": ("an encoder; of what, it does not say", Weight.NOTED),
    "converter": (
        "software that converts, so the file is no recorder's own, unless that records with it",
        Weight.PROCESSED,
    ),
    "editor": ("software that edits; saving a file with it needs no edit", Weight.PROCESSED),
}


def container(case: Case, progress: Callable[[float], None]) -> Answer:
    """The writer of the file, where a profile knows it, and parts that an edit list hides."""
    layout = structure(case.facts.path)
    traces = []
    profile = who(layout)
    if profile is not None:
        words, weight = _WORDS[profile["kind"]]
        finding = f"written by {profile['name']} ({profile['kind']}): {words}"
        details = {"writer": profile["name"], "kind": profile["kind"], "order": list(layout.order)}
        innocent = "sending, exporting or saving a recording rewrites its container; tags can be written by anybody"
        traces.append(Trace(CONTAINER, None, finding, weight, innocent, details=details))
    hidden = [start for _, start in layout.edits if start > _PRIMING_S]
    if hidden or len([start for _, start in layout.edits if start >= 0]) > 1:
        finding = "an edit list leaves out parts of what the file holds" + (
            f"; it begins {hidden[0]:.2f} s into its sound" if hidden else ""
        )
        innocent = "phones trim so without encoding again; what is left out may still be in the file"
        traces.append(
            Trace(EDIT_LIST, None, finding, Weight.PROCESSED, innocent, details={"edits": list(layout.edits)})
        )
    known = f"writer: {profile['name']}" if profile else "writer unknown"
    return Answer(
        tuple(traces), Reach("container", 0.0, f"{known}; tags and layout tell of the file, not of its sound")
    )


def who(layout: Structure) -> Mapping[str, str] | None:
    """The first profile that fits."""
    for profile in _profiles():
        if all(_fits(layout, where, pattern) for where, pattern in profile["when"].items()):
            return {key: str(profile[key]) for key in ("name", "kind", "source")}
    return None


@lru_cache(maxsize=1)
def _profiles() -> tuple[dict[str, dict[str, str]], ...]:
    text = files("wholetape.examining").joinpath("profiles.json").read_text("utf-8")
    return tuple(json.loads(text)["profiles"])


def _fits(layout: Structure, where: str, pattern: str) -> bool:
    if where == "order":
        texts = [" ".join(layout.order)]
    elif where == "*":
        texts = list(layout.tags.values())
    else:
        texts = [layout.tags[where]] if where in layout.tags else []
    return any(re.search(pattern, text, re.IGNORECASE) for text in texts)
