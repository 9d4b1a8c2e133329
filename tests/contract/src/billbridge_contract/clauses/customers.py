"""Customers: creating, reading, updating and deleting them."""

from __future__ import annotations

from billbridge import Address
from billbridge.errors import DuplicateError, NotFoundError, ValidationError

from billbridge_contract.registry import clause
from billbridge_contract.same import fields
from billbridge_contract.world import World, everything, refuses

ADDRESS = Address(line1="12 St James's Square", line2="Second floor", city="London", state="London", postal_code="SW1Y 4JH", country="GB")


@clause("CUS-01", "A new customer is read back with every field as it was given.", needs="customers.create customers.get")
async def round_trip(world: World) -> None:
    email = world.email()
    given = {
        "email": email,
        "name": "Ada King Lovelace",
        "phone": "+442079460000",
        "address": ADDRESS,
        "metadata": {"crm": "42", "tier": "gold"},
    }
    made = await world.billing.customers.create(
        email=email, name="Ada King Lovelace", phone="+442079460000", address=ADDRESS, metadata={"crm": "42", "tier": "gold"}
    )
    read = await world.billing.customers.get(made.id)
    for customer in (made, read):
        assert {name: getattr(customer, name) for name in given} == given
    assert fields(read) == fields(made)
    world.just_now(read, "created_at")
    assert read.default_payment_method_id is None


@clause("CUS-02", "Text in any script is stored unchanged.", needs="customers.create customers.get")
async def unicode(world: World) -> None:
    name, city, note = "Zoë Nuñez-Ångström", "København Ø", "签名 & 50% = ½ + «ну»; 🧾"
    address = Address(line1="Straße 1", city=city, country="DK")
    made = await world.billing.customers.create(email=world.email(), name=name, address=address, metadata={"note": note})
    read = await world.billing.customers.get(made.id)
    assert (read.name, read.address, read.metadata) == (name, address, {"note": note})


@clause("CUS-03", "Fields that were not given are None, and metadata is an empty dict.", needs="customers.create customers.get")
async def nothing_is_invented(world: World) -> None:
    made = await world.billing.customers.create(email=world.email())
    read = await world.billing.customers.get(made.id)
    assert (read.name, read.phone, read.address, read.metadata, read.default_payment_method_id) == (None, None, None, {}, None)


@clause("CUS-04", "A name of one word is stored unchanged.", needs="customers.create customers.get")
async def single_name(world: World) -> None:
    made = await world.billing.customers.create(email=world.email(), name="Prince")
    assert (await world.billing.customers.get(made.id)).name == "Prince"


@clause("CUS-05", "An id that the caller passes becomes the customer's id.", needs="customers.create customers.get customers.create.id")
async def chosen_id(world: World) -> None:
    id = world.unique("ada")
    made = await world.billing.customers.create(id=id, email=world.email())
    assert made.id == id
    assert (await world.billing.customers.get(id)).email == made.email


@clause(
    "CUS-06",
    "An id that exists raises DuplicateError, and the first customer is unchanged.",
    needs="customers.create customers.get customers.create.id",
)
async def taken_id(world: World) -> None:
    first = await world.billing.customers.create(id=world.unique("ada"), email=world.email())
    with refuses(DuplicateError) as caught:
        await world.billing.customers.create(id=first.id, email=world.email())
    assert caught.error.existing_id in (None, first.id)
    assert (await world.billing.customers.get(first.id)).email == first.email


@clause(
    "CUS-07",
    "An update changes the fields that are passed and leaves the others unchanged.",
    needs="customers.create customers.get customers.update",
)
async def update_changes(world: World) -> None:
    made = await world.billing.customers.create(
        email=world.email(), name="Ada Lovelace", phone="+442079460000", address=ADDRESS, metadata={"tier": "gold"}
    )
    email = world.email()
    updated = await world.billing.customers.update(made.id, email=email)
    read = await world.billing.customers.get(made.id)
    for customer in (updated, read):
        assert fields(customer, "email") == fields(made, "email")
        assert customer.email == email


@clause("CUS-08", "None clears a field, and no other field.", needs="customers.create customers.get customers.update")
async def update_clears(world: World) -> None:
    made = await world.billing.customers.create(email=world.email(), name="Ada Lovelace", phone="+442079460000", address=ADDRESS)
    await world.billing.customers.update(made.id, phone=None)
    read = await world.billing.customers.get(made.id)
    assert (read.phone, read.name, read.email, read.address) == (None, "Ada Lovelace", made.email, ADDRESS)
    await world.billing.customers.update(made.id, name=None, address=None)
    read = await world.billing.customers.get(made.id)
    assert (read.phone, read.name, read.email, read.address) == (None, None, made.email, None)
    await world.billing.customers.update(made.id, email=None, name="Ada King")
    read = await world.billing.customers.get(made.id)
    assert (read.phone, read.name, read.email, read.address) == (None, "Ada King", None, None)


