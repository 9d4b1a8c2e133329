"""Products after they are created: updates, archiving, deleting, their kinds, and list filters."""

from __future__ import annotations

from billbridge import Product
from billbridge.errors import InvalidStateError, NotFoundError, ValidationError
from billbridge.model import ProductKind, ProductKindName

from billbridge_contract.registry import clause
from billbridge_contract.same import check_values, fields
from billbridge_contract.subscribing import SELL
from billbridge_contract.world import MONTHLY, World, everything, in_pages, refuses

READ = "products.create products.get"
CHANGE = f"{READ} products.update"
KINDS = "products.create products.list products.create.kind"


async def of_kind(world: World, kind: ProductKindName) -> Product:
    """Create a product of this kind."""
    return await world.billing.products.create(name=world.unique("Contract product"), kind=kind)


@clause("PDL-01", "An update changes the fields that are passed, merges metadata, and leaves the rest unchanged.", needs=CHANGE)
async def changes(world: World) -> None:
    made = await world.billing.products.create(
        name=world.unique("Before"), description="Old", unit_label="seat", metadata={"a": "1", "b": "2"}
    )
    assert made.unit_label == "seat"
    name = world.unique("Büro „Pro“")
    updated = await world.billing.products.update(made.id, name=name, metadata={"b": "3", "c": "4"})
    read = await world.billing.products.get(made.id)
    for product in (updated, read):
        assert (product.name, product.metadata) == (name, {"a": "1", "b": "3", "c": "4"})
        assert fields(product, "name", "metadata") == fields(made, "name", "metadata")
    await world.billing.products.update(made.id, description="New", unit_label="desk", metadata={"a": ""})
    read = await world.billing.products.get(made.id)
    assert (read.name, read.description, read.unit_label, read.metadata) == (name, "New", "desk", {"b": "3", "c": "4"})


@clause("PDL-02", "None clears the description, the unit label or the metadata, and nothing else.", needs=CHANGE)
async def clears(world: World) -> None:
    made = await world.billing.products.create(name=world.unique("Pro"), description="Old", unit_label="seat", metadata={"a": "1"})
    await world.billing.products.update(made.id, description=None)
    read = await world.billing.products.get(made.id)
    assert (read.name, read.description, read.unit_label, read.metadata) == (made.name, None, "seat", {"a": "1"})
    await world.billing.products.update(made.id, unit_label=None)
    read = await world.billing.products.get(made.id)
    assert (read.unit_label, read.metadata) == (None, {"a": "1"})
    await world.billing.products.update(made.id, metadata=None)
    read = await world.billing.products.get(made.id)
    assert (read.name, read.metadata, read.active) == (made.name, {}, True)


@clause(
    "PDL-03",
    "An archived product is inactive, also in lists, until it is unarchived. Repeating either call changes nothing.",
    needs=f"{READ} products.archive products.unarchive products.list",
)
async def archived(world: World) -> None:
    made = await world.billing.products.create(name=world.unique("Pro"), description="Für Teams", metadata={"a": "1"})
    for step, active in (("archive", False), ("archive", False), ("unarchive", True), ("unarchive", True)):
        answered = await getattr(world.billing.products, step)(made.id)
        for product in (answered, await world.billing.products.get(made.id)):
            assert product.active is active
            assert fields(product, "active") == fields(made, "active")
        for wanted in (True, False):
            found = {product.id async for product in world.billing.products.list(active=wanted)}
            assert (made.id in found) is (wanted is active)


@clause("PDL-04", "A product that nothing uses can be deleted. Then it is gone.", needs=f"{READ} products.delete products.list")
async def deleted(world: World) -> None:
    gone, stays = await world.product(), await world.product()
    await world.billing.products.delete(gone.id)
    with refuses(NotFoundError):
        await world.billing.products.get(gone.id)
    with refuses(NotFoundError):
        await world.billing.products.delete(gone.id)
    assert {product.id for product in await everything(world.billing.products.list())} & {gone.id, stays.id} == {stays.id}


@clause("PDL-05", "A product with a subscription cannot be deleted and stays.", needs=f"{SELL} products.get products.delete", cards=True)
async def in_use(world: World) -> None:
    customer, product = await world.customer(world.tokens.visa), await world.product()
    price = await world.billing.prices.create(product=product.id, amount=MONTHLY, every="month")
    await world.subscribe(customer.id, price.id)
    with refuses(InvalidStateError, ValidationError):
        await world.billing.products.delete(product.id)
    read = await world.billing.products.get(product.id)
    assert (read.name, read.active) == (product.name, True)


@clause(
    "PDL-06",
    "Any operation on an unknown product raises NotFoundError.",
    needs="products.update products.archive products.unarchive products.delete",
)
async def unknown(world: World) -> None:
    nothing, products = world.unique("nothing"), world.billing.products
    with refuses(NotFoundError):
        await products.update(nothing, name=world.unique("Pro"))
    for step in (products.archive, products.unarchive, products.delete):
        with refuses(NotFoundError):
            await step(nothing)


