"""Release: the record on a page, and the reader's own check of a copy."""
