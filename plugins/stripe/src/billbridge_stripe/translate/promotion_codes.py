"""Convert promotion codes between Stripe's shape and the model."""

from __future__ import annotations

from typing import Any

import msgspec
from billbridge.model import NewPromotionCode, PromotionCode
from billbridge.toolkit.timestamps import from_unix

from billbridge_stripe import wire_discounts as wire
from billbridge_stripe.money import MINOR
from billbridge_stripe.translate.common import id_of, own

_NONE = wire.Restrictions()


def promotion_code(found: wire.PromotionCode, raw: bytes | msgspec.Raw) -> PromotionCode:
    """Convert a promotion code of Stripe to the model. Stripe has no status for it, only whether it is active."""
    limits = found.restrictions or _NONE
    least, currency = limits.minimum_amount, limits.minimum_amount_currency
    return PromotionCode(
        provider="stripe",
        id=found.id,
        raw=own(raw),
        code=found.code,
        coupon_id=id_of(found.promotion.coupon if found.promotion else found.coupon) or "",
        active=found.active,
        customer_id=id_of(found.customer),
        expires_at=from_unix(found.expires_at),
        max_redemptions=found.max_redemptions,
        redemptions=found.times_redeemed or 0,
        minimum_amount=MINOR.unpack(least, currency) if least is not None and currency else None,
        first_time_only=limits.first_time_transaction,
        metadata=found.metadata or {},
        created_at=from_unix(found.created),
    )


def new_promotion_code(new: NewPromotionCode) -> dict[str, Any]:
    """Return the parameters of POST /v1/promotion_codes, in their form since 2025-09-30.clover.

    Raises `PrecisionError` for a minimum amount that Stripe cannot store.
    """
    least = new.minimum_amount
    return {
        "promotion": {"type": "coupon", "coupon": new.coupon},
        "code": new.code,
        "max_redemptions": new.max_redemptions,
        "customer": new.customer,
        "expires_at": new.expires_at,
        "restrictions": {
            "minimum_amount": None if least is None else MINOR.pack(least, "minimum_amount"),
            "minimum_amount_currency": None if least is None else least.currency.lower(),
            "first_time_transaction": True if new.first_time_only else None,
        },
        "metadata": new.metadata,
    }
