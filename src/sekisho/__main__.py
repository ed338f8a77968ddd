"""``python -m sekisho``: the same door as the command."""

import sys

from sekisho.cli import main

if __name__ == "__main__":
    sys.exit(main())
