"""``follow.html`` in a browser: opened from a file, talking to a host at an address that is not localhost."""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import threading
import zipfile
from pathlib import Path

import pytest

from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.seal import made
from tests.seal.follow import points
from tests.seal.follow.desk_and_room import Journal
from wholetape.log import ed25519
from wholetape.log.checkpoint import cosign, parse_checkpoint, signature_by
from wholetape.log.keys import PrivateKey, encode_private, encode_public, parse_private, parse_public
from wholetape.log.kinds import What
from wholetape.log.merkle import Tree
from wholetape.log.note import Note, parse_note
from wholetape.seal.follow.host import Host
from wholetape.seal.follow.page import page
from wholetape.store.followed import FollowedFolder
from wholetape.store.httpserver import own_address


class Opened:
    """The page, opened from a file: what a person does with it, and what its script answers."""

    def __init__(self, visit, file: Path) -> None:
        self.visit = visit
        self.page = visit.go(file)

    def run(self, script: str):
        return self.page.evaluate(script)

    def until(self, condition: str, seconds: float = 30.0) -> None:
        self.visit.until(f"Boolean({condition})", seconds)

    def choose(self, field: str, path: Path) -> None:
        self.page.set_input_files(field, path)

    def thrown(self, script: str) -> str:
        """The words with which a script fails; empty where it does not."""
        return str(self.run(f"(() => {{ try {{ {script}; return ''; }} catch (e) {{ return e.message; }} }})()"))

    def saved(self) -> dict[str, bytes]:
        """What the page hands over when its button Save is pressed: files by their names."""
        with self.page.expect_download() as waiting:
            self.page.click("#save")
        assert waiting.value.suggested_filename == "followed.zip"
        with zipfile.ZipFile(waiting.value.path()) as archive:
            assert archive.testzip() is None
            return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "follow.html"
    path.write_bytes(page())
    return path


@pytest.fixture
def opened(visit, file):
    return Opened(visit(), file)


@pytest.fixture(scope="module")
def sheet(chromium, tmp_path_factory):
    """The page's functions alone: one page for all tests that change nothing in it."""
    path = tmp_path_factory.mktemp("page") / "follow.html"
    path.write_bytes(page())
    context = chromium.new_context()
    yield Opened(Visit(context.new_page()), path)
    context.close()


def elsewhere() -> str:
    """An address of this machine that browsers do not take for localhost."""
    address = own_address()
    return "127.0.0.1" if address == "localhost" else address


class Recording(threading.Thread):
    """A recording that goes on in the background, a second in every fifth of one."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(daemon=True)
        self.journal, self.end = journal, threading.Event()

    def run(self) -> None:
        while not self.end.wait(0.2):
            self.journal.second()

    def stop(self) -> None:
        self.end.set()
        self.join(5)


@pytest.fixture
def recording():
    journal = Journal()
    with Host(f"{elsewhere()}:0", journal, made.A) as host:
        journal.changed = host.changed
        thread = Recording(journal)
        thread.start()
        try:
            yield thread, host
        finally:
            thread.stop()


def follow(opened, tmp_path, address: str, key: PrivateKey = made.B, trust: PrivateKey | None = made.A) -> None:
    """Fills in the form as a person does."""
    (tmp_path / "mine.key").write_bytes(encode_private(key))
    opened.choose("#key", tmp_path / "mine.key")
    if trust is not None:
        (tmp_path / "theirs.pub").write_bytes(encode_public(trust))
        opened.choose("#trust", tmp_path / "theirs.pub")
    opened.run("localStorage.clear()")
    opened.run(f"$('address').value = {json.dumps(address)}; $('start').click()")


def state(opened) -> str:
    return str(opened.run("$('state').textContent"))


def test_it_needs_nothing_but_itself():
    text = page().decode()
    for outside in ("http://", "https://", "import ", "src=", "@import", "url(", "eval(", "innerHTML", "subtle."):
        kept = text.replace("http: https:", "").replace("`http://${address}`", "")
        assert outside not in kept.replace("https?:", ""), outside


def test_opened_it_asks_for_nothing_and_works_for_everybody(visit, file):
    for size, dark in ((DESKTOP, False), (PHONE, True)):
        seen = visit(size, dark=dark)
        seen.go(file)
        assert seen.requests == [file.as_uri()]
        assert seen.complaints == []
        assert seen.faults() == []
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_hashes_are_those_of_the_standard_library(sheet):
    for size in (0, 1, 55, 56, 63, 64, 65, 111, 112, 119, 120, 127, 128, 129, 1000):
        data = bytes(n * 7 % 251 for n in range(size))
        given = f"Uint8Array.from({json.dumps(list(data))})"
        assert sheet.run(f"hex(sha256({given}))") == hashlib.sha256(data).hexdigest()
        assert sheet.run(f"hex(sha512({given}))") == hashlib.sha512(data).hexdigest()


RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]


@pytest.mark.parametrize(("seed", "key", "message", "signature"), RFC_8032, ids=["1", "2", "3", "SHA(abc)"])
def test_rfc_8032s_vectors(sheet, seed, key, message, signature):
    script = f"""(() => {{ const b = t => Uint8Array.from(t.match(/../g) || [], x => parseInt(x, 16));
      const s = b("{seed}"), m = b("{message}"), good = ed25519.verify(b("{key}"), b("{signature}"), m);
      return [hex(ed25519.publicKey(s)), hex(ed25519.sign(s, m)), good]; }})()"""
    assert sheet.run(script) == [key, signature, True]


def test_every_edge_of_the_points_of_a_signature_is_judged_as_the_program_judges_it(sheet):
    """Small order, mixed order, not canonical, in key and in R, with and without a residue: as C2SP's CCTV has them."""
    cases = points.cases()
    assert len(cases) > 250
    expected = [ed25519.holds(key, signature, message) for key, signature, message in cases]
    assert {True, False} == set(expected)
    given = json.dumps([[part.hex() for part in case] for case in cases])
    script = f"""(() => {{ const b = t => Uint8Array.from(t.match(/../g) || [], x => parseInt(x, 16));
      return {given}.map(([k, s, m]) => ed25519.verify(b(k), b(s), b(m))); }})()"""
    assert sheet.run(script) == expected


