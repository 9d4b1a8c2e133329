"""Tax numbers: Chargebee has one VAT number per customer and knows its kind only from the country of the billing address.

It puts the country's prefix in front itself: "the first two characters of the full VAT number" can be overridden with `vat_number_prefix`,
for Northern Ireland (XI) only (API documentation, customer attributes). So numbers are sent without the prefix and shown with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from billbridge.errors import InvalidStateError, ValidationError
from billbridge.model import NewTaxId, TaxId, TaxIdStatus

from billbridge_chargebee import wire
from billbridge_chargebee.translate.words import VAT_STATUSES

ID: Final = "vat_number"
"""The id of every customer's one tax number."""
_NORTHERN_IRELAND: Final = "XI"
_EU: Final = (
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "HU",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
    "XI",
)
_KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(_EU, "eu_vat"),
    "AE": "ae_trn",
    "AU": "au_abn",
    "CH": "ch_vat",
    "GB": "gb_vat",
    "IN": "in_gst",
    "IS": "is_vat",
    "NO": "no_vat",
    "NZ": "nz_gst",
    "SA": "sa_vat",
    "SG": "sg_gst",
    "ZA": "za_vat",
}
"""Country to the kind of its VAT or GST number, in Stripe's words; only countries with one such kind."""
_PREFIXES: Final[Mapping[str, str]] = {**{country: country for country in _EU}, "GR": "EL", "GB": "GB"}
"""Country to what its full numbers begin with: for the EU and the United Kingdom."""


def tax_id(sent: wire.Customer) -> TaxId | None:
    """The customer's tax number, if there is one. Where the country tells no kind, the type is None and the number as Chargebee has it."""
    if not sent.vat_number:
        return None
    country = _country(sent)
    prefix = sent.vat_number_prefix or _PREFIXES.get(country or "", "")
    kind = "gb_vat" if country == _NORTHERN_IRELAND and prefix == "GB" else _KINDS.get(country or "")
    return TaxId(
        id=ID,
        type=kind,
        value=sent.vat_number if sent.vat_number.startswith(prefix) else f"{prefix}{sent.vat_number}",
        status=TaxIdStatus.UNCHECKED if sent.vat_number_status is None else VAT_STATUSES.get(sent.vat_number_status, TaxIdStatus.UNKNOWN),
        vendor_status=sent.vat_number_status,
        country=country,
    )


def params(new: NewTaxId, country: str | None) -> dict[str, Any]:
    """The number as Chargebee takes it; `ValidationError` if the type is not what a number in that billing country is."""
    country = (country or "").upper()
    prefix = _PREFIXES.get(country, "")
    british = country == _NORTHERN_IRELAND and new.type == "gb_vat"
    if new.type != _KINDS.get(country) and not british:
        raise ValidationError(
            f"the tax number of a customer in {country or 'no country'} cannot be {new.type!r} at chargebee",
            param="type",
            provider="chargebee",
            hint="chargebee knows its kind from the country of the billing address: set that first",
        )
    number = new.value.strip().replace(" ", "")
    if british:
        return {"vat_number": _bare(number, "GB"), "vat_number_prefix": "GB"}
    return {"vat_number": _bare(number, prefix)}


def check_move(sent: wire.Customer, country: str | None) -> None:
    """Raises `InvalidStateError` for a customer with a number who moves to another country, which would make it that country's number."""
    before, after = _country(sent), (country or "").upper()
    if sent.vat_number and before and after and before != after:
        raise InvalidStateError(
            f"the customer has a tax number of {before}, which chargebee would take for one of {after}",
            provider="chargebee",
            hint=f"billing.customers.remove_tax_id(customer, {ID!r}) first, and add_tax_id with the new one afterwards",
        )


def _bare(number: str, prefix: str) -> str:
    return number[len(prefix) :] if number[: len(prefix)].upper() == prefix else number


def _country(sent: wire.Customer) -> str | None:
    country = sent.billing_address.country if sent.billing_address is not None else None
    return country.upper() if country else None
