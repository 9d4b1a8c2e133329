"""What the site stores about customers and how they pay: one class per object of the API, with the API's own field names.

The catalogue's records are in `catalog`. A field that is None is absent on the wire. Times are Unix seconds;
`resource_version` is milliseconds.
No record shows what it holds in its `repr`, because much of it is personal.
Field names are those of the official SDK's resource classes (chargebee-python 3.29.0).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

PRIVATE = {"private": True}


@dataclass(kw_only=True, repr=False, slots=True)
class Record:
    """A stored object. `seq` is its place in the order of creation and never leaves the site; nor do the fields named in `UNSENT`."""

    OBJECT: ClassVar[str]
    UNSENT: ClassVar[tuple[str, ...]] = ()

    id: str
    resource_version: int = 0
    updated_at: int = 0
    seq: int = field(default=0, metadata=PRIVATE)


@dataclass(kw_only=True, repr=False, slots=True)
class Address:
    """A customer's billing address."""

    OBJECT: ClassVar[str] = "billing_address"

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
    country: str | None = None
    zip: str | None = None
    validation_status: str = "not_validated"


@dataclass(kw_only=True, repr=False, slots=True)
class PaymentMethod:
    """The old summary of a customer's primary payment source, still sent on the customer."""

    OBJECT: ClassVar[str] = "payment_method"

    type: str
    gateway: str
    gateway_account_id: str
    status: str
    reference_id: str


@dataclass(kw_only=True, repr=False, slots=True)
class EntityIdentifier:
    """A further tax or trade number of a customer, in the scheme of whoever gives them out."""

    OBJECT: ClassVar[str] = "entity_identifier"

    id: str
    scheme: str
    value: str | None = None
    standard: str | None = None


@dataclass(kw_only=True, repr=False, slots=True)
class Balance:
    """What a customer has and owes in one currency, in its minor unit."""

    OBJECT: ClassVar[str] = "balance"

    promotional_credits: int
    excess_payments: int = 0
    refundable_credits: int = 0
    unbilled_charges: int = 0
    currency_code: str
    balance_currency_code: str


def _no_credits() -> dict[str, int]:
    return {}


def _nothing() -> list[str]:
    return []


@dataclass(kw_only=True, repr=False, slots=True)
class Customer(Record):
    """A customer. `credits` holds its promotional credits by currency; what is shown of them follows from it (module `balances`).

    `refundable` and `unbilled` are the ids of its credit notes and charges that are not used up, oldest first.
    """

    OBJECT: ClassVar[str] = "customer"

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    company: str | None = None
    vat_number: str | None = None
    vat_number_prefix: str | None = None
    vat_number_status: str | None = None
    auto_collection: str = "on"
    offline_payment_method: str | None = None
    net_term_days: int = 0
    allow_direct_debit: bool = False
    created_at: int = 0
    taxability: str = "taxable"
    exempt_number: str | None = None
    entity_code: str | None = None
    customer_type: str | None = None
    locale: str | None = None
    pii_cleared: str = "active"
    channel: str = "web"
    auto_close_invoices: bool | None = None
    consolidated_invoicing: bool | None = None
    fraud_flag: str | None = None
    invoice_notes: str | None = None
    card_status: str = "no_card"
    primary_payment_source_id: str | None = None
    backup_payment_source_id: str | None = None
    payment_method: PaymentMethod | None = None
    billing_address: Address | None = None
    registered_for_gst: bool | None = None
    business_customer_without_vat_number: bool | None = None
    preferred_currency_code: str = "USD"
    promotional_credits: int = 0
    unbilled_charges: int = 0
    refundable_credits: int = 0
    excess_payments: int = 0
    balances: list[Balance] | None = None
    entity_identifiers: list[EntityIdentifier] | None = None
    meta_data: dict[str, Any] | None = None
    deleted: bool = False
    credits: dict[str, int] = field(default_factory=_no_credits, metadata=PRIVATE)
    refundable: list[str] = field(default_factory=_nothing, metadata=PRIVATE)
    unbilled: list[str] = field(default_factory=_nothing, metadata=PRIVATE)


@dataclass(kw_only=True, repr=False, slots=True)
class SourceCard:
    """The card inside a payment source."""

    OBJECT: ClassVar[str] = "card"

    iin: str
    last4: str
    brand: str
    funding_type: str
    expiry_month: int
    expiry_year: int
    masked_number: str


@dataclass(kw_only=True, repr=False, slots=True)
class BankAccount:
    """The bank account inside a payment source of the type `direct_debit`."""

    OBJECT: ClassVar[str] = "bank_account"

    last4: str
    bank_name: str
    account_type: str


@dataclass(kw_only=True, repr=False, slots=True)
class PaymentSource(Record):
    """A stored way to pay. `outcome` is what the simulated gateway does whenever it is charged."""

    OBJECT: ClassVar[str] = "payment_source"

    created_at: int
    customer_id: str
    type: str
    reference_id: str
    status: str
    gateway: str
    gateway_account_id: str
    issuing_country: str
    card: SourceCard | None = None
    bank_account: BankAccount | None = None
    deleted: bool = False
    outcome: str = field(default="ok", metadata=PRIVATE)


@dataclass(kw_only=True, repr=False, slots=True)
class CardView:
    """A customer's primary card as the sibling object that is sent beside the customer."""

    OBJECT: ClassVar[str] = "card"

    payment_source_id: str
    status: str
    gateway: str
    gateway_account_id: str
    iin: str
    last4: str
    card_type: str
    funding_type: str
    expiry_month: int
    expiry_year: int
    issuing_country: str
    created_at: int
    resource_version: int
    updated_at: int
    customer_id: str
    masked_number: str


@dataclass(kw_only=True, repr=False, slots=True)
class PromotionalCredit(Record):
    """One change of a customer's promotional credits; `closing_balance` is what there was in this currency afterwards."""

    OBJECT: ClassVar[str] = "promotional_credit"
    UNSENT = ("updated_at", "resource_version")

    customer_id: str
    type: str
    amount: int
    currency_code: str
    description: str
    credit_type: str
    reference: str | None = None
    closing_balance: int
    created_at: int
