"""Entitlements: what customers and subscriptions have now, because of the products that they subscribe to."""

from __future__ import annotations

from datetime import timedelta

from billbridge import Item, Price
from billbridge.errors import NotFoundError, ValidationError
from billbridge.model import Entitlement, FeatureKind, ProductFeature

from billbridge_contract.clauses.product_features import feature
from billbridge_contract.entities import check_all
from billbridge_contract.mistaken import mistake
from billbridge_contract.registry import clause
from billbridge_contract.same import fields
from billbridge_contract.subscribing import SELL
from billbridge_contract.world import World, everything, in_pages, refuses

GIVE = f"{SELL} product_features.create product_features.attach"
CHECK = f"{GIVE} entitlements.check"
LIST = f"{GIVE} entitlements.list"
LEVELS = "product_features.create.kind product_features.attach.value"


async def price_with(world: World, *given: ProductFeature, value: int | str | None = None) -> Price:
    """Create a monthly price whose product includes these features."""
    price = await world.price()
    for one in given:
        await world.billing.product_features.attach(price.product_id, feature=one.id, value=value)
    return price


async def customer_with(world: World, *prices: Price) -> str:
    """Create a customer who subscribes to these prices, each with a subscription of its own, and return the id."""
    customer = await world.customer(world.tokens.visa)
    for price in prices:
        await world.subscribe(customer.id, price.id)
    return customer.id


@clause("ENT-01", "A customer is entitled to the features of what they subscribe to, and to no others.", needs=CHECK, cards=True)
async def checked(world: World) -> None:
    sso, other = await feature(world), await feature(world)
    price, nobody = await price_with(world, sso), await world.customer()
    customer = await customer_with(world, price)
    found = await world.billing.entitlements.check(customer, sso.key)
    assert found is not None
    assert (found.key, found.feature_id, found.kind) == (sso.key, sso.id, FeatureKind.SWITCH)
    assert (found.value, found.quantity, found.unlimited, found.overridden) == (None, None, False, False)
    for id, key in ((customer, other.key), (customer, world.unique("f")), (nobody.id, sso.key)):
        assert await world.billing.entitlements.check(id, key) is None


@clause(
    "ENT-02",
    "A list has one entry for each feature, however many subscriptions give it, page by page.",
    needs=f"{LIST} entitlements.check",
    cards=True,
)
async def listed(world: World) -> None:
    features = [await feature(world) for _ in range(3)]
    customer = await customer_with(world, await price_with(world, *features), await price_with(world, features[0]))
    for size in (1, 2, 100):
        found = await in_pages(world.billing.entitlements.list(customer=customer, page_size=size), size)
        assert sorted(one.key for one in found) == sorted(one.key for one in features)
    check_all(world, [*found])
    for one in found:
        assert fields(one) == fields(await _checked(world, customer, one.key))
    assert await everything(world.billing.entitlements.list(customer=(await world.customer()).id)) == []


async def _checked(world: World, customer: str, key: str) -> Entitlement:
    found = await world.billing.entitlements.check(customer, key)
    assert found is not None, f"not entitled to {key}"
    return found


@clause(
    "ENT-03",
    "What one subscription gives is listed apart from the customer's others, and names the subscription.",
    needs=f"{LIST} entitlements.list.subscription subscriptions.list",
    cards=True,
)
async def of_a_subscription(world: World) -> None:
    sso, audit = await feature(world), await feature(world)
    customer = await customer_with(world, await price_with(world, sso), await price_with(world, sso, audit))
    newer, older = await everything(world.billing.subscriptions.list(customer=customer))
    if len([None async for _ in world.billing.entitlements.list(subscription=newer.id)]) == 1:
        newer, older = older, newer  # both were made in the same second
    for subscription, keys in ((older, [sso.key]), (newer, [sso.key, audit.key])):
        for size in (1, 100):
            found = await in_pages(world.billing.entitlements.list(subscription=subscription.id, page_size=size), size)
            assert sorted(one.key for one in found) == sorted(keys)
            assert [one.subscription_ids for one in found] == [[subscription.id]] * len(keys)


