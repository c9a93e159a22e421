"""The rules that moderators cite: of law, and of the default terms of use; publishers add own ones in the settings."""

from __future__ import annotations

LEGAL = ("law-defamation", "law-privacy", "law-threat", "law-court", "law-other")
"""All that a party's signed statement can be rejected for."""
TERMS = ("off-topic", "disrespect", "not-facts", "advertising", "duplicate", "not-plain")
"""The rules of the default terms of use; their words are in the message catalogue under ``comments.rule.``."""
RULES = (*TERMS, *LEGAL)
