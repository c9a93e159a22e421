"""The reader's own check in the page of a release: its data lies beside the page, and nothing is in its way."""

from __future__ import annotations

import json
import re

from tests.checking.desk import EXAMPLES
from wholetape.cli.main import main
from wholetape.release.checker import catalogue, checker_page, words_of_check


def publish(folder, *more):
    words = ["publish", "--recording", EXAMPLES / "meeting.flac", "--print", EXAMPLES / "meeting.print", "-o", folder]
    assert main([*map(str, words), *map(str, more)]) == 0
    return next(path for path in folder.iterdir() if path.is_dir())


def test_a_site_has_the_checker_and_each_release_its_check(tmp_path):
    release = publish(tmp_path / "site")
    assert (tmp_path / "site" / "checker.html").read_bytes() == checker_page()
    page = (release / "index.html").read_text()
    (data,) = re.findall(r'<script [^>]*id="wholetape-check">(.*?)</script>', page)
    told = json.loads(data)
    for name in (told["engine"], told["references"][0]["print"], told["references"][0]["audio"]):
        assert (release / name).is_file(), name
    publish(tmp_path / "site", "--id", release.name)
    assert (release / told["engine"]).is_file(), "publishing again keeps what the page loads"


def test_the_widget_has_all_words_that_it_asks_for():
    from wholetape.release.checker import WIDGET, _script

    source = "".join(map(_script, (*WIDGET, "page", "start")))
    asked = set(re.findall(r'\bt\(\s*"([a-z.-]+)"', source))
    assert len(asked) > 30
    for language in ("en", "km"):
        words = words_of_check(language)
        assert asked <= set(words), asked - set(words)
        assert set(words) <= set(catalogue(language))
    starts = set(re.findall(r"\bt\(`([a-z.]+)\$\{", source))
    assert all(any(key.startswith(start) for key in words_of_check("en")) for start in starts), starts


def test_a_weight_that_a_phone_can_carry(tmp_path):
    import gzip

    release = publish(tmp_path / "site")
    for path in (release / "index.html", release / "index.km.html", tmp_path / "site" / "checker.html"):
        assert len(gzip.compress(path.read_bytes(), 9)) < 150_000, path.name
