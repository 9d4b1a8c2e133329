"""A webhook delivery that was verified. Does not translate the event: `raw` is the vendor's own JSON."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from billbridge.model.base import Entity


class Delivery(Entity, frozen=True, kw_only=True):
    """An event that the vendor sent and that was checked: the vendor's own `type` word, when it happened (UTC), and `raw`, all of it."""

    shown: ClassVar = ("type",)

    type: str
    occurred_at: datetime
