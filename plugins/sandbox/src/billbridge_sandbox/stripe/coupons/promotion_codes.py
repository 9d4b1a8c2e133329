"""Promotion codes: the endpoints. Amount limits in several currencies are not simulated."""

from __future__ import annotations

import re
from functools import partial

from billbridge_sandbox.stripe.api.errors import invalid, missing
from billbridge_sandbox.stripe.api.money import currency
from billbridge_sandbox.stripe.api.params import EXPAND, Params, between, boolean, choice, integer, metadata, patched, text
from billbridge_sandbox.stripe.coupons.coupons import refresh_code
from billbridge_sandbox.stripe.endpoints.endpoint import ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.lists import CREATED, matching, page
from billbridge_sandbox.stripe.store.account import Account, Json

_LIMITS = Params(
    {"first_time_transaction": boolean, "minimum_amount": between(1, 99_999_999_999), "minimum_amount_currency": currency},
    not_simulated="currency_options",
)
_CHANGEABLE = {**EXPAND, "active": boolean, "metadata": metadata}
_CREATE = Params(
    {
        **_CHANGEABLE,
        "code": text,
        "customer": text,
        "expires_at": integer,
        "max_redemptions": between(1, 10**9),
        "promotion": Params({"coupon": text, "type": choice("coupon")}, required=("type",)),
        "restrictions": _LIMITS,
    },
    required=("promotion",),
    not_simulated="customer_account",
)
_UPDATE = Params({**_CHANGEABLE, "restrictions": Params(not_simulated="currency_options")})
_LIST = Params({**CREATED, "active": boolean, "code": text, "coupon": text, "customer": text}, not_simulated="customer_account")


def _create(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Create a promotion code. Without `code` the sandbox makes one up."""
    if "coupon" not in args["promotion"]:
        raise missing("promotion[coupon]")
    coupon = account.find("coupon", args["promotion"]["coupon"], "promotion[coupon]")
    customer = account.find("customer", args["customer"], "customer")["id"] if "customer" in args else None
    _check(account, args, coupon)
    limits = args.get("restrictions", {})
    code: Json = {
        "id": account.ids.next("promo_", 24),
        "object": "promotion_code",
        "active": False,
        "code": args.get("code") or account.ids.next(length=8).upper(),
        "created": account.now,
        "customer": customer,
        "customer_account": None,
        "expires_at": args.get("expires_at"),
        "livemode": False,
        "max_redemptions": args.get("max_redemptions"),
        "metadata": patched({}, args.get("metadata", {})),
        "promotion": {"coupon": coupon["id"], "type": "coupon"},
        "restrictions": {
            "first_time_transaction": limits.get("first_time_transaction", False),
            "minimum_amount": limits.get("minimum_amount"),
            "minimum_amount_currency": limits.get("minimum_amount_currency"),
        },
        "times_redeemed": 0,
    }
    wanted = args.get("active", True)
    if wanted:
        _check_unique(account, code)
    account.kept("promotion_code", code["id"])["wanted"] = wanted
    refresh_code(account, code)
    if code["expires_at"] is not None:
        account.schedule(code["id"], code["expires_at"], partial(refresh_code, account, code))
    return account.put(code)


def _check(account: Account, args: Json, coupon: Json) -> None:
    if not coupon["valid"]:
        raise invalid(f"Coupon expired: {coupon['id']}", code="coupon_expired", param="promotion[coupon]")
    if not re.fullmatch(r"[A-Za-z0-9-]{1,500}", args.get("code", "x")):
        raise invalid("A promotion code may have letters, digits and dashes only.", param="code")
    if args.get("expires_at", account.now + 1) <= account.now:
        raise invalid("`expires_at` must be in the future.", param="expires_at")
    for name, limit in (("expires_at", "redeem_by"), ("max_redemptions", "max_redemptions")):
        if name in args and coupon[limit] is not None and args[name] > coupon[limit]:
            raise invalid(f"`{name}` cannot be more than the coupon's `{limit}`.", param=name)
    limits = args.get("restrictions", {})
    if ("minimum_amount" in limits) != ("minimum_amount_currency" in limits):
        raise missing("restrictions[minimum_amount_currency]" if "minimum_amount" in limits else "restrictions[minimum_amount]")


def _check_unique(account: Account, code: Json) -> None:
    """Refuse a second active code with the same text, in upper or lower case, for everyone or for the same customer."""
    for other in account.where("promotion_code", active=True, customer=code["customer"]):
        if other["code"].casefold() == code["code"].casefold() and other["id"] != code["id"]:
            message = f"An active promotion code with `code: {code['code']}` already exists."
            raise invalid(message, code="resource_already_exists", param="code")


def _update(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Update a promotion code. An expired or used-up code cannot become active again."""
    code = account.at_path("promotion_code", ids, "promotion_code")
    merged = patched(code["metadata"], args.get("metadata", {}))
    kept = account.kept("promotion_code", code["id"])
    wanted = args.get("active", kept["wanted"])
    if args.get("active") and not code["active"]:
        _check_unique(account, code)
        kept["wanted"] = True
        refresh_code(account, code)
        if not code["active"]:
            kept["wanted"] = False
            raise invalid("This promotion code cannot be activated: it, or its coupon, has expired or is used up.", param="active")
    kept["wanted"] = wanted
    refresh_code(account, code)
    code["metadata"] = merged
    return code


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return account.at_path("promotion_code", ids, "promotion_code")


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """List promotion codes. The filter by code ignores upper and lower case."""
    rows = matching(account.where("promotion_code"), args, "active", "customer")
    if "code" in args:
        rows = [row for row in rows if row["code"].casefold() == args["code"].casefold()]
    if "coupon" in args:
        rows = [row for row in rows if row["promotion"]["coupon"] == args["coupon"]]
    return page(rows, args, "/v1/promotion_codes", "promotion_code")


ENDPOINTS = [
    Endpoint("POST", "/v1/promotion_codes", _CREATE, _create, "promotion_code"),
    Endpoint("GET", "/v1/promotion_codes", _LIST, _list, "promotion_code[]"),
    Endpoint("GET", "/v1/promotion_codes/{id}", ONLY_EXPAND, _retrieve, "promotion_code"),
    Endpoint("POST", "/v1/promotion_codes/{id}", _UPDATE, _update, "promotion_code"),
]
