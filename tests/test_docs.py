"""The documentation is right: commands print what it shows, code runs, links lead somewhere, names exist."""

from __future__ import annotations

import json
import re

import pytest

import wholetape
from docs import refresh
from tests import schema
from wholetape import errors
from wholetape.cli.main import parser

ROOT = refresh.ROOT
PAGES = refresh.pages()
WITH_CONSOLE = [page for page in PAGES if refresh.blocks(page.read_text())]


def named(page):
    return str(page.relative_to(ROOT))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A reader's working folder, the same for all pages."""
    folder = tmp_path_factory.mktemp("desk")
    refresh.scratch(folder)
    return folder


@pytest.mark.parametrize("page", WITH_CONSOLE, ids=named)
def test_commands_print_what_the_page_shows(page, desk):
    for session in refresh.blocks(page.read_text()):
        assert list(refresh.commands(session)), "a console block without a command"
        now = refresh.run(session, desk)
        assert alike(now, session), f"docs/refresh.py writes it anew:\n{now}"


def alike(one, other):
    """True for texts that differ at most by some milliseconds and tenths of a percent: processors round differently."""
    number = re.compile(r"(\d+):(\d\d\.\d{3})|(\d+) ms|([\d.]+)%")

    def seconds(found):
        minutes, rest, millis, percent = found
        return float(percent) / 100 if percent else float(millis) / 1000 if millis else int(minutes) * 60 + float(rest)

    return number.sub("#", one) == number.sub("#", other) and all(
        abs(seconds(a) - seconds(b)) < 0.006 for a, b in zip(number.findall(one), number.findall(other), strict=True)
    )


def test_texts_are_alike_but_for_a_few_milliseconds():
    assert alike("0:40.310–0:43.090 (90%)", "0:40.312–0:43.088 (90.1%)")
    assert not alike("0:40.310", "0:40.340")
    assert not alike("100 ms cut", "100 ms muted")
    assert not alike("1:01.000", "0:61.000 s")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_python_examples_run(page, desk, monkeypatch):
    monkeypatch.chdir(desk)
    for code in re.findall(r"^```python\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL):
        exec(compile(code, str(page), "exec"), {"print": lambda *words: None})


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_json_examples_are_json(page):
    for text in re.findall(r"^```json\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL):
        json.loads(text)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_within_the_repository_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text()):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), target


def test_the_picture_is_current(desk):
    assert alike(refresh.PICTURE.read_text(), refresh.picture(desk))


def test_the_readme_shows_its_two_commands_by_line_20():
    first = "\n".join((ROOT / "README.md").read_text().splitlines()[:20])
    assert "make demo" in first
    assert "make test" in first


def test_the_targets_that_pages_name_are_in_the_makefile():
    rules = (ROOT / "Makefile").read_text()
    for page in PAGES:
        for target in re.findall(r"(?:`|^\$ )make ([a-z-]+)", page.read_text(), re.MULTILINE):
            assert re.search(rf"^{target}:", rules, re.MULTILINE), f"{named(page)}: make {target}"


def test_every_command_and_every_flag_is_on_the_page_of_the_command_line():
    page = (ROOT / "docs" / "cli.md").read_text()
    help_of = re.findall(r"^\$ wholetape (?:(\w+) )?--help$", page, re.MULTILINE)
    (commands,) = (list(action.choices or ()) for action in parser()._actions if action.dest == "command")
    assert set(help_of) == {"", *commands}


def test_every_exit_code_is_on_the_page_of_the_command_line():
    page = (ROOT / "docs" / "cli.md").read_text()
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)}
    assert told == set(map(int, errors.Exit))


def test_every_public_name_is_on_the_page_of_the_api():
    page = (ROOT / "docs" / "api.md").read_text()
    assert [name for name in wholetape.__all__ if f"`{name}" not in page and f".{name}(" not in page] == []


def test_the_example_of_the_json_page_conforms_to_the_schema():
    page = (ROOT / "docs" / "json.md").read_text()
    (example,) = re.findall(r"^```json\n(\{.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert list(schema.faults(json.loads(example), schema.load("check-v1.schema.json"))) == []


def test_the_json_page_explains_every_member_of_the_schema():
    page = (ROOT / "docs" / "json.md").read_text()

    def members(rule):
        for name, below in rule.get("properties", {}).items():
            yield name
            yield from members(below)
        if "items" in rule:
            yield from members(rule["items"])

    tree = schema.load("check-v1.schema.json")
    assert [name for name in members(tree) if f"`{name}`" not in page] == []


def test_parameters_that_pages_name_exist():
    from wholetape.match import params

    for page in PAGES:
        for group, name in re.findall(r"`(PRINT|ALIGN|[A-Z]+_PARAMS)\.(\w+)`", page.read_text()):
            assert hasattr(getattr(params, group), name), f"{named(page)}: {group}.{name}"


def test_the_changelog_starts_with_this_version():
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == wholetape.__version__


def test_the_version_is_the_same_in_the_package_and_its_metadata():
    assert f'version = "{wholetape.__version__}"' in (ROOT / "pyproject.toml").read_text()


def test_no_page_calls_a_recording_authentic():
    for page in PAGES:
        for sentence in re.split(r"(?<=[.:])\s", page.read_text()):
            if re.search(r"\bauthentic", sentence, re.IGNORECASE):
                assert re.search(r"\b(never|no|not)\b", sentence, re.IGNORECASE), f"{named(page)}: {sentence}"
