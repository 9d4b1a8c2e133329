"""What one simulated Stripe account holds: its objects, its clock, its ids. It holds no rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias

from billbridge_sandbox.kernel.cards import TestCard
from billbridge_sandbox.kernel.clock import Clock, Job
from billbridge_sandbox.kernel.ids import Ids
from billbridge_sandbox.kernel.store import Table
from billbridge_sandbox.stripe.api.errors import no_such

Json: TypeAlias = dict[str, Any]

# Stripe's own spelling in "No such ...", where it is not the object's name.
_SPELLING = {"payment_method": "PaymentMethod"}


class Account:
    """Objects by kind ("customer", "price"...), each stored as Stripe sends it, unexpanded."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self.clock = clock
        self.ids = ids
        self.tables: defaultdict[str, Table[Json]] = defaultdict(Table[Json])
        self.deleted_customers: set[str] = set()
        self._kept: defaultdict[tuple[str, str], Json] = defaultdict(dict)
        self.cards: dict[str, TestCard] = {}
        self.detached: set[str] = set()
        self._jobs: dict[str, Job] = {}

    @property
    def now(self) -> int:
        """The simulated time in Unix seconds."""
        return self.clock.timestamp

    def find(self, kind: str, id: str, param: str = "id", status: int = 400) -> Json:
        """The stored object. Raises StripeError `resource_missing`."""
        found = self.tables[kind].get(id)
        if found is None:
            raise no_such(_SPELLING.get(kind, kind), id, param, status)
        return found

    def at_path(self, kind: str, ids: dict[str, str], param: str = "id") -> Json:
        """The object that the request's path names. Raises StripeError `resource_missing` with status 404."""
        return self.find(kind, ids["id"], param, status=404)

    def kept(self, kind: str, id: str) -> Json:
        """Data of an object that is sent only when it is expanded, or never: a price's tiers, a coupon's products."""
        return self._kept[kind, id]

    def put(self, value: Json) -> Json:
        """Store an object under its own kind and id."""
        return self.tables[value["object"]].put(value["id"], value)

    def where(self, kind: str, **fields: Any) -> list[Json]:
        """The objects whose fields have these values, newest first."""
        rows = self.tables[kind].newest_first()
        return [row for row in rows if all(row[name] == value for name, value in fields.items())]

    def schedule(self, id: str, when: int, work: Callable[[], None]) -> None:
        """Schedule `work` for an object at a Unix time. It replaces earlier work for this object."""
        self.unschedule(id)
        self._jobs[id] = self.clock.at(datetime.fromtimestamp(when, UTC), work)

    def unschedule(self, id: str) -> None:
        """Cancel the work scheduled for an object."""
        job = self._jobs.pop(id, None)
        if job is not None:
            job.cancel()
