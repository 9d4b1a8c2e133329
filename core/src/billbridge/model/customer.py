"""Customers: who is billed. Does not hold payment methods, only which one is charged by default."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import msgspec

from billbridge.errors import ValidationError
from billbridge.model.address import Address, Shipping, check_address, check_shipping
from billbridge.model.base import UNSET, Chronological, Draft, Entity, Query, UnsetType
from billbridge.model.tax import NewTaxId, TaxExempt, TaxExemptName, TaxId
from billbridge.money import Money, currency_code


class Customer(Entity, frozen=True, kw_only=True):
    """A customer.

    `default_payment_method_id` is charged when a subscription names no other. Chargebee keeps `given_name` and `family_name` apart:
    `name` is the two joined by a space there, and at Stripe those two are None. `address` is the billing address. `metadata` values are
    strings; a Chargebee value of another kind is given as its JSON text.

    `tax_ids` is None where the vendor did not say. `credit_balance` is what the next invoices will use, one amount per currency that
    has any; at Stripe a negative one is owed. `currency` is the one that the customer is billed in, once that is settled (Stripe) or
    preferred (Chargebee). `auto_collection` (Chargebee) says whether invoices are charged by default; `delinquent` (Stripe) whether the
    latest payment failed; each is None at the other vendor.
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
    """The fields of `customers.create`.

    `id` is chosen by the caller where the vendor allows it (capability `customers.create.id`: Chargebee yes, Stripe no). Either `name`, or
    `given_name` and `family_name` where the vendor keeps them apart (`customers.create.name_parts`). `locale` is like "en" or "fr-CA".
    What some vendors lack is a capability of its own: `customers.create.company`, `.locale`, `.description`, `.shipping`, `.currency`,
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
    """The fields of `customers.update`: UNSET leaves a field alone, None clears it.

    `metadata` is merged key by key: a key that is not named stays, a key with an empty value ("") goes, None clears all. Tax ids have
    operations of their own. The capabilities of `customers.create` hold here too. `tax_exempt=None` is the same as "none". Stripe can
    replace a `locale` and not clear it (`ValidationError`, before anything is sent). No vendor can clear a currency.
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
    """The filters of `customers.list`. `email` is matched exactly, and by Stripe case-sensitively."""

    email: str | None = None

    def check(self) -> None:
        super().check()
        if self.email == "":
            raise ValidationError("email is empty", param="email", hint="leave it out to list all customers")


class CustomerSearch(Query, frozen=True, kw_only=True):
    """What `customers.search` looks for; all that is given must match. `email`, `phone` and metadata exactly, `name` in any part."""

    email: str | None = None
    name: str | None = None
    phone: str | None = None
    metadata: dict[str, str] | None = None

    def check(self) -> None:
        super().check()
        given = (self.email, self.name, self.phone, self.metadata)
        if not any(given) or "" in given:
            raise ValidationError("a search needs something to look for, and nothing empty", param="email")


def _check(draft: NewCustomer | CustomerPatch) -> None:
    check_address(draft.address)
    check_shipping(draft.shipping)
    left_out = UNSET if isinstance(draft, CustomerPatch) else None  # in a patch None is an order: it would clear what the name holds
    parts = {draft.given_name, draft.family_name} - {left_out}
    if parts and draft.name not in (UNSET, None):
        raise ValidationError("name and its parts exclude each other", param="given_name", hint="pass name, or given_name and family_name")
    if isinstance(draft.currency, str):
        msgspec.structs.force_setattr(draft, "currency", currency_code(draft.currency))