@clause(
    "CUS-09",
    "An update merges metadata: keys that are left out stay, an empty value removes a key, None clears all.",
    needs="customers.create customers.get customers.update",
)
async def metadata_is_merged(world: World) -> None:
    made = await world.billing.customers.create(email=world.email(), metadata={"a": "1", "b": "2"})
    updated = await world.billing.customers.update(made.id, metadata={"b": "3", "c": "4"})
    assert updated.metadata == {"a": "1", "b": "3", "c": "4"}
    await world.billing.customers.update(made.id, metadata={"a": ""})
    assert (await world.billing.customers.get(made.id)).metadata == {"b": "3", "c": "4"}
    await world.billing.customers.update(made.id, metadata=None)
    assert (await world.billing.customers.get(made.id)).metadata == {}


@clause("CUS-10", "A new address replaces the whole old address.", needs="customers.create customers.get customers.update")
async def address_is_replaced(world: World) -> None:
    made = await world.billing.customers.create(email=world.email(), name="Ada Lovelace", address=ADDRESS)
    there = Address(line1="1 rue de Rivoli", city="Paris", country="FR")
    updated = await world.billing.customers.update(made.id, address=there)
    read = await world.billing.customers.get(made.id)
    assert (updated.address, read.address) == (there, there)
    assert (read.name, read.email) == (made.name, made.email)


@clause("CUS-11", "One update can change several kinds of fields.", needs="customers.create customers.get customers.update")
async def update_of_everything(world: World) -> None:
    made = await world.billing.customers.create(email=world.email(), metadata={"a": "1"})
    email = world.email()
    updated = await world.billing.customers.update(
        made.id, email=email, name="Grace Hopper", phone="+12025550123", address=ADDRESS, metadata={"b": "2"}
    )
    read = await world.billing.customers.get(made.id)
    for customer in (updated, read):
        assert (customer.email, customer.name, customer.phone) == (email, "Grace Hopper", "+12025550123")
        assert (customer.address, customer.metadata) == (ADDRESS, {"a": "1", "b": "2"})


@clause("CUS-12", "Reading an unknown customer raises NotFoundError.", needs="customers.get")
async def unknown(world: World) -> None:
    with refuses(NotFoundError):
        await world.billing.customers.get(world.unique("nobody"))


@clause("CUS-13", "Updating an unknown customer raises NotFoundError.", needs="customers.update")
async def update_unknown(world: World) -> None:
    with refuses(NotFoundError):
        await world.billing.customers.update(world.unique("nobody"), name="Nobody")


@clause(
    "CUS-14",
    "A deleted customer is not in lists, and reading it raises NotFoundError.",
    needs="customers.create customers.get customers.delete customers.list",
)
async def delete(world: World) -> None:
    """`NotFoundError.deleted` is True if the vendor says that the customer existed."""
    gone = await world.customer()
    stays = await world.billing.customers.create(email=gone.email)
    await world.billing.customers.delete(gone.id, destroy_history=True)
    with refuses(NotFoundError):
        await world.billing.customers.get(gone.id)
    assert [customer.id for customer in await everything(world.billing.customers.list(email=gone.email))] == [stays.id]


@clause("CUS-15", "Deleting an unknown customer, or deleting one twice, raises NotFoundError.", needs="customers.create customers.delete")
async def delete_unknown(world: World) -> None:
    with refuses(NotFoundError):
        await world.billing.customers.delete(world.unique("nobody"), destroy_history=True)
    customer = await world.customer()
    await world.billing.customers.delete(customer.id, destroy_history=True)
    with refuses(NotFoundError):
        await world.billing.customers.delete(customer.id, destroy_history=True)


@clause(
    "CUS-16",
    "Without destroy_history, a delete keeps the history or raises ValidationError before anything is sent.",
    needs="customers.create customers.get customers.delete",
)
async def delete_carefully(world: World) -> None:
    customer = await world.customer()
    try:
        await world.billing.customers.delete(customer.id)
    except ValidationError:
        assert world.requests == 0
        assert (await world.billing.customers.get(customer.id)).id == customer.id
    else:
        with refuses(NotFoundError):
            await world.billing.customers.get(customer.id)
