"""The official Chargebee SDK, untyped on purpose: chargebee 3.29.0 has type hints inside but ships no `py.typed`, so type checkers see
nothing.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

chargebee: Any = import_module("chargebee")


def kinds() -> list[str]:
    """The names of the SDK's resources: "customer", "item_price"..."""
    return sorted(folder.name for folder in Path(chargebee.models.__file__).parent.iterdir() if (folder / "responses.py").exists())


def module(kind: str, part: str) -> ModuleType:
    """One module of a resource's folder: "operations" or "responses"."""
    return import_module(f"chargebee.models.{kind}.{part}")
