"""Which fields are always there, and which never null: data derived by `law.derive`, which says how, why and from what."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def table(vendor: str) -> dict[str, Any]:
    """The table of one vendor, keyed by the full name of the Python SDK's class; a class that is not in it has no evidence either way."""
    file = Path(__file__).with_name(f"{vendor}.json")
    loaded: dict[str, Any] = json.loads(file.read_text())
    return loaded
