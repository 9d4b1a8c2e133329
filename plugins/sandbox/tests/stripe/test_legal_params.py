"""The tables of legal parameters against the official SDK's parameter classes, at every depth."""

from __future__ import annotations

import inspect
import re

import pytest
import stripe
import stripe.params
from billbridge_sandbox.stripe.endpoint import Endpoint
from billbridge_sandbox.stripe.errors import StripeError
from billbridge_sandbox.stripe.params import Params, Parser
from billbridge_sandbox.stripe.vendor import ENDPOINTS

CLASSES = {
    ("GET", "/v1/customers/{id}/payment_methods"): "CustomerPaymentMethodListParams",
    ("GET", "/v1/invoices/{id}/lines"): "InvoiceLineItemListParams",
    ("POST", "/v1/invoices/{id}/finalize"): "InvoiceFinalizeInvoiceParams",
    ("POST", "/v1/invoices/{id}/void"): "InvoiceVoidInvoiceParams",
    ("DELETE", "/v1/subscriptions/{id}"): "SubscriptionCancelParams",
}
ACTIONS = {"POST": "Create", "GET": "List", "POST id": "Update", "GET id": "Retrieve", "DELETE id": "Delete"}


def param_fields(name: str) -> dict[str, str | None]:
    """The names in a parameters class such as "CustomerCreateParams", each with the class of the hash it takes, or None."""
    cls = getattr(stripe.params, name)
    shown = {field: str(note) for field, note in cls.__annotations__.items() if field not in stripe.RequestOptions.__annotations__}
    nested = {field: re.findall(rf"\b{name}\w+", annotation) for field, annotation in shown.items()}
    return {field: classes[0] if classes else None for field, classes in nested.items()}


def class_name(endpoint: Endpoint) -> str:
    special = CLASSES.get((endpoint.method, endpoint.path))
    if special is not None:
        return special
    kind = "".join(word.capitalize() for word in endpoint.returns.removesuffix("[]").split("_"))
    last = endpoint.path.rsplit("/", 1)[1]
    if endpoint.path.endswith("{id}"):
        return f"{kind}{ACTIONS[f'{endpoint.method} id']}Params"
    return f"{kind}{last.capitalize() if '{id}' in endpoint.path else ACTIONS[endpoint.method]}Params"


def inner(parser: Parser) -> Params | None:
    """The table of a hash, inside whatever wraps it."""
    while not isinstance(parser, Params):
        wrapped = inspect.getclosurevars(parser).nonlocals.get("parser") if hasattr(parser, "__closure__") else None
        if wrapped is None:
            return None
        parser = wrapped
    return parser


def differences(ours: Params, theirs: str, where: str) -> list[str]:
    legal = param_fields(theirs)
    known = set(ours.fields) | set(ours.not_simulated.split())
    found = [f"{where}: {name}" for name in known ^ set(legal)]
    for name, parser in ours.fields.items():
        table, nested = inner(parser), legal.get(name)
        if table is not None and nested is not None:
            found += differences(table, nested, f"{where}[{name}]")
    return found


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: f"{endpoint.method} {endpoint.path}")
def test_every_legal_name_is_known_and_no_other(endpoint: Endpoint) -> None:
    assert differences(endpoint.params, class_name(endpoint), endpoint.path) == []


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: f"{endpoint.method} {endpoint.path}")
def test_an_unknown_name_is_refused_by_name(endpoint: Endpoint) -> None:
    with pytest.raises(StripeError) as caught:
        endpoint.params({"emial": "a"}, "")
    assert caught.value.body["error"] == {
        "code": "parameter_unknown",
        "message": "Received unknown parameter: emial",
        "param": "emial",
        "type": "invalid_request_error",
    }
