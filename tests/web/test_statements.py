"""Statements of the parties: signed, moderated for law only, apart from readers' comments, claim and answer linked."""

from __future__ import annotations

import json

import pytest

from tests.web.conftest import act
from wholetape.comments.statements import add_party
from wholetape.comments.states import Act, Refused
from wholetape.comments.verify import verify_trail
from wholetape.log.keys import PrivateKey
from wholetape.log.party_statement import PartyStatement, Says, parse_words, sign_words, signed_by

SIDE_A = PrivateKey("side-a", bytes(31) + b"\x01")
SIDE_B = PrivateKey("side-b", bytes(31) + b"\x02")
ORIGIN = "wholetape/" + "ab" * 16


def signed(key=SIDE_A, words="We never said that.", kind=Says.CLAIM, origin="-"):
    return sign_words(PartyStatement(kind, key.name, "2026-11-25", origin, words), key).decode()


@pytest.fixture
def parties(web):
    for key in (SIDE_A, SIDE_B):
        web.office.desk.do(lambda turn, key=key: add_party(turn, "debate", key.public))
    return web


def send(web, note, **fields):
    return web.client.post("/comments/debate/statement", data={"note": note, **fields})


def only(web, state="queued"):
    with web.office.engine.connect() as connection:
        row = connection.exec_driver_sql(f"SELECT uid FROM comments WHERE state = '{state}' ORDER BY id DESC").first()
    return str(row[0])


def test_claim_and_answer_stand_apart_and_linked_and_can_be_verified_by_any_reader(parties):
    web = parties
    assert send(web, signed()).status_code == 303
    assert "We never said that." not in web.client.get("/comments/debate").text
    claim, moderator = only(web), web.sign_in()
    assert act(moderator, claim, 1, "approve").status_code == 303
    assert send(web, signed(SIDE_B, "You did.", Says.ANSWER), answers=claim).status_code == 303
    act(moderator, only(web), 1, "approve")
    page = web.client.get("/comments/debate").text
    assert (
        page.index("Statements of the parties")
        < page.index("We never said that.")
        < page.index("Readers&#39; comments")
    )
    assert f'href="#c-{claim}"' in page
    note = web.client.get(f"/comments/debate/{claim}/signed").content
    statement, parsed = parse_words(note)
    assert signed_by(statement, parsed, SIDE_A.public)
    web.office.read(verify_trail)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "no note",
        signed().replace("never", "always"),
        signed(PrivateKey("side-a", bytes(32))),
        signed(PrivateKey("side-c", bytes(32))),
        signed(origin="wholetape/" + "cd" * 16),
    ],
)
def test_what_no_party_signed_or_is_about_something_else_is_not_taken(parties, note):
    release = {"sessions": [{"seal": {"verification": {"seal": {"origin": ORIGIN}}}}]}
    (parties.context.site.folder / "debate" / "release.json").write_text(json.dumps(release))
    assert send(parties, note).status_code == 422
    assert parties.office.read(verify_trail).comments == 0
    assert send(parties, signed(origin=ORIGIN)).status_code == 303


def test_the_same_statement_is_taken_once(parties):
    assert send(parties, signed()).status_code == 303
    assert send(parties, signed()).status_code == 422


def test_it_is_rejected_for_law_only_and_never_edited(parties):
    send(parties, signed())
    uid = only(parties)
    with pytest.raises(Refused):
        parties.office.act(uid, Act.EDITED, text="other", reason="x")
    with pytest.raises(Refused):
        parties.office.act(uid, Act.REJECTED, reason="I do not like it", rule="disrespect")
    parties.office.act(uid, Act.REJECTED, reason="a court's order", rule="law-court")


def test_its_party_withdraws_it_by_its_private_page(parties):
    status = send(parties, signed()).headers["location"]
    act(parties.sign_in(), only(parties), 1, "approve")
    assert parties.client.post(f"{status}/withdraw").status_code == 303
    assert "We never said that." not in parties.client.get("/comments/debate").text
