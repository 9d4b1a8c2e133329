"""Prices: for how much a product is sold, and how often. Does not hold discounts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import ClassVar, Final, Literal, TypeAlias

import msgspec

from billbridge.errors import CurrencyMismatchError, ValidationError
from billbridge.model.base import UNSET, Draft, Entity, Query, UnsetType, Word, check_ids
from billbridge.money import Money, currency_code


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
    """How a quantity becomes an amount.

    `PER_UNIT`: so much each. `FLAT`: the same for any quantity. `PACKAGE`: so much per `package_size`, begun packages count whole.
    `GRADUATED`: each unit at the price of the tier that it falls into. `VOLUME`: all units at the price of the tier that the quantity
    falls into. `STAIRSTEP`: the flat amount of that tier, whatever the quantity inside it.
    """

    PER_UNIT = "per_unit"
    FLAT = "flat"
    PACKAGE = "package"
    GRADUATED = "graduated"
    VOLUME = "volume"
    STAIRSTEP = "stairstep"
    UNKNOWN = "unknown"


class UsageType(Word):
    """Whether a subscription says the quantity, or usage is counted."""

    LICENSED = "licensed"
    METERED = "metered"
    UNKNOWN = "unknown"


class TaxBehavior(Word):
    """Whether a price holds the tax already. None on a price: the vendor decides it elsewhere (Chargebee: a setting of the site)."""

    INCLUSIVE = "inclusive"
    EXCLUSIVE = "exclusive"
    UNSPECIFIED = "unspecified"
    UNKNOWN = "unknown"


IntervalName: TypeAlias = Interval | Literal["day", "week", "month", "year"]
ModelName: TypeAlias = PricingModel | Literal["per_unit", "flat", "package", "graduated", "volume", "stairstep"]
UsageTypeName: TypeAlias = UsageType | Literal["licensed", "metered"]
TaxBehaviorName: TypeAlias = TaxBehavior | Literal["inclusive", "exclusive", "unspecified"]
PriceTypeName: TypeAlias = PriceType | Literal["recurring", "one_time"]

TIERED: Final = frozenset({PricingModel.GRADUATED, PricingModel.VOLUME, PricingModel.STAIRSTEP})


class Tier(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One tier of a price: from the end of the one before it (the first from 1) up to and with `up_to`; None in the last, which is endless.

    `unit_amount` is for each unit, `flat_amount` once for the tier, both in major units.
    """

    up_to: int | Decimal | None = None
    unit_amount: Money | None = None
    flat_amount: Money | None = None


class Price(Entity, frozen=True, kw_only=True):
    """What a product costs: Stripe's price, Chargebee's item price.

    `unit_amount` is what one unit (or one package) costs for one period, in major units; None for tiers and for prices that the customer
    chooses. A period is `interval_count` times `interval`, both None for a one-time price. `lookup_key` is the name that the application
    chose (at Chargebee that is the id itself). `vendor_model` and `vendor_interval` are the vendor's own words.

    `tiers` is None where there are none, and where the vendor was not asked for them (a price inside another object). `currency_options`
    (Stripe) are the same price in other currencies. `meter_id` (Stripe) is what counts the usage. `trial_days`, `billing_cycles` and
    `free_quantity` are what a subscription takes over from the price (Chargebee; `trial_days` at Stripe only on old prices). A trial that
    Chargebee counts in months is not among the days: `raw` has it.
    """

    shown: ClassVar = ("product_id", "unit_amount", "interval", "active")

    product_id: str
    currency: str
    type: PriceType = PriceType.RECURRING
    model: PricingModel = PricingModel.PER_UNIT
    unit_amount: Money | None = None
    tiers: list[Tier] | None = None
    package_size: int | None = None
    currency_options: list[Money] = msgspec.field(default_factory=list)
    interval: Interval | None = None
    interval_count: int | None = None
    usage_type: UsageType = UsageType.LICENSED
    meter_id: str | None = None
    tax_behavior: TaxBehavior | None = None
    trial_days: int | None = None
    billing_cycles: int | None = None
    free_quantity: int | None = None
    lookup_key: str | None = None
    nickname: str | None = None
    active: bool = True
    metadata: dict[str, str] = msgspec.field(default_factory=dict)
    vendor_model: str | None = None
    vendor_interval: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class NewPrice(Draft, frozen=True, kw_only=True):
    """The fields of `prices.create`: `amount` for one unit (or the whole, or a package), `every` so many intervals; None: paid once.

    The graduated, volume and stairstep models take `tiers` instead of `amount`; a package takes its `package_size` too. A one-time price
    at Chargebee needs a product of the kind "charge". A metered price needs a `meter` at Stripe (capability `prices.create.meter`), and a
    metered product at Chargebee.

    `id` is the caller's name for the price. Chargebee makes it the id; Stripe chooses ids itself and keeps the name as `lookup_key`
    (capability `prices.create.id`). Always go on with the returned `price.id`. Without one, Chargebee (which demands an id) gets
    "<product>-<currency>-<period>", its own convention; it allows one price per product, currency and period.
    """

    product: str
    every: IntervalName | None
    amount: Money | None = None
    interval_count: int = 1
    model: ModelName = PricingModel.PER_UNIT
    tiers: list[Tier] | None = None
    package_size: int | None = None
    currency_options: list[Money] | None = None
    usage_type: UsageTypeName = UsageType.LICENSED
    meter: str | None = None
    tax_behavior: TaxBehaviorName | None = None
    trial_days: int | None = None
    id: str | None = None
    nickname: str | None = None
    metadata: dict[str, str] | None = None

    id_fields: ClassVar = frozenset({"id", "meter", "product"})

    @property
    def currency(self) -> str:
        """The currency of the amount or of the tiers."""
        return next(money.currency for money in (self.amount, *_amounts(self.tiers or [])) if money is not None)

    def check(self) -> None:
        if self.interval_count < 1:
            raise ValidationError("interval_count must be 1 or more", param="interval_count")
        if self.trial_days is not None and self.trial_days < 1:
            raise ValidationError("trial_days must be 1 or more", param="trial_days", hint="leave it out for no trial")
        if self.every is None and (self.interval_count != 1 or self.trial_days or self.usage_type == UsageType.METERED):
            raise ValidationError("a one-time price has no interval, no trial and no usage", param="every")
        if self.meter is not None and self.usage_type != UsageType.METERED:
            raise ValidationError("a meter counts for metered prices only", param="meter", hint="usage_type='metered'")
        if (self.package_size is not None) != (self.model == PricingModel.PACKAGE):
            raise ValidationError("package_size goes with the model 'package', and only with it", param="package_size")
        if self.package_size is not None and self.package_size < 2:
            raise ValidationError("a package holds 2 units or more", param="package_size", hint="model='per_unit' for one")
        if self.model in TIERED:
            if self.amount is not None:
                raise ValidationError(f"the amounts of a price of the model {str(self.model)!r} are in its tiers", param="amount")
            _check_tiers(PricingModel(self.model), self.tiers)
        elif self.tiers is not None:
            raise ValidationError(f"a price of the model {str(self.model)!r} has no tiers", param="tiers")
        elif self.amount is None:
            raise ValidationError("a price needs an amount", param="amount", hint="amount=Money('19.00', 'USD')")
        amounts = [("amount", self.amount), *(("tiers", each) for each in _amounts(self.tiers or []))]
        _check_amounts([*amounts, *(("currency_options", each) for each in self.currency_options or [])])
        self._check_currencies()

    def _check_currencies(self) -> None:
        if any(each.currency != self.currency for each in _amounts(self.tiers or [])):
            raise CurrencyMismatchError("the tiers are in several currencies", param="tiers")
        others = [each.currency for each in self.currency_options or []]
        if self.currency in others or len(set(others)) < len(others):
            raise ValidationError("a currency is named twice", param="currency_options")
        if others and self.model in TIERED:
            raise ValidationError("prices in tiers take no currency_options", param="currency_options", hint="make a price per currency")