@clause("PDL-07", "By default a product is a plan and not metered.", needs=f"{READ} products.list")
async def ordinary(world: World) -> None:
    made = await world.product()
    for product in (made, await world.billing.products.get(made.id)):
        assert (product.kind, product.metered, product.unit_label) == (ProductKind.PLAN, False, None)
    found = {kind: {product.id async for product in world.billing.products.list(kind=kind)} for kind in (ProductKind.PLAN, "charge")}
    assert made.id in found[ProductKind.PLAN]
    assert made.id not in found["charge"]


@clause("PDL-08", "The kind of a product is stored: plan, addon, charge. It adds no metadata.", needs=f"{READ} products.create.kind")
async def kinds(world: World) -> None:
    for kind in (ProductKind.ADDON, ProductKind.CHARGE, ProductKind.PLAN):
        made = await of_kind(world, kind)
        for product in (made, await world.billing.products.get(made.id)):
            assert (product.kind, product.metadata, product.active) == (kind, {}, True)
            check_values(product, product.provider)


@clause("PDL-09", "A list of one kind returns all products of this kind and no others, with any page size.", needs=KINDS)
async def kind_filter(world: World) -> None:
    """If Billbridge filters, because the vendor cannot, a page without a match must not end the list."""
    first = await of_kind(world, "addon")
    others = {(await of_kind(world, kind)).id for kind in ("plan", "charge", "plan", "charge", "plan")}
    last = await of_kind(world, "addon")
    await of_kind(world, "plan")
    for size in (1, 2, 100):
        found = await in_pages(world.billing.products.list(kind="addon", active=True, page_size=size), size)
        assert {product.kind for product in found} == {ProductKind.ADDON}
        ids = [product.id for product in found]
        assert len(ids) == len(set(ids))
        assert {first.id, last.id} <= set(ids)
        assert not others & set(ids)


@clause(
    "PDL-10",
    "A metered product is read back as metered, and stays metered after an update.",
    needs=f"{CHANGE} products.list products.create.metered",
)
async def metered(world: World) -> None:
    made = await world.billing.products.create(name=world.unique("Calls"), unit_label="call", metered=True)
    updated = await world.billing.products.update(made.id, metadata={"a": "1"})
    cleared = await world.billing.products.update(made.id, metadata=None)
    (listed,) = await everything(world.billing.products.list(ids=[made.id]))
    for product in (made, updated, cleared, listed, await world.billing.products.get(made.id)):
        assert (product.metered, product.kind, product.unit_label) == (True, ProductKind.PLAN, "call")
    assert (updated.metadata, cleared.metadata) == ({"a": "1"}, {})


@clause("PDL-11", "A product can be put into a family that the caller names.", needs=f"{READ} products.create.family")
async def family(world: World) -> None:
    with refuses(NotFoundError, ValidationError):
        await world.billing.products.create(name=world.unique("Pro"), family=world.unique("nowhere"))
    other = await world.product()
    assert other.family_id is not None, "the family that products go into by default is not told"
    made = await world.billing.products.create(name=world.unique("Pro"), family=other.family_id)
    assert (await world.billing.products.get(made.id)).family_id == made.family_id == other.family_id


@clause("PDL-12", "A list can be filtered by ids. Unknown ids are left out.", needs=f"{READ} products.list")
async def by_ids(world: World) -> None:
    made = [await world.product() for _ in range(4)]
    wanted = [made[0].id, made[2].id, made[3].id]
    for size in (1, 2, 3, 100):
        found = await in_pages(world.billing.products.list(ids=[*wanted, world.unique("nothing")], page_size=size), size)
        assert sorted(product.id for product in found) == sorted(wanted)
    for product in found:
        assert fields(product) == fields(await world.billing.products.get(product.id))
    assert [product.id for product in await everything(world.billing.products.list(ids=wanted[:1], active=True))] == wanted[:1]
    assert await everything(world.billing.products.list(ids=wanted, active=False)) == []


@clause(
    "PDL-13",
    "A list filtered by an empty list of ids is empty and sends nothing. More than 100 ids raise ValidationError.",
    needs="products.list",
)
async def no_ids(world: World) -> None:
    assert await everything(world.billing.products.list(ids=[])) == []
    assert world.requests == 0
    with refuses(ValidationError):
        await everything(world.billing.products.list(ids=[f"p{number}" for number in range(101)]))
    assert world.requests == 0


@clause("PDL-14", "A product without a name raises ValidationError before anything is sent.", needs="products.create products.update")
async def nameless(world: World) -> None:
    with refuses(ValidationError):
        await world.billing.products.create(name=" ")
    assert world.requests == 0
    with refuses(ValidationError):
        await world.billing.products.update("p", name="")
    assert world.requests == 0
