"""Subscriptions: a customer pays for prices, period after period. Does not hold the invoices that this raises."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

import msgspec

from billbridge.errors import ValidationError
from billbridge.model.base import Chronological, Draft, Entity, Word
from billbridge.model.discount import Discount
from billbridge.money import Money


class SubscriptionStatus(Word):
    """Where a subscription stands, in one vocabulary; `vendor_status` on the object is the vendor's own word."""

    SCHEDULED = "scheduled"
    INCOMPLETE = "incomplete"
    EXPIRED = "expired"
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    UNPAID = "unpaid"
    PAUSED = "paused"
    CANCELED = "canceled"
    TRANSFERRED = "transferred"
    UNKNOWN = "unknown"


class CollectionMethod(Word):
    """How invoices are paid: by charging the payment method, or by sending them. None on an object: as the customer is set."""

    CHARGE_AUTOMATICALLY = "charge_automatically"
    SEND_INVOICE = "send_invoice"
    UNKNOWN = "unknown"


class CancelTiming(Word):
    """When a cancellation takes effect."""

    NOW = "now"
    PERIOD_END = "period_end"


class PaymentBehavior(Word):
    """What becomes of a new subscription whose first payment fails: an error and nothing left behind, or one that is `INCOMPLETE`."""

    ERROR_IF_FAILS = "error_if_fails"
    ALLOW_INCOMPLETE = "allow_incomplete"


CancelTimingName: TypeAlias = CancelTiming | Literal["now", "period_end"]
PaymentBehaviorName: TypeAlias = PaymentBehavior | Literal["error_if_fails", "allow_incomplete"]


class Item(Draft, frozen=True, kw_only=True):
    """One price in a new subscription, `quantity` times. A flat price takes no quantity other than 1."""

    price: str
    quantity: int = 1

    id_fields: ClassVar = frozenset({"price"})

    def check(self) -> None:
        if self.quantity < 1:
            raise ValidationError("quantity must be 1 or more", param="quantity")


class SubscriptionItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One price in a subscription. At Chargebee an item has no id of its own: `id` is the price's. `quantity` is None for usage."""

    id: str
    price_id: str
    product_id: str | None = None
    quantity: int | None = None
    unit_amount: Money | None = None


class Subscription(Entity, frozen=True, kw_only=True):
    """A subscription.

    `status_derived` is true where the vendor has no such status and it was read off other fields (Chargebee: `PAST_DUE` is an active
    subscription with unpaid invoices). `cancel_at_period_end` is true while a cancellation waits for the end of the period, at
    `cancel_at`; `canceled_at` is when it was asked for, `ended_at` when it took effect. With items of several intervals, the
    period runs from the earliest start to the earliest end. `latest_invoice_id` is None where the vendor does not say (Chargebee).
    `collection_paused` (Stripe) says that invoices are not collected, while the status stays as it is.
    """

    shown: ClassVar = ("status", "cancel_at_period_end")

    customer_id: str
    status: SubscriptionStatus
    vendor_status: str
    status_derived: bool = False
    currency: str | None = None
    items: list[SubscriptionItem] = msgspec.field(default_factory=list)
    current_period_start: datetime | None = None
    current_period_end: datetime | None = None
    start_date: datetime | None = None
    trial_start: datetime | None = None
    trial_end: datetime | None = None
    cancel_at_period_end: bool = False
    cancel_at: datetime | None = None
    canceled_at: datetime | None = None
    ended_at: datetime | None = None
    collection_method: CollectionMethod | None = None
    collection_paused: bool = False
    default_payment_method_id: str | None = None
    latest_invoice_id: str | None = None
    discounts: list[Discount] = msgspec.field(default_factory=list)
    metadata: dict[str, str] = msgspec.field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None


class NewSubscription(Draft, frozen=True, kw_only=True):
    """The fields of `subscriptions.create`.

    The trial is `trial_days` from now or until `trial_end` (whole seconds: vendors keep no more); with neither there is none, whatever
    the price says. `payment_method` is charged instead of the customer's default. More than one item needs the capability
    `subscriptions.create.several_items`.
    """

    customer: str
    items: list[Item]
    trial_days: int | None = None
    trial_end: datetime | None = None
    payment_method: str | None = None
    payment_behavior: PaymentBehaviorName = PaymentBehavior.ERROR_IF_FAILS
    metadata: dict[str, str] | None = None

    id_fields: ClassVar = frozenset({"customer", "payment_method"})

    def check(self) -> None:
        if not self.items:
            raise ValidationError("a subscription needs at least one item", param="items", hint="items=[Item(price=price.id)]")
        prices = [item.price for item in self.items]
        if len(set(prices)) < len(prices):
            raise ValidationError("two items name the same price", param="items", hint="use one item with a larger quantity")
        if self.trial_days is not None and self.trial_end is not None:
            raise ValidationError("trial_days and trial_end exclude each other", param="trial_end")
        if self.trial_days is not None and self.trial_days < 1:
            raise ValidationError("trial_days must be 1 or more", param="trial_days", hint="leave it out for no trial")


class Cancellation(Draft, frozen=True, kw_only=True):
    """The fields of `subscriptions.cancel`. There is no default: cancelling now and at the end of the period differ in money."""

    timing: CancelTimingName


class SubscriptionQuery(Chronological, frozen=True, kw_only=True):
    """The filters of `subscriptions.list`. Every status is listed, cancelled ones too, on every vendor."""

    customer: str | None = None

    id_fields: ClassVar = frozenset({"customer"})
