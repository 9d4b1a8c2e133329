"""Invoices of subscriptions: raised as drafts, finalized, voided, held back. When that happens is decided in `lifecycle`."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

from billbridge_sandbox.kernel.sparse import Sparse, peek
from billbridge_sandbox.stripe.api.params import ADDRESS
from billbridge_sandbox.stripe.billing import debits, pending_items
from billbridge_sandbox.stripe.billing.customer_balance import due_after, give_back, use_for
from billbridge_sandbox.stripe.billing.discounts import take_off, used
from billbridge_sandbox.stripe.billing.invoice_lines import is_licensed, lines_of
from billbridge_sandbox.stripe.endpoints.lists import envelope
from billbridge_sandbox.stripe.payments import charging
from billbridge_sandbox.stripe.store.account import Account, Json

# A draft waits an hour before it is finalized and collected (docs.stripe.com/billing/invoices/subscription).
DRAFT_SECONDS = 60 * 60
_DAY = 24 * 60 * 60
_NULLS = (
    "account_country account_tax_ids application automatically_finalizes_at custom_fields customer_account customer_address customer_email"
    " customer_name customer_phone customer_shipping default_payment_method default_source description due_date effective_at ending_balance"
    " footer from_invoice last_finalization_error latest_revision next_payment_attempt number on_behalf_of"
    " receipt_number rendering shipping_cost shipping_details statement_descriptor test_clock webhooks_delivered_at"
)
_ZEROS = (
    "amount_overpaid amount_paid amount_paid_off_stripe amount_remaining amount_shipping attempt_count post_payment_credit_notes_amount"
    " pre_payment_credit_notes_amount starting_balance"
)


def _lines(invoice: Sparse) -> Json:
    return envelope(invoice.origin[2], f"/v1/invoices/{invoice['id']}/lines")


def _parent(invoice: Sparse) -> Json:
    subscription, metadata, _ = invoice.origin
    details = {"metadata": dict(metadata or {}), "subscription": subscription}
    return {"quote_details": None, "subscription_details": details, "type": "subscription_details"}


def _page(invoice: Sparse) -> str | None:
    return f"https://invoice.sandbox.invalid/{invoice['id']}" if invoice["effective_at"] else None


def _pdf(invoice: Sparse) -> str | None:
    return f"{_page(invoice)}/pdf" if invoice["effective_at"] else None


# The fields that most invoices have in common.
_COMMON: Json = {
    "object": "invoice",
    **dict.fromkeys(_NULLS.split()),
    **dict.fromkeys(_ZEROS.split(), 0),
    "account_name": "Billbridge Sandbox",
    "attempted": True,
    "auto_advance": False,
    "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None, "provider": None, "status": None},
    "billing_reason": "subscription_cycle",
    "collection_method": "charge_automatically",
    "customer_tax_exempt": "none",
    "customer_tax_ids": [],
    "default_tax_rates": [],
    "discounts": [],
    "hosted_invoice_url": _page,
    "invoice_pdf": _pdf,
    "issuer": {"type": "self"},
    "lines": _lines,
    "livemode": False,
    "metadata": {},
    "parent": _parent,
    "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
    "status": "paid",
    "subtotal_excluding_tax": itemgetter("subtotal"),
    "total_discount_amounts": [],
    "total_excluding_tax": itemgetter("total"),
    "total_pretax_credit_amounts": [],
    "total_taxes": [],
}


def draft(
    account: Account,
    subscription: Json,
    reason: str,
    window: tuple[int, int],
    usage: tuple[int, int] | None = None,
    free: bool = False,
    whole_price: bool = False,
    earlier: Sequence[Json] = (),
) -> Json:
    """A draft for the current period of the subscription's items and for the pending invoice items, not stored yet.

    `window` is the invoice's own period, `usage` the time over which metered items are billed, `free` makes trial lines of 0, and with
    `whole_price` a shortened period costs as much as a whole one. `earlier` are copies of the subscription in periods that are over.
    """
    id = account.ids.next("in_", 24)
    past = [line for copy in earlier for line in lines_of(account, copy, id, None, False)]
    lines = [*_pending(account, subscription, id), *past, *lines_of(account, subscription, id, usage, free, whole_price)]
    return _with_lines(account, subscription, reason, window, id, lines)


def extra_draft(account: Account, subscription: Json, window: tuple[int, int], usage: tuple[int, int] | None = None) -> Json | None:
    """A draft that bills no further period, not stored yet: pending invoice items and, if a time is given, usage. None if it is empty."""
    id = account.ids.next("in_", 24)
    lines = _pending(account, subscription, id)
    if usage is not None:
        metered = [item for item in subscription["items"]["data"] if not is_licensed(item)]
        lines += [line for line in lines_of(account, {**subscription, "items": {"data": metered}}, id, usage, False) if line["amount"]]
    return _with_lines(account, subscription, "subscription_update", window, id, lines) if lines else None


def _pending(account: Account, subscription: Json, invoice: str) -> list[Json]:
    rows = pending_items.pending(account, subscription["customer"], subscription["id"], subscription["currency"])
    return [pending_items.line_of(account, item, invoice) for item in rows]


def _with_lines(account: Account, subscription: Json, reason: str, window: tuple[int, int], id: str, lines: list[Json]) -> Json:
    subtotal = sum(line["amount"] for line in lines)
    taken = take_off(account, subscription, lines)
    total = subtotal - sum(each["amount"] for each in taken)
    balance = account.find("customer", subscription["customer"])["balance"]
    due, _ = due_after(total, balance)
    charged = subscription["collection_method"] == "charge_automatically"
    fields: Json = {
        "id": id,
        "amount_due": due,
        "amount_remaining": due,
        "attempted": False,
        "auto_advance": True,
        "automatically_finalizes_at": account.now + DRAFT_SECONDS,
        "billing_reason": reason,
        "collection_method": subscription["collection_method"],
        "created": account.now,
        "currency": subscription["currency"],
        "customer": subscription["customer"],
        "discounts": [each["discount"] for each in taken],
        "due_date": _due_date(account, subscription),
        "next_payment_attempt": account.now + DRAFT_SECONDS if charged else None,
        "period_end": window[1],
        "period_start": window[0],
        "starting_balance": balance,
        "status": "draft",
        "status_transitions": dict.fromkeys(("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")),
        "subtotal": subtotal,
        "total": total,
        "total_discount_amounts": taken,
        "total_pretax_credit_amounts": [{**each, "type": "discount"} for each in taken],
    }
    invoice = Sparse(_COMMON, fields, (subscription["id"], dict(subscription["metadata"]) or None, lines))
    _copy_customer(account, invoice)
    return invoice


def issue(account: Account, subscription: Json, invoice: Json) -> Json:
    """Store a draft: it becomes the subscription's latest invoice, fixes the customer's currency, uses up discounts and pending items.

    What it bills in advance is noted for later credits. While the subscription's payment collection is paused, the invoice is held back at
    once (`_hold`).
    """
    used(account, subscription, peek(invoice, "total_discount_amounts"))
    _take_up(account, invoice)
    _note_debits(account, subscription, invoice)
    customer = account.find("customer", subscription["customer"])
    customer["currency"] = customer["currency"] or subscription["currency"]
    subscription["latest_invoice"] = invoice["id"]
    account.put(invoice)
    _hold(account, subscription, invoice)
    return invoice


def _hold(account: Account, subscription: Json, invoice: Json) -> None:
    """Keep a new invoice as a draft, void it or write it off, as the subscription's `pause_collection` says.

    A voided one leaves the customer's balance alone (docs.stripe.com/billing/subscriptions/pause-payment). Nothing is collected later on
    its own. An invoice that a pause finds already there is collected as usual.
    """
    paused = subscription["pause_collection"]
    if paused is None or (paused["resumes_at"] or account.now + 1) <= account.now:
        return
    invoice.update(auto_advance=False, automatically_finalizes_at=None, next_payment_attempt=None)
    if paused["behavior"] == "void":
        due = max(invoice["total"], 0)
        invoice.update(amount_due=due, amount_remaining=due, ending_balance=invoice["starting_balance"])
        _number(account, invoice)
        void(account, invoice)
    elif paused["behavior"] == "mark_uncollectible":
        finalize(account, invoice)
        if invoice["status"] == "open":
            invoice["status"] = "uncollectible"
            invoice["status_transitions"]["marked_uncollectible_at"] = account.now


def _take_up(account: Account, invoice: Json) -> None:
    """Mark the invoice items of a new invoice as invoiced. Credits on it, and later ones, name the invoice's lines."""
    rows = peek(invoice, "lines")["data"]
    lines = pending_items.taken_up(account, rows, invoice["id"])
    for line in rows:
        details = peek(line, "parent")["subscription_item_details"]
        if details is None or not details["proration"]:
            continue
        debits.invoiced(account, details["subscription_item"], details["invoice_item"], invoice["id"], line["id"])
        credited = account.find("invoiceitem", details["invoice_item"])["proration_details"]["credited_items"]
        if credited is not None and credited.get("invoice_item") in lines:
            credited = debits.on_invoice(invoice["id"], [lines[credited["invoice_item"]]])
        if credited is not None:
            details["proration_details"]["credited_items"] = credited.get("invoice_line_item_details")


