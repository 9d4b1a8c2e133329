"""Meters, if the vendor has them: they count usage."""

from __future__ import annotations

from billbridge.errors import DuplicateError, NotFoundError, ValidationError
from billbridge.model import Aggregation, Meter

from billbridge_contract.registry import clause
from billbridge_contract.same import fields
from billbridge_contract.world import World, everything, in_pages, refuses

READ = "meters.create meters.get"


async def meter(world: World) -> Meter:
    """Create a meter with a unique name."""
    return await world.billing.meters.create(name="Calls", event_name=world.unique("calls"))


@clause("MET-01", "A new meter is read back as it was created, and it is active.", needs=READ)
async def round_trip(world: World) -> None:
    for aggregation in (Aggregation.SUM, Aggregation.COUNT, Aggregation.LAST):
        event = world.unique("calls")
        made = await world.billing.meters.create(name="Büro calls", event_name=event, aggregation=aggregation)
        read = await world.billing.meters.get(made.id)
        for one in (made, read):
            assert (one.name, one.event_name, one.aggregation, one.active) == ("Büro calls", event, aggregation, True)
        assert fields(read) == fields(made)
    assert (await meter(world)).aggregation is Aggregation.SUM


@clause(
    "MET-02",
    "An archived meter is inactive, also in lists, until it is unarchived. Repeating either call changes nothing.",
    needs=f"{READ} meters.archive meters.unarchive meters.list",
)
async def archived(world: World) -> None:
    made = await meter(world)
    for step, active in (("archive", False), ("archive", False), ("unarchive", True), ("unarchive", True)):
        answered = await getattr(world.billing.meters, step)(made.id)
        for one in (answered, await world.billing.meters.get(made.id)):
            assert (one.active, one.event_name, one.aggregation) == (active, made.event_name, made.aggregation)
        for wanted in (True, False):
            found = {one.id async for one in world.billing.meters.list(active=wanted)}
            assert (made.id in found) is (wanted is active)


@clause("MET-03", "Two meters cannot count the same event at the same time.", needs="meters.create meters.list")
async def twice(world: World) -> None:
    made = await meter(world)
    with refuses(DuplicateError, ValidationError):
        await world.billing.meters.create(name="Other", event_name=made.event_name)
    assert [one.id for one in await everything(world.billing.meters.list()) if one.event_name == made.event_name] == [made.id]


@clause("MET-04", "Any operation on an unknown meter raises NotFoundError.", needs="meters.get meters.archive meters.unarchive")
async def unknown(world: World) -> None:
    for step in (world.billing.meters.get, world.billing.meters.archive, world.billing.meters.unarchive):
        with refuses(NotFoundError):
            await step(world.unique("mtr"))


@clause(
    "MET-05",
    "A list of meters is newest first, page by page, with the same fields as reading by id.",
    needs=f"{READ} meters.list",
    clock=True,
)
async def listed(world: World) -> None:
    made = []
    for _ in range(3):
        made.append((await meter(world)).id)
        world.advance(1)
    for size in (1, 2, 100):
        found = [one for one in await in_pages(world.billing.meters.list(page_size=size), size) if one.id in made]
        assert [one.id for one in found] == made[::-1]
    for one in found:
        assert fields(one) == fields(await world.billing.meters.get(one.id))
