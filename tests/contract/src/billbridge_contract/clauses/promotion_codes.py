"""Promotion codes: the codes that customers type to get a coupon. Every vendor with promotion codes has codes that work once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from billbridge import Money, PromotionCode
from billbridge.errors import DuplicateError, NotFoundError, ValidationError

from billbridge_contract.registry import clause
from billbridge_contract.same import fields
from billbridge_contract.world import World, everything, in_pages, refuses

MAKE = "coupons.create promotion_codes.create"
READ = f"{MAKE} promotion_codes.get"


async def half(world: World) -> str:
    """Create a coupon of 50 per cent and return its id."""
    return (await world.billing.coupons.create(name=world.unique("Half"), percent_off=50, duration="once")).id


def text(world: World) -> str:
    """Return a unique code in upper case, because some vendors ignore the case."""
    return world.unique("CODE").replace("-", "").upper()


async def code(world: World, coupon: str, **fields: Any) -> PromotionCode:
    """Create a code that works once."""
    return await world.billing.promotion_codes.create(**{"coupon": coupon, "code": text(world), "max_redemptions": 1, **fields})


@clause("PMO-01", "A code that works once is read back as it was created.", needs=READ)
async def round_trip(world: World) -> None:
    coupon, typed = await half(world), text(world)
    made = await world.billing.promotion_codes.create(coupon=coupon, code=typed, max_redemptions=1)
    read = await world.billing.promotion_codes.get(made.id)
    for one in (made, read):
        assert (one.code, one.coupon_id, one.active) == (typed, coupon, True)
        assert (one.max_redemptions, one.redemptions) == (1, 0)
        assert (one.customer_id, one.expires_at, one.minimum_amount, one.first_time_only, one.metadata) == (None, None, None, False, {})
    assert fields(read) == fields(made)


@clause(
    "PMO-02",
    "The text that a customer types finds the code. An unknown text or id raises NotFoundError.",
    needs=f"{READ} promotion_codes.find",
)
async def find(world: World) -> None:
    coupon = await half(world)
    made, other = await code(world, coupon), await code(world, coupon)
    for one in (made, other):
        assert fields(await world.billing.promotion_codes.find(one.code)) == fields(one)
    with refuses(NotFoundError):
        await world.billing.promotion_codes.find(text(world))
    with refuses(NotFoundError):
        await world.billing.promotion_codes.get(world.unique("promo"))


@clause("PMO-03", "A code that exists raises DuplicateError, and the first one is unchanged.", needs=f"{MAKE} promotion_codes.find")
async def taken(world: World) -> None:
    first, other = await code(world, await half(world)), await half(world)
    with refuses(DuplicateError):
        await code(world, other, code=first.code)
    assert (await world.billing.promotion_codes.find(first.code)).coupon_id == first.coupon_id


@clause("PMO-04", "A code for an unknown coupon raises NotFoundError and is not created.", needs=f"{MAKE} promotion_codes.find")
async def unknown_coupon(world: World) -> None:
    typed = text(world)
    with refuses(NotFoundError):
        await code(world, world.unique("NOTHING"), code=typed)
    with refuses(NotFoundError):
        await world.billing.promotion_codes.find(typed)
    assert (await code(world, await half(world), code=typed)).code == typed


@clause(
    "PMO-05",
    "A deactivated code is inactive wherever it is read. Repeating the call changes nothing.",
    needs=f"{READ} promotion_codes.find promotion_codes.deactivate",
)
async def deactivate(world: World) -> None:
    coupon = await half(world)
    made, other = await code(world, coupon), await code(world, coupon)
    for _ in range(2):
        answered = await world.billing.promotion_codes.deactivate(made.id)
        read, found = await world.billing.promotion_codes.get(made.id), await world.billing.promotion_codes.find(made.code)
        for one in (answered, read, found):
            assert (one.id, one.code, one.coupon_id, one.active) == (made.id, made.code, coupon, False)
    assert (await world.billing.promotion_codes.find(other.code)).active
    with refuses(NotFoundError):
        await world.billing.promotion_codes.deactivate(world.unique("promo"))


@clause(
    "PMO-06",
    "A list of a coupon's codes can be filtered by active or inactive, with any page size.",
    needs=f"{READ} promotion_codes.deactivate promotion_codes.list",
)
async def listed(world: World) -> None:
    """If Billbridge filters by `active`, because the vendor cannot, a page without a match must not end the list."""
    coupon = await half(world)
    made = [(await code(world, coupon)).id for _ in range(5)]
    await code(world, await half(world))
    for id in made[1:4]:
        await world.billing.promotion_codes.deactivate(id)
    for active, expected in ((True, [made[0], made[4]]), (False, made[1:4]), (None, made)):
        for size in (1, 2, 100):
            found = await in_pages(world.billing.promotion_codes.list(coupon=coupon, active=active, page_size=size), size)
            assert sorted(one.id for one in found) == sorted(expected)
    for one in found:
        assert fields(one) == fields(await world.billing.promotion_codes.get(one.id))


@clause("PMO-07", "A code can work more than once, or without a limit.", needs=f"{READ} promotion_codes.create.reusable")
async def reusable(world: World) -> None:
    coupon = await half(world)
    for limit in (None, 5):
        made = await code(world, coupon, max_redemptions=limit)
        assert (await world.billing.promotion_codes.get(made.id)).max_redemptions == made.max_redemptions == limit


@clause(
    "PMO-08",
    "A code keeps its own limits: customer, expiry, minimum amount, first-time customers, metadata.",
    needs=f"{READ} customers.create promotion_codes.create.limits",
)
async def limits(world: World) -> None:
    coupon, customer = await half(world), await world.customer()
    expires, least = world.backend.now().replace(microsecond=0) + timedelta(days=30), Money("20.00", "USD")
    made = await code(
        world, coupon, customer=customer.id, expires_at=expires, minimum_amount=least, first_time_only=True, metadata={"a": "1"}
    )
    for one in (made, await world.billing.promotion_codes.get(made.id)):
        assert (one.customer_id, one.expires_at, one.minimum_amount) == (customer.id, expires, least)
        assert (one.first_time_only, one.metadata, one.max_redemptions) == (True, {"a": "1"}, 1)
    yen = await code(world, coupon, minimum_amount=Money(500, "JPY"))
    assert (await world.billing.promotion_codes.get(yen.id)).minimum_amount == Money(500, "JPY")


@clause("PMO-09", "An update merges the metadata of a code and changes nothing else.", needs=f"{READ} promotion_codes.update")
async def update(world: World) -> None:
    made = await code(world, await half(world))
    for given, expected in (({"a": "1", "b": "2"}, {"a": "1", "b": "2"}), ({"a": "", "c": "3"}, {"b": "2", "c": "3"}), (None, {})):
        updated = await world.billing.promotion_codes.update(made.id, metadata=given)
        for one in (updated, await world.billing.promotion_codes.get(made.id)):
            assert one.metadata == expected
            assert fields(one, "metadata") == fields(made, "metadata")
    with refuses(NotFoundError):
        await world.billing.promotion_codes.update(world.unique("promo"), metadata={"a": "1"})


@clause("PMO-10", "A code that nobody could use raises ValidationError before anything is sent.", needs="promotion_codes.create")
async def impossible(world: World) -> None:
    wrong: tuple[dict[str, Any], ...] = ({"max_redemptions": 0}, {"minimum_amount": Money(0, "USD")}, {"code": " "})
    for fault in wrong:
        with refuses(ValidationError):
            await code(world, "HALF", **fault)
        assert world.requests == 0


@clause("PMO-11", "A list without a coupon has the codes of all coupons.", needs=f"{MAKE} promotion_codes.list")
async def listed_together(world: World) -> None:
    made = {(await code(world, await half(world))).id for _ in range(3)}
    for active in (None, True):
        found = [one.id for one in await everything(world.billing.promotion_codes.list(active=active))]
        assert len(found) == len(set(found))
        assert made <= set(found)
    assert not made & {one.id async for one in world.billing.promotion_codes.list(active=False)}
