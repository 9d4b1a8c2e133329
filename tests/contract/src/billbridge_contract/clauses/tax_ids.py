"""Tax numbers of customers: adding, reading and removing them."""

from __future__ import annotations

from billbridge import Customer
from billbridge.errors import InvalidStateError, NotFoundError, ValidationError
from billbridge.model import NewTaxId, TaxId, TaxIdStatus

from billbridge_contract.clauses.customer_details import STREET
from billbridge_contract.registry import clause
from billbridge_contract.same import said
from billbridge_contract.world import World, everything, refuses

ADD = "customers.create customers.get customers.add_tax_id"
VAT = "DE123456789"
OTHER = "FR12345678901"


async def berliner(world: World) -> Customer:
    """Create a customer in the country of the number, because Chargebee finds the type of a number by the country."""
    return await world.billing.customers.create(email=world.email(), name="Ada Lovelace", address=STREET)


async def numbers(world: World, id: str) -> list[tuple[str, str | None, str]]:
    """Return the ids, types and values of a customer's tax numbers. Their verification can change at any time, so it is left out."""
    return [(tax.id, tax.type, tax.value) for tax in (await world.billing.customers.get(id)).tax_ids or []]


def mine(tax: TaxId) -> tuple[str, str | None, str]:
    """Return the id, the type and the value of one tax number."""
    return (tax.id, tax.type, tax.value)


@clause("TAX-01", "A tax number that is added is read back with the customer. Other fields are unchanged.", needs=f"{ADD} customers.list")
async def added(world: World) -> None:
    customer = await berliner(world)
    assert await numbers(world, customer.id) == []
    tax = await world.billing.customers.add_tax_id(customer.id, type="eu_vat", value=VAT)
    assert (tax.type, tax.value) == ("eu_vat", VAT)
    assert tax.country in (None, "DE")
    assert await numbers(world, customer.id) == [mine(tax)]
    read = await world.billing.customers.get(customer.id)
    assert (read.name, read.email, read.address) == (customer.name, customer.email, STREET)
    assert (tax.vendor_status or "") in bytes(read.raw).decode()
    assert (tax.status is TaxIdStatus.UNKNOWN) is (tax.vendor_status is None)
    (listed,) = await everything(world.billing.customers.list(email=customer.email))
    assert [mine(one) for one in listed.tax_ids or []] == [mine(tax)]


@clause("TAX-02", "A tax number that is passed to create is the same as one that is added later.", needs=f"{ADD} customers.create.tax_ids")
async def created_with(world: World) -> None:
    other = await berliner(world)
    added = await world.billing.customers.add_tax_id(other.id, type="eu_vat", value=VAT)
    made = await world.billing.customers.create(email=world.email(), address=STREET, tax_ids=[NewTaxId(type="eu_vat", value=VAT)])
    read = await world.billing.customers.get(made.id)
    for customer in (made, read):
        assert [(tax.type, tax.value) for tax in customer.tax_ids or []] == [(added.type, added.value)]
    assert read.address == STREET


@clause(
    "TAX-03",
    "A tax number that is removed is gone. Removing it again, or removing an unknown one, raises NotFoundError.",
    needs=f"{ADD} customers.remove_tax_id",
)
async def removed(world: World) -> None:
    customer = await berliner(world)
    tax = await world.billing.customers.add_tax_id(customer.id, type="eu_vat", value=VAT)
    with refuses(NotFoundError):
        await world.billing.customers.remove_tax_id(customer.id, world.unique("txi"))
    assert await numbers(world, customer.id) == [mine(tax)]
    await world.billing.customers.remove_tax_id(customer.id, tax.id)
    assert await numbers(world, customer.id) == []
    with refuses(NotFoundError):
        await world.billing.customers.remove_tax_id(customer.id, tax.id)
    again = await world.billing.customers.add_tax_id(customer.id, type="eu_vat", value=VAT)
    assert await numbers(world, customer.id) == [mine(again)]


@clause("TAX-04", "A second tax number is added to the first or raises InvalidStateError. It never replaces the first.", needs=ADD)
async def second(world: World) -> None:
    """Chargebee has one VAT number for each customer."""
    customer = await berliner(world)
    first = await world.billing.customers.add_tax_id(customer.id, type="eu_vat", value=VAT)
    try:
        tax = await world.billing.customers.add_tax_id(customer.id, type="eu_vat", value=OTHER)
    except InvalidStateError:
        assert await numbers(world, customer.id) == [mine(first)]
    else:
        assert sorted(await numbers(world, customer.id)) == sorted([mine(first), mine(tax)])


@clause(
    "TAX-05",
    "Several tax numbers that are passed to create are all stored.",
    needs="customers.create customers.get customers.create.tax_ids customers.create.several_tax_ids",
)
async def several(world: World) -> None:
    given = [NewTaxId(type="eu_vat", value=VAT), NewTaxId(type="gb_vat", value="GB123456789")]
    made = await world.billing.customers.create(email=world.email(), address=STREET, tax_ids=given)
    kept = sorted((type or "", value) for _, type, value in await numbers(world, made.id))
    assert kept == [(new.type, new.value) for new in given]


@clause(
    "TAX-06",
    "An invalid tax number raises an error without the number in its text, or is stored as given. A blank one is not sent.",
    needs=ADD,
)
async def impossible(world: World) -> None:
    """Stripe checks the format of a number. Chargebee asks the authority, if the site is configured to do so."""
    customer = await berliner(world)
    with refuses(ValidationError):
        await world.billing.customers.add_tax_id(customer.id, type="eu_vat", value=" ")
    assert world.requests == 0
    refusal, kept = None, []
    try:
        tax = await world.billing.customers.add_tax_id(customer.id, type="eu_vat", value="DE-Zenobia")
    except ValidationError as error:
        refusal = error
    else:
        kept = [mine(tax)]
        assert (tax.value, tax.status is TaxIdStatus.VERIFIED) == ("DE-Zenobia", False)
    assert await numbers(world, customer.id) == kept
    assert refusal is None or "Zenobia" not in said(refusal)


@clause("TAX-07", "Adding a tax number to an unknown customer raises NotFoundError.", needs="customers.add_tax_id customers.remove_tax_id")
async def unknown(world: World) -> None:
    nobody = world.unique("nobody")
    with refuses(NotFoundError):
        await world.billing.customers.add_tax_id(nobody, type="eu_vat", value=VAT)
    with refuses(NotFoundError):
        await world.billing.customers.remove_tax_id(nobody, "vat_number")


@clause("TAX-08", "The repr of a tax number does not show the number.", needs=ADD)
async def repr_of_a_tax_id(world: World) -> None:
    customer = await berliner(world)
    tax = await world.billing.customers.add_tax_id(customer.id, type="eu_vat", value=VAT)
    for shown in (repr(tax), str(tax), repr((await world.billing.customers.get(customer.id)).tax_ids)):
        assert VAT not in shown
        assert VAT[2:] not in shown
