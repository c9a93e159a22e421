"""Log: the cryptography of a seal: leaves, salts, tree, notes, heads, keys. Pure values: no files, no clock."""
