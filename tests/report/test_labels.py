"""The label track: what Audacity reads, and what hostile names cannot do to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.report import results
from wholetape.findings import Edit, Kind
from wholetape.report import as_labels

ALL = [results.whole, results.excerpt, results.edited, results.undecided, results.unrelated]


def rows(text: str) -> list[tuple[float, float, str]]:
    """The labels as Audacity reads them: three fields a line, a line that begins with a backslash being frequencies."""
    out = []
    for line in text.removesuffix("\n").split("\n"):
        assert not line.startswith("\\")
        start, end, label = line.split("\t")
        out.append((float(start), float(end), label))
    return out


def test_a_label_an_edit_after_the_answer_and_cuts_are_points():
    answer, *edits = rows(as_labels(results.edited()))
    assert answer[:2] == (0.0, 0.0)
    assert answer[2].startswith("edited: 6 edits found")
    assert [label.split()[0] for _, _, label in edits] == ["C1", "I2", "R3", "A4", "V5", "M6"]
    assert edits[0][:2] == (61.402, 61.402)
    assert edits[1][:2] == (80.0, 82.1)
    assert "12.5 s of the reference, 1:01.402–1:13.910, is missing" in edits[0][2]


def test_what_could_not_be_verified_is_labelled_and_doubt_is_told():
    _, gap, cut = rows(as_labels(results.undecided()))
    assert gap == (20.0, 21.5, "? could not be verified")
    assert cut[2].startswith("C1 cut: possible: ")
    assert "confidence 60%" in cut[2]


@pytest.mark.parametrize("make", ALL)
def test_every_outcome_is_a_label_track_in_order_of_time(make):
    found = rows(as_labels(make()))
    assert found
    assert found == sorted(found, key=lambda row: row[:2])
    assert all(0 <= start <= end for start, end, _ in found)


@pytest.mark.parametrize("hostile", ["a\tb", "a\n9\t9\tforged", "\\\t1\t2", "a\r\nb", "a\u2028b", "\udcff", "\x00"])
def test_a_hostile_name_makes_no_label_and_no_field(hostile):
    plain = results.edited()
    refs = (results.reference(160, path=hostile), results.reference(160, path="b"))
    edit = Edit(Kind.CUT, results.span(5, 5), 0, results.span(7, 9), 0.99, where=hostile)
    cover = replace(plain.coverage, references=(1.0, 0.5))
    text = as_labels(replace(plain, references=refs, edits=(edit,), coverage=cover))
    assert len(rows(text)) == 2
    text.encode()