@clause("ENT-04", "A trial entitles.", needs=f"{CHECK} subscriptions.create.trial", cards=True)
async def on_trial(world: World) -> None:
    sso, customer = await feature(world), await world.customer(world.tokens.visa)
    price = await price_with(world, sso)
    await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)], trial_days=14)
    assert await world.billing.entitlements.check(customer.id, sso.key)


@clause(
    "ENT-05",
    "A cancelled subscription gives nothing.",
    needs=f"{CHECK} entitlements.list entitlements.list.subscription subscriptions.cancel",
    cards=True,
)
async def cancelled(world: World) -> None:
    sso, customer = await feature(world), await world.customer(world.tokens.visa)
    price = await price_with(world, sso)
    subscription = await world.subscribe(customer.id, price.id)
    await world.billing.subscriptions.cancel(subscription.id, timing="now")
    assert await world.billing.entitlements.check(customer.id, sso.key) is None
    assert await everything(world.billing.entitlements.list(subscription=subscription.id)) == []


@clause(
    "ENT-06",
    "A subscription that is cancelled for the end of its period entitles until then.",
    needs=f"{CHECK} subscriptions.cancel",
    cards=True,
    clock=True,
)
async def ending(world: World) -> None:
    sso, customer = await feature(world), await world.customer(world.tokens.visa)
    price = await price_with(world, sso)
    subscription = await world.subscribe(customer.id, price.id)
    await world.billing.subscriptions.cancel(subscription.id, timing="period_end")
    assert await world.billing.entitlements.check(customer.id, sso.key)
    world.advance(32)
    assert await world.billing.entitlements.check(customer.id, sso.key) is None


@clause("ENT-07", "Who has a feature keeps it when it is archived.", needs=f"{CHECK} product_features.archive", cards=True)
async def archived(world: World) -> None:
    sso = await feature(world)
    customer = await customer_with(world, await price_with(world, sso))
    await world.billing.product_features.archive(sso.id)
    assert await world.billing.entitlements.check(customer, sso.key)


@clause(
    "ENT-08",
    "Subscriptions gain a feature that is attached later, and lose one that is detached, at the latest with their next period.",
    needs=f"{CHECK} product_features.detach",
    cards=True,
    clock=True,
)
async def later(world: World) -> None:
    before, after = await feature(world), await feature(world)
    price = await price_with(world, before)
    customer = await customer_with(world, price)
    world.advance(1)
    await world.billing.product_features.attach(price.product_id, feature=after.id)
    await world.billing.product_features.detach(price.product_id, before.id)
    world.advance(32)
    assert await world.billing.entitlements.check(customer, after.key)
    assert await world.billing.entitlements.check(customer, before.key) is None


@clause(
    "ENT-09",
    "A quantity is the sum of what the subscriptions give, or unlimited; 0 is no entitlement.",
    needs=f"{CHECK} {LEVELS}",
    cards=True,
)
async def quantities(world: World) -> None:
    seats = await feature(world, kind="quantity", levels=["0", "5", "10", "unlimited"], unit="seat")
    prices = [await price_with(world, seats, value=value) for value in (0, 5, 10, "unlimited")]
    for count, quantity in ((2, 5), (3, 15)):
        found = await _checked(world, await customer_with(world, *prices[:count]), seats.key)
        assert (found.kind, found.quantity, found.unlimited, found.value) == (FeatureKind.QUANTITY, quantity, False, str(quantity))
        assert len(found.subscription_ids) == count - 1
    found = await _checked(world, await customer_with(world, *prices), seats.key)
    assert (found.quantity, found.unlimited) == (None, True)
    assert await world.billing.entitlements.check(await customer_with(world, prices[0]), seats.key) is None


