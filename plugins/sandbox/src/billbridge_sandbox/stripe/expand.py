"""`expand[]`: puts whole objects where ids stand, in a copy; stored objects stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

from .account import Account, Json
from .errors import invalid
from .lists import envelope

# Where an id stands -> the kind of the object it names.
_IDS = {
    "customer.invoice_settings.default_payment_method": "payment_method",
    "invoice.customer": "customer",
    "invoice.default_payment_method": "payment_method",
    "invoice.parent.subscription_details.subscription": "subscription",
    "invoice_payment.invoice": "invoice",
    "invoice_payment.payment.payment_intent": "payment_intent",
    "line_item.pricing.price_details.price": "price",
    "line_item.subscription": "subscription",
    "payment_intent.customer": "customer",
    "payment_intent.payment_method": "payment_method",
    "payment_method.customer": "customer",
    "plan.product": "product",
    "price.product": "product",
    "product.default_price": "price",
    "subscription.customer": "customer",
    "subscription.default_payment_method": "payment_method",
    "subscription.latest_invoice": "invoice",
}


def _payments(account: Account, invoice: Json) -> Json:
    rows = account.where("invoice_payment", invoice=invoice["id"])
    return envelope(deepcopy(rows), f"/v1/invoice_payments?invoice={invoice['id']}")


def _confirmation_secret(account: Account, invoice: Json) -> Json | None:
    if invoice["status"] != "open":
        return None
    intents = [row["payment"]["payment_intent"] for row in account.where("invoice_payment", invoice=invoice["id"])]
    secrets = [account.find("payment_intent", intent)["client_secret"] for intent in intents]
    return {"client_secret": secrets[0], "type": "payment_intent"} if secrets else None


def _subscriptions(account: Account, customer: Json) -> Json:
    rows = [row for row in account.where("subscription", customer=customer["id"]) if row["ended_at"] is None]
    return envelope(deepcopy(rows[:10]), f"/v1/customers/{customer['id']}/subscriptions", len(rows) > 10)


# Fields that are absent unless they are asked for.
_INCLUDED: dict[str, Callable[[Account, Json], Any]] = {
    "customer.subscriptions": _subscriptions,
    "invoice.confirmation_secret": _confirmation_secret,
    "invoice.payments": _payments,
}


def expanded(account: Account, value: Json, paths: Iterable[str]) -> Json:
    """A copy of `value` with every dotted path expanded. Raises StripeError for a path that leads to nothing expandable."""
    copy = deepcopy(value)
    for path in paths:
        steps = path.split(".")
        if len(steps) > 4 + (steps[0] == "data"):
            raise invalid(f"You cannot expand more than 4 levels of a property. Property: {path}", param="expand")
        _expand(account, copy, steps, str(copy.get("object")), path)
    return copy


def _expand(account: Account, node: Any, steps: list[str], where: str, path: str) -> None:
    if isinstance(node, list):
        for row in node:  # pyright: ignore[reportUnknownVariableType] -- JSON
            _expand(account, row, steps, where, path)
        return
    if not isinstance(node, dict):
        raise _cannot(path)
    if "object" in node:
        where = str(node["object"])  # pyright: ignore[reportUnknownArgumentType] -- JSON
    name, rest = steps[0], steps[1:]
    place = f"{where}.{name}"
    if place in _INCLUDED and name not in node:
        node[name] = _INCLUDED[place](account, node)
    elif place in _IDS and isinstance(node.get(name), str):
        node[name] = _load(account, _IDS[place], node[name])
    elif not (place in _INCLUDED or place in _IDS or (rest and name in node)):
        raise _cannot(path)
    if rest and node[name] is not None:
        _expand(account, node[name], rest, place, path)


def _load(account: Account, kind: str, id: str) -> Json:
    if id in account.deleted_customers:
        return deleted(id, "customer")
    return deepcopy(account.find(kind, id, "expand"))


def _cannot(path: str) -> Exception:
    return invalid(f"This property cannot be expanded ({path}).", param="expand")


def deleted(id: str, kind: str) -> Json:
    """What Stripe shows of a deleted object."""
    return {"id": id, "object": kind, "deleted": True}
