"""Pricing models and tiers: how a quantity becomes an amount, with the checks of amounts and tiers. Nothing is computed here."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Final, Literal, TypeAlias

import msgspec

from billbridge.errors import ValidationError
from billbridge.model.base import Word
from billbridge.model.checks import check_integer
from billbridge.money import Money


class PricingModel(Word):
    """How a quantity becomes an amount.

    - `PER_UNIT`: an amount for each unit.
    - `FLAT`: the same amount for every quantity.
    - `PACKAGE`: an amount for each `package_size` units. A started package counts as a whole one.
    - `GRADUATED`: each unit costs what its own tier says.
    - `VOLUME`: every unit costs what the tier of the whole quantity says.
    - `STAIRSTEP`: the flat amount of the tier of the whole quantity.
    """

    PER_UNIT = "per_unit"
    FLAT = "flat"
    PACKAGE = "package"
    GRADUATED = "graduated"
    VOLUME = "volume"
    STAIRSTEP = "stairstep"
    UNKNOWN = "unknown"


ModelName: TypeAlias = PricingModel | Literal["per_unit", "flat", "package", "graduated", "volume", "stairstep"]
TIERED: Final = frozenset({PricingModel.GRADUATED, PricingModel.VOLUME, PricingModel.STAIRSTEP})


class Tier(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """One tier of a price, in major units.

    A tier starts after the end of the tier before it (the first one starts at 1) and includes `up_to`. The last tier has no end: `up_to` is
    None. `unit_amount` is charged for each unit, `flat_amount` once for the tier.
    """

    up_to: int | Decimal | None = None
    unit_amount: Money | None = None
    flat_amount: Money | None = None


def amounts_of(tiers: list[Tier]) -> list[Money]:
    """All unit amounts and flat amounts of some tiers."""
    return [money for tier in tiers for money in (tier.unit_amount, tier.flat_amount) if money is not None]


def check_amounts(amounts: list[tuple[str, Money | None]]) -> None:
    """Check amounts by the name of their field. Raises `ValidationError` for a value that is not Money, or is negative."""
    for name, money in amounts:
        if money is not None and not isinstance(money, Money):
            raise ValidationError(f"{name} must be Money, such as Money('19.00', 'USD'), not {type(money).__name__}", param=name)
        if money is not None and money.amount < 0:
            subject = name if name == "amount" else f"an amount in {name}"
            raise ValidationError(f"{subject} must be 0 or more, not {money}", param=name)


def check_tiers(model: PricingModel, tiers: list[Tier] | None) -> None:
    """Check the tiers of a price. Raises `ValidationError` if they do not fit the model, or if their ends do not grow."""
    if not tiers:
        raise ValidationError(
            f"model {model.value!r} needs tiers", param="tiers", hint="pass tiers=[Tier(up_to=10, unit_amount=...), Tier(unit_amount=...)]"
        )
    for tier in tiers:
        if isinstance(tier.up_to, int):
            check_integer(tier.up_to, "tiers")
    *bounded, last = [tier.up_to for tier in tiers]
    if last is not None:
        raise ValidationError(
            f"the last tier ends at {last}, but it must have no end", param="tiers", hint="leave up_to out in the last tier"
        )
    ends = [0, *(bound for bound in bounded if isinstance(bound, int) and not isinstance(bound, bool))]
    if len(ends) <= len(bounded) or any(after <= before for before, after in pairwise(ends)):
        raise ValidationError("up_to must be a whole number from 1 on, and larger in each tier than in the one before", param="tiers")
    for tier in tiers:
        if tier.unit_amount is None and tier.flat_amount is None:
            raise ValidationError(
                "a tier has no amount", param="tiers", hint="pass unit_amount or flat_amount; use Money(0, 'USD') for a free tier"
            )
        if model is PricingModel.STAIRSTEP and (tier.flat_amount is None or tier.unit_amount is not None):
            raise ValidationError("a tier of model 'stairstep' needs flat_amount and takes no unit_amount", param="tiers")
    if model is PricingModel.VOLUME and all(tier.unit_amount is None for tier in tiers):
        raise ValidationError(
            "model 'volume' needs a unit_amount in at least one tier", param="tiers", hint="pass model='stairstep' for flat amounts only"
        )
