"""Coupons: the endpoints, and until when a coupon can be redeemed. What a coupon takes off an invoice is in `discounts`."""

from __future__ import annotations

from functools import partial
from typing import Any

from billbridge_sandbox.stripe.api.errors import exclusive, invalid, missing
from billbridge_sandbox.stripe.api.money import currency
from billbridge_sandbox.stripe.api.params import (
    EXPAND,
    Params,
    Parser,
    between,
    choice,
    clearable,
    integer,
    many,
    mapping,
    metadata,
    patched,
    percentage,
    text,
)
from billbridge_sandbox.stripe.endpoints.endpoint import NO_PARAMS, ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.expand import deleted
from billbridge_sandbox.stripe.endpoints.lists import CREATED, matching, page
from billbridge_sandbox.stripe.store.account import Account, Json

_OFF = between(1, 99_999_999_999)
_OPTIONS = mapping(Params({"amount_off": _OFF}, required=("amount_off",)), currency)
_CHANGEABLE: dict[str, Parser] = {**EXPAND, "currency_options": _OPTIONS, "metadata": metadata, "name": clearable(text)}
_CREATE = Params(
    {
        **_CHANGEABLE,
        "amount_off": _OFF,
        "applies_to": Params({"products": many(text)}),
        "currency": currency,
        "duration": choice("forever", "once", "repeating"),
        "duration_in_months": between(1, 1200),
        "id": text,
        "max_redemptions": between(1, 10**9),
        "percent_off": percentage,
        "redeem_by": integer,
    }
)
_LONGEST_NAME = 40


def _create(account: Account, args: Json, ids: dict[str, str]) -> Json:
    _check(account, args)
    id = args.get("id") or account.ids.next(length=8)
    if id in account.tables["coupon"]:
        raise invalid("Coupon already exists.", code="resource_already_exists", param="id")
    nullable = ("amount_off", "currency", "duration_in_months", "max_redemptions", "name", "percent_off", "redeem_by")
    coupon: Json = {
        "id": id,
        "object": "coupon",
        **{name: args.get(name) for name in nullable},
        "created": account.now,
        "duration": args.get("duration", "once"),
        "livemode": False,
        "metadata": patched({}, args.get("metadata", {})),
        "times_redeemed": 0,
        "valid": True,
    }
    own = {args["currency"]: {"amount_off": args["amount_off"]}} if "amount_off" in args else {}
    kept = account.kept("coupon", id)
    kept.clear()
    kept["applies_to"] = args.get("applies_to")
    kept["currency_options"] = {**args.get("currency_options", {}), **own} or None
    if coupon["redeem_by"] is not None:
        account.schedule(f"coupon {id}", coupon["redeem_by"], partial(refresh, account, coupon))
    return account.put(coupon)


def _check(account: Account, args: Json) -> None:
    if "percent_off" in args and "amount_off" in args:
        raise exclusive("percent_off", "amount_off")
    if "percent_off" not in args and "amount_off" not in args:
        raise invalid("Must provide a percent_off or an amount_off.", code="parameter_missing", param="percent_off")
    if "amount_off" in args and "currency" not in args:
        raise missing("currency")
    for name in ("currency", "currency_options"):
        if name in args and "amount_off" not in args:
            raise invalid(f"`{name}` can only be set with `amount_off`.", param=name)
    repeating = args.get("duration") == "repeating"
    if repeating and "duration_in_months" not in args:
        raise missing("duration_in_months")
    if not repeating and "duration_in_months" in args:
        raise invalid("`duration_in_months` can only be set when `duration=repeating`.", param="duration_in_months")
    if args.get("redeem_by", account.now + 1) <= account.now:
        raise invalid("`redeem_by` must be in the future.", param="redeem_by")
    _check_name(args)
    for index, product in enumerate(args.get("applies_to", {}).get("products", [])):
        account.find("product", product, f"applies_to[products][{index}]")


def _check_name(args: Json) -> None:
    if len(args.get("name") or "") > _LONGEST_NAME:
        raise invalid(f"Invalid name: it can be up to {_LONGEST_NAME} characters long.", param="name")


def refresh(account: Account, coupon: Json) -> None:
    """Bring `valid` up to date, and `active` of the coupon's promotion codes."""
    coupon["valid"] = _lasts(account, coupon, "redeem_by")
    for code in account.where("promotion_code"):
        if code["promotion"]["coupon"] == coupon["id"]:
            refresh_code(account, code)


def refresh_code(account: Account, code: Json) -> None:
    """Bring `active` of a promotion code up to date: wanted, not expired, not used up, and its coupon valid."""
    coupon = account.tables["coupon"].get(code["promotion"]["coupon"])
    usable = coupon is not None and coupon["valid"] and _lasts(account, code, "expires_at")
    code["active"] = bool(account.kept("promotion_code", code["id"])["wanted"] and usable)


def _lasts(account: Account, value: Json, end: str) -> bool:
    used_up = value["max_redemptions"] is not None and value["times_redeemed"] >= value["max_redemptions"]
    return not used_up and (value[end] is None or account.now < value[end])


def _update(account: Account, args: Json, ids: dict[str, str]) -> Json:
    coupon = account.at_path("coupon", ids, "coupon")
    _check_name(args)
    kept: dict[str, Any] = account.kept("coupon", coupon["id"])
    if "currency_options" in args:
        if coupon["currency"] is None or coupon["currency"] in args["currency_options"]:
            raise invalid("Only further currencies of a coupon with `amount_off` can be set.", param="currency_options")
        kept["currency_options"] = {**kept["currency_options"], **args["currency_options"]}
    coupon["metadata"] = patched(coupon["metadata"], args.get("metadata", {}))
    coupon["name"] = args.get("name", coupon["name"])
    return coupon


def _delete(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Delete a coupon and end its promotion codes. Existing discounts stay."""
    coupon = account.at_path("coupon", ids, "coupon")
    account.unschedule(f"coupon {coupon['id']}")
    account.tables["coupon"].delete(coupon["id"])
    account.tables["deleted coupon"].put(coupon["id"], coupon)
    refresh(account, coupon)
    coupon["valid"] = False
    return deleted(coupon["id"], "coupon")


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return account.at_path("coupon", ids, "coupon")


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return page(matching(account.where("coupon"), args), args, "/v1/coupons", "coupon")


ENDPOINTS = [
    Endpoint("POST", "/v1/coupons", _CREATE, _create, "coupon"),
    Endpoint("GET", "/v1/coupons", Params(CREATED), _list, "coupon[]"),
    Endpoint("GET", "/v1/coupons/{id}", ONLY_EXPAND, _retrieve, "coupon"),
    Endpoint("POST", "/v1/coupons/{id}", Params(_CHANGEABLE), _update, "coupon"),
    Endpoint("DELETE", "/v1/coupons/{id}", NO_PARAMS, _delete, "coupon"),
]
