"""Pricing models: how a price turns a quantity into an amount. A vendor stores a model completely, or the capability is absent."""

from __future__ import annotations

from typing import Any

from billbridge import Interval, Money, Price, PricingModel
from billbridge.errors import ValidationError
from billbridge.model import PriceType, TaxBehavior, Tier, UsageType

from billbridge_contract.registry import clause
from billbridge_contract.same import fields
from billbridge_contract.selling import STEPS, TIERS, tier, tiered
from billbridge_contract.world import MONTHLY, World, everything, refuses

MAKE = "products.create prices.create"
READ = f"{MAKE} prices.get"
SHOWN = f"{READ} prices.list"


async def kept(world: World, made: Price, **expected: Any) -> None:
    """Assert that a price is the one that was asked for, when it is created, read and listed."""
    read = await world.billing.prices.get(made.id)
    (listed,) = await everything(world.billing.prices.list(product=made.product_id))
    for price in (made, read, listed):
        assert {name: getattr(price, name) for name in expected} == expected
        assert price.metadata == {}
    assert fields(made) == fields(read) == fields(listed)


@clause("PMD-01", "A price per unit has one amount, no tiers, and an interval.", needs=SHOWN)
async def per_unit(world: World) -> None:
    made = await world.price(MONTHLY, every="year")
    await kept(
        world, made, model=PricingModel.PER_UNIT, unit_amount=MONTHLY, tiers=None, package_size=None, type=PriceType.RECURRING,
        interval=Interval.YEAR, interval_count=1, meter_id=None, currency_options=[],
    )  # fmt: skip
    assert made.usage_type in (UsageType.LICENSED, UsageType.UNKNOWN)


@clause("PMD-02", "Graduated tiers are stored: the end and the amount of each.", needs=f"{SHOWN} prices.create.graduated")
async def graduated(world: World) -> None:
    made = await tiered(world, "graduated", TIERS)
    await kept(world, made, model=PricingModel.GRADUATED, tiers=TIERS, unit_amount=None, currency="USD")


@clause("PMD-03", "Volume tiers are stored: the end and the amount of each.", needs=f"{SHOWN} prices.create.volume")
async def volume(world: World) -> None:
    made = await tiered(world, "volume", TIERS)
    await kept(world, made, model=PricingModel.VOLUME, tiers=TIERS, unit_amount=None, currency="USD")


@clause("PMD-04", "Stairstep tiers are stored, and the model stays stairstep.", needs=f"{SHOWN} prices.create.stairstep")
async def stairstep(world: World) -> None:
    made = await tiered(world, "stairstep", STEPS)
    await kept(world, made, model=PricingModel.STAIRSTEP, tiers=STEPS, unit_amount=None, currency="USD")


@clause(
    "PMD-05",
    "A tier can have both a unit amount and a flat amount.",
    needs=f"{SHOWN} prices.create.graduated prices.create.flat_amount_in_tiers",
)
async def flat_and_unit(world: World) -> None:
    tiers = [tier(10, "5.00", "1.00"), tier(20, "4.00"), tier(None, "3.00", "7.50")]
    await kept(world, await tiered(world, "graduated", tiers), model=PricingModel.GRADUATED, tiers=tiers)


@clause("PMD-06", "One tier is enough, and a tier can be free.", needs=f"{SHOWN} prices.create.graduated")
async def free_tier(world: World) -> None:
    for tiers in ([tier(None, "5.00")], [tier(1, "0"), tier(2, "0.01"), tier(None, "0")]):
        await kept(world, await tiered(world, "graduated", tiers), model=PricingModel.GRADUATED, tiers=tiers)


@clause("PMD-07", "A package price keeps its package size.", needs=f"{SHOWN} prices.create.package")
async def package(world: World) -> None:
    product = await world.product()
    made = await world.billing.prices.create(product=product.id, amount=MONTHLY, every="month", model="package", package_size=25)
    await kept(world, made, model=PricingModel.PACKAGE, unit_amount=None, package_amount=MONTHLY, package_size=25, tiers=None)


