"""Stripe's subscriptions and their items exactly as they are sent; the rest is in `wire`. Translates nothing."""

from __future__ import annotations

import msgspec

from billbridge_stripe import wire
from billbridge_stripe.wire_catalog import Plan, Price
from billbridge_stripe.wire_discounts import Discount


class SubscriptionItem(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/subscription_items. The period is here since 2025-03-31.basil. Before prices existed there was only a `plan`."""

    price: Price | None = None
    plan: Plan | None = None
    quantity: int | None = None
    discounts: list[str | Discount] | None = None
    current_period_start: int | None = None
    current_period_end: int | None = None


class Subscription(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/subscriptions. Before 2025-03-31.basil the period was here, and before that one `discount` in place of several.

    `billing` and `start` are the names of `collection_method` and `start_date` before 2019-10-17.
    """

    customer: str | wire.Object
    status: str
    items: wire.Rows[SubscriptionItem]
    currency: str | None = None
    current_period_start: int | None = None
    current_period_end: int | None = None
    start: int | None = None
    start_date: int | None = None
    trial_start: int | None = None
    trial_end: int | None = None
    cancel_at_period_end: bool = False
    cancel_at: int | None = None
    canceled_at: int | None = None
    ended_at: int | None = None
    collection_method: str | None = None
    billing: str | None = None
    pause_collection: wire.Present | None = None
    default_payment_method: wire.Reference = None
    default_source: wire.Reference = None
    latest_invoice: wire.Reference = None
    discounts: list[str | Discount] | None = None
    discount: Discount | None = None
    metadata: dict[str, str] | None = None
    created: int | None = None


class ConfirmationSecret(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The secret of an invoice's PaymentIntent."""

    client_secret: str


class UnpaidInvoice(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/invoices/{id} with `expand[]=confirmation_secret`, of which nothing else is read."""

    confirmation_secret: ConfirmationSecret | None = None
