"""Prices after they are made: renamed, archived, deleted where that exists; and finding some of them. Amounts never change."""

from __future__ import annotations

from billbridge import Interval, Money, Price, SubscriptionStatus
from billbridge.errors import InvalidStateError, NotFoundError, ValidationError
from billbridge.model import IntervalName, PriceType

from billbridge_contract.registry import clause
from billbridge_contract.same import fields
from billbridge_contract.selling import TIERS, tiered
from billbridge_contract.subscribing import SELL
from billbridge_contract.world import MONTHLY, World, everything, in_pages, refuses

MAKE = "products.create prices.create"
LIST = f"{MAKE} prices.list"
EURO = Money("17.00", "EUR")


async def of(world: World, product: str, amount: Money = MONTHLY, every: IntervalName = "month") -> Price:
    """Another price of a product."""
    return await world.billing.prices.create(product=product, amount=amount, every=every)


@clause("PRL-01", "An update renames and merges metadata; the amount and the rest stay.", needs=f"{MAKE} prices.get prices.update")
async def changes(world: World) -> None:
    product, nickname = await world.product(), world.unique("Standard")
    made = await world.billing.prices.create(product=product.id, amount=MONTHLY, every="month", metadata={"a": "1", "b": "2"})
    updated = await world.billing.prices.update(made.id, nickname=nickname, metadata={"b": "3", "c": "4"})
    for price in (updated, await world.billing.prices.get(made.id)):
        assert (price.nickname, price.metadata) == (nickname, {"a": "1", "b": "3", "c": "4"})
        assert fields(price, "nickname", "metadata") == fields(made, "nickname", "metadata")
    await world.billing.prices.update(made.id, metadata={"a": ""})
    assert (await world.billing.prices.get(made.id)).metadata == {"b": "3", "c": "4"}
    await world.billing.prices.update(made.id, metadata=None)
    read = await world.billing.prices.get(made.id)
    assert (read.nickname, read.metadata) == (nickname, {})
    await world.billing.prices.update(made.id, nickname=None)
    assert (await world.billing.prices.get(made.id)).nickname == made.nickname


@clause(
    "PRL-02",
    "What is kept beside a price, such as its model, survives an update of its metadata.",
    needs=f"{MAKE} prices.get prices.update",
)
async def conventions_survive(world: World) -> None:
    made = await world.price(Money("99.00", "USD"), model="flat")
    for metadata in ({"a": "1"}, None):
        updated = await world.billing.prices.update(made.id, metadata=metadata)
        for price in (updated, await world.billing.prices.get(made.id)):
            assert (price.model, price.unit_amount, price.metadata) == (made.model, made.unit_amount, metadata or {})


@clause(
    "PRL-03",
    "An archived price is not active and listed as such, until it is put back. Doing either again changes nothing.",
    needs=f"{LIST} prices.get prices.archive prices.unarchive",
)
async def archived(world: World) -> None:
    made = await world.price()
    for step, active in (("archive", False), ("archive", False), ("unarchive", True), ("unarchive", True)):
        answered = await getattr(world.billing.prices, step)(made.id)
        for price in (answered, await world.billing.prices.get(made.id)):
            assert price.active is active
            assert fields(price, "active") == fields(made, "active")
        for wanted, expected in ((True, active), (False, not active), (None, True)):
            found = await everything(world.billing.prices.list(product=made.product_id, active=wanted))
            assert [price.id for price in found] == [made.id] * expected


@clause(
    "PRL-04",
    "An archived price is not sold any more, and who has it goes on.",
    needs=f"{SELL} prices.archive subscriptions.get subscriptions.list",
    cards=True,
)
async def not_sold(world: World) -> None:
    old, new = await world.customer(world.tokens.visa), await world.customer(world.tokens.visa)
    price = await world.price()
    made = await world.subscribe(old.id, price.id)
    await world.billing.prices.archive(price.id)
    with refuses(ValidationError, InvalidStateError, NotFoundError):
        await world.subscribe(new.id, price.id)
    assert await everything(world.billing.subscriptions.list(customer=new.id)) == []
    assert (await world.billing.subscriptions.get(made.id)).status is SubscriptionStatus.ACTIVE


@clause("PRL-05", "A price that nothing uses can be deleted, and is gone.", needs=f"{LIST} prices.get prices.delete")
async def deleted(world: World) -> None:
    product = await world.product()
    gone, stays = await of(world, product.id), await of(world, product.id, every="year")
    await world.billing.prices.delete(gone.id)
    with refuses(NotFoundError):
        await world.billing.prices.get(gone.id)
    for id in (gone.id, world.unique("nothing")):
        with refuses(NotFoundError):
            await world.billing.prices.delete(id)
    assert [price.id for price in await everything(world.billing.prices.list(product=product.id))] == [stays.id]
    again = await of(world, product.id)
    assert (await world.billing.prices.get(again.id)).unit_amount == MONTHLY


@clause("PRL-06", "An unknown price raises NotFoundError, whatever is done with it.", needs="prices.update prices.archive prices.unarchive")
async def unknown(world: World) -> None:
    nothing = world.unique("nothing")
    with refuses(NotFoundError):
        await world.billing.prices.update(nothing, metadata={"a": "1"})
    for step in (world.billing.prices.archive, world.billing.prices.unarchive):
        with refuses(NotFoundError):
            await step(nothing)


