"""`expand[]`: replaces ids with whole objects, in a copy. Stored objects do not change."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import partial
from typing import Any, cast

from billbridge_sandbox.stripe.api.errors import invalid
from billbridge_sandbox.stripe.endpoints.lists import envelope
from billbridge_sandbox.stripe.store.account import Account, Json

# Where an id, or a list of ids, stands -> the kind of the objects named.
_IDS = {
    "checkout.session.customer": "customer",
    "checkout.session.setup_intent": "setup_intent",
    "customer.invoice_settings.default_payment_method": "payment_method",
    "customer_balance_transaction.customer": "customer",
    "customer_balance_transaction.invoice": "invoice",
    "entitlements.active_entitlement.feature": "entitlements.feature",
    "discount.customer": "customer",
    "discount.promotion_code": "promotion_code",
    "discount.source.coupon": "coupon",
    "invoice.customer": "customer",
    "invoice.discounts": "discount",
    "invoice.total_discount_amounts.discount": "discount",
    "invoice.default_payment_method": "payment_method",
    "invoice.parent.subscription_details.subscription": "subscription",
    "invoice_payment.invoice": "invoice",
    "invoice_payment.payment.payment_intent": "payment_intent",
    "line_item.pricing.price_details.price": "price",
    "line_item.discount_amounts.discount": "discount",
    "line_item.subscription": "subscription",
    "payment_intent.customer": "customer",
    "payment_intent.payment_method": "payment_method",
    "payment_method.customer": "customer",
    "plan.product": "product",
    "price.product": "product",
    "product.default_price": "price",
    "promotion_code.customer": "customer",
    "promotion_code.promotion.coupon": "coupon",
    "setup_intent.customer": "customer",
    "setup_intent.payment_method": "payment_method",
    "subscription.customer": "customer",
    "subscription.discounts": "discount",
    "subscription.default_payment_method": "payment_method",
    "subscription.latest_invoice": "invoice",
    "subscription.schedule": "subscription_schedule",
    "subscription_schedule.customer": "customer",
    "subscription_schedule.default_settings.default_payment_method": "payment_method",
    "subscription_schedule.phases.default_payment_method": "payment_method",
    "subscription_schedule.phases.items.price": "price",
    "subscription_schedule.subscription": "subscription",
    "tax_id.customer": "customer",
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


def _tax_ids(account: Account, customer: Json) -> Json:
    rows = account.where("tax_id", customer=customer["id"])
    return envelope(deepcopy(rows[:10]), f"/v1/customers/{customer['id']}/tax_ids", len(rows) > 10)


def _credit_balance(account: Account, customer: Json) -> Json:
    """Positive is credit here, unlike in `balance` (stripe 16.1.0, Customer.invoice_credit_balance)."""
    return {customer["currency"]: -customer["balance"]} if customer["balance"] else {}


def _kept(account: Account, value: Json, kind: str, name: str) -> Any:
    return deepcopy(account.kept(kind, value["id"]).get(name))


# Fields that are absent unless they are asked for; what has no such field (a price without tiers) stays without it.
_INCLUDED: dict[str, Callable[[Account, Json], Any]] = {
    "coupon.applies_to": partial(_kept, kind="coupon", name="applies_to"),
    "coupon.currency_options": partial(_kept, kind="coupon", name="currency_options"),
    "customer.invoice_credit_balance": _credit_balance,
    "customer.subscriptions": _subscriptions,
    "customer.tax_ids": _tax_ids,
    "invoice.confirmation_secret": _confirmation_secret,
    "invoice.payments": _payments,
    "plan.tiers": partial(_kept, kind="price", name="tiers"),
    "price.currency_options": partial(_kept, kind="price", name="currency_options"),
    "price.tiers": partial(_kept, kind="price", name="tiers"),
}
# Of these the absence is told by leaving the field out, not by null.
_NEVER_NULL = {"coupon.applies_to", "coupon.currency_options", "plan.tiers", "price.currency_options", "price.tiers"}


# Lists inside objects, and how many rows they show.
_SHORTENED = {"items": 10, "lines": 10}
# Objects and lists that stand in the answer anyway, and whose own fields can be expanded.
_INLINE = {
    "customer.subscriptions": "subscription[]",
    "customer.tax_ids": "tax_id[]",
    "invoice.lines": "line_item[]",
    "invoice.payments": "invoice_payment[]",
    "subscription.items": "subscription_item[]",
    "subscription_item.plan": "plan",
    "subscription_item.price": "price",
}


def check_paths(kind: str, paths: Iterable[str]) -> None:
    """Refuse a path that leads to nothing expandable in an object of this kind, or in a list of it ("customer[]").

    Call it before a request is executed, so that a wrong path changes nothing.
    """
    for path in paths:
        place, last = kind, ""
        steps = path.split(".")
        if len(steps) > 4 + kind.endswith("[]"):
            raise invalid(f"You cannot expand more than 4 levels of a property. Property: {path}", param="expand")
        for step in steps:
            last = f"{place}.{step}"
            if place.endswith("[]") and step == "data":
                place = place[:-2]
            elif last in _INLINE or last in _IDS:
                place = _INLINE.get(last) or _IDS[last]
            elif last in _INCLUDED or any(known.startswith(f"{last}.") for known in _IDS):
                place = last
            else:
                raise invalid(f"This property cannot be expanded ({path}).", param="expand")
        if last not in _IDS and last not in _INCLUDED:
            raise invalid(f"This property cannot be expanded ({path}).", param="expand")


def expanded(account: Account, value: Json, paths: Iterable[str]) -> Json:
    """A copy of `value` with every dotted path expanded. The paths have passed `check_paths`."""
    copy: Json = json.loads(json.dumps(value))  # several times faster than deepcopy
    for path in paths:
        _expand(account, copy, path.split("."), "")
    _shorten(copy)
    return copy


def _shorten(node: Any) -> None:
    """Keep the first rows of lists inside objects; the rest is read from the list's own URL."""
    if isinstance(node, list):
        rows: list[Any] = node
        for row in rows:
            _shorten(row)
    elif isinstance(node, dict):
        found = cast(Json, node)
        for name, inner in found.items():
            _shorten(inner)
            if name in _SHORTENED and isinstance(inner, dict) and len(inner["data"]) > _SHORTENED[name]:
                inner.update(data=inner["data"][: _SHORTENED[name]], has_more=True)


