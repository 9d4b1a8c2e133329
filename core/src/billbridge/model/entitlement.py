"""Entitlements: which features a customer or a subscription has, and exceptions for one subscription."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import msgspec

from billbridge.errors import ValidationError
from billbridge.model.base import Draft, Entity, Query
from billbridge.model.product_feature import FeatureKind, check_value


class Entitlement(Entity, frozen=True, kw_only=True):
    """A feature that a customer or a subscription has now. What is not entitled has no `Entitlement`, so there is none to say "no".

    - `id` is the vendor's. Chargebee gives entitlements no id, so it is the id of the feature there.
    - `key` is your own name for the feature.
    - `quantity` is the number for the kinds QUANTITY and RANGE, and None if there is no limit: then `unlimited` is True.
    - `value` is the level in the vendor's words, and None for a switch.
    - `overridden` is True if the level comes from `entitlements.override`.
    - `subscription_ids` are the subscriptions that give it. Stripe tells them only with `entitlements.list(subscription=...)`.
    """

    shown: ClassVar = ("key", "kind", "value")

    key: str
    feature_id: str
    kind: FeatureKind = FeatureKind.SWITCH
    vendor_kind: str | None = None
    value: str | None = None
    quantity: int | None = None
    unlimited: bool = False
    overridden: bool = False
    subscription_ids: list[str] = msgspec.field(default_factory=list)


class EntitlementQuery(Query, frozen=True, kw_only=True):
    """The filters of `entitlements.list`: a customer, or a subscription. Pass exactly one."""

    customer: str | None = None
    subscription: str | None = None

    id_fields: ClassVar = frozenset({"customer", "subscription"})

    def check(self) -> None:
        super().check()
        if (self.customer is None) is (self.subscription is None):
            raise ValidationError(
                "entitlements belong to a customer or to a subscription: pass exactly one of them",
                param="customer",
                hint="entitlements.list(customer=customer.id)",
            )


class EntitlementOverride(Entity, frozen=True, kw_only=True):
    """An exception for one subscription, in place of what its products give. It ends at `expires_at` (UTC), or never."""

    shown: ClassVar = ("subscription_id", "feature_id", "value")

    subscription_id: str
    feature_id: str
    value: str | None = None
    expires_at: datetime | None = None


class NewEntitlementOverride(Draft, frozen=True, kw_only=True):
    """The arguments of `entitlements.override`.

    `feature` is the id of a feature. `value` is True or False for a switch, else a number, "unlimited", or a word. `expires_at` is when the
    exception ends.
    """

    feature: str
    value: bool | int | str
    expires_at: datetime | None = None

    id_fields: ClassVar = frozenset({"feature"})

    def check(self) -> None:
        check_value(self.value)
