"""Payments: PaymentIntents, invoice payments, declines, and what an attempt changes on an invoice. Subscriptions are not touched here."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from billbridge_sandbox.kernel.cards import Outcome
from billbridge_sandbox.kernel.ids import letters_for
from billbridge_sandbox.kernel.sparse import Sparse, peek
from billbridge_sandbox.stripe.api.errors import StripeError
from billbridge_sandbox.stripe.store.account import Account, Json


@dataclass(frozen=True)
class Decline:
    """The reason why a card was not charged, with Stripe's codes. An empty `decline_code` is not sent."""

    code: str
    decline_code: str
    message: str

    @property
    def needs_action(self) -> bool:
        """Whether the cardholder could still finish the payment."""
        return self.code.endswith(("requires_action", "authentication_required"))

    def error(self, **more: Any) -> StripeError:
        """The 402 `card_error`."""
        return StripeError(402, "card_error", self.message, code=self.code, decline_code=self.decline_code or None, **more)


_DECLINES: dict[Outcome, Decline] = {
    "declined": Decline("card_declined", "generic_decline", "Your card was declined."),
    "insufficient_funds": Decline("card_declined", "insufficient_funds", "Your card has insufficient funds."),
    "expired": Decline("expired_card", "expired_card", "Your card has expired."),
    "authentication_required": Decline(
        "authentication_required", "authentication_required", "Your card was declined. This transaction requires authentication."
    ),
}
NO_METHOD = Decline("resource_missing", "", "This customer has no attached payment source or default payment method.")

# The fields that most PaymentIntents have in common.
_INTENT: Json = {
    "object": "payment_intent",
    "allowed_payment_method_types": None,
    "amount_capturable": 0,
    "amount_received": 0,
    "application": None,
    "application_fee_amount": None,
    "automatic_payment_methods": None,
    "canceled_at": None,
    "cancellation_reason": None,
    "capture_method": "automatic",
    "client_secret": lambda intent: f"{intent['id']}_secret_{letters_for(intent['id'], 25)}",
    "confirmation_method": "automatic",
    "customer_account": None,
    "description": None,
    "excluded_payment_method_types": None,
    "last_payment_error": None,
    "latest_charge": None,
    "livemode": False,
    "metadata": {},
    "managed_payments": None,
    "next_action": None,
    "on_behalf_of": None,
    "payment_method_configuration_details": None,
    "payment_method_options": {},
    "payment_method_types": ["card"],
    "payment_record": None,
    "processing": None,
    "receipt_email": None,
    "review": None,
    "setup_future_usage": None,
    "shipping": None,
    "source": None,
    "statement_descriptor": None,
    "statement_descriptor_suffix": None,
    "status": "succeeded",
    "transfer_data": None,
    "transfer_group": None,
}
_PAYMENT: Json = {
    "object": "invoice_payment",
    "amount_paid": None,
    "is_default": True,
    "livemode": False,
    "payment": lambda payment: {"type": "payment_intent", "payment_intent": payment.origin[0]},
    "status": "paid",
}


def decline_of(account: Account, method: str) -> Decline | None:
    """The decline that an off-session charge of this payment method would get; None if it would succeed."""
    return _DECLINES.get(account.cards[method].outcome)


def on_session(decline: Decline, holder: str) -> Decline:
    """With the customer present, a wanted authentication is an action to take, not a decline.

    `holder` is "subscription" or "invoice": Stripe's code says on which one the payment hangs.
    """
    if decline.code != "authentication_required":
        return decline
    message = f"Payment for this {holder} requires additional user action before it can be completed successfully."
    return Decline(f"{holder}_payment_intent_requires_action", "", message)


def paying_method(account: Account, customer: str, *holders: Json) -> str | None:
    """The payment method to charge: the first holder's own default (invoice before subscription), then the customer's."""
    for holder in holders:
        if holder["default_payment_method"] is not None:
            return str(holder["default_payment_method"])
    found = account.tables["customer"].get(customer)
    chosen = found["invoice_settings"]["default_payment_method"] if found is not None else None
    return None if chosen is None else str(chosen)


def open_payment(account: Account, invoice: Json, method: str | None) -> None:
    """Create the PaymentIntent and the invoice payment of a finalized invoice that has an amount due."""
    id = account.ids.next("pi_", 24)
    fields = {
        "id": id,
        "amount": invoice["amount_due"],
        "created": account.now,
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "payment_method": method,
        "status": "requires_payment_method" if method is None else "requires_confirmation",
    }
    account.put(Sparse(_INTENT, fields))
    payment = {
        "id": account.ids.next("inpay_", 24),
        "amount_requested": invoice["amount_due"],
        "created": account.now,
        "currency": invoice["currency"],
        "invoice": invoice["id"],
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }
    account.put(Sparse(_PAYMENT, payment, (id,)))


