"""Stripe's payment methods, and how new ones are set up, exactly as they are sent; the rest is in `wire`. Translates nothing."""

from __future__ import annotations

import msgspec

from billbridge_stripe import wire


class Card(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The card of a payment method."""

    brand: str | None = None
    last4: str | None = None
    exp_month: int | None = None
    exp_year: int | None = None
    funding: str | None = None
    country: str | None = None


class Bank(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The account of a payment method that debits one; not every kind has a name or a country."""

    last4: str | None = None
    bank_name: str | None = None
    country: str | None = None


class BillingDetails(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Whose payment method it is."""

    address: wire.Address | None = None


class PaymentMethod(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/payment_methods. The details are under the name of the type; those that debit a bank account are all alike here."""

    type: str
    customer: wire.Reference = None
    card: Card | None = None
    acss_debit: Bank | None = None
    au_becs_debit: Bank | None = None
    bacs_debit: Bank | None = None
    nz_bank_account: Bank | None = None
    payto: Bank | None = None
    sepa_debit: Bank | None = None
    us_bank_account: Bank | None = None
    billing_details: BillingDetails | None = None
    created: int | None = None


class SetupIntent(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/setup_intents."""

    status: str | None = None
    customer: wire.Reference = None
    client_secret: str | None = None
    payment_method: wire.Reference = None
    last_setup_error: wire.Present | None = None
    created: int | None = None


class Session(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/checkout/sessions, of which those with `mode=setup` matter here."""

    mode: str | None = None
    status: str | None = None
    customer: wire.Reference = None
    url: str | None = None
    setup_intent: str | SetupIntent | None = None
    expires_at: int | None = None
    created: int | None = None


class Redirect(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A page of the customer's bank."""

    url: str | None = None


class IntentAction(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an intent waits for."""

    redirect_to_url: Redirect | None = None


class RefusedIntent(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The PaymentIntent or SetupIntent in a refusal."""

    id: str
    client_secret: str | None = None
    next_action: IntentAction | None = None


class RefusedIntents(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The intents of a refusal."""

    payment_intent: RefusedIntent | None = None
    setup_intent: RefusedIntent | None = None


class RefusedIntentsBody(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The body of a refusal, read for its intents."""

    error: RefusedIntents
