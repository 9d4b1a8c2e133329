"""Products and prices: how they are created, read and listed. Amounts are exact, or raise an error."""

from __future__ import annotations

from billbridge import Interval, Money, PricingModel
from billbridge.errors import DuplicateError, NotFoundError, PrecisionError
from billbridge.model import PriceType

from billbridge_contract.registry import clause
from billbridge_contract.same import fields
from billbridge_contract.world import MONTHLY, World, everything, in_pages, refuses

MAKE = "products.create prices.create"
EXACT = (
    Money("0.01", "USD"),
    Money("0.005", "USD"),
    Money("19.999", "USD"),
    Money("500.5", "JPY"),
    Money("1.23", "KWD"),
    Money("1.234", "KWD"),
    Money("99999.99", "EUR"),
)


@clause("PRD-01", "A new product is read back as it was created.", needs="products.create products.get")
async def product_round_trip(world: World) -> None:
    id, name = world.unique("pro"), world.unique("Büro Pro")
    made = await world.billing.products.create(id=id, name=name, description="Für Teams", metadata={"sku": "P-1"})
    read = await world.billing.products.get(id)
    for product in (made, read):
        assert (product.id, product.name, product.description) == (id, name, "Für Teams")
        assert (product.metadata, product.active) == ({"sku": "P-1"}, True)
    assert fields(read) == fields(made)


@clause("PRD-02", "A product needs only a name.", needs="products.create products.get")
async def product_without_id(world: World) -> None:
    made = await world.product()
    read = await world.billing.products.get(made.id)
    assert (read.name, read.description, read.metadata, read.active) == (made.name, None, {}, True)


@clause("PRD-03", "An id that exists raises DuplicateError.", needs="products.create products.get")
async def product_twice(world: World) -> None:
    id = world.unique("pro")
    first = await world.billing.products.create(id=id, name=world.unique("First"))
    with refuses(DuplicateError):
        await world.billing.products.create(id=id, name=world.unique("Second"))
    assert (await world.billing.products.get(id)).name == first.name


@clause("PRD-04", "Reading an unknown product raises NotFoundError.", needs="products.get")
async def product_unknown(world: World) -> None:
    with refuses(NotFoundError):
        await world.billing.products.get(world.unique("nothing"))


@clause(
    "PRD-05",
    "A list of products, page by page, returns the same fields as reading by id.",
    needs="products.create products.get products.list",
)
async def product_list(world: World) -> None:
    made = {(await world.product()).id for _ in range(3)}
    found = {product.id: product for product in await everything(world.billing.products.list(active=True))}
    assert made <= set(found)
    pages = aiter(world.billing.products.list(page_size=2).pages())
    first, second = await anext(pages), await anext(pages)
    assert (len(first.items), first.next_cursor is None) == (2, False)
    assert second.items
    assert not {product.id for product in first.items} & {product.id for product in second.items}
    for id in made:
        assert fields(found[id]) == fields(await world.billing.products.get(id))


@clause("PRD-06", "A list of archived products has no active one.", needs="products.create products.list")
async def archived_products(world: World) -> None:
    product = await world.product()
    archived = await everything(world.billing.products.list(active=False))
    assert product.id not in {other.id for other in archived}
    assert not any(other.active for other in archived)


@clause("PRC-01", "A new price is read back as it was created.", needs=f"{MAKE} prices.get")
async def price_round_trip(world: World) -> None:
    product, nickname = await world.product(), world.unique("Standard")
    made = await world.billing.prices.create(
        product=product.id, amount=MONTHLY, every="month", nickname=nickname, metadata={"list": "2026"}
    )
    read = await world.billing.prices.get(made.id)
    for price in (made, read):
        assert (price.product_id, price.unit_amount, price.currency) == (product.id, MONTHLY, "USD")
        assert (price.type, price.model) == (PriceType.RECURRING, PricingModel.PER_UNIT)
        assert (price.interval, price.interval_count) == (Interval.MONTH, 1)
        assert (price.nickname, price.metadata, price.active) == (nickname, {"list": "2026"}, True)
    assert fields(read) == fields(made)


@clause(
    "PRC-02", "A flat price is read back as a flat price, and its metadata holds nothing that was not given.", needs=f"{MAKE} prices.get"
)
async def flat(world: World) -> None:
    """Stripe has no flat prices. Billbridge stores the model in Stripe's metadata and hides it from `metadata`."""
    made = await world.price(Money("99.00", "USD"), model="flat")
    read = await world.billing.prices.get(made.id)
    assert (read.model, read.unit_amount, read.metadata) == (PricingModel.FLAT, Money("99.00", "USD"), {})


