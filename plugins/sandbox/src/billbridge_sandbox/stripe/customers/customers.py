"""Customers. Cash balances, sources, tax locations and test clocks are not simulated."""

from __future__ import annotations

from typing import Any

from billbridge_sandbox.stripe.api.errors import no_such
from billbridge_sandbox.stripe.api.params import (
    ADDRESS,
    EXPAND,
    Params,
    Parser,
    between,
    choice,
    clearable,
    email,
    integer,
    many,
    metadata,
    patched,
    text,
)
from billbridge_sandbox.stripe.billing import lifecycle
from billbridge_sandbox.stripe.billing.customer_balance import set_balance
from billbridge_sandbox.stripe.customers import tax_ids
from billbridge_sandbox.stripe.endpoints.endpoint import ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.expand import deleted
from billbridge_sandbox.stripe.endpoints.lists import CREATED, matching, page
from billbridge_sandbox.stripe.payments.payment_methods import attach, attached
from billbridge_sandbox.stripe.store.account import Account, Json

# That an empty phone clears it, as empty parts of an address do, is our choice: the documents do not say.
_SHIPPING = Params({"name": text, "phone": clearable(text), "address": ADDRESS}, required=("name", "address"))
_PLAIN: dict[str, Parser] = {
    "address": clearable(ADDRESS),
    "business_name": clearable(text),
    "description": clearable(text),
    "email": clearable(email),
    "individual_name": clearable(text),
    "invoice_prefix": text,
    "name": clearable(text),
    "next_invoice_sequence": between(1, 10**9),
    "phone": clearable(text),
    "preferred_locales": many(text),
    "shipping": clearable(_SHIPPING),
    "tax_exempt": clearable(choice("exempt", "none", "reverse")),
}
# Absent rather than null.
_ABSENT = ("business_name", "individual_name")
_TAX_DISPLAY = choice("exclude_tax", "include_inclusive_tax")
_SETTINGS = Params(
    {
        "custom_fields": clearable(many(Params({"name": text, "value": text}, required=("name", "value")), 4)),
        "default_payment_method": clearable(text),
        "footer": clearable(text),
        "rendering_options": clearable(Params({"amount_tax_display": clearable(_TAX_DISPLAY)}, not_simulated="template")),
    }
)
_WRITABLE: dict[str, Parser] = {**EXPAND, **_PLAIN, "balance": integer, "metadata": metadata, "invoice_settings": _SETTINGS}
_CREATE = Params(
    {**_WRITABLE, "payment_method": text, "tax_id_data": many(tax_ids.TAX_ID_DATA, 5)},
    not_simulated="cash_balance source tax test_clock validate",
)
_UPDATE = Params(_WRITABLE, not_simulated="cash_balance default_source source tax validate")
_LIST = Params({**CREATED, "email": text}, not_simulated="test_clock")


def _create(account: Account, args: Json, ids: dict[str, str]) -> Json:
    id = account.ids.next("cus_")
    customer: Json = {
        "id": id,
        "object": "customer",
        **dict.fromkeys(_PLAIN),
        "balance": 0,
        "created": account.now,
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "discount": None,
        "invoice_prefix": account.ids.next(length=8).upper(),
        "invoice_settings": {"custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None},
        "livemode": False,
        "metadata": {},
        "next_invoice_sequence": 1,
        "preferred_locales": [],
        "tax_exempt": "none",
        "test_clock": None,
    }
    for index, given in enumerate(args.get("tax_id_data", [])):
        tax_ids.check_form(given, f"tax_id_data[{index}][value]")
    own = {args["payment_method"]} if "payment_method" in args else set[str]()
    _check_default(account, customer, args, own)
    _write(customer, args)
    if "payment_method" in args:
        method = attach(account, args["payment_method"], customer["id"], "payment_method")
        settings = args.get("invoice_settings", {})
        if settings.get("default_payment_method") == args["payment_method"]:
            customer["invoice_settings"]["default_payment_method"] = method["id"]
    account.put(customer)
    for given in args.get("tax_id_data", []):
        tax_ids.new_tax_id(account, id, given)
    set_balance(account, customer, args, "initial")
    return customer


def _update(account: Account, args: Json, ids: dict[str, str]) -> Json:
    customer = living(account, ids["id"], "id", 404)
    _check_default(account, customer, args, set())
    _write(customer, args)
    set_balance(account, customer, args, "adjustment")
    return customer


def _write(customer: Json, args: Json) -> None:
    """Update the fields in `args`. Changes nothing if metadata has too many keys."""
    customer["metadata"] = patched(customer["metadata"], args.get("metadata", {}))
    for name in _PLAIN:
        if name in args:
            customer[name] = _filled(name, args[name], customer.get(name))
    for name in _ABSENT:
        if customer.get(name) is None:
            customer.pop(name, None)
    settings = args.get("invoice_settings", {})
    if settings.get("rendering_options") is not None:
        settings = {**settings, "rendering_options": {"amount_tax_display": None, "template": None, **settings["rendering_options"]}}
    customer["invoice_settings"].update(settings)


def _filled(name: str, value: Any, current: Any) -> Any:
    """A written value over the current one, part by part, with the nulls that Stripe shows for the parts never given."""
    before: Json = current or {}
    if name == "address" and value is not None:
        return _address(before, value)
    if name == "shipping" and value is not None:
        return {"phone": None, **before, **value, "address": _address(before.get("address", {}), value["address"])}
    return "none" if name == "tax_exempt" and value is None else value


def _address(before: Json, value: Json) -> Json:
    return {**dict.fromkeys(ADDRESS.fields), **before, **value}


def _check_default(account: Account, customer: Json, args: Json, own: set[str]) -> None:
    method = args.get("invoice_settings", {}).get("default_payment_method")
    if method is not None and method not in own:
        attached(account, method, customer["id"], "invoice_settings[default_payment_method]")


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    if ids["id"] in account.deleted_customers:
        return deleted(ids["id"], "customer")
    return account.at_path("customer", ids)


def _delete(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Delete a customer and cancel the customer's subscriptions at once. The invoices stay."""
    customer = living(account, ids["id"], "id", 404)
    for subscription in account.where("subscription", customer=customer["id"]):
        if subscription["ended_at"] is None:
            lifecycle.cancel(account, subscription)
    for method in account.where("payment_method", customer=customer["id"]):
        method["customer"] = None
        account.detached.add(method["id"])
    for tax_id in account.where("tax_id", customer=customer["id"]):
        tax_ids.drop(account, tax_id)
    account.tables["customer"].delete(customer["id"])
    account.deleted_customers.add(customer["id"])
    return deleted(customer["id"], "customer")


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """List customers. The email filter is exact and distinguishes upper and lower case, as Stripe's documentation says."""
    return page(matching(account.where("customer"), args, "email"), args, "/v1/customers", "customer")


def living(account: Account, id: str, param: str, status: int = 400) -> Json:
    """A customer that is not deleted. Raises StripeError `resource_missing`."""
    if id in account.deleted_customers:
        raise no_such("customer", id, param, status)
    return account.find("customer", id, param, status)


ENDPOINTS = [
    Endpoint("POST", "/v1/customers", _CREATE, _create, "customer"),
    Endpoint("GET", "/v1/customers", _LIST, _list, "customer[]"),
    Endpoint("GET", "/v1/customers/{id}", ONLY_EXPAND, _retrieve, "customer"),
    Endpoint("POST", "/v1/customers/{id}", _UPDATE, _update, "customer"),
    Endpoint("DELETE", "/v1/customers/{id}", Params(), _delete, "customer"),
]
