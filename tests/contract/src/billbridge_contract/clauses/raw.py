"""Raw requests to the vendor's own API. The clauses take the vendor's paths from the requests of `customers.get`."""

from __future__ import annotations

from billbridge.errors import NotFoundError, ValidationError

from billbridge_contract.registry import clause
from billbridge_contract.world import World, refuses

READ = "customers.create customers.get"


async def path_of_a_customer(world: World) -> tuple[str, str]:
    """Create a customer. Return its id and the vendor's path to it."""
    customer = await world.customer()
    await world.billing.customers.get(customer.id)
    return customer.id, world.meter.exchanges[-1].path


async def path_of_nobody(world: World) -> str:
    """Return the vendor's path to a customer that does not exist."""
    id, path = await path_of_a_customer(world)
    return path.replace(id, world.unique("nobody"))


@clause("RAW-01", "A raw read of the vendor's path returns the vendor's JSON.", needs=f"{READ} raw.get")
async def get(world: World) -> None:
    id, path = await path_of_a_customer(world)
    answer = await world.billing.raw.get(path)
    assert isinstance(answer, dict)
    assert id in str(answer)


@clause("RAW-02", "A raw read of an unknown object raises NotFoundError.", needs=f"{READ} raw.get")
async def get_unknown(world: World) -> None:
    with refuses(NotFoundError) as caught:
        await world.billing.raw.get(await path_of_nobody(world))
    assert caught.error.operation == "raw.get"


@clause("RAW-03", "A raw write to an unknown object raises NotFoundError.", needs=f"{READ} raw.post")
async def post_unknown(world: World) -> None:
    with refuses(NotFoundError) as caught:
        await world.billing.raw.post(await path_of_nobody(world), {"email": world.email()})
    assert caught.error.operation == "raw.post"


@clause("RAW-04", "A raw delete of an unknown object raises NotFoundError.", needs=f"{READ} raw.delete")
async def delete_unknown(world: World) -> None:
    with refuses(NotFoundError) as caught:
        await world.billing.raw.delete(await path_of_nobody(world))
    assert caught.error.operation == "raw.delete"


@clause("RAW-05", "A path that leads to another host raises ValidationError before anything is sent.", needs="raw.get")
async def other_hosts(world: World) -> None:
    for path in ("https://example.com/", "//example.com/v1", "example.com", "@example.com/", "", "/v1/../../x", "/v1/a\r\nb"):
        with refuses(ValidationError):
            await world.billing.raw.get(path)
        assert world.requests == 0, f"{path!r} was sent"
