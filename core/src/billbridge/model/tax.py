"""The tax status and the tax ids of a customer. Billbridge computes no tax."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from billbridge.errors import ValidationError
from billbridge.model.base import Draft, Word
from billbridge.toolkit.redact import Redacted


class TaxExempt(Word):
    """Whether a customer pays taxes. `vendor_tax_exempt` on the customer is the vendor's own word.

    `REVERSE` (reverse charge: the customer owes the tax) exists only at Stripe, `ZERO_RATED` only at Chargebee.
    """

    NONE = "none"
    EXEMPT = "exempt"
    REVERSE = "reverse"
    ZERO_RATED = "zero_rated"
    UNKNOWN = "unknown"


class TaxIdStatus(Word):
    """Whether the vendor verified a tax id with the tax authority, and the result."""

    VERIFIED = "verified"
    PENDING = "pending"
    INVALID = "invalid"
    UNCHECKED = "unchecked"
    UNKNOWN = "unknown"


TaxExemptName: TypeAlias = TaxExempt | Literal["none", "exempt", "reverse", "zero_rated"]


class TaxId(Redacted, frozen=True, kw_only=True, gc=False):
    """A tax id (tax number) of a customer.

    `type` is Stripe's word for the type, such as "eu_vat", "gb_vat" or "us_ein"; None if the vendor does not say. Chargebee stores one VAT
    number for each customer, so `id` is always "vat_number" there.
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
    """The arguments of `customers.add_tax_id`.

    `value` is the number with the prefix of its country, as the tax authority writes it ("DE123456789"). `type` is Stripe's word, such as
    "eu_vat".
    """

    type: str
    value: str

    id_fields: ClassVar = frozenset({"type"})

    def check(self) -> None:
        if not self.value.strip():
            raise ValidationError(
                "value is empty: a tax id must have a number", param="value", hint="pass the tax number with the prefix of its country"
            )
