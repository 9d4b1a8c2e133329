"""Convert subscriptions. Chargebee has dates and counts where the model has a status and flags."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

import msgspec
from billbridge.errors import ValidationError
from billbridge.model import (
    CancelTiming,
    CollectionMethod,
    Discount,
    DiscountScope,
    NewSubscription,
    Subscription,
    SubscriptionItem,
    SubscriptionStatus,
)
from billbridge.model.raw import RawJson
from billbridge.money import vendor_currency
from billbridge.toolkit.timestamps import from_unix, to_unix

from billbridge_chargebee import wire_subscriptions as wire
from billbridge_chargebee.money import amount, quantity
from billbridge_chargebee.translate import metadata
from billbridge_chargebee.translate.words import COLLECTION_METHODS, SUBSCRIPTION_STATUSES

_NO_TIER: Final = wire.ItemTier()
_SCOPES: Final = {"invoice_amount": DiscountScope.SUBSCRIPTION, "specific_item_price": DiscountScope.ITEM}
_ENDED: Final = frozenset({"cancelled", "transferred"})
_OWING: Final = frozenset({"active", "non_renewing"})

CANCELLATIONS: Final = {
    CancelTiming.NOW: {
        "cancel_option": "immediately",
        "credit_option_for_current_term_charges": "none",
        "unbilled_charges_option": "delete",
        "account_receivables_handling": "no_action",
        "refundable_credits_handling": "no_action",
    },
    CancelTiming.PERIOD_END: {"cancel_option": "end_of_term"},
}
"""The parameters of POST /subscriptions/{id}/cancel_for_items. The options besides `cancel_option` are for immediate cancellation only.

