"""Time-stamps: real ones, by ``openssl ts`` behind a loopback server; and by whose clock a seal existed."""

from __future__ import annotations

import datetime
import random
import shutil
import socket
import threading
import time

import pytest

from tests.seal import made
from tests.seal.tsa import Authority
from wholetape.errors import MalformedFile, NetworkFailed, UsageError, VerificationFailed
from wholetape.log import stamp as stamps
from wholetape.log.stamp import make_request, parse_roots, parse_stamp, verify_stamp
from wholetape.properties import Name, Reason
from wholetape.seal.sealfile import parse_seal
from wholetape.seal.stamping import ask, post, stamp_members, stamp_seal
from wholetape.seal.verify import AtHand, verify
from wholetape.store.web import check_url, send

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl program")
PINNED = (made.A.public, made.B.public)


@pytest.fixture(scope="module")
def clocks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tsa")
    with Authority(folder, "Clock A", elliptic=False) as a, Authority(folder, "Clock B") as b:
        yield a, b


@pytest.fixture(scope="module")
def roots(clocks):
    return tuple(root for clock in clocks for root in parse_roots(clock.roots_pem))


@pytest.fixture(scope="module")
def stamped(clocks, roots):
    seal, answers = stamp_seal(made.seal(), [clock.url for clock in clocks], roots)
    assert [answer.problem for answer in answers] == [None, None]
    return seal


@pytest.fixture
def misbehaving(clocks):
    """The first clock, to be made to misbehave; honest again afterwards."""
    clock = clocks[0]
    yield clock
    clock.reply, clock.status, clock.kind = clock.honest, 200, "application/timestamp-reply"


def told(seal, roots):
    return verify(seal, PINNED, AtHand(roots=roots))


def test_two_clocks_say_when_the_closing_head_with_all_signatures_existed(stamped, roots):
    found = told(stamped, roots)
    assert found.failure is None
    when = found[Name.NOT_AFTER]
    assert when.established
    assert set(when.by) <= {"Clock A", "Clock B"}
    assert len(when.by) == 2
    assert "the head existed by 20" in when.why
    assert "signatures of side-a, side-b" in when.why


def test_stamps_survive_writing_and_reading_and_are_verified_without_a_network(stamped, roots):
    again = parse_seal(stamped.encode())
    assert sorted(name for name in again.members if name.startswith("stamps/")) == [
        "stamps/0000-0.tsr",
        "stamps/0000-1.tsr",
    ]
    assert again.members["heads/0000"] == again.members["head"]
    assert told(again, roots)[Name.NOT_AFTER].established


def test_replies_are_kept_byte_for_byte(clocks):
    kept = []

    def send_and_keep(url, request):
        kept.append(post(url, request))
        return kept[-1]

    seal, _ = stamp_seal(made.seal(), [clock.url for clock in clocks], (), send_and_keep)
    assert [seal.members["stamps/0000-0.tsr"], seal.members["stamps/0000-1.tsr"]] == kept


def test_without_pinned_roots_nothing_is_established_and_nothing_fails(stamped):
    found = told(stamped, ())
    assert found.failure is None
    assert not found[Name.NOT_AFTER].established
    assert "--tsa-roots" in found[Name.NOT_AFTER].why


def test_one_pinned_root_is_one_clock(stamped, clocks):
    found = told(stamped, parse_roots(clocks[1].roots_pem))[Name.NOT_AFTER]
    assert found.established
    assert found.by == ("Clock B",)
    assert "no second authority" in found.why
    assert "authorities that are not pinned (Clock A)" in found.why


def test_a_root_of_the_same_name_but_another_key_proves_nothing(stamped, tmp_path):
    impostor = Authority(tmp_path, "Clock A")
    found = told(stamped, parse_roots(impostor.roots_pem))
    assert not found[Name.NOT_AFTER].established


def test_a_stamp_over_another_head_fails(stamped, roots):
    other = made.seal(made.pcm(2))
    moved = other.with_({name: data for name, data in stamped.members.items() if name.startswith("stamps/")} | {
        "heads/0000": other.head.data
    })  # fmt: skip
    failure = told(moved, roots).failure
    assert failure is not None
    assert failure.reason is Reason.TIME
    assert "over other bytes" in failure.words


def test_a_stamp_over_the_head_before_the_last_cosignature_says_whose_signatures_it_covers(clocks, roots):
    half = made.seal(cosigners=())
    half, _ = stamp_seal(half, [clock.url for clock in clocks], roots)
    whole = half.with_({"head": made.seal().head.data})
    found = told(whole, roots)
    assert found.failure is None
    assert found[Name.NOT_AFTER].why.endswith("stamped with the signatures of side-a")


