"""``python -m wholetape`` is the program ``wholetape``."""

import sys

from wholetape.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
