"""``wholetape moderate`` export, import, backup, restore: comments in and out."""

from __future__ import annotations

import argparse
from typing import Any


def add(actions: Any, place: argparse.ArgumentParser) -> None:
    """Declares the actions."""
