"""Escrow: any one holder or k of n open the whole recording, or nothing; and what a party must test before it signs."""

from __future__ import annotations

import hashlib
import itertools
import random
import resource
import signal
import sys

import pyrage
import pytest

from tests.seal import made
from wholetape.errors import MalformedFile, StorageFailed, UnreadableInput, UsageError, VerificationFailed
from wholetape.log.escrow import parse_policy, policy_signers, sign_policy
from wholetape.log.kinds import FileFacts, SampleFormat
from wholetape.log.note import Note
from wholetape.media.streamed import wav_header
from wholetape.properties import Name
from wholetape.seal import shares
from wholetape.seal.agekeys import identity, recipient, recipient_text
from wholetape.seal.escrow import Keeper, make_escrow, opener_of, own_share, share_name, try_escrow, unseal
from wholetape.seal.escrowed import POLICY, policy_of
from wholetape.seal.sealfile import parse_seal
from wholetape.seal.verify import verify

KEYS = (made.A, made.B, made.C)


def keeper(key):
    return Keeper(key.name, recipient_text(key.public))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("escrow")
    sound = made.pcm(3)
    path = folder / "meeting.wav"
    path.write_bytes(wav_header(made.RATE, 1, SampleFormat.S16, len(sound)) + sound)
    builder = made.builder(sound, parties=KEYS, close=False)
    file = FileFacts(path.stat().st_size, hashlib.sha256(path.read_bytes()).digest())
    builder.close("finished-file", made.facts(made.PRINT), file=file, pcm=hashlib.sha256(sound).digest())
    seal = builder.seal(made.signed(builder.checkpoint.text, made.A, ()))
    return folder, path, seal


@pytest.fixture(scope="module")
def any_one(desk):
    folder, path, seal = desk
    made_seal, _ = make_escrow(seal, path, [keeper(made.A), keeper(made.B)], 1, made.A, folder / "any.age")
    return made_seal, folder / "any.age"


@pytest.fixture(scope="module")
def two_of_three(desk):
    folder, path, seal = desk
    made_seal, _ = make_escrow(seal, path, [keeper(key) for key in KEYS], 2, made.A, folder / "two.age")
    return made_seal, folder / "two.age"


def again(seal):
    """The seal after it went through a file."""
    return parse_seal(seal.encode())


@pytest.mark.parametrize("key", [made.A, made.B], ids=lambda key: key.name)
def test_each_holder_opens_the_whole_recording_alone(desk, any_one, tmp_path, key):
    seal, ciphertext = any_one
    opener = opener_of(again(seal), [identity(key)])
    unseal(ciphertext, again(seal), opener, tmp_path / "opened.wav")
    assert (tmp_path / "opened.wav").read_bytes() == desk[1].read_bytes()


def test_who_is_no_holder_opens_nothing(any_one, tmp_path):
    seal, ciphertext = any_one
    for key in (made.C, made.STRANGER):
        with pytest.raises(VerificationFailed, match="does not open it"):
            unseal(ciphertext, seal, identity(key), tmp_path / "opened.wav")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("pair", list(itertools.permutations(range(3), 2)))
def test_any_two_of_three_open_it(desk, two_of_three, tmp_path, pair):
    seal, ciphertext = two_of_three
    words = own_share(again(seal), identity(KEYS[pair[0]]))
    opener = opener_of(seal, [identity(KEYS[pair[1]])], [words])
    unseal(ciphertext, seal, opener, tmp_path / "opened.wav")
    assert (tmp_path / "opened.wav").read_bytes() == desk[1].read_bytes()


def test_one_of_three_is_not_enough_and_the_same_share_twice_is_one(two_of_three):
    seal, _ = two_of_three
    with pytest.raises(VerificationFailed, match="2 shares are needed, and 1 are here"):
        opener_of(seal, [identity(made.A)])
    words = own_share(seal, identity(made.A))
    with pytest.raises(VerificationFailed, match="2 shares are needed, and 1 are here"):
        opener_of(seal, [identity(made.A)], [words, words.upper()])