@clause("PRL-07", "A list of one currency holds all prices in it and no other; lower case is the same.", needs=LIST)
async def currency(world: World) -> None:
    product = await world.product()
    dollars = {(await of(world, product.id, every=every)).id for every in ("month", "year", "week")}
    euros = {(await of(world, product.id, EURO, every)).id for every in ("month", "year")}
    for code, expected in (("USD", dollars), ("usd", dollars), ("EUR", euros), ("JPY", set())):
        for size in (1, 100):
            found = await in_pages(world.billing.prices.list(product=product.id, currency=code, active=True, page_size=size), size)
            assert len(found) == len(expected)
            assert {price.id for price in found} == expected


@clause("PRL-08", "A list of recurring prices holds no other, nor does one of one-time prices hold these.", needs=LIST)
async def recurring(world: World) -> None:
    price = await world.price()
    for type, expected in ((PriceType.RECURRING, [price.id]), (PriceType.ONE_TIME, [])):
        for size in (1, 100):
            found = await in_pages(world.billing.prices.list(product=price.product_id, type=type, page_size=size), size)
            assert [one.id for one in found] == expected


@clause("PRL-09", "One-time prices are listed by their type.", needs=f"{LIST} products.create.kind prices.create.one_time")
async def one_time(world: World) -> None:
    product = await world.billing.products.create(name=world.unique("Setup"), kind="charge")
    price = await world.billing.prices.create(product=product.id, amount=MONTHLY, every=None)
    for type, expected in ((PriceType.RECURRING, []), (PriceType.ONE_TIME, [price.id])):
        found = await everything(world.billing.prices.list(product=product.id, type=type))
        assert [one.id for one in found] == expected
    everywhere = {one.id: one.type async for one in world.billing.prices.list(type="one_time")}
    assert price.id in everywhere
    assert set(everywhere.values()) == {price.type}


@clause("PRL-10", "Prices are found by the names that the caller gave them, page by page.", needs=f"{LIST} prices.create.id")
async def lookup_keys(world: World) -> None:
    product, keys = await world.product(), [world.unique("pro") for _ in range(3)]
    made = {}
    for key, every in zip(keys, (Interval.MONTH, Interval.YEAR, Interval.WEEK), strict=True):
        made[key] = (await world.billing.prices.create(id=key, product=product.id, amount=MONTHLY, every=every)).id
    for size in (1, 2, 100):
        listed = world.billing.prices.list(lookup_keys=[*keys[:2], world.unique("nothing")], page_size=size)
        found = {price.lookup_key: price.id for price in await in_pages(listed, size)}
        assert found == {key: made[key] for key in keys[:2]}
    assert await everything(world.billing.prices.list(lookup_keys=[world.unique("nothing")])) == []


@clause("PRL-11", "A list of none of the names is empty, and nothing is sent for it; more than 10 are refused.", needs="prices.list")
async def no_lookup_keys(world: World) -> None:
    assert await everything(world.billing.prices.list(lookup_keys=[])) == []
    assert world.requests == 0
    with refuses(ValidationError):
        await everything(world.billing.prices.list(lookup_keys=[f"k{number}" for number in range(11)]))
    assert world.requests == 0


@clause("PRL-12", "In a list a price in tiers has them all, as it is read alone.", needs=f"{LIST} prices.get prices.create.graduated")
async def tiers_are_listed(world: World) -> None:
    made = await tiered(world, "graduated", TIERS)
    for size in (1, 100):
        (listed,) = await in_pages(world.billing.prices.list(product=made.product_id, page_size=size), size)
        assert listed.tiers == TIERS
        assert fields(listed) == fields(await world.billing.prices.get(made.id))


@clause("PRL-13", "A cursor of one currency's prices is refused for another's before anything is sent.", needs=LIST)
async def foreign_cursor(world: World) -> None:
    product = await world.product()
    for every in ("month", "year"):
        await of(world, product.id, every=every)
    page = await anext(aiter(world.billing.prices.list(product=product.id, currency="USD", page_size=1).pages()))
    assert page.next_cursor is not None
    with refuses(ValidationError):
        await everything(world.billing.prices.list(product=product.id, currency="EUR", cursor=page.next_cursor))
    assert world.requests == 0


@clause(
    "PRL-14",
    "A price is raised by archiving it and creating another of the same product, currency and interval. Subscriptions keep the old one.",
    needs=f"{SELL} prices.archive prices.list subscriptions.get",
    cards=True,
)
async def raised(world: World) -> None:
    customer, new = await world.customer(world.tokens.visa), await world.customer(world.tokens.visa)
    old = await world.price()
    kept = await world.subscribe(customer.id, old.id)
    amount = MONTHLY
    for _ in range(2):  # a second time, because the first new price takes the next free place
        amount += Money("1.00", "USD")
        await world.billing.prices.archive(old.id)
        old = await of(world, old.product_id, amount)
        assert (old.unit_amount, old.active) == (amount, True)
        active = await everything(world.billing.prices.list(product=old.product_id, active=True))
        assert [price.id for price in active] == [old.id]
    assert len(await everything(world.billing.prices.list(product=old.product_id, active=None))) == 3
    sold = await world.subscribe(new.id, old.id)
    assert [item.unit_amount for item in sold.items] == [amount]
    assert [item.unit_amount for item in (await world.billing.subscriptions.get(kept.id)).items] == [MONTHLY]


@clause("PRL-15", "The same price of a product with the same key is created once, also when the product has one like it.", needs=LIST)
async def created_once(world: World) -> None:
    first = await world.price()
    for number in range(2):
        view = world.billing.with_options(idempotency_key=world.unique(f"key-{number}"))
        made = {(await view.prices.create(product=first.product_id, amount=MONTHLY, every="month")).id for _ in range(2)}
        assert len(made) == 1
    assert len(await everything(world.billing.prices.list(product=first.product_id))) == 3
