"""Discounts of an invoice by coupons and promotional credits. It works on a draft; `settle` counts what a numbered invoice used.

The order is the vendor's (API reference, "Order of application of coupons"): fixed amounts on lines, percentages on lines, fixed amounts
on the invoice, percentages on the invoice, each of what the ones before left; promotional credits come last and, like discounts, lower the
total. A one-time coupon leaves the subscription with the first invoice it is applied to; a limited period begins with that invoice (API
reference, `duration_type`). Choices where the documents are silent: percentages are rounded half up; a discount on the whole invoice is
shared among the lines in proportion, odd units to the largest fractions; archived and expired coupons go on where they already hang.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from billbridge_sandbox.chargebee.billing import balances, credits
from billbridge_sandbox.chargebee.catalog.pricing import rounded, shared
from billbridge_sandbox.chargebee.store.coupons import AppliedCoupon, Coupon
from billbridge_sandbox.chargebee.store.invoices import Discount, Invoice, LineItem, LineItemDiscount
from billbridge_sandbox.chargebee.store.records import Customer
from billbridge_sandbox.chargebee.store.site import Site, moment
from billbridge_sandbox.chargebee.store.subscriptions import Subscription
from billbridge_sandbox.kernel.calendar import add_interval

_ORDER = [
    ("each_specified_item", "fixed_amount"),
    ("each_specified_item", "percentage"),
    ("invoice_amount", "fixed_amount"),
    ("invoice_amount", "percentage"),
]
_CREDITS = "promotional_credits"


@dataclass
class _Cut:
    """Where a discount comes from, and what it takes of an amount."""

    kind: str
    description: str
    applied: AppliedCoupon | None = None
    coupon: Coupon | None = None
    credits: int = 0
    used: int = 0

    def of(self, amount: int) -> int:
        if self.coupon is None:
            return min(amount, self.credits)
        percentage = self.coupon.discount_type == "percentage"
        return min(amount, rounded(amount * self.coupon.percent) if percentage else max(0, (self.coupon.discount_amount or 0) - self.used))


def covers(coupon: Coupon, item_type: str, item_price_id: str) -> bool:
    """Whether a coupon is for this item price; one on the whole invoice is for every one."""
    if coupon.apply_on == "invoice_amount":
        return True
    return any(
        each.item_type == item_type
        and (each.constraint == "all" or (each.constraint == "specific" and item_price_id in (each.item_price_ids or [])))
        for each in coupon.item_constraints or []
    )


def apply(site: Site, customer: Customer, subscription: Subscription, invoice: Invoice, *, mid_term: bool = False) -> None:
    """Apply all discounts and credits to a draft, and set its totals.

    In the middle of a term, a fixed amount is only what earlier invoices of the term left of it (product documentation, "Coupons").
    """
    hanging = [
        (applied, site.find(site.coupons, "coupon", applied.coupon_id))
        for applied in subscription.coupons or []
        if applied.apply_till is None or applied.apply_till > invoice.date
    ]
    hanging.sort(key=lambda pair: _ORDER.index((pair[1].apply_on, pair[1].discount_type)))
    for applied, coupon in hanging:
        invoice.used_coupons.append(coupon.id)
        by_line = coupon.apply_on == "each_specified_item"
        cut = _Cut(
            "item_level_coupon" if by_line else "document_level_coupon", coupon.invoice_name or coupon.name, applied=applied, coupon=coupon
        )
        if by_line:
            for line in invoice.line_items:
                if covers(coupon, line.entity_type.removesuffix("_item_price"), line.entity_id):
                    used = _used(site, subscription, coupon, line.entity_id) if mid_term else 0
                    _take(invoice, [line], replace(cut, used=used))
        else:
            used = _used(site, subscription, coupon, None) if mid_term else 0
            _take(invoice, invoice.line_items, replace(cut, used=used))
    _take(
        invoice,
        invoice.line_items,
        _Cut(_CREDITS, "Promotional credits", credits=balances.promotional(customer, invoice.currency_code)),
    )
    invoice.total = invoice.amount_due = invoice.amount_to_collect = sum(_left(line) for line in invoice.line_items)


def settle(site: Site, invoice: Invoice) -> None:
    """Count the coupons that a numbered invoice used, drop those that ended, and deduct the credits that it used."""
    subscription = site.subscriptions.get(invoice.subscription_id)
    if subscription is not None and subscription.coupons:
        for applied in subscription.coupons:
            if applied.coupon_id in invoice.used_coupons:
                _count(site, applied, invoice)
        kept = [
            applied
            for applied in subscription.coupons
            if (applied.apply_till is None or applied.apply_till > invoice.date)
            and not (applied.applied_count and site.find(site.coupons, "coupon", applied.coupon_id).duration_type == "one_time")
        ]
        subscription.coupons = kept or None
    used = sum(discount.amount for discount in invoice.discounts or [] if discount.entity_type == _CREDITS)
    customer = site.customers.get(invoice.customer_id)
    if used and customer is not None:
        credits.change(site, customer, invoice.currency_code, -used, f"Applied to invoice {invoice.id}")


def _count(site: Site, applied: AppliedCoupon, invoice: Invoice) -> None:
    coupon = site.find(site.coupons, "coupon", applied.coupon_id)
    applied.applied_count += 1
    if coupon.period and coupon.period_unit and applied.apply_till is None:
        begin = moment(invoice.date)
        applied.apply_till = int(add_interval(begin, coupon.period_unit, coupon.period, begin.day).timestamp())


def _used(site: Site, subscription: Subscription, coupon: Coupon, item_price_id: str | None) -> int:
    """What a coupon has taken off the current term's invoices: of one item, or of all."""
    taken = 0
    for invoice in site.invoices_of(subscription):
        if invoice.date >= (subscription.current_term_start or 0):
            lines = {line.id for line in invoice.line_items if item_price_id in (None, line.entity_id)}
            cuts = [cut for cut in invoice.line_item_discounts or [] if cut.entity_id == coupon.id]
            taken += sum(cut.discount_amount for cut in cuts if cut.line_item_id in lines)
    return taken


def _left(line: LineItem) -> int:
    return line.amount - line.discount_amount


def _take(invoice: Invoice, lines: list[LineItem], cut: _Cut) -> None:
    amount = cut.of(sum(_left(line) for line in lines))
    if not amount:
        return
    by_line = cut.kind == "item_level_coupon"
    entity = None if cut.coupon is None else cut.coupon.id
    invoice.discounts = [
        *(invoice.discounts or []),
        Discount(
            amount=amount,
            description=cut.description,
            line_item_id=lines[0].id if by_line else None,
            entity_type=cut.kind,
            discount_type=None if cut.coupon is None else cut.coupon.discount_type,
            entity_id=entity,
            coupon_set_code=None if cut.applied is None else cut.applied.coupon_code,
        ),
    ]
    shares = [
        LineItemDiscount(line_item_id=line.id, discount_type=cut.kind, entity_id=entity, discount_amount=share)
        for line, share in zip(lines, shared(amount, [_left(line) for line in lines]), strict=True)
        if share
    ]
    by_id = {line.id: line for line in lines}
    for share in shares:
        line = by_id[share.line_item_id]
        line.discount_amount += share.discount_amount
        line.item_level_discount_amount += share.discount_amount if by_line else 0
    invoice.line_item_discounts = [*(invoice.line_item_discounts or []), *shares]
