"""Customers beyond name and address. A field that only some vendors store is a capability of its own, and no vendor drops it silently."""

from __future__ import annotations

from billbridge import Address
from billbridge.errors import InvalidStateError, NotFoundError, ValidationError
from billbridge.model import Shipping, TaxExempt

from billbridge_contract.registry import clause
from billbridge_contract.same import fields
from billbridge_contract.subscribing import SELL
from billbridge_contract.world import MONTHLY, World, everything, refuses

READ = "customers.create customers.get"
CHANGE = f"{READ} customers.update"
EXEMPT = "customers.create.tax_exempt"
ALL = f"customers.create.company customers.create.locale {EXEMPT}"
COMPANY = "Ängström & Söhne GmbH"
STREET = Address(line1="Unter den Linden 1", city="Berlin", postal_code="10117", country="DE")
HARBOUR = Address(line1="Hafenstraße 7", line2="Tor 3", city="Hamburg", postal_code="20457", country="DE")


@clause("CUD-01", "Company, language and tax exemption are read back as they were given.", needs=f"{READ} {ALL}")
async def round_trip(world: World) -> None:
    made = await world.billing.customers.create(
        email=world.email(), name="Ada Lovelace", company=COMPANY, locale="fr-CA", tax_exempt="exempt"
    )
    read = await world.billing.customers.get(made.id)
    for customer in (made, read):
        assert (customer.name, customer.company, customer.locale) == ("Ada Lovelace", COMPANY, "fr-CA")
        assert customer.tax_exempt is TaxExempt.EXEMPT
    assert fields(read) == fields(made)


@clause(
    "CUD-02",
    "For a new customer, fields that were not given are None, there is no credit, nothing is overdue, and tax applies.",
    needs=f"{READ} {EXEMPT}",
)
async def nothing_is_invented(world: World) -> None:
    for exempt in (TaxExempt.NONE, None):
        made = await world.billing.customers.create(email=world.email(), tax_exempt=exempt)
        read = await world.billing.customers.get(made.id)
        assert (read.company, read.description, read.locale, read.shipping) == (None,) * 4
        assert (read.tax_exempt, read.tax_ids or [], read.credit_balance) == (TaxExempt.NONE, [], [])
        assert not read.delinquent


@clause("CUD-03", "An update changes company, language and tax exemption, and leaves other fields unchanged.", needs=f"{CHANGE} {ALL}")
async def changes(world: World) -> None:
    made = await world.billing.customers.create(email=world.email(), company="Before", locale="en")
    updated = await world.billing.customers.update(made.id, company=COMPANY, tax_exempt="exempt")
    read = await world.billing.customers.get(made.id)
    for customer in (updated, read):
        assert (customer.company, customer.locale, customer.tax_exempt) == (COMPANY, "en", TaxExempt.EXEMPT)
        assert customer.email == made.email
    await world.billing.customers.update(made.id, locale="de")
    read = await world.billing.customers.get(made.id)
    assert (read.company, read.locale, read.tax_exempt) == (COMPANY, "de", TaxExempt.EXEMPT)


@clause("CUD-04", "None clears the company or the tax exemption, and nothing else.", needs=f"{CHANGE} {ALL}")
async def clears(world: World) -> None:
    made = await world.billing.customers.create(email=world.email(), company=COMPANY, locale="de", tax_exempt="exempt")
    await world.billing.customers.update(made.id, company=None)
    read = await world.billing.customers.get(made.id)
    assert (read.company, read.locale, read.tax_exempt) == (None, "de", TaxExempt.EXEMPT)
    await world.billing.customers.update(made.id, tax_exempt=None)
    read = await world.billing.customers.get(made.id)
    assert (read.tax_exempt, read.locale, read.email) == (TaxExempt.NONE, "de", made.email)


@clause(
    "CUD-05",
    "A customer in a list has the same fields as the customer read by id.",
    needs=f"{READ} customers.list customers.create.company customers.create.locale",
)
async def listed(world: World) -> None:
    email = world.email()
    made = await world.billing.customers.create(
        email=email, name="Ada Lovelace", company=COMPANY, locale="de", phone="+493012345678", address=STREET, metadata={"a": "1"}
    )
    (found,) = await everything(world.billing.customers.list(email=email))
    assert fields(found) == fields(await world.billing.customers.get(made.id))
    assert (found.company, found.locale, found.address) == (COMPANY, "de", STREET)


@clause(
    "CUD-06", "Given name and family name are stored separately, and the name joins them.", needs=f"{CHANGE} customers.create.name_parts"
)
async def name_parts(world: World) -> None:
    made = await world.billing.customers.create(email=world.email(), given_name="Ada Augusta", family_name="King Lovelace")
    read = await world.billing.customers.get(made.id)
    for customer in (made, read):
        assert (customer.given_name, customer.family_name) == ("Ada Augusta", "King Lovelace")
        assert customer.name == "Ada Augusta King Lovelace"
    await world.billing.customers.update(made.id, family_name="Byron")
    read = await world.billing.customers.get(made.id)
    assert (read.given_name, read.family_name, read.name) == ("Ada Augusta", "Byron", "Ada Augusta Byron")
    await world.billing.customers.update(made.id, given_name=None)
    read = await world.billing.customers.get(made.id)
    assert (read.given_name, read.family_name, read.name) == (None, "Byron", "Byron")


