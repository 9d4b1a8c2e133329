"""A verified webhook delivery. The event is not translated: `raw` is the vendor's own JSON."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from billbridge.model.base import Entity


class Delivery(Entity, frozen=True, kw_only=True):
    """An event from the vendor whose signature or password was checked.

    `type` is the vendor's own name of the event. `occurred_at` is the time of the event in UTC. `raw` is the whole event.
    """

    shown: ClassVar = ("type",)

    type: str
    occurred_at: datetime
