"""Convert payment methods from Stripe's shape to the model."""

from __future__ import annotations

from datetime import datetime

import msgspec
from billbridge.model import BankAccount, Card, CardBrand, PaymentMethod, PaymentMethodStatus, PaymentMethodType
from billbridge.toolkit.timestamps import from_unix

from billbridge_stripe import wire_payment_methods as wire
from billbridge_stripe.translate.common import address, id_of, own
from billbridge_stripe.translate.words import CARD_BRAND, PAYMENT_METHOD_TYPE


def payment_method(found: wire.PaymentMethod, raw: bytes | msgspec.Raw, now: datetime) -> PaymentMethod:
    """Convert a payment method of Stripe to the model.

    Stripe has no status for it. A card is expired after its month (UTC, at `now`). Every other method is valid.
    """
    kind = PAYMENT_METHOD_TYPE.get(found.type, PaymentMethodType.UNKNOWN)
    return PaymentMethod(
        provider="stripe",
        id=found.id,
        raw=own(raw),
        customer_id=id_of(found.customer),
        type=kind,
        vendor_type=found.type,
        status=PaymentMethodStatus.EXPIRED if _is_expired(found.card, now) else PaymentMethodStatus.VALID,
        card=_card(found.card),
        bank=_bank(getattr(found, found.type)) if kind is PaymentMethodType.BANK_DEBIT else None,
        billing_address=address(found.billing_details.address) if found.billing_details else None,
        created_at=from_unix(found.created),
    )


def _card(found: wire.Card | None) -> Card | None:
    if found is None:
        return None
    return Card(
        brand=CARD_BRAND.get(found.brand or "", CardBrand.UNKNOWN),
        last4=found.last4,
        exp_month=found.exp_month,
        exp_year=found.exp_year,
        funding=None if found.funding == "unknown" else found.funding,
        country=found.country,
    )


def _bank(found: wire.Bank | None) -> BankAccount | None:
    return None if found is None else BankAccount(last4=found.last4, bank_name=found.bank_name, country=found.country)


def _is_expired(card: wire.Card | None, now: datetime) -> bool:
    if card is None or card.exp_year is None or card.exp_month is None:
        return False
    return (now.year, now.month) > (card.exp_year, card.exp_month)
