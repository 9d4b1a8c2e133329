"""Every operation that writes, with a call that succeeds. `test_resolve_of_every_write` repeats it after each kind of lost answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from billbridge import Address, Billing, Item, Money

Call = Callable[[], Any]
"""Makes the call of the operation, with the client that it was given."""


class Shop:
    """What the calls act on, made once per simulation, through a client without faults."""

    def __init__(self, client: Billing) -> None:
        # Ids at Chargebee are made from the key: with the same keys, two accounts are equal.
        keyed = (client.with_options(idempotency_key=f"shop-{number}") for number in count())
        self.ada = (
            next(keyed).customers.create(email="ada@example.com", name="Ada Lovelace", address=Address(line1="1 St", country="DE")).id
        )
        self.product = next(keyed).products.create(name="Pro").id
        self.unsold = next(keyed).products.create(name="Unsold").id
        self.price = next(keyed).prices.create(product=self.product, amount=Money("19.00", "USD"), every="month").id
        self.unused = next(keyed).prices.create(product=self.product, amount=Money("190.00", "USD"), every="year").id
        self.method = next(keyed).payment_methods.attach(self.ada, token="tok_visa").id
        self.second = next(keyed).payment_methods.attach(self.ada, token="tok_mastercard", make_default=False).id
        self.coupon = next(keyed).coupons.create(name="Tenth", percent_off=10, duration="once").id
        self.code = next(keyed).promotion_codes.create(coupon=self.coupon, code="WELCOME1", max_redemptions=1).id
        self.subscription = next(keyed).subscriptions.create(customer=self.ada, items=[Item(price=self.price)]).id
        self.bob = next(keyed).customers.create(email="bob@example.com", address=Address(country="DE")).id
        self.number = next(keyed).customers.add_tax_id(self.bob, type="eu_vat", value="DE123456789").id
        self.archived = next(keyed).products.create(name="Archived").id
        next(keyed).products.archive(self.archived)
        self.archived_price = next(keyed).prices.create(product=self.product, amount=Money("9.00", "USD"), every="week").id
        next(keyed).prices.archive(self.archived_price)
        self.feature = next(keyed).product_features.create(key="sso", name="Single sign-on").id
        self.attached = next(keyed).product_features.create(key="audit", name="Audit log").id
        next(keyed).product_features.attach(self.product, feature=self.attached)
        self.archived_feature = next(keyed).product_features.create(key="fax", name="Fax").id
        next(keyed).product_features.archive(self.archived_feature)
        if client.supports("entitlements.override"):
            next(keyed).entitlements.override(self.subscription, feature=self.attached, value=False)
        if client.supports("meters.create"):
            self.meter = next(keyed).meters.create(name="Calls", event_name="calls").id
            self.archived_meter = next(keyed).meters.create(name="Old calls", event_name="old_calls").id
            next(keyed).meters.archive(self.archived_meter)


def writes(client: Billing, shop: Shop) -> dict[str, Call]:
    """A call of each operation that writes, by the operation's name; a second call of one has a word after the name."""
    raw = "/v1/customers" if client.info().provider == "stripe" else "/api/v2/customers"
    calls: dict[str, Call] = {
        "customers.create": lambda: client.customers.create(email="eve@example.com", name="Eve"),
        "customers.update": lambda: client.customers.update(
            shop.ada, name="Ada King", address=Address(line1="2 St", country="FR"), metadata={"a": "1"}
        ),
        "customers.delete": lambda: client.customers.delete(shop.bob, destroy_history=True),
        "customers.anonymise": lambda: client.customers.anonymise(shop.bob),
        "customers.adjust_credit": lambda: client.customers.adjust_credit(shop.ada, amount=Money("5.00", "USD"), reason="sorry"),
        "customers.add_tax_id": lambda: client.customers.add_tax_id(shop.ada, type="eu_vat", value="DE123456789"),
        "customers.remove_tax_id": lambda: client.customers.remove_tax_id(shop.bob, shop.number),
        "products.create": lambda: client.products.create(name="Team"),
        "products.update": lambda: client.products.update(shop.product, description="For teams"),
        "products.archive": lambda: client.products.archive(shop.unsold),
        "products.unarchive": lambda: client.products.unarchive(shop.archived),
        "products.delete": lambda: client.products.delete(shop.unsold),
        "prices.create": lambda: client.prices.create(product=shop.unsold, amount=Money("7.00", "USD"), every="month"),
        "prices.update": lambda: client.prices.update(shop.price, metadata={"tier": "gold"}),
        "prices.archive": lambda: client.prices.archive(shop.unused),
        "prices.unarchive": lambda: client.prices.unarchive(shop.archived_price),
        "prices.delete": lambda: client.prices.delete(shop.unused),
        "meters.create": lambda: client.meters.create(name="Rows", event_name="rows"),
        "meters.archive": lambda: client.meters.archive(shop.meter),
        "meters.unarchive": lambda: client.meters.unarchive(shop.archived_meter),
        "coupons.create": lambda: client.coupons.create(name="Fifth", percent_off=20, duration="once"),
        "coupons.update": lambda: client.coupons.update(shop.coupon, name="A tenth"),
        "coupons.delete": lambda: client.coupons.delete(shop.coupon),
        "promotion_codes.create": lambda: client.promotion_codes.create(coupon=shop.coupon, code="WELCOME2", max_redemptions=1),
        "promotion_codes.update": lambda: client.promotion_codes.update(shop.code, metadata={"a": "1"}),
        "promotion_codes.deactivate": lambda: client.promotion_codes.deactivate(shop.code),
        "product_features.create": lambda: client.product_features.create(key="sla", name="SLA"),
        "product_features.update": lambda: client.product_features.update(shop.feature, name="SSO"),
        "product_features.archive": lambda: client.product_features.archive(shop.feature),
        "product_features.unarchive": lambda: client.product_features.unarchive(shop.archived_feature),
        "product_features.attach": lambda: client.product_features.attach(shop.product, feature=shop.feature),
        "product_features.detach": lambda: client.product_features.detach(shop.product, shop.attached),
        "payment_methods.attach": lambda: client.payment_methods.attach(shop.bob, token="tok_visa"),
        "payment_methods.detach": lambda: client.payment_methods.detach(shop.second),
        "payment_methods.set_default": lambda: client.payment_methods.set_default(shop.ada, shop.second),
        "payment_methods.setup": lambda: client.payment_methods.setup(shop.bob, return_url="https://shop.example/done"),
        "subscriptions.create": lambda: client.subscriptions.create(customer=shop.ada, items=[Item(price=shop.unused)]),
        "subscriptions.create on trial": lambda: client.subscriptions.create(
            customer=shop.ada, items=[Item(price=shop.unused)], trial_days=14
        ),
        "subscriptions.cancel": lambda: client.subscriptions.cancel(shop.subscription, timing="now"),
        "subscriptions.cancel later": lambda: client.subscriptions.cancel(shop.subscription, timing="period_end"),
        "entitlements.override": lambda: client.entitlements.override(shop.subscription, feature=shop.feature, value=True),
        "entitlements.remove_override": lambda: client.entitlements.remove_override(shop.subscription, shop.attached),
        "raw.post": lambda: client.raw.post(raw, {"email": "raw@example.com"}),
        "raw.delete": lambda: client.raw.delete(f"{raw}/{shop.bob}"),
    }
    return {name: call for name, call in calls.items() if client.supports(name.partition(" ")[0])}


def world(client: Billing, shop: Shop) -> list[Any]:
    """Everything that the simulated vendor holds, without what differs between two equal accounts."""
    return [plain(entity) for entity in _entities(client, shop)]


def plain(value: Any) -> Any:
    """A value of the model as plain data, without the vendor's own JSON and without `replayed`."""
    fields = getattr(value, "__struct_fields__", None)
    if fields is not None:
        return {name: plain(getattr(value, name)) for name in fields if name not in ("raw", "replayed")}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def _entities(client: Billing, shop: Shop) -> Iterator[Any]:
    for customer in client.customers.list():
        yield customer
        yield from client.payment_methods.list(customer=customer.id)
        yield from client.subscriptions.list(customer=customer.id)
        yield from client.invoices.list(customer=customer.id)
        yield from client.entitlements.list(customer=customer.id)
    yield from client.products.list(active=None)
    yield from client.prices.list(active=None)
    yield from client.coupons.list()
    yield from client.promotion_codes.list()
    for active in (True, False):
        yield from client.product_features.list(active=active)
    yield from client.product_features.attachments(product=shop.product)
    if client.supports("meters.list"):
        yield from client.meters.list()
