"""The type of a resource module's table of endpoints; nothing runs here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from billbridge_sandbox.chargebee.api.params import Ask, Json
from billbridge_sandbox.chargebee.store.site import Site

Handler: TypeAlias = Callable[[Site, Ask], Json]
Routes: TypeAlias = list[tuple[str, str, Handler]]
