"""A follower that lies, and strangers: what the host takes from them, and how much of it."""

from __future__ import annotations

import json
import os

import pytest

from tests.seal import made
from tests.seal.follow.desk_and_room import Room, Straight
from wholetape.log.checkpoint import cosign, parse_checkpoint, sign
from wholetape.log.encoding import b64encode
from wholetape.log.keys import PrivateKey
from wholetape.log.kinds import What
from wholetape.log.merkle import Tree
from wholetape.log.note import Note
from wholetape.log.session import Role, Session, sign_session
from wholetape.log.statement import SoundStatement, Stretch, Verdict, sign_statement
from wholetape.seal.follow import messages as m
from wholetape.seal.follow.desk import Desk
from wholetape.seal.follow.talk import Conversation


def ask(room: Room, path: str, message: bytes) -> tuple[int, dict]:
    status, answer = room.desk.answer(path, message)
    return int(status), json.loads(answer)


def opened(room: Room, key: PrivateKey) -> tuple[str, Session]:
    talk = Conversation(Straight(room.desk), key, made.A.public)
    session = talk.join()
    return talk._token, session


def test_a_stranger_gets_no_challenge_no_name_and_no_print(room):
    for _ in range(3):
        room.second()
    status, answer = ask(room, m.HELLO, m.Hello(made.STRANGER.public.cosigner, bytes(32)).encode())
    assert (status, answer) == (403, {"error": "this key is of no party of the recording"})
    for path, message in [
        (m.NEWS, m.Ask("", 0, 0, 0).encode()),
        (m.NEWS, m.Ask("f" * 32, 0, 0, 0).encode()),
        (m.COSIGN, m.Signed("x", "f" * 32).encode()),
        (m.LEAVE, m.Signed("x", "f" * 32).encode()),
    ]:
        status, answer = ask(room, path, message)
        assert status == 403
        assert set(answer) == {"error"}


def test_the_recorders_own_key_does_not_follow(room):
    assert ask(room, m.HELLO, m.Hello(made.A.public.cosigner, bytes(32)).encode())[0] == 403


def test_a_party_by_name_only_cannot_join(room):
    """The challenge for side-b is there for all who know its public key; the answer is not."""
    welcome = m.Welcome.parse(room.desk.answer(m.HELLO, m.Hello(made.B.public.cosigner, bytes(32)).encode())[1])
    session = Session(welcome.origin, bytes(32), welcome.nonce, made.B.public, made.A.public)
    for key in (made.STRANGER, made.C, PrivateKey("side-b", bytes(32))):
        assert ask(room, m.JOIN, m.Signed(sign_session(session, Role.FOLLOWER, key)).encode())[0] == 403
        room.desk.answer(m.HELLO, m.Hello(made.B.public.cosigner, bytes(32)).encode())


def test_an_answer_to_a_challenge_serves_once_and_only_in_time(room):
    def challenge() -> Session:
        welcome = m.Welcome.parse(room.desk.answer(m.HELLO, m.Hello(made.B.public.cosigner, bytes(32)).encode())[1])
        return Session(welcome.origin, bytes(32), welcome.nonce, made.B.public, made.A.public)

    answer = m.Signed(sign_session(challenge(), Role.FOLLOWER, made.B)).encode()
    assert ask(room, m.JOIN, answer)[0] == 200
    assert ask(room, m.JOIN, answer)[0] == 403
    late = m.Signed(sign_session(challenge(), Role.FOLLOWER, made.B)).encode()
    room.clock.sleep(31)
    assert ask(room, m.JOIN, late)[0] == 403


def test_the_signature_of_a_session_is_worth_nothing_in_another_role_or_at_another_recorder(room):
    welcome = m.Welcome.parse(room.desk.answer(m.HELLO, m.Hello(made.B.public.cosigner, bytes(32)).encode())[1])
    session = Session(welcome.origin, bytes(32), welcome.nonce, made.B.public, made.A.public)
    elsewhere = Session(welcome.origin, bytes(32), welcome.nonce, made.B.public, made.STRANGER.public)
    assert ask(room, m.JOIN, m.Signed(sign_session(session, Role.LEAVE, made.B)).encode())[0] == 403
    assert ask(room, m.JOIN, m.Signed(sign_session(elsewhere, Role.FOLLOWER, made.B)).encode())[0] == 403


def test_challenges_do_not_pile_up_and_a_flood_of_them_locks_nobody_out_for_long(room, tmp_path):
    for _ in range(2000):
        room.desk.answer(m.HELLO, m.Hello(made.C.public.cosigner, os.urandom(32)).encode())
    assert len(room.desk.guests._challenges) <= 256
    room.follow(room.follower(made.B, tmp_path / "b"), seconds=2)
    assert room.journal.stored


