"""The other side's own copy of the program follows a recording while it is made: ``docs/spec/follow.md``."""