def test_nobodys_own_key_opens_what_takes_two(two_of_three):
    seal, ciphertext = two_of_three
    for key in KEYS:
        with pytest.raises(VerificationFailed):
            unseal(ciphertext, seal, identity(key), None)


def test_a_share_of_another_escrow_or_with_a_wrong_word_is_told(desk, two_of_three):
    folder, path, seal = desk
    other, _ = make_escrow(seal, path, [keeper(key) for key in KEYS], 2, made.A, folder / "other.age")
    words = own_share(other, identity(made.B))
    with pytest.raises(VerificationFailed, match="share 1 is none of this escrow"):
        opener_of(two_of_three[0], [identity(made.A)], [words])
    mine = own_share(two_of_three[0], identity(made.B)).split()
    mine[20] = "academic" if mine[20] != "academic" else "acid"
    with pytest.raises(MalformedFile, match="no share"):
        opener_of(two_of_three[0], [identity(made.A)], [" ".join(mine)])
    with pytest.raises(MalformedFile, match="no share"):
        opener_of(two_of_three[0], [identity(made.A)], [" ".join(mine[:-1])])


def test_shares_are_33_words_and_say_how_many_are_needed(two_of_three):
    words = own_share(two_of_three[0], identity(made.C))
    assert len(words.split()) == 33
    assert shares.threshold(words) == 2


@pytest.mark.parametrize("k", [2, 3, 5])
def test_every_choice_of_k_shares_gives_the_secret_back_and_no_smaller_one(k):
    secret = bytes(range(32))
    made_shares = shares.split(secret, k, 5)
    for chosen in itertools.combinations(made_shares, k):
        assert shares.combine(chosen) == secret
    with pytest.raises(VerificationFailed):
        shares.combine(made_shares[: k - 1])


def test_two_parties_who_are_both_needed_is_called_a_veto(desk):
    folder, path, seal = desk
    _, policy = make_escrow(seal, path, [keeper(made.A), keeper(made.B)], 2, made.A, folder / "veto.age")
    assert policy.veto
    assert "each of them can prevent that" in policy.words


def test_a_share_that_only_some_can_prevent_is_no_veto(two_of_three):
    policy, _ = policy_of(two_of_three[0])
    assert not policy.veto
    assert "2 of them together can prevent that" in policy.words


@pytest.mark.parametrize("opens", ["any_one", "two_of_three"])
def test_a_ciphertext_cut_anywhere_leaves_no_file(opens, request, tmp_path):
    seal, ciphertext = request.getfixturevalue(opens)
    opener = (
        identity(made.A)
        if opens == "any_one"
        else opener_of(seal, [identity(made.A)], [own_share(seal, identity(made.B))])
    )
    data = ciphertext.read_bytes()
    draw = random.Random(5)
    cut = tmp_path / "cut.age"
    for end in [0, 1, 21, len(data) - 1, *draw.sample(range(len(data)), 60)]:
        cut.write_bytes(data[:end])
        with pytest.raises((VerificationFailed, UnreadableInput)):
            unseal(cut, seal, opener, tmp_path / "opened.wav")
        assert list(tmp_path.iterdir()) == [cut]


def test_a_flipped_bit_anywhere_leaves_no_file(any_one, tmp_path):
    seal, ciphertext = any_one
    data = ciphertext.read_bytes()
    header = data.index(b"\n---")
    draw = random.Random(6)
    changed = tmp_path / "changed.age"
    for at in [*draw.sample(range(header + 60), 60), *draw.sample(range(header + 60, len(data)), 60)]:
        flipped = bytearray(data)
        flipped[at] ^= 1 << draw.randrange(8)
        changed.write_bytes(bytes(flipped))
        with pytest.raises(VerificationFailed):
            unseal(changed, seal, identity(made.A), tmp_path / "opened.wav")
        assert list(tmp_path.iterdir()) == [changed]


