"""Subscription items: made, changed and replaced, with one interval per subscription. What a change bills is in `changes`."""

from __future__ import annotations

from collections.abc import Sequence

from billbridge_sandbox.stripe.api.errors import invalid, missing, not_simulated
from billbridge_sandbox.stripe.api.params import Params, between, boolean, metadata, patched, text
from billbridge_sandbox.stripe.catalog.pricing import amounts_in
from billbridge_sandbox.stripe.store.account import Account, Json

_NEW_FIELDS = {"price": text, "quantity": between(0, 999_999_999), "metadata": metadata}
REFUSED = "billing_thresholds current_trial discounts plan price_data tax_rates"
NEW_ITEM = Params(_NEW_FIELDS, not_simulated=REFUSED)
# `clear_usage` has no effect on a price with a meter, and every metered price has one.
CHANGED_ITEM = Params({**_NEW_FIELDS, "id": text, "deleted": boolean, "clear_usage": boolean}, not_simulated=REFUSED)


def new_item(account: Account, subscription: str, given: Json, param: str, period: tuple[int, int]) -> Json:
    """An item that is not stored yet. Raises StripeError for a price that cannot be subscribed to."""
    if "price" not in given:
        raise missing(f"{param}[price]")
    price = _recurring_price(account, given["price"], f"{param}[price]")
    return item_of(account, subscription, price, {**given, **_counted(price, given, 1, param)}, period)


def item_of(account: Account, subscription: str, price: Json, given: Json, period: tuple[int, int]) -> Json:
    """A new item of a price, with the quantity and the metadata that are given."""
    return {
        "id": account.ids.next("si_"),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": account.now,
        "current_trial": None,
        "current_period_end": period[1],
        "current_period_start": period[0],
        "discounts": [],
        "metadata": patched({}, given.get("metadata", {})),
        "plan": _plan(price),
        "price": price,
        **({"quantity": given["quantity"]} if "quantity" in given else {}),
        "subscription": subscription,
        "tax_rates": [],
    }


def _counted(price: Json, given: Json, before: int, param: str) -> Json:
    """The quantity of a licensed item; a metered item has none and takes none."""
    if price["recurring"]["usage_type"] == "licensed":
        return {"quantity": given.get("quantity", before)}
    if "quantity" in given:
        message = "You cannot set the quantity for metered plans. Instead, you should report usage."
        raise invalid(message, param=f"{param}[quantity]")
    return {}


def _recurring_price(account: Account, id: str, param: str) -> Json:
    price = account.find("price", id, param)
    if not price["active"]:
        raise invalid("The price specified is inactive. This field only accepts active prices.", param=param)
    if price["recurring"] is None:
        message = "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`."
        raise invalid(message, param=param)
    return price


def _plan(price: Json) -> Json:
    """The old name of a price, which Stripe still shows beside it."""
    recurring = price["recurring"]
    same = ("id", "active", "billing_scheme", "created", "currency", "livemode", "metadata", "nickname", "product", "tiers_mode")
    return {
        **{name: price[name] for name in same},
        "object": "plan",
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "meter": recurring["meter"],
        "transform_usage": price["transform_quantity"],
        "trial_period_days": recurring["trial_period_days"],
        "usage_type": recurring["usage_type"],
    }


def check_together(account: Account, items: Sequence[Json], currency: str) -> None:
    """Refuse items that cannot share a subscription: none, one price twice, one without this currency, two intervals."""
    if not items:
        raise invalid("A subscription must have at least one active price. To cancel a subscription, use the cancel endpoint.")
    if len(items) > 20:
        raise invalid("A subscription can have at most 20 items.", param="items")
    prices = [item["price"] for item in items]
    if len({price["id"] for price in prices}) < len(prices):
        raise invalid("Cannot add multiple subscription items with the same price.", param="plan")
    for price in prices:
        amounts_in(account, price, currency, "items")
    if len({interval(item) for item in items}) > 1:
        raise not_simulated("subscriptions with several billing intervals", "items")


def changed_items(account: Account, subscription: Json, changes: Sequence[Json], where: str = "items") -> list[Json]:
    """The subscription's items after the changes, as new objects that are not stored. Raises StripeError for a wrong change.

    `where` is the name of the list, for the error's `param`.
    """
    current = {item["id"]: item for item in subscription["items"]["data"]}
    first = subscription["items"]["data"][0]
    period = (first["current_period_start"], first["current_period_end"])
    for index, change in enumerate(changes):
        param = f"{where}[{index}]"
        if "id" not in change:
            made = new_item(account, subscription["id"], change, param, period)
            current[made["id"]] = made
        elif change["id"] not in current:
            raise invalid(f"No such subscription_item: '{change['id']}'", code="resource_missing", param=f"{param}[id]")
        elif change.get("deleted"):
            del current[change["id"]]
        else:
            current[change["id"]] = _changed(account, current[change["id"]], change, param)
    items = list(current.values())
    check_together(account, items, subscription["currency"])
    return items


def _changed(account: Account, item: Json, change: Json, param: str) -> Json:
    """An item after a change. Another price sets the quantity to 1 unless one is given.

    From docs.stripe.com/billing/subscriptions/change-price.
    """
    made = {name: value for name, value in item.items() if name != "quantity"}
    made["metadata"] = patched(item["metadata"], change.get("metadata", {}))
    before = item.get("quantity", 1)
    if "price" in change and change["price"] != item["price"]["id"]:
        made["price"] = _recurring_price(account, change["price"], f"{param}[price]")
        made["plan"] = _plan(made["price"])
        before = 1
    return {**made, **_counted(made["price"], change, before, param)}


def interval(item: Json) -> tuple[str, int]:
    """The billing interval of an item's price, and their number."""
    recurring = item["price"]["recurring"]
    return recurring["interval"], recurring["interval_count"]
