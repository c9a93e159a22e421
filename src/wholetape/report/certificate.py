"""A certificate for a person to complete and sign, in the manner of FRE 902(14): what was done, and what it showed.

United States Federal Rules of Evidence 902(14) with 902(11): data copied from a file may come in on the certification
of a qualified person that a process of digital identification was used. The program fills in the figures; who
certifies, how keys were got, and the signature it leaves blank. It is a form and no legal advice.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wholetape.properties import Name, Verification
from wholetape.report.escape import printable

WIDTH = 78
_LINE = "_" * 44
_NEVER = (Name.TRUE, Name.SPEAKERS, Name.UNEDITED_BEFORE, Name.ONLY_SEAL)


@dataclass(frozen=True, slots=True)
class Examined:
    """One file that was examined: what it is, its name as given, bytes, and SHA-256 in hex."""

    what: str
    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the program ran on: names with versions, and when, by this machine's clock, as people write it."""

    software: Mapping[str, str]
    time: str


@dataclass(frozen=True, slots=True)
class _Section:
    title: str
    paragraphs: Sequence[str]


def certificate_text(
    found: Verification, files: Sequence[Examined], head: Mapping[str, str | int], occasion: Occasion
) -> str:
    """The certificate as plain text.

    Args:
        found: what was established; it must not have failed.
        files: the recording, the seal, and whatever else was compared.
        head: ``origin``, ``size`` in leaves and ``root`` in hex of the head.
        occasion: program, machine, time.

    Raises:
        ValueError: the seal did not verify: there is nothing to certify.
    """
    lines = [_TITLE, "in the manner of Federal Rule of Evidence 902(14)", ""]
    for section in _sections(found, files, head, occasion):
        lines += [section.title, ""]
        for paragraph in section.paragraphs:
            lines += _wrapped(paragraph)
        lines.append("")
    return "\n".join(lines)


def certificate_html(
    found: Verification, files: Sequence[Examined], head: Mapping[str, str | int], occasion: Occasion
) -> str:
    """The certificate as one HTML page that fetches nothing; arguments and errors as :func:`certificate_text`."""
    body = [f"<h1>{html.escape(_TITLE)}</h1>", "<p>in the manner of Federal Rule of Evidence 902(14)</p>"]
    for section in _sections(found, files, head, occasion):
        body.append(f"<h2>{html.escape(section.title)}</h2>")
        body += [f"<p>{html.escape(paragraph)}</p>" for paragraph in section.paragraphs]
    return _PAGE.format(title=html.escape(_TITLE), body="\n".join(body))


_TITLE = "CERTIFICATE ON THE IDENTITY OF A RECORDING"
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font: 12pt/1.4 Georgia, serif; max-width: 42em; margin: 3em auto; padding: 0 1em; overflow-wrap: anywhere }}
h1 {{ font-size: 1.3em }} h2 {{ font-size: 1.05em; margin-top: 1.6em }} p {{ margin: .4em 0; white-space: pre-wrap }}
</style>
{body}
</html>
"""


def _sections(
    found: Verification, files: Sequence[Examined], head: Mapping[str, str | int], occasion: Occasion
) -> Iterator[_Section]:
    if found.failure is not None:
        raise ValueError("nothing to certify: the seal did not verify")
    software = ", ".join(f"{name} {version}" for name, version in occasion.software.items())
    yield _Section(
        "1. Who certifies",
        (
            f"Name:          {_LINE}",
            f"Occupation:    {_LINE}",
            f"Employer:      {_LINE}",
            f"Address:       {_LINE}",
            f"Qualified by training or experience in: {_LINE}",
            f"Instructed by: {_LINE}",
        ),
    )
    yield _Section(
        "2. What was examined",
        [line for one in files for line in _examined(one)]
        + [
            f"The seal's head: {head['origin']}, {head['size']} leaves, root {head['root']}.",
            f"How these files came to me, and from whom: {_LINE}",
        ],
    )
    yield _Section("3. Whose keys", [*_keys(found)])
    yield _Section(
        "4. What was done",
        (
            f"On {occasion.time}, by this machine's clock, I ran `wholetape verify` with these files and keys, "
            f"on {software}.",
            "The program computed the SHA-256 hash of each file from all its bytes; computed the seal's Merkle tree "
            "(RFC 9162) anew from its leaves and compared its root with the signed head; verified each party's Ed25519 "
            "signature (RFC 8032) with the keys named above, and with none taken from the seal; and compared the "
            "recording's bytes, and where its format is lossless its samples, with what the seal commits to.",
            "Anyone can repeat this with the same files. The page docs/verify-by-hand.md of the program does it "
            "without the program, with unzip, sha256sum and openssl.",
            f"I repeated it by other means (say which, or none): {_LINE}",
        ),
    )
    yield _Section("5. What was found", [*_established(found)])
    yield _Section("6. What is not established", [*_open(found)])
    yield _Section(
        "7. Declaration",
        (
            "I declare under penalty of perjury under the laws of the United States of America (28 U.S.C. § 1746) "
            "that what stands above and what I have filled in is true and correct to the best of my knowledge.",
            f"Date:          {_LINE}",
            f"Place:         {_LINE}",
            f"Signature:     {_LINE}",
            "This form was filled in by a program. It is no legal advice; which rule applies, what notice must be "
            "given and who is qualified depend on the court. Strike what does not apply.",
        ),
    )


def _examined(one: Examined) -> Iterator[str]:
    yield f"{one.what}: {printable(one.path)}, {one.size:,} bytes,"
    yield f"    SHA-256 {one.sha256}"


def _keys(found: Verification) -> Iterator[str]:
    for party in found.parties:
        told = "signed" if party.signed else "did not sign"
        if not party.pinned:
            yield f"{printable(party.name)}: named in the seal, {told}; its key was not pinned: it counts for nothing."
            continue
        yield f"{printable(party.name)}: {told}; key with the SHA-256 fingerprint"
        yield f"    {party.fingerprint}"
        yield f"    I had this key from (whom, when, how): {_LINE}"


def _established(found: Verification) -> Iterator[str]:
    same = found[Name.FILE].established
    if same:
        yield "The recording's file is, bit for bit, the one that was sealed."
    elif found[Name.SAMPLES].established:
        yield "The recording's file is another than the sealed one, and its sound is the same, sample for sample."
    for own in found.properties:
        if own.established:
            by = f" (by {', '.join(map(printable, own.by))})" if own.by else ""
            yield f"- {own.name.value}: {printable(own.why)}{by}"


def _open(found: Verification) -> Iterator[str]:
    for own in found.properties:
        if not own.established and own.name not in _NEVER:
            yield f"- {own.name.value}: {printable(own.why)}"
    for name in _NEVER:
        yield f"- {printable(found[name].why)}"


def _wrapped(paragraph: str) -> list[str]:
    if paragraph.startswith("    "):
        return [paragraph]
    indent = "  " if paragraph.startswith("- ") else ""
    return textwrap.wrap(
        paragraph, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    ) or [""]