@clause("ENT-10", "Of a range and of words, the highest that the subscriptions give counts.", needs=f"{CHECK} {LEVELS}", cards=True)
async def highest(world: World) -> None:
    calls = await feature(world, kind="range", levels=["1", "100"])
    support = await feature(world, kind="custom", levels=["E-mail", "Chat", "Phone"])
    prices = [await price_with(world, calls, value=30), await price_with(world, calls, value=9)]
    found = await _checked(world, await customer_with(world, *prices), calls.key)
    assert (found.kind, found.quantity, found.value) == (FeatureKind.RANGE, 30, "30")
    prices = [await price_with(world, support, value=value) for value in ("E-mail", "Phone", "Chat")]
    found = await _checked(world, await customer_with(world, *prices), support.key)
    assert (found.kind, found.quantity, found.value) == (FeatureKind.CUSTOM, None, "Phone")


@clause(
    "ENT-11",
    "An override gives one subscription another level until it is removed, also of a feature that its products lack.",
    needs=f"{CHECK} {LEVELS} entitlements.override entitlements.remove_override",
    cards=True,
)
async def overridden(world: World) -> None:
    seats, sso = await feature(world, kind="quantity", levels=["5", "10", "unlimited"]), await feature(world)
    price, customer = await price_with(world, seats, value=5), await world.customer(world.tokens.visa)
    subscription = await world.subscribe(customer.id, price.id)
    for given in (10, 5, 10):
        made = await world.billing.entitlements.override(subscription.id, feature=seats.id, value=given)
        check_all(world, [made])
        assert (made.subscription_id, made.feature_id, made.value, made.expires_at) == (subscription.id, seats.id, str(given), None)
        found = await _checked(world, customer.id, seats.key)
        assert (found.quantity, found.overridden) == (given, True)
    await world.billing.entitlements.override(subscription.id, feature=sso.id, value=True)
    assert await world.billing.entitlements.check(customer.id, sso.key)
    await world.billing.entitlements.override(subscription.id, feature=sso.id, value=False)
    assert await world.billing.entitlements.check(customer.id, sso.key) is None
    for _ in range(2):
        await world.billing.entitlements.remove_override(subscription.id, seats.id)
        found = await _checked(world, customer.id, seats.key)
        assert (found.quantity, found.overridden) == (5, False)


@clause("ENT-12", "An override ends at its time.", needs=f"{CHECK} {LEVELS} entitlements.override", cards=True, clock=True)
async def expiring(world: World) -> None:
    seats, customer = await feature(world, kind="quantity", levels=["5", "10"]), await world.customer(world.tokens.visa)
    price = await price_with(world, seats, value=5)
    subscription = await world.subscribe(customer.id, price.id)
    end = (world.backend.now() + timedelta(days=3)).replace(microsecond=0)
    made = await world.billing.entitlements.override(subscription.id, feature=seats.id, value=10, expires_at=end)
    assert made.expires_at == end
    assert (await _checked(world, customer.id, seats.key)).quantity == 10
    world.advance(4)
    assert (await _checked(world, customer.id, seats.key)).quantity == 5


@clause("ENT-13", "An unknown customer or subscription raises NotFoundError.", needs="entitlements.check entitlements.list")
async def unknown(world: World) -> None:
    entitlements, nobody = world.billing.entitlements, world.unique("nobody")
    with refuses(NotFoundError):
        await entitlements.check(nobody, "sso")
    with refuses(NotFoundError):
        await everything(entitlements.list(customer=nobody))
    if world.billing.supports("entitlements.list.subscription"):
        with refuses(NotFoundError):
            await everything(entitlements.list(subscription=nobody))
    if world.billing.supports("entitlements.override"):
        with refuses(NotFoundError):
            await entitlements.override(nobody, feature="sso", value=True)


async def _neither(world: World) -> None:
    await everything(world.billing.entitlements.list())


async def _both(world: World) -> None:
    await everything(world.billing.entitlements.list(customer="c", subscription="s"))


mistake(
    "ENT-14",
    "A list of entitlements without a customer or a subscription",
    ValidationError,
    "entitlements.list",
    _neither,
    param="customer",
)
mistake("ENT-15", "A list of entitlements with both", ValidationError, "entitlements.list", _both, param="customer")
