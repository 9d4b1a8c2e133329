"""Lists: order, pages and cursors. The clauses use customers, because these need the fewest requests to create."""

from __future__ import annotations

from itertools import pairwise

from billbridge import Customer, Page
from billbridge.errors import ValidationError

from billbridge_contract.registry import clause
from billbridge_contract.world import World, everything, refuses

NEEDS = "customers.create customers.list"


async def crowd(world: World, size: int) -> tuple[str, list[str]]:
    """Create customers with one e-mail address. Return the address and the ids in the order of creation."""
    email = world.email()
    return email, [(await world.billing.customers.create(email=email)).id for _ in range(size)]


async def pages_of(world: World, email: str, size: int, cursor: str | None = None) -> list[Page[Customer]]:
    """Return the pages of a list by e-mail."""
    listed = world.billing.customers.list(email=email, page_size=size, cursor=cursor)
    return [page async for page in listed.pages()]


def ids(pages: list[Page[Customer]]) -> list[str]:
    """Return the ids of all pages."""
    return [customer.id for page in pages for customer in page.items]


@clause("LST-01", "A filter finds everything that matches, once, and nothing else.", needs=NEEDS)
async def filtered(world: World) -> None:
    email, mine = await crowd(world, 3)
    await crowd(world, 2)
    found = await everything(world.billing.customers.list(email=email))
    assert sorted(customer.id for customer in found) == sorted(mine)
    assert {customer.email for customer in found} == {email}


@clause("LST-02", "A list is newest first.", needs=NEEDS)
async def order(world: World) -> None:
    """Objects that were made in the same second can come in either order."""
    email, _ = await crowd(world, 4)
    times = [customer.created_at for customer in await everything(world.billing.customers.list(email=email))]
    assert len(times) == 4
    for newer, older in pairwise(times):
        assert newer is not None
        assert older is not None
        assert newer >= older


@clause("LST-03", "Of two objects made on different days, the newer one comes first, also across pages.", needs=NEEDS, clock=True)
async def order_by_day(world: World) -> None:
    email = world.email()
    made = []
    for _ in range(5):
        made.append((await world.billing.customers.create(email=email)).id)
        world.advance(1)
    assert ids(await pages_of(world, email, 2)) == made[::-1]


@clause("LST-04", "A long list returns every object once, over several pages.", needs=NEEDS)
async def walk(world: World) -> None:
    """250 objects with pages of 100, unless the backend asks for fewer."""
    many = world.backend.many
    email, made = await crowd(world, many)
    size = many * 2 // 5
    pages = await pages_of(world, email, size)
    assert [len(page.items) for page in pages] == [size, size, many - 2 * size]
    found = ids(pages)
    assert len(found) == len(set(found))
    assert set(found) == set(made)


@clause("LST-05", "A list that fills its last page exactly ends there and repeats nothing.", needs=NEEDS)
async def boundary(world: World) -> None:
    email, made = await crowd(world, 4)
    pages = await pages_of(world, email, 2)
    assert sorted(ids(pages)) == sorted(made)
    assert [len(page.items) for page in pages if page.items] == [2, 2]


@clause("LST-06", "A page size of 1 works.", needs=NEEDS)
async def one_by_one(world: World) -> None:
    email, made = await crowd(world, 3)
    pages = await pages_of(world, email, 1)
    assert sorted(ids(pages)) == sorted(made)
    assert max(len(page.items) for page in pages) == 1


@clause("LST-07", "A list without matches is one empty page without a next cursor.", needs="customers.list")
async def empty(world: World) -> None:
    pages = await pages_of(world, world.email(), 10)
    assert [page.items for page in pages] == [[]]
    assert pages[0].next_cursor is None


@clause("LST-08", "A cursor continues after its page, also with another page size.", needs=NEEDS)
async def resume(world: World) -> None:
    email, made = await crowd(world, 5)
    first = (await pages_of(world, email, 2))[0]
    assert first.next_cursor is not None
    rest = await pages_of(world, email, 3, first.next_cursor)
    assert sorted(ids([first, *rest])) == sorted(made)
    assert not set(ids([first])) & set(ids(rest))


@clause(
    "LST-09",
    "A cursor of a list with other filters, or a text that is not a cursor, raises ValidationError before anything is sent.",
    needs=NEEDS,
)
async def foreign_cursor(world: World) -> None:
    email, _ = await crowd(world, 2)
    cursor = (await pages_of(world, email, 1))[0].next_cursor
    for other, wrong in ((world.email(), cursor), (email, "not a cursor")):
        with refuses(ValidationError):
            await pages_of(world, other, 1, wrong)
        assert world.requests == 0


@clause("LST-10", "A cursor of another kind of list raises ValidationError before anything is sent.", needs=f"{NEEDS} products.list")
async def cursor_of_another_list(world: World) -> None:
    email, _ = await crowd(world, 2)
    cursor = (await pages_of(world, email, 1))[0].next_cursor
    with refuses(ValidationError):
        await everything(world.billing.products.list(cursor=cursor))
    assert world.requests == 0


@clause("LST-11", "A page size outside 1 to 100 raises ValidationError before anything is sent.", needs="customers.list")
async def page_sizes(world: World) -> None:
    for size in (0, -1, 101):
        with refuses(ValidationError):
            await everything(world.billing.customers.list(page_size=size))
        assert world.requests == 0
