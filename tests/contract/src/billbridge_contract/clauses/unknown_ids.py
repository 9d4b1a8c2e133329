"""Unknown ids: every operation raises NotFoundError for an id that does not exist, at every vendor."""

from __future__ import annotations

from typing import Final

from billbridge import Money
from billbridge.errors import NotFoundError

from billbridge_contract.mistaken import Act, Call, mistake
from billbridge_contract.world import World, everything

ONE: Final = Money("1.00", "USD")
UNKNOWN: Final[dict[str, Call]] = {
    "UNK-01 customers.get": lambda billing, id: billing.customers.get(id),
    "UNK-02 customers.update": lambda billing, id: billing.customers.update(id, name="Ada"),
    "UNK-03 customers.delete": lambda billing, id: billing.customers.delete(id, destroy_history=True),
    "UNK-04 customers.anonymise": lambda billing, id: billing.customers.anonymise(id),
    "UNK-05 customers.adjust_credit": lambda billing, id: billing.customers.adjust_credit(id, amount=ONE, reason="late"),
    "UNK-06 customers.add_tax_id": lambda billing, id: billing.customers.add_tax_id(id, type="eu_vat", value="DE123456789"),
    "UNK-07 customers.remove_tax_id": lambda billing, id: billing.customers.remove_tax_id(id, id),
    "UNK-08 products.get": lambda billing, id: billing.products.get(id),
    "UNK-09 products.update": lambda billing, id: billing.products.update(id, name="Pro"),
    "UNK-10 products.archive": lambda billing, id: billing.products.archive(id),
    "UNK-11 products.unarchive": lambda billing, id: billing.products.unarchive(id),
    "UNK-12 products.delete": lambda billing, id: billing.products.delete(id),
    "UNK-13 prices.get": lambda billing, id: billing.prices.get(id),
    "UNK-14 prices.update": lambda billing, id: billing.prices.update(id, metadata={"a": "1"}),
    "UNK-15 prices.archive": lambda billing, id: billing.prices.archive(id),
    "UNK-16 prices.unarchive": lambda billing, id: billing.prices.unarchive(id),
    "UNK-17 prices.delete": lambda billing, id: billing.prices.delete(id),
    "UNK-18 prices.create": lambda billing, id: billing.prices.create(product=id, amount=ONE, every="month"),
    "UNK-19 prices.list": lambda billing, id: everything(billing.prices.list(product=id)),
    "UNK-20 meters.get": lambda billing, id: billing.meters.get(id),
    "UNK-21 meters.archive": lambda billing, id: billing.meters.archive(id),
    "UNK-22 meters.unarchive": lambda billing, id: billing.meters.unarchive(id),
    "UNK-23 coupons.get": lambda billing, id: billing.coupons.get(id),
    "UNK-24 coupons.update": lambda billing, id: billing.coupons.update(id, name="Ten"),
    "UNK-25 coupons.delete": lambda billing, id: billing.coupons.delete(id),
    "UNK-26 coupons.create coupons.create.products": lambda billing, id: billing.coupons.create(
        name=id, percent_off=10, duration="once", products=[id]
    ),
    "UNK-27 promotion_codes.get": lambda billing, id: billing.promotion_codes.get(id),
    "UNK-28 promotion_codes.find": lambda billing, id: billing.promotion_codes.find(id),
    "UNK-29 promotion_codes.deactivate": lambda billing, id: billing.promotion_codes.deactivate(id),
    "UNK-30 promotion_codes.create": lambda billing, id: billing.promotion_codes.create(coupon=id, code=id, max_redemptions=1),
    "UNK-31 payment_methods.get": lambda billing, id: billing.payment_methods.get(id),
    "UNK-32 payment_methods.detach": lambda billing, id: billing.payment_methods.detach(id),
    "UNK-33 payment_methods.set_default": lambda billing, id: billing.payment_methods.set_default(id, id),
    "UNK-34 payment_methods.setup": lambda billing, id: billing.payment_methods.setup(id, return_url="https://shop.example/"),
    "UNK-35 payment_methods.get_setup": lambda billing, id: billing.payment_methods.get_setup(id),
    "UNK-36 payment_methods.list": lambda billing, id: everything(billing.payment_methods.list(customer=id)),
    "UNK-37 subscriptions.get": lambda billing, id: billing.subscriptions.get(id),
    "UNK-38 subscriptions.cancel": lambda billing, id: billing.subscriptions.cancel(id, timing="period_end"),
    "UNK-39 subscriptions.list": lambda billing, id: everything(billing.subscriptions.list(customer=id)),
    "UNK-40 invoices.get": lambda billing, id: billing.invoices.get(id),
    "UNK-41 invoices.list": lambda billing, id: everything(billing.invoices.list(customer=id)),
}


def _unknown(call: Call) -> Act:
    async def act(world: World) -> None:
        await call(world.billing, world.unique("nobody"))

    return act


for _key, _call in UNKNOWN.items():
    _id, _, _needs = _key.partition(" ")
    mistake(_id, f"An unknown id in {_needs.partition(' ')[0]}", NotFoundError, _needs, _unknown(_call))
