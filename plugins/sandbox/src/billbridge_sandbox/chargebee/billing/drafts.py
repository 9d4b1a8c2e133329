"""Drawing up invoices of subscriptions: their lines, and what each step of a tiered price billed. It stores and collects nothing.

Metered items are billed in arrears: not when their time begins, for the time since the last one on the others, and alone on a closing one.
A metered item without usages has no line (API reference). Choices where the documents are silent: usages of an item that was taken off the
subscription meanwhile are never billed; of a fraction, `quantity` shows the whole part. Not simulated: tax.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from billbridge_sandbox.chargebee.billing import discounting, unbilled, usages
from billbridge_sandbox.chargebee.catalog.pricing import amount, rounded, steps, unit_price
from billbridge_sandbox.chargebee.store.catalog import ItemPrice
from billbridge_sandbox.chargebee.store.invoices import Invoice, LineItem, LineItemTier
from billbridge_sandbox.chargebee.store.records import Customer
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription, SubscriptionItem


def draw_up(
    site: Site, customer: Customer, subscription: Subscription, *, first: bool, closing: bool = False, date: int | None = None
) -> Invoice:
    """The invoice for the current term, or a closing one, dated now or at `date`. It has no number yet and is not stored."""
    start = site.now if closing else subscription.current_term_start or site.now
    until = start + closing  # a closing invoice bills this very second too
    lines, tiers = term_lines(site, subscription, start, until, first=first, closing=closing)
    issued = site.now if date is None else date
    return _with_waiting(site, customer, subscription, lines, tiers, date=issued, first=first, until=until, mid_term=closing)


def waiting_draft(site: Site, customer: Customer, subscription: Subscription) -> Invoice:
    """An invoice of nothing but the subscription's unbilled charges."""
    return _with_waiting(site, customer, subscription, [], [], date=site.now, first=False, until=0, mid_term=True)


def _with_waiting(
    site: Site,
    customer: Customer,
    subscription: Subscription,
    lines: list[LineItem],
    tiers: list[LineItemTier],
    *,
    date: int,
    first: bool,
    until: int,
    mid_term: bool,
) -> Invoice:
    waiting = unbilled.waiting(site, customer, subscription)
    lines += [replace(charge.line) for charge in waiting]
    tiers += [tier for charge in waiting for tier in charge.line_tiers]
    invoice = assemble(site, customer, subscription, lines, tiers, date=date, first=first, until=until, mid_term=mid_term)
    invoice.unbilled = tuple(charge.id for charge in waiting)
    return invoice


def term_lines(
    site: Site, subscription: Subscription, start: int, until: int, *, first: bool = False, closing: bool = False, metered: bool = True
) -> tuple[list[LineItem], list[LineItemTier]]:
    """The lines that bill the items for the term that begins at `start`, and the usages before `until` unless `metered` is false."""
    lines: list[LineItem] = []
    tiers: list[LineItemTier] = []
    total_used = Fraction(0)
    for item in subscription.subscription_items:
        unused = item.metered and not closing and subscription.metered_from == start
        if (item.charge_once and not first) or unused or (item.metered and not metered) or (closing and not item.metered):
            continue
        price = site.find(site.item_prices, "item_price", item.item_price_id)
        begin, end = start, start if item.charge_once else subscription.current_term_end or start
        if item.metered:
            begin, end = subscription.metered_from or start, start
            used = usages.unbilled(site, subscription, price.id, until)
            if not used:
                continue
            total_used = usages.counted(site.find(site.items, "item", price.item_id), used)
            item = replace(item, quantity=int(total_used), amount=amount(price, total_used, item.price_override))
        line = line_of(site, subscription, item, price, begin, end)
        if item.metered and total_used.denominator != 1:
            line.quantity_in_decimal = f"{Decimal(total_used.numerator) / total_used.denominator:f}"
        lines.append(line)
        tiers += tiers_of(line, item, price)
    return lines, tiers


def assemble(
    site: Site,
    customer: Customer,
    subscription: Subscription,
    lines: list[LineItem],
    tiers: list[LineItemTier],
    *,
    date: int,
    first: bool = False,
    until: int = 0,
    mid_term: bool = False,
) -> Invoice:
    """An invoice of these lines with its discounts. `until` is the moment before which its metered lines bill usages.

    `mid_term` says that the term has been billed before, so that a fixed discount has perhaps been used already.
    """
    total = sum(line.amount for line in lines)
    invoice = Invoice(
        id="",
        customer_id=customer.id,
        subscription_id=subscription.id,
        currency_code=subscription.currency_code,
        date=date,
        line_items=lines,
        line_item_tiers=tiers or None,
        sub_total=total,
        total=total,
        amount_due=total,
        amount_to_collect=total,
        first_invoice=first,
        due_date=date,
        po_number=subscription.po_number,
        vat_number=customer.vat_number,
        generated_at=site.now,
        billing_address=customer.billing_address,
        usages_until=until,
    )
    discounting.apply(site, customer, subscription, invoice, mid_term=mid_term)
    invoice.new_sales_amount = invoice.total if first else None
    return invoice


def line_of(site: Site, subscription: Subscription, item: SubscriptionItem, price: ItemPrice, begin: int, end: int) -> LineItem:
    """The line that bills an item for a span of time."""
    quantity = 1 if item.quantity is None else item.quantity
    unit = item.unit_price
    if unit is None:
        decimal = item.unit_price_in_decimal is not None
        unit = rounded(unit_price(price, price.currency_code)) if decimal else item.amount // quantity if quantity else 0
    return LineItem(
        id=site.ids.next("li_", 16),
        subscription_id=subscription.id,
        customer_id=subscription.customer_id,
        date_from=begin,
        date_to=end,
        metered=item.metered,
        unit_amount=unit,
        unit_amount_in_decimal=item.unit_price_in_decimal,
        quantity=quantity,
        amount=item.amount,
        pricing_model=price.pricing_model,
        description=price.external_name or price.name,
        entity_type=f"{item.item_type}_item_price",
        entity_id=item.item_price_id,
    )


def tiers_of(line: LineItem, item: SubscriptionItem, price: ItemPrice) -> list[LineItemTier]:
    """What each step of a tiered price bills of a line."""
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