def test_random_signatures_agree_in_both_directions(sheet):
    for n in range(5):
        seed, message = hashlib.sha256(b"%d" % n).digest(), b"m" * n * 37
        given = f"Uint8Array.from({list(seed)}), Uint8Array.from({list(message)})"
        assert sheet.run(f"hex(ed25519.sign({given}))") == ed25519.sign(seed, message).hex()


def test_the_tree_and_its_proofs_are_the_programs(sheet):
    leaves = [f"leaf {n}" for n in range(70)]
    tree = Tree([leaf.encode() for leaf in leaves])
    grow = "ls => { const t = new Tree(); return ls.map(l => { t.append(utf8(l)); return hex(t.root()); }); }"
    roots = sheet.run(f"({grow})({json.dumps(leaves)})")
    assert roots == [tree.root(size).hex() for size in range(1, 71)]
    good = []
    for size in range(1, 71, 3):
        for old in range(1, size + 1, 2):
            path = [node.hex() for node in tree.prove_consistency(old, size)]
            good.append((old, tree.root(old).hex(), size, tree.root(size).hex(), path))
    bad = [(old, was, size, bytes(32).hex(), path) for old, was, size, _, path in good]
    bad += [(old, was, size, now, [*path, was]) for old, was, size, now, path in good]
    script = """(cases => { const b = t => Uint8Array.from(t.match(/../g) || [], x => parseInt(x, 16));
      return cases.map(([o, r, s, w, p]) => consistent(o, b(r), s, b(w), p.map(b))); })(%s)"""
    assert all(sheet.run(script % json.dumps(good)))
    assert not any(sheet.run(script % json.dumps(bad)))


def test_a_key_made_in_the_page_is_one_of_the_programs(sheet):
    own, pub = sheet.run("keyFiles('seite-ä', Uint8Array.from({ length: 32 }, (_, i) => i))")
    assert parse_private(own.encode()).public == parse_public(pub.encode())
    assert pub.encode() == encode_public(PrivateKey("seite-ä", bytes(range(32))))


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "1 to 64"), ("a b", "no spaces"), ("a+b", "no plus"), ("a\u200bb", "invisible"), ("a\u0308", "normal form")],
)
def test_names_that_no_key_may_have(sheet, name, words):
    assert re.search(words, sheet.thrown(f"keyFiles({json.dumps(name)}, new Uint8Array(32))"))


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1.0}',
        '{"b":1,"a":2}',
        '{"a":1,"a":1}',
        '{ "a":1}',
        '{"a":1e3}',
        '{"a":-0}',
        '{"a":"\\u0061"}',
        "[]",
        "null",
        '{"a":9007199254740993}',
    ],
)
def test_json_that_is_not_canonical_is_refused(sheet, text):
    assert re.search(r"canonical form|no integer", sheet.thrown(f"unjcs({json.dumps(text)}, 'this')"))


