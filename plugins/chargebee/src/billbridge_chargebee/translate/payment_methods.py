"""Convert payment methods and setups. They are Chargebee's payment sources, and hosted pages to manage them."""

from __future__ import annotations

from datetime import datetime

import msgspec
from billbridge.model import (
    BankAccount,
    Card,
    CardBrand,
    PaymentMethod,
    PaymentMethodSetup,
    PaymentMethodStatus,
    PaymentMethodType,
    SetupStatus,
    SetupWay,
)
from billbridge.model.raw import RawJson
from billbridge.toolkit.timestamps import from_unix

from billbridge_chargebee import wire
from billbridge_chargebee.translate.addresses import address, card_address
from billbridge_chargebee.translate.words import BRANDS, FUNDINGS, METHOD_STATUSES, METHOD_TYPES, SETUP_STATES

SETUP_PAGE = "manage_payment_sources"


def payment_method(sent: wire.PaymentSource, raw: msgspec.Raw) -> PaymentMethod:
    """Convert a payment source of Chargebee to the model. A wallet can show its card."""
    bank = sent.bank_account
    return PaymentMethod(
        provider="chargebee",
        id=sent.id,
        raw=RawJson(raw),
        customer_id=sent.customer_id,
        type=METHOD_TYPES.get(sent.type or "", PaymentMethodType.UNKNOWN),
        vendor_type=sent.type or "",
        status=METHOD_STATUSES.get(sent.status or "", PaymentMethodStatus.UNKNOWN),
        card=None if sent.card is None else _card(sent.card, sent.issuing_country),
        bank=None if bank is None else BankAccount(last4=bank.last4, bank_name=bank.bank_name, country=sent.issuing_country),
        billing_address=address(sent.billing_address) or card_address(sent.card),
        created_at=from_unix(sent.created_at),
    )


def setup(sent: wire.HostedPage, raw: msgspec.Raw, now: datetime, customer: str | None = None) -> PaymentMethodSetup:
    """Convert a hosted page to a setup. Chargebee names the customer only when the page is done, and never the new payment method.

    A page that nobody finished is `EXPIRED` after its `expires_at` (five days). Chargebee has no status for that.
    """
    content = sent.content
    if customer is None and content is not None and content.customer is not None:
        customer = content.customer.id
    status = SETUP_STATES.get(sent.state or "", SetupStatus.UNKNOWN)
    expires_at = from_unix(sent.expires_at)
    if status is SetupStatus.PENDING and expires_at is not None and expires_at <= now:
        status = SetupStatus.EXPIRED
    return PaymentMethodSetup(
        provider="chargebee",
        id=sent.id,
        raw=RawJson(raw),
        customer_id=customer,
        way=SetupWay.HOSTED,
        status=status,
        vendor_status=sent.state,
        url=sent.url,
        expires_at=expires_at,
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
