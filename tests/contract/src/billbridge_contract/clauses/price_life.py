"""Prices after they are created: updates, archiving, deleting if the vendor can, and list filters. The amount of a price never changes."""

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
    """Create another price of a product."""
    return await world.billing.prices.create(product=product, amount=amount, every=every)


@clause(
    "PRL-01",
    "An update changes the nickname and merges metadata. The amount and the rest are unchanged.",
    needs=f"{MAKE} prices.get prices.update",
)
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
    "Facts that Billbridge stores in metadata, such as the pricing model, stay after an update of the metadata.",
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
    "An archived price is inactive, also in lists, until it is unarchived. Repeating either call changes nothing.",
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
    "An archived price cannot be sold, and existing subscriptions continue.",
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


@clause("PRL-05", "A price that nothing uses can be deleted. Then it is gone.", needs=f"{LIST} prices.get prices.delete")
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


@clause(
    "PRL-06",
    "Updating, archiving or unarchiving an unknown price raises NotFoundError.",
    needs="prices.update prices.archive prices.unarchive",
)
async def unknown(world: World) -> None:
    nothing = world.unique("nothing")
    with refuses(NotFoundError):
        await world.billing.prices.update(nothing, metadata={"a": "1"})
    for step in (world.billing.prices.archive, world.billing.prices.unarchive):
        with refuses(NotFoundError):
            await step(nothing)


@clause("PRL-07", "A list of one currency returns all its prices and no others. Lower case means the same currency.", needs=LIST)
async def currency(world: World) -> None:
    product = await world.product()
    dollars = {(await of(world, product.id, every=every)).id for every in ("month", "year", "week")}
    euros = {(await of(world, product.id, EURO, every)).id for every in ("month", "year")}
    for code, expected in (("USD", dollars), ("usd", dollars), ("EUR", euros), ("JPY", set())):
        for size in (1, 100):
            found = await in_pages(world.billing.prices.list(product=product.id, currency=code, active=True, page_size=size), size)
            assert len(found) == len(expected)
            assert {price.id for price in found} == expected


@clause("PRL-08", "A list of recurring prices has no one-time price, and a list of one-time prices has no recurring one.", needs=LIST)
async def recurring(world: World) -> None:
    price = await world.price()
    for type, expected in ((PriceType.RECURRING, [price.id]), (PriceType.ONE_TIME, [])):
        for size in (1, 100):
            found = await in_pages(world.billing.prices.list(product=price.product_id, type=type, page_size=size), size)
            assert [one.id for one in found] == expected


@clause("PRL-09", "A list can be filtered by one-time prices.", needs=f"{LIST} products.create.kind prices.create.one_time")
async def one_time(world: World) -> None:
    product = await world.billing.products.create(name=world.unique("Setup"), kind="charge")
    price = await world.billing.prices.create(product=product.id, amount=MONTHLY, every=None)
    for type, expected in ((PriceType.RECURRING, []), (PriceType.ONE_TIME, [price.id])):
        found = await everything(world.billing.prices.list(product=product.id, type=type))
        assert [one.id for one in found] == expected
    everywhere = {one.id: one.type async for one in world.billing.prices.list(type="one_time")}
    assert price.id in everywhere
    assert set(everywhere.values()) == {price.type}


@clause("PRL-10", "A list can be filtered by lookup keys, page by page.", needs=f"{LIST} prices.create.id")
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


@clause("PRL-11", "A list filtered by no lookup keys is empty and sends nothing. More than 10 raise ValidationError.", needs="prices.list")
async def no_lookup_keys(world: World) -> None:
    assert await everything(world.billing.prices.list(lookup_keys=[])) == []
    assert world.requests == 0
    with refuses(ValidationError):
        await everything(world.billing.prices.list(lookup_keys=[f"k{number}" for number in range(11)]))
    assert world.requests == 0


@clause(
    "PRL-12",
    "A price with tiers in a list has all its tiers, as when it is read by id.",
    needs=f"{LIST} prices.get prices.create.graduated",
)
async def tiers_are_listed(world: World) -> None:
    made = await tiered(world, "graduated", TIERS)
    for size in (1, 100):
        (listed,) = await in_pages(world.billing.prices.list(product=made.product_id, page_size=size), size)
        assert listed.tiers == TIERS
        assert fields(listed) == fields(await world.billing.prices.get(made.id))


@clause("PRL-13", "A cursor of a list in one currency raises ValidationError in a list of another, before anything is sent.", needs=LIST)
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
    "A new price with the same product, currency and interval can replace an archived one. Subscriptions keep the old price.",
    needs=f"{SELL} prices.archive prices.list subscriptions.get",
    cards=True,
)
async def raised(world: World) -> None:
    customer, new = await world.customer(world.tokens.visa), await world.customer(world.tokens.visa)
    old = await world.price()
    kept = await world.subscribe(customer.id, old.id)
    amount = MONTHLY
    for _ in range(2):  # twice, because Chargebee needs another price variant for each new price
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


@clause("PRL-15", "The same price with the same idempotency key is created once, even if the product has a price like it.", needs=LIST)
async def created_once(world: World) -> None:
    first = await world.price()
    for number in range(2):
        view = world.billing.with_options(idempotency_key=world.unique(f"key-{number}"))
        made = {(await view.prices.create(product=first.product_id, amount=MONTHLY, every="month")).id for _ in range(2)}
        assert len(made) == 1
    assert len(await everything(world.billing.prices.list(product=first.product_id))) == 3
