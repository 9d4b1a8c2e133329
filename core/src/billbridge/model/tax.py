"""Taxes as far as they belong to a customer: tax ids, and whether taxes are charged. Computes none."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from billbridge.errors import ValidationError
from billbridge.model.base import Draft, Word
from billbridge.toolkit.redact import Redacted


class TaxExempt(Word):
    """Whether a customer pays taxes; `vendor_tax_exempt` on the customer is the vendor's own word.

    `REVERSE` (the customer owes the tax, reverse charge) is Stripe's; `ZERO_RATED` is Chargebee's.
    """

    NONE = "none"
    EXEMPT = "exempt"
    REVERSE = "reverse"
    ZERO_RATED = "zero_rated"
    UNKNOWN = "unknown"


class TaxIdStatus(Word):
    """Whether the vendor checked a tax id with the authority, and with what result."""

    VERIFIED = "verified"
    PENDING = "pending"
    INVALID = "invalid"
    UNCHECKED = "unchecked"
    UNKNOWN = "unknown"


TaxExemptName: TypeAlias = TaxExempt | Literal["none", "exempt", "reverse", "zero_rated"]


class TaxId(Redacted, frozen=True, kw_only=True, gc=False):
    """A customer's tax number. `type` is the kind in Stripe's words ("eu_vat", "gb_vat", "us_ein"); None where the vendor does not say.

    Chargebee has one VAT number for each customer: its `id` here is always "vat_number".
    """

    id: str
    type: str | None
    value: str
    status: TaxIdStatus = TaxIdStatus.UNKNOWN
    vendor_status: str | None = None
    country: str | None = None

    def __repr__(self) -> str:
        return f"TaxId(type={self.type!r}, status={self.status.value!r})"


class NewTaxId(Draft, frozen=True, kw_only=True):
    """The fields of `customers.add_tax_id`: the number with its country's prefix, as the authority writes it ("DE123456789")."""

    type: str
    value: str

    id_fields: ClassVar = frozenset({"type"})

    def check(self) -> None:
        if not self.value.strip():
            raise ValidationError("the tax id is empty", param="value")
