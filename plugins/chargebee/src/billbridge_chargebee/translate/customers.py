"""Customers: names in two parts, the address with region names and codes apart."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from billbridge.model import UNSET, Address, Customer, CustomerPatch, NewCustomer
from billbridge.timestamps import from_unix

from billbridge_chargebee import wire
from billbridge_chargebee.translate import metadata

_CODED: Final = frozenset({"US", "CA", "IN"})
"""Countries whose regions Chargebee takes as ISO 3166-2 codes; it fills in the name itself (API documentation, "billing_address")."""
_PARTS: Final = ("line1", "line2", "line3", "city", "state_code", "state", "zip", "country")


def customer(sent: wire.Customer, raw: msgspec.Raw) -> Customer:
    """The customer that Chargebee sent."""
    return Customer(
        provider="chargebee",
        id=sent.id,
        raw=raw,
        email=sent.email,
        name=" ".join(part for part in (sent.first_name, sent.last_name) if part) or None,
        phone=sent.phone,
        address=_address(sent.billing_address),
        metadata=metadata.texts(sent.meta_data),
        default_payment_method_id=sent.primary_payment_source_id,
        created_at=from_unix(sent.created_at),
        updated_at=from_unix(sent.updated_at),
    )


def creation(new: NewCustomer) -> dict[str, Any]:
    """The parameters of POST /customers. The name is not repeated in the address, where Chargebee could keep another one."""
    first, last = _names(new.name)
    return {
        "id": new.id,
        "first_name": first or None,
        "last_name": last or None,
        "email": new.email,
        "phone": new.phone,
        "billing_address": None if new.address is None else _address_params(new.address),
        "meta_data": metadata.new(new.metadata),
    }


def billing_info(address: Address | None) -> dict[str, Any]:
    """The parameters of POST /customers/{id}/update_billing_info: the whole address, what it lacks as "".

    The name, company and e-mail that Chargebee can keep in an address are not ours and are not sent; whether it keeps them then is not
    documented, nor is that "" clears every part.
    """
    given = {} if address is None else _address_params(address)
    return {"billing_address": {part: given.get(part) or "" for part in _PARTS}}


def fields(patch: CustomerPatch, known: dict[str, msgspec.Raw]) -> dict[str, Any]:
    """The parameters of POST /customers/{id}; `known` is the present metadata, which is replaced as a whole. Empty for no change."""
    params: dict[str, Any] = {name: value or "" for name in ("email", "phone") if (value := getattr(patch, name)) is not UNSET}
    if patch.name is not UNSET:
        params["first_name"], params["last_name"] = _names(patch.name)
    if patch.metadata is None:
        params["meta_data"] = {}
    elif patch.metadata is not UNSET and patch.metadata:
        params["meta_data"] = metadata.merged(known, patch.metadata)
    return params


def _names(name: str | None) -> tuple[str, str]:
    """First and last name: split at the last space. A single word is a first name."""
    first, _, last = (name or "").strip().rpartition(" ")
    return (first, last) if first else (last, "")


def _address(sent: wire.Address | None) -> Address | None:
    if sent is None:
        return None
    address = Address(
        line1=sent.line1 or None,
        line2=sent.line2 or None,
        city=sent.city or None,
        state=sent.state_code or sent.state or None,
        postal_code=sent.zip or None,
        country=sent.country or None,
    )
    return None if address == Address() else address


def _address_params(address: Address) -> dict[str, str | None]:
    coded = (address.country or "").upper() in _CODED and len(address.state or "") == 2 and (address.state or "").isupper()
    return {
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "state_code": address.state if coded else None,
        "state": None if coded else address.state,
        "zip": address.postal_code,
        "country": address.country.upper() if address.country else None,
    }
