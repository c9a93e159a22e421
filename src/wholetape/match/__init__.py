"""Signal: prints, and how a release is aligned with them. No files, no clock."""
