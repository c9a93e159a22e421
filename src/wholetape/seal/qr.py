"""Text as a QR code, for paper and cameras."""

from __future__ import annotations

import io


def qr_code(text: str) -> bytes:
    """The text as a QR code, an SVG picture; the same text is the same picture.

    Raises:
        segno.DataOverflowError: it is longer than a code can hold, some 2,300 bytes.
    """
    import segno

    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="svg", scale=8, border=4, light="white")
    return picture.getvalue()
