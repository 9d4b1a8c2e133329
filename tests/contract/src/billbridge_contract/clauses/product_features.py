"""Features of products: switches everywhere; quantities, ranges and levels of your own words where the vendor has them."""

from __future__ import annotations

from typing import Any

from billbridge.errors import DuplicateError, InvalidStateError, NotFoundError, ValidationError
from billbridge.model import UNSET, FeatureKind, ProductFeature

from billbridge_contract.entities import PROMISE, check_all
from billbridge_contract.mistaken import mistake
from billbridge_contract.registry import clause
from billbridge_contract.same import fields
from billbridge_contract.world import World, everything, in_pages, refuses

CREATE = "product_features.create"
READ = f"{CREATE} product_features.get"
MADE = f"products.create {CREATE} product_features.attach"
ATTACH = f"{MADE} product_features.attachments"
LEVELS = f"{CREATE}.kind"


async def feature(world: World, **given: Any) -> ProductFeature:
    """Create a feature: a switch, unless `given` says otherwise. Its name is unique, as Chargebee demands."""
    key = world.unique("f")
    return await world.billing.product_features.create(**{"key": key, "name": f"Büro {key}", **given})


@clause("FEA-01", "A new switch is active, and is read back by its id and by its key.", needs=f"{READ} product_features.find")
async def round_trip(world: World) -> None:
    key = world.unique("f")
    made = await world.billing.product_features.create(key=key, name=f"Büro {key}")
    read = [await world.billing.product_features.get(made.id), await world.billing.product_features.find(key)]
    for one in (made, *read):
        assert (one.key, one.name, one.kind, one.active) == (key, f"Büro {key}", FeatureKind.SWITCH, True)
        assert (one.levels, one.unit, one.metadata) == ([], None, {})
        assert fields(one) == fields(made)


@clause("FEA-02", "A feature with levels is read back with its kind, its unit, and its levels in their order.", needs=f"{READ} {LEVELS}")
async def levels(world: World) -> None:
    kinds: tuple[tuple[FeatureKind, list[str], str | None], ...] = (
        (FeatureKind.QUANTITY, ["5", "10", "unlimited"], "seat"),
        (FeatureKind.RANGE, ["1", "100"], "call"),
        (FeatureKind.CUSTOM, ["E-mail", "Chat", "Phone"], None),
    )
    for kind, wanted, unit in kinds:
        made = await feature(world, kind=kind, levels=wanted, unit=unit)
        for one in (made, await world.billing.product_features.get(made.id)):
            assert (one.kind, one.levels, one.unit, one.active) == (kind, wanted, unit, True)


@clause(
    "FEA-03",
    "Metadata of a feature is kept, merged key by key, and cleared with None.",
    needs=f"{READ} product_features.update {CREATE}.metadata",
)
async def metadata(world: World) -> None:
    made = await feature(world, metadata={"a": "1", "b": "½"})
    assert (await world.billing.product_features.get(made.id)).metadata == {"a": "1", "b": "½"}
    assert (await world.billing.product_features.update(made.id, metadata={"b": "2"})).metadata == {"a": "1", "b": "2"}
    assert (await world.billing.product_features.update(made.id, metadata=None)).metadata == {}


@clause(
    "FEA-04",
    "An update changes the name and nothing else, and one without fields changes nothing.",
    needs=f"{READ} product_features.update",
)
async def renamed(world: World) -> None:
    made, name = await feature(world), world.unique("Renamed")
    for given, wanted in ((UNSET, made.name), (name, name), (UNSET, name)):
        answered = await world.billing.product_features.update(made.id, name=given)
        for one in (answered, await world.billing.product_features.get(made.id)):
            assert one.name == wanted
            assert fields(one, "name") == fields(made, "name")


@clause(
    "FEA-05",
    "An archived feature is inactive, also in lists, and its key still finds it. Repeating the call changes nothing.",
    needs=f"{READ} product_features.archive product_features.find product_features.list",
)
async def archived(world: World) -> None:
    made = await feature(world)
    for _ in range(2):
        answered = await world.billing.product_features.archive(made.id)
        for one in (answered, await world.billing.product_features.get(made.id), await world.billing.product_features.find(made.key)):
            assert (one.id, one.active, one.key) == (made.id, False, made.key)
    for active in (True, False):
        found = {one.id async for one in world.billing.product_features.list(active=active)}
        assert (made.id in found) is not active


@clause(
    "FEA-06",
    "An archived feature becomes active again, and can be attached. Repeating the call changes nothing.",
    needs=f"{MADE} product_features.archive product_features.unarchive",
)
async def unarchived(world: World) -> None:
    made, product = await feature(world), await world.product()
    await world.billing.product_features.archive(made.id)
    for _ in range(2):
        assert fields(await world.billing.product_features.unarchive(made.id), "vendor_status") == fields(made, "vendor_status")
    assert (await world.billing.product_features.attach(product.id, feature=made.id)).feature_id == made.id


