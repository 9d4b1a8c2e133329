"""Prices: how much a product costs, and how often. Discounts are not here."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal, TypeAlias

import msgspec

from billbridge.errors import CurrencyMismatchError, PrecisionError, ValidationError
from billbridge.model.base import UNSET, Draft, Entity, Query, UnsetType, Word, check_ids
from billbridge.model.pricing import TIERED, ModelName, PricingModel, Tier, amounts_of, check_amounts, check_tiers
from billbridge.money import MinorUnits, Money, currency_code


class Interval(Word):
    """The unit of a billing period."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class PriceType(Word):
    """Whether a price is charged every period or once."""

    RECURRING = "recurring"
    ONE_TIME = "one_time"
    UNKNOWN = "unknown"


class UsageType(Word):
    """Whether the subscription sets the quantity (licensed), or the vendor counts usage (metered)."""

    LICENSED = "licensed"
    METERED = "metered"
    UNKNOWN = "unknown"


class TaxBehavior(Word):
    """Whether the amount of a price includes tax.

    On a price, None means that the vendor decides it elsewhere. At Chargebee it is a setting of the site.
    """

    INCLUSIVE = "inclusive"
    EXCLUSIVE = "exclusive"
    UNSPECIFIED = "unspecified"
    UNKNOWN = "unknown"


IntervalName: TypeAlias = Interval | Literal["day", "week", "month", "year"]
UsageTypeName: TypeAlias = UsageType | Literal["licensed", "metered"]
TaxBehaviorName: TypeAlias = TaxBehavior | Literal["inclusive", "exclusive", "unspecified"]
PriceTypeName: TypeAlias = PriceType | Literal["recurring", "one_time"]


