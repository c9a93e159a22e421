"""The page: one file that asks for nothing, says no more than was established, and that no name can break."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tests.report import results
from tests.report.sounding import sounds
from wholetape.errors import UnreadableInput
from wholetape.findings import Edit, Kind, Stretch
from wholetape.report import Occasion, as_html
from wholetape.report.markup import own, tag

ALL = [results.whole, results.excerpt, results.edited, results.undecided, results.unrelated]
OCCASION = Occasion({"wholetape": "0.1.0", "Python": "3.11.0"}, "2026-11-24 05:00:00 UTC")
VOID = {"meta", "br", "hr", "line", "rect", "path"}


class Seen(HTMLParser):
    """Elements, attributes and text as a browser sees them; fails where elements are not closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.words = ""
        self.code: dict[str, str] = {"style": "", "script": ""}
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        assert len(attrs) == len(dict(attrs)), "an attribute twice"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag in VOID
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if self._open and self._open[-1] in self.code:
            self.code[self._open[-1]] += data
        else:
            self.words += data + " "

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def page(*answers, **how) -> str:
    shown = [answer for answer in answers if not isinstance(answer, Exception)]
    return as_html(answers, OCCASION, how.pop("sounds", sounds(*shown)), **how)


def seen(*answers, **how) -> Seen:
    return Seen(page(*answers, **how))


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


class TestOneFileThatAsksForNothing:
    @pytest.mark.parametrize("make", ALL)
    def test_no_attribute_leads_anywhere_but_into_the_page(self, make):
        for name, attributes in seen(make()).elements:
            for key, value in attributes.items():
                if key in {"src", "href", "action", "srcset", "data", "poster", "xlink:href", "formaction"}:
                    assert value.startswith("#" if name == "a" else "data:audio/mpeg;base64,"), (name, key)
                assert not key.startswith("on")
                assert key != "style"

    def test_the_policy_allows_the_pages_own_style_and_script_by_their_hashes_and_no_others(self):
        found = seen(results.edited())
        [policy] = [m["content"] for m in found.all("meta") if m.get("http-equiv") == "Content-Security-Policy"]
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert rules["default-src"] == "'none'"
        assert "unsafe" not in policy
        assert set(rules) == {"default-src", "style-src", "script-src", "media-src", "base-uri", "form-action"}
        for kind in ("style", "script"):
            digest = base64.b64encode(hashlib.sha256(found.code[kind].encode()).digest()).decode()
            assert rules[f"{kind}-src"] == f"'sha256-{digest}'"
            assert len(found.all(kind)) == 1

    def test_neither_style_nor_script_names_an_address(self):
        found = seen(results.edited())
        for code in found.code.values():
            assert not re.search(r"https?:|//[a-z]|@import|url\((?!#)|fetch|XMLHttp|WebSocket|eval|innerHTML", code)

    def test_every_link_in_the_page_leads_to_something_and_no_id_is_there_twice(self):
        found = seen(results.edited(), results.undecided())
        ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
        assert len(ids) == len(set(ids))
        assert {link["href"][1:] for link in found.all("a")} <= set(ids)
        fills = {a["fill"] for _, a in found.elements if a.get("fill", "").startswith("url(")}
        assert {fill[5:-1] for fill in fills} <= set(ids)


