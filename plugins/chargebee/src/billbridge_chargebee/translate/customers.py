"""Convert customers. Their names have two parts, and Chargebee replaces their billing information as a whole, with the tax number."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from billbridge.errors import ValidationError
from billbridge.model import UNSET, Address, Customer, CustomerPatch, NewCustomer, TaxExempt
from billbridge.model.make import Make
from billbridge.model.raw import RawJson
from billbridge.money import vendor_currency
from billbridge.toolkit.timestamps import from_unix

from billbridge_chargebee import wire
from billbridge_chargebee.translate import addresses, credits, metadata, tax_ids
from billbridge_chargebee.translate.words import AUTO_COLLECTIONS, TAXABILITIES

_UNKNOWN: Final = TaxExempt.UNKNOWN
_TAXABILITY: Final = {word: vendor for vendor, word in TAXABILITIES.items()}
_PARTS: Final = ("line1", "line2", "line3", "city", "state_code", "state", "zip", "country")
_ADDRESSEE: Final = ("first_name", "last_name", "email", "company", "phone")
_TAX: Final = ("vat_number", "vat_number_prefix", "registered_for_gst", "business_customer_without_vat_number")
_TEXTS: Final = {
    "email": "email",
    "company": "company",
    "phone": "phone",
    "locale": "locale",
    "currency": "preferred_currency_code",
    "given_name": "first_name",
    "family_name": "last_name",
}
"""The fields of the model that are one text at Chargebee."""
_make: Final = Make  # under a name of its own: see billbridge.model.make


def customer(sent: wire.Customer, raw: msgspec.Raw) -> Customer:
    """Convert a customer of Chargebee to the model."""
    tax_id = tax_ids.tax_id(sent)
    currency = sent.preferred_currency_code
    given, family = sent.first_name or None, sent.last_name or None
    return _make.customer(
        provider="chargebee",
        id=sent.id,
        raw=RawJson(raw),
        email=sent.email,
        name=f"{given} {family}" if given and family else given or family,
        given_name=given,
        family_name=family,
        company=sent.company,
        phone=sent.phone,
        locale=sent.locale,
        address=addresses.address(sent.billing_address),
        tax_exempt=TAXABILITIES.get(sent.taxability or "", _UNKNOWN),
        vendor_tax_exempt=sent.taxability,
        tax_ids=[] if tax_id is None else [tax_id],
        currency=vendor_currency(currency) if currency else None,
        credit_balance=credits.balances(sent),
        auto_collection=AUTO_COLLECTIONS.get(sent.auto_collection or ""),
        metadata=metadata.texts(sent.meta_data),
        default_payment_method_id=sent.primary_payment_source_id,
        created_at=from_unix(sent.created_at),
        updated_at=from_unix(sent.updated_at),
    )


def creation(new: NewCustomer) -> dict[str, Any]:
    """Return the parameters of POST /customers. The address has no name, because Chargebee could store another one there."""
    first, last = _names(new.name)
    numbers = new.tax_ids or []
    if len(numbers) > 1:
        raise ValidationError("chargebee has one tax number per customer", param="tax_ids", provider="chargebee")
    return {
        "id": new.id,
        "first_name": new.given_name or first or None,
        "last_name": new.family_name or last or None,
        "email": new.email,
        "company": new.company,
        "phone": new.phone,
        "locale": new.locale,
        "taxability": None if new.tax_exempt is None else _TAXABILITY[TaxExempt(new.tax_exempt)],
        "preferred_currency_code": new.currency,
        "auto_collection": _switch(new.auto_collection),
        **(tax_ids.params(numbers[0], new.address.country if new.address else None) if numbers else {}),
        "billing_address": None if new.address is None else addresses.params(new.address),
        "meta_data": metadata.new(new.metadata),
    }


def moving(sent: wire.Customer, address: Address | None) -> dict[str, Any]:
    """Return the parameters of POST /customers/{id}/update_billing_info for another address. Parts that are not set are sent as "".

    Chargebee replaces everything. It deletes the tax number and the name in the address unless they are sent again ("Impacts" in the API
    documentation of the operation). So they are sent as they were when the customer was read. Raises `InvalidStateError` if the tax number
    would become one of another country.
    """
    tax_ids.check_move(sent, None if address is None else address.country)
    given = {} if address is None else addresses.params(address)
    kept = _kept(sent.billing_address, _ADDRESSEE)
    return {"billing_address": {**kept, **{part: given.get(part) or "" for part in _PARTS}}, **_kept(sent, _TAX)}


def taxing(sent: wire.Customer, number: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of update_billing_info for another tax number (see `tax_ids.params`), with the address as it is."""
    kept = {**_kept(sent, _TAX), "vat_number_prefix": None, "business_customer_without_vat_number": None}
    return {"billing_address": _kept(sent.billing_address, (*_ADDRESSEE, *_PARTS, "validation_status")), **kept, **number}


def fields(patch: CustomerPatch, known: dict[str, msgspec.Raw]) -> dict[str, Any]:
    """Return the parameters of POST /customers/{id}, or {} for no change. `known` is the present metadata, which is replaced as a whole."""
    params: dict[str, Any] = {}
    if patch.name is not UNSET:
        params["first_name"], params["last_name"] = _names(patch.name)
    params |= {theirs: value or "" for ours, theirs in _TEXTS.items() if (value := getattr(patch, ours)) is not UNSET}
    if patch.tax_exempt is not UNSET:
        params["taxability"] = _TAXABILITY[TaxExempt(patch.tax_exempt or TaxExempt.NONE)]
    if patch.auto_collection is not UNSET:
        params["auto_collection"] = _switch(patch.auto_collection)
    return params | metadata.change("meta_data", patch.metadata, known)


def _kept(sent: object, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields to send back, without those that are absent, empty or false."""
    return {name: value for name in names if (value := getattr(sent, name, None))}


def _names(name: str | None) -> tuple[str, str]:
    """Split a name at the last space into first and last name. A single word is a first name."""
    first, _, last = (name or "").strip().rpartition(" ")
    return (first, last) if first else (last, "")


def _switch(on: bool | None) -> str | None:
    return None if on is None else "on" if on else "off"