def test_sessions_do_not_pile_up(room):
    tokens = [opened(room, made.B)[0] for _ in range(20)]
    assert len(room.desk.guests._sessions) <= 4
    assert ask(room, m.NEWS, m.Ask(tokens[0], 0, 0, 0).encode())[0] == 403
    assert ask(room, m.NEWS, m.Ask(tokens[-1], 0, 0, 0).encode())[0] == 200


def test_nobody_says_good_bye_for_somebody_else(room):
    """An eavesdropper learns the session's name; to end it takes the key."""
    token, session = opened(room, made.B)
    forged = m.Signed(sign_session(session, Role.LEAVE, PrivateKey("side-b", bytes(32))), token).encode()
    assert ask(room, m.LEAVE, forged)[0] == 403
    assert room.desk.waiting_for() == ["side-b"]


def test_cosignatures_are_taken_only_for_heads_of_this_recording(room, tmp_path):
    """Two parties cannot be made to have cosigned different heads: whoever signs another one is told so."""
    room.follow(room.follower(made.C, tmp_path / "c"), seconds=4)
    token, _ = opened(room, made.B)
    other = room.journal.forked(2)
    other.second(sound=b"\5" * 2 * made.RATE)
    stored = len(room.journal.stored)
    for text in (
        other.head().text,
        room.journal.head_of(3).text.replace("\n3\n", "\n4\n"),
        room.journal.head_of(3).text.replace(made.ORIGIN, "wholetape/" + "ab" * 16),
        room.journal.head_of(3).text.replace("\n3\n", "\n300\n"),
    ):
        signed = cosign(Note(text, ()), made.B, made.TIME).encode().decode()
        assert ask(room, m.COSIGN, m.Signed(signed, token).encode())[0] == 409
    assert len(room.journal.stored) == stored
    assert any("none of this recording" in line for line in room.told)


@pytest.mark.parametrize(
    "note",
    [
        lambda text: cosign(Note(text, ()), made.C, made.TIME),
        lambda text: cosign(Note(text, ()), PrivateKey("side-b", bytes(32)), made.TIME),
        lambda text: sign(Note(text, ()), made.B),
        lambda text: sign(Note(text, ()), made.A),
    ],
    ids=["another party's", "another key of that name", "of type 0x01", "the recorder's"],
)
def test_only_the_sessions_own_cosignature_is_taken(room, note):
    room.second()
    token, _ = opened(room, made.B)
    signed = note(room.journal.head().text).encode().decode()
    assert ask(room, m.COSIGN, m.Signed(signed, token).encode())[0] == 403
    assert not room.journal.stored


def test_other_signatures_that_come_along_are_not_stored(room):
    room.second()
    token, _ = opened(room, made.B)
    both = cosign(cosign(room.journal.head(), made.C, made.TIME), made.B, made.TIME)
    assert ask(room, m.COSIGN, m.Signed(both.encode().decode(), token).encode())[0] == 200
    assert [s.name for s in room.journal.stored[0].signatures] == ["side-b"]


def test_a_flood_of_cosignatures_does_not_fill_the_disk(room):
    for _ in range(40):
        room.second()
    token, _ = opened(room, made.B)
    answers = []
    for size in range(1, 41):
        signed = cosign(Note(room.journal.head_of(size).text, ()), made.B, made.TIME).encode().decode()
        answers.append(ask(room, m.COSIGN, m.Signed(signed, token).encode())[0])
    assert answers.count(200) == 1
    assert set(answers) == {200, 429}
    assert len(room.journal.stored) == 1


def test_an_older_head_is_not_taken_after_a_newer_one(room):
    for _ in range(5):
        room.second()
    token, _ = opened(room, made.B)
    for size, status in ((5, 200), (3, 409)):
        room.clock.sleep(2)
        signed = cosign(Note(room.journal.head_of(size).text, ()), made.B, made.TIME).encode().decode()
        assert ask(room, m.COSIGN, m.Signed(signed, token).encode())[0] == status


def statement(room: Room, *stretches: Stretch, key=made.B, size: int = 3) -> str:
    head = parse_checkpoint(room.journal.head_of(size).text)
    return sign_statement(SoundStatement(head, "side-b", stretches), key).decode()