def _note_debits(account: Account, subscription: Json, invoice: Json) -> None:
    """Note what the invoice bills for the current period of each licensed item. A free trial is billed nothing, so it is not noted."""
    billed: dict[str, list[Json]] = {}
    for line in peek(invoice, "lines")["data"]:
        details = peek(line, "parent")["subscription_item_details"]
        if details is not None and details["invoice_item"] is None:
            billed.setdefault(details["subscription_item"], []).append(line)
    for item in subscription["items"]["data"]:
        period = {"start": item["current_period_start"], "end": item["current_period_end"]}
        lines = [line for line in billed.get(item["id"], []) if peek(line, "period") == period]
        if lines and is_licensed(item) and subscription["status"] != "trialing":
            amount = sum(line["amount"] - sum(off["amount"] for off in peek(line, "discount_amounts")) for line in lines)
            source = debits.on_invoice(invoice["id"], [line["id"] for line in lines])
            debits.record(account, item, amount, (period["start"], period["end"]), source)


def _due_date(account: Account, subscription: Json) -> int | None:
    """Days count from the creation of the draft."""
    sent = subscription["collection_method"] == "send_invoice"
    return account.now + subscription["days_until_due"] * _DAY if sent else None


def _copy_customer(account: Account, invoice: Json) -> None:
    """Copy the customer's fields to a draft. After the invoice is finalized, the copy no longer changes."""
    customer = account.tables["customer"].get(invoice["customer"])
    if customer is not None:
        address = customer["address"] and {name: customer["address"][name] for name in ADDRESS.fields}
        taxed = account.where("tax_id", customer=customer["id"])
        invoice["customer_tax_ids"] = [{"type": row["type"], "value": row["value"]} for row in reversed(taxed)]
        invoice.update({f"customer_{name}": customer[name] for name in ("email", "name", "phone", "shipping", "tax_exempt")})
        invoice["customer_address"] = address


