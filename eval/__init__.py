"""How well the check works: releases with known edits, and the scores of what was found in them.

Nothing here is imported by the program. ``python -m eval --help`` tells how to run it.
"""
