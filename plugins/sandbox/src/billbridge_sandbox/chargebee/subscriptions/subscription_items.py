"""Reading the items of a subscription: exactly one plan, one currency, one billing period, quantities only where they count.

Choices where the documents are silent: addons must have the plan's own billing period; charges are billed once, with the first invoice; a
metered item takes no quantity and its amount is 0, because its usages are billed in arrears.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import Refusal, incompatible, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, Reader, flag, one_of, text, whole
from billbridge_sandbox.chargebee.catalog import pricing
from billbridge_sandbox.chargebee.store.catalog import ItemPrice
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import SubscriptionItem

_GROUP = "subscription_items"
_COLUMNS: dict[str, Reader] = {
    "item_price_id": text(100),
    "quantity": whole(1),
    "unit_price": whole(),
    "item_type": one_of("plan", "addon", "charge"),
    "charge_once": flag,
    "charge_on_event": one_of("subscription_creation"),
    "charge_on_option": one_of("immediately"),
}
_REFUSED = ("quantity_in_decimal", "unit_price_in_decimal", "billing_cycles", "trial_end", "service_period_days")


def read_items(site: Site, ask: Ask) -> list[SubscriptionItem]:
    """Read the items sent; an empty list if none were. Each item price may be named once and must exist and be active."""
    for name in ask.names():
        if name.startswith(tuple(f"{_GROUP}[{column}]" for column in _REFUSED)):
            raise incompatible("is not enabled for this site", name)
    items: list[SubscriptionItem] = []
    for index, row in ask.columns(_GROUP, _COLUMNS):
        param = f"{_GROUP}[item_price_id][{index}]"
        id = row.get("item_price_id")
        if id is None:
            raise wrong_value(param, "cannot be blank")
        price = site.find(site.item_prices, "item_price", id, param)
        item = site.find(site.items, "item", price.item_id)
        if price.status != "active" or item.status != "active":
            raise wrong_value(param, "is archived")
        if any(other.item_price_id == id for other in items):
            raise wrong_value(param, "is there twice")
        items.append(_build(price, row, index, metered=item.metered))
    return items


def plan_of(site: Site, items: list[SubscriptionItem]) -> ItemPrice:
    """The item price of the one plan. Raises the refusal of items that do not make a subscription."""
    plans = [item for item in items if item.item_type == "plan"]
    if len(plans) != 1:
        problem = "a subscription needs exactly one plan item price" if not plans else "a subscription cannot have two plan item prices"
        raise Refusal(400, "invalid_request", problem, param=f"{_GROUP}[item_price_id][0]")
    plan = site.find(site.item_prices, "item_price", plans[0].item_price_id)
    for item in items:
        price = site.find(site.item_prices, "item_price", item.item_price_id)
        if price.currency_code != plan.currency_code:
            raise wrong_value(_GROUP, f"the item price {price.id!r} is not in {plan.currency_code}, the currency of the plan")
        if price.item_type == "addon" and (price.period, price.period_unit) != (plan.period, plan.period_unit):
            raise wrong_value(_GROUP, f"the addon {price.id!r} has another billing period than the plan")
    return plan


def _build(price: ItemPrice, row: Json, index: int, *, metered: bool) -> SubscriptionItem:
    quantity, override = row.get("quantity"), row.get("unit_price")
    if row.get("item_type", price.item_type) != price.item_type:
        raise wrong_value(f"{_GROUP}[item_type][{index}]", f"should be {price.item_type}")
    if price.pricing_model == "flat_fee" or metered:
        if quantity is not None:
            what = "a metered item" if metered else "the pricing model flat_fee"
            raise wrong_value(f"{_GROUP}[quantity][{index}]", f"is not allowed for {what}")
    elif quantity is None:
        quantity = 1
    if override is not None and price.tiers:
        raise wrong_value(f"{_GROUP}[unit_price][{index}]", f"is not allowed for the pricing model {price.pricing_model}")
    charge = price.item_type == "charge"
    return SubscriptionItem(
        item_price_id=price.id,
        item_type=price.item_type,
        quantity=quantity,
        charge_once=True if charge else None,
        charge_on_event="subscription_creation" if charge else None,
        price_override=override,
        metered=metered,
        **pricing.figures(price, 0 if metered else quantity, override),
    )
