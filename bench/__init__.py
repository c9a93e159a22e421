"""How fast the check is, and how much memory it takes: whole cold processes. ``python -m bench --help``."""
