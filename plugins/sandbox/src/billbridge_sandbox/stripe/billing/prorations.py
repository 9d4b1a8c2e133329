"""Prorations: the pending invoice items that a change of a subscription leaves, credits of unused time and debits of remaining time.

To the second, as docs.stripe.com/billing/subscriptions/prorations says. A proration's amount already has the subscription's discounts in
it, so nothing more comes off it. Usage is not prorated. What the two billing modes do differently:

- Flexible credits a part of what was billed; what was never billed is not credited. Classic credits a part of the current price.
- Flexible keeps what was used at a metered price that is replaced or removed, as an invoice item; classic forgets it.

Our choices: every item with another price, quantity or period is prorated, even between prices of one amount. A tiered price is prorated
in one line, on the total of its tiers. A coupon of duration "once" that lowers a debit is used up by it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from billbridge_sandbox.stripe.billing import debits, discounts, pending_items
from billbridge_sandbox.stripe.billing.invoice_lines import is_licensed, lines_of, usage_start
from billbridge_sandbox.stripe.billing.periods import part_of, whole_period
from billbridge_sandbox.stripe.store.account import Account, Json


def is_flexible(subscription: Json) -> bool:
    """Whether the subscription's billing mode is flexible."""
    return bool(subscription["billing_mode"]["type"] == "flexible")


def credit(account: Account, subscription: Json, item: Json, moment: int) -> list[Json]:
    """Credit an item's unused time, from a moment to the end of what is billed or, in classic mode, of its period."""
    if not is_licensed(item):
        return []
    found = list(debits.credits_from(account, item, moment))
    if is_flexible(subscription):
        return [
            _stored(account, subscription, each.debit, item["id"], each.amount, (each.start, each.end), each.debit["source"])
            for each in found
        ]
    end = item["current_period_end"]
    if moment >= end:
        return []
    amount, _ = _full_price(account, subscription, subscription["items"]["data"], item)
    source = found[-1].debit["source"] if found else None
    return [_stored(account, subscription, item, item["id"], -_share(subscription, item, amount, moment, end), (moment, end), source)]


def debit(account: Account, subscription: Json, items: list[Json], item: Json, moment: int) -> list[Json]:
    """Bill an item's remaining time, from a moment to the end of its period. `items` are all items after the change."""
    end = item["current_period_end"]
    if not is_licensed(item) or moment >= end:
        return []
    full, taken = _full_price(account, subscription, items, item)
    amount = _share(subscription, item, full, moment, end)
    shares = [{**each, "amount": _share(subscription, item, each["amount"], moment, end)} for each in taken]
    made = _stored(account, subscription, item, item["id"], amount, (moment, end), None, shares)
    debits.record(account, item, amount, (moment, end), debits.in_waiting(made["id"]))
    discounts.used(account, subscription, shares)
    return [made]


def used(account: Account, subscription: Json, item: Json, moment: int) -> list[Json]:
    """Keep what was used at a metered price until a moment, at the price of that time. Its later usage counts from then on."""
    if is_licensed(item) or not is_flexible(subscription):
        return []
    start = usage_start(account, item, item["current_period_start"])
    alone = {**subscription, "items": {"data": [item]}}
    lines = [line for line in lines_of(account, alone, "", (start, moment), False) if line["amount"]]
    account.kept("subscription_item", item["id"])["used until"] = moment
    same = ("description", "pricing", "quantity", "quantity_decimal", "metadata")
    parent = _parent(subscription, item["id"])
    customer, currency = subscription["customer"], subscription["currency"]
    return [
        pending_items.new_item(account, customer, currency, line["amount"], (start, moment), parent=parent, **{n: line[n] for n in same})
        for line in lines
    ]


def _full_price(account: Account, subscription: Json, items: list[Json], item: Json) -> tuple[int, list[Json]]:
    """What an item costs for a whole period after discounts, and what each discount takes off it.

    An amount that is off the whole invoice is spread over the licensed items in proportion to their prices.
    """
    whole = {**subscription, "items": {"data": [_whole(subscription, each) for each in items if is_licensed(each)]}}
    lines = lines_of(account, whole, "", None, False)
    discounts.take_off(account, subscription, lines)
    own = [line for line in lines if line["parent"]["subscription_item_details"]["subscription_item"] == item["id"]]
    off: dict[str, int] = {}
    for share in (share for line in own for share in line["discount_amounts"]):
        off[share["discount"]] = off.get(share["discount"], 0) + share["amount"]
    return sum(line["amount"] for line in own) - sum(off.values()), [{"amount": off[id], "discount": id} for id in off]


def _whole(subscription: Json, item: Json) -> Json:
    start, end = whole_period(subscription, item["price"]["recurring"], item["current_period_start"])
    return {**item, "current_period_start": start, "current_period_end": end}


def _share(subscription: Json, item: Json, amount: int, start: int, end: int) -> int:
    whole = whole_period(subscription, item["price"]["recurring"], item["current_period_start"])
    return part_of(amount, end - start, whole[1] - whole[0])


def _stored(
    account: Account,
    subscription: Json,
    billed: Json,
    item: str,
    amount: int,
    period: tuple[int, int],
    credited: Json | None,
    off: list[Json] | None = None,
) -> Json:
    """Store one proration. `billed` has the price and the quantity that the amount is a part of."""
    price, quantity = billed["price"], Decimal(billed["quantity"])
    product = account.find("product", price["product"])["name"]
    named = product if quantity == 1 else f"{quantity} × {product}"  # noqa: RUF001 -- Stripe's own sign
    after = datetime.fromtimestamp(period[0], UTC)
    word = "Unused" if amount < 0 or credited is not None else "Remaining"
    return pending_items.new_item(
        account,
        subscription["customer"],
        subscription["currency"],
        amount,
        period,
        description=f"{word} time on {named} after {after:%d %b %Y}",
        discountable=False,
        net_amount=amount,
        parent=_parent(subscription, item),
        pricing=pending_items.pricing(amount, quantity, price),
        proration=True,
        proration_details={"credited_items": credited, "discount_amounts": off or []},
        quantity=int(quantity),
        quantity_decimal=str(quantity),
    )


def _parent(subscription: Json, item: str) -> Json:
    details = {"subscription": subscription["id"], "subscription_item": item}
    return {"subscription_details": details, "type": "subscription_details"}
