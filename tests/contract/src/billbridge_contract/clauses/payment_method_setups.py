"""Setups: ask a customer for a new payment method, on a hosted page of the vendor or on the application's own page."""

from __future__ import annotations

from datetime import timedelta

from billbridge import Customer
from billbridge.errors import NotFoundError, ValidationError
from billbridge.model import PaymentMethodSetup, SetupStatus, SetupWay

from billbridge_contract.registry import clause
from billbridge_contract.same import check_values
from billbridge_contract.world import World, refuses

MAKE = "customers.create payment_methods.setup"
READ = f"{MAKE} payment_methods.get_setup"
BACK = "https://example.com/billing/done"
WAITING = (SetupStatus.PENDING, SetupStatus.ACTION_REQUIRED)


def check(made: PaymentMethodSetup, read: PaymentMethodSetup, customer: Customer, way: SetupWay) -> None:
    """Assert that a setup is new, and that reading it returns the same."""
    assert made.customer_id == customer.id
    assert read.customer_id in (None, customer.id)
    for setup in (made, read):
        assert (setup.id, setup.way, setup.payment_method_id) == (made.id, way, None)
        assert setup.status in WAITING


@clause("SET-01", "The setup of a hosted page has a URL for the customer, and no payment method yet.", needs=READ)
async def hosted(world: World) -> None:
    customer = await world.customer()
    made = await world.billing.payment_methods.setup(customer.id, return_url=BACK)
    read = await world.billing.payment_methods.get_setup(made.id)
    check(made, read, customer, SetupWay.HOSTED)
    assert made.url is not None
    assert made.url.startswith("https://")
    assert read.url in (None, made.url)
    assert (made.client_secret, read.client_secret) == (None, None)
    for when in (made.expires_at, read.expires_at):
        assert when is None or timedelta() < when - world.backend.now() < timedelta(days=31)


@clause(
    "SET-02",
    "The setup for the application's own page has a client secret, and no payment method yet.",
    needs=f"{READ} payment_methods.setup.client_side",
)
async def client_side(world: World) -> None:
    customer = await world.customer()
    made = await world.billing.payment_methods.setup(customer.id, way="client_side")
    read = await world.billing.payment_methods.get_setup(made.id)
    check(made, read, customer, SetupWay.CLIENT_SIDE)
    assert made.client_secret
    check_values(made, made.provider)
    assert read.client_secret in (None, made.client_secret)
    assert (made.url, read.url) == (None, None)


@clause(
    "SET-03",
    "A setup for an unknown customer raises NotFoundError. So does reading an unknown setup.",
    needs="payment_methods.setup payment_methods.get_setup",
)
async def unknown(world: World) -> None:
    with refuses(NotFoundError):
        await world.billing.payment_methods.setup(world.unique("nobody"), return_url=BACK)
    with refuses(NotFoundError):
        await world.billing.payment_methods.get_setup(world.unique("setup"))


@clause("SET-04", "The repr of a setup shows neither its URL nor its client secret.", needs=READ)
async def secrets(world: World) -> None:
    customer = await world.customer()
    ways: list[tuple[SetupWay, str | None]] = [(SetupWay.HOSTED, BACK)]
    if world.billing.supports("payment_methods.setup.client_side"):
        ways.append((SetupWay.CLIENT_SIDE, None))
    for way, back in ways:
        made = await world.billing.payment_methods.setup(customer.id, way=way, return_url=back)
        hidden = [secret for secret in (made.url, made.client_secret) if secret]
        assert hidden
        for shown in (repr(made), str(made), repr([made]), repr(await world.billing.payment_methods.get_setup(made.id))):
            assert not any(secret in shown for secret in hidden)


@clause("SET-05", "A hosted page without a return URL raises ValidationError before anything is sent.", needs="payment_methods.setup")
async def impossible(world: World) -> None:
    for way, back in ((SetupWay.HOSTED, None), (SetupWay.HOSTED, "/billing/done"), (SetupWay.CLIENT_SIDE, BACK)):
        with refuses(ValidationError):
            await world.billing.payment_methods.setup("customer", way=way, return_url=back)
        assert world.requests == 0