@clause(
    "FEA-07",
    "A product includes the features that are attached to it, until they are detached. Repeating either call changes nothing.",
    needs=f"{ATTACH} product_features.detach",
)
async def attached(world: World) -> None:
    product, other = await world.product(), await world.product()
    first, second = await feature(world), await feature(world)
    for one in (first, second, first):
        made = await world.billing.product_features.attach(product.id, feature=one.id)
        assert (made.product_id, made.feature_id) == (product.id, one.id)
    listed = await everything(world.billing.product_features.attachments(product=product.id))
    assert {(one.product_id, one.feature_id) for one in listed} == {(product.id, first.id), (product.id, second.id)}
    assert fields(made) in [fields(one) for one in listed]
    for _ in range(2):
        await world.billing.product_features.detach(product.id, first.id)
        assert [one.feature_id async for one in world.billing.product_features.attachments(product=product.id)] == [second.id]
    assert await everything(world.billing.product_features.attachments(product=other.id)) == []


@clause(
    "FEA-08",
    "A product gives the level of a feature that was attached last.",
    needs=f"{ATTACH} {LEVELS} product_features.attach.value",
)
async def attached_with_a_level(world: World) -> None:
    product, seats = await world.product(), await feature(world, kind="quantity", levels=["5", "10"])
    for level in (5, "10"):
        assert (await world.billing.product_features.attach(product.id, feature=seats.id, value=level)).value == str(level)
        assert [one.value async for one in world.billing.product_features.attachments(product=product.id)] == [str(level)]


@clause("FEA-09", "Features are listed page by page, with the same fields as reading by id.", needs=f"{READ} product_features.list")
async def listed(world: World) -> None:
    made = {(await feature(world)).id for _ in range(3)}
    for size in (1, 2, 100):
        found = [one for one in await in_pages(world.billing.product_features.list(page_size=size), size) if one.id in made]
        assert {one.id for one in found} == made
    for one in found:
        assert fields(one) == fields(await world.billing.product_features.get(one.id))


@clause("FEA-10", "The features of a product are listed page by page.", needs=ATTACH)
async def attachments_in_pages(world: World) -> None:
    product = await world.product()
    made = {(await world.billing.product_features.attach(product.id, feature=(await feature(world)).id)).id for _ in range(3)}
    for size in (1, 2, 100):
        found = await in_pages(world.billing.product_features.attachments(product=product.id, page_size=size), size)
        assert {one.id for one in found} == made
        assert len(found) == 3


@clause(
    "FEA-11",
    "An unknown id or key raises NotFoundError in every operation on features.",
    needs=f"{ATTACH} product_features.get product_features.find product_features.update product_features.archive product_features.detach",
)
async def unknown(world: World) -> None:
    features, nothing = world.billing.product_features, world.unique("f")
    made, product = await feature(world), await world.product()
    for act in (
        lambda: features.get(nothing),
        lambda: features.find(nothing),
        lambda: features.update(nothing, name="x"),
        lambda: features.archive(nothing),
        lambda: features.attach(nothing, feature=made.id),
        lambda: features.attach(product.id, feature=nothing),
        lambda: features.detach(nothing, made.id),
        lambda: everything(features.attachments(product=nothing)),
    ):
        with refuses(NotFoundError):
            await act()


@clause("FEA-12", f"A feature or an attachment {PROMISE}.", needs=f"{ATTACH} product_features.get")
async def values(world: World) -> None:
    made, product = await feature(world), await world.product()
    attached = await world.billing.product_features.attach(product.id, feature=made.id)
    listed = await everything(world.billing.product_features.attachments(product=product.id))
    check_all(world, [made, await world.billing.product_features.get(made.id), attached, *listed])


async def _key_again(world: World) -> None:
    made = await feature(world)
    await world.billing.product_features.create(key=made.key, name=world.unique("Other"))


async def _archived(world: World) -> None:
    made, product = await feature(world), await world.product()
    await world.billing.product_features.archive(made.id)
    await world.billing.product_features.attach(product.id, feature=made.id)


async def _no_name(world: World) -> None:
    await world.billing.product_features.create(key=world.unique("f"), name=" ")


async def _levels_of_a_switch(world: World) -> None:
    await world.billing.product_features.create(key=world.unique("f"), name="Seats", levels=["5"])


async def _no_levels(world: World) -> None:
    await world.billing.product_features.create(key=world.unique("f"), name="Seats", kind="quantity")


async def _not_a_level(world: World) -> None:
    product, seats = await world.product(), await feature(world, kind="quantity", levels=["5", "10"])
    await world.billing.product_features.attach(product.id, feature=seats.id, value=7)


mistake("FEA-13", "A key that an active feature has", DuplicateError, CREATE, _key_again, param="key")
mistake("FEA-14", "Attaching an archived feature", InvalidStateError, f"{MADE} product_features.archive", _archived)
mistake("FEA-15", "A feature without a name", ValidationError, CREATE, _no_name, param="name")
mistake("FEA-16", "Levels for a switch", ValidationError, CREATE, _levels_of_a_switch, param="levels")
mistake("FEA-17", "A quantity without levels", ValidationError, CREATE, _no_levels, param="levels")
mistake(
    "FEA-18",
    "A value that is no level of the feature",
    ValidationError,
    f"{MADE} {LEVELS} product_features.attach.value",
    _not_a_level,
    param="value",
)
