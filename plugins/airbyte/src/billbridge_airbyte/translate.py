"""Customers, from the connector's shape to ours."""

from __future__ import annotations

import msgspec
from billbridge.model import Address, Customer
from billbridge.timestamps import from_unix

from billbridge_airbyte import wire


def customer(found: wire.Customer, raw: msgspec.Raw) -> Customer:
    """A customer. Those who pay by an older `default_source` (a card object or a source) have that as their default method."""
    settings = found.invoice_settings or wire.InvoiceSettings()
    return Customer(
        provider="airbyte-stripe",
        id=found.id,
        raw=msgspec.Raw(bytes(raw)),
        email=found.email,
        name=found.name,
        phone=found.phone,
        address=_address(found.address),
        metadata=found.metadata or {},
        default_payment_method_id=_id(settings.default_payment_method) or _id(found.default_source),
        created_at=from_unix(found.created),
    )


def _id(reference: wire.IdOrObject) -> str | None:
    return reference.id if isinstance(reference, wire.Reference) else reference or None


def _address(found: wire.Address | None) -> Address | None:
    """None for an object of nulls only."""
    parts = {name: value for name, value in msgspec.structs.asdict(found).items() if value} if found else {}
    return Address(**parts) if parts else None
