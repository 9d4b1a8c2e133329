"""The story in which the tests search for leaks: the life of a customer, and everything that can go wrong in it, on both surfaces."""

from __future__ import annotations

from functools import partial
from typing import Any

from billbridge import Address, Item, Money
from billbridge.errors import BillingError, DuplicateError, NotFoundError, PaymentError, UnsupportedOperationError, ValidationError
from billbridge_sandbox import Fault, Sandbox

from .evidence import Evidence, first_page, settled

NAME, EMAIL, PHONE, NOTE = "Zebulon Quixworthy", "zebulon+bills@quixmail.example", "+44 7911 123987", "blackbird needs a ramp"
ADDRESS = Address(line1="17 Vermilion Passage", line2="Hut 5b", city="Oakmoorton", state="Wessexshire", postal_code="QZ7 9XW", country="GB")
BAD_TOKEN = "tok_hushWrongToken77"
PERSONAL = {
    "first name": "zebulon",
    "last name": "quixworthy",
    "e-mail": "quixmail",
    "phone": "7911123987",
    "line1": "vermilion",
    "line2": "hut 5b",
    "city": "oakmoorton",
    "state": "wessexshire",
    "postal code": "qz7 9xw",
    "metadata value": "blackbird",
    "payment token": "hushWrongToken",
}
KEYS = {"stripe": "sk_test_hushStripe0001", "chargebee": "test_hushChargebee0002"}
REFUSED = {"stripe": "sk_test_hush.refused.0003", "maton": "hush-refused-maton-0004"}
MATON, SECRET, TOKEN = "maton_hushGateway0005", "hush-client-secret-0006", "hush-ready-token-0007"
SECRETS = {name: name for name in (*KEYS.values(), *REFUSED.values(), MATON, SECRET, TOKEN)}
HIDDEN = {**SECRETS, **PERSONAL}
PATHS = {"stripe": ("/v1/customers", "starting_after"), "chargebee": ("/api/v2/customers", "offset")}


def personal() -> dict[str, Any]:
    return {"email": EMAIL, "name": NAME, "phone": PHONE, "address": ADDRESS, "metadata": {"note": NOTE}}


async def customer_s_life(billing: Any, evidence: Evidence) -> None:
    """Every operation, with distinctive personal data; what comes back is shown."""
    made = await settled(billing.customers.create(**personal()))
    got = await settled(billing.customers.get(made.id))
    assert (got.name, got.email, got.phone, got.metadata["note"]) == (NAME, EMAIL, PHONE, NOTE), "or there is nothing to leak"
    await settled(billing.customers.update(made.id, **personal()))
    listing = billing.customers.list(email=EMAIL, page_size=1)
    page = await first_page(listing)
    product = await settled(billing.products.create(id="pro", name="Pro"))
    price = await settled(billing.prices.create(id="pro-monthly", product="pro", amount=Money("19.00", "USD"), every="month"))
    method = await settled(billing.payment_methods.attach(made.id, token="tok_visa"))
    await settled(billing.payment_methods.set_default(made.id, method.id))
    subscription = await settled(billing.subscriptions.create(customer=made.id, items=[Item(price=price.id)], metadata={"note": NOTE}))
    (invoice,) = await settled(billing.invoices.list(customer=made.id))
    cancelled = await settled(billing.subscriptions.cancel(subscription.id, timing="now"))
    methods = await settled(billing.payment_methods.list(customer=made.id))
    things = [made, got, got.address, listing, page, product, price, method, method.card, subscription, invoice, cancelled, *methods]
    evidence.show(*things, things, *subscription.items, *invoice.lines)
    raw = await settled(billing.raw.get(f"{PATHS[billing.info().provider][0]}/{made.id}"))
    assert NOTE in str(raw), "what raw gives is data"


