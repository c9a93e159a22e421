"""A passage that stands twice in one file: found by the file's own fingerprint, judged by its samples."""