@clause("PMD-08", "A one-time price has no interval.", needs=f"{SHOWN} products.create.kind prices.create.one_time")
async def one_time(world: World) -> None:
    """The product is a charge, because Chargebee requires that."""
    product = await world.billing.products.create(name=world.unique("Setup"), kind="charge")
    made = await world.billing.prices.create(product=product.id, amount=Money("49.50", "EUR"), every=None)
    expected = {"type": PriceType.ONE_TIME, "interval": None, "interval_count": None, "unit_amount": Money("49.50", "EUR")}
    await kept(world, made, model=PricingModel.PER_UNIT, **expected)


@clause("PMD-09", "A price keeps whether its amount includes tax.", needs=f"{SHOWN} prices.create.tax_behavior")
async def tax_behavior(world: World) -> None:
    for behavior in (TaxBehavior.INCLUSIVE, TaxBehavior.EXCLUSIVE):
        product = await world.product()
        made = await world.billing.prices.create(product=product.id, amount=MONTHLY, every="month", tax_behavior=behavior)
        await kept(world, made, tax_behavior=behavior)


@clause("PMD-10", "A price keeps its amounts in other currencies exactly.", needs=f"{SHOWN} prices.create.currency_options")
async def currency_options(world: World) -> None:
    product, others = await world.product(), [Money("17.00", "EUR"), Money(2900, "JPY")]
    made = await world.billing.prices.create(product=product.id, amount=MONTHLY, every="month", currency_options=others)
    assert (made.currency, made.unit_amount) == ("USD", MONTHLY)
    read = await world.billing.prices.get(made.id)
    (listed,) = await everything(world.billing.prices.list(product=product.id))
    for price in (made, read, listed):
        assert sorted(price.currency_options, key=lambda money: money.currency) == others


@clause("PMD-11", "A price keeps its default trial.", needs=f"{SHOWN} prices.create.trial")
async def trial(world: World) -> None:
    product = await world.product()
    made = await world.billing.prices.create(product=product.id, amount=MONTHLY, every="month", trial_days=14)
    await kept(world, made, trial_days=14, unit_amount=MONTHLY, interval=Interval.MONTH)


@clause(
    "PMD-12",
    "A metered price keeps its meter.",
    needs=f"{SHOWN} meters.create prices.create.metered prices.create.meter",
)
async def with_meter(world: World) -> None:
    product = await world.product()
    meter = await world.billing.meters.create(name="Calls", event_name=world.unique("calls"))
    made = await world.billing.prices.create(
        product=product.id, amount=Money("0.25", "USD"), every="month", usage_type="metered", meter=meter.id
    )
    await kept(world, made, usage_type=UsageType.METERED, meter_id=meter.id, unit_amount=Money("0.25", "USD"))


@clause(
    "PMD-13",
    "A metered price without a meter works at a vendor without meters. At a vendor with meters it raises ValidationError.",
    needs=f"{MAKE} products.create.metered prices.create.metered",
)
async def without_meter(world: World) -> None:
    product = await world.billing.products.create(name=world.unique("Calls"), metered=True)
    amount = Money("0.25", "USD")
    if world.billing.supports("prices.create.meter"):
        with refuses(ValidationError):
            await world.billing.prices.create(product=product.id, amount=amount, every="month", usage_type="metered")
    else:
        made = await world.billing.prices.create(product=product.id, amount=amount, every="month", usage_type="metered")
        assert (made.unit_amount, made.product_id) == (amount, product.id)
        assert made.usage_type in (UsageType.METERED, UsageType.UNKNOWN)


@clause("PMD-14", "Tiers with a gap, or without an open last tier, raise ValidationError before anything is sent.", needs="prices.create")
async def impossible_tiers(world: World) -> None:
    cases: list[list[Tier]] = [[], [tier(10, "5")], [tier(None, "5"), tier(None, "4")], [tier(10, "5"), tier(10, "4"), tier(None, "3")]]
    for tiers in cases:
        with refuses(ValidationError):
            await world.billing.prices.create(product="p", every="month", model="graduated", tiers=tiers)
        assert world.requests == 0