@clause("PRC-03", "Every interval is stored: days, weeks, months, years, and several of them.", needs=f"{MAKE} prices.get")
async def intervals(world: World) -> None:
    product = await world.product()
    for every, count in ((Interval.DAY, 1), (Interval.WEEK, 2), (Interval.MONTH, 3), (Interval.YEAR, 1)):
        made = await world.billing.prices.create(product=product.id, amount=MONTHLY, every=every, interval_count=count)
        read = await world.billing.prices.get(made.id)
        assert (read.interval, read.interval_count) == (every, count)


@clause("PRC-04", "A currency without minor units keeps its amounts: 500 JPY stays 500 JPY.", needs=f"{MAKE} prices.get")
async def yen(world: World) -> None:
    made = await world.price(Money(500, "JPY"))
    read = await world.billing.prices.get(made.id)
    assert (made.unit_amount, read.unit_amount, read.currency) == (Money(500, "JPY"), Money(500, "JPY"), "JPY")


@clause(
    "PRC-05",
    "With allow_fractional, an amount is stored exactly, or raises PrecisionError before anything is sent. It is never rounded.",
    needs=f"{MAKE} prices.get",
)
async def exact(world: World) -> None:
    """Vendors store different amounts: Stripe fractions of a cent, Chargebee two decimals, also of a Kuwaiti dinar."""
    for amount in EXACT:
        product = await world.product()
        try:
            made = await world.billing.prices.create(product=product.id, amount=amount, every="month", allow_fractional=True)
        except PrecisionError:
            assert world.requests == 0, f"{amount} was refused too late"
            assert amount not in (Money("0.01", "USD"), Money("99999.99", "EUR")), f"{amount} is an ordinary amount"
        else:
            read = await world.billing.prices.get(made.id)
            assert (made.unit_amount, read.unit_amount) == (amount, amount)


@clause("PRC-06", "A price can be 0.", needs=f"{MAKE} prices.get")
async def free(world: World) -> None:
    made = await world.price(Money(0, "USD"))
    assert (await world.billing.prices.get(made.id)).unit_amount == Money(0, "USD")


@clause("PRC-07", "An id that the caller passes becomes the price's lookup key.", needs=f"{MAKE} prices.get prices.create.id")
async def chosen_price_id(world: World) -> None:
    """At Chargebee the lookup key is the id too. Stripe makes its own id."""
    product, id = await world.product(), world.unique("pro-monthly")
    made = await world.billing.prices.create(id=id, product=product.id, amount=MONTHLY, every="month")
    assert made.lookup_key == id
    assert (await world.billing.prices.get(made.id)).lookup_key == id


@clause("PRC-08", "A lookup key that exists raises DuplicateError.", needs=f"{MAKE} prices.create.id")
async def taken_price_id(world: World) -> None:
    first, second, id = await world.product(), await world.product(), world.unique("pro-monthly")
    await world.billing.prices.create(id=id, product=first.id, amount=MONTHLY, every="month")
    with refuses(DuplicateError):
        await world.billing.prices.create(id=id, product=second.id, amount=MONTHLY, every="year")


@clause(
    "PRC-09",
    "A list of a product's prices has no other prices and returns the same fields as reading by id, page by page.",
    needs=f"{MAKE} prices.get prices.list",
)
async def price_list(world: World) -> None:
    product = await world.product()
    mine = [(await world.billing.prices.create(product=product.id, amount=MONTHLY, every=every)).id for every in ("month", "year", "week")]
    await world.price()
    for page_size, active in ((100, True), (1, None)):
        listed = world.billing.prices.list(product=product.id, active=active, page_size=page_size)
        found = {price.id: price for price in await in_pages(listed, page_size)}
        assert sorted(found) == sorted(mine)
    assert await everything(world.billing.prices.list(product=product.id, active=False)) == []
    for id in mine:
        assert fields(found[id]) == fields(await world.billing.prices.get(id))


@clause("PRC-10", "Reading an unknown price raises NotFoundError.", needs="prices.get")
async def price_unknown(world: World) -> None:
    with refuses(NotFoundError):
        await world.billing.prices.get(world.unique("nothing"))


@clause("PRD-07", "Two products can have the same name, and each has its own id.", needs="products.create products.get")
async def same_name(world: World) -> None:
    name = world.unique("Pro")
    made = [await world.billing.products.create(name=name) for _ in range(3)]
    assert len({product.id for product in made}) == 3
    for product in made:
        assert (await world.billing.products.get(product.id)).name == name