def test_a_stamp_without_its_head_fails(stamped, roots):
    failure = told(stamped.with_({"heads/0000": None}), roots).failure
    assert failure is not None
    assert (failure.reason, "not in the seal" in failure.words) == (Reason.TIME, True)


def test_an_early_head_tells_how_much_sound_existed_then(clocks, roots):
    early = made.builder(made.pcm(2), close=False)
    note = made.signed(early.checkpoint.text).encode()
    replies = [answer.reply for answer in ask(note, [clock.url for clock in clocks], roots)]
    seal = made.seal()
    seal = seal.with_(stamp_members(seal.members, note, replies))
    found = told(seal, roots)
    assert found.failure is None
    assert not found[Name.NOT_AFTER].established, "the closing head is not stamped"
    assert found[Name.NOT_AFTER].why.startswith("its first 2 s existed by 20")


def test_a_challenged_tape_is_fixed_from_the_time_of_its_stamp_on(clocks, roots):
    lone = made.seal(challenge=True)
    assert told(lone, roots)[Name.LIVE].why == (
        "a lone holder fixed a disputed recording; editing before that is not excluded"
    )
    stamped, _ = stamp_seal(lone, [clock.url for clock in clocks], roots)
    assert told(stamped, roots)[Name.LIVE].why.startswith("a lone holder fixed a disputed recording: fixed from 20")
    assert "fixed from" not in told(stamped, ())[Name.LIVE].why


def test_stamping_again_adds_to_the_same_head_until_it_is_full(clocks, stamped):
    urls = [clock.url for clock in clocks]
    twice, _ = stamp_seal(stamped, urls)
    assert sorted(name for name in twice.members if name.startswith("stamps/"))[-1] == "stamps/0000-3.tsr"
    full = twice.with_({f"stamps/0000-{digit}.tsr": b"%d" % digit for digit in range(4, 10)})
    with pytest.raises(UsageError, match="room for 10"):
        stamp_seal(full, urls)


@pytest.mark.parametrize("urls", [[], ["http://one.example"], ["http://one.example"] * 2])
def test_fewer_than_two_authorities_are_refused_before_anybody_is_asked(urls):
    with pytest.raises(UsageError, match="two or more"):
        stamp_seal(made.seal(), urls, (), lambda *_: pytest.fail("asked"))


def test_a_certificate_that_has_expired_since_is_judged_at_the_time_of_stamping(tmp_path):
    ends = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=2)
    data = b"head"
    with Authority(tmp_path, "Short", ends=ends) as clock:
        reply = post(clock.url, make_request(data).der)
    time.sleep(max(0.0, ends.timestamp() - time.time()) + 1.1)
    assert verify_stamp(reply, data, parse_roots(clock.roots_pem)).stamp.authority == "Short"


def test_a_stamp_made_with_an_expired_certificate_is_refused(tmp_path):
    ends = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
    with Authority(tmp_path, "Late", ends=ends) as clock:
        (answer,) = ask(b"head", [clock.url], parse_roots(clock.roots_pem))
    assert isinstance(answer.problem, VerificationFailed)


def test_a_certificate_that_is_not_for_time_stamping_is_refused(tmp_path):
    clock = Authority(tmp_path, "Web", time_stamping=False)
    with clock:
        clock.reply = lambda request: b"\x30\x03\x30\x01\x00"
        (answer,) = ask(b"head", [clock.url], parse_roots(clock.roots_pem))
    assert isinstance(answer.problem, MalformedFile | VerificationFailed)


def test_a_replayed_reply_has_another_nonce(misbehaving, roots):
    old = misbehaving.honest(make_request(b"head").der)
    misbehaving.reply = lambda request: old
    (answer,) = ask(b"head", [misbehaving.url], roots)
    assert isinstance(answer.problem, VerificationFailed)
    assert "nonce" in str(answer.problem)


def test_a_reply_over_other_bytes_is_refused(misbehaving, roots):
    misbehaving.reply = lambda request: misbehaving.honest(make_request(b"other").der)
    (answer,) = ask(b"head", [misbehaving.url], roots)
    assert isinstance(answer.problem, VerificationFailed)
    assert "over other bytes" in str(answer.problem)


def test_a_reply_by_another_authority_is_refused_on_receipt(clocks, misbehaving):
    misbehaving.reply = clocks[1].honest
    (answer,) = ask(b"head", [misbehaving.url], parse_roots(clocks[0].roots_pem))
    assert isinstance(answer.problem, VerificationFailed)
    assert "none of the pinned" in str(answer.problem)