def _expand(account: Account, node: Any, steps: list[str], where: str) -> None:
    if isinstance(node, list):
        rows: list[Any] = node
        for row in rows:
            _expand(account, row, steps, where)
        return
    if not isinstance(node, dict) or "deleted" in node:
        return
    found = cast(Json, node)
    name, rest = steps[0], steps[1:]
    place = f"{found.get('object', where)}.{name}"
    if place in _INCLUDED and name not in found:
        value = _INCLUDED[place](account, found)
        if value is not None or place not in _NEVER_NULL:
            found[name] = value
    elif place in _IDS and isinstance(found[name], str):
        found[name] = _load(account, _IDS[place], found[name])
    elif place in _IDS and isinstance(found[name], list):
        found[name] = [_load(account, _IDS[place], each) if isinstance(each, str) else each for each in found[name]]
    if rest and name in found:
        _expand(account, found[name], rest, place)


def _load(account: Account, kind: str, id: str) -> Json:
    if id in account.deleted_customers:
        return deleted(id, "customer")
    gone = account.tables[f"deleted {kind}"].get(id)
    return deepcopy(gone if gone is not None and id not in account.tables[kind] else account.find(kind, id))


def deleted(id: str, kind: str) -> Json:
    """What Stripe shows of a deleted object."""
    return {"id": id, "object": kind, "deleted": True}
