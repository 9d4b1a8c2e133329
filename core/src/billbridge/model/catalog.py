"""The catalog: products (what is sold) and prices (for how much, how often). Does not hold discounts."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

import msgspec

from billbridge.errors import ValidationError
from billbridge.model.base import Draft, Entity, Query, Word
from billbridge.money import Money


class Interval(Word):
    """The unit of a billing period."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class PriceType(Word):
    """Whether a price repeats."""

    RECURRING = "recurring"
    ONE_TIME = "one_time"
    UNKNOWN = "unknown"


class PricingModel(Word):
    """How a quantity becomes an amount. Models other than per unit and flat can be read, not yet created."""

    PER_UNIT = "per_unit"
    FLAT = "flat"
    PACKAGE = "package"
    GRADUATED = "graduated"
    VOLUME = "volume"
    STAIRSTEP = "stairstep"
    UNKNOWN = "unknown"


IntervalName: TypeAlias = Interval | Literal["day", "week", "month", "year"]
ModelName: TypeAlias = PricingModel | Literal["per_unit", "flat"]


class Product(Entity, frozen=True, kw_only=True):
    """Something that is sold: Stripe's product, Chargebee's item of type plan."""

    shown: ClassVar = ("name", "active")

    name: str
    description: str | None = None
    active: bool = True
    metadata: dict[str, str] = msgspec.field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None


class NewProduct(Draft, frozen=True, kw_only=True):
    """The fields of `products.create`.

    Without an `id`, Stripe chooses one and Chargebee (which demands one) gets the name in lower case with dashes.
    Chargebee's names are unique in a site.
    """

    name: str
    id: str | None = None
    description: str | None = None
    metadata: dict[str, str] | None = None

    ids: ClassVar = frozenset({"id"})

    def check(self) -> None:
        if not self.name.strip():
            raise ValidationError("a product needs a name", param="name")


class ProductQuery(Query, frozen=True, kw_only=True):
    """The filters of `products.list`. Without `active`, archived products are listed too."""

    active: bool | None = None


class Price(Entity, frozen=True, kw_only=True):
    """What a product costs: Stripe's price, Chargebee's item price.

    `unit_amount` is what one unit costs for one period, in major units; None for tiers and for prices that the customer chooses.
    A period is `interval_count` times `interval`, both None for a one-time price. `lookup_key` is the name that the application
    chose (at Chargebee that is the id itself). `vendor_model` and `vendor_interval` are the vendor's own words.
    """

    shown: ClassVar = ("product_id", "unit_amount", "interval", "active")

    product_id: str
    currency: str
    type: PriceType = PriceType.RECURRING
    model: PricingModel = PricingModel.PER_UNIT
    unit_amount: Money | None = None
    interval: Interval | None = None
    interval_count: int | None = None
    lookup_key: str | None = None
    nickname: str | None = None
    active: bool = True
    metadata: dict[str, str] = msgspec.field(default_factory=dict)
    vendor_model: str | None = None
    vendor_interval: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class NewPrice(Draft, frozen=True, kw_only=True):
    """The fields of `prices.create`: `amount` for one unit (or for the whole, `model="flat"`), `every` so many intervals.

    `id` is the caller's name for the price. Chargebee makes it the id; Stripe chooses ids itself and keeps the name as `lookup_key`
    (capability `prices.create.id`). Always go on with the returned `price.id`. Without one, Chargebee (which demands an id) gets
    "<product>-<currency>-<period>", its own convention; it allows one price per product, currency and period.
    """

    product: str
    amount: Money
    every: IntervalName
    interval_count: int = 1
    model: ModelName = PricingModel.PER_UNIT
    id: str | None = None
    nickname: str | None = None
    metadata: dict[str, str] | None = None

    ids: ClassVar = frozenset({"id", "product"})

    def check(self) -> None:
        if self.amount.amount < 0:
            raise ValidationError("a price cannot be negative", param="amount")
        if self.interval_count < 1:
            raise ValidationError("interval_count must be 1 or more", param="interval_count")
        if self.model not in (PricingModel.PER_UNIT, PricingModel.FLAT):
            raise ValidationError("model must be per_unit or flat", param="model")


class PriceQuery(Query, frozen=True, kw_only=True):
    """The filters of `prices.list`. Without `active`, archived prices are listed too."""

    product: str | None = None
    active: bool | None = None

    ids: ClassVar = frozenset({"product"})
