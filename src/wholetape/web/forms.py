"""Forms as they arrive: bounded, strict UTF-8, from our own pages only."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

MOST_FIELDS = 400
"""A page of the queue with all boxes ticked has 60."""


class Problem(Exception):
    """A request that is not done; ``code`` names the reason in the message catalogue under ``problem.``."""

    def __init__(self, status: int, code: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.headers = status, code, headers or {}


class Fields(dict[str, str]):
    """A form's fields; one that comes more than once is in ``lists`` as well."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        super().__init__(pairs)
        self.lists: dict[str, list[str]] = {}
        for name, value in pairs:
            self.lists.setdefault(name, []).append(value)


def refuse_strangers(request: Request, *, unnamed: bool = False) -> None:
    """Returns for a POST that a page of this site, or no page at all, has sent; raises ``Problem``.

    ``Sec-Fetch-Site`` cannot be forged by a page; older ones, and all without HTTPS, send ``Origin``. Pages that let no
    referrer out send it as ``null``, which counts where ``unnamed``.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        good = site in ("same-origin", "none")
    else:
        good = (
            origin is None or (unnamed and origin == "null") or urlsplit(origin).netloc == request.headers.get("host")
        )
    if not good:
        raise Problem(403, "origin")


async def read_form(request: Request, most: int, *, unnamed: bool = False) -> Fields:
    """The fields of a form of at most ``most`` bytes.

    Raises:
        Problem: from another site's page, too long, another type, or not UTF-8.
    """
    refuse_strangers(request, unnamed=unnamed)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Problem(413, "long", {"connection": "close"})
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and kind != "application/x-www-form-urlencoded":
        raise Problem(415, "type")
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError as problem:  # UnicodeDecodeError is one
        raise Problem(400, "form") from problem
    return Fields(pairs)
