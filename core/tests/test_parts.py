"""What a client is made of: a wrong part is refused with the line to write instead, the same on both surfaces."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from billbridge import AsyncBilling, Billing, Gateway
from billbridge.errors import (
    BillingError,
    ConfigurationError,
    OutcomeUnknownError,
    PartialFailureError,
    RateLimitError,
    ValidationError,
)
from billbridge.flow.limiter import Limiter
from billbridge.plugins.provider import Provider

SURFACES = [Billing, AsyncBilling]


class Made(Provider):
    name = "made"


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize(
    ("given", "what", "line"),
    [
        ("stripe", "not str", '{}.connect("stripe", ...)'),
        ("sk_live_secret", "not str", '{}.connect("stripe", ...)'),
        (None, "not NoneType", '{}.connect("stripe", ...)'),
        (Made, "not the class Made", "{}(Made(...))"),
        (dict, "not the class dict", '{}.connect("stripe", ...)'),
    ],
)
def test_a_provider_is_an_object_and_a_name_goes_to_connect(surface: Any, given: Any, what: str, line: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        surface(given)
    assert what in caught.value.message
    assert (caught.value.param, caught.value.hint) == ("provider", line.format(surface.__name__))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize(
    ("part", "what", "line"),
    [
        ({"gateway": Gateway}, "not the class Gateway", "gateway=Gateway()"),
        ({"gateway": "sandbox"}, "not str", '{}.connect("stripe", gateway="sandbox"): only connect() takes names'),
        ({"gateway": 5}, "not int", "leave gateway out to send requests straight to the vendor"),
        ({"gateway": 0}, "not int", "leave gateway out to send requests straight to the vendor"),
        ({"limiter": 25}, "not int", "limiter=Limiter(Limit(25, 1)); both classes are in billbridge.flow.limiter"),
        ({"limiter": Limiter}, "not the class Limiter", "limiter=Limiter(Limit(25, 1)); both classes are in billbridge.flow.limiter"),
        ({"journal": "x.journal"}, "not str", "journal=Journal('x.journal'); the class is in billbridge.flow.journal"),
        ({"journal": Path("x.journal")}, "Path", "journal=Journal('x.journal'); the class is in billbridge.flow.journal"),
        ({"journal": True}, "not bool", "journal=Journal('billing.journal'); the class is in billbridge.flow.journal"),
        ({"hooks": "watcher"}, "not str", "hooks=['watcher']"),
        ({"hooks": 5}, "not int", "hooks=[observer]"),
    ],
    ids=str,
)
def test_each_part_has_its_type_and_the_error_says_the_line(
    surface: Any, toy: Provider, part: dict[str, Any], what: str, line: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        surface(toy, **part)
    assert what in caught.value.message
    assert (caught.value.param, caught.value.hint) == (next(iter(part)), line.format(surface.__name__))


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize(
    ("make", "param", "hint"),
    [
        (lambda surface: surface.connect(None), "provider", 'Billing.connect("stripe", ...)'),
        (lambda surface: surface.connect(["stripe"]), "provider", 'Billing.connect("stripe", ...)'),
        (lambda surface: surface.connect(Made()), "provider", "pass it to the constructor: Billing(provider)"),
        (lambda surface: surface.connect("toy", gateway=Gateway), "gateway", "gateway=Gateway()"),
        (lambda surface: surface.connect("toy", gateway=5), "gateway", "leave gateway out to send requests straight to the vendor"),
        (lambda surface: surface.from_env("stripe"), "environment", "os.environ"),
        (lambda surface: surface.from_env({"BILLBRIDGE_PROVIDER": 5}), "environment", None),
    ],
)
def test_connect_takes_names_and_from_env_takes_variables(surface: Any, make: Callable[[Any], Any], param: str, hint: str | None) -> None:
    with pytest.raises(ConfigurationError) as caught:
        make(surface)
    assert caught.value.param == param
    assert hint is None or hint in (caught.value.hint or "")


def resolve(surface: Any, billing: Any, error: Any) -> None:
    if surface is Billing:
        billing.resolve(error)
    else:
        asyncio.run(billing.resolve(error))


def failed_in_part(cause: BillingError) -> PartialFailureError:
    error = PartialFailureError("one of two steps was done", done=("customer",), failed="address")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize(
    ("given", "line"),
    [
        (None, "except OutcomeUnknownError as error"),
        ("cus_1", "except OutcomeUnknownError as error"),
        ([], "for each entry of journal.pending()"),
        (OutcomeUnknownError, "except OutcomeUnknownError as error"),
        (RateLimitError("slow down"), "except OutcomeUnknownError as error"),
        (failed_in_part(OutcomeUnknownError("no answer")), "resolve(error.__cause__)"),
        (failed_in_part(RateLimitError("slow down")), "except OutcomeUnknownError as error"),
    ],
    ids=repr,
)
def test_resolve_takes_an_unknown_outcome_only(surface: Any, toy: Provider, make_script: Any, given: Any, line: str) -> None:
    script = make_script()
    with pytest.raises(ValidationError, match=r"resolve\(\) takes an OutcomeUnknownError or an entry of a journal") as caught:
        resolve(surface, surface(toy, gateway=script), given)
    assert caught.value.param == "error"
    assert line in (caught.value.hint or "")
    assert script.sent == []


@pytest.mark.parametrize("surface", SURFACES)
def test_a_gateway_that_is_falsy_is_still_the_gateway(surface: Any, toy: Provider, make_script: Any) -> None:
    class Empty(make_script):  # type: ignore[misc]  # a fixture gives the class
        def __len__(self) -> int:
            return 0

    assert surface(toy, gateway=Empty(), limiter=Limiter()).info().gateway == "script"
