"""The tables of legal parameters against the official SDK's parameter classes, at every depth."""

from __future__ import annotations

import inspect
import re
import sys

import pytest
import stripe
from billbridge_sandbox.stripe.api.errors import StripeError
from billbridge_sandbox.stripe.api.params import Params, Parser
from billbridge_sandbox.stripe.endpoints.endpoint import Endpoint
from billbridge_sandbox.stripe.vendor import ENDPOINTS
from law.stripe import operations


def param_fields(cls: type) -> dict[str, type | None]:
    """The names in a parameters class, each with the class of the hash (or of the list of hashes) that it takes, or None."""
    shown = {field: str(note) for field, note in cls.__annotations__.items() if field not in stripe.RequestOptions.__annotations__}
    nested = {field: re.findall(rf"\b{cls.__name__}\w+", annotation) for field, annotation in shown.items()}
    return {field: vars(sys.modules[cls.__module__])[classes[0]] if classes else None for field, classes in nested.items()}


def params_class(endpoint: Endpoint) -> type:
    operation = operations.find(endpoint.method, re.sub(r"{\w+}", "x", endpoint.path))
    assert operation is not None, f"{endpoint.method} {endpoint.path}: no endpoint of the SDK"
    return operation.params


def inner(parser: Parser) -> Params | None:
    """The table of a hash, inside whatever wraps it."""
    while not isinstance(parser, Params):
        wrapped = inspect.getclosurevars(parser).nonlocals.get("parser") if hasattr(parser, "__closure__") else None
        if wrapped is None:
            return None
        parser = wrapped
    return parser


def differences(ours: Params, theirs: type, where: str) -> list[str]:
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
    assert differences(endpoint.params, params_class(endpoint), endpoint.path) == []


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
