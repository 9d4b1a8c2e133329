"""A customer's balance and its transactions. Negative means credit: the customer pays that much less of the next invoices.

One currency per customer: the customer's own, fixed by the first transaction or invoice. Stripe's cash balance is something else.
"""

from __future__ import annotations

from typing import Any

from billbridge_sandbox.stripe.api.errors import invalid
from billbridge_sandbox.stripe.api.money import currency
from billbridge_sandbox.stripe.api.params import EXPAND, Params, clearable, integer, metadata, patched, text
from billbridge_sandbox.stripe.endpoints.endpoint import ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.lists import CREATED, matching, page
from billbridge_sandbox.stripe.store.account import Account, Json

_KIND = "customer_balance_transaction"
_URL = "/v1/customers/{id}/balance_transactions"
_DEFAULT_CURRENCY = "usd"  # of the simulated account; used when a balance is set before the customer has a currency
_DESCRIBED = {**EXPAND, "description": clearable(text), "metadata": metadata}
_CREATE = Params({**_DESCRIBED, "amount": integer, "currency": currency}, required=("amount", "currency"))
_UPDATE = Params(_DESCRIBED)
_LIST = Params({**CREATED, "invoice": text})


def move(account: Account, customer: Json, amount: int, type: str, **more: Any) -> Json:
    """Add `amount`, in minor units, to the balance, and store the transaction."""
    customer["currency"] = more.pop("currency", None) or customer["currency"] or _DEFAULT_CURRENCY
    customer["balance"] += amount
    transaction: Json = {
        "id": account.ids.next("cbtxn_", 24),
        "object": _KIND,
        "amount": amount,
        "checkout_session": None,
        "created": account.now,
        "credit_note": None,
        "currency": customer["currency"],
        "customer": customer["id"],
        "customer_account": None,
        "description": None,
        "ending_balance": customer["balance"],
        "invoice": None,
        "livemode": False,
        "metadata": {},
        "type": type,
        **more,
    }
    return account.put(transaction)


def set_balance(account: Account, customer: Json, args: Json, type: str) -> None:
    """Set a customer's balance, as the parameter `balance` does: one transaction over the difference, none if there is no difference."""
    difference = args.get("balance", customer["balance"]) - customer["balance"]
    if difference:
        move(account, customer, difference, type)


def due_after(total: int, balance: int) -> tuple[int, int]:
    """What is due of an invoice's total, and the balance that is left: credit lowers what is due, a debt raises it.

    An invoice of 0, such as a trial's, leaves a debt alone (our choice).
    """
    if not total and balance > 0:
        return 0, balance
    owed = total + balance
    return max(owed, 0), min(owed, 0)


def use_for(account: Account, invoice: Json, customer: Json) -> None:
    """Settle a finalized invoice with the customer's balance as far as it goes."""
    invoice["starting_balance"] = customer["balance"]
    invoice["amount_due"], invoice["ending_balance"] = due_after(invoice["total"], customer["balance"])
    invoice["amount_remaining"] = invoice["amount_due"]
    if invoice["ending_balance"] != customer["balance"]:
        move(account, customer, invoice["ending_balance"] - customer["balance"], "applied_to_invoice", invoice=invoice["id"])


def give_back(account: Account, invoice: Json) -> None:
    """Undo `use_for` when an invoice is voided."""
    customer = account.tables["customer"].get(invoice["customer"])
    used = invoice["ending_balance"] - invoice["starting_balance"]
    if customer is not None and used:
        move(account, customer, -used, "unapplied_from_invoice", invoice=invoice["id"])


def _create(account: Account, args: Json, ids: dict[str, str]) -> Json:
    customer = account.find("customer", ids["id"], "customer", 404)
    if customer["currency"] not in (None, args["currency"]):
        message = f"The customer's balance is in {customer['currency']}; an adjustment in {args['currency']} is not possible."
        raise invalid(message, param="currency")
    described = {"description": args.get("description"), "metadata": patched({}, args.get("metadata", {}))}
    return move(account, customer, args["amount"], "adjustment", currency=args["currency"], **described)


def _at_path(account: Account, ids: dict[str, str]) -> Json:
    account.find("customer", ids["id"], "customer", 404)
    found = account.find(_KIND, ids["transaction"], "transaction", 404)
    if found["customer"] != ids["id"]:
        raise invalid(f"No such customer balance transaction: '{ids['transaction']}'", code="resource_missing", status=404)
    return found


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return _at_path(account, ids)


def _update(account: Account, args: Json, ids: dict[str, str]) -> Json:
    transaction = _at_path(account, ids)
    transaction["metadata"] = patched(transaction["metadata"], args.get("metadata", {}))
    transaction["description"] = args.get("description", transaction["description"])
    return transaction


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    customer = account.find("customer", ids["id"], "customer", 404)
    rows = matching(account.where(_KIND, customer=customer["id"]), args, "invoice")
    return page(rows, args, _URL.replace("{id}", customer["id"]), "customer balance transaction")


ENDPOINTS = [
    Endpoint("POST", _URL, _CREATE, _create, _KIND),
    Endpoint("GET", _URL, _LIST, _list, f"{_KIND}[]"),
    Endpoint("GET", f"{_URL}/{{transaction}}", ONLY_EXPAND, _retrieve, _KIND),
    Endpoint("POST", f"{_URL}/{{transaction}}", _UPDATE, _update, _KIND),
]
