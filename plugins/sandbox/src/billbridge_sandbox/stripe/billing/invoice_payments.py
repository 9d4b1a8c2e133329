"""Invoice payments and the PaymentIntents behind them. Requests only read them; the customer's browser can finish one."""

from __future__ import annotations

from billbridge_sandbox.stripe.api.errors import invalid
from billbridge_sandbox.stripe.api.params import EXPAND, Params, choice, text
from billbridge_sandbox.stripe.billing import lifecycle
from billbridge_sandbox.stripe.endpoints.endpoint import ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.lists import CREATED, matching, page
from billbridge_sandbox.stripe.payments import charging
from billbridge_sandbox.stripe.store.account import Account, Json

_PAYMENT = Params({"type": choice("payment_intent", "payment_record"), "payment_intent": text}, ("type",), "payment_record")
_LIST = Params({**CREATED, "invoice": text, "payment": _PAYMENT, "status": choice("canceled", "open", "paid")})
_INTENT = Params(EXPAND, not_simulated="client_secret")
_INTENTS = Params({**CREATED, "customer": text}, not_simulated="customer_account")


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    rows = matching(account.where("invoice_payment"), args, "invoice", "status")
    wanted = args.get("payment", {})
    rows = [row for row in rows if all(row["payment"].get(name) == value for name, value in wanted.items())]
    return page(rows, args, "/v1/invoice_payments", "invoice_payment")


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return account.at_path("invoice_payment", ids)


def _list_intents(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return page(matching(account.where("payment_intent"), args, "customer"), args, "/v1/payment_intents", "payment_intent")


def _retrieve_intent(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return account.at_path("payment_intent", ids)


def authenticate(account: Account, id: str) -> None:
    """Finish the authentication that a PaymentIntent waits for, as the customer would in the browser: its invoice is paid.

    Raises StripeError when it waits for none.
    """
    intent = account.find("payment_intent", id, "intent")
    if intent["status"] != "requires_action":
        raise invalid(f"The PaymentIntent waits for no action; its status is {intent['status']}.")
    (payment,) = [row for row in account.where("invoice_payment") if row["payment"]["payment_intent"] == id]
    invoice = account.find("invoice", payment["invoice"])
    charging.succeed(account, invoice, intent, intent["payment_method"])
    lifecycle.settled(account, invoice)


ENDPOINTS = [
    Endpoint("GET", "/v1/invoice_payments", _LIST, _list, "invoice_payment[]"),
    Endpoint("GET", "/v1/invoice_payments/{id}", ONLY_EXPAND, _retrieve, "invoice_payment"),
    Endpoint("GET", "/v1/payment_intents", _INTENTS, _list_intents, "payment_intent[]"),
    Endpoint("GET", "/v1/payment_intents/{id}", _INTENT, _retrieve_intent, "payment_intent"),
]
