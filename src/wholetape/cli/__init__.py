"""The program ``wholetape``: one file a command, each a few lines over the library."""
