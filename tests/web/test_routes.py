"""Every route, by everybody: what is not public never shows, changes need the right, and GET changes nothing."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import PASSWORD, act, csrf
from wholetape.comments.states import Act, Role
from wholetape.web import app as application

MARK = "hiddenwords"
STATES = ("queued", "rejected", "withdrawn", "redacted")


def routes(web):
    """Every route: path and methods."""
    found = [(r.path, r.methods) for resource in application.RESOURCES for r in resource.routes(web.context)]
    assert len(found) > 35
    return found


@pytest.fixture
def filled(web):
    """Comments in every state that is not public, each with a text, a name and an edit that nobody must see."""
    office, uids = web.office, {}
    for state in STATES:
        uid, token = office.send(f"{MARK} {state}", name=f"{MARK} name", email=f"{MARK}@example.org", source=state * 2)
        office.act(uid, Act.EDITED, text=f"{MARK} {state} edited", reason=f"{MARK} reason")
        office.act(uid, Act.NOTED, text=f"{MARK} note")
        if state == "rejected":
            office.act(uid, Act.APPROVED)
            office.act(uid, Act.REJECTED, reason=f"{MARK} reason")
        if state == "withdrawn":
            from wholetape.comments import author

            office.act(uid, Act.APPROVED)
            office.desk.do(author.withdraw(token))
        if state == "redacted":
            office.act(uid, Act.REDACTED, reason="x")
        uids[state] = uid
    web.uids = uids
    return web


def addresses(web, path):
    """The path with every comment's number, and others, in its places."""
    places = re.findall(r"{(\w+)}", path)
    if not places:
        return [path]
    values = {
        "release": ["debate"],
        "uid": list(web.uids.values()),
        "token": ["A" * 32, *web.uids.values()],
        "name": ["style.css", "index.html", "index.km.html"],
    }
    found = [path]
    for place in places:
        found = [one.replace(f"{{{place}}}", value) for one in found for value in values[place]]
    return found


def test_nothing_that_is_not_public_shows_anywhere_to_a_reader(filled):
    tried = 0
    for path, methods in routes(filled):
        for address in addresses(filled, path):
            for method in ("GET", "HEAD", *methods):
                for suffix in (
                    "",
                    "?order=old",
                    f"?after={filled.uids['queued']}",
                    f"?reply={filled.uids['queued']}",
                    "?lang=km",
                ):
                    answer = filled.client.request(method, address + suffix)
                    tried += 1
                    assert MARK not in answer.text, address
                    assert MARK not in str(answer.headers), address
                    assert answer.status_code != 500, address
    for path in ("/nothing", "/comments/debate/feed.xml", "/comments/-/transparency", "/metrics", "/debate/"):
        assert MARK not in filled.client.get(path).text
    assert tried > 300


def test_the_desk_is_closed_to_those_who_are_not_signed_in(filled):
    for path, methods in routes(filled):
        if path.startswith("/moderate/") and path != "/moderate/sign-in":
            for address in addresses(filled, path):
                if "GET" in methods:
                    answer = filled.client.get(address)
                    assert (answer.status_code, answer.headers["location"]) == (303, "/moderate/sign-in")
                else:
                    assert filled.client.post(address, data={"csrf": "x"}).status_code == 403


def dump(web) -> str:
    from wholetape.comments import backup

    return repr(web.office.read(lambda c: list(backup.write(c, 0))))


def test_no_get_changes_anything(filled):
    clients = [filled.client, filled.sign_in("max"), filled.sign_in("ada"), filled.sign_in("otto")]
    before = dump(filled)
    for client in clients:
        for path, _ in routes(filled):
            for address in addresses(filled, path):
                for method in ("GET", "HEAD"):
                    client.request(method, address + "?act=approve&uid=x&csrf=y")
    assert dump(filled) == before


def test_no_post_is_taken_without_the_sessions_token_or_from_another_site(filled):
    client = filled.sign_in("ada")
    token, before = csrf(client), dump(filled)
    for path, methods in routes(filled):
        if "POST" in methods:
            for address in addresses(filled, path):
                for fields, headers in (
                    ({"act": "approve", "seen": "1"}, {}),
                    ({"csrf": "x" * 32}, {}),
                    ({"csrf": token, "act": "approve", "seen": "3"}, {"sec-fetch-site": "cross-site"}),
                    ({"csrf": token, "act": "approve", "seen": "3"}, {"origin": "http://evil.test"}),
                    ({"csrf": token, "act": "approve", "seen": "3"}, {"origin": "null"}),
                ):
                    if path == "/moderate/sign-in" and not headers:
                        continue
                    answer = client.post(address, data=fields, headers=headers)
                    assert answer.status_code in (400, 403, 404, 409, 415, 422), (address, fields, headers)
    assert dump(filled) == before


