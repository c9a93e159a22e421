"""How well the check works: releases with known edits, and the scores of what was found in them.

Nothing here is imported by the program. ``python -m eval --help`` tells how to run it.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: as the program itself does
