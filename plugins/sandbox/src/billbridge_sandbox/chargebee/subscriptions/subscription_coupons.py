"""Coupons on subscriptions: attaching by the coupon's id or one of its codes, and removing. The discount itself is `discounting`.

A redemption is counted, and a code is used up, when the coupon is attached (our choice of the moment; the documents only count them), and
stays counted when it is removed. Choices where the documents are silent: what is not active, in another currency, for none of the items,
or already on the subscription is 400 `param_wrong_value`; `replace_coupon_list` keeps those of the list that are already there.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, flag, text
from billbridge_sandbox.chargebee.billing.discounting import covers
from billbridge_sandbox.chargebee.coupons.coupons import usable
from billbridge_sandbox.chargebee.store.coupons import AppliedCoupon
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription

_LIST = "coupon_ids["


def attach(site: Site, ask: Ask, subscription: Subscription) -> list[AppliedCoupon]:
    """Put the coupons sent on a subscription, which need not be stored yet; `redeem` must follow when it is."""
    old = subscription.coupons or []
    sent = [(name, ask.need(name, text(100))) for name in sorted(ask.names()) if name.startswith(_LIST)]
    kept = old
    if ask.get("replace_coupon_list", flag):
        kept = [applied for applied in old if any(id in (applied.coupon_id, applied.coupon_code) for _, id in sent)]
        sent = [(name, id) for name, id in sent if not any(id in (applied.coupon_id, applied.coupon_code) for applied in kept)]
    new: list[AppliedCoupon] = []
    for name, id in sent:
        new.append(_found(site, subscription, [*kept, *new], name, id))
    subscription.coupons = [*kept, *new] or None
    return new


def redeem(site: Site, attached: list[AppliedCoupon]) -> None:
    """Count the redemptions of coupons that were attached, and use up their codes."""
    for applied in attached:
        coupon = site.find(site.coupons, "coupon", applied.coupon_id)
        coupon.redemptions += 1
        site.touch(coupon)
        if applied.coupon_code is not None:
            site.find(site.coupon_codes, "coupon_code", applied.coupon_code).status = "redeemed"


def detach(ask: Ask, subscription: Subscription) -> None:
    """Remove the given coupons from a subscription, or all of them if none is given."""
    named = [(name, ask.need(name, text(100))) for name in ask.names() if name.startswith(_LIST)]
    kept = list(subscription.coupons or []) if named else []
    for name, id in named:
        found = next((applied for applied in kept if id in (applied.coupon_id, applied.coupon_code)), None)
        if found is None:
            raise wrong_value(name, "is not on this subscription")
        kept.remove(found)
    subscription.coupons = kept or None


def _found(site: Site, subscription: Subscription, there: list[AppliedCoupon], name: str, id: str) -> AppliedCoupon:
    code = site.coupon_codes.get(id)
    if code is not None and code.status != "not_redeemed":
        raise wrong_value(name, f"is a coupon code that is {code.status}")
    coupon = usable(site, id if code is None else code.coupon_id, name)
    if coupon.status != "active":
        raise wrong_value(name, f"is a coupon that is {coupon.status}")
    if coupon.currency_code not in (None, subscription.currency_code):
        raise wrong_value(name, f"is a coupon in another currency than {subscription.currency_code}")
    if not any(covers(coupon, item.item_type, item.item_price_id) for item in subscription.subscription_items):
        raise wrong_value(name, "is a coupon for none of the items")
    if any(applied.coupon_id == coupon.id for applied in there):
        raise wrong_value(name, "is already on this subscription")
    return AppliedCoupon(coupon_id=coupon.id, coupon_code=None if code is None else code.code)
