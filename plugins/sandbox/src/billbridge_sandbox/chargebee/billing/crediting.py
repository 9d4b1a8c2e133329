"""Credit notes: issued against the invoices that billed what is taken back, and used for invoices that come later. It reads no request.

What an invoice still owes is lowered by an `adjustment` note; the rest is `refundable` and waits, oldest first, for the next invoice of the
customer in that currency (product documentation, "Credit Notes"; API reference, `update_for_items`: available credits are applied
automatically). Nothing is refunded to a card. Choice where the documents are silent: an invoice that is partly paid gets one of each.
"""

from __future__ import annotations

from fractions import Fraction
from operator import attrgetter

from billbridge_sandbox.chargebee.billing import balances
from billbridge_sandbox.chargebee.billing.proration import Credit, taken_back
from billbridge_sandbox.chargebee.catalog.pricing import rounded, shared
from billbridge_sandbox.chargebee.store.credit_notes import (
    AdjustmentCreditNote,
    Allocation,
    AppliedCredit,
    CreditNote,
    CreditNoteLine,
    IssuedCreditNote,
)
from billbridge_sandbox.chargebee.store.invoices import Discount, Invoice, LineItem, LineItemDiscount
from billbridge_sandbox.chargebee.store.records import Customer
from billbridge_sandbox.chargebee.store.site import Site


def refundable(credits: list[Credit]) -> int:
    """How much of these credits will be refundable, because the invoices are paid."""
    total: dict[str, int] = {}
    due: dict[str, int] = {}
    for credit in credits:
        if isinstance(credit.source, Invoice):
            total[credit.source.id] = total.get(credit.source.id, 0) + credit.net
            due[credit.source.id] = credit.source.amount_due
    return sum(max(0, total[id] - due[id]) for id in total)


def issue(site: Site, customer: Customer, credits: list[Credit], reason: str) -> list[CreditNote]:
    """Issue the credit notes for what is taken back of invoices: for each invoice one of each type that has an amount."""
    notes: list[CreditNote] = []
    by_invoice: dict[str, list[Credit]] = {}
    for credit in credits:
        if isinstance(credit.source, Invoice) and credit.net > 0:
            by_invoice.setdefault(credit.source.id, []).append(credit)
    for id, parts in by_invoice.items():
        invoice = site.find(site.invoices, "invoice", id)
        owed, paid = _split(parts, invoice.amount_due)
        if owed:
            notes.append(_adjust(site, customer, invoice, owed, reason))
        if paid:
            notes.append(_refundable(site, customer, invoice, paid, reason))
    balances.show(site, customer)
    site.touch(customer)
    return notes


def apply(site: Site, customer: Customer, invoice: Invoice) -> None:
    """Pay what can be paid of a numbered invoice with the customer's refundable credits."""
    for note in balances.refundable_notes(site, customer, invoice.currency_code):
        amount = min(note.amount_available, invoice.amount_due)
        if amount:
            note.amount_available -= amount
            note.amount_allocated += amount
            if not note.amount_available:
                note.status, note.refunded_at = "refunded", site.now
                customer.refundable.remove(note.id)
            invoice.credits_applied += amount
            invoice.amount_due -= amount
            invoice.amount_to_collect = invoice.amount_due
            note.allocations.append(_allocation(site, invoice, amount))
            invoice.applied_credits.append(
                AppliedCredit(
                    cn_id=note.id,
                    applied_amount=amount,
                    applied_at=site.now,
                    cn_reason_code=note.reason_code,
                    cn_date=note.date,
                    cn_status=note.status,
                )
            )
            site.touch(note)
            _show_status(site, note)
    if invoice.applied_credits:
        balances.show(site, customer)
        site.touch(customer)


def write_off(site: Site, customer: Customer, invoice: Invoice) -> CreditNote:
    """Give up what an invoice still owes, by an adjustment note over each line's share; the invoice counts as paid."""
    due = invoice.amount_due
    taken = taken_back(site, invoice.subscription_id)
    nets = [
        line.amount - line.discount_amount - sum(each.amount - each.discount_amount for each in taken.get(line.id, []))
        for line in invoice.line_items
    ]
    parts = [
        Credit(invoice, line, share + _rate(line, share), _rate(line, share), line.date_from)
        for line, share in zip(invoice.line_items, shared(due, nets), strict=True)
        if share
    ]
    note = _adjust(site, customer, invoice, parts, "write_off")
    invoice.amount_adjusted -= due
    invoice.write_off_amount += due
    return note


def settle(site: Site, invoice: Invoice) -> None:
    """Mark an invoice as paid that owes nothing any more, and end its dunning."""
    if invoice.amount_due or invoice.status == "paid":
        return
    invoice.status, invoice.paid_at, invoice.next_retry_at = "paid", site.now, None
    invoice.dunning_status = "success" if invoice.dunning_status else None
    if invoice.job is not None:
        invoice.job.cancel()
        invoice.job = None
    site.touch(invoice)


def _rate(line: LineItem, net: int) -> int:
    """The discount that belongs to a net part of a line."""
    if not line.discount_amount:
        return 0
    return rounded(Fraction(line.discount_amount * net, line.amount - line.discount_amount))