They are always sent, because Chargebee uses the settings of the site if they are left out.
"""


def subscription(sent: wire.Subscription, raw: msgspec.Raw, now: datetime) -> Subscription:
    """Convert a subscription of Chargebee to the model.

    `cancelled_at` is the time of the end, which can be in the future. During a trial and before the last term the status does not change,
    so `now` is needed. `non_renewing` is active until the end of its term. Unpaid invoices do not change Chargebee's status, so Billbridge
    derives `PAST_DUE`.
    """
    status = SUBSCRIPTION_STATUSES.get(sent.status, SubscriptionStatus.UNKNOWN)
    owing = sent.status in _OWING and (sent.due_invoices_count or 0) > 0
    start, end = _period(sent)
    ends_at = from_unix(sent.cancelled_at)
    over = sent.status in _ENDED
    leaving = sent.status == "non_renewing" or (not over and ends_at is not None and ends_at > now)
    cancel_at = (ends_at or end) if leaving else None
    at_period_end = leaving and (sent.status == "non_renewing" or end is None or cancel_at is None or cancel_at <= end)
    asked_at = from_unix(sent.cancel_schedule_created_at)
    return Subscription(
        provider="chargebee",
        id=sent.id,
        raw=RawJson(raw),
        customer_id=sent.customer_id,
        status=SubscriptionStatus.PAST_DUE if owing else status,
        vendor_status=sent.status,
        status_derived=owing,
        currency=None if sent.currency_code is None else vendor_currency(sent.currency_code),
        items=_items(sent),
        current_period_start=start,
        current_period_end=end,
        start_date=from_unix(sent.start_date if sent.started_at is None else sent.started_at),
        trial_start=from_unix(sent.trial_start),
        trial_end=from_unix(sent.trial_end),
        cancel_at_period_end=at_period_end,
        cancel_at=cancel_at,
        canceled_at=(asked_at or ends_at) if over else asked_at if leaving else None,
        ended_at=ends_at if sent.status == "cancelled" else None,
        collection_method=None if sent.auto_collection is None else COLLECTION_METHODS.get(sent.auto_collection, CollectionMethod.UNKNOWN),
        default_payment_method_id=sent.payment_source_id,
        discounts=_discounts(sent),
        metadata=metadata.texts(sent.meta_data),
        created_at=from_unix(sent.created_at),
        updated_at=from_unix(sent.updated_at),
    )


def creation(new: NewSubscription, key: str, now: datetime) -> dict[str, Any]:
    """Return the parameters of POST /customers/{id}/subscription_for_items.

    `trial_end` is always sent: 0 means no trial, whatever the price has. A quantity of 1 is Chargebee's default and is not sent, because a
    flat price takes none. `auto_collection` is always on, so that the first invoice is charged even if the customer pays by invoice.
    `invoice_immediately` is always sent, because a site can be configured to leave charges unbilled.
    """
    trial_end = _after(now, new.trial_days) if new.trial_days is not None else new.trial_end
    if trial_end is not None and trial_end <= now:
        raise ValidationError("trial_end must be in the future", param="trial_end", provider="chargebee", hint="leave it out for no trial")
    return {
        "id": f"bb-{sha256(key.encode()).hexdigest()[:32]}",
        "subscription_items": [
            {"item_price_id": item.price, "quantity": item.quantity if item.quantity != 1 else None} for item in new.items
        ],
        "trial_end": 0 if trial_end is None else to_unix(trial_end),
        "payment_source_id": new.payment_method,
        "auto_collection": "on",
        "invoice_immediately": True,
        "meta_data": metadata.new(new.metadata),
    }


def _after(now: datetime, days: int) -> datetime:
    try:
        return now + timedelta(days=days)
    except OverflowError:
        raise ValidationError(
            f"trial_days is {days}: the trial would end after the year 9999", param="trial_days", provider="chargebee"
        ) from None


def _period(sent: wire.Subscription) -> tuple[datetime | None, datetime | None]:
    """Return the current term.

    If only the items have terms, it runs from the earliest start to the earliest end. During a trial without either, it is the trial.
    """
    if sent.current_term_start is not None or sent.current_term_end is not None:
        return from_unix(sent.current_term_start), from_unix(sent.current_term_end)
    items = sent.subscription_items or []
    starts = [item.current_term_start for item in items if item.current_term_start is not None]
    ends = [item.current_term_end for item in items if item.current_term_end is not None]
    if starts or ends:
        return from_unix(min(starts, default=None)), from_unix(min(ends, default=None))
    return (from_unix(sent.trial_start), from_unix(sent.trial_end)) if sent.status == "in_trial" else (None, None)


def _discounts(sent: wire.Subscription) -> list[Discount]:
    """Convert the coupons, and the discounts without a coupon. Chargebee sends their end, not their start."""
    coupons = sent.coupons
    if coupons is None:
        coupons = [wire.AppliedCoupon(coupon_id=sent.coupon)] if sent.coupon else []
    found = [Discount(coupon_id=each.coupon_id, promotion_code_id=each.coupon_code, ends_at=from_unix(each.apply_till)) for each in coupons]
    return found + [
        Discount(
            id=each.id,
            scope=_SCOPES.get(each.apply_on or "invoice_amount", DiscountScope.UNKNOWN),
            item_id=each.item_price_id,
            coupon_id=each.coupon_id,
            percent_off=each.percentage,
            amount_off=amount(each.amount, None, each.currency_code) if each.currency_code else None,
            ends_at=from_unix(each.apply_till),
        )
        for each in sent.discounts or []
    ]


def _items(sent: wire.Subscription) -> list[SubscriptionItem]:
    if sent.subscription_items is not None:
        return [_item(item, sent, once=bool(item.charge_once) or item.item_type == "charge") for item in sent.subscription_items]
    return [_item(item, sent, once=once) for item, once in _old_items(sent)]


def _old_items(sent: wire.Subscription) -> Iterator[tuple[wire.SubscriptionItem, bool]]:
    """The plan and the addons of Product Catalog 1.0, and whether each is charged once or on an event only."""
    if sent.plan_id is not None:
        plan = wire.SubscriptionItem(
            item_price_id=sent.plan_id,
            quantity=sent.plan_quantity,
            quantity_in_decimal=sent.plan_quantity_in_decimal,
            free_quantity=sent.plan_free_quantity,
            free_quantity_in_decimal=sent.plan_free_quantity_in_decimal,
            unit_price=sent.plan_unit_price,
            unit_price_in_decimal=sent.plan_unit_price_in_decimal,
        )
        yield plan, False
    for addons, once in ((sent.addons, False), (sent.event_based_addons, True)):
        for addon in addons or []:
            item = wire.SubscriptionItem(
                item_price_id=addon.id,
                quantity=addon.quantity,
                quantity_in_decimal=addon.quantity_in_decimal,
                unit_price=addon.unit_price,
                unit_price_in_decimal=addon.unit_price_in_decimal,
                charge_on_event=addon.on_event,
            )
            yield item, once


def _item(item: wire.SubscriptionItem, sent: wire.Subscription, *, once: bool) -> SubscriptionItem:
    currency = sent.currency_code
    tiers = [tier for tier in sent.item_tiers or [] if tier.item_price_id == item.item_price_id]
    unit = None if tiers or currency is None else amount(item.unit_price, item.unit_price_in_decimal, currency)
    package = tiers[0] if len(tiers) == 1 and tiers[0].pricing_type == "package" else _NO_TIER
    return SubscriptionItem(
        id=item.item_price_id,
        price_id=item.item_price_id,
        quantity=_quantity(item),
        free_quantity=quantity(item.free_quantity, item.free_quantity_in_decimal) or None,
        unit_amount=unit,
        package_amount=None if currency is None else amount(package.price, package.price_in_decimal, currency),
        package_size=package.package_size,
        one_time=once,
        charged_on=item.charge_on_event,
    )


def _quantity(item: wire.SubscriptionItem) -> Decimal | None:
    """The quantity: the decimal one if the site sells fractions, None for usage, and 1 if Chargebee sends none (a flat fee)."""
    found = quantity(item.quantity, item.quantity_in_decimal)
    if found is not None:
        return found
    return None if item.metered_quantity is not None or item.last_calculated_at is not None else Decimal(1)
