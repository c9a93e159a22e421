"""Comments as readers, authors and moderators meet them, over HTTP."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest

from tests.web.conftest import act, csrf
from wholetape.comments.receipt import parse_receipt, verify_receipt
from wholetape.comments.verify import verify_trail


def uid_of(web, status_page: str) -> str:
    with web.office.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT uid FROM comments ORDER BY id DESC LIMIT 1").all()
    return str(rows[0][0])


def test_the_notice_says_what_the_publisher_promises(web):
    page = web.client.get("/comments/debate").text
    for words in ("plain text", "approves them", "edit them in accordance with the terms", "not appear in real time"):
        assert words in page
    assert "publisher is not responsible" in page
    assert "stick to the facts" in page


def test_the_notice_is_the_publishers_where_one_is_set(web):
    from wholetape.comments.settings import save

    web.office.desk.do(lambda turn: save(turn, {"notice": {"en": "Our own words <here>."}}))
    web.context.forget_settings()
    assert "Our own words &lt;here&gt;." in web.client.get("/comments/debate").text


def test_from_the_form_to_the_public_and_back(web):
    status = web.send("You idiots, it was said.", name="Ann")
    uid = uid_of(web, status)
    assert "waits for a moderator" in web.client.get(status).text
    assert "idiots" not in web.client.get("/comments/debate").text
    moderator = web.sign_in()
    assert "idiots" in moderator.get("/moderate/").text
    look = act(moderator, uid, 1, "preview", text="It was said.", rule="disrespect")
    assert "<del>" in look.text
    assert "idiots" in moderator.get(f"/moderate/comment/{uid}").text
    assert act(moderator, uid, 1, "edit-approve", text="It was said.", rule="disrespect").status_code == 303
    page = web.client.get("/comments/debate").text
    assert "It was said." in page
    assert "Edited by a moderator" in page
    assert "idiots" not in page
    told = web.client.get(status).text
    assert "You idiots, i" in told
    assert "disrespect" in told
    assert web.client.post(f"{status}/answer", data={"text": "A joke."}).status_code == 303
    assert "A joke." in moderator.get(f"/moderate/comment/{uid}").text
    assert "A joke." not in web.client.get("/comments/debate").text
    assert web.client.post(f"{status}/answer", data={"text": "Again."}).status_code == 409
    assert web.client.post(f"{status}/withdraw", data={}).status_code == 303
    assert "It was said." not in web.client.get("/comments/debate").text
    assert web.client.get(f"/comments/debate/{uid}").status_code == 404
    web.office.read(verify_trail)


def test_from_a_releases_page_that_lets_no_referrer_out_a_comment_arrives_without_https_too(web):
    fields = {**web.form("/debate/"), "text": "From the page."}
    assert web.client.post("/comments/debate", data=fields, headers={"origin": "null"}).status_code == 303
    fields = {**web.form("/debate/"), "text": "From another site."}
    answer = web.client.post("/comments/debate", data=fields, headers={"origin": "http://evil.test"})
    assert answer.status_code == 403


def test_the_receipt_is_a_file_that_verifies_with_the_sites_key(web):
    status = web.send("I was there.")
    answer = web.client.get(f"{status}/receipt")
    assert "attachment" in answer.headers["content-disposition"]
    found = verify_receipt(parse_receipt(answer.content), web.office.desk.key.public)
    assert found.said["text"] == "I was there."


def test_a_form_counts_once_and_a_second_click_leads_to_the_same_page(web):
    fields = {**web.form(), "text": "Once."}
    first = web.client.post("/comments/debate", data=fields)
    second = web.client.post("/comments/debate", data=fields)
    assert first.headers["location"] == second.headers["location"]
    assert web.office.read(verify_trail).comments == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"answer": "99"}, "not right"),
        ({"website": "http://x"}, "must stay empty"),
        ({"token": "AAAA"}, "not one of this page"),
        ({"text": "  \u200b \n"}, "no text"),
        ({"text": "x" * 4001}, "too long"),
        ({"text": "a\x00b"}, "cannot be shown safely"),
        ({"text": "e" + "\u0301" * 40}, "cannot be shown safely"),
        ({"name": "Mоderatоr"}, "belongs to somebody"),
        ({"name": "M A X"}, "belongs to somebody"),
        ({"email": "no address"}, "no e-mail address"),
        ({"parent": "0" * 32}, "no longer public"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written_is_lost(web, change, words):
    fields = {**web.form(), "text": "My long comment.", **change}
    answer = web.client.post("/comments/debate", data=fields)
    assert answer.status_code == 422
    assert words in answer.text
    if "text" not in change:
        assert "My long comment." in answer.text
    assert web.office.read(verify_trail).comments == 0


def test_a_form_that_was_sent_at_once_or_after_a_day_is_given_back(web):
    web.client.get("/comments/debate")
    text = web.client.get("/comments/debate").text
    fields = web.filled(text)
    web.office.clock.sleep(seconds=-60)
    assert "very fast" in web.client.post("/comments/debate", data={**fields, "text": "x"}).text
    web.office.clock.sleep(days=2)
    assert "too long" in web.client.post("/comments/debate", data={**fields, "text": "x"}).text


def test_plain_text_stays_plain_text(web):
    text = '<script>alert(1)</script> http://example.org/ {{7*7}} &amp; "quotes"\nsecond line \u202eevil'
    uid = uid_of(web, web.send(text, name="<b>Ann</b>"))
    act(web.sign_in(), uid, 1, "approve")
    page = web.client.get("/comments/debate").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>Ann" not in page
    assert 'href="http://example.org' not in page
    assert "{{7*7}} &amp;amp;" in page
    assert "<br>\nsecond line [U+202E]evil" in page
    assert "\u202e" not in page


def test_khmer_comes_back_as_it_was_sent(web):
    text = "ខ្ញុំ\u200bយល់ស្រប ០១២"
    status = web.send(text)
    assert text in web.client.get(status).text
    assert "ខ្មែរ" in web.client.get("/comments/debate?lang=km").text
    assert 'lang="km"' in web.client.get("/comments/debate", headers={"accept-language": "km-KH,en;q=0.5"}).text


def test_answers_stand_below_what_they_answer_and_pages_and_feed_follow(web):
    moderator = web.sign_in()
    first = uid_of(web, web.send("top"))
    act(moderator, first, 1, "approve")
    assert "Write an answer" in web.client.get(f"/comments/debate?reply={first}").text
    below = uid_of(web, web.send("below", parent=first))
    act(moderator, below, 1, "approve")
    page = web.client.get("/comments/debate").text
    assert page.index(">top<") < page.index('class="replies"') < page.index(">below<")
    assert ">top<" in web.client.get(f"/comments/debate/{below}").text
    feed = ElementTree.fromstring(web.client.get("/comments/debate/feed.xml").text)
    texts = [e.text for e in feed.iter("{http://www.w3.org/2005/Atom}content")]
    assert texts == ["below", "top"]


def test_pages_forward_and_back_show_each_comment_once(web):
    for number in range(60):
        web.office.published(f"number {number:02}")
    web.context.changed.clear()
    for order in ("", "&order=old"):
        seen, path = [], f"/comments/debate?x=1{order}"
        while path:
            page = web.client.get(path).text
            seen += re.findall(r"number (\d\d)", page)
            link = re.search(r'rel="next" href="([^"]+)"', page)
            path = link[1].replace("&amp;", "&") if link else ""
            last = page
        assert sorted(seen) == [f"{n:02}" for n in range(60)]
        assert seen == sorted(seen, reverse=not order)
        back = re.search(r'rel="prev" href="([^"]+)"', last)
        assert back
        before = re.findall(r"number (\d\d)", web.client.get(back[1].replace("&amp;", "&")).text)
        assert before == seen[25:50]


def test_comments_stand_in_the_releases_page_under_its_own_policy(web):
    web.office.published("In the page.")
    web.context.changed.clear()
    answer = web.client.get("/debate/")
    assert "In the page." in answer.text
    assert 'name="token"' in answer.text
    assert "hidden></section>" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "'unsafe" not in policy
    assert len(re.findall("'sha256-", policy)) == 2
    khmer = web.client.get("/debate/index.km.html").text
    assert "មតិយោបល់" in khmer
    assert "lang=km" in khmer


def test_two_moderators_at_once_do_not_overwrite_each_other(web):
    uid = uid_of(web, web.send())
    one, other = web.sign_in("max"), web.sign_in("ada")
    assert act(one, uid, 1, "edit", text="By the first.", reason="x").status_code == 303
    answer = act(other, uid, 1, "edit", text="By the second.", reason="y")
    assert answer.status_code == 409
    assert "Somebody else acted" in answer.text
    assert "By the second." in answer.text
    assert web.office.row(uid).text == "By the first."


def test_bulk_rejects_what_is_ticked_but_not_what_changed_meanwhile(web):
    uids = [uid_of(web, web.send(f"spam {n}")) for n in range(3)]
    moderator = web.sign_in()
    token = csrf(moderator)
    web.office.act(uids[0], "noted", text="keep")
    fields = {"csrf": token, "act": "reject", "rule": "advertising", "uid": [f"{uid}:1" for uid in uids]}
    answer = moderator.post("/moderate/bulk", data=fields)
    assert "done=2" in answer.headers["location"]
    assert "skipped=1" in answer.headers["location"]
    assert [web.office.row(uid).state for uid in uids] == ["queued", "rejected", "rejected"]


def test_a_flood_is_rejected_at_once_by_what_it_has_in_common(web):
    for number in range(60):
        web.office.send(f"Buy pills {number}!", source=f"{number:016x}")
    reader, _ = web.office.send("A reader.", source="f" * 16)
    moderator = web.sign_in()
    page = moderator.get("/moderate/").text
    assert "60 alike" in page
    link = re.search(r'href="([^"]*likeness=[^"]+)"', page)
    assert link
    narrowed = moderator.get(link[1].replace("&amp;", "&")).text
    chosen = re.search(r'name="filter" value="([^"]+)"', narrowed)
    assert chosen
    fields = {"csrf": csrf(moderator), "act": "reject", "rule": "advertising", "all": "1", "filter": chosen[1]}
    assert "done=60" in moderator.post("/moderate/bulk", data=fields).headers["location"]
    assert web.office.row(reader).state == "queued"


def test_the_queue_is_searched_and_filtered(web):
    web.send("about apples")
    web.send("about pears")
    page = web.sign_in().get("/moderate/?words=APPLES").text
    assert "apples" in page
    assert "pears" not in page


def test_the_log_names_nobody(web):
    web.send("private words", name="Ann", email="ann@example.org")
    web.client.get("/comments/-/status/" + "x" * 32)
    told = repr(web.log)
    assert web.log
    for secret in ("private", "Ann", "example.org", "testclient", "x" * 32):
        assert secret not in told
