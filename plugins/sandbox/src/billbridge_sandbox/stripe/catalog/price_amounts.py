"""Parsing and checks of a price's amounts: tiers, packages, custom amounts, currency options. It knows no product and no billing.

A unit price may be finer than what can be charged in its currency (JPY 0.5, ISK 5): Stripe's rules for charges apply to charges only.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from billbridge_sandbox.stripe.api.errors import exclusive, invalid, missing
from billbridge_sandbox.stripe.api.money import currency, decimal_text
from billbridge_sandbox.stripe.api.params import Params, Parser, between, boolean, choice, decimal, integer_or, many, mapping
from billbridge_sandbox.stripe.store.account import Json

_WHOLE = between(0, 99_999_999_999)
_AMOUNT: dict[str, Parser] = {"unit_amount": _WHOLE, "unit_amount_decimal": decimal}
_TIER = Params(
    {**_AMOUNT, "flat_amount": _WHOLE, "flat_amount_decimal": decimal, "up_to": integer_or("inf")},
    required=("up_to",),
)
_CUSTOM = Params({"enabled": boolean, "maximum": _WHOLE, "minimum": _WHOLE, "preset": _WHOLE}, required=("enabled",))
TAX_BEHAVIOR = choice("exclusive", "inclusive", "unspecified")
_OPTION: dict[str, Parser] = {**_AMOUNT, "custom_unit_amount": _CUSTOM, "tax_behavior": TAX_BEHAVIOR, "tiers": many(_TIER)}

CURRENCY_OPTIONS = mapping(Params(_OPTION), currency)
# The simple price that `default_price_data` of a product takes, and what an own price takes besides.
SIMPLE: dict[str, Parser] = {**_AMOUNT, "currency": currency, "currency_options": CURRENCY_OPTIONS, "custom_unit_amount": _CUSTOM}
OWN: dict[str, Parser] = {
    "billing_scheme": choice("per_unit", "tiered"),
    "tiers": many(_TIER),
    "tiers_mode": choice("graduated", "volume"),
    "transform_quantity": Params(
        {"divide_by": between(1, 10**9), "round": choice("down", "up")},
        required=("divide_by", "round"),
    ),
}


def amounts(args: Json, tiered: bool, where: str = "") -> tuple[Json, list[Json] | None]:
    """The amount fields of a price or of one of its currency options, and its tiers. Raises StripeError for what does not fit together.

    `where` is the name of the option's hash, for the error's `param`.
    """
    custom = args.get("custom_unit_amount")
    given = _either(args, "unit_amount", where)
    tiers = args.get("tiers")
    if tiered and (given is not None or custom is not None):
        raise invalid("A price with `billing_scheme=tiered` takes its amounts from `tiers`.", param=_name(where, "unit_amount"))
    if tiered and not tiers:
        raise missing(_name(where, "tiers"))
    if not tiered and tiers is not None:
        raise invalid("Tiers can only be set when `billing_scheme=tiered`.", param=_name(where, "tiers"))
    if not tiered and given is None and custom is None:
        raise missing(_name(where, "unit_amount"))
    if given is not None and custom is not None:
        raise exclusive(_name(where, "unit_amount"), _name(where, "custom_unit_amount"))
    fields = {
        "custom_unit_amount": None if custom is None else _custom(custom, _name(where, "custom_unit_amount")),
        "tax_behavior": args.get("tax_behavior", "unspecified"),
        **_pair("unit_amount", given),
    }
    return fields, _tiers(tiers, _name(where, "tiers")) if tiered and tiers else None


def options(args: Json, tiered: bool) -> Json:
    """The further currencies of a price, as Stripe shows them when they are expanded."""
    found: Json = {}
    for code, option in args.items():
        fields, tiers = amounts(option, tiered, f"currency_options[{code}]")
        found[code] = fields if tiers is None else {**fields, "tiers": tiers}
    return found


def _name(where: str, name: str) -> str:
    return f"{where}[{name}]" if where else name


def _either(args: Json, name: str, where: str) -> Decimal | None:
    """The amount, given whole or as a decimal; both at once are refused."""
    if name in args and f"{name}_decimal" in args:
        raise exclusive(_name(where, name), _name(where, f"{name}_decimal"))
    value = args.get(f"{name}_decimal", args.get(name))
    return None if value is None else Decimal(value)


def _pair(name: str, value: Decimal | None) -> dict[str, Any]:
    """An amount as Stripe shows it: whole, null when it is not, and as a decimal."""
    if value is None:
        return {name: None, f"{name}_decimal": None}
    return {name: int(value) if value == value.to_integral_value() else None, f"{name}_decimal": decimal_text(value)}


def _custom(args: Json, name: str) -> Json:
    if not args["enabled"]:
        raise invalid("custom_unit_amount must be enabled, or be left out.", param=f"{name}[enabled]")
    return {part: args.get(part) for part in ("maximum", "minimum", "preset")}


def _tiers(given: list[Json], name: str) -> list[Json]:
    """Tiers as Stripe shows them: `up_to` of the last, written `inf`, is null."""
    shown: list[Json] = []
    below = 0
    for index, tier in enumerate(given):
        where = f"{name}[{index}]"
        last = index == len(given) - 1
        if (tier["up_to"] == "inf") != last:
            raise invalid("The last tier, and no other, must have `up_to` set to `inf`.", param=f"{where}[up_to]")
        if not last and tier["up_to"] <= below:
            raise invalid("Each tier's `up_to` must be more than that of the tier before.", param=f"{where}[up_to]")
        flat, unit = _either(tier, "flat_amount", where), _either(tier, "unit_amount", where)
        if flat is None and unit is None:
            raise invalid("Each tier must have an amount: `unit_amount`, `flat_amount` or both.", param=where)
        below = 0 if last else tier["up_to"]
        shown.append({**_pair("flat_amount", flat), **_pair("unit_amount", unit), "up_to": None if last else tier["up_to"]})
    return shown
