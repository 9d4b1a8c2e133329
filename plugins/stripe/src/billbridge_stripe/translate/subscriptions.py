"""Convert subscriptions between Stripe's shape and the model."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec
from billbridge.errors import ProtocolError
from billbridge.model import (
    CollectionMethod,
    NewSubscription,
    PaymentBehavior,
    Subscription,
    SubscriptionItem,
    SubscriptionStatus,
)
from billbridge.money import vendor_currency
from billbridge.toolkit.timestamps import from_unix

from billbridge_stripe import wire_catalog
from billbridge_stripe import wire_subscriptions as wire
from billbridge_stripe.translate.common import id_of, own
from billbridge_stripe.translate.coupons import discounts
from billbridge_stripe.translate.prices import package_amount, package_size, unit_amount
from billbridge_stripe.translate.words import SUBSCRIPTION_STATUS

ENDED: Final = (SubscriptionStatus.CANCELED, SubscriptionStatus.EXPIRED)
_BEHAVIOR: Final = {
    PaymentBehavior.ERROR_IF_FAILS: "error_if_incomplete",
    PaymentBehavior.ALLOW_INCOMPLETE: "allow_incomplete",
}


def subscription(found: wire.Subscription, items: Sequence[wire.SubscriptionItem], raw: bytes | msgspec.Raw) -> Subscription:
    """Convert a subscription of Stripe to the model, with all its items. Stripe sends only the first items with a subscription.

    Since API version 2025-03-31.basil each item has its own period. The period here runs from the earliest start to the earliest end. After
    a cancellation at the end of the period, Stripe keeps the flag. Here the flag means that the cancellation is still to come.
    """
    items = [item for item in items if not item.deleted]
    status = SUBSCRIPTION_STATUS.get(found.status, SubscriptionStatus.UNKNOWN)
    start = min((item.current_period_start for item in items if item.current_period_start is not None), default=found.current_period_start)
    end = min((item.current_period_end for item in items if item.current_period_end is not None), default=found.current_period_end)
    waits = found.cancel_at_period_end and status not in ENDED
    currency = found.currency or next((price_of(item).currency for item in items), "")
    return Subscription(
        provider="stripe",
        id=found.id,
        raw=own(raw),
        customer_id=id_of(found.customer) or "",
        status=status,
        vendor_status=found.status,
        currency=vendor_currency(currency) if currency else None,
        items=[_item(item) for item in items],
        current_period_start=from_unix(start),
        current_period_end=from_unix(end),
        start_date=from_unix(found.start if found.start_date is None else found.start_date),
        trial_start=from_unix(found.trial_start),
        trial_end=from_unix(found.trial_end),
        cancel_at_period_end=waits,
        cancel_at=from_unix(end if waits and found.cancel_at is None else found.cancel_at),
        canceled_at=from_unix(found.canceled_at),
        ended_at=from_unix(found.ended_at),
        collection_method=_collection_method(found.collection_method or found.billing),
        collection_paused=found.pause_collection is not None,
        default_payment_method_id=id_of(found.default_payment_method) or id_of(found.default_source),
        latest_invoice_id=id_of(found.latest_invoice),
        discounts=[
            *discounts(found.discounts, found.discount),
            *(each for item in items if item.discounts for each in discounts(item.discounts, None, item.id)),
        ],
        metadata=found.metadata or {},
        created_at=from_unix(found.created),
    )


def new_subscription(new: NewSubscription) -> dict[str, Any]:
    """Return the parameters of POST /v1/subscriptions.

    `billing_mode` is always sent, because its default changed to "flexible" with 2025-09-30.clover. `off_session` is not sent, because
    Billbridge does not know whether the customer is present. Stripe's default is on-session, where a present customer can authenticate.
    `trial_from_plan` is not sent, so a trial of the price does not count.
    """
    return {
        "customer": new.customer,
        "items": [{"price": item.price, "quantity": None if item.quantity == 1 else item.quantity} for item in new.items],
        "billing_mode": {"type": "flexible"},
        "payment_behavior": _BEHAVIOR[PaymentBehavior(new.payment_behavior)],
        "trial_period_days": new.trial_days,
        "trial_end": new.trial_end,
        "default_payment_method": new.payment_method,
        "metadata": new.metadata,
    }


def price_of(item: wire.SubscriptionItem) -> wire_catalog.Price:
    """Return the price or the plan of an item. Raises `ProtocolError` if Stripe sends neither."""
    price = item.price or item.plan
    if price is None:
        raise ProtocolError(f"the subscription item {item.id} has neither a price nor a plan", provider="stripe")
    return price


def _item(found: wire.SubscriptionItem) -> SubscriptionItem:
    price = price_of(found)
    return SubscriptionItem(
        id=found.id,
        price_id=price.id,
        product_id=id_of(price.product),
        quantity=None if found.quantity is None else Decimal(found.quantity),
        unit_amount=unit_amount(price),
        package_amount=package_amount(price),
        package_size=package_size(price),
    )


def _collection_method(word: str | None) -> CollectionMethod | None:
    return None if word is None else CollectionMethod(word)
