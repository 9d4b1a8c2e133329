"""The lines of a subscription's invoice: licensed items in advance, metered items in arrears. Nothing is stored here.

A metered item shows a line of 0 on the first invoice. What was used after the last renewal of a canceled subscription is not billed.
"""

from __future__ import annotations

from decimal import Decimal

from billbridge_sandbox.stripe.api.money import decimal_text
from billbridge_sandbox.stripe.catalog.meter_events import usage
from billbridge_sandbox.stripe.catalog.pricing import Part, parts
from billbridge_sandbox.stripe.store.account import Account, Json

_FREE = "0"


def lines_of(account: Account, subscription: Json, invoice: str, used: tuple[int, int] | None, free: bool) -> list[Json]:
    """The lines of a new invoice. `used` is the time over which metered items are billed, None at the start; `free` is a trial."""
    found: list[Json] = []
    for item in subscription["items"]["data"]:
        metered = item["price"]["recurring"]["usage_type"] == "metered"
        start, end = item["current_period_start"], item["current_period_end"]
        period = used if metered and used is not None else (start, end)
        name = account.find("product", item["price"]["product"])["name"]
        if free:
            nothing = Part(Decimal(item.get("quantity", 0)), _FREE, 0, "")
            found.append(_line(account, subscription, item, invoice, period, nothing, f"Trial period for {name}"))
            continue
        if metered and used is None:
            unused = Part(Decimal(0), item["price"]["unit_amount_decimal"] or _FREE, 0, "(billed by usage)")
            found.append(_line(account, subscription, item, invoice, period, unused, name))
            continue
        for part in parts(account, item["price"], _quantity(account, subscription, item, used), subscription["currency"]):
            count = decimal_text(part.quantity)
            found.append(_line(account, subscription, item, invoice, period, part, f"{count} × {name} {part.rate}"))  # noqa: RUF001 -- Stripe's own sign
    return found


def _quantity(account: Account, subscription: Json, item: Json, used: tuple[int, int] | None) -> Decimal:
    meter = item["price"]["recurring"]["meter"]
    if meter is None or used is None:
        return Decimal(item["quantity"])
    return max(usage(account, account.find("billing.meter", meter), subscription["customer"], used), Decimal(0))


def _line(account: Account, subscription: Json, item: Json, invoice: str, period: tuple[int, int], part: Part, text: str) -> Json:
    price = item["price"]
    return {
        "id": account.ids.next("il_", 24),
        "object": "line_item",
        "amount": part.amount,
        "currency": subscription["currency"],
        "description": text,
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": invoice,
        "livemode": False,
        "metadata": dict(item["metadata"]),
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": None,
                "proration": False,
                "proration_details": {"credited_items": None},
                "subscription": subscription["id"],
                "subscription_item": item["id"],
            },
            "type": "subscription_item_details",
        },
        "period": {"end": period[1], "start": period[0]},
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": part.unit_amount_decimal,
        },
        "quantity": int(part.quantity) if part.quantity == part.quantity.to_integral_value() else None,
        "quantity_decimal": decimal_text(part.quantity),
        "subscription": subscription["id"],
        "subtotal": part.amount,
        "taxes": [],
    }
