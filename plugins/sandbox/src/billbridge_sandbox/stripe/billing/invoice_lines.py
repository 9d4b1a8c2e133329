"""The lines of a subscription's invoice: licensed items in advance, metered items in arrears. Nothing is stored here.

A metered item shows a line of 0 on the first invoice. A period that is shorter than its price's interval costs its part of the price,
each line rounded for itself.
"""

from __future__ import annotations

from decimal import Decimal
from sys import intern

from billbridge_sandbox.kernel.sparse import Sparse
from billbridge_sandbox.stripe.api.money import decimal_text
from billbridge_sandbox.stripe.billing.periods import part_of, whole_period
from billbridge_sandbox.stripe.catalog.meter_events import usage
from billbridge_sandbox.stripe.catalog.pricing import Part, parts
from billbridge_sandbox.stripe.store.account import Account, Json

_FREE = "0"


def _parent(line: Sparse) -> Json:
    return {
        "invoice_item_details": None,
        "subscription_item_details": {
            "invoice_item": None,
            "proration": False,
            "proration_details": {"credited_items": None},
            "subscription": line["subscription"],
            "subscription_item": line.origin[0],
        },
        "type": "subscription_item_details",
    }


def _period(line: Sparse) -> Json:
    return {"end": line.origin[2], "start": line.origin[1]}


def _pricing(line: Sparse) -> Json:
    _, _, _, price, product, unit_amount = line.origin
    return {"price_details": {"price": price, "product": product}, "type": "price_details", "unit_amount_decimal": unit_amount}


# The fields that most lines have in common.
_LINE: Json = {
    "object": "line_item",
    "discount_amounts": [],
    "discountable": True,
    "discounts": [],
    "livemode": False,
    "metadata": {},
    "parent": _parent,
    "period": _period,
    "pricing": _pricing,
    "pretax_credit_amounts": [],
    "quantity": 1,
    "quantity_decimal": "1",
    "taxes": [],
}


def is_licensed(item: Json) -> bool:
    """Whether an item is billed in advance by its quantity. A metered item is billed afterwards by its usage."""
    return bool(item["price"]["recurring"]["usage_type"] == "licensed")


def usage_start(account: Account, item: Json, start: int) -> int:
    """The time from which an item's usage is not billed yet, in a period that began at `start`."""
    return max(start, int(account.kept("subscription_item", item["id"]).get("used until", 0)))


def lines_of(
    account: Account, subscription: Json, invoice: str, used: tuple[int, int] | None, free: bool, whole_price: bool = False
) -> list[Json]:
    """The lines of a new invoice. `used` is the time over which metered items are billed, None at the start; `free` is a trial.

    With `whole_price` a shortened period costs as much as a whole one.
    """
    found: list[Json] = []
    for item in subscription["items"]["data"]:
        name = account.find("product", item["price"]["product"])["name"]
        period = (item["current_period_start"], item["current_period_end"])
        if free:
            nothing = Part(Decimal(item.get("quantity", 0)), _FREE, 0, "")
            found.append(_line(account, subscription, item, invoice, period, nothing, f"Trial period for {name}"))
        elif is_licensed(item):
            seconds, whole = (1, 1) if whole_price else _share(subscription, item)
            for part in parts(account, item["price"], Decimal(item["quantity"]), subscription["currency"]):
                shortened = part if seconds == whole else part._replace(amount=part_of(part.amount, seconds, whole))
                found.append(_line(account, subscription, item, invoice, period, shortened, _described(part, name)))
        elif used is None:
            unused = Part(Decimal(0), item["price"]["unit_amount_decimal"] or _FREE, 0, "(billed by usage)")
            found.append(_line(account, subscription, item, invoice, period, unused, name))
        else:
            window = (usage_start(account, item, used[0]), used[1])
            meter = account.find("billing.meter", item["price"]["recurring"]["meter"])
            counted = max(usage(account, meter, subscription["customer"], window), Decimal(0))
            for part in parts(account, item["price"], counted, subscription["currency"]):
                found.append(_line(account, subscription, item, invoice, window, part, _described(part, name)))
    return found


def _described(part: Part, name: str) -> str:
    return f"{decimal_text(part.quantity)} × {name} {part.rate}"  # noqa: RUF001 -- Stripe's own sign


def _share(subscription: Json, item: Json) -> tuple[int, int]:
    """The seconds of an item's period, and those of a whole period of its price."""
    start, end = item["current_period_start"], item["current_period_end"]
    whole = whole_period(subscription, item["price"]["recurring"], start)
    return end - start, whole[1] - whole[0]


def _line(account: Account, subscription: Json, item: Json, invoice: str, period: tuple[int, int], part: Part, text: str) -> Json:
    price = item["price"]
    fields: Json = {
        "id": account.ids.next("il_", 24),
        "amount": part.amount,
        "currency": subscription["currency"],
        "description": intern(text),
        "invoice": invoice,
        "metadata": dict(item["metadata"]),
        "quantity": int(part.quantity) if part.quantity == part.quantity.to_integral_value() else None,
        "quantity_decimal": decimal_text(part.quantity),
        "subscription": subscription["id"],
        "subtotal": part.amount,
    }
    return Sparse(_LINE, fields, (item["id"], *period, price["id"], price["product"], part.unit_amount_decimal))
