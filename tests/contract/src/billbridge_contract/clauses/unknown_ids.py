"""Unknown ids: every operation raises NotFoundError for an id that does not exist, at every vendor."""

from __future__ import annotations

from typing import Final

from billbridge import Money
from billbridge.errors import NotFoundError

from billbridge_contract.mistaken import Act, Call, mistake
from billbridge_contract.world import World, everything

ONE: Final = Money("1.00", "USD")
UNKNOWN: Final[dict[str, Call]] = {
    "customers.get": lambda billing, id: billing.customers.get(id),
    "customers.update": lambda billing, id: billing.customers.update(id, name="Ada"),
    "customers.delete": lambda billing, id: billing.customers.delete(id, destroy_history=True),
    "customers.anonymise": lambda billing, id: billing.customers.anonymise(id),
    "customers.adjust_credit": lambda billing, id: billing.customers.adjust_credit(id, amount=ONE, reason="late"),
    "customers.add_tax_id": lambda billing, id: billing.customers.add_tax_id(id, type="eu_vat", value="DE123456789"),
    "customers.remove_tax_id": lambda billing, id: billing.customers.remove_tax_id(id, id),
    "products.get": lambda billing, id: billing.products.get(id),
    "products.update": lambda billing, id: billing.products.update(id, name="Pro"),
    "products.archive": lambda billing, id: billing.products.archive(id),
    "products.unarchive": lambda billing, id: billing.products.unarchive(id),
    "products.delete": lambda billing, id: billing.products.delete(id),
    "prices.get": lambda billing, id: billing.prices.get(id),
    "prices.update": lambda billing, id: billing.prices.update(id, metadata={"a": "1"}),
    "prices.archive": lambda billing, id: billing.prices.archive(id),
    "prices.unarchive": lambda billing, id: billing.prices.unarchive(id),
    "prices.delete": lambda billing, id: billing.prices.delete(id),
    "prices.create": lambda billing, id: billing.prices.create(product=id, amount=ONE, every="month"),
    "prices.list": lambda billing, id: everything(billing.prices.list(product=id)),
    "meters.get": lambda billing, id: billing.meters.get(id),
    "meters.archive": lambda billing, id: billing.meters.archive(id),
    "meters.unarchive": lambda billing, id: billing.meters.unarchive(id),
    "coupons.get": lambda billing, id: billing.coupons.get(id),
    "coupons.update": lambda billing, id: billing.coupons.update(id, name="Ten"),
    "coupons.delete": lambda billing, id: billing.coupons.delete(id),
    "coupons.create coupons.create.products": lambda billing, id: billing.coupons.create(
        name=id, percent_off=10, duration="once", products=[id]
    ),
    "promotion_codes.get": lambda billing, id: billing.promotion_codes.get(id),
    "promotion_codes.find": lambda billing, id: billing.promotion_codes.find(id),
    "promotion_codes.deactivate": lambda billing, id: billing.promotion_codes.deactivate(id),
    "promotion_codes.create": lambda billing, id: billing.promotion_codes.create(coupon=id, code=id, max_redemptions=1),
    "payment_methods.get": lambda billing, id: billing.payment_methods.get(id),
    "payment_methods.detach": lambda billing, id: billing.payment_methods.detach(id),
    "payment_methods.set_default": lambda billing, id: billing.payment_methods.set_default(id, id),
    "payment_methods.setup": lambda billing, id: billing.payment_methods.setup(id, return_url="https://shop.example/"),
    "payment_methods.get_setup": lambda billing, id: billing.payment_methods.get_setup(id),
    "payment_methods.list": lambda billing, id: everything(billing.payment_methods.list(customer=id)),
    "subscriptions.get": lambda billing, id: billing.subscriptions.get(id),
    "subscriptions.cancel": lambda billing, id: billing.subscriptions.cancel(id, timing="period_end"),
    "subscriptions.list": lambda billing, id: everything(billing.subscriptions.list(customer=id)),
    "invoices.get": lambda billing, id: billing.invoices.get(id),
    "invoices.list": lambda billing, id: everything(billing.invoices.list(customer=id)),
}


def _unknown(call: Call) -> Act:
    async def act(world: World) -> None:
        await call(world.billing, world.unique("nobody"))

    return act


for _needs, _call in UNKNOWN.items():
    mistake("UNK", f"An unknown id in {_needs.partition(' ')[0]}", NotFoundError, _needs, _unknown(_call))
