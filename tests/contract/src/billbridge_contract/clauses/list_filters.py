"""Lists by time: an exact time window and both orders, the same for every list that has them. Billbridge adds what a vendor cannot do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from billbridge.errors import ValidationError
from billbridge.model import Order

from billbridge_contract.chronology import Diary, five_days, in_order, resumed
from billbridge_contract.registry import clause
from billbridge_contract.subscribing import SELL
from billbridge_contract.world import World, everything, refuses

CUSTOMERS: Final = "customers.create customers.list"
SUBSCRIPTIONS: Final = f"{SELL} subscriptions.list"
INVOICES: Final = f"{SELL} invoices.list"
METHODS: Final = "customers.create payment_methods.attach payment_methods.list"
COUPONS: Final = "coupons.create coupons.list"
WINDOW: Final = "newest first. A time window includes its start and excludes its end."
OLDEST: Final = "oldest first on request, also in a time window, and a cursor continues in this order."

A_SECOND = timedelta(seconds=1)


async def customers(world: World) -> Diary:
    """Return a diary of customers with one e-mail address."""
    email = world.email()

    async def make() -> str:
        return (await world.billing.customers.create(email=email)).id

    return await five_days(world, make, lambda **filters: world.billing.customers.list(email=email, **filters))


async def sales(world: World, customer: str) -> Callable[[], Awaitable[str]]:
    """Return a customer and a function that creates one more subscription at each call."""

    async def make() -> str:
        price = await world.price()
        return (await world.subscribe(customer, price.id)).id

    return make


async def subscriptions(world: World) -> Diary:
    """Return a diary of subscriptions of one customer."""
    customer = await world.customer(world.tokens.visa)
    make = await sales(world, customer.id)
    return await five_days(world, make, lambda **filters: world.billing.subscriptions.list(customer=customer.id, **filters))


async def invoices(world: World) -> Diary:
    """Return a diary of invoices of one customer, each of another subscription."""
    customer = await world.customer(world.tokens.visa)
    sell = await sales(world, customer.id)

    async def make() -> str:
        (invoice,) = await everything(world.billing.invoices.list(subscription=await sell()))
        return invoice.id

    return await five_days(world, make, lambda **filters: world.billing.invoices.list(customer=customer.id, **filters))


async def methods(world: World) -> Diary:
    """Return a diary of cards of one customer."""
    customer = await world.customer()

    async def make() -> str:
        return (await world.billing.payment_methods.attach(customer.id, token=world.tokens.visa)).id

    return await five_days(world, make, lambda **filters: world.billing.payment_methods.list(customer=customer.id, **filters))


async def coupons(world: World) -> Diary:
    """Return a diary of coupons."""

    async def make() -> str:
        return (await world.billing.coupons.create(name=world.unique("Ten"), percent_off=10, duration="once")).id

    return await five_days(world, make, world.billing.coupons.list)


async def both(diary: Diary) -> None:
    """Assert that the list is oldest first, and that a cursor continues."""
    await in_order(diary, "oldest_first")
    await resumed(diary)


@clause("FLT-01", f"Customers are listed {WINDOW}", needs=f"{CUSTOMERS} customers.list.created", clock=True)
async def customers_by_time(world: World) -> None:
    await in_order(await customers(world), "newest_first")


@clause("FLT-02", f"Subscriptions are listed {WINDOW}", needs=f"{SUBSCRIPTIONS} subscriptions.list.created", clock=True, cards=True)
async def subscriptions_by_time(world: World) -> None:
    await in_order(await subscriptions(world), "newest_first")


@clause("FLT-03", f"Invoices are listed {WINDOW}", needs=f"{INVOICES} invoices.list.created", clock=True, cards=True)
async def invoices_by_time(world: World) -> None:
    await in_order(await invoices(world), "newest_first")


@clause("FLT-04", f"Payment methods are listed {WINDOW}", needs=f"{METHODS} payment_methods.list.created", clock=True, cards=True)
async def methods_by_time(world: World) -> None:
    await in_order(await methods(world), "newest_first")


@clause("FLT-05", f"Coupons are listed {WINDOW}", needs=f"{COUPONS} coupons.list.created", clock=True)
async def coupons_by_time(world: World) -> None:
    await in_order(await coupons(world), "newest_first")


@clause("FLT-06", f"Customers are listed {OLDEST}", needs=f"{CUSTOMERS} customers.list.created customers.list.oldest_first", clock=True)
async def oldest_customers(world: World) -> None:
    await both(await customers(world))


@clause(
    "FLT-07",
    f"Subscriptions are listed {OLDEST}",
    needs=f"{SUBSCRIPTIONS} subscriptions.list.created subscriptions.list.oldest_first",
    clock=True,
    cards=True,
)
async def oldest_subscriptions(world: World) -> None:
    await both(await subscriptions(world))


@clause(
    "FLT-08", f"Invoices are listed {OLDEST}", needs=f"{INVOICES} invoices.list.created invoices.list.oldest_first", clock=True, cards=True
)
async def oldest_invoices(world: World) -> None:
    await both(await invoices(world))


@clause(
    "FLT-09",
    f"Payment methods are listed {OLDEST}",
    needs=f"{METHODS} payment_methods.list.created payment_methods.list.oldest_first",
    clock=True,
    cards=True,
)
async def oldest_methods(world: World) -> None:
    await both(await methods(world))


@clause("FLT-10", f"Coupons are listed {OLDEST}", needs=f"{COUPONS} coupons.list.created coupons.list.oldest_first", clock=True)
async def oldest_coupons(world: World) -> None:
    await both(await coupons(world))


@clause(
    "FLT-11",
    "An object made at the start of a window is in the window. One made at its end is not.",
    needs=f"{CUSTOMERS} customers.list.created",
)
async def to_the_second(world: World) -> None:
    email = world.email()
    made = await world.billing.customers.create(email=email)
    when = made.created_at
    assert when is not None
    for begins, ends, expected in (
        (when, None, [made.id]),
        (when + A_SECOND, None, []),
        (None, when, []),
        (None, when + A_SECOND, [made.id]),
        (when, when + A_SECOND, [made.id]),
        (when - A_SECOND, when, []),
    ):
        found = await everything(world.billing.customers.list(email=email, created_gte=begins, created_lt=ends))
        assert [customer.id for customer in found] == expected, f"from {begins} to {ends}, made {when}"


@clause(
    "FLT-12",
    "A window that ends before it starts, or a time without a zone, raises ValidationError before anything is sent.",
    needs="customers.list",
)
async def impossible(world: World) -> None:
    now = world.backend.now()
    for begins, ends in ((now, now), (now, now - A_SECOND), (datetime(2026, 1, 1), None)):
        with refuses(ValidationError):
            await everything(world.billing.customers.list(created_gte=begins, created_lt=ends))
        assert world.requests == 0


@clause("FLT-13", "If one page can hold all objects, there is one page. One more object makes a second page.", needs=CUSTOMERS)
async def full_page(world: World) -> None:
    """100 and 101 objects with pages of 100, unless the backend asks for fewer."""
    size, email, made = world.backend.many * 2 // 5, world.email(), set[str]()
    for more, lengths in ((size, [size]), (1, [size, 1])):
        made |= {(await world.billing.customers.create(email=email)).id for _ in range(more)}
        pages = [page async for page in world.billing.customers.list(email=email, page_size=size).pages()]
        assert [len(page.items) for page in pages if page.items] == lengths
        assert {customer.id for page in pages for customer in page.items} == made


@clause(
    "FLT-14",
    "A long list with the oldest first returns every object once, over several pages of any size.",
    needs=f"{CUSTOMERS} customers.list.oldest_first",
    clock=True,
)
async def long_walk(world: World) -> None:
    size, email, made = world.backend.many // 2, world.email(), list[set[str]]()
    for _ in range(2):
        made.append({(await world.billing.customers.create(email=email)).id for _ in range(size)})
        world.advance(1)
    for page_size in (size * 4 // 5, size // 2):
        listed = world.billing.customers.list(email=email, order=Order.OLDEST_FIRST, page_size=page_size)
        pages = [page async for page in listed.pages()]
        assert max(len(page.items) for page in pages) == page_size
        found = [customer.id for page in pages for customer in page.items]
        assert len(found) == 2 * size
        assert [set(found[:size]), set(found[size:])] == made
