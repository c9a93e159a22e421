"""checker.html with a seal, an excerpt or a proof: keys that the reader pins, from files, text or a picture."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.browser.checker_page import EXAMPLES, MEETING, POSTED, answer
from wholetape.cli.main import main
from wholetape.release.checker import catalogue


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """A sealed meeting: the seal, its print, and the public keys of both sides."""
    folder = tmp_path_factory.mktemp("sealed")
    for name in ("side-a", "side-b"):
        assert main(["keygen", "--name", name, "-o", str(folder / f"{name}.key")]) == 0
    shutil.copy(MEETING, folder / "meeting.flac")
    words = ["--key", folder / "side-a.key", "--party", folder / "side-b.pub", "-o", folder / "meeting.seal"]
    assert main(["seal", str(folder / "meeting.flac"), *map(str, words)]) == 0
    cosign = ["cosign", folder / "meeting.seal", "--key", folder / "side-b.key", "--recording", folder / "meeting.flac"]
    assert main([*map(str, cosign)]) == 0
    return folder


def test_against_a_seal_with_the_keys_of_both_sides(visit, page_file, sealed):
    seen = visit()
    page = seen.go(page_file)
    files = [sealed / name for name in ("meeting.seal", "meeting.print", "side-a.pub", "side-b.pub")]
    ours = answer(seen, page, POSTED, *files)
    assert ours["outcome"] == "edited"
    assert (ours["references"][0]["kind"], ours["references"][0]["standing"]) == ("seal", "all-parties")
    assert "sealed by all parties" in page.inner_text(".answer")
    page.click("details.sealed summary")
    assert "no seal proves who spoke" in page.inner_text("details.sealed")
    assert seen.faults() == []


def test_without_keys_the_seal_proves_nothing(visit, page_file, sealed):
    seen = visit()
    page = seen.go(page_file)
    assert answer(seen, page, POSTED, sealed / "meeting.seal", sealed / "meeting.print") is None
    shown = page.inner_text("#main")
    assert "consistent with itself, signed by unknown keys" in shown
    page.click("summary:has-text('Keys of the parties')")
    keys = "".join((sealed / f"{name}.pub").read_text() for name in ("side-a", "side-b"))
    page.fill("textarea", keys)
    assert answer(seen, page, POSTED, sealed / "meeting.seal", sealed / "meeting.print")["outcome"] == "edited"
    assert seen.faults() == []


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_damaged_seal_is_refused_in_the_language_of_the_page(visit, page_file, sealed, tmp_path, language):
    data = bytearray((sealed / "meeting.seal").read_bytes())
    data[len(data) // 2] ^= 1
    bad = tmp_path / "meeting.seal"
    bad.write_bytes(data)
    seen = visit()
    page = seen.go(page_file)
    page.select_option("#language", language)
    assert answer(seen, page, POSTED, bad, sealed / "meeting.print", sealed / "side-a.pub") is None
    words = catalogue(language)
    shown = page.locator(".answer[role=alert]")
    assert shown.locator(".outcome").inner_text() == words["check.error.malformed"]
    assert words["check.malformed.damaged"] in shown.inner_text()
    assert shown.locator("p > span[lang=en]").count() == 1, "what exactly is wrong is told beside it, as English"
    assert seen.faults() == []


DETECTOR = """(text) => {
  globalThis.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect(seen) { return seen.width ? [{ rawValue: text }] : []; }
  };
}"""


def picture(path):
    from PIL import Image

    Image.new("RGB", (8, 8)).save(path)
    return path


def test_a_key_is_scanned_from_a_picture_where_the_browser_reads_codes(visit, page_file, sealed, tmp_path):
    """Chromium on Linux reads none: one that does is put in its place."""
    key = (sealed / "side-a.pub").read_text()
    for text, told in ((key, "among those above"), ("https://example.org", "but of no key")):
        seen = visit()
        seen.page.add_init_script(f"({DETECTOR})({json.dumps(text)})")
        page = seen.go(page_file)
        page.click("summary:has-text('Keys of the parties')")
        page.set_input_files(".scan input", str(picture(tmp_path / "code.png")))
        seen.until("document.querySelector('.scan [role=status]').textContent !== ''")
        assert told in page.inner_text(".scan [role=status]")
        assert page.input_value("textarea") == (key if text == key else "")
        assert seen.faults() == []


def test_a_browser_that_reads_no_codes_says_so(visit, page_file):
    seen = visit()
    seen.page.add_init_script("delete globalThis.BarcodeDetector")
    page = seen.go(page_file)
    page.click("summary:has-text('Keys of the parties')")
    assert "reads no QR codes" in page.inner_text(".scan")
    assert not page.is_visible(".scan button")
    assert not page.is_visible(".scan input")


def test_the_sealed_recording_itself_is_told_as_such_and_a_stamp_counts_under_its_root(visit, page_file):
    vectors = EXAMPLES.parent / "vectors" / "seal"
    seen = visit()
    page = seen.go(page_file)
    names = ("good-stamped.seal", "recording.print", "side-a.pub", "side-b.pub", "roots.pem")
    ours = answer(seen, page, vectors / "recording.wav", *(vectors / name for name in names))
    assert ours["references"][0]["standing"] == "all-parties"
    page.click("details.sealed summary")
    shown = page.inner_text("details.sealed")
    assert "Every sample of the copy has its sealed hash." in shown
    assert "The seal existed by this time" in shown
    assert "Clock of the vectors" in shown


def test_an_excerpts_proof_is_a_reference_and_its_own_samples_are_told_as_such(visit, page_file):
    vectors = EXAMPLES.parent / "vectors" / "seal"
    files = [vectors / name for name in ("good.excerpt", "side-a.pub", "side-b.pub")]
    for copy, own in (("excerpt.wav", True), ("excerpt-bit.wav", False)):
        seen = visit()
        page = seen.go(page_file)
        ours = answer(seen, page, vectors / copy, *files)
        assert ours["references"][0]["withheld"] == [1, 0]
        page.click("details.sealed summary")
        shown = page.inner_text("details.sealed")
        assert ("Every sample of the copy has its sealed hash." in shown) is own
        assert "withheld: 1.000 s before, 0.000 s after" in shown