def test_a_statement_is_stored_and_becomes_events(room):
    for _ in range(5):
        room.second()
    token, _ = opened(room, made.B)
    said = statement(
        room,
        Stretch(Verdict.MATCHED, 0, 8000),
        Stretch(Verdict.NOT_COMPARED, 8000, 100),
        Stretch(Verdict.NOT_MATCHED, 8100, 7900),
    )
    assert ask(room, m.STATE, m.Signed(said, token).encode())[0] == 200
    assert room.journal.statements == [said.encode()]
    asked = [(e.event, e.party, e.first, e.samples) for e in room.journal.asked if e.event is not What.FOLLOWS]
    assert asked == [(What.MATCHED, "side-b", 0, 8000), (What.NOT_MATCHED, "side-b", 8100, 7900)]
    assert any("does not match" in line for line in room.told)


def test_a_statement_that_is_not_the_partys_own_or_about_no_head_is_refused(room):
    for _ in range(5):
        room.second()
    token, _ = opened(room, made.B)
    good = Stretch(Verdict.MATCHED, 0, 8000)
    for said, status in (
        (statement(room, good, key=made.C), 403),
        (statement(room, good).replace("matched 0", "not-matched 0"), 403),
        (statement(room, Stretch(Verdict.MATCHED, 8000, 8000), good), 400),
        (statement(room, *[Stretch(Verdict.MATCHED, n, 1) for n in range(1001)]), 400),
        (room.journal.head().encode().decode(), 400),
    ):
        assert ask(room, m.STATE, m.Signed(said, token).encode())[0] == status
    other = room.journal.forked(2)
    other.second(sound=b"\6" * 2 * made.RATE)
    foreign = sign_statement(SoundStatement(parse_checkpoint(other.head().text), "side-b", (good,)), made.B).decode()
    assert ask(room, m.STATE, m.Signed(foreign, token).encode())[0] == 409
    assert not room.journal.statements


def test_a_flood_of_statements_does_not_fill_the_recording(room):
    for _ in range(5):
        room.second()
    token, _ = opened(room, made.B)
    said = [statement(room, Stretch(Verdict.NOT_MATCHED, 0, n)) for n in range(1, 30)]
    answers = [ask(room, m.STATE, m.Signed(words, token).encode())[0] for words in said]
    assert answers.count(200) == 1
    room.journal.close()
    room.clock.sleep(10)
    answers = [ask(room, m.STATE, m.Signed(words, token).encode())[0] for words in said]
    assert answers.count(200) == 1  # a last one is taken after the closing leaf, beside the tree


@pytest.mark.parametrize("path", [*m.PATHS, "/", "/follow/v1/../news", "/follow/v2/hello", ""])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"note":' * 10_000,
        b'{"note":"","session":""}',
        b'{"note":"a\\u0000b"}',
        b'{"nonce":"' + b"A" * 43 + b'=","party":"side-b+00000000+AAAA"}',
        b'{"rows":0,"session":"","since":-1,"size":0,"wait":0}',
        b'{"rows":0,"session":"","since":0,"size":0,"wait":1000000}',
        b'{"rows":0,"session":"","since":0,"size":1.0,"wait":0}',
        b"x" * (200 << 10),
        '{"note":"\ud800"}'.encode("utf-8", "surrogatepass"),
    ],
    ids=range(14),
)
def test_nonsense_from_a_follower_is_answered_and_changes_nothing(room, path, body):
    lines = room.journal.all_lines
    status, answer = room.desk.answer(path, body)
    assert status in (400, 403, 404)
    assert set(json.loads(answer)) == {"error"}
    assert room.journal.all_lines == lines
    assert not room.journal.stored


@pytest.mark.parametrize("body", [(9, 0, 0), (0, 9, 0), (9, 0, 9), (1, 0, 9)])
def test_questions_beyond_the_recording_are_refused_or_empty(room, body):
    room.second()
    token, _ = opened(room, made.B)
    size, rows, since = body
    status, answer = ask(room, m.NEWS, m.Ask(token, size, rows, since).encode())
    assert status == 409 or answer["rows"] == []


def test_a_desk_is_not_opened_over_another_recorders_journal(room):
    with pytest.raises(ValueError, match="header"):
        Desk(room.journal, made.B, room.clock)


def test_a_journal_that_contradicts_itself_is_not_served(room):
    room.second()
    wrong = Tree([b"x"])
    room.journal.note = sign(Note(f"{made.ORIGIN}\n9\n{b64encode(wrong.root())}\n", ()), made.A)
    token, _ = opened(room, made.B)
    with pytest.raises(ValueError, match="do not make"):
        room.desk.answer(m.NEWS, m.Ask(token, 0, 0, 0).encode())