@pytest.mark.parametrize(
    "junk",
    [b"", b"\x30", b"\x30\x80", b"\x30\x03\x30\x01\x00", b"\x30\x84\xff\xff\xff\xff", b"<html>", bytes(5000)],
)
def test_junk_is_no_time_stamp(misbehaving, junk):
    misbehaving.reply = lambda request: junk
    (answer,) = ask(b"head", [misbehaving.url])
    assert isinstance(answer.problem, MalformedFile)


def test_a_refusal_is_told(misbehaving):
    # PKIStatusInfo { status rejection(2) }
    misbehaving.reply = lambda request: b"\x30\x05\x30\x03\x02\x01\x02"
    (answer,) = ask(b"head", [misbehaving.url])
    assert "refused (status 2)" in str(answer.problem)


def test_what_others_replied_is_kept_when_one_does_not_answer(clocks, roots, misbehaving):
    misbehaving.status = 503
    seal, answers = stamp_seal(made.seal(), [clock.url for clock in clocks], roots)
    assert isinstance(answers[0].problem, NetworkFailed)
    assert "503" in str(answers[0].problem)
    assert told(seal, roots)[Name.NOT_AFTER].by == ("Clock B",)


def test_a_page_instead_of_a_reply_is_a_failure_of_the_network(misbehaving):
    misbehaving.kind = "text/html"
    (answer,) = ask(b"head", [misbehaving.url])
    assert isinstance(answer.problem, NetworkFailed)


def test_more_than_a_reply_can_have_is_not_read(misbehaving):
    misbehaving.reply = lambda request: bytes(10 << 20)
    (answer,) = ask(b"head", [misbehaving.url])
    assert isinstance(answer.problem, NetworkFailed)
    assert "more than" in str(answer.problem)


def test_nobody_there_is_a_failure_of_the_network():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        (answer,) = ask(b"head", [f"http://127.0.0.1:{taken.getsockname()[1]}/"])
    assert isinstance(answer.problem, NetworkFailed)
    assert answer.problem.exit_code == 7


def test_a_server_that_drips_is_cut_off():
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()

        def drip() -> None:
            line, _ = server.accept()
            with line:
                line.sendall(b"HTTP/1.1 200 OK\r\n")
                while not stop.wait(0.05):
                    try:
                        line.sendall(b"X: y\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        try:
            with pytest.raises(NetworkFailed):
                send(
                    f"http://127.0.0.1:{server.getsockname()[1]}/",
                    b"x",
                    kind="a/b",
                    accept="c/d",
                    limit=9,
                    patience=0.5,
                )
        finally:
            stop.set()
            thread.join()
        assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "url",
    ["", "file:///etc/passwd", "ftp://x/", "http://", "http:///x", "http://a b/", "http://x:99999/", "x", "http://ä/"],
)
def test_only_addresses_of_the_web_are_asked(url):
    with pytest.raises(UsageError):
        check_url(url)


def test_certificates_in_any_order_are_read_as_they_come(clocks, roots):
    """OpenSSL does not sort them, DER would."""
    request = make_request(b"head")
    reply = clocks[0].honest(request.der)
    sorted_reply = stamps._with_sorted_certificates(reply)
    assert sorted(reply) == sorted(sorted_reply)
    assert stamps._with_sorted_certificates(sorted_reply) == sorted_reply
    assert verify_stamp(reply, b"head", roots) == verify_stamp(sorted_reply, b"head", roots)


def test_no_flipped_bit_changes_the_time_that_is_believed(clocks, roots):
    reply = clocks[1].honest(make_request(b"head").der)
    good = verify_stamp(reply, b"head", roots)
    draw = random.Random(3161)
    for at in draw.sample(range(len(reply)), 150):
        changed = bytearray(reply)
        changed[at] ^= 1 << draw.randrange(8)
        try:
            found = verify_stamp(bytes(changed), b"head", roots)
        except (MalformedFile, VerificationFailed):
            continue
        assert (found.stamp.time, found.stamp.accuracy, found.root) == (
            good.stamp.time,
            good.stamp.accuracy,
            good.root,
        )


def test_a_reply_cut_anywhere_is_refused(clocks):
    reply = clocks[1].honest(make_request(b"head").der)
    for end in range(0, len(reply), 7):
        with pytest.raises(MalformedFile):
            parse_stamp(reply[:end], b"head")


def test_a_file_without_certificates_is_no_root():
    for pem in (b"", b"text", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        with pytest.raises(MalformedFile):
            parse_roots(pem)