async def what_the_vendor_refuses(billing: Any, evidence: Evidence) -> None:
    """Declines, 404s, duplicates, requests that make no sense, and operations that do not exist."""
    vendor = billing.info().provider
    buyer = await settled(billing.customers.create(**personal()))
    await evidence.awaited(lambda: billing.customers.get("nobody"), NotFoundError)
    await evidence.awaited(lambda: billing.customers.update("nobody", **personal()), NotFoundError)
    await evidence.awaited(lambda: billing.payment_methods.attach(buyer.id, token=BAD_TOKEN), NotFoundError, ValidationError)
    await evidence.awaited(lambda: billing.products.create(id="pro", name="Pro"), DuplicateError)
    await evidence.awaited(lambda: billing.subscriptions.create(customer=buyer.id, items=[Item(price="pro-none")]), BillingError)
    for token in ("tok_chargeDeclined", "tok_chargeDeclinedInsufficientFunds", "tok_expired", "tok_authenticationRequired"):

        async def paid_with(token: str = token) -> None:
            await settled(billing.payment_methods.attach(buyer.id, token=token))
            prices = await settled(billing.prices.list())
            await settled(billing.subscriptions.create(customer=buyer.id, items=[Item(price=prices[0].id)]))

        await evidence.awaited(paid_with, PaymentError)
    path, cursor = PATHS[vendor]
    await evidence.awaited(lambda: billing.raw.get(path, {cursor: EMAIL, "limit": "many", "email": {"is": EMAIL}}), BillingError)
    if vendor == "stripe":
        spoilt = {**personal(), "email": "zebulon at quixmail", "metadata": {"note": NOTE * 9000, NOTE * 3: "1"}}
        await evidence.awaited(lambda: billing.customers.create(**spoilt), ValidationError)
        await evidence.awaited(lambda: billing.customers.create(id=NAME, email=EMAIL), UnsupportedOperationError)
        await evidence.awaited(lambda: billing.raw.post(path, {"emial": EMAIL, NOTE: NAME}), BillingError)
    else:
        await settled(billing.customers.create(id="zeb", **personal()))
        await evidence.awaited(lambda: billing.customers.create(id="zeb", **personal()), DuplicateError)
        await evidence.awaited(lambda: billing.customers.delete(buyer.id), ValidationError)
        items = [Item(price="a"), Item(price="b")]
        await evidence.awaited(lambda: billing.subscriptions.create(customer=buyer.id, items=items), UnsupportedOperationError)
    keyed = billing.with_options(idempotency_key="once")
    await settled(keyed.customers.create(email=EMAIL))
    await evidence.awaited(lambda: keyed.customers.create(**personal()), BillingError)


async def what_we_refuse(billing: Any, evidence: Evidence) -> None:
    """Arguments that cannot be right, each holding something personal."""
    wrong: list[dict[str, Any]] = [
        {"email": {NAME}},
        {"emial": EMAIL},
        {"name": NAME + "\x00"},
        {"name": NAME + "\ud800"},
        {"address": NAME},
        {"address": Address(line1=ADDRESS.line1, country="Oakmoorton")},
        {"metadata": {"note": [NOTE]}},
        {"metadata": NOTE},
        {"phone": 7911123987},
    ]
    for arguments in wrong:
        await evidence.awaited(partial(billing.customers.create, **arguments), ValidationError, TypeError)
    await evidence.awaited(lambda: billing.customers.get(NAME + "\r\n"), ValidationError)
    await evidence.awaited(lambda: billing.customers.create(NAME, EMAIL), ValidationError, TypeError)
    await evidence.awaited(lambda: billing.customers.list(cursor=EMAIL), ValidationError)
    await evidence.awaited(lambda: billing.raw.get(f"/v1/a b {EMAIL}"), ValidationError)
    await evidence.awaited(lambda: billing.prices.create(product="pro", amount=NAME, every=EMAIL), ValidationError, TypeError)
    with evidence.provoked(ValidationError):
        billing.with_options(idempotency_key=NAME + "\n")


async def a_bad_line(billing: Any, sandbox: Sandbox, evidence: Evidence) -> None:
    """Every fault, on a write and on a read that carries an e-mail address in its query."""
    once = billing.with_options(retries=0, timeout=0.05)
    for fault in (Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.TRUNCATED, Fault.UNAVAILABLE, Fault.UNAVAILABLE_AFTER, Fault.DELAY):
        details: Any = {"seconds": 3} if fault is Fault.DELAY else {}
        sandbox.faults.next(fault, **details)
        await evidence.awaited(lambda: once.customers.create(**personal()), BillingError)
        sandbox.faults.next(fault, **details)
        await evidence.awaited(lambda: once.customers.list(email=EMAIL), BillingError)
    sandbox.faults.next(Fault.RATE_LIMITED, retry_after=0)
    await evidence.awaited(lambda: once.customers.create(**personal()), BillingError)
    sandbox.faults.clear()


def insides(billing: Any) -> list[object]:
    """What a client is made of."""
    link = billing._session
    parts = [billing, billing.with_options(retries=1), link, link.provider, link.gateway, link.route, link.limiter, billing.info()]
    return [
        *parts,
        billing.customers,
        billing.raw,
        billing.capabilities,
        billing._executor(billing._options),
        billing._engine,
        billing._options,
    ]
