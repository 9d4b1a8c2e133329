"""Customers: the people and companies that you bill.

A customer names its default payment method. Payment methods have a module of their own.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import ClassVar, Final

import msgspec

from billbridge.errors import ValidationError
from billbridge.model.address import Address, Shipping, check_address, check_shipping
from billbridge.model.base import UNSET, Chronological, Draft, Entity, Query, UnsetType
from billbridge.model.tax import NewTaxId, TaxExempt, TaxExemptName, TaxId
from billbridge.money import Money, currency_code


class Customer(Entity, frozen=True, kw_only=True):
    """A customer.

    - `address` is the billing address.
    - `given_name` and `family_name` come from Chargebee, which stores two names; `name` is then the two, joined by a space. At Stripe both
      are None.
    - `metadata` values are strings. If Chargebee holds a value of another kind, you get its JSON text.
    - `default_payment_method_id` is charged when a subscription names no other payment method.
    - `tax_ids` is None if the vendor did not say.
    - `credit_balance` is the credit that the next invoices use: one amount for each currency that has any. A negative amount (Stripe) is
      owed.
    - `currency` is the currency of the customer's invoices, once Stripe has fixed it. At Chargebee it is the preferred currency.
    - `auto_collection` (Chargebee, None at Stripe) says whether invoices are charged by default.
    - `delinquent` (Stripe, None at Chargebee) says whether the latest payment failed.
    - `vendor_tax_exempt` is the vendor's own word for `tax_exempt`.

    Times are in UTC.
    """

    email: str | None = None
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    company: str | None = None
    phone: str | None = None
    description: str | None = None
    locale: str | None = None
    address: Address | None = None
    shipping: Shipping | None = None
    tax_exempt: TaxExempt = TaxExempt.UNKNOWN
    vendor_tax_exempt: str | None = None
    tax_ids: list[TaxId] | None = None
    currency: str | None = None
    credit_balance: list[Money] = msgspec.field(default_factory=list)
    auto_collection: bool | None = None
    delinquent: bool | None = None
    metadata: dict[str, str] = msgspec.field(default_factory=dict)
    default_payment_method_id: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class NewCustomer(Draft, frozen=True, kw_only=True):
    """The arguments of `customers.create`.

    `email` must be an e-mail address. Pass either `name`, or `given_name` and `family_name` where the vendor stores two names (capability
    `customers.create.name_parts`). `locale` is a language tag such as "en" or "fr-CA". `id` is an id of your own choice (capability
    `customers.create.id`: Chargebee yes, Stripe no).

    Each argument that some vendor lacks is a capability: `customers.create.company`, `.locale`, `.description`, `.shipping`, `.currency`,
    `.auto_collection`, `.tax_exempt`, `.tax_ids`, `.several_tax_ids`, `.reverse_charge`, `.zero_rated`.
    """

    email: str | None = None
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    company: str | None = None
    phone: str | None = None
    description: str | None = None
    locale: str | None = None
    address: Address | None = None
    shipping: Shipping | None = None
    tax_exempt: TaxExemptName | None = None
    tax_ids: list[NewTaxId] | None = None
    currency: str | None = None
    auto_collection: bool | None = None
    metadata: dict[str, str] | None = None
    id: str | None = None

    id_fields: ClassVar = frozenset({"id"})

    def check(self) -> None:
        _check(self)


class CustomerPatch(Draft, frozen=True, kw_only=True):
    """The arguments of `customers.update`. Fields you leave out (UNSET) are unchanged. Pass None to clear one.

    `metadata` is merged key by key: a key you leave out stays, a key with an empty value ("") is removed, and None removes all keys. Tax
    ids have operations of their own. The capabilities of `customers.create` apply here too.

    Some fields cannot be cleared. `tax_exempt=None` means the same as "none". Stripe can replace a `locale` but not clear it:
    `ValidationError` is raised before anything is sent. No vendor can clear a currency.
    """

    email: str | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    given_name: str | UnsetType | None = UNSET
    family_name: str | UnsetType | None = UNSET
    company: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    locale: str | UnsetType | None = UNSET
    address: Address | UnsetType | None = UNSET
    shipping: Shipping | UnsetType | None = UNSET
    tax_exempt: TaxExemptName | UnsetType | None = UNSET
    currency: str | UnsetType = UNSET
    auto_collection: bool | UnsetType = UNSET
    metadata: dict[str, str] | UnsetType | None = UNSET

    def check(self) -> None:
        _check(self)


class CustomerQuery(Chronological, frozen=True, kw_only=True):
    """The filters of `customers.list`.

    `email` is compared exactly. Stripe also compares upper and lower case.
    """

    email: str | None = None

    def check(self) -> None:
        super().check()
        if self.email == "":
            raise ValidationError("email is empty", param="email", hint="leave email out to list all customers")


class CustomerSearch(Query, frozen=True, kw_only=True):
    """The filters of `customers.search`. A customer must match all filters that you pass.

    `email`, `phone` and each metadata value are compared exactly. `name` matches any part of the name.
    """

    email: str | None = None
    name: str | None = None
    phone: str | None = None
    metadata: dict[str, str] | None = None

    def check(self) -> None:
        super().check()
        given = (self.email, self.name, self.phone, self.metadata)
        if not any(given) or "" in given:
            raise ValidationError(
                "customers.search needs at least one filter, and no filter may be empty",
                param="email",
                hint="pass email, name, phone or metadata",
            )


_EMAIL: Final = r"[^@\s]+(@[^@\s]+)+"
"""The form of an e-mail address. Every vendor refuses a text without "@", with nothing before or after it, or with a space."""


def _check(draft: NewCustomer | CustomerPatch) -> None:
    if isinstance(draft.email, str) and not re.fullmatch(_EMAIL, draft.email):
        raise ValidationError(
            "email is not an e-mail address", param="email", hint="pass an address such as ada@example.com, or None for none"
        )
    check_address(draft.address)
    check_shipping(draft.shipping)
    left_out = UNSET if isinstance(draft, CustomerPatch) else None  # in a patch, None clears the field, so it counts as passed
    parts = {draft.given_name, draft.family_name} - {left_out}
    if parts and draft.name not in (UNSET, None):
        raise ValidationError(
            "name was passed together with given_name or family_name", param="given_name", hint="pass only name, or only the two parts"
        )
    if isinstance(draft.currency, str):
        msgspec.structs.force_setattr(draft, "currency", currency_code(draft.currency))