@clause("CUD-07", "A description can be set, changed and cleared.", needs=f"{CHANGE} customers.create.description")
async def description(world: World) -> None:
    made = await world.billing.customers.create(email=world.email(), description="Pays late — call first")
    assert (await world.billing.customers.get(made.id)).description == made.description == "Pays late — call first"
    for said in ("Pays early", None):
        updated = await world.billing.customers.update(made.id, description=said)
        assert (await world.billing.customers.get(made.id)).description == updated.description == said


@clause("CUD-08", "A shipping address can be set, replaced as a whole and cleared.", needs=f"{CHANGE} customers.create.shipping")
async def shipping(world: World) -> None:
    first = Shipping(name="Ada Lovelace", phone="+494012345678", address=HARBOUR)
    made = await world.billing.customers.create(email=world.email(), address=STREET, shipping=first)
    read = await world.billing.customers.get(made.id)
    assert (made.shipping, read.shipping, read.address) == (first, first, STREET)
    second = Shipping(name="Grace Hopper", address=Address(line1="1 Navy Yard", city="Washington", country="US"))
    for wanted in (second, None):
        updated = await world.billing.customers.update(made.id, shipping=wanted)
        read = await world.billing.customers.get(made.id)
        assert (updated.shipping, read.shipping, read.address) == (wanted, wanted, STREET)


@clause(
    "CUD-09",
    "A preferred currency can be set and changed. Lower case means the same currency.",
    needs=f"{CHANGE} customers.create.currency",
)
async def currency(world: World) -> None:
    made = await world.billing.customers.create(email=world.email(), currency="eur")
    assert (await world.billing.customers.get(made.id)).currency == made.currency == "EUR"
    await world.billing.customers.update(made.id, currency="USD")
    assert (await world.billing.customers.get(made.id)).currency == "USD"


@clause("CUD-10", "Automatic collection of invoices can be set and changed.", needs=f"{CHANGE} customers.create.auto_collection")
async def auto_collection(world: World) -> None:
    for first in (False, True):
        made = await world.billing.customers.create(email=world.email(), auto_collection=first)
        assert (await world.billing.customers.get(made.id)).auto_collection is made.auto_collection is first
        updated = await world.billing.customers.update(made.id, auto_collection=not first)
        assert (await world.billing.customers.get(made.id)).auto_collection is updated.auto_collection is not first


async def exempted(world: World, exempt: TaxExempt) -> None:
    """Assert that this exemption can be set by a create and by an update."""
    made = await world.billing.customers.create(email=world.email(), tax_exempt=exempt)
    other = await world.billing.customers.create(email=world.email())
    updated = await world.billing.customers.update(other.id, tax_exempt=exempt)
    for customer in (made, updated, await world.billing.customers.get(made.id), await world.billing.customers.get(other.id)):
        assert customer.tax_exempt is exempt


@clause("CUD-11", "A customer can have reverse charge as the tax exemption.", needs=f"{CHANGE} {EXEMPT} customers.create.reverse_charge")
async def reverse_charge(world: World) -> None:
    await exempted(world, TaxExempt.REVERSE)


@clause("CUD-12", "A customer can have a zero rate as the tax exemption.", needs=f"{CHANGE} {EXEMPT} customers.create.zero_rated")
async def zero_rated(world: World) -> None:
    await exempted(world, TaxExempt.ZERO_RATED)


@clause(
    "CUD-13",
    "An anonymised customer still exists and holds no personal data.",
    needs=f"{READ} customers.anonymise customers.create.company",
)
async def anonymise(world: World) -> None:
    made = await world.billing.customers.create(
        email=world.email(), name="Zenobia Quill", phone="+493012345678", company="Quill & Daughter", address=STREET
    )
    answered = await world.billing.customers.anonymise(made.id)
    read = await world.billing.customers.get(made.id)
    for customer in (answered, read):
        assert customer.id == made.id
        assert (customer.name, customer.given_name, customer.family_name) == (None, None, None)
        assert (customer.email, customer.phone, customer.company, customer.address) == (None, None, None, None)
        for private in (made.email or "", "Zenobia", "Quill", "12345678", "Linden"):
            assert private not in bytes(customer.raw).decode()
    with refuses(NotFoundError):
        await world.billing.customers.anonymise(world.unique("nobody"))


@clause(
    "CUD-14",
    "Anonymising keeps the invoices. A customer with a running subscription may raise InvalidStateError and stay unchanged.",
    needs=f"{SELL} customers.get customers.anonymise subscriptions.cancel invoices.list",
    cards=True,
)
async def anonymise_keeps_invoices(world: World) -> None:
    subscription = await world.subscribed()
    before = await world.billing.customers.get(subscription.customer_id)
    try:
        await world.billing.customers.anonymise(before.id)
    except InvalidStateError:
        assert fields(await world.billing.customers.get(before.id)) == fields(before)
    await world.billing.subscriptions.cancel(subscription.id, timing="now")
    after = await world.billing.customers.anonymise(before.id)
    assert (after.id, after.name, after.email) == (before.id, None, None)
    (invoice,) = await everything(world.billing.invoices.list(customer=before.id))
    assert (invoice.total, invoice.amount_paid) == (MONTHLY, MONTHLY)


@clause(
    "CUD-15",
    "None clears the language, or raises an error before anything is sent and the language stays.",
    needs=f"{CHANGE} customers.create.locale",
)
async def clears_locale(world: World) -> None:
    """Stripe can replace the language, but not clear it."""
    made = await world.billing.customers.create(email=world.email(), locale="de")
    assert made.locale == "de"
    try:
        await world.billing.customers.update(made.id, locale=None)
    except ValidationError:
        assert world.requests == 0
        expected: str | None = "de"
    else:
        expected = None
    assert (await world.billing.customers.get(made.id)).locale == expected
