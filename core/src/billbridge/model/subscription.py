"""Subscriptions: a customer pays for prices in every period. Invoices have a module of their own."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal, TypeAlias

import msgspec

from billbridge.errors import ValidationError
from billbridge.model.base import Chronological, Draft, Entity, Word
from billbridge.model.discount import Discount
from billbridge.model.next_action import NextAction
from billbridge.money import Money


class SubscriptionStatus(Word):
    """The status of a subscription, in the same words for every vendor. `vendor_status` on the subscription is the vendor's own word."""

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
    """How invoices are paid: by a charge of the payment method, or by an invoice that is sent.

    On a subscription, None means that the customer's setting applies.
    """

    CHARGE_AUTOMATICALLY = "charge_automatically"
    SEND_INVOICE = "send_invoice"
    UNKNOWN = "unknown"


class CancelTiming(Word):
    """When a cancellation takes effect."""

    NOW = "now"
    PERIOD_END = "period_end"


class PaymentBehavior(Word):
    """What happens to a new subscription if its first payment fails.

    `ERROR_IF_FAILS`: an error is raised and no subscription exists. `ALLOW_INCOMPLETE`: the subscription exists with the status
    `INCOMPLETE`.
    """

    ERROR_IF_FAILS = "error_if_fails"
    ALLOW_INCOMPLETE = "allow_incomplete"


CancelTimingName: TypeAlias = CancelTiming | Literal["now", "period_end"]
PaymentBehaviorName: TypeAlias = PaymentBehavior | Literal["error_if_fails", "allow_incomplete"]


class Item(Draft, frozen=True, kw_only=True):
    """One price of a new subscription, with a quantity.

    A flat price takes no quantity other than 1.
    """

    price: str
    quantity: int = 1

    id_fields: ClassVar = frozenset({"price"})

    def check(self) -> None:
        if self.quantity < 1:
            raise ValidationError(f"quantity must be 1 or more, not {self.quantity}", param="quantity")


class SubscriptionItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One price of a subscription. Amounts are in major units.

    - `quantity` is None for metered usage. Chargebee sites can sell fractions, so it is a `Decimal`.
    - `free_quantity` is how many units of the quantity cost nothing (Chargebee). None means that all units are charged.
    - `unit_amount` is the amount for one unit. It is None for tiers, and for packages: then `package_amount` is the amount for
      `package_size` units.
    - `charged_on` is the vendor's own word for the event on which the item is charged, such as "subscription_creation" (Chargebee).
    - `one_time` is true if the item is charged once or on an event, and not in every period (Chargebee).
    - A Chargebee item has no id of its own: `id` is the id of the price, or of the plan or addon in Product Catalog 1.0.
    """

    id: str
    price_id: str
    product_id: str | None = None
    quantity: Decimal | None = None
    free_quantity: Decimal | None = None
    unit_amount: Money | None = None
    package_amount: Money | None = None
    package_size: int | None = None
    one_time: bool = False
    charged_on: str | None = None


class Subscription(Entity, frozen=True, kw_only=True):
    """A subscription. Times are in UTC.

    - `status_derived` is true if the vendor has no such status and Billbridge derived it from other fields. For example, an active
      Chargebee subscription with unpaid invoices is `PAST_DUE`.
    - `cancel_at_period_end` is true while a cancellation waits for the end of the period. `cancel_at` is that end.
    - `canceled_at` is when the cancellation was requested. `ended_at` is when the subscription ended.
    - `current_period_start` and `current_period_end`: if the items have different intervals, these are the earliest start and the earliest
      end.
    - `next_action` is what your application needs so that the customer can pay the first invoice of an `INCOMPLETE` subscription. `create`
      and `get` read it, `list` does not.
    - `latest_invoice_id` is None at Chargebee, which does not send it.
    - `collection_paused` (Stripe) says that invoices are not collected; the status does not change.
    - `vendor_status` is the vendor's own word for `status`.
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
    next_action: NextAction | None = None
    discounts: list[Discount] = msgspec.field(default_factory=list)
    metadata: dict[str, str] = msgspec.field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None


class NewSubscription(Draft, frozen=True, kw_only=True):
    """The arguments of `subscriptions.create`.

    - `items` are the prices. More than one item needs the capability `subscriptions.create.several_items`.
    - `trial_days` is a trial from now on, in days. `trial_end` is the end of a trial, in whole seconds, because vendors store whole seconds
      only. Pass at most one of them. Without either there is no trial, even if the price has one.
    - `payment_method` is charged instead of the customer's default.
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
            raise ValidationError(
                "items is empty: a subscription needs at least one price", param="items", hint="pass items=[Item(price=price.id)]"
            )
        prices = [item.price for item in self.items]
        if len(set(prices)) < len(prices):
            raise ValidationError("two items have the same price", param="items", hint="pass one item with a larger quantity")
        if self.trial_days is not None and self.trial_end is not None:
            raise ValidationError("trial_days and trial_end were both passed", param="trial_end", hint="pass only one of them")
        if self.trial_days is not None and self.trial_days < 1:
            raise ValidationError(
                f"trial_days must be 1 or more, not {self.trial_days}", param="trial_days", hint="leave it out for no trial"
            )


class Cancellation(Draft, frozen=True, kw_only=True):
    """The arguments of `subscriptions.cancel`.

    `timing` has no default, because the customer pays a different amount in the two cases.
    """

    timing: CancelTimingName


class SubscriptionQuery(Chronological, frozen=True, kw_only=True):
    """The filters of `subscriptions.list`. Subscriptions of every status are listed, also cancelled ones."""

    customer: str | None = None

    id_fields: ClassVar = frozenset({"customer"})
