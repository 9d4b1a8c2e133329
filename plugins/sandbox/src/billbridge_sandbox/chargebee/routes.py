"""The type of a resource module's table of endpoints; nothing runs here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from .params import Ask, Json
from .site import Site

Handler: TypeAlias = Callable[[Site, Ask], Json]
Routes: TypeAlias = list[tuple[str, str, Handler]]
