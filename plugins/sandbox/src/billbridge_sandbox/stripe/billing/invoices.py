"""Invoices: the endpoints. Only subscriptions raise invoices here; one-off drafts, invoice items and credit notes are not simulated."""

from __future__ import annotations

from copy import deepcopy

from billbridge_sandbox.stripe.api.errors import invalid
from billbridge_sandbox.stripe.api.params import EXPAND, Params, boolean, choice, text
from billbridge_sandbox.stripe.billing import invoicing, lifecycle
from billbridge_sandbox.stripe.endpoints.endpoint import ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.lists import CREATED, LIST, in_range, matching, moment_or_range, page
from billbridge_sandbox.stripe.payments import charging
from billbridge_sandbox.stripe.payments.payment_methods import attached
from billbridge_sandbox.stripe.store.account import Account, Json

_LIST = Params(
    {
        **CREATED,
        "collection_method": choice("charge_automatically", "send_invoice"),
        "customer": text,
        "due_date": moment_or_range,
        "status": choice("draft", "open", "paid", "uncollectible", "void"),
        "subscription": text,
    },
    not_simulated="customer_account",
)
_PAY = Params(
    {**EXPAND, "off_session": boolean, "paid_out_of_band": boolean, "payment_method": text}, not_simulated="forgive mandate source"
)
_FINALIZE = Params(EXPAND, not_simulated="auto_advance")


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return account.at_path("invoice", ids, "invoice")


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    if "customer" in args and args["customer"] not in account.deleted_customers:
        account.find("customer", args["customer"], "customer")
    if "subscription" in args:
        account.find("subscription", args["subscription"], "subscription")
        rows = account.invoices_of(args["subscription"])
    else:
        rows = account.where("invoice")
    rows = matching(rows, args, "collection_method", "customer", "status")
    rows = [row for row in rows if in_range(row["due_date"], args.get("due_date"))]
    return page(rows, args, "/v1/invoices", "invoice")


def _lines(account: Account, args: Json, ids: dict[str, str]) -> Json:
    invoice = account.at_path("invoice", ids)
    return page(invoice["lines"]["data"], args, f"/v1/invoices/{invoice['id']}/lines", "line_item")


def _finalize(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Finalize a draft now. It is still collected automatically when its hour as a draft ends."""
    invoice = account.at_path("invoice", ids)
    if invoice["status"] != "draft":
        raise invalid("This invoice is already finalized, you can't re-finalize a non-draft invoice.")
    lifecycle.finalize_early(account, invoice)
    return invoice


def _pay(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Pay an invoice; a draft is finalized first. A decline is a 402 and leaves the invoice open."""
    invoice = account.at_path("invoice", ids)
    subscription = invoicing.subscription_of(account, invoice)
    if "payment_method" in args:
        attached(account, args["payment_method"], invoice["customer"], "payment_method")
    if invoice["status"] not in ("draft", "open", "uncollectible"):
        raise invalid("Invoice is already paid" if invoice["status"] == "paid" else f"Invoice is {invoice['status']} and cannot be paid.")
    method = args.get("payment_method") or charging.paying_method(account, invoice["customer"], invoice, subscription)
    if method is None and not args.get("paid_out_of_band"):
        raise invalid(charging.NO_METHOD.message, code="resource_missing")
    if invoice["status"] == "draft":
        invoicing.finalize(account, invoice)
    if invoice["status"] != "paid" and args.get("paid_out_of_band"):
        charging.mark_paid(account, invoice, out_of_band=True)
    elif invoice["status"] != "paid":
        decline = charging.attempt(account, invoice, method, args.get("off_session", True))
        if decline is not None:
            lifecycle.declined(account, invoice)
            found = charging.payment_of(account, invoice)
            raise decline.error(payment_intent=deepcopy(found[1]) if found else None)
    lifecycle.settled(account, invoice)
    return invoice


def _void(account: Account, args: Json, ids: dict[str, str]) -> Json:
    invoice = account.at_path("invoice", ids)
    if invoice["status"] != "open":
        raise invalid(f"You can only void open invoices; this one is {invoice['status']}.", code="status_transition_invalid")
    invoicing.void(account, invoice)
    lifecycle.settled(account, invoice)
    return invoice


ENDPOINTS = [
    Endpoint("GET", "/v1/invoices", _LIST, _list, "invoice[]"),
    Endpoint("GET", "/v1/invoices/{id}", ONLY_EXPAND, _retrieve, "invoice"),
    Endpoint("GET", "/v1/invoices/{id}/lines", Params(LIST), _lines, "line_item[]"),
    Endpoint("POST", "/v1/invoices/{id}/finalize", _FINALIZE, _finalize, "invoice"),
    Endpoint("POST", "/v1/invoices/{id}/pay", _PAY, _pay, "invoice"),
    Endpoint("POST", "/v1/invoices/{id}/void", ONLY_EXPAND, _void, "invoice"),
]
