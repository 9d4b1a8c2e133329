"""Connected accounts: a view or a client acts for an account that is connected to the platform's own."""

from __future__ import annotations

from billbridge.errors import NotFoundError, PermissionDeniedError, UnsupportedOperationError, ValidationError
from billbridge.services.capability import CONNECTED_ACCOUNTS

from billbridge_contract.registry import clause
from billbridge_contract.world import World, everything, refuses

CREATE = f"{CONNECTED_ACCOUNTS} customers.create"


@clause(
    "ACC-01",
    "What is made for a connected account is there only; the account of the key does not see it.",
    needs=f"{CREATE} customers.get customers.list",
    account=True,
)
async def separate(world: World) -> None:
    theirs = world.billing.with_options(connected_account=world.backend.connected_account)
    made = await theirs.customers.create(email=world.email())
    assert (await theirs.customers.get(made.id)).email == made.email
    with refuses(NotFoundError):
        await world.billing.customers.get(made.id)
    assert await everything(world.billing.customers.list(email=made.email)) == []
    assert [each.id for each in await everything(theirs.customers.list(email=made.email))] == [made.id]


@clause(
    "ACC-02",
    "A view of a view keeps the connected account; None goes back to the account of the key.",
    needs=f"{CREATE} customers.get",
    account=True,
)
async def views(world: World) -> None:
    theirs = world.billing.with_options(connected_account=world.backend.connected_account)
    made = await theirs.with_options(retries=0).customers.create(email=world.email())
    assert (await theirs.customers.get(made.id)).id == made.id
    with refuses(NotFoundError):
        await theirs.with_options(connected_account=None).customers.get(made.id)


@clause(
    "ACC-03", "The same idempotency key at two accounts does the same twice, once at each.", needs=f"{CREATE} customers.list", account=True
)
async def keys(world: World) -> None:
    ours = world.billing.with_options(idempotency_key=world.unique("key"))
    theirs = ours.with_options(connected_account=world.backend.connected_account)
    email = world.email()
    first, second = await ours.customers.create(email=email), await theirs.customers.create(email=email)
    assert not second.replayed
    for view, made in ((ours, first), (theirs, second)):
        assert [each.id for each in await everything(view.customers.list(email=email))] == [made.id]


@clause("ACC-04", "An account that is not connected is refused, and nothing is made.", needs=CREATE, account=True)
async def unknown(world: World) -> None:
    assert world.backend.connected_account is not None
    other = world.billing.with_options(connected_account=world.backend.connected_account + "0")
    with refuses(PermissionDeniedError):
        await other.customers.create(email=world.email())


@clause("ACC-05", "What cannot be the id of an account is refused. A provider without connected accounts says so. Nothing is sent.")
async def refused(world: World) -> None:
    wanted = ValidationError if world.billing.supports(CONNECTED_ACCOUNTS) else UnsupportedOperationError
    for wrong in ("", "no account", "acct_1\r\nX: y"):
        try:
            world.billing.with_options(connected_account=wrong)
        except wanted:
            continue
        raise AssertionError(f"an account {wrong!r} raised nothing")
    assert world.requests == 0
