"""Files that are written: whole or not at all, and what a party remembers between two runs."""
