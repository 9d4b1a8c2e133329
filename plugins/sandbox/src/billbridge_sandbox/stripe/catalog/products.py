"""Products. Package dimensions and the newer `tax_details` are not simulated; every well-formed tax code is accepted.

A deleted product is gone: reading it is a 404 `resource_missing`. Our choice: Stripe documents what it answers for customers only.
"""

from __future__ import annotations

import re

from billbridge_sandbox.kernel.forms import Nested
from billbridge_sandbox.stripe.api.errors import StripeError, invalid, no_such
from billbridge_sandbox.stripe.api.params import EXPAND, Params, Parser, boolean, choice, clearable, many, metadata, patched, text
from billbridge_sandbox.stripe.catalog.price_amounts import SIMPLE, TAX_BEHAVIOR
from billbridge_sandbox.stripe.catalog.price_object import EVERY, new_price
from billbridge_sandbox.stripe.endpoints.endpoint import NO_PARAMS, ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.expand import deleted
from billbridge_sandbox.stripe.endpoints.lists import CREATED, matching, page
from billbridge_sandbox.stripe.store.account import Account, Json


def _tax_code(value: Nested, name: str) -> str:
    """`txcd_` and eight digits; that the code exists is not checked."""
    shown = text(value, name)
    if not re.fullmatch(r"txcd_[0-9]{8}", shown):
        raise no_such("tax code", shown, name)
    return shown


_WRITABLE: dict[str, Parser] = {
    "active": boolean,
    "description": clearable(text),
    "images": clearable(many(text, 8)),
    "name": text,
    "shippable": boolean,
    "statement_descriptor": text,
    "tax_code": clearable(_tax_code),
    "unit_label": clearable(text),
    "url": clearable(text),
}
_FEATURES = many(Params({"name": text}, required=("name",)), 15)
_COMMON: dict[str, Parser] = {**EXPAND, **_WRITABLE, "marketing_features": clearable(_FEATURES), "metadata": metadata}
_DATA = ("active", "metadata", "name", "statement_descriptor", "tax_code", "unit_label")
PRODUCT_DATA = Params({"id": text, **{name: _COMMON[name] for name in _DATA}}, required=("name",), not_simulated="tax_details")
_PRICE_DATA = Params(
    {**SIMPLE, "metadata": metadata, "recurring": Params(EVERY, required=("interval",)), "tax_behavior": TAX_BEHAVIOR},
    required=("currency",),
)
_CREATE = Params(
    {**_COMMON, "default_price_data": _PRICE_DATA, "id": text, "type": choice("good", "service")},
    required=("name",),
    not_simulated="package_dimensions tax_details",
)
_UPDATE = Params({**_COMMON, "default_price": text}, not_simulated="package_dimensions tax_details")
_LIST = Params({**CREATED, "active": boolean, "ids": many(text), "shippable": boolean, "type": choice("good", "service"), "url": text})


def _create(account: Account, args: Json, ids: dict[str, str]) -> Json:
    product = new_product(account, args, "id")
    if "default_price_data" in args:
        try:
            product["default_price"] = new_price(account, args["default_price_data"], product["id"])["id"]
        except StripeError:
            account.tables["product"].delete(product["id"])
            raise
    return product


def new_product(account: Account, args: Json, param: str) -> Json:
    """Store a product. Raises StripeError `resource_already_exists` for an id that is taken; `param` is that id's full name."""
    id = args.get("id") or account.ids.next("prod_")
    if id in account.tables["product"]:
        raise invalid("Product already exists.", code="resource_already_exists", param=param)
    product: Json = {
        "id": id,
        "object": "product",
        **dict.fromkeys(_WRITABLE),
        "active": True,
        "created": account.now,
        "default_price": None,
        "images": [],
        "livemode": False,
        "marketing_features": [],
        "metadata": {},
        "package_dimensions": None,
        "tax_details": None,
        "type": args.get("type", "service"),
        "updated": account.now,
    }
    _write(account, product, args)
    return account.put(product)


def _update(account: Account, args: Json, ids: dict[str, str]) -> Json:
    product = account.at_path("product", ids)
    if "default_price" in args:
        price = account.find("price", args["default_price"], "default_price")
        if price["product"] != product["id"]:
            raise invalid("The price does not belong to this product.", param="default_price")
    _write(account, product, args)
    product["default_price"] = args.get("default_price", product["default_price"])
    return product


def _write(account: Account, product: Json, args: Json) -> None:
    product["metadata"] = patched(product["metadata"], args.get("metadata", {}))
    product.update({name: args[name] for name in _WRITABLE if name in args})
    product["images"] = product["images"] or []
    product["marketing_features"] = args.get("marketing_features", product["marketing_features"]) or []
    product["updated"] = account.now


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return account.at_path("product", ids)


def _delete(account: Account, args: Json, ids: dict[str, str]) -> Json:
    product = account.at_path("product", ids)
    if account.where("price", product=product["id"]):
        raise invalid("This product cannot be deleted because it has one or more user-created prices.")
    account.tables["product"].delete(product["id"])
    return deleted(product["id"], "product")


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    rows = matching(account.where("product"), args, "active", "shippable", "type", "url")
    if "ids" in args:
        rows = [row for row in rows if row["id"] in args["ids"]]
    return page(rows, args, "/v1/products", "product")


ENDPOINTS = [
    Endpoint("POST", "/v1/products", _CREATE, _create, "product"),
    Endpoint("GET", "/v1/products", _LIST, _list, "product[]"),
    Endpoint("GET", "/v1/products/{id}", ONLY_EXPAND, _retrieve, "product"),
    Endpoint("POST", "/v1/products/{id}", _UPDATE, _update, "product"),
    Endpoint("DELETE", "/v1/products/{id}", NO_PARAMS, _delete, "product"),
]
