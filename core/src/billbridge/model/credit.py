"""Credit that a customer has at the vendor: it pays the next invoices. Positive is in the customer's favour, on every vendor."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from billbridge.errors import ValidationError
from billbridge.model.base import Draft, Entity
from billbridge.money import Money


class CreditAdjustment(Entity, frozen=True, kw_only=True):
    """A change of a customer's credit. `amount` is positive where credit was given, negative where it was taken.

    `balance` is the credit in that currency after the change; negative means that the customer owes it with the next invoice (Stripe).
    """

    shown: ClassVar = ("amount",)

    customer_id: str
    amount: Money
    balance: Money | None = None
    reason: str | None = None
    created_at: datetime | None = None


class NewCreditAdjustment(Draft, frozen=True, kw_only=True):
    """The fields of `customers.adjust_credit`: positive gives credit, negative takes it. `reason` is shown to the customer."""

    amount: Money
    reason: str

    def check(self) -> None:
        if not self.amount:
            raise ValidationError("an adjustment of nothing", param="amount", hint="positive gives credit, negative takes it")
        if not self.reason.strip():
            raise ValidationError("a reason is needed", param="reason")