def test_it_follows_cosigns_and_sees_the_end(opened, tmp_path, recording):
    thread, host = recording
    follow(opened, tmp_path, host.address)
    opened.until("follower && follower.stored > 20", 60)
    thread.stop()
    thread.journal.close()
    assert host.finish(15) == []
    opened.until("$('state').textContent.includes('followed it to the end')")
    lines = thread.journal.all_lines
    sizes = [parse_checkpoint(note.text).size for note in thread.journal.stored]
    assert sizes == sorted(sizes)
    assert sizes[-1] == len(lines) - 1
    assert opened.run("$('root').textContent") == Tree(lines[:-1]).root().hex()
    saved = opened.saved()
    assert saved["leaves"].splitlines() == lines
    assert saved["head"] == thread.journal.head().encode()
    assert saved["recording.print"] == thread.journal.print()
    for name in ("leaves", "rows", "heads"):
        (tmp_path / "folder").mkdir(exist_ok=True)
        (tmp_path / "folder" / name).write_bytes(saved[name])
    with FollowedFolder(tmp_path / "folder") as folder:  # as the program keeps it
        assert folder.leaves() == lines
        assert len(folder.rows()) == len(thread.journal.printed)
        assert [parse_checkpoint(note.text).size for note in folder.heads()] == sizes


def test_after_a_pause_the_whole_print_comes_at_the_end(opened, tmp_path, recording):
    thread, host = recording
    follow(opened, tmp_path, host.address)
    opened.until("follower && follower.stored > 3", 60)
    thread.stop()
    thread.journal.second(committed=False)
    thread.journal.leaf(What.PAUSE)
    thread.journal.leaf(What.RESUME)
    thread.journal.second()
    thread.journal.close()
    opened.until("$('state').textContent.includes('followed it to the end')")
    saved = opened.saved()
    assert b"-\n" in saved["rows"]
    assert saved["recording.print"] == thread.journal.print()


def test_a_print_that_the_closing_leaf_does_not_name_stops_it_before_it_signs_the_end(opened, tmp_path, recording):
    thread, host = recording
    opened.run("$('close').click()")
    follow(opened, tmp_path, host.address)
    opened.until("follower && follower.stored > 3", 60)
    thread.stop()
    thread.journal.second(committed=False)
    thread.journal.printed[1] = bytes(825)
    thread.journal.close()
    opened.until("$('state').textContent.includes('STOPPED')")
    assert "not the one that its closing leaf names" in state(opened)
    assert parse_checkpoint(thread.journal.stored[-1].text).size < len(thread.journal.all_lines)


def test_a_host_that_forks_is_caught_and_nothing_more_is_signed(opened, tmp_path, recording):
    thread, host = recording
    follow(opened, tmp_path, host.address)
    opened.until("follower && follower.stored > 5", 60)
    thread.stop()
    other = thread.journal.forked(4)
    for _ in range(40):
        other.second(sound=os.urandom(2 * made.RATE))
    signed = opened.run("follower.signed")
    with Host(f"{elsewhere()}:0", other, made.A) as fork:
        opened.run(f"follower.url = 'http://{fork.address}'")
        opened.until("$('state').textContent.includes('STOPPED')")
        assert "cannot show to continue" in state(opened)
        assert opened.run("follower.signed") == signed
        assert not other.stored
    saved = opened.saved()
    shown = [parse_note(saved[f"evidence/000{n}"], "a head") for n in range(2)]
    assert all(signature_by(note, made.A.public.signer) for note in shown)
    assert parse_checkpoint(shown[0].text).root == Tree(thread.journal.all_lines).root(
        parse_checkpoint(shown[0].text).size
    )
    assert parse_checkpoint(shown[1].text).root != parse_checkpoint(shown[0].text).root


def test_a_page_that_was_reloaded_remembers_what_its_key_signed(opened, tmp_path, recording):
    thread, host = recording
    follow(opened, tmp_path, host.address)
    opened.until("follower && follower.stored > 5", 60)
    thread.stop()
    other = thread.journal.forked(4)
    for _ in range(40):
        other.second(sound=os.urandom(2 * made.RATE))
    opened.page.reload()
    again = opened
    with Host(f"{elsewhere()}:0", other, made.A) as fork:
        again.choose("#key", tmp_path / "mine.key")
        again.run(f"$('address').value = '{fork.address}'; $('start').click()")
        again.until("$('state').textContent.includes('STOPPED')")
        assert "this key signed" in state(again)
    assert not other.stored


def test_another_recorder_than_the_one_whose_key_was_given_is_refused(opened, tmp_path, recording):
    _, host = recording
    follow(opened, tmp_path, host.address, trust=made.STRANGER)
    opened.until("$('state').textContent.includes('STOPPED')")
    assert "not the recorder whose key you gave" in state(opened)


