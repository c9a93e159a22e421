"""The encodings that a recording went through, read from its samples."""
