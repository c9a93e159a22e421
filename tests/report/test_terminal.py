"""What a reader is told, and what is never said."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.report import results
from wholetape.findings import Edit, Kind, Outcome, Stretch
from wholetape.report import ascii_only, summary

ALL = [results.whole, results.excerpt, results.edited, results.undecided, results.unrelated]


def flat(text: str) -> str:
    return " ".join(text.split())


def said(result, **how) -> str:
    return flat(summary(result, **how))


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("kind", ["audio", "print"])
def test_a_report_never_calls_a_recording_true_or_authentic(make, kind):
    text = said(replace(make(), references=(results.reference(160, kind=kind),))).lower()
    assert not re.search(r"\b(authentic|true|genuine|truth|original|untampered|proven)\b", text)


@pytest.mark.parametrize("make", ALL)
def test_the_outcome_comes_first_then_who_answers_for_the_reference(make):
    result = make()
    name, first, *_ = summary(result).splitlines()
    assert name == "posted.m4a"
    assert first.startswith(f"{result.outcome}: ")
    text = said(result)
    assert "the reference supplied as meeting.flac" in text
    assert " is unsealed: nobody signed it, and it may itself have been edited before it was supplied." in text


def test_whole_is_said_in_one_breath_with_who_answers_for_the_reference():
    assert "whole: same as the reference supplied as meeting.flac, which is unsealed: nobody signed it" in said(
        results.whole()
    )


@pytest.mark.parametrize(
    ("standing", "capture", "words"),
    [
        ("all-parties", "live", "is sealed by all parties, live, while it was recorded"),
        ("one-party", "finished-file", "is sealed by one party only, as a finished file"),
        ("one-party", "unknown", "is sealed by one party only; it may have been edited before it was sealed"),
    ],
)
def test_a_seal_is_told_with_its_parties_and_its_moment(standing, capture, words):
    ref = results.reference(60, kind="seal", standing=standing, capture=capture)
    assert words in said(replace(results.whole(), references=(ref,)))


def test_a_print_alone_is_likeness_never_proof():
    text = said(replace(results.whole(), references=(results.reference(60, kind="print"),)))
    assert "same, by the print alone, as the reference" in text
    assert "likeness, which is never proof" in text


def test_only_what_matched_bit_for_bit_is_told_as_such():
    tiles = (
        Stretch(Kind.KEPT, results.span(0, 20), 0, results.span(0, 20), exact=True),
        Stretch(Kind.KEPT, results.span(20, 60), 0, results.span(20, 60)),
    )
    assert "20.0 s of it carries the reference's own sound data" in said(replace(results.whole(), spans=tiles))
    assert "bit for bit" not in said(results.whole())


@pytest.mark.parametrize(
    "sentence",
    [
        "1 cut 12.5 s of the reference, 1:01.402–1:13.910, is missing at 1:01.402",
        "2 inserted 2.1 s at 1:20.000–1:22.100 is not from the reference",
        "3 replaced 500 ms at 1:30.000–1:30.500 stands in place of 500 ms of the reference at 1:40.408–1:40.908",
        "4 repeated 1.0 s at 1:40.000–1:41.000 repeats the reference at 0:20.000–0:21.000",
        "5 moved 1.0 s at 1:50.000–1:51.000 was moved here from the reference at 1:05.000–1:06.000",
        "6 muted 400 ms at 2:00.000–2:00.400 is silenced or covered by a tone",
    ],
)
def test_each_edit_is_told_in_both_clocks(sentence):
    assert sentence in said(results.edited())


def test_a_change_of_speed_is_told_with_its_factor():
    edit = Edit(Kind.SPEED, results.span(0, 10), 0, results.span(0, 10.1), 0.99, speed=1.01)
    assert "runs at 1.01 times the speed of the reference" in said(replace(results.edited(), edits=(edit,)))


def test_words_replaced_by_a_copy_from_elsewhere_name_where_the_copy_is_from():
    copy = Edit(Kind.REPLACED, results.span(90, 90.5), 0, results.span(30, 30.5), 0.99)
    text = said(replace(results.edited(), edits=(copy,)))
    assert "is a copy of the reference at 0:30.000–0:30.500, laid over other words" in text


def test_an_edit_in_one_channel_says_which():
    edit = replace(results.edited().edits[0], where="channel 2")
    assert "(in channel 2 only)" in said(replace(results.edited(), edits=(edit,)))


def test_of_several_references_each_edit_names_its_own():
    refs = (results.reference(100, path="a.flac"), results.reference(100, path="b.flac"))
    edit = Edit(Kind.CUT, results.span(5, 5), 1, results.span(7, 9), 0.99)
    cover = replace(results.edited().coverage, references=(1.0, 0.5))
    text = said(replace(results.edited(), references=refs, edits=(edit,), coverage=cover))
    assert "the 2 references supplied as a.flac and b.flac" in text
    assert "2.0 s of b.flac, 0:07.000–0:09.000, is missing" in text
    assert "heard: 100% of a.flac, 50% of b.flac;" in text


def test_a_doubtful_edit_is_called_possible_and_not_counted():
    doubtful = Edit(Kind.CUT, results.span(140, 140), 0, results.span(148, 148.1), 0.5)
    text = said(replace(results.edited(), edits=(*results.edited().edits, doubtful)))
    assert "edited: 6 edits found" in text
    assert "possible: 100 ms of the reference" in text


def test_an_excerpt_says_what_is_left_out():
    text = said(results.excerpt())
    assert "it holds only 60% of the reference" in text
    assert "the first 12.0 s of meeting.flac, 0:00.000–0:12.000; the last 28.0 s of meeting.flac" in text


def test_undecided_says_what_is_open_and_where():
    text = said(results.undecided())
    assert "1 possible edit below the confidence to say so; 1.5 s could not be verified, in 1 place" in text
    assert "unverified 0:20.000–0:21.500" in text


@pytest.mark.parametrize("make", ALL)
def test_every_report_says_what_this_run_could_have_seen(make):
    text = said(make())
    assert "cuts from 30 ms, insertions from 100 ms, replacements from 150 ms, mutes from 100 ms" in text


def test_the_picture_of_a_video_is_named_as_unchecked_once():
    video = replace(results.whole(), release=results.release(60, has_picture=True))
    assert "the picture was not checked" in said(video)
    assert "picture" not in said(results.whole())
    noted = replace(video, notes=("the picture was not looked at",))
    assert said(noted).count("picture") == 1


def test_damage_and_notes_are_told():
    hurt = results.release(60, damage=("3 damaged packets at 0:12.000",))
    text = said(replace(results.whole(), release=hurt, notes=("the second stream is silent",)))
    assert "damage 3 damaged packets at 0:12.000" in text
    assert "note the second stream is silent" in text


def test_a_long_list_is_cut_short_and_says_where_the_rest_is():
    many = tuple(Edit(Kind.CUT, results.span(i, i), 0, results.span(i, i + 0.5), 0.99) for i in range(100))
    text = summary(replace(results.edited(), edits=many))
    assert " 40  cut" in text
    assert " 41  cut" not in text
    assert "and 60 more: --json FILE lists all 100" in text


@pytest.mark.parametrize(
    "hostile", ["a\x1b[2Jb.m4a", "a\nwhole: same.m4a", "a\u202ecod.m4a", "a\udcffb.m4a", "\x9bA.m4a"]
)
def test_a_file_name_cannot_act_on_the_terminal_or_forge_a_line(hostile):
    result = replace(
        results.whole(),
        release=results.release(60, path=hostile, damage=(hostile,)),
        references=(results.reference(60, path=hostile),),
        notes=(hostile,),
    )
    text = summary(result)
    assert text.splitlines()[1].startswith("whole: ")
    assert all(c.isprintable() for c in text.replace("\n", ""))
    assert "\\x" in text or "\\u" in text


def test_lines_keep_to_the_width():
    for make in ALL:
        for width in (40, 80, 120):
            assert all(len(line) <= width for line in summary(make(), width=width).splitlines())


def test_colour_adds_escapes_and_no_words():
    for make in ALL:
        coloured = summary(make(), colour=True)
        assert "\x1b[" in coloured
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == summary(make(), colour=False)


def test_the_report_has_a_plain_form_for_streams_without_unicode():
    plain = ascii_only(summary(results.edited()))
    assert plain.isascii()
    assert "1:01.402-1:13.910" in plain
    assert "=====C===" in plain


def test_an_empty_release_still_has_a_report():
    empty = replace(results.unrelated(), release=results.release(0), spans=(), missing=())
    assert said(empty).startswith("posted.m4a unrelated: ")
    assert empty.outcome is Outcome.UNRELATED
