"""Following a host that lies: what it shows is judged before anything is signed or kept."""

from __future__ import annotations

import json
import os

import pytest

from tests.seal import made
from tests.seal.follow.desk_and_room import Journal, Room, Straight
from wholetape.errors import MalformedFile, VerificationFailed
from wholetape.log.checkpoint import cosign, parse_checkpoint, signature_by
from wholetape.log.encoding import b64encode, jcs
from wholetape.log.keys import PrivateKey
from wholetape.log.merkle import verify_consistency
from wholetape.log.note import Note, parse_note
from wholetape.log.session import Role, Session, sign_session
from wholetape.seal.follow import messages as m
from wholetape.seal.follow.desk import Desk
from wholetape.seal.follow.history import Contradiction
from wholetape.seal.follow.talk import Conversation, Refusal


def bent(**changes):
    """Answers to questions for news, with some members changed by functions of the old."""

    def change(path: str, status: int, answer: bytes) -> tuple[int, bytes]:
        if path == m.NEWS and status == 200:
            tree = json.loads(answer)
            for name, bend in changes.items():
                tree[name] = bend(tree[name])
            answer = jcs(tree)
        return status, answer

    return change


def later(side, **changes):
    """From now on, the way of ``side`` to the host bends answers."""
    side.talk.host.change = bent(**changes)


def desk_over(room: Room, journal: Journal) -> Desk:
    return Desk(journal, journal.key, room.clock)


def test_a_host_that_forks_behind_a_followers_back_is_caught_and_the_proof_is_kept(room, tmp_path):
    """The recorder swaps a second that the follower has cosigned. Its own signatures convict it."""
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=6)
    other = room.journal.forked(4)
    for _ in range(6):
        other.second(sound=os.urandom(2 * made.RATE))
    side.talk.host.desk = desk_over(room, other)
    side.talk.join()
    with pytest.raises(Contradiction):
        side.run()
    notes = [parse_note(path.read_bytes()) for path in sorted((tmp_path / "b" / "evidence").iterdir())]
    heads = [parse_checkpoint(note.text) for note in notes]
    assert all(signature_by(note, made.A.public.signer) for note in notes)
    assert heads[0].origin == heads[1].origin
    with pytest.raises(VerificationFailed):
        verify_consistency(
            heads[0].size,
            heads[0].root,
            heads[1].size,
            heads[1].root,
            other.builder.tree.prove_consistency(heads[0].size),
        )


def test_two_heads_of_one_size_are_proof_for_anybody(room, tmp_path):
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=6)
    other = room.journal.forked(4)
    while len(other.all_lines) < len(side.history.lines):
        other.second(sound=b"\1" * 2 * made.RATE)
    side.talk.host.desk = desk_over(room, other)
    side.talk.join()
    with pytest.raises(Contradiction, match="forked"):
        side.step()
    a, b = (parse_checkpoint(parse_note(p.read_bytes()).text) for p in sorted((tmp_path / "b" / "evidence").iterdir()))
    assert (a.origin, a.size) == (b.origin, b.size)
    assert a.root != b.root


def test_two_followers_who_are_shown_different_heads_learn_it_from_each_others_cosignatures(room, tmp_path):
    b = room.follower(made.B, tmp_path / "b")
    room.follow(b, seconds=2)
    other = room.journal.forked(2)
    fork = desk_over(room, other)
    c = room.follower(made.C, tmp_path / "c", desk=fork)
    c.join()
    for _ in range(6):
        room.second()
        other.second(sound=b"\2" * 2 * made.RATE)
        b.step()
        c.step()
    assert b.signed > 3
    assert c.signed > 3
    later(
        c, others=lambda notes: [room.journal.stored[-1].encode().decode()]
    )  # it cannot hold back what b signed for ever
    other.second()
    with pytest.raises(Contradiction, match="side-b has cosigned another history"):
        c.step()
    assert len(list((tmp_path / "c" / "evidence").iterdir())) == 2


def test_what_the_other_party_signed_need_not_be_shown_but_then_nobody_says_that_it_was(room, tmp_path):
    b, c = (
        room.follower(made.B, tmp_path / "b"),
        room.follower(made.C, tmp_path / "c", change=bent(others=lambda n: [])),
    )
    room.follow(b, c, seconds=5)
    assert "side-b has cosigned the same history" not in c.lines


