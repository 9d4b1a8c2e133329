"""How sharp the suite is: a provider that spoils or loses one field of its answers, or ignores one of what it is asked, is caught.

Stripe is sabotaged in process, on the blocking surface, between the service and the surface. What is swept: every field of every struct in
`CHAPTERS`, one at a time, spoiled (another value) and lost (its default), against the clauses of the struct's chapters in which the field
holds what the sabotage would change; elsewhere nothing would be different. One run without sabotage tells which these are. A sweep ends at
the first clause that notices. What no clause notices when it is lost is listed in `BLIND`: these are lost together, struct by struct, and
even so every clause is kept, while every other field must be noticed. So the list is exact: a field that becomes noticed must leave it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import product
from typing import Any

import msgspec
import pytest
from billbridge import Money, Provider, model
from billbridge.errors import ValidationError
from billbridge.provider import INTERFACES
from billbridge.services import operations
from billbridge_contract import Client, SurfaceClass
from billbridge_contract.cases import Case, judged
from billbridge_contract.registry import Clause, clauses
from billbridge_contract.sandboxes import InProcessBackend
from billbridge_contract.surfaces import Surface

Change = Callable[[Any], Any]

CHAPTERS = {
    model.Customer: "CUS PAY-01 VAL-01 LST",
    model.Address: "CUS",
    model.Product: "PRD VAL-02",
    model.Price: "PRC VAL-02",
    model.PaymentMethod: "PAY VAL-03",
    model.Card: "PAY VAL-03",
    model.Subscription: "SUB CAN VAL-04 TIM-04",
    model.SubscriptionItem: "SUB VAL-04",
    model.Invoice: "INV SUB-02 VAL-05",
    model.InvoiceLine: "INV VAL-05",
    model.NewCustomer: "CUS",
    model.CustomerPatch: "CUS",
    model.CustomerQuery: "LST",
    model.NewProduct: "PRD",
    model.ProductQuery: "PRD LST",
    model.NewPrice: "PRC",
    model.PriceQuery: "PRC",
    model.NewPaymentMethod: "PAY",
    model.PaymentMethodQuery: "PAY",
    model.NewSubscription: "SUB DEC",
    model.Item: "SUB",
    model.SubscriptionQuery: "SUB",
    model.InvoiceQuery: "INV",
}
"""The clauses that look at each kind, by the beginnings of their ids."""
BLIND = frozenset(
    {
        "Product.created_at",
        "Product.updated_at",
        "Price.created_at",
        "Price.vendor_interval",
        "Price.vendor_model",
        "Card.country",
        "Card.funding",
        "Subscription.collection_method",
        "Subscription.latest_invoice_id",
        "Subscription.start_date",
        "SubscriptionItem.product_id",
        "Invoice.created_at",
        "InvoiceLine.discount",
        "InvoiceLine.tax",
        "NewCustomer.id",
    }
)
"""What may get lost unnoticed, because a vendor need not have it. The last one is a feature that Stripe lacks."""


KEEN: Counter[str] = Counter()
"""How often a clause noticed something: the keenest are asked first, which saves time and decides nothing."""


def provided(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The fields that a provider fills in; `replayed` is the client's own and overwrites what comes."""
    return tuple(field for field in kind.__struct_fields__ if field != "replayed")


def another(word: StrEnum, *, asked: bool) -> StrEnum:
    """Another word of the same vocabulary: UNKNOWN in an answer where there is one, but nobody may ask for that."""
    others = [other for other in type(word) if other is not word]
    return next((other for other in others if (other == "unknown") is not asked), others[0])


def spoil(kind: type[msgspec.Struct], field: str) -> Change:
    """Makes something else of the same kind; what is not there stays away."""
    kinds: tuple[tuple[Any, Change], ...] = (
        (bool, lambda value: not value),
        (Money, lambda value: Money(value.amount + 1, value.currency)),
        (datetime, lambda value: value + timedelta(days=400)),
        (StrEnum, lambda value: another(value, asked=issubclass(kind, model.Draft))),
        (int | Decimal, lambda value: value + 1),
        (str, lambda value: f"{value}x"),
        (msgspec.Raw, lambda value: msgspec.Raw(b"{}")),
        (dict, lambda value: {**value, "x": "x"}),
        (list, lambda value: value[:-1]),
    )
    return lambda value: next((change(value) for types, change in kinds if isinstance(value, types)), value)


def lose(kind: type[msgspec.Struct], field: str) -> Change:
    """Makes the field what it is when nobody gives it; it stays where there is no such value."""
    found = next(one for one in msgspec.structs.fields(kind) if one.name == field)
    if found.default is not msgspec.NODEFAULT:
        return lambda _: found.default
    if found.default_factory is not msgspec.NODEFAULT:
        return lambda _: found.default_factory()
    return lambda value: value


@cache
def change_of(how: str, kind: type[msgspec.Struct], field: str) -> Change:
    """The sabotage of one field."""
    return {"spoil": spoil, "lose": lose}[how](kind, field)


def structs(value: Any) -> Iterator[msgspec.Struct]:
    """Every struct in a value, however deep."""
    if isinstance(value, msgspec.Struct) and not isinstance(value, msgspec.Raw):
        yield value
        value = [getattr(value, name) for name in value.__struct_fields__]
    if isinstance(value, list | tuple):
        for item in value:
            yield from structs(item)


