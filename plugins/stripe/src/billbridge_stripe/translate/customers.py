"""Convert customers and their credit between Stripe's shape and the model."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec
from billbridge.errors import ValidationError
from billbridge.model import (
    UNSET,
    Address,
    CreditAdjustment,
    Customer,
    CustomerPatch,
    NewCreditAdjustment,
    NewCustomer,
    Shipping,
    TaxExempt,
    UnsetType,
)
from billbridge.model.make import Make
from billbridge.money import Money, vendor_currency
from billbridge.toolkit.timestamps import from_unix

from billbridge_stripe import wire_customers as wire
from billbridge_stripe.money import MINOR
from billbridge_stripe.translate.common import address, address_params, given, id_of, own, whole_address
from billbridge_stripe.translate.tax_ids import tax_id
from billbridge_stripe.translate.words import TAX_EXEMPT

_UNKNOWN: Final = TaxExempt.UNKNOWN

EXPAND: Final = ["tax_ids", "invoice_credit_balance"]
"""The fields of a customer that Stripe sends only on request. A customer has at most five tax ids, so all of them come.

Without the second field, only the credit in the customer's own currency is known (docs.stripe.com/invoicing/multi-currency-customers).
"""
_make: Final = Make  # under a name of its own: see billbridge.model.make


def customer(found: wire.Customer, raw: bytes | msgspec.Raw, created: datetime | None) -> Customer:
    """Convert a customer of Stripe to the model. An older `default_source` (a card object or a source) is the default payment method.

    Stripe stores no time of the last change.
    """
    settings = found.invoice_settings
    return _make.customer(
        provider="stripe",
        id=found.id,
        raw=own(raw),
        email=found.email,
        name=found.name,
        company=found.business_name,
        phone=found.phone,
        description=found.description,
        locale=found.preferred_locales[0] if found.preferred_locales else None,
        address=address(found.address),
        shipping=_shipping(found.shipping),
        tax_exempt=TAX_EXEMPT.get(found.tax_exempt or "", _UNKNOWN),
        vendor_tax_exempt=found.tax_exempt,
        tax_ids=None if found.tax_ids is None else [*map(tax_id, found.tax_ids.data)],
        currency=vendor_currency(found.currency) if found.currency else None,
        credit_balance=_credit(found),
        delinquent=found.delinquent,
        metadata=found.metadata or {},
        default_payment_method_id=(id_of(settings.default_payment_method) if settings else None) or id_of(found.default_source),
        created_at=created,
    )


def new_customer(new: NewCustomer) -> dict[str, Any]:
    """Return the parameters of POST /v1/customers."""
    return {
        "email": new.email,
        "name": new.name,
        "business_name": new.company,
        "phone": new.phone,
        "description": new.description,
        "preferred_locales": None if new.locale is None else [new.locale],
        "address": None if new.address is None else address_params(new.address),
        "shipping": None if new.shipping is None else _shipping_params(new.shipping),
        "tax_exempt": new.tax_exempt,
        "tax_id_data": [{"type": each.type, "value": each.value} for each in new.tax_ids or ()],
        "metadata": new.metadata,
        "expand": EXPAND,
    }


def changes(patch: CustomerPatch) -> dict[str, Any]:
    """Return the parameters of POST /v1/customers/{id}. None becomes an empty string, and an address replaces the whole old one.

    Raises `ValidationError` if the locale is cleared, because Stripe's reference has no empty value for `preferred_locales`.
    """
    if patch.locale is None:
        hint = "pass the locale that shall hold instead"
        raise ValidationError("stripe cannot clear a customer's locale", param="locale", provider="stripe", hint=hint)
    return {
        "email": given(patch.email),
        "name": given(patch.name),
        "business_name": given(patch.company),
        "phone": given(patch.phone),
        "description": given(patch.description),
        "preferred_locales": None if patch.locale is UNSET else [patch.locale],
        "address": _replaced(patch.address),
        "shipping": _replaced(patch.shipping),
        "tax_exempt": TaxExempt.NONE if patch.tax_exempt is None else given(patch.tax_exempt),
        "metadata": given(patch.metadata),
        "expand": EXPAND,
    }


def credit_adjustment(found: wire.BalanceTransaction, raw: bytes | msgspec.Raw) -> CreditAdjustment:
    """Convert a change of a customer's balance to the model. At Stripe, the balance is negative if the customer has credit."""
    ending = found.ending_balance
    return CreditAdjustment(
        provider="stripe",
        id=found.id,
        raw=own(raw),
        customer_id=id_of(found.customer) or "",
        amount=MINOR.unpack(-found.amount, found.currency),
        balance=None if ending is None else MINOR.unpack(-ending, found.currency),
        reason=found.description,
        created_at=from_unix(found.created),
    )


def new_adjustment(new: NewCreditAdjustment) -> dict[str, Any]:
    """Return the parameters of POST /v1/customers/{id}/balance_transactions. Raises `PrecisionError` for an amount that is too fine."""
    return {"amount": -MINOR.pack(new.amount), "currency": new.amount.currency.lower(), "description": new.reason}


def _credit(found: wire.Customer) -> list[Money]:
    """Return the credit by currency. Positive is credit. Stripe's `balance` has the opposite sign and is in the customer's own currency."""
    currency, others = found.currency, found.invoice_credit_balance
    balance = found.account_balance if found.balance is None else found.balance
    if not others:
        return [MINOR.of(currency)(-balance)] if currency and balance else []
    credits = others if currency is None or balance is None else {**others, currency: -balance}
    return [MINOR.of(code)(minor) for code, minor in credits.items() if minor]


def _shipping(found: wire.Shipping | None) -> Shipping | None:
    if found is None:
        return None
    return Shipping(name=found.name or "", phone=found.phone or None, address=address(found.address) or Address())


def _shipping_params(shipping: Shipping) -> dict[str, Any]:
    return {"name": shipping.name, "phone": shipping.phone, "address": address_params(shipping.address)}


def _replaced(value: Address | Shipping | UnsetType | None) -> Any:
    if isinstance(value, Address):
        return whole_address(value)
    if isinstance(value, Shipping):
        return {"name": value.name, "phone": value.phone or "", "address": whole_address(value.address)}
    return given(value)
