"""What the customer must do, read from Stripe's PaymentIntents and SetupIntents."""

from __future__ import annotations

from typing import Final

import msgspec
from billbridge.model import NextAction, NextActionKind
from billbridge.toolkit.decoding import UNREADABLE

from billbridge_stripe import wire_payment_methods as wire

_SECRET: Final = "_secret_"  # noqa: S105  # stands between the id of an intent and its secret


def refused_action(body: bytes) -> NextAction | None:
    """Return what the customer must do after a refusal. None if Stripe kept no intent, as after `error_if_incomplete`."""
    try:
        refused = msgspec.json.decode(body, type=wire.RefusedIntentsBody).error  # no decoder is made at import: refusals are rare
    except UNREADABLE:
        return None
    kind = NextActionKind.PAYMENT if refused.payment_intent is not None else NextActionKind.SETUP
    intent = refused.payment_intent or refused.setup_intent
    if intent is None or intent.client_secret is None:
        return None
    page = intent.next_action.redirect_to_url if intent.next_action is not None else None
    return NextAction(kind=kind, id=intent.id, client_secret=intent.client_secret, url=None if page is None else page.url)


def payment_action(client_secret: str) -> NextAction:
    """Return what the customer must do to pay an invoice. The secret begins with the id of the PaymentIntent."""
    return NextAction(kind=NextActionKind.PAYMENT, id=client_secret.partition(_SECRET)[0], client_secret=client_secret)
