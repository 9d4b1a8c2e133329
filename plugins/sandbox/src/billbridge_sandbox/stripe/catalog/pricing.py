"""What a quantity of a price costs: per unit, by packages, in tiers, each part rounded half up once. It knows no invoice."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import NamedTuple

from billbridge_sandbox.stripe.api.errors import invalid
from billbridge_sandbox.stripe.api.money import line_amount, shown
from billbridge_sandbox.stripe.store.account import Account, Json

_ROUND = {"up": ROUND_CEILING, "down": ROUND_FLOOR}


class Part(NamedTuple):
    """One line of an invoice: the number of units, the unit amount in minor units, and the description."""

    quantity: Decimal
    unit_amount_decimal: str
    amount: int
    rate: str


def amounts_in(account: Account, price: Json, currency: str, param: str = "currency") -> Json:
    """The amounts of a price in its own currency or in one of its options. Raises StripeError when it has no such currency."""
    found: Json | None = account.kept("price", price["id"])["currency_options"].get(currency)
    if found is None:
        raise invalid(f"The price `{price['id']}` has no amount in {currency}.", param=param)
    return found


def parts(account: Account, price: Json, quantity: Decimal, currency: str) -> list[Part]:
    """The parts that make up the cost of a quantity; a tier's flat fee is a part of its own.

    The first tier's flat fee is due at quantity 0 too. Stripe does not document the descriptions of the parts: these are our choice.
    """
    amounts = amounts_in(account, price, currency)
    every = price["recurring"]["interval"]
    if price["billing_scheme"] == "per_unit":
        return [_plain(price["transform_quantity"], amounts["unit_amount_decimal"], quantity, currency, every)]
    split = _graduated if price["tiers_mode"] == "graduated" else _volume
    found: list[Part] = []
    for number, tier, inside in split(amounts["tiers"], quantity):
        unit, flat = tier["unit_amount_decimal"], tier["flat_amount_decimal"]
        if unit is not None:
            rate = f"(Tier {number} at {shown(unit, currency)} / {every})"
            found.append(Part(inside, unit, line_amount(unit, inside), rate))
        if flat is not None:
            found.append(Part(Decimal(1), flat, line_amount(flat, 1), f"(Tier {number} flat fee of {shown(flat, currency)} / {every})"))
    return found


def _plain(package: Json | None, unit: str, quantity: Decimal, currency: str, every: str) -> Part:
    if package is None:
        return Part(quantity, unit, line_amount(unit, quantity), f"(at {shown(unit, currency)} / {every})")
    units = (quantity / package["divide_by"]).to_integral_value(_ROUND[package["round"]])
    return Part(quantity, unit, line_amount(unit, units), f"(at {shown(unit, currency)} per {package['divide_by']} / {every})")


def _graduated(tiers: list[Json], quantity: Decimal) -> Iterator[tuple[int, Json, Decimal]]:
    """Each tier that the quantity reaches, with the units that fall into it."""
    below = Decimal(0)
    for number, tier in enumerate(tiers, 1):
        if number > 1 and quantity <= below:
            return
        top = quantity if tier["up_to"] is None else min(quantity, Decimal(tier["up_to"]))
        yield number, tier, top - below
        below = top


def _volume(tiers: list[Json], quantity: Decimal) -> Iterator[tuple[int, Json, Decimal]]:
    """The tier that the whole quantity falls into."""
    for number, tier in enumerate(tiers, 1):
        if tier["up_to"] is None or quantity <= tier["up_to"]:
            yield number, tier, quantity
            return
