"""Comments in and out: our own JSON, and what Disqus and Isso export. One file a format, each yields ``Incoming``."""
