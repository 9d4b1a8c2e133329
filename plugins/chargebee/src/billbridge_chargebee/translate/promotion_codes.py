"""Convert promotion codes. They are Chargebee's coupon codes: each works once, and its text is its id."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final

import msgspec
from billbridge.model import NewPromotionCode, PromotionCode, PromotionCodeQuery
from billbridge.model.raw import RawJson

from billbridge_chargebee import wire_catalog as wire

_SET: Final = "billbridge-"
_LONGEST: Final = 50
ARCHIVED: Final = "archived"


def promotion_code(sent: wire.CouponCode, raw: msgspec.Raw) -> PromotionCode:
    """Convert a coupon code of Chargebee to the model. Chargebee does not tell whether an archived code had been used."""
    return PromotionCode(
        provider="chargebee",
        id=sent.code,
        raw=RawJson(raw),
        code=sent.code,
        coupon_id=sent.coupon_id,
        active=sent.status in (None, "not_redeemed"),
        vendor_status=sent.status,
        max_redemptions=1,
        redemptions=1 if sent.status == "redeemed" else 0,
    )


def creation(new: NewPromotionCode) -> dict[str, Any]:
    """Return the parameters of POST /coupon_codes."""
    return {"coupon_id": new.coupon, "coupon_set_name": coupon_set(new.coupon), "code": new.code}


def coupon_set(coupon: str) -> str:
    """Return the name of the set for the codes of a coupon: "billbridge-<coupon>", or a digest if that is longer than 50 characters.

    Chargebee requires a set for every code, and creates a set that does not exist (API documentation, coupon code attributes).
    """
    name = f"{_SET}{coupon}"
    return name if len(name) <= _LONGEST else f"{_SET}{sha256(coupon.encode()).hexdigest()[:32]}"


def filters(query: PromotionCodeQuery) -> dict[str, Any]:
    """Return the parameters of GET /coupon_codes, which has no parameter for the order."""
    return {"coupon_id": {"is": query.coupon}}