def test_an_auditor_reads_and_changes_nothing(filled):
    client, uid = filled.sign_in("otto"), filled.uids["queued"]
    before, token = dump(filled), csrf(client)
    assert MARK in client.get("/moderate/").text
    assert MARK in client.get(f"/moderate/comment/{uid}").text
    own = ("/moderate/sign-in", "/moderate/sign-out", "/moderate/password")
    for path, methods in routes(filled):
        if path.startswith("/moderate/") and "POST" in methods and path not in own:
            for address in addresses(filled, path):
                fields = {
                    "csrf": token,
                    "act": "approve",
                    "seen": "3",
                    "uid": f"{uid}:3",
                    "name": "new",
                    "role": "administrator",
                }
                assert client.post(address, data=fields).status_code in (403, 422), address
    assert dump(filled) == before


def test_a_moderator_is_no_administrator(filled):
    client = filled.sign_in("max")
    token = csrf(client)
    assert client.get("/moderate/accounts").status_code == 403
    assert client.get("/moderate/settings").status_code == 403
    fields = {"csrf": token, "act": "add", "name": "new", "role": "administrator", "password": PASSWORD + "x"}
    assert client.post("/moderate/accounts", data=fields).status_code == 403
    assert client.post("/moderate/settings", data={"csrf": token, "per_source": "99"}).status_code == 403


def test_private_answers_are_kept_by_nobody_and_pages_carry_the_policy(filled):
    client = filled.sign_in("ada")
    status = filled.send("x")
    for address in (
        "/moderate/",
        f"/moderate/comment/{filled.uids['queued']}",
        status,
        "/comments/debate",
        "/moderate/settings",
    ):
        headers = client.get(address).headers
        assert headers["cache-control"] == "no-store", address
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "server" not in headers


def test_no_path_leads_out_of_the_site(web):
    up = "/debate/" + "../" * 20 + "etc/passwd"
    encoded = ("/%2e%2e/outside.txt", "/debate/..%2f..%2foutside.txt", "/debate/%00", "/..%5coutside.txt")
    for path in ("/escape.txt", "/../outside.txt", "/.hidden", "/" + "a" * 5000, up, *encoded):
        answer = web.client.get(path)
        assert answer.status_code == 404, path
        assert "outside" not in answer.text.replace("outside.txt", "")


def test_a_folder_leads_to_its_page_and_never_to_another_host(web):
    assert web.client.get("/debate").headers["location"] == "/debate/"
    for path in ("//evil.test/debate", "//debate", "/%2fdebate"):
        assert not web.client.get(path).headers.get("location", "/").startswith("//")


def test_sound_is_served_in_ranges_and_text_of_strangers_as_a_download(web):
    whole = bytes(range(256)) * 40
    answer = web.client.get("/debate/audio/1-abc.mp3", headers={"range": "bytes=100-199"})
    assert (answer.status_code, answer.content) == (206, whole[100:200])
    assert answer.headers["content-type"] == "audio/mpeg"
    assert web.client.get("/debate/audio/1-abc.mp3", headers={"range": "bytes=-10"}).content == whole[-10:]
    assert web.client.get("/debate/audio/1-abc.mp3", headers={"range": "bytes=99999-"}).status_code == 416
    stranger = web.client.get("/debate/files/abc/a.txt").headers
    assert stranger["content-disposition"] == "attachment"
    assert stranger["content-security-policy"] == "default-src 'none'; sandbox"