def finalize(account: Account, invoice: Json) -> None:
    """Number a draft and open it; paid at once when nothing is due. The number counts on from the customer's prefix."""
    subscription = subscription_of(account, invoice)
    customer = account.tables["customer"].get(invoice["customer"])
    invoice["ending_balance"] = 0
    if customer is not None:
        use_for(account, invoice, customer)
    _number(account, invoice)
    if invoice["amount_due"] == 0:
        charging.mark_paid(account, invoice)
    else:
        charging.open_payment(account, invoice, charging.paying_method(account, invoice["customer"], invoice, subscription))


def _number(account: Account, invoice: Json) -> None:
    """Open a draft: its number, the customer's data and its pages no longer change."""
    customer = account.tables["customer"].get(invoice["customer"])
    if customer is not None:
        invoice["number"] = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}"
        customer["next_invoice_sequence"] += 1
    _copy_customer(account, invoice)
    invoice.update(status="open", effective_at=account.now, automatically_finalizes_at=None, next_payment_attempt=None)
    invoice["status_transitions"]["finalized_at"] = account.now


def void(account: Account, invoice: Json) -> None:
    """Void an open invoice. What was due stays on it, as Stripe leaves it."""
    invoice.update(status="void", auto_advance=False, next_payment_attempt=None)
    invoice["status_transitions"]["voided_at"] = account.now
    charging.cancel_payment(account, invoice)
    give_back(account, invoice)


def subscription_of(account: Account, invoice: Json) -> Json:
    """The subscription that raised the invoice."""
    return account.find("subscription", peek(invoice, "parent")["subscription_details"]["subscription"])
