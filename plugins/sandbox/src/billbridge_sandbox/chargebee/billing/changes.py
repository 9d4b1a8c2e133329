"""What a change of items in the middle of a term bills: charges for what is new, credits for what is not used any more.

An item that stays and only costs more or less is billed or credited for the difference (API reference, estimates: a lower quantity raises
no invoice); every other change credits the old item and charges the new one. Another billing period, or `force_term_reset`, begins a term
now, which is billed in full. A charge item is billed once, when it is added, and never prorated (support page, "Pro-ration logic").
Choices where the documents are silent: a prorated line shows its own prorated unit amount and no tiers; `proration_mode` is there only on
a line of a difference; a change of price counts as a change of item; earlier unbilled charges wait for the next renewal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeAlias

from billbridge_sandbox.chargebee.billing import crediting, unbilled
from billbridge_sandbox.chargebee.billing.billing import collect_now
from billbridge_sandbox.chargebee.billing.drafts import assemble, line_of, term_lines, tiers_of
from billbridge_sandbox.chargebee.billing.proration import Credit, ahead, credits_for
from billbridge_sandbox.chargebee.billing.terms import begin_term, set_items
from billbridge_sandbox.chargebee.catalog import pricing
from billbridge_sandbox.chargebee.catalog.pricing import rounded
from billbridge_sandbox.chargebee.store.credit_notes import CreditNote
from billbridge_sandbox.chargebee.store.invoices import Invoice, LineItem, LineItemTier
from billbridge_sandbox.chargebee.store.records import Customer
from billbridge_sandbox.chargebee.store.site import Site, moment
from billbridge_sandbox.chargebee.store.subscriptions import Subscription, SubscriptionItem
from billbridge_sandbox.chargebee.store.unbilled_charges import UnbilledCharge

Mode: TypeAlias = Callable[[str], str]  # an item price's id to "partial_term", "full_term" or "none"


def _lines() -> list[LineItem]:
    return []


def _tiers() -> list[LineItemTier]:
    return []


def _credits() -> list[Credit]:
    return []


@dataclass
class Bill:
    """What a change charges and credits. Nothing of it is stored yet."""

    lines: list[LineItem] = field(default_factory=_lines)
    tiers: list[LineItemTier] = field(default_factory=_tiers)
    credits: list[Credit] = field(default_factory=_credits)
    new_term: bool = False


@dataclass(frozen=True)
class Effect:
    """What a change left behind: an invoice, credit notes, charges that wait."""

    invoice: Invoice | None = None
    credit_notes: tuple[CreditNote, ...] = ()
    unbilled_charges: tuple[UnbilledCharge, ...] = ()


def change_items(
    site: Site, stored: Subscription, changed: Subscription, items: list[SubscriptionItem], mode: Mode, *, reset: bool, immediately: bool
) -> Bill:
    """Give the copy `changed` of an active subscription other items now, and work out what that bills.

    `reset` begins a new term now; so does another billing period.
    """
    set_items(site, changed, items)
    own = stored.billing_period, stored.billing_period_unit
    bill = Bill(new_term=reset or own != (changed.billing_period, changed.billing_period_unit))
    if bill.new_term:
        for item in filter(billed_ahead, stored.subscription_items):
            bill.credits += _unused(site, stored, item, mode)
        changed.anchor_day = moment(site.now).day
        begin_term(changed, site.now)
        bill.lines, bill.tiers = term_lines(site, changed, site.now, site.now, metered=immediately)
    else:
        _differences(site, stored, changed, mode, bill)
        changed.mrr = pricing.monthly(items, changed.billing_period, changed.billing_period_unit)
    known = {item.item_price_id for item in stored.subscription_items}
    for item in items:
        if item.charge_once and item.item_price_id not in known:
            _charge(site, changed, item, bill, site.now, site.now)
    return bill


def carry_out(
    site: Site, customer: Customer, subscription: Subscription, bill: Bill, store: Callable[[], None], *, immediately: bool
) -> Effect:
    """Store a change and raise what it bills, at once or as unbilled charges.

    Raises the refusal of a failed payment before anything is stored. `store` stores the subscription.
    """
    notes: list[CreditNote] = []
    charges: list[UnbilledCharge] = []

    def keep() -> None:
        store()
        notes.extend(crediting.issue(site, customer, bill.credits, "subscription_change"))
        charges.extend(unbilled.take_back(site, customer, bill.credits))

    invoice = None
    if immediately:
        until = site.now if bill.new_term else 0  # only a new term bills usages
        draft = assemble(site, customer, subscription, bill.lines, bill.tiers, date=site.now, until=until, mid_term=not bill.new_term)
        invoice = collect_now(site, customer, subscription, draft, keep, credits=crediting.refundable(bill.credits))
    else:
        keep()
        charges += unbilled.leave(site, customer, subscription.currency_code, bill.lines, bill.tiers)
    return Effect(invoice, tuple(notes), tuple(charges))


def leave_term(site: Site, customer: Customer, subscription: Subscription, *, first: bool) -> Effect:
    """Leave the charges of the current term unbilled."""
    start = subscription.current_term_start or site.now
    lines, tiers = term_lines(site, subscription, start, start, first=first, metered=False)
    return Effect(unbilled_charges=tuple(unbilled.leave(site, customer, subscription.currency_code, lines, tiers)))


def billed_ahead(item: SubscriptionItem) -> bool:
    """Whether an item is billed ahead for each term."""
    return not item.metered and not item.charge_once


def _differences(site: Site, stored: Subscription, changed: Subscription, mode: Mode, bill: Bill) -> None:
    old = {item.item_price_id: item for item in stored.subscription_items if billed_ahead(item)}
    new = {item.item_price_id: item for item in changed.subscription_items if billed_ahead(item)}
    for id in dict.fromkeys([*old, *new]):
        before, after = old.get(id), new.get(id)
        if before is not None and after is not None and _same_price(before, after):
            _difference(site, changed, before, after, mode, bill)
            continue
        if before is not None:
            bill.credits += _unused(site, stored, before, mode)
        if after is not None:
            _charge(site, changed, after, bill, site.now, changed.current_term_end or site.now, _factor(site, changed, mode(id)))


def _difference(site: Site, changed: Subscription, before: SubscriptionItem, after: SubscriptionItem, mode: Mode, bill: Bill) -> None:
    factor = _factor(site, changed, mode(after.item_price_id))
    more = after.amount - before.amount
    if more > 0:
        units = max(1, (after.quantity or 1) - (before.quantity or 1))
        part = replace(after, amount=more, quantity=None if after.quantity is None else units)
        _charge(site, changed, part, bill, site.now, changed.current_term_end or site.now, factor, difference=True)
    elif more < 0 and factor:
        bill.credits += credits_for(
            site, changed, [after.item_price_id], site.now, wanted=rounded(-more * factor), full=mode(after.item_price_id) == "full_term"
        )


def _unused(site: Site, stored: Subscription, item: SubscriptionItem, mode: Mode) -> list[Credit]:
    kind = mode(item.item_price_id)
    return [] if kind == "none" else credits_for(site, stored, [item.item_price_id], site.now, full=kind == "full_term")


def _charge(
    site: Site,
    changed: Subscription,
    item: SubscriptionItem,
    bill: Bill,
    begin: int,
    end: int,
    factor: Fraction = Fraction(1),
    *,
    difference: bool = False,
) -> None:
    amount = rounded(item.amount * factor)
    if not amount:
        return
    price = site.find(site.item_prices, "item_price", item.item_price_id)
    line = line_of(site, changed, item, price, begin, end)
    if factor != 1 or difference:
        line.amount, line.unit_amount, line.unit_amount_in_decimal = amount, rounded(Fraction(amount, line.quantity)), None
        line.description += " - Prorated Charges"
        line.proration_mode = "delta" if difference else None
    else:
        bill.tiers += tiers_of(line, item, price)
    bill.lines.append(line)


def _factor(site: Site, changed: Subscription, kind: str) -> Fraction:
    if kind == "partial_term":
        return ahead(site, changed.current_term_start or 0, changed.current_term_end or 0, site.now)
    return Fraction(kind == "full_term")


def _same_price(before: SubscriptionItem, after: SubscriptionItem) -> bool:
    def unit(item: SubscriptionItem) -> tuple[int | None, str | None, int]:
        return item.unit_price, item.unit_price_in_decimal, item.free_quantity

    return unit(before) == unit(after)
