"""Changes of a customer's credit. Credit pays the next invoices. A positive amount is in the customer's favour on every vendor."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from billbridge.errors import ValidationError
from billbridge.model.base import Draft, Entity
from billbridge.money import Money


class CreditAdjustment(Entity, frozen=True, kw_only=True):
    """A change of a customer's credit.

    `amount` is positive if credit was given and negative if credit was taken. `balance` is the credit in that currency after the change. A
    negative `balance` (Stripe) means that the customer owes it with the next invoice.
    """

    shown: ClassVar = ("amount",)

    customer_id: str
    amount: Money
    balance: Money | None = None
    reason: str | None = None
    created_at: datetime | None = None


class NewCreditAdjustment(Draft, frozen=True, kw_only=True):
    """The arguments of `customers.adjust_credit`.

    A positive `amount` gives credit, a negative one takes it. The customer can see the `reason`.
    """

    amount: Money
    reason: str

    def check(self) -> None:
        if not self.amount:
            raise ValidationError(
                "amount must not be 0", param="amount", hint="pass a positive amount to give credit, a negative one to take it"
            )
        if not self.reason.strip():
            raise ValidationError(
                "reason is empty", param="reason", hint="say in a few words why the credit changes; the customer can see it"
            )
