"""Product features: abilities that products include, such as "sso" or a number of seats. `entitlement` says who has which."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final, Literal, TypeAlias

import msgspec

from billbridge.errors import ValidationError
from billbridge.model.base import UNSET, Draft, Entity, Query, UnsetType, Word


class FeatureKind(Word):
    """What a product says about a feature: that it has it, how many, a number within a range, or a level of your own words."""

    SWITCH = "switch"
    QUANTITY = "quantity"
    RANGE = "range"
    CUSTOM = "custom"
    UNKNOWN = "unknown"


FeatureKindName: TypeAlias = FeatureKind | Literal["switch", "quantity", "range", "custom"]
UNLIMITED: Final = "unlimited"
"""The level without a limit."""
COUNTED: Final = frozenset({FeatureKind.QUANTITY, FeatureKind.RANGE})
"""The kinds whose levels are numbers."""


class ProductFeature(Entity, frozen=True, kw_only=True):
    """A feature that products can include. Stripe has only switches. Times are in UTC, and None at Stripe, which does not send them.

    - `key` is your own name for the feature. It never changes. At Chargebee it is the id too.
    - `levels` are the values that a product can give, the lowest first. `unlimited` is the level without a limit. A range has two: the
      least and the most.
    - `unit` is the name of one unit, such as "seat" (Chargebee).
    - `active` is False for an archived feature, and for a draft at Chargebee. `vendor_status` is Chargebee's word.
    """

    shown: ClassVar = ("key", "kind", "active")

    key: str
    name: str
    kind: FeatureKind = FeatureKind.SWITCH
    vendor_kind: str | None = None
    unit: str | None = None
    levels: list[str] = msgspec.field(default_factory=list)
    active: bool = True
    vendor_status: str | None = None
    metadata: dict[str, str] = msgspec.field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None


class NewProductFeature(Draft, frozen=True, kw_only=True):
    """The arguments of `product_features.create`.

    - `key` is your own name for the feature (at most 80 characters at Stripe, 50 at Chargebee). `entitlements.check` takes it.
    - `kind` other than "switch" needs the capability `product_features.create.kind`, and `levels`: the values that a product can give, the
      lowest first. For "quantity" these are whole numbers or "unlimited", for "range" the least and the most, for "custom" your own words.
    - `unit` is the name of one unit, for numbers.
    """

    key: str
    name: str
    kind: FeatureKindName = FeatureKind.SWITCH
    levels: list[str] | None = None
    unit: str | None = None
    metadata: dict[str, str] | None = None

    id_fields: ClassVar = frozenset({"key"})

    def check(self) -> None:
        if not self.name.strip():
            raise ValidationError("name is empty", param="name", hint="pass a name for the feature")
        if self.unit is not None and self.kind not in COUNTED:
            raise ValidationError(f"a feature of kind {self.kind} has no unit", param="unit", hint="pass kind='quantity', or no unit")
        _check_levels(FeatureKind(self.kind), self.levels or [])


class ProductFeaturePatch(Draft, frozen=True, kw_only=True):
    """The arguments of `product_features.update`. Fields you leave out (UNSET) are unchanged.

    `metadata` is merged key by key. Pass None to clear it.
    """

    name: str | UnsetType = UNSET
    metadata: dict[str, str] | UnsetType | None = UNSET

    def check(self) -> None:
        if isinstance(self.name, str) and not self.name.strip():
            raise ValidationError("name is empty: a feature must have a name", param="name", hint="leave name out to keep the present one")


class ProductFeatureQuery(Query, frozen=True, kw_only=True):
    """The filters of `product_features.list`. It lists active features; `active=False` lists the others instead."""

    active: bool = True


class FeatureAttachment(Entity, frozen=True, kw_only=True):
    """A feature that a product includes. `value` is the level that it gives, in the vendor's words; None at Stripe, which has none."""

    shown: ClassVar = ("product_id", "feature_id", "value")

    product_id: str
    feature_id: str
    value: str | None = None


class NewFeatureAttachment(Draft, frozen=True, kw_only=True):
    """The arguments of `product_features.attach`.

    `feature` is the id of a feature. `value` is the level that the product gives, for a feature that is no switch: a number, "unlimited",
    or a word (capability `product_features.attach.value`).
    """

    feature: str
    value: int | str | None = None

    id_fields: ClassVar = frozenset({"feature"})

    def check(self) -> None:
        check_value(self.value)


class FeatureAttachmentQuery(Query, frozen=True, kw_only=True):
    """The filter of `product_features.attachments`: the id of a product."""

    product: str

    id_fields: ClassVar = frozenset({"product"})


def check_value(value: bool | int | str | None) -> None:
    """Raise `ValidationError` for a level that no feature can have."""
    if isinstance(value, str) and not value.strip():
        raise ValidationError("value is empty", param="value", hint="pass a level of the feature")
    if type(value) is int and value < 0:
        raise ValidationError(f"value must not be negative, but it is {value}", param="value", hint="pass 0 or more, or 'unlimited'")


def _check_levels(kind: FeatureKind, levels: list[str]) -> None:
    if kind is FeatureKind.SWITCH:
        if levels:
            raise ValidationError("a switch has no levels", param="levels", hint="leave levels out, or pass kind='quantity'")
        return
    if not levels:
        raise ValidationError(f"a feature of kind {kind} needs levels", param="levels", hint="such as levels=['5', '10', 'unlimited']")
    if kind is FeatureKind.RANGE and len(levels) != 2:
        raise ValidationError(f"a range needs two levels, not {len(levels)}", param="levels", hint="pass the least and the most")
    if len(set(levels)) != len(levels) or not all(level.strip() for level in levels):
        raise ValidationError("levels must differ, and none may be empty", param="levels")
    if kind in COUNTED:
        numbers = [int(level) for level in levels if level.isascii() and level.isdecimal()]
        if len(numbers) + (levels[-1] == UNLIMITED) != len(levels) or sorted(numbers) != numbers:
            hint = "such as levels=['5', '10', 'unlimited']"
            raise ValidationError("levels must be whole numbers, the lowest first, and perhaps 'unlimited' last", param="levels", hint=hint)
