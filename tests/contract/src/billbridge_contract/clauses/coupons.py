"""Coupons: the discount, how long it applies, and what it applies to."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from billbridge import Coupon, Money
from billbridge.errors import DuplicateError, NotFoundError, PrecisionError, ValidationError
from billbridge.model import CouponDuration

from billbridge_contract.registry import clause
from billbridge_contract.same import fields
from billbridge_contract.world import World, everything, in_pages, refuses

READ = "coupons.create coupons.get"
LIMITED = f"{READ} products.create prices.create coupons.create.products"
FIVE = Money("5.00", "USD")
TEN = Decimal(10)
AMOUNTS = (
    Money("0.01", "USD"),
    Money(500, "JPY"),
    Money("10.45", "EUR"),
    Money("1.23", "KWD"),
    Money("1.234", "KWD"),
    Money("0.005", "USD"),
)


async def coupon(world: World, **fields: Any) -> Coupon:
    """Create a coupon with a unique name: ten per cent off once, unless you pass other fields."""
    return await world.billing.coupons.create(**{"name": world.unique("Ten"), "percent_off": TEN, "duration": "once", **fields})


@clause("CPN-01", "A coupon with a percentage is read back as it was created, with the caller's id.", needs=READ)
async def percent(world: World) -> None:
    id, name = world.unique("TEN"), world.unique("Büro ½")
    made = await world.billing.coupons.create(id=id, name=name, percent_off=Decimal("12.5"), duration="once", metadata={"by": "ada"})
    read = await world.billing.coupons.get(id)
    for one in (made, read):
        assert (one.id, one.name, one.metadata, one.active) == (id, name, {"by": "ada"}, True)
        assert (one.percent_off, one.amount_off, one.duration) == (Decimal("12.5"), None, CouponDuration.ONCE)
        assert (one.duration_months, one.product_ids, one.max_redemptions, one.expires_at) == (None, None, None, None)
        assert one.redemptions == 0
    assert fields(read) == fields(made)


@clause("CPN-02", "A coupon keeps its duration: some months, or for ever.", needs=READ)
async def durations(world: World) -> None:
    for duration, months in ((CouponDuration.REPEATING, 3), (CouponDuration.REPEATING, 12), (CouponDuration.FOREVER, None)):
        made = await coupon(world, duration=duration, duration_months=months)
        for one in (made, await world.billing.coupons.get(made.id)):
            assert (one.duration, one.duration_months, one.percent_off) == (duration, months, TEN)


@clause("CPN-03", "An amount off is exact, or raises PrecisionError before anything is sent.", needs=READ)
async def amounts(world: World) -> None:
    for amount in AMOUNTS:
        try:
            made = await coupon(world, percent_off=None, amount_off=amount)
        except PrecisionError:
            assert world.requests == 0, f"{amount} was refused too late"
            assert amount in AMOUNTS[-2:], f"{amount} is an ordinary amount"
        else:
            for one in (made, await world.billing.coupons.get(made.id)):
                assert (one.amount_off, one.percent_off) == (amount, None)


@clause("CPN-04", "A coupon keeps its number of redemptions and its expiry time.", needs=READ)
async def limits(world: World) -> None:
    expires = world.backend.now().replace(microsecond=0) + timedelta(days=30)
    made = await coupon(world, max_redemptions=5, expires_at=expires)
    for one in (made, await world.billing.coupons.get(made.id)):
        assert (one.max_redemptions, one.expires_at, one.redemptions, one.active) == (5, expires, 0, True)


@clause("CPN-05", "A coupon is inactive after it expires.", needs=READ, clock=True)
async def expires(world: World) -> None:
    made = await coupon(world, expires_at=world.backend.now() + timedelta(days=2))
    lasting = await coupon(world)
    world.advance(1)
    assert (await world.billing.coupons.get(made.id)).active
    world.advance(2)
    assert not (await world.billing.coupons.get(made.id)).active
    assert (await world.billing.coupons.get(lasting.id)).active


@clause("CPN-06", "A coupon can be limited to some products, and shows them.", needs=f"{LIMITED} coupons.list")
async def products(world: World) -> None:
    """The products have prices, because Chargebee limits a coupon to prices."""
    prices = [await world.price() for _ in range(2)]
    limited = sorted(price.product_id for price in prices)
    made = await coupon(world, products=limited)
    (listed,) = [one for one in await everything(world.billing.coupons.list()) if one.id == made.id]
    for one in (made, listed, await world.billing.coupons.get(made.id)):
        assert sorted(one.product_ids or []) == limited
        assert one.price_ids is None or sorted(one.price_ids) == sorted(price.id for price in prices)
        assert one.metadata == {}
    unlimited = await coupon(world)
    assert (unlimited.product_ids, unlimited.price_ids) == (None, None)


@clause("CPN-07", "A coupon for an unknown product raises an error and is not created.", needs=LIMITED)
async def unknown_product(world: World) -> None:
    known, id = (await world.price()).product_id, world.unique("TEN")
    with refuses(NotFoundError, ValidationError):
        await coupon(world, id=id, products=[known, world.unique("nothing")])
    with refuses(NotFoundError):
        await world.billing.coupons.get(id)
    made = await coupon(world, id=id, products=[known])
    assert made.product_ids == [known]


@clause("CPN-08", "A coupon without an id gets one.", needs=READ)
async def without_id(world: World) -> None:
    first, second = await coupon(world), await coupon(world)
    assert first.id != second.id
    assert (await world.billing.coupons.get(first.id)).name == first.name


@clause("CPN-09", "An id that exists raises DuplicateError, and the first coupon is unchanged.", needs=READ)
async def taken_id(world: World) -> None:
    first = await coupon(world, id=world.unique("TEN"))
    with refuses(DuplicateError):
        await coupon(world, id=first.id, percent_off=90)
    assert fields(await world.billing.coupons.get(first.id)) == fields(first)


@clause("CPN-10", "An update changes the name and merges metadata. The discount is unchanged.", needs=f"{READ} coupons.update")
async def changes(world: World) -> None:
    made = await coupon(world, duration="repeating", duration_months=3, max_redemptions=7, metadata={"a": "1", "b": "2"})
    name = world.unique("Twelve")
    updated = await world.billing.coupons.update(made.id, name=name, metadata={"b": "3", "c": "4"})
    for one in (updated, await world.billing.coupons.get(made.id)):
        assert (one.name, one.metadata) == (name, {"a": "1", "b": "3", "c": "4"})
        assert fields(one, "name", "metadata") == fields(made, "name", "metadata")
    await world.billing.coupons.update(made.id, metadata={"a": ""})
    assert (await world.billing.coupons.get(made.id)).metadata == {"b": "3", "c": "4"}
    await world.billing.coupons.update(made.id, metadata=None)
    read = await world.billing.coupons.get(made.id)
    assert (read.name, read.metadata, read.percent_off) == (name, {}, TEN)


@clause(
    "CPN-11",
    "Facts that Billbridge stores in metadata, such as the products, stay after an update of the metadata.",
    needs=f"{LIMITED} coupons.update",
)
async def products_survive(world: World) -> None:
    limited = [(await world.price()).product_id]
    made = await coupon(world, products=limited)
    for metadata in ({"a": "1"}, None):
        updated = await world.billing.coupons.update(made.id, metadata=metadata)
        for one in (updated, await world.billing.coupons.get(made.id)):
            assert (one.product_ids, one.metadata) == (limited, metadata or {})


@clause("CPN-12", "A deleted coupon is not in lists, and reading it raises NotFoundError.", needs=f"{READ} coupons.delete coupons.list")
async def deleted(world: World) -> None:
    gone, stays = await coupon(world), await coupon(world)
    await world.billing.coupons.delete(gone.id)
    with refuses(NotFoundError):
        await world.billing.coupons.get(gone.id)
    with refuses(NotFoundError):
        await world.billing.coupons.delete(gone.id)
    assert {one.id for one in await everything(world.billing.coupons.list())} & {gone.id, stays.id} == {stays.id}


@clause("CPN-13", "Any operation on an unknown coupon raises NotFoundError.", needs="coupons.get coupons.update coupons.delete")
async def unknown(world: World) -> None:
    nothing = world.unique("NOTHING")
    for step in (world.billing.coupons.get, world.billing.coupons.delete):
        with refuses(NotFoundError):
            await step(nothing)
    with refuses(NotFoundError):
        await world.billing.coupons.update(nothing, metadata={"a": "1"})


@clause("CPN-14", "A list of coupons, page by page, returns the same fields as reading by id.", needs=f"{READ} coupons.list")
async def listed(world: World) -> None:
    made = {(await coupon(world, percent_off=off, metadata={"off": str(off)})).id for off in (5, 15, 25)}
    for size in (1, 2, 100):
        found = [one for one in await in_pages(world.billing.coupons.list(page_size=size), size) if one.id in made]
        assert len(found) == len(made)
        assert {one.id for one in found} == made
    for one in found:
        assert fields(one) == fields(await world.billing.coupons.get(one.id))


@clause(
    "CPN-15",
    "A coupon with no discount, too much discount or two discounts raises ValidationError before anything is sent.",
    needs="coupons.create",
)
async def impossible(world: World) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"percent_off": None},
        {"percent_off": 0},
        {"percent_off": 101},
        {"amount_off": FIVE},
        {"percent_off": None, "amount_off": Money(0, "USD")},
        {"duration": "repeating"},
        {"duration_months": 3},
        {"max_redemptions": 0},
        {"products": []},
        {"name": " "},
    )
    for fault in wrong:
        with refuses(ValidationError):
            await coupon(world, **fault)
        assert world.requests == 0, f"{fault} was sent"


@clause("CPN-16", "The same coupon with the same idempotency key is created once.", needs="coupons.create coupons.list")
async def once(world: World) -> None:
    """The coupon has no id from the caller, so only the key tells that it is the same."""
    name, view = world.unique("Once"), world.billing.with_options(idempotency_key=world.unique("key"))
    made = {(await view.coupons.create(name=name, percent_off=10, duration="once")).id for _ in range(2)}
    assert {one.id for one in await everything(world.billing.coupons.list()) if one.name == name} == made
    assert len(made) == 1


@clause("CPN-17", "Two coupons can have the same name, and each has its own id.", needs=READ)
async def same_name(world: World) -> None:
    name = world.unique("Ten")
    made = [await coupon(world, name=name) for _ in range(2)]
    assert len({one.id for one in made}) == 2
    for one in made:
        assert (await world.billing.coupons.get(one.id)).name == name