class TestWhatIsSaid:
    @pytest.mark.parametrize("make", ALL)
    @pytest.mark.parametrize("kind", ["audio", "print", "seal"])
    def test_never_true_or_authentic(self, make, kind):
        result = replace(make(), references=(results.reference(160, kind=kind),))
        words = seen(result).words.lower()
        assert not re.search(r"\b(authentic|true|genuine|truth|untampered|proven|guilty|guilt)\b", words)

    @pytest.mark.parametrize("make", ALL)
    def test_the_answer_comes_first_and_who_answers_for_the_reference(self, make):
        words = flat(seen(make()).words)
        answer = words.index(f" {make().outcome} ")
        assert answer < words.index("nobody signed it, and it may itself have been edited")
        assert "What was not established" in words

    @pytest.mark.parametrize("make", ALL)
    def test_hashes_versions_parameters_and_blanks_for_a_court_file(self, make):
        words = flat(seen(make()).words)
        for told in ("ab" * 32, "cd" * 32, "wholetape 0.1.0", "Python 3.11.0", "2026-11-24 05:00:00 UTC"):
            assert told in words
        for told in ("PRINT.rate = 8000", "Supplied by", "Date and signature", "Method and limits"):
            assert told in words
        assert "wholetape check posted.m4a --against meeting.flac" in words
        assert "cuts from 30 ms" in words.lower()

    def test_each_edit_is_told_in_plain_words_with_its_confidence(self):
        result = replace(results.edited(), edits=(*results.edited().edits, results.undecided().edits[0]))
        words = flat(seen(result).words)
        assert "12.5 s of the reference, 1:01.402–1:13.910, is missing at 1:01.402." in words
        assert "500 ms at 1:30.000–1:30.500 stands in place of" in words
        assert words.count("Confidence 99% or more.") == 6
        assert "Confidence 60%." in words
        assert words.count(" possible ") == 1

    def test_each_edit_of_the_picture_is_a_link_to_its_entry_with_a_name(self):
        links = [link for link in seen(results.edited()).all("a") if "aria-label" in link]
        assert [link["href"] for link in links] == [f"#r1e{n}" for n in range(1, 7)]
        assert links[0]["aria-label"].startswith("Edit 1, cut: 12.5 s of the reference")

    def test_what_could_not_be_verified_is_listed_and_may_be_heard(self):
        found = seen(results.undecided())
        assert "What could not be verified" in flat(found.words)
        assert any("0:18.000–0:23.500" in a["aria-label"] for a in found.all("audio"))

    def test_an_excerpt_says_what_is_left_out(self):
        assert "The first 12.0 s of meeting.flac" in flat(seen(results.excerpt()).words)

    def test_how_much_sound_the_page_holds_is_told_per_file(self):
        result = results.edited()
        words = flat(seen(result).words)
        assert re.search(r"This page holds 11 clips, \d\.\d MB: 29\.0 s of the 2 min 30 s of posted\.m4a; ", words)
        assert "This page holds no sound" in flat(seen(result, sounds=type(sounds())()).words)

    def test_why_some_sound_is_not_there_is_told(self):
        gone = replace(sounds(), notes=("posted.m4a has changed since it was checked",))
        assert "Posted.m4a has changed since it was checked." in flat(seen(results.edited(), sounds=gone).words)

    def test_several_releases_are_sections_and_an_unreadable_one_has_its_own(self):
        gone = UnreadableInput("gone.m4a does not exist", "check the path")
        found = seen(results.edited(), gone, results.whole(), paths=["posted.m4a", "gone.m4a", "posted.m4a"])
        words = flat(found.words)
        assert len(found.all("article")) == 3
        assert "gone.m4a : could not be read" in words
        assert "gone.m4a does not exist. check the path." in words
        assert len(found.all("title")) == 1

    def test_the_picture_of_a_video_is_named_as_unchecked(self):
        video = replace(results.whole(), release=results.release(60, has_picture=True))
        assert "The picture was not checked, only the sound." in flat(seen(video).words)

    def test_a_sealed_reference_is_told_with_its_standing(self):
        ref = results.reference(60, kind="seal", standing="all-parties", capture="live")
        words = flat(seen(replace(results.whole(), references=(ref,))).words)
        assert (
            "sealed by all parties, live, while it was recorded; it may have been edited before it was sealed" in words
        )
        assert "nobody signed" not in words


class TestItStaysWithinBounds:
    def test_a_long_list_is_cut_short_and_says_where_the_rest_is(self):
        many = tuple(Edit(Kind.CUT, results.span(i, i), 0, results.span(i, i + 0.5), 0.99) for i in range(5000))
        found = page(replace(results.edited(), edits=many, release=results.release(9000)))
        assert "And 4800 more, which are not shown here: --json lists all 5000." in found
        assert len(found) < 8_000_000

    def test_an_empty_release_still_has_a_page(self):
        empty = replace(results.unrelated(), release=results.release(0), spans=(), missing=())
        assert "unrelated" in seen(empty).words

    def test_a_release_of_one_sample_and_a_reference_without_length(self):
        tiny = (Stretch(Kind.UNVERIFIED, results.span(0, 0.000125), None, None),)
        seen(replace(results.unrelated(), spans=tiny, references=(results.reference(0),), missing=()))


HOSTILE = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "</style><svg onload=alert(1)>",
    '"><a href="javascript:alert(1)">',
    "' onmouseover='alert(1)",
    "<!--",
    "]]>",
    "&lt;script&gt;",
    "{{7*7}}${7*7}",
    "a\u202egpj.exe",
    "a\nb\r\tc",
    "\x00",
    "\udcff",
    "--flag; rm -rf ~",
    "a" * 5000,
]


class TestHostileNames:
    @pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
    def test_whatever_a_stranger_can_write_is_text_and_nothing_else(self, hostile):
        edit = Edit(Kind.CUT, results.span(5, 5), 0, results.span(7, 9), 0.99, where=hostile)

        def with_name(name):
            return replace(
                results.edited(),
                release=results.release(150, path=name, codec=name, damage=(name,), has_picture=True),
                references=(
                    results.reference(158, path=name),
                    results.reference(9, path=name, kind=name, standing=name, capture=name),
                ),
                edits=(edit if name == hostile else replace(edit, where="x"),),
                coverage=replace(results.edited().coverage, references=(1.0, 0.5)),
                notes=(name,),
            )

        error = UnreadableInput(hostile, hostile)
        text = page(with_name(hostile), error, paths=["x", hostile])
        text.encode()
        found, plain = Seen(text), seen(with_name("plain"), UnreadableInput("plain", "plain"), paths=["x", "plain"])
        assert [(n, sorted(a)) for n, a in found.elements] == [(n, sorted(a)) for n, a in plain.elements]
        assert found.code == plain.code
        assert not re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", text)

    def test_what_is_not_built_here_is_escaped(self):
        assert tag("p", "<b>", title='"<') == '<p title="&quot;&lt;">&lt;b&gt;</p>'
        assert tag("p", tag("b", "x"), None, "") == "<p><b>x</b></p>"

    @pytest.mark.parametrize("code", ["a</style>", "<!-- x"])
    def test_a_style_or_script_that_ends_its_element_is_refused(self, code):
        with pytest.raises(ValueError, match="end tag"):
            own(code)
