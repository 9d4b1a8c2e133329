"""Pending invoice items: made, kept until an invoice takes them up, and shown as a line of it. Endpoints are in `invoice_items`."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from billbridge_sandbox.kernel.sparse import peek
from billbridge_sandbox.stripe.api.money import decimal_text
from billbridge_sandbox.stripe.store.account import Account, Json

_KIND = "invoiceitem"
_FINEST = Decimal("1e-12")  # of a unit amount


def new_item(account: Account, customer: str, currency: str, amount: int, period: tuple[int, int], **more: object) -> Json:
    """Store a pending invoice item of `amount` minor units. `more` replaces fields of a one-off item of quantity 1 without a price."""
    item: Json = {
        "id": account.ids.next("ii_", 24),
        "object": _KIND,
        "amount": amount,
        "currency": currency,
        "customer": customer,
        "customer_account": None,
        "date": account.now,
        "description": None,
        "discountable": True,
        "discounts": [],
        "frozen_fields": [],
        "invoice": None,
        "invoicing_rules": [],
        "livemode": False,
        "metadata": {},
        "parent": None,
        "period": {"end": period[1], "start": period[0]},
        "pricing": pricing(amount, Decimal(1), None),
        "proration": False,
        "quantity": 1,
        "quantity_decimal": "1",
        "tax_rates": [],
        "test_clock": None,
        **more,
    }
    _waiting(account, customer)[item["id"]] = item
    return account.put(item)


def pricing(amount: int, quantity: Decimal, price: Json | None) -> Json:
    """The pricing of an amount for a quantity, of a price or of none. The unit amount has twelve decimal places at most."""
    unit = (Decimal(amount) / quantity if quantity else Decimal(0)).quantize(_FINEST)
    details = price and {"price": price["id"], "product": price["product"]}
    return {"price_details": details, "type": "price_details", "unit_amount_decimal": decimal_text(unit)}


def _waiting(account: Account, customer: str) -> dict[str, Json]:
    """The pending items of a customer by id, oldest first."""
    return account.kept("pending invoiceitem", customer)


def pending(account: Account, customer: str, subscription: str | None, currency: str) -> list[Json]:
    """The pending items that the next invoice takes up: the subscription's own, and the customer's that belong to no subscription.

    An item in another currency waits for an invoice in its own.
    """
    rows = _waiting(account, customer).values()
    return [item for item in rows if item["currency"] == currency and subscription_of(item) in (None, subscription)]


def subscription_of(item: Json) -> str | None:
    """The subscription that an invoice item belongs to."""
    found: str | None = item["parent"] and item["parent"]["subscription_details"]["subscription"]
    return found


def forget(account: Account, item: Json) -> None:
    """Delete a pending item."""
    _waiting(account, item["customer"]).pop(item["id"])
    account.tables[_KIND].delete(item["id"])


def taken_up(account: Account, lines: Iterable[Json], invoice: str) -> dict[str, str]:
    """Mark the invoice items behind these lines as invoiced. Returns the line of each."""
    found: dict[str, str] = {}
    for line in lines:
        parent = peek(line, "parent")
        details = parent["subscription_item_details"] or parent["invoice_item_details"]
        if details["invoice_item"] is not None:
            item = account.find(_KIND, details["invoice_item"])
            item["invoice"] = invoice
            _waiting(account, item["customer"]).pop(item["id"])
            found[item["id"]] = line["id"]
    return found


def line_of(account: Account, item: Json, invoice: str) -> Json:
    """The invoice line of a pending item. A proration's parent is its subscription item; that of any other is the invoice item."""
    subscription = subscription_of(item)
    of_item = subscription and item["parent"]["subscription_details"]["subscription_item"]
    details: Json = {
        "invoice_item": item["id"],
        "proration": item["proration"],
        "proration_details": {"credited_items": None},
        "subscription": subscription,
    }
    kind = "subscription_item_details" if of_item else "invoice_item_details"
    parent: Json = {"invoice_item_details": None, "subscription_item_details": None, "type": kind}
    parent[kind] = {**details, "subscription_item": of_item} if of_item else details
    same = ("amount", "currency", "description", "discountable", "period", "pricing", "quantity", "quantity_decimal")
    return {
        "id": account.ids.next("il_", 24),
        "object": "line_item",
        **{name: item[name] for name in same},
        "discount_amounts": [],
        "discounts": [],
        "invoice": invoice,
        "livemode": False,
        "metadata": dict(item["metadata"]),
        "parent": parent,
        "pretax_credit_amounts": [],
        "subscription": subscription,
        "subtotal": item["amount"],
        "taxes": [],
    }
