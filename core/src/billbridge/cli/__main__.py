"""`python -m billbridge.cli` is the `billbridge` command."""

from __future__ import annotations

import sys

from billbridge.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