def test_a_head_cosigned_for_a_later_size_is_judged_when_the_tree_gets_there(room, tmp_path):
    b, c = room.follower(made.B, tmp_path / "b"), room.follower(made.C, tmp_path / "c")
    room.follow(c, seconds=2)
    other = room.journal.forked(3)
    for _ in range(4):
        other.second(sound=b"\3" * 2 * made.RATE)
    wrong = cosign(Note(other.head().text, ()), made.B, made.TIME).encode().decode()
    later(c, others=lambda notes: [wrong])
    room.follow(b, c, seconds=1)  # still shorter than what side-b is said to have signed
    with pytest.raises(Contradiction):
        room.follow(b, c, seconds=6)


def test_an_older_head_is_refused(room, tmp_path):
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=4)
    old = room.journal.head().encode().decode()
    room.follow(side, seconds=4)
    later(side, head=lambda head: old, leaves=lambda leaves: [], rows=lambda rows: [], proof=lambda proof: [])
    with pytest.raises(VerificationFailed, match="older head"):
        room.follow(side, seconds=1)


def test_a_replayed_answer_is_refused_or_brings_nothing(room, tmp_path):
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=8)
    host = side.talk.host
    for answer in [a for a in host.answers if b'"leaves"' in a]:
        signed = side.signed
        host.change = lambda path, status, body, answer=answer: (200, answer)
        with pytest.raises(VerificationFailed):
            side.step()
        assert side.signed == signed


def test_a_whole_conversation_of_an_earlier_day_is_refused(room, tmp_path):
    """Every head in it is signed by the recorder, but nobody answers this day's challenge."""
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=3)
    recorded = iter(list(side.talk.host.answers))

    class Replay(Straight):
        def ask(self, path: str, body: bytes, timeout: float) -> tuple[int, bytes]:
            return 200, next(recorded)

    talk = Conversation(Replay(room.desk), made.B, made.A.public)
    with pytest.raises(VerificationFailed, match="does not hold the key"):
        talk.join()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"leaves": lambda ls: [ls[0].replace('"at":1', '"at":2'), *ls[1:]]}, "do not make the head"),
        ({"leaves": lambda ls: ls[1:]}, "does not follow|rows of a segment"),
        ({"leaves": lambda ls: ls[::-1]}, "does not follow"),
        ({"leaves": lambda ls: [ls[0], *ls]}, "no head covers"),
        ({"leaves": lambda ls: [*ls[:-1], ls[-2]]}, "does not follow"),
        ({"leaves": lambda ls: []}, "rows of a segment that is not there"),
        ({"head": lambda h: h.replace("side-a", "side-b")}, "not signed"),
        ({"head": lambda h: h[:-10] + "AAAAAAAA\n"}, "not signed|not base64|signature"),
        ({"proof": lambda p: []}, "cannot show to continue"),
        ({"proof": lambda p: [*p, p[0]]}, "cannot show to continue"),
        ({"proof": lambda p: [b64encode(bytes(32)) for _ in p]}, "cannot show to continue"),
        ({"rows": lambda rs: [{**rs[0], "salt": b64encode(bytes(32))}]}, "not those that its leaf commits to"),
        ({"rows": lambda rs: [{**rs[0], "rows": b64encode(bytes(825))}]}, "not those that its leaf commits to"),
        ({"rows": lambda rs: rs * 3}, "not there|commits to"),
    ],
)
def test_what_does_not_hash_to_the_head_is_not_signed_and_not_kept(room, tmp_path, changes, words):
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=4)
    signed, kept = side.signed, (tmp_path / "b" / "leaves").read_bytes()
    for _ in range(3):
        room.second()
    later(side, **changes)
    with pytest.raises((VerificationFailed, MalformedFile), match=words):
        side.step()
    assert side.signed == signed
    assert (tmp_path / "b" / "leaves").read_bytes() == kept
    side.folder.close()
    again = room.follower(made.B, tmp_path / "b")  # what was kept is good
    room.follow(again, seconds=4)
    assert again.signed > signed


