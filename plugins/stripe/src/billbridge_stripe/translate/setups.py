"""Convert setups of payment methods: Checkout Sessions (hosted) and SetupIntents (client side), between Stripe's shape and the model."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from billbridge.model import NewPaymentMethodSetup, PaymentMethodSetup, SetupStatus, SetupWay
from billbridge.toolkit.timestamps import from_unix

from billbridge_stripe import wire_payment_methods as wire
from billbridge_stripe.translate.common import id_of, own
from billbridge_stripe.translate.words import SESSION_STATUS, SETUP_STATUS

EXPAND: Final = ["setup_intent"]
"""The expansion of a session. It names its SetupIntent, and only the SetupIntent names the new payment method."""


def from_session(found: wire.Session, raw: bytes | msgspec.Raw) -> PaymentMethodSetup:
    """Convert a Checkout Session, which is a hosted page, to the model."""
    intent = found.setup_intent
    return PaymentMethodSetup(
        provider="stripe",
        id=found.id,
        raw=own(raw),
        customer_id=id_of(found.customer),
        way=SetupWay.HOSTED,
        status=SESSION_STATUS.get(found.status or "", SetupStatus.UNKNOWN),
        vendor_status=found.status,
        url=found.url,
        payment_method_id=id_of(intent.payment_method) if isinstance(intent, wire.SetupIntent) else None,
        expires_at=from_unix(found.expires_at),
        created_at=from_unix(found.created),
    )


def from_intent(found: wire.SetupIntent, raw: bytes | msgspec.Raw) -> PaymentMethodSetup:
    """Convert a SetupIntent to the model. It has failed if it waits for another payment method after Stripe refused the last one."""
    refused = found.status == "requires_payment_method" and found.last_setup_error is not None
    return PaymentMethodSetup(
        provider="stripe",
        id=found.id,
        raw=own(raw),
        customer_id=id_of(found.customer),
        way=SetupWay.CLIENT_SIDE,
        status=SetupStatus.FAILED if refused else SETUP_STATUS.get(found.status or "", SetupStatus.UNKNOWN),
        vendor_status=found.status,
        client_secret=found.client_secret,
        payment_method_id=id_of(found.payment_method),
        created_at=from_unix(found.created),
    )


def new_session(customer: str, new: NewPaymentMethodSetup) -> dict[str, Any]:
    """Return the parameters of POST /v1/checkout/sessions.

    The page takes cards. Without `allowed_payment_method_types` Stripe requires a currency, which a setup does not have (stripe 16.1.0,
    SessionCreateParams.currency). The parameter was `payment_method_types` before 2026-09-30.endive.
    """
    return {
        "mode": "setup",
        "customer": customer,
        "allowed_payment_method_types": ["card"],
        "success_url": new.return_url,
        "cancel_url": new.return_url,
        "expand": EXPAND,
    }


def new_intent(customer: str) -> dict[str, Any]:
    """Return the parameters of POST /v1/setup_intents. The account's settings decide which types the customer can choose."""
    return {"customer": customer, "usage": "off_session", "automatic_payment_methods": {"enabled": True}}
