"""Following, when everybody is honest: what is kept, what is signed, and what the recording says about it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.seal import made
from tests.seal.follow.desk_and_room import Journal, Room
from wholetape.errors import MalformedFile, UsageError, VerificationFailed
from wholetape.log.checkpoint import parse_checkpoint, signature_by
from wholetape.log.encoding import b64decode
from wholetape.log.kinds import Event, What
from wholetape.log.leaves import parse_leaf
from wholetape.seal.follow import messages as m
from wholetape.store.followed import FollowedFolder


def events(room):
    leaves = map(parse_leaf, room.journal.all_lines)
    return [(leaf.event, leaf.party) for leaf in leaves if isinstance(leaf, Event)]


def kept(folder: Path, name: str) -> list[bytes]:
    return (folder / name).read_bytes().splitlines()


def test_a_follower_keeps_every_leaf_and_row_and_cosigns_every_few_seconds(room, tmp_path):
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=10)
    assert kept(tmp_path / "b", "leaves") == room.journal.all_lines
    assert len(kept(tmp_path / "b", "rows")) == 10
    sizes = [parse_checkpoint(note.text).size for note in room.journal.stored]
    assert sizes == sorted(set(sizes))
    assert len(sizes) == 4  # at once, and then every three seconds
    assert side.stored == side.signed == sizes[-1]
    for note in room.journal.stored:
        assert signature_by(note, made.B.public.cosigner)


def test_what_is_stored_is_a_head_of_the_recording_with_one_signature(room, tmp_path):
    room.follow(room.follower(made.B, tmp_path / "b"), seconds=2)
    (note,) = room.journal.stored
    assert [line.name for line in note.signatures] == ["side-b"]
    head = parse_checkpoint(note.text)
    assert head.root == room.journal.builder.tree.root(head.size)


def test_two_parties_follow_and_see_that_the_other_cosigned_the_same_history(room, tmp_path):
    b, c = room.follower(made.B, tmp_path / "b"), room.follower(made.C, tmp_path / "c")
    room.follow(b, c, seconds=5)
    assert "side-c has cosigned the same history" in b.lines
    assert "side-b has cosigned the same history" in c.lines
    assert {(What.FOLLOWS, "side-b"), (What.FOLLOWS, "side-c")} <= set(events(room))


def test_at_the_end_the_head_before_the_closing_leaf_is_cosigned_and_the_closing_head_is_not(room, tmp_path):
    """It holds the hash of a file that the follower has not seen: whoever signs it unseen vouches for any file."""
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=5)
    room.finish(side)
    leaves = len(room.journal.all_lines)
    assert parse_checkpoint(room.journal.stored[-1].text).size == leaves - 1
    assert (tmp_path / "b" / "recording.print").read_bytes() == room.journal.print()
    assert parse_checkpoint((tmp_path / "b" / "head").read_text().split("\n\n")[0] + "\n").size == leaves


def test_the_closing_head_is_cosigned_when_asked_for(room, tmp_path):
    side = room.follower(made.B, tmp_path / "b", sign_close=True)
    room.follow(side, seconds=4)
    room.finish(side)
    assert parse_checkpoint(room.journal.stored[-1].text).size == len(room.journal.all_lines)
    assert not room.desk.waiting_for()


def test_who_comes_late_is_shown_everything_from_the_first_leaf(room, tmp_path):
    for _ in range(1500):  # more than one answer may hold
        room.journal.second()
    side = room.follower(made.B, tmp_path / "b")
    side.join()
    for _ in range(30):
        side.step()
    assert side.signed == len(room.journal.all_lines) == 1501
    assert len(side.history.rows) == 1500


def test_nothing_is_signed_before_every_leaf_under_the_head_was_checked(room, tmp_path):
    for _ in range(1500):
        room.journal.second()
    side = room.follower(made.B, tmp_path / "b")
    side.join()
    side.step()
    assert len(side.history.lines) == 600
    assert not room.journal.stored
    assert not kept(tmp_path / "b", "leaves")


def test_a_follower_that_starts_again_goes_on_where_it_was(room, tmp_path):
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=6)
    side.folder.close()
    again = room.follower(made.B, tmp_path / "b")
    room.follow(again, seconds=4)
    assert again.history.since == len(room.journal.all_lines)
    assert kept(tmp_path / "b", "leaves") == room.journal.all_lines
    fetched = [json.loads(a)["leaves"] for a in again.talk.host.answers if b'"leaves"' in a]
    assert sum(map(len, fetched)) == 12 - 8  # eight were kept: the header, six seconds, and that side-b follows


@pytest.mark.parametrize("name", ["leaves", "rows", "heads"])
@pytest.mark.parametrize("cut", [1, 7, 100])
def test_a_crash_in_the_middle_of_a_line_loses_that_line_only(room, tmp_path, name, cut):
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=6)
    side.folder.close()
    path = tmp_path / "b" / name
    path.write_bytes(path.read_bytes()[:-cut])
    again = room.follower(made.B, tmp_path / "b")
    room.follow(again, seconds=4)
    assert kept(tmp_path / "b", "leaves") == room.journal.all_lines
    assert len(kept(tmp_path / "b", "rows")) == 10
    assert again.stored == again.signed > 7


@pytest.mark.parametrize("name", ["leaves", "rows", "heads"])
def test_a_folder_that_was_changed_is_refused_and_a_new_one_works(room, tmp_path, name):
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=6)
    side.folder.close()
    path = tmp_path / "b" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(MalformedFile):
        room.follower(made.B, tmp_path / "b").join()
    new = room.follower(made.B, tmp_path / "new")
    room.follow(new, seconds=4)
    assert new.signed == len(room.journal.all_lines)


def test_a_folder_of_another_recording_is_refused(room, tmp_path):
    room.follow(room.follower(made.B, tmp_path / "b"), seconds=2)
    room.sides[0].folder.close()
    with (
        Room(Journal(origin="wholetape/" + "ab" * 16)) as other,
        pytest.raises(MalformedFile, match="not the header of this recording"),
    ):
        other.follower(made.B, tmp_path / "b").join()


def test_two_programs_do_not_write_into_one_folder(tmp_path):
    with FollowedFolder(tmp_path / "b"), pytest.raises(UsageError, match="another program"):
        FollowedFolder(tmp_path / "b")
    FollowedFolder(tmp_path / "b").close()


def test_a_party_that_says_good_bye_has_left_and_the_others_go_on(room, tmp_path):
    b, c = room.follower(made.B, tmp_path / "b"), room.follower(made.C, tmp_path / "c")
    room.follow(b, c, seconds=15)
    b.talk.leave()
    room.follow(c, seconds=5)
    assert events(room)[-1] == (What.LEFT, "side-b")
    assert "side-b left" in room.told
    room.finish(c)
    assert not room.desk.waiting_for()


def test_a_party_that_is_not_heard_of_is_absent_and_blocks_nobody(room, tmp_path):
    b, c = room.follower(made.B, tmp_path / "b"), room.follower(made.C, tmp_path / "c")
    room.follow(b, c, seconds=12)
    room.follow(c, seconds=20)
    assert events(room)[-1] == (What.ABSENT, "side-b")
    room.finish(c)
    assert not room.desk.waiting_for()


def test_who_was_absent_and_comes_back_follows_again_and_cosigns_what_it_missed(room, tmp_path):
    b = room.follower(made.B, tmp_path / "b")
    room.follow(b, seconds=5)
    for _ in range(40):
        room.second()
    room.follow(b, seconds=12)
    assert [e for e, who in events(room) if who == "side-b"] == [What.FOLLOWS, What.ABSENT, What.FOLLOWS]
    assert b.signed >= len(room.journal.all_lines) - 4


def test_a_party_that_comes_and_goes_all_the_time_does_not_fill_the_recording(room, tmp_path):
    b = room.follower(made.B, tmp_path / "b")
    for _ in range(60):
        b.join()
        b.talk.leave()
        room.second()
    assert len(events(room)) <= 2 + 60 / 10


def test_a_pause_is_no_standstill(room, tmp_path):
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=3)
    room.journal.leaf(What.PAUSE)
    for _ in range(30):
        room.clock.sleep(1)
        side.step()
    assert not [line for line in side.lines if "nothing new" in line]


def test_a_standstill_is_told_once_and_so_is_its_end(room, tmp_path):
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=3)
    for _ in range(30):
        room.clock.sleep(1)
        side.step()
    room.follow(side, seconds=1)
    assert [line for line in side.lines if "nothing new" in line or "goes on" in line] == [
        "nothing new for 11 s: it stands still, or is held back",
        "the recording goes on",
    ]


def test_what_the_recorder_could_not_store_is_not_acknowledged_and_is_sent_again(room, tmp_path):
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=3)
    stored = side.stored
    room.journal.full = True
    room.follow(side, seconds=6)
    assert side.stored == stored < side.signed
    assert sum("not stored" in line for line in side.lines) == 1
    room.journal.full = False
    room.follow(side, seconds=4)
    assert side.stored == side.signed


def test_a_recorder_that_keeps_its_print_to_itself_is_followed_all_the_same(room, tmp_path):
    room.journal.secret_print = True
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=4)
    room.finish(side)
    assert [line for line in side.lines if "does not show the print" in line]
    assert not (tmp_path / "b" / "recording.print").exists()
    assert side.stored == side.signed


def paused(room, side):
    """Seconds with a pause among them: of the one before it the rows are not known yet."""
    room.follow(side, seconds=3)
    room.second(committed=False)
    room.journal.leaf(What.PAUSE)
    room.journal.leaf(What.RESUME)
    side.step()
    room.follow(side, seconds=3)


def test_after_a_pause_the_whole_print_comes_at_the_end(room, tmp_path):
    side = room.follower(made.B, tmp_path / "b")
    paused(room, side)
    assert kept(tmp_path / "b", "rows")[3] == b"-"
    room.finish(side)
    assert (tmp_path / "b" / "recording.print").read_bytes() == room.journal.print()


def other_print(path, status, answer):
    if path != m.PRINT:
        return status, answer
    data = b64decode(json.loads(answer)["data"], "data")
    return status, m.Part(data[:-1] + bytes([data[-1] ^ 1])).encode()


def test_a_print_that_is_not_the_one_of_the_closing_leaf_is_refused_and_nothing_is_signed(room, tmp_path):
    side = room.follower(made.B, tmp_path / "b", change=other_print, sign_close=True)
    paused(room, side)
    signed = len(room.journal.stored)
    room.journal.close()
    with pytest.raises(VerificationFailed, match="not the one that its closing leaf names"):
        side.run()
    assert len(room.journal.stored) == signed
    assert not (tmp_path / "b" / "recording.print").exists()


def test_a_print_with_other_rows_than_were_shown_is_refused_though_the_closing_leaf_names_it(room, tmp_path):
    side = room.follower(made.B, tmp_path / "b", sign_close=True)
    paused(room, side)
    room.journal.printed[1] = bytes(825)
    room.journal.close()
    with pytest.raises(VerificationFailed, match="not the one that its closing leaf names"):
        side.run()


@pytest.mark.parametrize(
    "answer", [(409, m.encode_refusal("no")), (200, b"{}"), (200, m.Part(b"").encode())], ids=["no", "nonsense", "none"]
)
def test_a_recorder_that_does_not_give_its_print_is_told(room, tmp_path, answer):
    side = room.follower(made.B, tmp_path / "b", change=lambda path, *given: answer if path == m.PRINT else given)
    paused(room, side)
    room.journal.close()
    if answer[0] == 200 and answer[1] != b"{}":
        with pytest.raises(VerificationFailed):
            side.run()
    else:
        assert side.run() is True
        assert [line for line in side.lines if "does not give the print" in line]
    assert not (tmp_path / "b" / "recording.print").exists()


def test_the_print_is_given_to_parties_alone_and_only_of_a_closed_recording(room, tmp_path):
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=3)
    for session, status in (("nobody's", m.Status.FORBIDDEN), (side.talk._token, m.Status.CONFLICT)):
        assert room.desk.answer(m.PRINT, m.AskPrint(session, 0).encode())[0] == status


def test_the_last_signature_is_taken_however_soon_it_comes(room, tmp_path):
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=3)
    room.journal.second()  # and not a moment passes
    side._cosigned_at = -1e9
    side.step()
    room.finish(side)
    assert side.stored == side.signed == len(room.journal.all_lines) - 1
