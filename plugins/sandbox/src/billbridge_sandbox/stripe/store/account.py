"""What one simulated Stripe account holds: its objects, its clock, its ids. It holds no rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeAlias

from billbridge_sandbox.kernel.cards import TestCard
from billbridge_sandbox.kernel.clock import Clock, Job
from billbridge_sandbox.kernel.ids import Ids
from billbridge_sandbox.kernel.sparse import peek
from billbridge_sandbox.kernel.store import Keys, Table
from billbridge_sandbox.stripe.api.errors import no_such

Json: TypeAlias = dict[str, Any]

# Stripe's own spelling in "No such ...", where it is not the object's name.
_SPELLING = {"payment_method": "PaymentMethod"}


def _of(field: str) -> Keys[Json]:
    return lambda row: (row[field],)


def _subscription(invoice: Json) -> tuple[str, ...]:
    details = (peek(invoice, "parent") or {}).get("subscription_details")
    return () if details is None else (details["subscription"],)


# Indexes by kind of object. They hold only fields that never change after an object is stored.
_INDEXES: dict[str, dict[str, Keys[Json]]] = {
    "customer_balance_transaction": {"customer": _of("customer")},
    "invoice": {"customer": _of("customer"), "subscription": _subscription},
    "invoiceitem": {"customer": _of("customer")},
    "invoice_payment": {"invoice": _of("invoice")},
    "subscription": {"customer": _of("customer")},
    "tax_id": {"customer": _of("customer")},
}


class _Tables(dict[str, Table[Json]]):
    """A table for each kind, made when it is first used."""

    def __missing__(self, kind: str) -> Table[Json]:
        return self.setdefault(kind, Table(**_INDEXES.get(kind, {})))


class Account:
    """Objects by kind ("customer", "price"...), each stored as Stripe sends it, unexpanded."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self.clock = clock
        self.ids = ids
        self.tables = _Tables()
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
        table = self.tables[kind]
        index = next(filter(table.indexed, fields), None)
        rows = table.newest_first() if index is None else reversed(table.among(index, fields.pop(index)))
        return [row for row in rows if all(row[name] == value for name, value in fields.items())]

    def invoices_of(self, subscription: str) -> list[Json]:
        """The invoices of a subscription, newest first."""
        return [*reversed(self.tables["invoice"].among("subscription", subscription))]

    def schedule(self, id: str, when: int, work: Callable[[], None]) -> None:
        """Schedule `work` for an object at a Unix time. It replaces earlier work for this object."""
        self.unschedule(id)
        self._jobs[id] = self.clock.at(when, work)

    def unschedule(self, id: str) -> None:
        """Cancel the work scheduled for an object."""
        job = self._jobs.pop(id, None)
        if job is not None:
            job.cancel()
