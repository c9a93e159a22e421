"""The speech that is mutated is that of the media tests."""

from tests.media.conftest import studio

__all__ = ["studio"]
