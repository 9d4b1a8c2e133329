"""What the site stores about charges that no invoice has billed yet. No rules here; see `records` for the conventions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from billbridge_sandbox.chargebee.store.invoices import LineItem, LineItemTier
from billbridge_sandbox.chargebee.store.records import PRIVATE, Record


@dataclass(kw_only=True, repr=False, slots=True)
class UnbilledCharge(Record):
    """A charge of a subscription that waits for an invoice. `line` and `line_tiers` are what the invoice will show of it.

    Discounts are not in it: they are taken when the charge is invoiced.
    """

    OBJECT: ClassVar[str] = "unbilled_charge"
    UNSENT = ("resource_version",)

    customer_id: str
    subscription_id: str
    date_from: int
    date_to: int
    unit_amount: int
    unit_amount_in_decimal: str | None = None
    pricing_model: str
    quantity: int
    amount: int
    currency_code: str
    discount_amount: int = 0
    description: str
    entity_type: str
    entity_id: str
    is_voided: bool = False
    voided_at: int | None = None
    created_at: int
    is_advance_charge: bool = False
    deleted: bool = False
    line: LineItem = field(metadata=PRIVATE)
    line_tiers: list[LineItemTier] = field(metadata=PRIVATE)