def sabotaged(value: Any, kind: type, changes: Mapping[str, Change]) -> Any:
    """The value with the fields changed in every struct of the kind, however deep. A draft that could not be so stays as it is."""
    if isinstance(value, list | tuple):
        return type(value)(sabotaged(item, kind, changes) for item in value)
    if not isinstance(value, msgspec.Struct) or isinstance(value, msgspec.Raw):
        return value
    inner = {name: getattr(value, name) for name in value.__struct_fields__}
    deep = {name: sabotaged(item, kind, changes) for name, item in inner.items() if isinstance(item, msgspec.Struct | list)}
    if type(value) is kind:
        deep |= {name: change(deep.get(name, inner[name])) for name, change in changes.items()}
    try:
        return msgspec.structs.replace(value, **deep) if deep else value
    except ValidationError:
        return value


def intercept(provider: Provider, asked: Change, answered: Change) -> None:
    """Puts the two between every operation of a provider and the surface."""

    def wrapped(method: Callable[..., Any]) -> Callable[..., Any]:
        def flow(*args: Any, **kwargs: Any) -> Any:
            return answered((yield from method(*asked(args), **kwargs)))

        return flow

    for interface in INTERFACES:
        service = getattr(provider, interface.resource)
        for name in operations(interface):
            if getattr(type(service), name) is not getattr(interface, name):
                setattr(service, name, wrapped(getattr(service, name)))


def kept(one: Clause, asked: Change, answered: Change) -> bool:
    """Whether Stripe keeps a clause when it is intercepted so."""

    class Intercepted(InProcessBackend):
        name = "intercepted"
        provider = "stripe"
        many = 5

        def connect(self, surface: SurfaceClass) -> Client:
            client = super().connect(surface)
            intercept(client._link.provider, asked, answered)
            return client

    return judged(Case(Intercepted, Surface.BLOCKING, one))[1].kept


@cache
def holders() -> Mapping[tuple[str, type, str], set[str]]:
    """The clauses in which a field holds what a sabotage would change, by sabotage, struct and field. Without sabotage all are kept."""
    found: dict[tuple[str, type, str], set[str]] = defaultdict(set)

    def watch(clause: str, *, asked: bool) -> Change:
        def note(value: Any) -> Any:
            for struct in structs(value):
                kind = type(struct)
                if kind not in CHAPTERS or issubclass(kind, model.Draft) is not asked or not clause.startswith(looking(kind)):
                    continue
                for how, field in product(("spoil", "lose"), provided(kind)):
                    if sabotaged(struct, kind, {field: change_of(how, kind, field)}) != struct:
                        found[how, kind, field].add(clause)
            return value

        return note

    for one in clauses():
        if one.id.startswith(tuple(" ".join(CHAPTERS.values()).split())):
            assert kept(one, watch(one.id, asked=True), watch(one.id, asked=False)), f"{one.id} is broken without sabotage"
    return found


def looking(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The beginnings of the ids of the clauses that look at a kind."""
    return tuple(CHAPTERS[kind].split())


def noticed(how: str, kind: type[msgspec.Struct], *fields: str) -> str | None:
    """The clause that notices the sabotage of these fields, if one does."""
    changes = {field: change_of(how, kind, field) for field in fields}
    hold = set().union(*(holders().get((how, kind, field), ()) for field in fields))

    def change(value: Any) -> Any:
        return sabotaged(value, kind, changes)

    def leave(value: Any) -> Any:
        return value

    asked, answered = (change, leave) if issubclass(kind, model.Draft) else (leave, change)
    for one in sorted(clauses(), key=lambda one: -KEEN[one.id]):
        if one.id in hold and not kept(one, asked, answered):
            KEEN[one.id] += 1
            return one.id
    return None


def held(how: str, kind: type[msgspec.Struct]) -> list[str]:
    """The fields of a kind that any clause gives a value which the sabotage changes."""
    return [field for field in provided(kind) if (how, kind, field) in holders()]


@pytest.mark.parametrize("kind", CHAPTERS, ids=lambda kind: kind.__name__)
def test_a_field_with_a_wrong_value_is_noticed(kind: type[msgspec.Struct]) -> None:
    unnoticed = {f"{kind.__name__}.{field}" for field in held("spoil", kind) if noticed("spoil", kind, field) is None}
    assert unnoticed <= {"NewCustomer.id"}


@pytest.mark.parametrize("kind", CHAPTERS, ids=lambda kind: kind.__name__)
def test_a_field_that_gets_lost_is_noticed(kind: type[msgspec.Struct]) -> None:
    blind = {field for field in kind.__struct_fields__ if f"{kind.__name__}.{field}" in BLIND}
    assert blind <= set(held("lose", kind)), "in BLIND stands what never has a value"
    assert noticed("lose", kind, *blind) is None, "in BLIND stands what is noticed"
    assert [field for field in held("lose", kind) if field not in blind and noticed("lose", kind, field) is None] == []


def test_every_blind_field_is_a_field() -> None:
    assert {f"{kind.__name__}.{field}" for kind in CHAPTERS for field in kind.__struct_fields__} >= BLIND
