"""A recording that is sealed while it is made; ``docs/how-record-works.md`` has its invariants and its files.

capture → recorder (segments, events) → sound on disk → print's rows → leaves on disk → head → (followers) → closing
"""
