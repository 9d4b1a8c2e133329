"""Prices: the endpoints. `price_amounts` checks the amounts of a price; `pricing` calculates the cost of a quantity."""

from __future__ import annotations

from billbridge_sandbox.stripe.api.errors import StripeError, exclusive, invalid, missing
from billbridge_sandbox.stripe.api.money import currency
from billbridge_sandbox.stripe.api.params import EXPAND, Params, Parser, boolean, choice, clearable, many, metadata, patched, text
from billbridge_sandbox.stripe.catalog.price_amounts import CURRENCY_OPTIONS, OWN, SIMPLE, TAX_BEHAVIOR, options
from billbridge_sandbox.stripe.catalog.price_object import LONGEST, RECURRING, USAGE, new_price
from billbridge_sandbox.stripe.catalog.products import PRODUCT_DATA, new_product
from billbridge_sandbox.stripe.endpoints.endpoint import ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.lists import CREATED, matching, page
from billbridge_sandbox.stripe.store.account import Account, Json

_CHANGEABLE: dict[str, Parser] = {
    **EXPAND,
    "active": boolean,
    "lookup_key": clearable(text),
    "metadata": metadata,
    "nickname": clearable(text),
    "tax_behavior": TAX_BEHAVIOR,
    "transfer_lookup_key": boolean,
}
_CREATE = Params(
    {**_CHANGEABLE, **SIMPLE, **OWN, "product": text, "product_data": PRODUCT_DATA, "recurring": RECURRING},
    required=("currency",),
)
_UPDATE = Params({**_CHANGEABLE, "currency_options": clearable(CURRENCY_OPTIONS)})
_LIST = Params(
    {
        **CREATED,
        "active": boolean,
        "currency": currency,
        "lookup_keys": many(text, 10),
        "product": text,
        "recurring": Params({"interval": choice(*LONGEST), "meter": text, "usage_type": USAGE}),
        "type": choice("one_time", "recurring"),
    }
)


def _create(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Create a price for a product that exists, or with `product_data` for a new one."""
    if "product" in args and "product_data" in args:
        raise exclusive("product", "product_data")
    if "product" not in args and "product_data" not in args:
        raise missing("product")
    made = "product_data" in args
    product = (
        new_product(account, args["product_data"], "product_data[id]") if made else account.find("product", args["product"], "product")
    )
    try:
        _check_lookup_key(account, args, None)
        price = new_price(account, args, product["id"])
    except StripeError:
        if made:
            account.tables["product"].delete(product["id"])
        raise
    _take_lookup_key(account, price, args)
    return price


def _update(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Update a price. Its amounts never change. Other currencies can be added, replaced or, with an empty value, all removed."""
    price = account.at_path("price", ids, "price")
    merged = patched(price["metadata"], args.get("metadata", {}))
    if args.get("tax_behavior", price["tax_behavior"]) != price["tax_behavior"] and price["tax_behavior"] != "unspecified":
        raise invalid("The tax behavior of a price cannot be changed once it is exclusive or inclusive.", param="tax_behavior")
    _check_lookup_key(account, args, price["id"])
    if "currency_options" in args:
        _write_options(account, price, args["currency_options"])
    _take_lookup_key(account, price, args)
    price.update({name: args[name] for name in ("active", "nickname", "tax_behavior") if name in args}, metadata=merged)
    for item in account.where("subscription_item"):
        if item["plan"]["id"] == price["id"]:
            item["plan"].update({name: price[name] for name in ("active", "nickname", "metadata")})
    return price


def _write_options(account: Account, price: Json, given: Json | None) -> None:
    if given is not None and price["currency"] in given:
        raise invalid("The price's own currency cannot be among its currency_options.", param="currency_options")
    kept = account.kept("price", price["id"])["currency_options"]
    own = {price["currency"]: kept[price["currency"]]}
    further = options(given or {}, price["billing_scheme"] == "tiered")
    account.kept("price", price["id"])["currency_options"] = own if given is None else {**kept, **further}


def _holders(account: Account, args: Json, own: str | None) -> list[Json]:
    key = args.get("lookup_key")
    return [] if key is None else [row for row in account.where("price", lookup_key=key) if row["id"] != own]


def _check_lookup_key(account: Account, args: Json, own: str | None) -> None:
    """Refuse a lookup key that another price holds, active or not, unless `transfer_lookup_key` is set.

    Recordings of Stripe show no `code` on this refusal.
    """
    holders = _holders(account, args, own)
    if holders and not args.get("transfer_lookup_key"):
        raise invalid(f"A price (`{holders[0]['id']}`) already uses that lookup key.", param="lookup_key")


def _take_lookup_key(account: Account, price: Json, args: Json) -> None:
    for holder in _holders(account, args, price["id"]):
        holder["lookup_key"] = None
    price["lookup_key"] = args.get("lookup_key", price["lookup_key"])


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