class PricePatch(Draft, frozen=True, kw_only=True):
    """The fields of `prices.update`: UNSET leaves a field alone, None clears it. Amounts never change: make a new price, archive the old.

    `metadata` is merged as in `customers.update`.
    """

    nickname: str | UnsetType | None = UNSET
    metadata: dict[str, str] | UnsetType | None = UNSET


class PriceQuery(Query, frozen=True, kw_only=True):
    """The filters of `prices.list`. Without `active`, archived prices are listed too. `lookup_keys` are up to 10 names.

    Chargebee has the `type` by its item's: "one_time" lists prices of charges there.
    """

    product: str | None = None
    active: bool | None = None
    currency: str | None = None
    type: PriceTypeName | None = None
    lookup_keys: list[str] | None = None

    id_fields: ClassVar = frozenset({"product"})

    def check(self) -> None:
        super().check()
        check_ids(self.lookup_keys, "lookup_keys", most=10)  # docs.stripe.com/api/prices/list: up to 10
        if self.currency is not None:
            msgspec.structs.force_setattr(self, "currency", currency_code(self.currency))


def _amounts(tiers: list[Tier]) -> list[Money]:
    return [money for tier in tiers for money in (tier.unit_amount, tier.flat_amount) if money is not None]


def _check_amounts(amounts: list[tuple[str, Money | None]]) -> None:
    for name, money in amounts:
        if money is not None and not isinstance(money, Money):
            raise ValidationError(f"{name}: must be Money, such as Money('19.00', 'USD')", param=name)
        if money is not None and money.amount < 0:
            raise ValidationError("a price cannot be negative", param=name)


def _check_tiers(model: PricingModel, tiers: list[Tier] | None) -> None:
    if not tiers:
        raise ValidationError(
            f"a price of the model {model.value!r} needs tiers", param="tiers", hint="tiers=[Tier(up_to=10, ...), Tier(...)]"
        )
    *bounded, last = [tier.up_to for tier in tiers]
    if last is not None:
        raise ValidationError("the last tier must be endless", param="tiers", hint="leave its up_to out")
    ends = [0, *(bound for bound in bounded if isinstance(bound, int) and not isinstance(bound, bool))]
    if len(ends) <= len(bounded) or any(after <= before for before, after in pairwise(ends)):
        raise ValidationError("the ends of the tiers must be whole numbers that grow, from 1 on", param="tiers")
    for tier in tiers:
        if tier.unit_amount is None and tier.flat_amount is None:
            raise ValidationError("a tier needs an amount", param="tiers", hint="Money(0, ...) for a free tier")
        if model is PricingModel.STAIRSTEP and (tier.flat_amount is None or tier.unit_amount is not None):
            raise ValidationError("the tiers of a stairstep have flat amounts only", param="tiers")
    if model is PricingModel.VOLUME and all(tier.unit_amount is None for tier in tiers):
        raise ValidationError("volume tiers with flat amounts only are a stairstep", param="tiers", hint="model='stairstep'")
