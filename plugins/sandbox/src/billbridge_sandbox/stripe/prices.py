"""Prices per unit, one-time and recurring. Tiers, packages, metered usage and further currencies in one price are refused by name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .account import Account, Json
from .endpoint import ONLY_EXPAND, Endpoint
from .errors import exclusive, invalid, missing, not_simulated
from .lists import CREATED, matching, page
from .money import currency, decimal_text
from .params import EXPAND, Params, Parser, between, boolean, choice, clearable, decimal, many, metadata, patched, text

# Three years at most (docs.stripe.com/api/prices/create).
_LONGEST = {"day": 1095, "week": 156, "month": 36, "year": 3}

_RECURRING = Params(
    {
        "interval": choice(*_LONGEST),
        "interval_count": between(1, 1095),
        "usage_type": choice("licensed", "metered"),
    },
    required=("interval",),
    not_simulated="meter trial_period_days",
)
_CHANGEABLE: dict[str, Parser] = {
    **EXPAND,
    "active": boolean,
    "lookup_key": clearable(text),
    "metadata": metadata,
    "nickname": clearable(text),
    "tax_behavior": choice("exclusive", "inclusive", "unspecified"),
    "transfer_lookup_key": boolean,
}
_CREATE = Params(
    {
        **_CHANGEABLE,
        "billing_scheme": choice("per_unit", "tiered"),
        "currency": currency,
        "product": text,
        "recurring": _RECURRING,
        "unit_amount": between(0, 99_999_999_999),
        "unit_amount_decimal": decimal,
    },
    required=("currency",),
    not_simulated="currency_options custom_unit_amount product_data tiers tiers_mode transform_quantity",
)
_UPDATE = Params(_CHANGEABLE, not_simulated="currency_options")
_LIST = Params(
    {
        **CREATED,
        "active": boolean,
        "currency": currency,
        "lookup_keys": many(text, 10),
        "product": text,
        "recurring": Params({"interval": choice(*_LONGEST), "usage_type": choice("licensed", "metered")}, not_simulated="meter"),
        "type": choice("one_time", "recurring"),
    }
)


def _create(account: Account, args: Json, ids: dict[str, str]) -> Json:
    if "product" not in args:
        raise missing("product")
    account.find("product", args["product"], "product")
    if args.get("billing_scheme") == "tiered":
        raise not_simulated("tiered prices", "billing_scheme")
    amount = _unit_amount(args)
    recurring = _recurring(args["recurring"]) if "recurring" in args else None
    price: Json = {
        "id": account.ids.next("price_", 24),
        "object": "price",
        "active": args.get("active", True),
        "billing_scheme": "per_unit",
        "created": account.now,
        "currency": args["currency"],
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": patched({}, args.get("metadata", {})),
        "nickname": args.get("nickname"),
        "product": args["product"],
        "recurring": recurring,
        "tax_behavior": args.get("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time" if recurring is None else "recurring",
        "unit_amount": int(amount) if amount == amount.to_integral_value() else None,
        "unit_amount_decimal": decimal_text(amount),
    }
    _take_lookup_key(account, price, args)
    return account.put(price)


def _unit_amount(args: Json) -> Decimal:
    if "unit_amount" in args and "unit_amount_decimal" in args:
        raise exclusive("unit_amount", "unit_amount_decimal")
    given = args.get("unit_amount_decimal", args.get("unit_amount"))
    if given is None:
        raise missing("unit_amount")
    return Decimal(given)


def _recurring(args: Json) -> dict[str, Any]:
    if args.get("usage_type") == "metered":
        raise not_simulated("metered prices", "recurring[usage_type]")
    count = args.get("interval_count", 1)
    if count > _LONGEST[args["interval"]]:
        raise invalid("The recurring interval must be three years at most.", param="recurring[interval_count]")
    return {
        "interval": args["interval"],
        "interval_count": count,
        "meter": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def _update(account: Account, args: Json, ids: dict[str, str]) -> Json:
    price = account.at_path("price", ids, "price")
    merged = patched(price["metadata"], args.get("metadata", {}))
    if args.get("tax_behavior", price["tax_behavior"]) != price["tax_behavior"] and price["tax_behavior"] != "unspecified":
        raise invalid("The tax behavior of a price cannot be changed once it is exclusive or inclusive.", param="tax_behavior")
    _take_lookup_key(account, price, args)
    price.update({name: args[name] for name in ("active", "nickname", "tax_behavior") if name in args}, metadata=merged)
    for item in account.where("subscription_item"):
        if item["plan"]["id"] == price["id"]:
            item["plan"].update({name: price[name] for name in ("active", "nickname", "metadata")})
    return price


def _take_lookup_key(account: Account, price: Json, args: Json) -> None:
    """Give the price its key, unless another price holds it, active or not, and `transfer_lookup_key` is not set.

    Recordings of Stripe show no `code` on this refusal.
    """
    if "lookup_key" not in args:
        return
    key = args["lookup_key"]
    holders = [row for row in account.where("price", lookup_key=key) if row["id"] != price["id"]] if key is not None else []
    if holders and not args.get("transfer_lookup_key"):
        message = f"A price (`{holders[0]['id']}`) already uses that lookup key."
        raise invalid(message, param="lookup_key")
    for holder in holders:
        holder["lookup_key"] = None
    price["lookup_key"] = key


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return account.at_path("price", ids, "price")


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    if "product" in args:
        account.find("product", args["product"], "product")
    rows = matching(account.where("price"), args, "active", "currency", "product", "type")
    if "lookup_keys" in args:
        rows = [row for row in rows if row["lookup_key"] in args["lookup_keys"]]
    for name, value in args.get("recurring", {}).items():
        rows = [row for row in rows if row["recurring"] is not None and row["recurring"][name] == value]
    return page(rows, args, "/v1/prices", "price")


ENDPOINTS = [
    Endpoint("POST", "/v1/prices", _CREATE, _create, "price"),
    Endpoint("GET", "/v1/prices", _LIST, _list, "price[]"),
    Endpoint("GET", "/v1/prices/{id}", ONLY_EXPAND, _retrieve, "price"),
    Endpoint("POST", "/v1/prices/{id}", _UPDATE, _update, "price"),
]
