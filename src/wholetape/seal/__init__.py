"""Seal: a recording committed to, so that nobody edits it later unnoticed. The use cases behind the seal's commands."""