def _split(parts: list[Credit], due: int) -> tuple[list[Credit], list[Credit]]:
    """The parts that lower what is due, and those beyond it; the one on the border is divided."""
    owed: list[Credit] = []
    paid: list[Credit] = []
    for part in parts:
        inside = min(part.net, due)
        due -= inside
        if inside == part.net:
            owed.append(part)
        elif not inside:
            paid.append(part)
        else:
            discount = rounded(Fraction(part.discount * inside, part.net))
            owed.append(Credit(part.source, part.line, inside + discount, discount, part.begin))
            paid.append(Credit(part.source, part.line, part.amount - inside - discount, part.discount - discount, part.begin))
    return owed, paid


def _adjust(site: Site, customer: Customer, invoice: Invoice, parts: list[Credit], reason: str) -> CreditNote:
    note = _note(site, customer, invoice, parts, "adjustment", reason)
    invoice.amount_adjusted += note.total
    invoice.amount_due -= note.total
    invoice.amount_to_collect = invoice.amount_due
    settle(site, invoice)
    note.status, note.amount_allocated = "adjusted", note.total
    note.allocations.append(_allocation(site, invoice, note.total))
    invoice.adjustment_credit_notes.append(
        AdjustmentCreditNote(cn_id=note.id, cn_reason_code=reason, cn_date=note.date, cn_total=note.total, cn_status=note.status)
    )
    site.touch(invoice)
    return note


def _refundable(site: Site, customer: Customer, invoice: Invoice, parts: list[Credit], reason: str) -> CreditNote:
    note = _note(site, customer, invoice, parts, "refundable", reason)
    note.amount_available = note.total
    customer.refundable.append(note.id)
    invoice.issued_credit_notes.append(
        IssuedCreditNote(cn_id=note.id, cn_reason_code=reason, cn_date=note.date, cn_total=note.total, cn_status=note.status)
    )
    site.touch(invoice)
    return note


def _note(site: Site, customer: Customer, invoice: Invoice, parts: list[Credit], kind: str, reason: str) -> CreditNote:
    site.credit_note_count += 1
    lines: list[CreditNoteLine] = []
    cuts: list[LineItemDiscount] = []
    for part in parts:
        line = _line(site, part)
        lines.append(line)
        cuts += _cuts(invoice, part, line)
    note = CreditNote(
        id=f"CN-{site.credit_note_count}",
        customer_id=customer.id,
        subscription_id=invoice.subscription_id,
        reference_invoice_id=invoice.id,
        type=kind,
        reason_code=reason,
        status="refund_due",
        date=site.now,
        currency_code=invoice.currency_code,
        total=sum(part.net for part in parts),
        generated_at=site.now,
        sub_total=sum(part.amount for part in parts),
        line_items=lines,
        line_item_discounts=cuts or None,
        discounts=_discounts(invoice, cuts) or None,
        billing_address=invoice.billing_address,
    )
    return site.add(site.credit_notes, note)


def _line(site: Site, part: Credit) -> CreditNoteLine:
    billed = part.line
    whole = part.amount == billed.amount
    return CreditNoteLine(
        id=site.ids.next("li_", 16),
        reference_line_item_id=billed.id,
        subscription_id=billed.subscription_id,
        customer_id=billed.customer_id,
        date_from=part.begin,
        date_to=billed.date_to,
        unit_amount=billed.unit_amount if whole else part.amount,
        quantity=billed.quantity if whole else 1,
        amount=part.amount,
        discount_amount=part.discount,
        pricing_model=billed.pricing_model,
        description=billed.description if whole else f"{billed.description} - Prorated Credits",
        entity_type=billed.entity_type,
        entity_id=billed.entity_id,
    )


def _cuts(invoice: Invoice, part: Credit, line: CreditNoteLine) -> list[LineItemDiscount]:
    """What each of the discounts of the billed line takes of the part."""
    billed = [cut for cut in invoice.line_item_discounts or [] if cut.line_item_id == part.line.id]
    shares = shared(part.discount, [cut.discount_amount for cut in billed]) if part.discount else []
    return [
        LineItemDiscount(line_item_id=line.id, discount_type=cut.discount_type, entity_id=cut.entity_id, discount_amount=share)
        for cut, share in zip(billed, shares, strict=False)
        if share
    ]


def _discounts(invoice: Invoice, cuts: list[LineItemDiscount]) -> list[Discount]:
    sums: dict[tuple[str, str | None], int] = {}
    for cut in cuts:
        key = cut.discount_type, cut.entity_id
        sums[key] = sums.get(key, 0) + cut.discount_amount
    names = {(each.entity_type, each.entity_id): each.description for each in invoice.discounts or []}
    return [
        Discount(amount=amount, description=names.get((kind, entity), kind), entity_type=kind, entity_id=entity)
        for (kind, entity), amount in sums.items()
    ]


def _allocation(site: Site, invoice: Invoice, amount: int) -> Allocation:
    return Allocation(
        invoice_id=invoice.id,
        allocated_amount=amount,
        allocated_at=site.now,
        invoice_date=invoice.date,
        invoice_status=invoice.status,
    )


def _show_status(site: Site, note: CreditNote) -> None:
    """Update the status of a credit note where invoices show it."""
    for id in {note.reference_invoice_id, *map(attrgetter("invoice_id"), note.allocations)}:
        invoice = site.find(site.invoices, "invoice", id)
        for shown in [*invoice.applied_credits, *invoice.issued_credit_notes]:
            if shown.cn_id == note.id:
                shown.cn_status = note.status
        site.touch(invoice)
