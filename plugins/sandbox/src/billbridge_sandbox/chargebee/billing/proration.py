"""What part of a bill is still ahead at a moment, in the site's unit of time, and what of it can be taken back. It stores nothing.

A credit takes back what was billed: the lines of invoices and the unbilled charges of an item, without what credit notes already took.
So credits are net of discounts and never more than the bill. Choices where the documents are silent: amounts are rounded half up, once;
the newest line is taken back first; in day mode the day of the change belongs to what begins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from billbridge_sandbox.chargebee.catalog.pricing import rounded
from billbridge_sandbox.chargebee.store.credit_notes import CreditNoteLine
from billbridge_sandbox.chargebee.store.invoices import Invoice, LineItem
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription
from billbridge_sandbox.chargebee.store.unbilled_charges import UnbilledCharge

_DAY = 86400


@dataclass(frozen=True)
class Credit:
    """A part of a billed line that is to be taken back: `amount` before discounts, and the discount that goes with it."""

    source: Invoice | UnbilledCharge
    line: LineItem
    amount: int
    discount: int
    begin: int

    @property
    def net(self) -> int:
        """What the customer gets back."""
        return self.amount - self.discount


def ahead(site: Site, begin: int, end: int, at: int) -> Fraction:
    """The part of the span from `begin` to `end` that is still ahead at a moment: 1 before it, 0 after it."""
    if site.settings.billing_mode == "day":
        begin, end, at = begin // _DAY, end // _DAY, at // _DAY
    if end <= begin:
        return Fraction(0)
    return Fraction(end - min(max(at, begin), end), end - begin)


def credits_for(
    site: Site, subscription: Subscription, item_price_ids: Iterable[str], at: int, *, wanted: int | None = None, full: bool = False
) -> list[Credit]:
    """What can be taken back of these items at a moment: their unused time, or the whole of what the current term billed when `full`.

    `wanted` limits the sum before discounts.
    """
    ids = set(item_price_ids)
    left = wanted
    found: list[Credit] = []
    for source, line, taken in _billed(site, subscription, ids, at):
        amount = _unused(site, line, taken, at, full=full)
        if left is not None:
            amount = min(amount, left)
            left -= amount
        if amount > 0:
            begin = line.date_from if full else max(at, line.date_from)
            found.append(Credit(source, line, amount, _discount(line, taken, amount), begin))
    return found


def taken_back(site: Site, subscription_id: str) -> dict[str, list[CreditNoteLine]]:
    """The lines of a subscription's credit notes, by the id of the invoice's line that each takes back."""
    taken: dict[str, list[CreditNoteLine]] = {}
    for note in site.credit_notes.among("subscription", subscription_id):
        if note.voided_at is None:
            for line in note.line_items:
                taken.setdefault(line.reference_line_item_id, []).append(line)
    return taken


def _billed(
    site: Site, subscription: Subscription, ids: set[str], at: int
) -> list[tuple[Invoice | UnbilledCharge, LineItem, list[CreditNoteLine]]]:
    """The lines that bill time after `at`, newest first, each with the lines of credit notes that took something back of it."""
    taken = taken_back(site, subscription.id)
    lines: list[tuple[Invoice | UnbilledCharge, LineItem]] = [
        (invoice, line) for invoice in site.invoices_of(subscription) if invoice.status != "voided" for line in invoice.line_items
    ]
    lines += [(charge, charge.line) for charge in site.unbilled_charges.among("subscription", subscription.id) if not charge.is_voided]
    return [
        (source, line, taken.get(line.id, []))
        for source, line in reversed(lines)
        if line.entity_id in ids and not line.metered and line.date_from < line.date_to and at < line.date_to
    ]


def _unused(site: Site, line: LineItem, taken: list[CreditNoteLine], at: int, *, full: bool) -> int:
    rest = line.amount - sum(each.amount for each in taken)
    if full:
        return rest
    unused = line.amount * ahead(site, line.date_from, line.date_to, at)
    gone = sum((each.amount * ahead(site, each.date_from, each.date_to, at) for each in taken), Fraction(0))
    return min(rest, rounded(max(Fraction(0), unused - gone)))


def _discount(line: LineItem, taken: list[CreditNoteLine], amount: int) -> int:
    """The discount that goes with a part of a line; together the parts never give back more than the line's net amount."""
    if not line.discount_amount:
        return 0
    part = rounded(Fraction(line.discount_amount * amount, line.amount))
    net_left = line.amount - line.discount_amount - sum(each.amount - each.discount_amount for each in taken)
    return min(amount, max(part, amount - net_left))
