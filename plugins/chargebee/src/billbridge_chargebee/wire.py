"""The structs of Chargebee's objects: the fields that Billbridge uses, under Chargebee's names (chargebee-python 3.29.0).

Chargebee leaves a field out instead of sending null. Both become None here. Ids and totals are required: they are always there and
must not be invented. Times are Unix seconds. Amounts are in the minor units of `money.UNITS`. `*_in_decimal` texts are major units or plain
numbers. No struct can hold a cycle, so the garbage collector skips them (gc=False), which saves 1 to 15 % of decoding. The catalog is
in `wire_catalog`, and invoices are in `wire_invoices`. Translates nothing.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

ABSENT: Final = msgspec.Raw(b"null")


class Address(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A billing address. The model does not have its names, e-mail and phone. Billbridge sends them back with every change."""

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    company: str | None = None
    phone: str | None = None
    line1: str | None = None
    line2: str | None = None
    line3: str | None = None
    city: str | None = None
    state_code: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None
    validation_status: str | None = None


class Balance(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The balances of a customer in one currency."""

    currency_code: str | None = None
    balance_currency_code: str | None = None
    promotional_credits: int | None = None
    refundable_credits: int | None = None
    excess_payments: int | None = None


class Customer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A customer. `meta_data` is a JSON object of any values. The three amounts besides `balances` are in the preferred currency."""

    id: str
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    company: str | None = None
    phone: str | None = None
    locale: str | None = None
    auto_collection: str | None = None
    taxability: str | None = None
    preferred_currency_code: str | None = None
    promotional_credits: int | None = None
    refundable_credits: int | None = None
    excess_payments: int | None = None
    balances: list[Balance] | None = None
    vat_number: str | None = None
    vat_number_prefix: str | None = None
    vat_number_status: str | None = None
    registered_for_gst: bool | None = None
    business_customer_without_vat_number: bool | None = None
    billing_address: Address | None = None
    meta_data: msgspec.Raw = ABSENT
    primary_payment_source_id: str | None = None
    created_at: int | None = None
    updated_at: int | None = None
    deleted: bool | None = None


class PromotionalCredit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A change of a customer's promotional credits. `amount` has no sign; `type` tells the direction."""

    id: str
    customer_id: str
    type: str
    currency_code: str
    amount: int | None = None
    amount_in_decimal: Decimal | None = None
    closing_balance: int | None = None
    description: str | None = None
    created_at: int | None = None


class SourceCard(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The card in a payment source. Older sources have the billing address in it."""

    brand: str | None = None
    last4: str | None = None
    expiry_month: int | None = None
    expiry_year: int | None = None
    funding_type: str | None = None
    billing_addr1: str | None = None
    billing_addr2: str | None = None
    billing_city: str | None = None
    billing_state_code: str | None = None
    billing_state: str | None = None
    billing_zip: str | None = None
    billing_country: str | None = None


class SourceBank(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The bank account in a payment source."""

    last4: str | None = None
    bank_name: str | None = None


class PaymentSource(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A payment source."""

    id: str
    customer_id: str | None = None
    type: str | None = None
    status: str | None = None
    issuing_country: str | None = None
    card: SourceCard | None = None
    bank_account: SourceBank | None = None
    billing_address: Address | None = None
    created_at: int | None = None
    deleted: bool | None = None


class PageCustomer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The customer of a hosted page."""

    id: str | None = None


class PageContent(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The result of a hosted page."""

    customer: PageCustomer | None = None


class HostedPage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A hosted page for a customer. It has `content` after the customer finished it."""

    id: str
    type: str | None = None
    url: str | None = None
    state: str | None = None
    content: PageContent | None = None
    created_at: int | None = None
    expires_at: int | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An event as a webhook delivers it."""

    id: str
    event_type: str
    occurred_at: int
    api_version: str | None = None


CUSTOMER: Final = msgspec.json.Decoder(Customer)
PROMOTIONAL_CREDIT: Final = msgspec.json.Decoder(PromotionalCredit)
PAYMENT_SOURCE: Final = msgspec.json.Decoder(PaymentSource)
HOSTED_PAGE: Final = msgspec.json.Decoder(HostedPage)
EVENT: Final = msgspec.json.Decoder(Event)
