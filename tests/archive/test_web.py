"""The archive as ``serve`` shows it: a clip or words in, recordings out; hostile clips harm themselves alone."""

from __future__ import annotations

import contextlib
import re
import shutil
import struct
from pathlib import Path

import httpx
import pytest

from eval.comments.loop import Loop
from wholetape.archive import Archive
from wholetape.checking.printing import hear_clip, print_or_why
from wholetape.cli.moderation import Place, open_desk
from wholetape.errors import UnreadableInput
from wholetape.web.app import make_app
from wholetape.web.confined import Limits, hear_confined
from wholetape.web.context import Context, Options
from wholetape.web.site import Site

SPEECH = Path(__file__).parents[2] / "examples" / "speech"
CLIP = SPEECH / "ami-trn01.flac"
HOSTILE = "<script>alert(1)</script>\u202egnp.flac"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    desk = tmp_path_factory.mktemp("site")
    (desk / "site").mkdir()
    sound = desk / "sound"
    sound.mkdir()
    for name in ("ami-trn01", "ami-dev01", "jfk-inaugural-1961"):
        shutil.copy(SPEECH / f"{name}.flac", sound)
    shutil.copy(SPEECH / "ljspeech-LJ001-0001.flac", sound / HOSTILE.replace("/", "\u2215"))
    (sound / "jfk-inaugural-1961.txt").write_text("ask not what your country <b>can</b> do for you")
    with Archive(desk / "A", make=True) as archive:
        list(archive.add([str(sound)], print_or_why))
    return desk


class Client:
    """Asks an application as a browser does, without a socket."""

    def __init__(self, app, loop) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._inner, self._loop = httpx.AsyncClient(transport=transport, base_url="http://site.test"), loop

    def request(self, method, path, **more):
        return self._loop.run(self._inner.request(method, path, **more))

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, **more):
        return self.request("POST", path, **more)


@contextlib.contextmanager
def serving(folder, data, **more):
    desk, secret = open_desk(Place.of(str(folder / "site"), None, str(data)), create=True)
    loop = Loop()
    try:
        context = Context(desk, secret, Site(folder / "site"), **more)
        yield Client(make_app(context, lambda event: None), loop)
    finally:
        loop.close()
        desk.close()


@pytest.fixture
def client(folder, tmp_path):
    with (
        Archive(folder / "A") as archive,
        serving(folder, tmp_path / "data", options=Options(rate=100), archive=archive) as client,
    ):
        yield client


def send(client, data: bytes, **headers):
    return client.post("/archive", files={"clip": ("clip", data)}, headers=headers)


def test_a_clip_is_found_through_the_page(client):
    answer = send(client, CLIP.read_bytes())
    assert answer.status_code == 200
    assert "ami-trn01.flac" in answer.text
    assert "never proof" in answer.text


def test_a_clip_is_found_through_the_interface(client):
    answer = client.post("/archive/api/find", content=CLIP.read_bytes())
    tree = answer.json()
    assert tree["format"] == "wholetape.find/v1"
    assert tree["outcome"] == "found"
    assert tree["hits"][0]["recording"] == "ami-trn01.flac"
    assert tree["hits"][0]["at"][0] == pytest.approx(0, abs=0.05)
    assert "path" not in tree["hits"][0]


def test_a_clip_from_elsewhere_is_honestly_not_found(client):
    tree = client.post("/archive/api/find", content=(SPEECH / "ami-dev00.flac").read_bytes()).json()
    assert (tree["outcome"], tree["hits"]) == ("not-found", [])


def test_names_and_transcripts_of_strangers_run_nothing(client):
    answer = send(client, (SPEECH / "ljspeech-LJ001-0001.flac").read_bytes())
    assert "<script>" not in answer.text
    assert "\u202e" not in answer.text
    words = client.get("/archive", params={"words": "country"})
    assert "&lt;b&gt;can&lt;/b&gt;" in words.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_words_are_found_and_paged(client):
    tree = client.get("/archive/api/words", params={"words": "COUNTRY ask"}).json()
    assert tree["total"] == 1
    assert tree["passages"][0]["recording"] == "jfk-inaugural-1961.flac"
    assert client.get("/archive/api/words", params={"words": "country", "start": 1}).json()["passages"] == []


@pytest.mark.parametrize("words", ["", '"', "*", "a" * 500, "OR", "\x00"])
def test_any_words_are_answered(client, words):
    assert client.get("/archive", params={"words": words}).status_code == 200
    assert client.get("/archive/api/words", params={"words": words}).status_code == 200


