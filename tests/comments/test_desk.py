"""The desk on both databases: from the form to the public, with entries, receipts, and heads."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa

from wholetape.comments import author, public, tables
from wholetape.comments.acts import Stale
from wholetape.comments.desk import Desk
from wholetape.comments.receipt import encode_receipt, parse_receipt, verify_receipt
from wholetape.comments.states import Act, Refused, Role, State
from wholetape.comments.submitting import Full
from wholetape.comments.verify import verify_trail
from wholetape.errors import StorageFailed, UsageError, VerificationFailed
from wholetape.log.keys import PrivateKey


def public_texts(office):
    page = office.read(lambda c: public.page(c, "debate", True, None))
    return [t.row.text for t in page.threads] + [r.text for t in page.threads for r in t.replies]


def test_a_comment_waits_until_a_moderator_approves_it(office):
    uid, _ = office.send("The first word.")
    assert public_texts(office) == []
    assert office.read(lambda c: public.thread(c, "debate", uid)) is None
    office.act(uid, Act.APPROVED)
    assert public_texts(office) == ["The first word."]
    office.read(verify_trail)


def test_an_edit_keeps_who_when_and_why_and_its_author_sees_it_and_answers_once_and_withdraws(office):
    uid, token = office.send("You idiots, it was said.")
    office.act(uid, Act.EDITED, text="It was said.", reason="an insult", rule="disrespect")
    office.act(uid, Act.APPROVED)
    seen = office.read(lambda c: author.status(c, token))
    assert [e.revision.act for e in seen.entries] == [Act.RECEIVED, Act.EDITED, Act.APPROVED]
    assert seen.entries[1].said == {"text": "It was said.", "reason": "an insult", "rule": "disrespect"}
    assert (seen.row.edits, seen.row.edited_by) == (1, "moderator")
    office.desk.do(author.answer(token, "It was a joke."))
    with pytest.raises(Refused):
        office.desk.do(author.answer(token, "Once more."))
    office.desk.do(author.withdraw(token))
    assert public_texts(office) == []
    with pytest.raises(Refused):
        office.act(uid, Act.APPROVED)
    office.read(verify_trail)


def test_of_two_moderators_at_once_the_second_is_told_and_overwrites_nothing(office):
    uid, _ = office.send()
    office.act(uid, Act.REJECTED, seen=1, reason="x")
    with pytest.raises(Stale):
        office.act(uid, Act.APPROVED, seen=1)
    assert office.row(uid).state == State.REJECTED


def test_an_edit_and_a_rejection_need_a_reason(lite):
    uid, _ = lite.send()
    for act in (Act.EDITED, Act.REJECTED, Act.REDACTED):
        with pytest.raises(UsageError):
            lite.act(uid, act, text="other")


def test_an_auditor_changes_nothing(lite):
    uid, _ = lite.send()
    for act in Act:
        with pytest.raises((Refused, UsageError)):
            lite.act(uid, act, Role.AUDITOR, text="t", reason="r")


def test_the_receipt_proves_what_was_sent_under_the_sites_key_and_no_other(office):
    _, token = office.send("I was there.", name="Ann")
    for _ in range(5):
        office.send(source="b" * 16)
    receipt = parse_receipt(encode_receipt(office.desk.do(author.receipt(token)).value))
    found = verify_receipt(receipt, office.desk.key.public)
    assert {k: found.said[k] for k in ("name", "text")} == {"name": "Ann", "text": "I was there."}
    with pytest.raises(VerificationFailed):
        verify_receipt(receipt, PrivateKey("comments", bytes(32)).public)


def test_a_redaction_destroys_text_name_address_and_salt_and_leaves_the_entry(office):
    uid, token = office.send("Secret words quetzal.", name="Ann", email="ann@example.org")
    office.act(uid, Act.EDITED, text="Secret words quetzal again.", reason="x")
    office.act(uid, Act.REDACTED, reason="a court's order", rule="law-court")
    row = office.row(uid)
    assert (row.text, row.name, row.email, row.state) == ("", "", None, State.REDACTED)
    left = office.read(lambda c: c.execute(sa.select(tables.bodies.c.body).where(tables.bodies.c.comment == uid)).all())
    assert len(left) == 1
    assert b"quetzal" not in left[0].body
    with pytest.raises(Refused):
        office.desk.do(author.receipt(token))
    assert office.read(verify_trail).destroyed == 1


@pytest.mark.parametrize("table", ["revisions", "heads", "bodies"])
def test_the_database_itself_refuses_to_change_or_delete_an_entry(office, table):
    office.send()
    for statement in (f"UPDATE {table} SET {'size' if table == 'heads' else 'n'} = 99", f"DELETE FROM {table}"):
        with pytest.raises(sa.exc.DBAPIError), office.engine.begin() as connection:
            connection.exec_driver_sql(statement)
    with pytest.raises(sa.exc.DBAPIError), office.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO revisions (n, comment, act, leaf) VALUES (77, '', 'received', '')")
    office.read(verify_trail)


def test_one_source_does_not_fill_the_queue_and_others_are_not_kept_out(office):
    for _ in range(10):
        office.send(source="f" * 16)
    with pytest.raises(Full):
        office.send(source="f" * 16)
    office.send(source="c" * 16)


def test_two_desks_on_one_database_take_turns(office):
    other = Desk(office.engine, office.desk.key, office.clock)
    clerks = [replace(office, desk=desk) for desk in (office.desk, other, office.desk, other)]

    def work(clerk, source):
        for _ in range(8):
            clerk.send(source=source * 16)

    threads = [threading.Thread(target=work, args=pair) for pair in zip(clerks, "abcd", strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    found = office.read(verify_trail)
    assert found.comments == 32


def test_a_trail_of_another_key_is_not_continued(lite):
    with pytest.raises(VerificationFailed):
        Desk(lite.engine, PrivateKey("comments", bytes(32)))


def test_a_job_that_breaks_leaves_nothing_and_the_next_goes_on(office):
    def broken(turn):
        turn.execute(tables.comments.insert(), {"uid": "x" * 32})

    with pytest.raises(StorageFailed):
        office.desk.do(broken)
    office.send()
    assert office.read(verify_trail).comments == 1


def test_answers_are_given_to_public_comments_only_and_not_to_answers(lite):
    waiting, _ = lite.send()
    with pytest.raises(Full):
        lite.send(parent=waiting, source="b" * 16)
    top = lite.published("top")
    below = lite.published("below", parent=top)
    with pytest.raises(Full):
        lite.send(parent=below, source="d" * 16)
    assert public_texts(lite) == ["top", "below"]


def test_a_comment_that_is_gone_keeps_the_place_of_answers_to_it_without_its_text(lite):
    top, token = lite.send("gone soon")
    lite.act(top, Act.APPROVED)
    lite.published("an answer", parent=top)
    lite.desk.do(author.withdraw(token))
    (thread,) = lite.read(lambda c: public.page(c, "debate", True, None)).threads
    assert thread.gone
    assert [r.text for r in thread.replies] == ["an answer"]
