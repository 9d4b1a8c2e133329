"""Drawing up the invoice of a subscription's term: its lines, and what each step of a tiered price billed. It stores and collects nothing.

Not simulated: tax, prorations, unbilled charges.
"""

from __future__ import annotations

from . import discounting
from .bills import Invoice, LineItem, LineItemTier
from .goods import ItemPrice
from .pricing import rounded, steps, unit_price
from .records import Customer
from .site import Site
from .subscription_records import Subscription, SubscriptionItem


def draw_up(site: Site, customer: Customer, subscription: Subscription, *, first: bool) -> Invoice:
    """The invoice for the current term, dated at its beginning. It has no number yet and is not stored."""
    start = subscription.current_term_start or site.now
    lines: list[LineItem] = []
    tiers: list[LineItemTier] = []
    for item in subscription.subscription_items:
        if item.charge_once and not first:
            continue
        price = site.find(site.item_prices, "item_price", item.item_price_id)
        line = _line(site, customer, subscription, item, price)
        lines.append(line)
        tiers += _tiers(line, item, price)
    total = sum(line.amount for line in lines)
    invoice = Invoice(
        id="",
        customer_id=customer.id,
        subscription_id=subscription.id,
        currency_code=subscription.currency_code,
        date=start,
        line_items=lines,
        line_item_tiers=tiers or None,
        sub_total=total,
        total=total,
        amount_due=total,
        amount_to_collect=total,
        first_invoice=first,
        due_date=start,
        po_number=subscription.po_number,
        vat_number=customer.vat_number,
        generated_at=site.now,
        billing_address=customer.billing_address,
    )
    discounting.apply(site, customer, subscription, invoice)
    invoice.new_sales_amount = invoice.total if first else None
    return invoice


def _line(site: Site, customer: Customer, subscription: Subscription, item: SubscriptionItem, price: ItemPrice) -> LineItem:
    start, end = subscription.current_term_start or site.now, subscription.current_term_end or site.now
    quantity = 1 if item.quantity is None else item.quantity
    unit = item.unit_price
    if unit is None:
        decimal = item.unit_price_in_decimal is not None
        unit = rounded(unit_price(price, price.currency_code)) if decimal else item.amount // quantity if quantity else 0
    return LineItem(
        id=site.ids.next("li_", 16),
        subscription_id=subscription.id,
        customer_id=customer.id,
        date_from=start,
        date_to=start if item.charge_once else end,
        unit_amount=unit,
        unit_amount_in_decimal=item.unit_price_in_decimal,
        quantity=quantity,
        amount=item.amount,
        pricing_model=price.pricing_model,
        description=price.external_name or price.name,
        entity_type=f"{item.item_type}_item_price",
        entity_id=item.item_price_id,
    )


def _tiers(line: LineItem, item: SubscriptionItem, price: ItemPrice) -> list[LineItemTier]:
    return [
        LineItemTier(
            line_item_id=line.id,
            starting_unit=tier.starting_unit,
            ending_unit=tier.ending_unit,
            quantity_used=units,
            unit_amount=tier.price,
            unit_amount_in_decimal=tier.price_in_decimal,
            pricing_type=tier.pricing_type,
            package_size=tier.package_size,
        )
        for tier, units, _ in steps(price, max(0, (item.quantity or 0) - item.free_quantity))
    ]