class Price(Entity, frozen=True, kw_only=True):
    """A price of a product: Stripe's price, Chargebee's item price. Amounts are in major units, times in UTC.

    - `unit_amount` is the amount for one unit and one period. It is None for tiers, for packages, and if the customer chooses the amount.
    - `package_amount` is the amount for one package of `package_size` units.
    - `interval` and `interval_count` are the period: `interval_count` times `interval`. Both are None for a one-time price.
    - `lookup_key` is the name that you chose. At Chargebee it is the id itself.
    - `tiers` is None if the price has none, and if the vendor did not send them (a price inside another object).
    - `currency_options` (Stripe) are the amounts of the same price in other currencies.
    - `meter_id` (Stripe) is the meter that counts the usage.
    - `trial_days`, `billing_cycles` and `free_quantity` (Chargebee) are defaults for subscriptions. Stripe has `trial_days` on old prices
      only. A trial that Chargebee counts in months is not in `trial_days`; `raw` has it.
    - `vendor_model` and `vendor_interval` are the vendor's own words.
    """

    shown: ClassVar = ("product_id", "unit_amount", "interval", "active")

    product_id: str
    currency: str
    type: PriceType = PriceType.RECURRING
    model: PricingModel = PricingModel.PER_UNIT
    unit_amount: Money | None = None
    tiers: list[Tier] | None = None
    package_amount: Money | None = None
    package_size: int | None = None
    currency_options: list[Money] = msgspec.field(default_factory=list)
    interval: Interval | None = None
    interval_count: int | None = None
    usage_type: UsageType = UsageType.LICENSED
    meter_id: str | None = None
    tax_behavior: TaxBehavior | None = None
    trial_days: int | None = None
    billing_cycles: int | None = None
    free_quantity: Decimal | None = None
    lookup_key: str | None = None
    nickname: str | None = None
    active: bool = True
    metadata: dict[str, str] = msgspec.field(default_factory=dict)
    vendor_model: str | None = None
    vendor_interval: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class NewPrice(Draft, frozen=True, kw_only=True):
    """The arguments of `prices.create`. Amounts are in major units.

    - `amount` is the amount for one unit, for the whole (flat), or for one package.
    - `every` is the interval: the price is charged every `interval_count` intervals. `every=None` makes a one-time price. At Chargebee, a
      one-time price needs a product of the kind "charge".
    - `tiers` replaces `amount` for the models graduated, volume and stairstep.
    - `package_size` belongs to the model package.
    - `allow_fractional` takes an amount that is finer than the currency's smallest unit, such as 19.999 USD. The vendor then rounds each
      invoice line. Without it, such an amount raises `PrecisionError`, except for metered prices and tiers, where it is usual.
    - `usage_type` "metered" needs a `meter` at Stripe (capability `prices.create.meter`), and a metered product at Chargebee.
    - `id` is a name of your own choice. Chargebee makes it the id. Stripe chooses ids itself and stores the name as `lookup_key`
      (capability `prices.create.id`). So always use the `price.id` that comes back.

    Chargebee requires an id. Without one, Billbridge sends "<product>-<currency>-<period>-" and a digest of the idempotency key.
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
    allow_fractional: bool = False
    tax_behavior: TaxBehaviorName | None = None
    trial_days: int | None = None
    id: str | None = None
    nickname: str | None = None
    metadata: dict[str, str] | None = None

    id_fields: ClassVar = frozenset({"id", "meter", "product"})

    @property
    def currency(self) -> str:
        """The currency of the amount, or of the tiers."""
        return next(money.currency for money in (self.amount, *amounts_of(self.tiers or [])) if money is not None)

    def check_whole(self, units: MinorUnits) -> None:
        """Raise `PrecisionError` for an amount that the vendor would have to round. `units` are the vendor's minor units."""
        if self.allow_fractional or self.usage_type == UsageType.METERED:
            return
        amounts = [("amount", self.amount), *(("currency_options", option) for option in self.currency_options or ())]
        for param, money in amounts:
            if money is not None and not units.is_whole(money, param):
                raise PrecisionError(
                    f"{money} is finer than the smallest unit of {money.currency}, so the vendor would round each invoice",
                    param=param,
                    hint="round the amount, or pass allow_fractional=True",
                )

    def check(self) -> None:
        if self.interval_count < 1:
            raise ValidationError(f"interval_count must be 1 or more, not {self.interval_count}", param="interval_count")
        if self.trial_days is not None and self.trial_days < 1:
            raise ValidationError(
                f"trial_days must be 1 or more, not {self.trial_days}", param="trial_days", hint="leave it out for no trial"
            )
        if self.every is None and (self.interval_count != 1 or self.trial_days or self.usage_type == UsageType.METERED):
            raise ValidationError(
                "a one-time price (every=None) takes no interval_count, trial_days or metered usage_type",
                param="every",
                hint="leave them out, or pass every='month' for a recurring price",
            )
        if self.meter is not None and self.usage_type != UsageType.METERED:
            raise ValidationError(
                f"meter needs usage_type 'metered', not {str(self.usage_type)!r}", param="meter", hint="pass usage_type='metered'"
            )
        if (self.package_size is not None) != (self.model == PricingModel.PACKAGE):
            missing = self.package_size is None
            raise ValidationError(
                f"model {str(self.model)!r} needs package_size"
                if missing
                else f"package_size needs model 'package', not {str(self.model)!r}",
                param="package_size",
                hint="pass package_size=100 for packages of 100 units" if missing else "leave package_size out, or pass model='package'",
            )
        if self.package_size is not None and self.package_size < 2:
            raise ValidationError(
                f"package_size must be 2 or more, not {self.package_size}", param="package_size", hint="pass model='per_unit' for one unit"
            )
        if self.model in TIERED:
            if self.amount is not None:
                raise ValidationError(
                    f"model {str(self.model)!r} takes tiers, not amount",
                    param="amount",
                    hint="leave amount out and pass the amounts in tiers",
                )
            check_tiers(PricingModel(self.model), self.tiers)
        elif self.tiers is not None:
            raise ValidationError(
                f"model {str(self.model)!r} takes amount, not tiers", param="tiers", hint="leave tiers out, or pass model='graduated'"
            )
        elif self.amount is None:
            raise ValidationError("amount is missing", param="amount", hint="pass amount=Money('19.00', 'USD')")
        amounts = [("amount", self.amount), *(("tiers", each) for each in amounts_of(self.tiers or []))]
        check_amounts([*amounts, *(("currency_options", each) for each in self.currency_options or [])])
        self._check_currencies()

    def _check_currencies(self) -> None:
        if any(each.currency != self.currency for each in amounts_of(self.tiers or [])):
            raise CurrencyMismatchError(
                "the tiers have different currencies", param="tiers", hint="use one currency in all tiers of a price"
            )
        others = [each.currency for each in self.currency_options or []]
        if self.currency in others or len(set(others)) < len(others):
            raise ValidationError(
                "currency_options names a currency twice",
                param="currency_options",
                hint="the currency of amount must not be in currency_options",
            )
        if others and self.model in TIERED:
            raise ValidationError(
                f"model {str(self.model)!r} takes no currency_options", param="currency_options", hint="create one price for each currency"
            )


class PricePatch(Draft, frozen=True, kw_only=True):
    """The arguments of `prices.update`. Fields you leave out (UNSET) are unchanged. Pass None to clear one.

    An amount cannot change: create a new price and archive the old one. `metadata` is merged key by key, as in `customers.update`.
    """

    nickname: str | UnsetType | None = UNSET
    metadata: dict[str, str] | UnsetType | None = UNSET


class PriceQuery(Query, frozen=True, kw_only=True):
    """The filters of `prices.list`.

    Without `active`, archived prices are listed too. `lookup_keys` takes at most 10 names. At Chargebee, `type` is the type of the item:
    "one_time" lists the prices of charges.
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
