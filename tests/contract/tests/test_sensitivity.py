"""How sharp the suite is: a provider that spoils or loses one field of its answers, or ignores one of what it is asked, is caught.

Stripe is sabotaged one field at a time, in process, between the service and the surface. What no clause can notice is listed in `BLIND`,
and that list is exact: a field that becomes noticed must leave it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec
import pytest
from billbridge import Money, Provider, model
from billbridge.provider import INTERFACES
from billbridge.services import operations
from billbridge_contract import Client, SurfaceClass
from billbridge_contract.cases import Case, judged
from billbridge_contract.registry import clauses
from billbridge_contract.sandboxes import InProcessBackend
from billbridge_contract.surfaces import Surface

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


def spoil(value: Any) -> Any:
    """Something else of the same kind; what is not there stays away."""
    kinds: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
        (bool, lambda value: not value),
        (Money, lambda value: Money(value.amount + 1, value.currency)),
        (datetime, lambda value: value + timedelta(days=400)),
        (StrEnum, lambda value: type(value)("unknown")),
        (int | Decimal, lambda value: value + 1),
        (str, lambda value: f"{value}x"),
        (msgspec.Raw, lambda value: msgspec.Raw(b"{}")),
        (dict, lambda value: {**value, "x": "x"}),
        (list, lambda value: value[:-1]),
    )
    return next((change(value) for kind, change in kinds if isinstance(value, kind)), value)


def lose(kind: type[msgspec.Struct], field: str) -> Callable[[Any], Any]:
    """What the field is when nobody gives it; it stays where there is no such value."""
    found = next(one for one in msgspec.structs.fields(kind) if one.name == field)
    if found.default is not msgspec.NODEFAULT:
        return lambda _: found.default
    if found.default_factory is not msgspec.NODEFAULT:
        return lambda _: found.default_factory()
    return lambda value: value


def sabotaged(value: Any, kind: type, field: str, change: Callable[[Any], Any]) -> Any:
    """The value with the field changed in every struct of the kind, however deep."""
    if isinstance(value, list | tuple):
        return type(value)(sabotaged(item, kind, field, change) for item in value)
    if not isinstance(value, msgspec.Struct) or isinstance(value, msgspec.Raw):
        return value
    inner = {name: getattr(value, name) for name in value.__struct_fields__}
    deep = {name: sabotaged(item, kind, field, change) for name, item in inner.items() if isinstance(item, msgspec.Struct | list)}
    if type(value) is kind:
        deep[field] = change(deep.get(field, inner[field]))
    return msgspec.structs.replace(value, **deep) if deep else value


def sabotage(provider: Provider, *, asked: bool, change: Callable[[Any], Any]) -> None:
    """Puts the change between every operation of a provider and the surface."""

    def wrapped(method: Callable[..., Any]) -> Callable[..., Any]:
        def flow(*args: Any, **kwargs: Any) -> Any:
            if asked:
                return (yield from method(*change(args), **kwargs))
            return change((yield from method(*args, **kwargs)))

        return flow

    for interface in INTERFACES:
        service = getattr(provider, interface.resource)
        for name in operations(interface):
            if getattr(type(service), name) is not getattr(interface, name):
                setattr(service, name, wrapped(getattr(service, name)))


def notices(how: str, kind: type[msgspec.Struct], field: str) -> bool:
    """Whether any clause is not kept any more, or the field never had another value to begin with."""
    sabotage_of = spoil if how == "spoil" else lose(kind, field)
    touched = []

    def changed(value: Any) -> Any:
        other = sabotage_of(value)
        touched.append(other != value)
        return other

    class Sabotaged(InProcessBackend):
        name = "sabotaged"
        provider = "stripe"
        many = 5

        def connect(self, surface: SurfaceClass) -> Client:
            client = super().connect(surface)
            asked = issubclass(kind, model.Draft)
            sabotage(client._link.provider, asked=asked, change=lambda value: sabotaged(value, kind, field, changed))
            return client

    looking = tuple(CHAPTERS[kind].split())
    looks = (judged(Case(Sabotaged, Surface.BLOCKING, one))[1] for one in clauses() if one.id.startswith(looking))
    return any(not verdict.kept for verdict in looks) or not any(touched)


@pytest.mark.parametrize("kind", CHAPTERS, ids=lambda kind: kind.__name__)
def test_a_field_with_a_wrong_value_is_noticed(kind: type[msgspec.Struct]) -> None:
    assert unnoticed("spoil", kind) <= {"NewCustomer.id"}


@pytest.mark.parametrize("kind", CHAPTERS, ids=lambda kind: kind.__name__)
def test_a_field_that_gets_lost_is_noticed(kind: type[msgspec.Struct]) -> None:
    assert unnoticed("lose", kind) == {name for name in BLIND if name.startswith(f"{kind.__name__}.")}


def unnoticed(how: str, kind: type[msgspec.Struct]) -> set[str]:
    """The fields whose sabotage breaks no clause."""
    return {f"{kind.__name__}.{field}" for field in kind.__struct_fields__ if not notices(how, kind, field)}
