"""The names in `error.param`: each parameter that a plugin sends has its argument in a table, and each argument is one of the operation.

`conftest.py` at the root also fails any test in which a plugin sends a parameter that its table lacks.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from billbridge import Address, Billing, Item, Money
from billbridge.errors import BillingError, DuplicateError, NotFoundError, ValidationError
from billbridge.flow import Request
from billbridge.model import NewTaxId, Shipping, Tier
from billbridge_sandbox import Sandbox
from named import ARGUMENTS, unnamed

VENDORS = sorted(ARGUMENTS)
NOW, LATER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)

NOT_SENT: dict[str, dict[str, set[str]]] = {
    "stripe": {
        "customers.create": {"id", "given_name", "family_name", "currency", "auto_collection"},
        "customers.update": {"given_name", "family_name", "currency", "auto_collection"},
        "customers.delete": {"destroy_history"},
        "customers.search": {"email", "name", "phone", "metadata"},  # all of them become one text
        "products.create": {"family"},
        "products.list": {"kind"},
        "prices.create": {"trial_days", "allow_fractional"},
        "product_features.create": {"kind", "levels", "unit"},
        "product_features.attach": {"value"},
        "payment_methods.attach": {"make_default"},
        "entitlements.check": {"key"},
        "payment_methods.setup": {"way"},
        "payment_methods.list": {"order", "created_gte", "created_lt"},
        **{f"{resource}.list": {"order"} for resource in ("customers", "coupons", "subscriptions", "invoices")},
    },
    "chargebee": {
        "customers.create": {"description", "shipping"},
        "customers.update": {"description", "shipping"},
        "customers.delete": {"destroy_history"},
        "prices.create": {"allow_fractional", "package_size", "currency_options", "usage_type", "meter", "tax_behavior"},
        "promotion_codes.create": {"max_redemptions", "customer", "expires_at", "minimum_amount", "first_time_only", "metadata"},
        "promotion_codes.list": {"active"},
        "product_features.create": {"metadata"},
        "product_features.update": {"metadata"},
        "entitlements.check": {"key"},
        "payment_methods.setup": {"way"},
        "subscriptions.create": {"payment_behavior"},
    },
}
"""Arguments that are no parameter of a request, because the vendor has none or the plugin does the work."""

REFUSED: dict[str, list[tuple[str, str, type[BillingError], str, str]]] = {
    "stripe": [
        ("subscriptions.create", "price", NotFoundError, "items[0].price", "items[0][price]"),
        ("payment_methods.attach", "token", ValidationError, "token", "card[token]"),
        ("customers.create", "name", ValidationError, "name", "name"),
        ("products.create", "metadata", ValidationError, "metadata", "metadata[m]"),
        ("promotion_codes.create", "coupon", NotFoundError, "coupon", "promotion[coupon]"),
    ],
    "chargebee": [
        ("subscriptions.create", "price", NotFoundError, "items[0].price", "subscription_items[item_price_id][0]"),
        ("payment_methods.attach", "token", ValidationError, "token", "token_id"),
        ("customers.create", "name", ValidationError, "name", "last_name"),
        ("customers.create", "family_name", ValidationError, "family_name", "last_name"),
        ("customers.update", "family_name", ValidationError, "family_name", "last_name"),
        ("products.create", "id", DuplicateError, "id", "id"),
        ("promotion_codes.create", "coupon", NotFoundError, "coupon", "coupon_id"),
    ],
}
"""Mistakes that the simulated vendor finds: the operation, the wrong argument, the class, `param` and `provider_param`."""


@pytest.fixture(params=VENDORS)
def vendor(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def billing(vendor: str) -> Iterator[Billing]:
    with Billing.connect(vendor, gateway=Sandbox(start=NOW)) as client:
        yield client


def test_every_operation_of_the_vendor_has_a_table(vendor: str, billing: Billing) -> None:
    assert set(ARGUMENTS[vendor].tables) == {name for name in _operations(billing) if billing.supports(name)}


def test_each_name_is_an_argument_and_each_argument_has_a_parameter(vendor: str, billing: Billing) -> None:
    operations = _operations(billing)
    for operation, names in ARGUMENTS[vendor].tables.items():
        several = [each for found in names.values() if found for each in ((found,) if isinstance(found, str) else found)]
        named = {re.split(r"[.\[]", each)[0] for each in several}
        assert operations[operation] - named == NOT_SENT[vendor].get(operation, set()), operation
        assert named <= operations[operation], operation


def test_a_parameter_that_the_table_lacks_is_reported() -> None:
    request = Request(method="POST", path="/v1/subscriptions", body=b"items[0][price]=p&items[0][colour]=red&colour=red")
    assert unnamed("stripe", "subscriptions.create", request) == ["colour: argument_names.py does not have it"]
    assert unnamed("stripe", "subscriptions.invent", request) == ["the operation has no table in argument_names.py"]


def test_every_argument_of_every_write_is_sent_under_a_name_of_the_table(vendor: str, billing: Billing) -> None:
    """The fixture in `conftest.py` judges the requests."""
    called = set()
    for operation, arguments in _whole_writes(billing, vendor).items():
        resource, name = operation.split(" ")[0].split(".")
        called.add(f"{resource}.{name}")
        of = [] if name == "create" else [arguments.pop(next(iter(arguments)))]  # the id is positional
        getattr(getattr(billing, resource), name)(*of, **arguments)
    drafts = {"create", "update", "setup", "attach", "adjust_credit", "add_tax_id", "override"}
    assert {name for name in ARGUMENTS[vendor].tables if name.partition(".")[2] in drafts} == called


@pytest.mark.parametrize(("vendor", "case"), [(vendor, case) for vendor in VENDORS for case in REFUSED[vendor]], ids=str)
def test_a_refusal_names_the_caller_s_argument_and_the_vendor_s(vendor: str, case: tuple[str, str, type[BillingError], str, str]) -> None:
    operation, wrong, kind, param, provider_param = case
    with Billing.connect(vendor, gateway=Sandbox()) as billing:
        ada = billing.customers.create(email="ada@example.com").id
        billing.products.create(id="taken", name="Taken")
        calls: dict[tuple[str, str], Any] = {
            ("subscriptions.create", "price"): lambda: billing.subscriptions.create(customer=ada, items=[Item(price="nothing")]),
            ("payment_methods.attach", "token"): lambda: billing.payment_methods.attach(ada, token="tok_nobody"),
            ("customers.create", "name"): lambda: billing.customers.create(name="Ada " + "x" * 5100),
            ("customers.create", "family_name"): lambda: billing.customers.create(family_name="x" * 5100),
            ("customers.update", "family_name"): lambda: billing.customers.update(ada, family_name="x" * 5100),
            ("products.create", "metadata"): lambda: billing.products.create(name="Pro", metadata={"m": "x" * 501}),
            ("products.create", "id"): lambda: billing.products.create(id="taken", name="Other"),
            ("promotion_codes.create", "coupon"): lambda: billing.promotion_codes.create(coupon="none", code="TEN", max_redemptions=1),
        }
        with pytest.raises(kind) as caught:
            calls[operation, wrong]()
    assert (caught.value.param, caught.value.provider_param) == (param, provider_param)
    assert f"param {param}" in str(caught.value)


def _operations(billing: Billing) -> dict[str, set[str]]:
    """The arguments of each operation that users see, but for those of `raw`."""
    resources = [name for name in dir(billing) if not name.startswith("_") and hasattr(getattr(billing, name), "_service")]
    return {
        f"{resource}.{name}": set(inspect.signature(getattr(getattr(billing, resource), name)).parameters)
        for resource in resources
        if resource != "raw"
        for name in dir(getattr(billing, resource))
        if not name.startswith("_")
    }


def _whole_writes(billing: Billing, vendor: str) -> dict[str, dict[str, Any]]:
    """A call of each operation with a draft, with all the arguments that the vendor has."""
    stripe = vendor == "stripe"
    address = Address(line1="1 Main St", line2="Flat 2", city="Bonn", state="NW", postal_code="53111", country="DE")
    moved = Address(line1="2 Main St", line2="Flat 3", city="Köln", state="NW", postal_code="50667", country="DE")
    product = billing.products.create(name="Base").id
    customer = billing.customers.create(email="bob@example.com", address=address).id
    price = billing.prices.create(product=product, amount=Money("1.00", "USD"), every="month").id
    coupon = billing.coupons.create(name="Tenth", percent_off=10, duration="once").id
    method = billing.payment_methods.attach(customer, token="tok_visa").id
    feature = billing.product_features.create(key="audit", name="Audit").id
    person: dict[str, Any] = {
        "email": "ada@example.com",
        "company": "Engines",
        "phone": "+44 1",
        "locale": "de",
        "metadata": {"a": "b", "0": "c"},
    }
    own = {"name": "Ada King", "description": "first", "shipping": Shipping(name="Ada", phone="+44 2", address=address)}
    parts = {"given_name": "Ada", "family_name": "King", "auto_collection": True, "currency": "EUR"}
    tax = {"tax_exempt": "exempt"}
    person |= {**(own if stripe else parts), **tax}
    texts = {"name": "Pro", "description": "For all", "unit_label": "seat", "metadata": {"a": "b"}}
    tiers = [Tier(up_to=5, unit_amount=Money("1.00", "USD")), Tier(unit_amount=Money("0.50", "USD"))]
    monthly: dict[str, Any] = {"product": product, "every": "month", "interval_count": 2, "nickname": "Two", "metadata": {"a": "b"}}
    writes: dict[str, dict[str, Any]] = {
        "customers.create": {**person, "address": address, "tax_ids": [NewTaxId(type="eu_vat", value="DE123456789")]},
        "customers.update": {"id": customer, **person, "address": moved},
        "customers.adjust_credit": {"id": customer, "amount": Money("5.00", "USD"), "reason": "late"},
        "customers.add_tax_id": {"id": customer, "type": "eu_vat", "value": "DE123456789"},
        "products.create": {**texts, "id": "pro", "kind": "addon", "metered": True},
        "products.update": {"id": product, **texts},
        "prices.create": {**monthly, "id": "flat", "amount": Money("9.00", "USD"), "model": "flat"},
        "prices.create in tiers": {**monthly, "tiers": tiers, "model": "graduated"},
        "prices.update": {"id": price, "nickname": "Monthly", "metadata": {"a": "b"}},
        "coupons.create": {
            "name": "Fifth",
            "percent_off": Decimal("12.5"),
            "duration": "repeating",
            "duration_months": 3,
            "id": "FIFTH",
            "products": [product],
            "max_redemptions": 9,
            "expires_at": LATER,
            "metadata": {"a": "b"},
        },
        "coupons.create of an amount": {"name": "Off", "amount_off": Money("5.00", "USD"), "duration": "once"},
        "coupons.update": {"id": coupon, "name": "Tenth off", "metadata": {"a": "b"}},
        "promotion_codes.create": {"coupon": coupon, "code": "WELCOME", "max_redemptions": 1},
        "product_features.create": {"key": "sso", "name": "Single sign-on", **({"metadata": {"a": "b"}} if stripe else {})},
        "product_features.update": {"id": feature, "name": "Audit log"},
        "product_features.attach": {"product": product, "feature": feature},
        "payment_methods.attach": {"customer": customer, "token": "tok_mastercard", "make_default": True},
        "payment_methods.setup": {"customer": customer, "return_url": "https://shop.example/done"},
        "subscriptions.create": {
            "customer": customer,
            "items": [Item(price=price, quantity=2)],
            "trial_days": 7,
            "payment_method": method,
            "metadata": {"a": "b"},
        },
        "subscriptions.create to a time": {"customer": customer, "items": [Item(price=price)], "trial_end": LATER},
    }
    if not stripe:
        seats = billing.product_features.create(key="seats", name="Seats", kind="quantity", levels=["5", "10"]).id
        subscription = billing.subscriptions.create(customer=customer, items=[Item(price=price)]).id
        levels = {"kind": "quantity", "levels": ["5", "unlimited"], "unit": "call"}
        return {
            **writes,
            "product_features.create with levels": {"key": "calls", "name": "Calls", **levels},
            "product_features.attach with a level": {"product": product, "feature": seats, "value": 5},
            "entitlements.override": {"subscription": subscription, "feature": seats, "value": 10, "expires_at": LATER},
        }
    code = billing.promotion_codes.create(coupon=coupon, code="OLD").id
    meter = billing.meters.create(name="Calls", event_name="calls").id
    every = {"currency_options": [Money("8.00", "EUR")], "tax_behavior": "exclusive"}
    return {
        **writes,
        "meters.create": {"name": "Rows", "event_name": "rows", "aggregation": "count"},
        "prices.create of packages": {**monthly, **every, "amount": Money("9.00", "USD"), "model": "package", "package_size": 10},
        "prices.create of usage": {**monthly, "amount": Money("0.005", "USD"), "usage_type": "metered", "meter": meter},
        "promotion_codes.create with all": {
            "coupon": coupon,
            "code": "WELCOME2",
            "max_redemptions": 2,
            "customer": customer,
            "expires_at": LATER,
            "minimum_amount": Money("5.00", "USD"),
            "first_time_only": True,
            "metadata": {"a": "b"},
        },
        "promotion_codes.update": {"id": code, "metadata": {"a": "b"}},
        "payment_methods.setup in the page": {"customer": customer, "way": "client_side"},
    }
