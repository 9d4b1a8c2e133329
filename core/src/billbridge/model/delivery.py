"""A verified webhook delivery. The event is not translated: `raw` is the vendor's own JSON."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from billbridge.model.base import Entity


class Delivery(Entity, frozen=True, kw_only=True):
    """An event from the vendor whose signature or password was checked.

    `type` is the vendor's own name of the event. `occurred_at` is the time of the event in UTC. `raw` is the whole event.

    `is_notification` is true for an event that carries no object (Stripe's event notifications, API v2). `object_id` is the id of the
    object that it is about: read that object.
    """

    shown: ClassVar = ("type",)

    type: str
    occurred_at: datetime
    is_notification: bool = False
    object_id: str | None = None