class TestSigningIn:
    def test_a_session_is_new_hidden_from_scripts_and_ends(self, web):
        client = web.fresh()
        answer = client.post("/moderate/sign-in", data={"name": "max", "password": PASSWORD})
        kept = answer.headers["set-cookie"].lower()
        assert "httponly" in kept
        assert "samesite=strict" in kept
        token = csrf(client)
        web.office.clock.sleep(seconds=31 * 60)
        assert client.get("/moderate/").status_code == 303
        client = web.sign_in()
        token = csrf(client)
        assert client.post("/moderate/sign-out", data={"csrf": token}).status_code == 303
        assert client.get("/moderate/").status_code == 303

    def test_behind_a_proxy_that_speaks_https_the_cookie_goes_nowhere_else(self, web):
        from dataclasses import replace

        web.context.options = replace(web.context.options, proxies=frozenset({"203.0.113.5"}))
        data = {"name": "max", "password": PASSWORD}
        answer = web.client.post("/moderate/sign-in", data=data, headers={"x-forwarded-proto": "https"})
        assert answer.headers["set-cookie"].startswith("__Host-desk=")
        assert "Secure" in answer.headers["set-cookie"]

    def test_what_is_wrong_is_not_told(self, web):
        answers = [
            web.client.post("/moderate/sign-in", data={"name": name, "password": "wrong words all over"})
            for name in ("max", "nobody")
        ]
        assert [a.status_code for a in answers] == [403, 403]
        assert answers[0].text == answers[1].text

    def test_guessing_locks_the_account_for_a_while(self, web):
        for _ in range(8):
            web.context.buckets._left.clear()
            web.client.post("/moderate/sign-in", data={"name": "max", "password": "wrong words all over"})
        right = {"name": "max", "password": PASSWORD}
        assert web.client.post("/moderate/sign-in", data=right).status_code == 403
        web.office.clock.sleep(seconds=16 * 60)
        assert web.client.post("/moderate/sign-in", data=right).status_code == 303

    def test_one_source_does_not_guess_on_and_on(self, web):
        from dataclasses import replace

        web.context.options = replace(web.context.options, rate=1)
        codes = [
            web.client.post("/moderate/sign-in", data={"name": "x", "password": "y"}).status_code for _ in range(12)
        ]
        assert codes[-1] == 429

    def test_a_second_factor_counts_once(self, web):
        from wholetape.comments import totp
        from wholetape.comments.accounts import change_account

        secret = totp.new_secret()
        web.office.desk.do(lambda turn: change_account(turn, "max", {"totp": secret}))
        code = totp.code(secret, web.office.clock.at // totp.STEP)
        assert web.client.post("/moderate/sign-in", data={"name": "max", "password": PASSWORD}).status_code == 403
        fields = {"name": "max", "password": PASSWORD, "code": code}
        assert web.client.post("/moderate/sign-in", data=fields).status_code == 303
        assert web.fresh().post("/moderate/sign-in", data=fields).status_code == 403

    def test_the_known_answers_of_rfc_6238(self):
        import base64

        from wholetape.comments import totp

        secret = base64.b32encode(b"12345678901234567890").decode()
        assert totp.code(secret, 1) == "287082"
        assert totp.code(secret, 37037036) == "081804"

    def test_who_loses_the_role_loses_the_session(self, web):
        from wholetape.comments.accounts import change_account

        client = web.sign_in("max")
        web.office.desk.do(lambda turn: change_account(turn, "max", {"role": str(Role.AUDITOR)}))
        assert client.get("/moderate/").status_code == 303

    @pytest.mark.parametrize("password", ["short", "password12345", "aaaaaaaaaaaaaaaa", "newmoderator1", "x" * 200])
    def test_passwords_that_are_tried_first_are_not_taken(self, web, password):
        client = web.sign_in("ada")
        fields = {"csrf": csrf(client), "act": "add", "name": "newmoderator", "role": "moderator", "password": password}
        assert client.post("/moderate/accounts", data=fields).status_code == 422

    def test_an_administrator_adds_an_account_and_the_last_one_stays(self, web):
        client = web.sign_in("ada")
        fields = {
            "csrf": csrf(client),
            "act": "add",
            "name": "new",
            "role": "moderator",
            "password": "six green bottles hang",
        }
        assert client.post("/moderate/accounts", data=fields).status_code == 303
        fields = {"csrf": csrf(client), "act": "close", "name": "ada", "role": "administrator"}
        assert client.post("/moderate/accounts", data=fields).status_code == 422


def test_every_page_is_there_in_both_languages_with_the_same_keys():
    from wholetape.web.messages import LANGUAGES, catalogue

    english, khmer = (catalogue(code) for code in LANGUAGES)
    assert set(english) == set(khmer)
    for key, words in english.items():
        assert sorted(re.findall(r"{\w+}", words)) == sorted(re.findall(r"{\w+}", khmer[key])), key
    assert sum(english[key] == khmer[key] for key in english) == 0


def test_edits_are_possible_from_the_form(filled):
    client = filled.sign_in("max")
    uid = filled.uids["queued"]
    assert act(client, uid, 3, "note", text="another").status_code == 303
    assert act(client, uid, 4, "redact", reason="x", rule="law-other").status_code == 303
    assert filled.office.row(uid).text == ""