def test_bytes_that_follow_leave_no_file(any_one, tmp_path):
    seal, ciphertext = any_one
    longer = tmp_path / "longer.age"
    longer.write_bytes(ciphertext.read_bytes() + b"x")
    with pytest.raises(VerificationFailed):
        unseal(longer, seal, identity(made.A), tmp_path / "opened.wav")
    assert list(tmp_path.iterdir()) == [longer]


@pytest.mark.parametrize("content", [b"", b"another recording", bytes(1 << 20)])
def test_another_content_is_not_handed_out(any_one, tmp_path, content):
    seal, _ = any_one
    other = tmp_path / "other.age"
    other.write_bytes(pyrage.encrypt(content, [recipient(made.A.public)]))
    with pytest.raises(VerificationFailed):
        unseal(other, seal, identity(made.A), tmp_path / "opened.wav")
    assert list(tmp_path.iterdir()) == [other]


def test_a_file_that_was_there_stays_when_it_does_not_open(any_one, tmp_path):
    seal, ciphertext = any_one
    kept = tmp_path / "opened.wav"
    kept.write_bytes(b"mine")
    with pytest.raises(VerificationFailed):
        unseal(ciphertext, seal, identity(made.C), kept)
    assert kept.read_bytes() == b"mine"


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_full_disk_leaves_nothing(desk, any_one, tmp_path):
    _, path, seal = desk
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises((StorageFailed, OSError)):
            unseal(any_one[1], any_one[0], identity(made.A), tmp_path / "opened.wav")
        with pytest.raises((StorageFailed, OSError)):
            make_escrow(seal, path, [keeper(made.A)], 1, made.A, tmp_path / "out.age")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_a_party_that_opened_it_answers_for_it(any_one):
    seal, ciphertext = any_one
    signed, tested = try_escrow(seal, ciphertext, made.B)
    assert tested == "opened the escrow"
    _, note = policy_of(again(signed))
    assert policy_signers(note, signed.header.parties) == ("side-a", "side-b")


def test_a_party_that_cannot_open_what_it_holds_does_not_sign(desk):
    """The maker names side-b as a holder, and encrypts to somebody else."""
    folder, path, seal = desk
    trick = Keeper("side-b", recipient_text(made.STRANGER.public))
    false, _ = make_escrow(seal, path, [keeper(made.A), trick], 1, made.A, folder / "false.age")
    _, note = parse_policy(false.members[POLICY])
    text = note.text.replace(trick.recipient, recipient_text(made.B.public))
    claimed = false.with_({POLICY: sign_policy(Note(text, ()), made.A).encode()})
    with pytest.raises(VerificationFailed, match="not signed: the escrow does not open"):
        try_escrow(claimed, folder / "false.age", made.B)


def test_a_party_with_a_false_share_does_not_sign(two_of_three):
    seal, ciphertext = two_of_three
    mine, other = seal.members[share_name(1)], shares.split(bytes(32), 2, 3)[1]
    assert mine
    false = pyrage.encrypt(other.encode(), [recipient(made.B.public)])
    with pytest.raises(VerificationFailed, match="not the one that the policy names"):
        try_escrow(seal.with_({share_name(1): false}), ciphertext, made.B)
    with pytest.raises(VerificationFailed, match="opens none of the shares"):
        try_escrow(seal.with_({share_name(1): None}), ciphertext, made.B)


def test_a_holder_of_a_share_says_what_it_could_not_test(two_of_three):
    seal, ciphertext = two_of_three
    _, tested = try_escrow(seal, ciphertext, made.B)
    assert "that 2 shares open it was not tested" in tested
    _, tested = try_escrow(seal, ciphertext, made.B, [own_share(seal, identity(made.C))])
    assert tested == "opened the escrow with 1 others"


def test_another_ciphertext_than_the_policys_is_not_signed(any_one, two_of_three):
    with pytest.raises(VerificationFailed, match="another one than its policy names"):
        try_escrow(any_one[0], two_of_three[1], made.B)


