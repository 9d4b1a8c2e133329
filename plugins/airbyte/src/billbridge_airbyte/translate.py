"""Customers, from the connector's shape to ours."""

from __future__ import annotations

from typing import Final

import msgspec
from billbridge.model import Address, Customer, Shipping, TaxExempt
from billbridge.money import Money
from billbridge.toolkit.timestamps import from_unix

from billbridge_airbyte import wire
from billbridge_airbyte.money import MINOR

_TAX_EXEMPT: Final = {"none": TaxExempt.NONE, "exempt": TaxExempt.EXEMPT, "reverse": TaxExempt.REVERSE}


def customer(found: wire.Customer, raw: msgspec.Raw) -> Customer:
    """A customer. Those who pay by an older `default_source` (a card object or a source) have that as their default method.

    `tax_ids` is always None: Stripe sends them only where it is asked to, and the connector has no parameter that would ask.
    """
    settings = found.invoice_settings or wire.InvoiceSettings()
    return Customer(
        provider="airbyte-stripe",
        id=found.id,
        raw=msgspec.Raw(bytes(raw)),
        email=found.email,
        name=found.name,
        company=found.business_name,
        phone=found.phone,
        description=found.description,
        locale=found.preferred_locales[0] if found.preferred_locales else None,
        address=_address(found.address),
        shipping=_shipping(found.shipping),
        tax_exempt=_TAX_EXEMPT.get(found.tax_exempt or "", TaxExempt.UNKNOWN),
        vendor_tax_exempt=found.tax_exempt,
        currency=found.currency.upper() if found.currency else None,
        credit_balance=_credit(found),
        delinquent=found.delinquent,
        metadata=found.metadata or {},
        default_payment_method_id=_id(settings.default_payment_method) or _id(found.default_source),
        created_at=from_unix(found.created),
    )


def _credit(found: wire.Customer) -> list[Money]:
    """Positive is credit. `balance` is in the customer's own currency; an answer that has every currency beside it is believed first."""
    by_currency = found.invoice_credit_balance
    if not by_currency:
        by_currency = {found.currency: -found.balance} if found.currency and found.balance else {}
    return [MINOR.unpack(minor, currency) for currency, minor in by_currency.items() if minor]


def _id(reference: wire.IdOrObject) -> str | None:
    return reference.id if isinstance(reference, wire.Reference) else reference or None


def _address(found: wire.Address | None) -> Address | None:
    """None for an object of nulls only."""
    parts = {name: value for name, value in msgspec.structs.asdict(found).items() if value} if found else {}
    return Address(**parts) if parts else None


def _shipping(found: wire.Shipping | None) -> Shipping | None:
    if found is None:
        return None
    return Shipping(name=found.name or "", phone=found.phone or None, address=_address(found.address) or Address())
