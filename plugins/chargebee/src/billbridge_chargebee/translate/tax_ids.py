"""Convert tax numbers. Chargebee has one VAT number for each customer, and its type follows from the country of the billing address.

Chargebee adds the prefix of the country itself. `vat_number_prefix` can override "the first two characters of the full VAT number", for
Northern Ireland (XI) only (API documentation, customer attributes). So Billbridge sends numbers without the prefix and shows them with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from billbridge.errors import InvalidStateError, ValidationError
from billbridge.model import NewTaxId, TaxId, TaxIdStatus

from billbridge_chargebee import wire
from billbridge_chargebee.translate.words import VAT_STATUSES

ID: Final = "vat_number"
"""The id of the one tax number of each customer."""
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
"""A table of countries and the type of their VAT or GST number, in Stripe's words. It has only countries with one such type."""
_PREFIXES: Final[Mapping[str, str]] = {**{country: country for country in _EU}, "GR": "EL", "GB": "GB"}
"""A table of countries and the prefix of their full numbers, for the EU and the United Kingdom."""


def tax_id(sent: wire.Customer) -> TaxId | None:
    """Return the tax number of a customer, or None. If the country gives no type, the type is None and the number is Chargebee's text."""
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
    """Return the parameters of a tax number. Raises `ValidationError` if the type does not fit the billing country."""
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
    """Raise `InvalidStateError` if a customer with a number moves to another country, because it would become a number of that country."""
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
