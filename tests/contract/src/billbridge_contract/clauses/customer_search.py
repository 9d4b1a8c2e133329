"""The search for customers, if the vendor has one. Its index can be late. A backend says how many seconds (`Backend.search_lag`)."""

from __future__ import annotations

from typing import Any

from billbridge.errors import ValidationError

from billbridge_contract.registry import clause
from billbridge_contract.same import fields
from billbridge_contract.world import World, in_pages, refuses

NEEDS = "customers.create customers.search"


async def found(world: World, expected: int, *, size: int = 100, **looked_for: Any) -> list[str]:
    """Return the ids that a search finds: as soon as there are as many as expected, or at the end of `search_lag`."""
    return await world.eventually(
        lambda: ids(world, size, looked_for),
        lambda those: len(those) >= expected,
    )


async def ids(world: World, size: int, looked_for: dict[str, Any]) -> list[str]:
    """Return the ids that a search finds now."""
    return [customer.id for customer in await in_pages(world.billing.customers.search(page_size=size, **looked_for), size)]


@clause(
    "SEA-01",
    "A search by e-mail finds exactly the customers with this address, with the same fields as read by id.",
    needs=f"{NEEDS} customers.get",
)
async def by_email(world: World) -> None:
    email = world.email()
    mine = [(await world.billing.customers.create(email=email, name=name)).id for name in ("One", "Two")]
    await world.customer()
    assert sorted(await found(world, 2, email=email)) == sorted(mine)
    async for customer in world.billing.customers.search(email=email):
        assert fields(customer) == fields(await world.billing.customers.get(customer.id))


@clause("SEA-02", "A search by name finds the text in any part of a name.", needs=NEEDS)
async def by_name(world: World) -> None:
    part = world.unique("quill")
    mine = [(await world.billing.customers.create(email=world.email(), name=name)).id for name in (f"Ada {part}", f"{part} Lovelace")]
    await world.customer()
    assert sorted(await found(world, 2, name=part)) == sorted(mine)


@clause("SEA-03", "A search by phone or by metadata finds exact matches only.", needs=NEEDS)
async def by_phone_and_metadata(world: World) -> None:
    phone, order = f"+1{world.digits(10)}", world.unique("order")
    mine = await world.billing.customers.create(email=world.email(), phone=phone, metadata={"order": order, "shop": "a"})
    other = await world.billing.customers.create(email=world.email(), metadata={"order": order, "shop": "b"})
    assert await found(world, 1, phone=phone) == [mine.id]
    assert sorted(await found(world, 2, metadata={"order": order})) == sorted([mine.id, other.id])
    assert await found(world, 1, metadata={"order": order, "shop": "b"}) == [other.id]


@clause("SEA-04", "All conditions of a search must match.", needs=NEEDS)
async def together(world: World) -> None:
    email, part = world.email(), world.unique("quill")
    mine = await world.billing.customers.create(email=email, name=f"Ada {part}")
    await world.billing.customers.create(email=email, name="Grace Hopper")
    await world.billing.customers.create(email=world.email(), name=f"Ada {part}")
    assert await found(world, 1, email=email, name=part) == [mine.id]


@clause("SEA-05", "Quotes, backslashes and words of a query language are ordinary text.", needs=NEEDS)
async def quotes(world: World) -> None:
    for text in ('say "hi"', "back\\slash", "it's", 'x" OR email:"y', "a AND b", "Ångström"):
        value = f"{text} {world.unique('z')}"
        mine = await world.billing.customers.create(email=world.email(), metadata={"note": value})
        assert await found(world, 1, metadata={"note": value}) == [mine.id], text


@clause("SEA-06", "A search returns every match once, page by page.", needs=NEEDS)
async def pages(world: World) -> None:
    email = world.email()
    mine = [(await world.billing.customers.create(email=email)).id for _ in range(5)]
    for size in (1, 2, 5):
        assert sorted(await found(world, 5, size=size, email=email)) == sorted(mine)


@clause(
    "SEA-07",
    "A search without conditions raises ValidationError before anything is sent. A search without matches is empty.",
    needs="customers.search",
)
async def nothing(world: World) -> None:
    searches: tuple[dict[str, Any], ...] = ({}, {"email": ""}, {"metadata": {}})
    for empty in searches:
        with refuses(ValidationError):
            await ids(world, 1, empty)
        assert world.requests == 0
    assert await ids(world, 1, {"email": world.email()}) == []
