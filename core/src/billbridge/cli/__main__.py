"""Run the `billbridge` command with `python -m billbridge.cli`."""

from __future__ import annotations

import sys

from billbridge.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
