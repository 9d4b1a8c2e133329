"""Convert credit: Chargebee's promotional credits, positive in the customer's favour, and other balances for the next invoices."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from billbridge.errors import ProtocolError
from billbridge.model import CreditAdjustment, NewCreditAdjustment
from billbridge.model.raw import RawJson
from billbridge.money import Money, vendor_currency
from billbridge.toolkit.timestamps import from_unix

from billbridge_chargebee import wire
from billbridge_chargebee.money import UNITS, known_amount

_KINDS: Final = frozenset({"increment", "decrement"})


def balances(sent: wire.Customer) -> list[Money]:
    """Return the balance that the next invoices use, by currency: promotional and refundable credits, and excess payments."""
    if sent.balances is None:
        minor, currency = _total(sent), sent.preferred_currency_code
        return [UNITS.unpack(minor, currency)] if minor and currency else []
    sums: dict[str, int] = {}
    for row in sent.balances:
        currency = row.currency_code or row.balance_currency_code
        minor = _total(row)
        if currency and minor:
            sums[vendor_currency(currency)] = sums.get(vendor_currency(currency), 0) + minor
    return [UNITS.unpack(minor, currency) for currency, minor in sums.items()]


def _total(sent: wire.Customer | wire.Balance) -> int:
    return (sent.promotional_credits or 0) + (sent.refundable_credits or 0) + (sent.excess_payments or 0)


def adjustment(sent: wire.PromotionalCredit, raw: msgspec.Raw) -> CreditAdjustment:
    """Convert a promotional credit of Chargebee to the model."""
    if sent.type not in _KINDS:
        raise ProtocolError("chargebee changed a credit neither up nor down", provider="chargebee", raw=bytes(raw))
    amount = known_amount(sent.amount, sent.amount_in_decimal, sent.currency_code, what="a credit")
    return CreditAdjustment(
        provider="chargebee",
        id=sent.id,
        raw=RawJson(raw),
        customer_id=sent.customer_id,
        amount=amount if sent.type == "increment" else -amount,
        balance=None if sent.closing_balance is None else UNITS.unpack(sent.closing_balance, sent.currency_code),
        reason=sent.description,
        created_at=from_unix(sent.created_at),
    )


def adjusting(customer: str, new: NewCreditAdjustment) -> tuple[str, dict[str, Any]]:
    """Return the path and the parameters of the request. Raises `PrecisionError` for an amount that is finer than Chargebee's unit."""
    path = "/promotional_credits/add" if new.amount.amount > 0 else "/promotional_credits/deduct"
    amount = UNITS.pack(abs(new.amount))
    return path, {"customer_id": customer, "amount": amount, "currency_code": new.amount.currency, "description": new.reason}