def test_recordings_are_paged(client):
    tree = client.get("/archive/api/recordings", params={"start": 1, "limit": 2}).json()
    assert (tree["total"], len(tree["recordings"])) == (4, 2)


@pytest.mark.parametrize("query", [{"start": "-1"}, {"limit": "x"}, {"start": "9" * 20}, {"start": "٣"}])
def test_what_is_no_number_is_refused(client, query):
    assert client.get("/archive/api/recordings", params=query).status_code == 400


def test_every_path_of_the_description_answers_as_it_says(client):
    described = client.get("/archive/api/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            content = CLIP.read_bytes() if method == "post" else None
            answer = client.request(method, path, content=content, params={"words": "x"} if method == "get" else None)
            schema = operation["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
            assert set(answer.json()) == set(schema["required"])


@pytest.mark.parametrize(
    "data",
    [b"x", b"\0" * 5000, b"RIFF" + b"\xff" * 400, CLIP.read_bytes()[:3000], b"#EXTM3U\nhttp://127.0.0.1/\n" * 9],
    ids=["letter", "zeros", "riff", "truncated", "playlist"],
)
def test_what_is_no_clip_is_told(client, data):
    answer = client.post("/archive/api/find", content=data)
    assert answer.status_code in (200, 422)
    if answer.status_code == 200:  # what little sound there is was not found
        assert answer.json()["outcome"] == "not-found"
    else:
        assert "/tmp" not in answer.text


def test_an_empty_body_and_another_sites_form_are_refused(client):
    assert client.post("/archive/api/find", content=b"").status_code == 400
    assert send(client, b"x", **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post("/archive", files={"other": ("clip", b"x")}).status_code == 400


async def pieces():
    for _ in range(3):
        yield b"x" * 600


def test_a_body_that_is_too_large_is_cut_off(client, monkeypatch):
    monkeypatch.setattr("wholetape.web.archive.LIMITS", Limits(bytes=1000))
    assert client.post("/archive/api/find", content=b"x" * 2000).status_code == 413
    assert client.post("/archive/api/find", content=pieces()).status_code == 413


def test_who_asks_too_often_is_asked_to_wait(folder, tmp_path):
    with Archive(folder / "A") as archive, serving(folder, tmp_path / "data", archive=archive) as client:
        states = [client.post("/archive/api/find", content=b"").status_code for _ in range(8)]
    assert states[:6] == [400] * 6
    assert set(states[6:]) == {429}


def test_without_an_archive_there_is_no_page(folder, tmp_path):
    with serving(folder, tmp_path / "data") as client:
        assert client.get("/archive").status_code == 404


def test_both_languages_say_everything(client):
    for language in ("en", "km"):
        page = client.get("/archive", params={"lang": language}).text
        assert f'<html lang="{language}">' in page
        assert not re.search(r"archive\.[a-z_]+\b(?!\.)", re.sub(r'"[^"]*"', "", page))


def test_a_child_hears_what_this_process_hears():
    frames, sha256 = hear_confined(str(CLIP))
    mine, mine_sha256 = hear_clip(CLIP, jobs=1)
    assert sha256 == mine_sha256
    assert (frames.words == mine.words).all()
    assert (frames.planes == mine.planes).all()


def long_silence(path: Path, seconds: int) -> None:
    size = seconds * 16000
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16, b"data", size
    )
    with path.open("wb") as file:
        file.write(head)
        file.truncate(44 + size)


def test_a_clip_that_is_too_long_is_told(tmp_path):
    long_silence(tmp_path / "long.wav", 90)
    with pytest.raises(UnreadableInput, match="longer than 60 seconds"):
        hear_confined(str(tmp_path / "long.wav"), Limits(seconds=60))


def test_a_clip_that_takes_too_much_processor_time_ends_its_child_alone(tmp_path):
    long_silence(tmp_path / "huge.wav", 6 * 3600)
    with pytest.raises(UnreadableInput, match="limits of this server"):
        hear_confined(str(tmp_path / "huge.wav"), Limits(processor=1))


def test_a_child_that_may_not_take_the_memory_ends_alone(tmp_path):
    long_silence(tmp_path / "long.wav", 1200)
    with pytest.raises(UnreadableInput, match="limits of this server"):
        hear_confined(str(tmp_path / "long.wav"), Limits(memory=300 << 20))