def test_a_policy_that_no_party_signed_or_of_another_recording_is_refused(any_one, desk):
    seal, _ = any_one
    _, note = policy_of(seal)
    for false, words in (
        (sign_policy(Note(note.text, ()), made.STRANGER), "no party has signed"),
        (sign_policy(Note(note.text.replace(made.ORIGIN, "wholetape/" + "1" * 32), ()), made.A), "another recording"),
    ):
        with pytest.raises(VerificationFailed, match=words):
            policy_of(seal.with_({POLICY: false.encode()}))
    policy, _ = policy_of(seal)
    other = note.text.replace(policy.recording.sha256.hex(), "0" * 64)
    with pytest.raises(VerificationFailed, match="another file than the one that was sealed"):
        policy_of(seal.with_({POLICY: sign_policy(Note(other, ()), made.A).encode()}))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"k":1', '"k":3'),
        lambda text: text.replace('"k":1', '"k":2'),
        lambda text: text.replace('"k":1', '"k":0'),
        lambda text: text.replace("wholetape.escrow/v1", "wholetape.escrow/v2"),
        lambda text: text.replace('"share":null', '"share":"00"'),
        lambda text: text.replace('"holders":[', '"holders": ['),
        lambda text: text.replace('"k":1', '"k":1,"more":1'),
        lambda text: text + "more\n",
    ],
)
def test_a_malformed_policy_is_refused(any_one, change):
    _, note = policy_of(any_one[0])
    assert change(note.text) != note.text
    with pytest.raises(MalformedFile):
        parse_policy(Note(change(note.text), note.signatures).encode())


def test_another_recording_is_not_put_in_escrow(desk, tmp_path):
    _, path, seal = desk
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    (tmp_path / "other.wav").write_bytes(bytes(data))
    with pytest.raises(VerificationFailed, match="not those that were sealed"):
        make_escrow(seal, tmp_path / "other.wav", [keeper(made.A)], 1, made.A, tmp_path / "out.age")
    assert not (tmp_path / "out.age").exists()


@pytest.mark.parametrize(
    ("holders", "k"),
    [([], 1), ([made.A], 2), ([made.A, made.A], 1), ([made.A, made.B], 0), ([made.A, made.B], 3)],
)
def test_holders_that_cannot_be_are_refused(desk, tmp_path, holders, k):
    _, path, seal = desk
    with pytest.raises(UsageError):
        make_escrow(seal, path, [keeper(key) for key in holders], k, made.A, tmp_path / "out.age")
    assert list(tmp_path.iterdir()) == []


def test_a_second_escrow_is_refused(any_one, desk, tmp_path):
    with pytest.raises(UsageError, match="an escrow already"):
        make_escrow(any_one[0], desk[1], [keeper(made.A)], 1, made.A, tmp_path / "out.age")


def test_a_stranger_makes_no_escrow(desk, tmp_path):
    with pytest.raises(UsageError, match="no party"):
        make_escrow(desk[2], desk[1], [keeper(made.A)], 1, made.STRANGER, tmp_path / "out.age")


def test_the_report_names_the_escrow_and_who_answers_for_it(any_one, two_of_three, desk):
    told = verify(any_one[0], [made.A.public])[Name.ESCROW]
    assert (told.established, told.by) == (True, ("side-a",))
    assert told.why == "each of side-a, side-b can open it alone"
    assert "2 of side-a, side-b, side-c" in verify(two_of_three[0], [made.A.public])[Name.ESCROW].why
    assert not verify(desk[2], [made.A.public])[Name.ESCROW].established
    unknown = verify(any_one[0], [made.B.public])[Name.ESCROW]
    assert (unknown.established, unknown.by) == (False, ())
    broken = any_one[0].with_({POLICY: b"x"})
    assert not verify(broken, [made.A.public])[Name.ESCROW].established
