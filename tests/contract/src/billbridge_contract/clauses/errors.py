"""Errors: what they tell a program, and what they never show in a log."""

from __future__ import annotations

from billbridge import Address
from billbridge.errors import BillingError, NotFoundError, ValidationError

from billbridge_contract.registry import clause
from billbridge_contract.same import said, secrets
from billbridge_contract.world import World, refuses


@clause(
    "ERR-01",
    "An error holds the provider, the operation, the HTTP status, the vendor's code and the vendor's answer.",
    needs="customers.get",
)
async def facts(world: World) -> None:
    with refuses(NotFoundError) as caught:
        await world.billing.customers.get(world.unique("nobody"))
    error = caught.error
    assert world.meter.provider is not None
    assert (error.provider, error.operation) == (world.meter.provider.name, "customers.get")
    assert error.status is not None
    assert 400 <= error.status < 500
    assert error.code
    assert not error.retryable
    assert error.raw


@clause("ERR-02", "The text of an error holds no personal data that was sent.", needs="customers.create customers.update")
async def no_personal_data(world: World) -> None:
    name, phone, street = world.unique("Zenobia Quill"), "+442079460123", "7 Hidden Lane"
    bad = world.unique("not-an-address")
    for email in (world.email(), bad):
        with refuses(NotFoundError, ValidationError) as caught:
            await world.billing.customers.update(
                world.unique("nobody"),
                email=email,
                name=name,
                phone=phone,
                address=Address(line1=street, country="GB"),
                metadata={"pet": "Rumpel"},
            )
        for private in (email, name, phone, street, "Rumpel"):
            assert private not in said(caught.error)
    error = None
    try:
        await world.billing.customers.create(email=bad, name=name)
    except BillingError as refusal:
        error = refusal
    assert error is None or not any(private in said(error) for private in (bad, name))


@clause("ERR-03", "The text of an error and the repr of a client or a provider hold no API key.", needs="customers.get")
async def no_secret(world: World) -> None:
    with refuses(NotFoundError) as caught:
        await world.billing.customers.get(world.unique("nobody"))
    provider = world.meter.provider
    assert provider is not None
    hidden = secrets(provider)
    assert hidden, "the provider has no credentials at all"
    told = [
        said(caught.error),
        repr(provider),
        str(provider),
        repr(world.billing),
        repr(world.billing.customers),
        repr(world.billing.capabilities),
    ]
    for secret in hidden:
        assert secret not in "\n".join(told)


@clause(
    "ERR-04",
    "An id that is empty, blank or dots, or holds control characters, raises ValidationError before anything is sent.",
    needs="customers.get",
)
async def impossible_ids(world: World) -> None:
    for id in ("", "  ", ".", "..", "a\nb", "a\x00b"):
        with refuses(ValidationError):
            await world.billing.customers.get(id)
        assert world.requests == 0, f"{id!r} was sent"


@clause(
    "ERR-05",
    "An id with a slash, a question mark or a dot does not reach another path. It raises NotFoundError.",
    needs="customers.create customers.get",
)
async def strange_ids(world: World) -> None:
    customer = await world.customer()
    for id in (f"nobody/../{customer.id}", f"{customer.id}/nothing", f"{customer.id}?x=1", f"{customer.id}#x", f"%2e%2e/{customer.id}"):
        with refuses(NotFoundError, ValidationError):
            await world.billing.customers.get(id)