def payment_of(account: Account, invoice: Json) -> tuple[Json, Json] | None:
    """The invoice payment and its PaymentIntent; None for an invoice that never had anything due."""
    rows = account.where("invoice_payment", invoice=invoice["id"])
    return (rows[0], account.find("payment_intent", peek(rows[0], "payment")["payment_intent"])) if rows else None


def attempt(account: Account, invoice: Json, method: str | None, off_session: bool = True) -> Decline | None:
    """Try to collect an open invoice. Returns why it failed, or None when it is paid."""
    found = payment_of(account, invoice)
    if found is None:
        raise AssertionError("an open invoice with something due has a payment")
    _, intent = found
    decline = NO_METHOD if method is None else decline_of(account, method)
    invoice["attempted"] = True
    # An authentication that is only asked for does not count as an attempt.
    invoice["attempt_count"] += not (decline is not None and decline.needs_action and not off_session)
    if decline is None:
        succeed(account, invoice, intent, method)
        return None
    if method is not None:
        _record_failure(account, intent, decline, method, off_session)
    _mark_delinquent(account, invoice)
    return decline if off_session else on_session(decline, "invoice")


def succeed(account: Account, invoice: Json, intent: Json, method: str | None) -> None:
    """The charge went through: the invoice is paid."""
    intent.update(payment_method=method, status="succeeded", last_payment_error=None, next_action=None)
    intent.update(amount_received=intent["amount"], latest_charge=account.ids.next("ch_", 24))
    mark_paid(account, invoice)


def _record_failure(account: Account, intent: Json, decline: Decline, method: str, off_session: bool) -> None:
    if decline.needs_action and not off_session:
        intent.update(
            payment_method=method,
            status="requires_action",
            last_payment_error=None,
            next_action={"type": "use_stripe_sdk", "use_stripe_sdk": {}},
        )
        return
    error = decline.error().body["error"]
    error["payment_method"] = _shown(account, method)
    intent.update(payment_method=None, status="requires_payment_method", last_payment_error=error, next_action=None)


def _shown(account: Account, method: str) -> Json:
    """A copy of a payment method as it is now. Errors share one copy until the payment method changes."""
    found, kept = account.find("payment_method", method), account.kept("payment_method", method)
    if kept.get("shown") != found:
        kept["shown"] = deepcopy(found)
    shown: Json = kept["shown"]
    return shown


def mark_paid(account: Account, invoice: Json, out_of_band: bool = False) -> None:
    """Mark an invoice and its open payment as paid. Out of band means that the money came outside Stripe."""
    invoice.update(status="paid", amount_paid=invoice["amount_due"], amount_remaining=0, attempted=True)
    invoice.update(auto_advance=False, next_payment_attempt=None)
    invoice["amount_paid_off_stripe"] = invoice["amount_due"] if out_of_band else 0
    invoice["status_transitions"]["paid_at"] = account.now
    found = payment_of(account, invoice)
    if found is not None and out_of_band:
        cancel_payment(account, invoice)
    elif found is not None:
        found[0].update(status="paid", amount_paid=invoice["amount_due"])
        found[0]["status_transitions"]["paid_at"] = account.now
    _mark_delinquent(account, invoice)


def cancel_payment(account: Account, invoice: Json) -> None:
    """Cancel the open payment of an invoice that is voided or was paid elsewhere."""
    found = payment_of(account, invoice)
    if found is not None:
        payment, intent = found
        payment.update(status="canceled")
        payment["status_transitions"]["canceled_at"] = account.now
        intent.update(status="canceled", canceled_at=account.now, cancellation_reason="void_invoice", next_action=None)


def _mark_delinquent(account: Account, invoice: Json) -> None:
    """Update the customer's `delinquent` after an attempt. A payment can only end it, so there is nothing to look for without it."""
    found = account.tables["customer"].get(invoice["customer"])
    if found is not None and (found["delinquent"] or invoice["status"] == "open"):
        unpaid = account.where("invoice", customer=invoice["customer"], status="open", collection_method="charge_automatically")
        found["delinquent"] = any(each["attempted"] for each in unpaid)
