"""The functions of ``follow.html`` beside the program's: hashes, signatures, tree, keys, JSON, cosignatures."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from tests.browser.conftest import Visit
from tests.browser.follow_page import Opened
from tests.seal import made
from tests.seal.follow import points
from wholetape.log import ed25519
from wholetape.log.checkpoint import cosign
from wholetape.log.keys import PrivateKey, encode_private, encode_public, parse_private, parse_public
from wholetape.log.merkle import Tree
from wholetape.log.note import Note
from wholetape.seal.follow.page import page


@pytest.fixture(scope="module")
def sheet(chromium, tmp_path_factory):
    """The page's functions alone: one page for all tests that change nothing in it."""
    path = tmp_path_factory.mktemp("page") / "follow.html"
    path.write_bytes(page())
    context = chromium.new_context()
    yield Opened(Visit(context.new_page()), path)
    context.close()


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


def test_cosignatures_of_page_and_program_are_the_same_bytes(sheet):
    note = Note(f"{made.ORIGIN}\n1\n{'A' * 43}=\n", ())
    mine = cosign(note, made.B, made.TIME).encode().decode()
    script = f"""(() => {{ const me = parsePrivate({json.dumps(encode_private(made.B).decode())});
      return encodeNote(cosign({{ text: {json.dumps(note.text)}, signatures: [] }}, me, {made.TIME})); }})()"""
    assert sheet.run(script) == mine
