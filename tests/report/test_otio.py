"""The timeline, read by OpenTimelineIO itself: it tiles, it points into the reference, it marks the edits."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from fractions import Fraction

import pytest

from tests.report import results
from wholetape.findings import Edit, Kind, Stretch
from wholetape.report import as_otio
from wholetape.report.otio import link

ALL = [results.whole, results.excerpt, results.edited, results.undecided, results.unrelated]


@pytest.fixture(scope="module")
def otio():
    try:
        import opentimelineio
    except ImportError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("opentimelineio has no wheel for this Python")
    return opentimelineio


def read(otio, *given):
    return otio.adapters.read_from_string(json.dumps(as_otio(given)), "otio_json")


def seconds(time) -> Fraction:
    return Fraction(time.value) / Fraction(time.rate)


@pytest.mark.parametrize("make", ALL)
def test_opentimelineio_reads_it_writes_it_and_reads_the_same(otio, make):
    timeline = read(otio, make())
    again = otio.adapters.read_from_string(otio.adapters.write_to_string(timeline, "otio_json"), "otio_json")
    assert timeline.is_equivalent_to(again)
    assert type(timeline) is otio.schema.Timeline


@pytest.mark.parametrize("make", ALL)
def test_both_tracks_last_as_long_as_the_release_to_the_sample(otio, make):
    result = make()
    published, beside = read(otio, result).audio_tracks()
    assert seconds(published.duration()) == seconds(beside.duration()) == Fraction(str(result.release.duration))
    at = Fraction(0)
    for child, tile in zip(beside, result.spans, strict=True):
        assert seconds(child.range_in_parent().start_time) == at == Fraction(tile.release.start, 8000)
        at += seconds(child.duration())


def test_a_kept_tile_is_a_clip_of_the_reference_and_an_insertion_a_gap(otio):
    _, beside = read(otio, results.edited()).audio_tracks()
    kept, after_cut, inserted, *_ = beside
    assert kept.media_reference.target_url == "meeting.flac"
    assert seconds(after_cut.source_range.start_time) == Fraction("73.91")
    assert isinstance(inserted, otio.schema.Gap)
    assert inserted.name == "inserted"
    assert seconds(inserted.duration()) == Fraction("2.1")
    for clip in beside.find_clips():
        assert clip.source_range.start_time.value >= 0
        assert clip.source_range.end_time_exclusive() <= clip.available_range().end_time_exclusive()


def test_each_edit_is_a_marker_on_the_release_with_kind_confidence_and_words(otio):
    published, _ = read(otio, results.edited()).audio_tracks()
    cut, inserted, *_ = published.markers
    assert [m.metadata["wholetape"]["kind"] for m in published.markers] == [str(e.kind) for e in results.edited().edits]
    assert seconds(cut.marked_range.start_time) == Fraction("61.402")
    assert cut.marked_range.duration.value == 0
    assert cut.metadata["wholetape"]["confidence"] == 0.999
    assert list(cut.metadata["wholetape"]["reference"]) == [61.402, 73.91]
    assert "is missing at 1:01.402" in cut.comment
    assert seconds(inserted.marked_range.duration) == Fraction("2.1")


def test_what_could_not_be_verified_is_marked_too(otio):
    published, _ = read(otio, results.undecided()).audio_tracks()
    assert [m.name for m in published.markers] == ["unverified", "1 cut"]


def test_another_speed_is_a_time_warp_and_changes_no_length(otio):
    fast = Stretch(Kind.KEPT, results.span(0, 60), 0, results.span(0, 60.6), speed=1.01)
    slow = replace(results.whole(), spans=(fast,), references=(results.reference(60.6),))
    _, beside = read(otio, slow).audio_tracks()
    [clip] = beside
    [warp] = clip.effects
    assert isinstance(warp, otio.schema.LinearTimeWarp)
    assert warp.time_scalar == pytest.approx(1.01)
    assert seconds(clip.duration()) == 60


def test_of_a_print_no_sound_is_promised(otio):
    _, beside = read(otio, replace(results.whole(), references=(results.reference(60, kind="print"),))).audio_tracks()
    assert beside[0].media_reference.is_missing_reference
    assert beside[0].media_reference.name == "meeting.flac"


def test_a_clip_never_begins_before_the_reference_or_ends_after_it(otio):
    tile = Stretch(Kind.REPLACED, results.span(0, 60), 0, results.span(0.01, 60))
    _, beside = read(otio, replace(results.whole(), spans=(tile,))).audio_tracks()
    assert seconds(beside[0].source_range.start_time) == 0


def test_several_releases_are_a_collection_of_timelines(otio):
    both = read(otio, results.whole(), results.edited())
    assert isinstance(both, otio.schema.SerializableCollection)
    assert [child.name for child in both] == ["posted.m4a: whole", "posted.m4a: edited"]


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("a b.m4a", "a%20b.m4a"),
        ("/tmp/ü.m4a", "file:///tmp/%C3%BC.m4a"),
        ("http://evil/x", "http%3A//evil/x"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"),
        ("//host/x.m4a", "file:///.//host/x.m4a"),
        ("a#b?c.m4a", "a%23b%3Fc.m4a"),
        ("a\udcff", "a%FF"),
        ("a\nb", "a%0Ab"),
    ],
)
def test_a_path_is_a_link_to_a_file_and_nothing_else(path, url):
    assert link(path) == url


@pytest.mark.parametrize("hostile", ['"}]', "a\nb", "\u202egpj", "\udcff", "\x00", "<script>"])
def test_hostile_names_stay_names(otio, hostile):
    edit = Edit(Kind.CUT, results.span(5, 5), 0, results.span(7, 9), 0.99, where=hostile)
    given = replace(
        results.edited(),
        release=results.release(150, path=hostile),
        references=(results.reference(158.408, path=hostile),),
        edits=(edit,),
        notes=(hostile,),
    )
    json.dumps(as_otio([given]), ensure_ascii=False).encode()
    timeline = read(otio, given)
    assert len(timeline.audio_tracks()) == 2
    assert all(character.isprintable() for character in timeline.name)


def test_an_empty_release_is_an_empty_timeline(otio):
    empty = replace(results.unrelated(), release=results.release(0), spans=(), missing=())
    published, beside = read(otio, empty).audio_tracks()
    assert published.duration().value == 0
    assert len(beside) == 0
