"""Payment methods: Chargebee's payment sources."""

from __future__ import annotations

import msgspec
from billbridge.model import Card, CardBrand, PaymentMethod, PaymentMethodStatus, PaymentMethodType
from billbridge.timestamps import from_unix

from billbridge_chargebee import wire
from billbridge_chargebee.translate.words import BRANDS, FUNDINGS, METHOD_STATUSES, METHOD_TYPES


def payment_method(sent: wire.PaymentSource, raw: msgspec.Raw) -> PaymentMethod:
    """The payment method that Chargebee sent. A wallet may show the card behind it."""
    return PaymentMethod(
        provider="chargebee",
        id=sent.id,
        raw=raw,
        customer_id=sent.customer_id,
        type=METHOD_TYPES.get(sent.type or "", PaymentMethodType.UNKNOWN),
        vendor_type=sent.type or "",
        status=METHOD_STATUSES.get(sent.status or "", PaymentMethodStatus.UNKNOWN),
        card=None if sent.card is None else _card(sent.card, sent.issuing_country),
        created_at=from_unix(sent.created_at),
    )


def _card(sent: wire.SourceCard, country: str | None) -> Card:
    return Card(
        brand=BRANDS.get(sent.brand or "", CardBrand.UNKNOWN),
        last4=sent.last4,
        exp_month=sent.expiry_month,
        exp_year=sent.expiry_year,
        funding=sent.funding_type if sent.funding_type in FUNDINGS else None,
        country=country,
    )
