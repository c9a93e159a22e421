"""``wholetape publish`` writes what ``docs/spec/site.md`` says, whole or not at all."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

from tests.release import made


def test_it_writes_the_pages_the_lists_and_the_downloads(site):
    names = {str(path.relative_to(site)) for path in site.rglob("*") if path.is_file()}
    assert {"index.html", "index.km.html", "feed.xml", "site.json"} <= names
    pages = ("index.html", "index.km.html", "embed.html", "card.svg", "card.png", "release.json")
    assert {f"meeting/{page}" for page in pages} <= names
    release = json.loads((site / "meeting" / "release.json").read_text())
    recording = release["sessions"][0]["recording"]
    assert (site / "meeting" / recording["path"]).read_bytes() == made.MEETING.read_bytes()
    assert {name.split("/")[1] for name in names if "/" in name} <= {
        *pages,
        "index.km.html",
        "embed.km.html",
        "audio",
        "files",
        "data",
    }


def test_the_release_holds_the_check_of_the_copy_that_it_answers(site):
    (answer,) = json.loads((site / "meeting" / "release.json").read_text())["answers"]
    assert answer["outcome"] == "edited"
    assert [edit["kind"] for edit in answer["edits"]] == ["cut", "replaced", "muted", "cut", "repeated"]


def test_nothing_tells_where_the_files_lay_on_the_publishers_machine(site):
    places = [str(site.parent).encode(), str(made.EXAMPLES).encode()]
    for path in site.rglob("*"):
        if path.suffix in {".html", ".json", ".xml", ".svg", ".js"}:
            assert not [place for place in places if place in path.read_bytes()], path


def test_the_feed_is_atom_and_names_the_release(site):
    tree = ET.fromstring((site / "feed.xml").read_bytes())
    atom = "{http://www.w3.org/2005/Atom}"
    assert tree.tag == f"{atom}feed"
    assert [entry.findtext(f"{atom}title") for entry in tree.iter(f"{atom}entry")] == ["The meeting"]


def test_the_place_for_comments_is_there_once(site):
    for name in ("index.html", "index.km.html"):
        page = (site / "meeting" / name).read_text()
        assert page.count('<section id="comments" data-release="meeting" hidden></section>') == 1
