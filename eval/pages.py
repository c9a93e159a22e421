"""How well the pages of a release keep their promises: ``python -m eval.pages`` publishes the examples, and looks.

Weight, policy, requests, accessibility and zoom, in Chromium, on every page, in both languages, from a disk; with
``--write`` the section *pages* of ``docs/measured.md``, with ``--pictures DIR`` a picture of each look.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.measured import write
from examples.site import main as make_site

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_FLAGS = ("--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required")
_SOUND = {".mp3", ".flac", ".wav", ".m4a"}
WINDOWS = {"desktop": (1280, 900, False), "phone, dark": (360, 740, True), "200% zoom": (640, 450, False)}


@dataclass
class Looked:
    """What one look at one page showed."""

    page: str
    window: str
    violations: list[str]
    complaints: list[str]
    asked: list[str]
    overflow: bool
    painted: float
    seen: list[str] = field(default_factory=list)


def weights(site: Path) -> Iterator[tuple[str, int, int]]:
    """Each page with its weight in bytes, packed by gzip: alone, and with all that it may load but sound and print."""
    for page in sorted(site.rglob("*.html")):
        own = _packed(page)
        folder = page.parent / "data"
        loaded = (
            [p for p in folder.glob("*.js") if not p.name.startswith("print-")] if page.name.startswith("index") else []
        )
        yield str(page.relative_to(site)), own, own + sum(map(_packed, loaded if folder.is_dir() else []))


def _packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def look(browser: Any, site: Path, page: str, window: str, pictures: Path | None) -> Looked:
    """Opens a page in a fresh window, waits, runs axe-core, and tells what happened."""
    from axe_playwright_python.sync_playwright import Axe

    width, height, dark = WINDOWS[window]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light")
    shown = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    shown.goto((site / page).resolve().as_uri())
    shown.wait_for_timeout(500)
    painted = shown.evaluate("(performance.getEntriesByName('first-contentful-paint')[0] || {startTime: -1}).startTime")
    found = Axe().run(shown).response["violations"]
    overflow = shown.evaluate("document.documentElement.scrollWidth") > width
    if pictures:
        name = f"{page.replace('/', '-').removesuffix('.html')}-{window.replace(', ', '-').replace(' ', '-')}.png"
        shown.screenshot(path=pictures / name, full_page=True)
    context.close()
    beyond = [
        url for url in asked if not url.startswith(("data:", "blob:")) and url != (site / page).resolve().as_uri()
    ]
    return Looked(page, window, [fault["id"] for fault in found], complaints, beyond, overflow, painted)


def told(weighed: list[tuple[str, int, int]], looks: list[Looked]) -> str:
    """The section's text."""
    rows = [f"| `{page}` | {own / 1000:.1f} | {whole / 1000:.1f} |" for page, own, whole in weighed]
    heaviest = max(whole for _, _, whole in weighed)
    faults = sum(len(one.violations) for one in looks)
    lines = [
        "The examples' site (`make site`): sealed, with transcript, statements and an answered copy; from a disk.",
        "",
        "| page | kB, gzip | with all that it may load, without sound and print |",
        "| --- | ---: | ---: |",
        *rows,
        "",
        "| what | at most | measured |",
        "| --- | ---: | ---: |",
        f"| weight of a page without sound and print, kB gzip | 150 | {heaviest / 1000:.1f} |",
        f"| violations that axe-core finds, {len(looks)} looks (pages × {', '.join(WINDOWS)}) | 0 | {faults} |",
        f"| complaints of the policy, and errors | 0 | {sum(len(one.complaints) for one in looks)} |",
        f"| requests before anybody plays, but for the page itself | 0 | {sum(len(one.asked) for one in looks)} |",
        f"| pages wider than their window | 0 | {sum(one.overflow for one in looks)} |",
    ]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Publishes, looks, writes; 1 when a promise is not kept."""
    words = argparse.ArgumentParser("python -m eval.pages", description=__doc__)
    words.add_argument("--pictures", type=Path, metavar="DIR", help="keep a picture of each look there")
    words.add_argument("--write", action="store_true", help="put the figures into docs/measured.md")
    options = words.parse_args(arguments)
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        print("eval.pages: chromium is missing", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        site = Path(name) / "site"
        make_site(site)
        browser = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        weighed = list(weights(site))
        looks = [look(browser, site, page, window, options.pictures) for page, _, _ in weighed for window in WINDOWS]
        browser.close()
    for one in looks:
        if one.violations or one.complaints or one.asked or one.overflow:
            print(one)
    if options.write:
        write("pages", "python -m eval.pages", told(weighed, looks))
    print(told(weighed, looks))
    return 0 if all(not (o.violations or o.complaints or o.asked or o.overflow) for o in looks) else 1


if __name__ == "__main__":
    sys.exit(main())
