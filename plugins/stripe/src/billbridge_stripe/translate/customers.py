"""Customers, between Stripe's shape and ours."""

from __future__ import annotations

from typing import Any

import msgspec
from billbridge.model import UNSET, Address, Customer, CustomerPatch, NewCustomer, UnsetType
from billbridge.timestamps import from_unix

from billbridge_stripe import wire


def customer(found: wire.Customer, raw: bytes | msgspec.Raw) -> Customer:
    """A customer. Those who pay by an older `default_source` (a card object or a source) have that as their default method."""
    settings = found.invoice_settings or wire.InvoiceSettings()
    return Customer(
        provider="stripe",
        id=found.id,
        raw=msgspec.Raw(bytes(raw)),
        email=found.email,
        name=found.name,
        phone=found.phone,
        address=_address(found.address),
        metadata=found.metadata or {},
        default_payment_method_id=id_of(settings.default_payment_method) or id_of(found.default_source),
        created_at=from_unix(found.created),
    )


def id_of(reference: wire.Reference) -> str | None:
    """The id, whether the object was expanded or not."""
    return reference.id if isinstance(reference, wire.Object) else reference


def new_customer(new: NewCustomer) -> dict[str, Any]:
    """The parameters of POST /v1/customers."""
    return {
        "email": new.email,
        "name": new.name,
        "phone": new.phone,
        "address": None if new.address is None else _parts(new.address),
        "metadata": new.metadata,
    }


def changes(patch: CustomerPatch) -> dict[str, Any]:
    """The parameters of POST /v1/customers/{id}: None clears with an empty string, and an address replaces the whole old one."""
    return {name: _written(value) for name, value in msgspec.structs.asdict(patch).items() if value is not UNSET}


def _written(value: str | dict[str, str] | Address | UnsetType | None) -> Any:
    if isinstance(value, Address):
        return {name: part or "" for name, part in _parts(value).items()}
    return "" if value is None else value


def _parts(address: Address) -> dict[str, str | None]:
    return msgspec.structs.asdict(address)


def _address(found: wire.Address | None) -> Address | None:
    """None where Stripe shows a hash of nulls only."""
    if found is None:
        return None
    parts = {name: value or None for name, value in msgspec.structs.asdict(found).items()}
    return Address(**parts) if any(parts.values()) else None