def test_without_a_key_to_trust_the_fingerprint_is_shown(opened, tmp_path, recording):
    _, host = recording
    opened.run("$('trust').value = ''")
    follow(opened, tmp_path, host.address, trust=None)
    opened.until("follower && follower.signed > 0")
    assert opened.run("$('fingerprint').textContent") == made.A.public.fingerprint
    opened.run("$('leave').click()")
    opened.until("$('state').textContent.includes('left before the end')")


def test_a_stranger_is_told_that_it_is_no_party(opened, tmp_path, recording):
    _, host = recording
    follow(opened, tmp_path, host.address, key=made.STRANGER)
    opened.until("$('state').textContent.includes('of no party')")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (encode_public(made.B), "public key"),
        (encode_private(made.B, "secret", randomness=bytes(28)), "encrypted"),
        (b"nonsense", "no private key"),
        (encode_private(made.B).replace(b"side-b", b"side-c"), "ID does not fit"),
        (b"\xff\xfe\n", "UTF-8"),
        (b"x" * 5000, "too long"),
    ],
    ids=["public", "encrypted", "nonsense", "renamed", "binary", "long"],
)
def test_files_that_are_no_key(opened, tmp_path, content, words):
    (tmp_path / "wrong.key").write_bytes(content)
    opened.choose("#key", tmp_path / "wrong.key")
    opened.run("$('address').value = '127.0.0.1:1'; $('start').click()")
    opened.until(f"$('state').textContent.includes({json.dumps(words)})")


BENT = {
    "head": ("n => ({...n, head: n.head.replace('side-a', 'side-b')})", "not signed by the recorder"),
    "leaf": ("n => ({...n, leaves: n.leaves.map(l => l.replace('s\":8000', 's\":7999'))})", "not make|not follow"),
    "order": ("n => ({...n, leaves: [...n.leaves].reverse()})", "does not follow|first leaf"),
    "rows": ("n => ({...n, rows: n.rows.map(r => ({...r, salt: b64(new Uint8Array(32))}))})", "commits to"),
    "others": ("n => ({...n, others: [n.head]})", "no party cosigned"),
    "extra": ("n => ({...n, more: 1})", "other members"),
    "types": ("n => ({...n, leaves: [7]})", "malformed"),
    "null": ("n => ({...n, rows: [[]]})", "malformed"),
    "many": ("n => ({...n, leaves: Array(601).fill('')})", "too many"),
}  # fmt: skip


@pytest.mark.parametrize("name", BENT)
def test_what_does_not_hold_stops_it(opened, tmp_path, recording, name):
    bend, words = BENT[name]
    thread, host = recording
    for _ in range(3):
        thread.journal.second()
    opened.run(
        "(() => { const ask = Follower.prototype.ask; Follower.prototype.ask = async function (path, message, wait) {"
        "const answer = await ask.call(this, path, message, wait);"
        f"return path === 'news' ? ({bend})(answer) : answer; }}; }})()"
    )
    follow(opened, tmp_path, host.address)
    opened.until("$('state').textContent.includes('STOPPED')")
    assert re.search(words, state(opened)), state(opened)
    assert not thread.journal.stored


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 9_000_000,
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\n\r\n\xff\xff",
        b"HTTP/1.1 418 T\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 5\r\n\r\nnever",
    ],
    ids=["huge", "empty", "binary", "teapot"],
)
def test_nonsense_from_the_host_stops_it_with_clear_words(opened, tmp_path, answer):
    with socket.create_server((elsewhere(), 0)) as listening:

        def talk() -> None:
            sock, _ = listening.accept()
            with sock:
                sock.recv(65536)
                try:
                    sock.sendall(answer)
                except OSError:
                    return

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        follow(opened, tmp_path, f"{elsewhere()}:{listening.getsockname()[1]}")
        opened.until("$('state').textContent.includes('STOPPED')", 60)
        thread.join(10)


def test_the_hash_in_the_documentation_is_the_pages():
    docs = Path(__file__).parents[2] / "docs"
    assert hashlib.sha256(page()).hexdigest() in (docs / "follow.md").read_text()


def test_cosignatures_of_page_and_program_are_the_same_bytes(sheet):
    note = Note(f"{made.ORIGIN}\n1\n{'A' * 43}=\n", ())
    mine = cosign(note, made.B, made.TIME).encode().decode()
    script = f"""(() => {{ const me = parsePrivate({json.dumps(encode_private(made.B).decode())});
      return encodeNote(cosign({{ text: {json.dumps(note.text)}, signatures: [] }}, me, {made.TIME})); }})()"""
    assert sheet.run(script) == mine