def test_rows_that_were_never_committed_to_are_refused_though_the_leaf_has_none(room, tmp_path):
    """A leaf without a print cannot have rows."""
    side = room.follower(made.B, tmp_path / "b")
    side.join()
    with room.journal.lock:
        room.journal.builder.segment(made.RATE, b"\0" * 2 * made.RATE, None)
        room.journal.printed[0] = bytes(825)
        room.journal.note = room.journal.builder.head(made.A)
    with pytest.raises(VerificationFailed, match="rows of segment 0"):
        side.step()


def test_a_follower_that_was_set_back_does_not_sign_what_contradicts_its_key(room, tmp_path):
    """Its folder is lost, or another one is used: the ledger beside the key still knows."""
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=6)
    other = room.journal.forked(4)
    for _ in range(8):
        other.second(sound=b"\4" * 2 * made.RATE)
    fresh = room.follower(made.B, tmp_path / "elsewhere", desk=desk_over(room, other))
    with pytest.raises(VerificationFailed, match="another head of this recording"):
        fresh.step()
    assert not other.stored


def test_a_recorder_that_lost_what_was_cosigned_is_caught(room, tmp_path):
    side = room.follower(made.B, tmp_path / "b")
    room.follow(side, seconds=6)
    side.talk.host.desk = desk_over(room, room.journal.forked(3))
    side.talk.join()
    with pytest.raises(Refusal, match="leaves so far"):
        side.step()


def test_another_recorder_than_the_trusted_one_is_refused_before_anything_is_said(tmp_path):
    with Room(Journal(parties=(made.STRANGER, made.B, made.C))) as room:
        side = room.follower(made.B, tmp_path / "b", trusted=made.A.public)
        with pytest.raises(VerificationFailed, match="not the recorder you trust"):
            side.join()
        assert [path for path, _ in side.talk.host.asked] == [m.HELLO]  # type: ignore[attr-defined]


def test_without_a_trusted_key_the_fingerprint_is_shown_to_be_compared(room, tmp_path):
    side = room.follower(made.B, tmp_path / "b", trusted=None)
    side.join()
    assert any(made.A.public.fingerprint in line for line in side.lines)


def test_a_host_without_the_recorders_private_key_is_refused(room, tmp_path):
    """A man in the middle can pass messages on; he cannot answer for the recorder."""

    def forge(path: str, status: int, answer: bytes) -> tuple[int, bytes]:
        if path != m.HELLO:
            return status, answer
        tree = json.loads(answer)
        impostor = PrivateKey("side-a", bytes(32))
        lines = tree["note"].split("\n")
        session = Session(tree["origin"], b"\0" * 32, b"\1" * 32, made.B.public, made.A.public)
        tree["note"] = sign_session(session, Role.HOST, impostor)
        assert lines
        return status, jcs(tree)

    side = room.follower(made.B, tmp_path / "b", change=forge)
    with pytest.raises(VerificationFailed, match="does not hold the key of side-a"):
        side.join()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"{}",
        b"\xff\xfe",
        b'{"session": "x"}',
        b'{"session":"' + b"x" * 65 + b'"}',
        b'{"session":1e5}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"session":"a","session":"b"}',
        jcs({"head": "x" * 70_000, "leaves": [], "others": [], "proof": [], "rows": []}),
        jcs({"head": "", "leaves": ["x"] * 601, "others": [], "proof": [], "rows": []}),
        jcs({"head": "", "leaves": [], "others": ["x"] * 65, "proof": [], "rows": []}),
        jcs({"head": "", "leaves": [], "others": [], "proof": [""], "rows": []}),
        jcs({"head": "", "leaves": [7], "others": [], "proof": [], "rows": []}),
        jcs({"head": "", "leaves": [], "others": [], "proof": [], "rows": [7]}),
        jcs({"head": "", "leaves": [], "others": [], "proof": [], "rows": []}),
        jcs({"head": "a\n1\n" + "A" * 43 + "=\n\n— x AAAAAAA=\n", "leaves": [], "others": [], "proof": [], "rows": []}),
    ],
    ids=range(20),
)
@pytest.mark.parametrize("path", [m.HELLO, m.JOIN, m.NEWS, m.COSIGN])
def test_nonsense_from_the_host_is_a_clear_error(room, tmp_path, path, answer):
    side = room.follower(made.B, tmp_path / "b", change=lambda p, s, a: (200, answer) if p == path else (s, a))
    with pytest.raises((MalformedFile, VerificationFailed)):
        room.follow(side, seconds=4)
