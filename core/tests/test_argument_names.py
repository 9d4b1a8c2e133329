"""The toolkit's argument names: a vendor's parameter becomes the argument that the caller passed."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from billbridge.errors import ValidationError
from billbridge.toolkit.argument_names import ArgumentNames, nested
from hypothesis import given
from hypothesis import strategies as st

NAMES = ArgumentNames(
    {
        "toys.create": {
            "mail": "email",
            "parts[*]": "parts[*]",
            "parts[*][weight]": "parts[*].weight",
            "cells[weight][*]": "parts[*].weight",
            "notes": "metadata",
            "expand": None,
            "first": ("given_name", "name"),
            "end": ("days", "until"),
            "grid[*][row][*]": "grid[*].rows[*]",
            **nested("home", "address", {"zip": "postal_code"}),
        }
    }
)


class New(msgspec.Struct, kw_only=True):
    name: str | None = None
    given_name: str | None = None
    days: int | None = None
    until: int | None = None


class Patch(msgspec.Struct, kw_only=True):
    name: str | msgspec.UnsetType | None = msgspec.UNSET
    given_name: str | msgspec.UnsetType | None = msgspec.UNSET


@pytest.mark.parametrize(
    ("parameter", "argument"),
    [
        ("mail", "email"),
        ("parts[0][weight]", "parts[0].weight"),
        ("parts[12]", "parts[12]"),
        ("parts[3][colour]", "parts[3]"),  # the closest group that is known
        ("cells[weight][7]", "parts[7].weight"),
        ("grid[1][row][2]", "grid[1].rows[2]"),
        ("notes[plan]", "metadata"),
        ("notes[0]", "metadata"),
        ("notes[a", "metadata"),
        ("home[zip]", "address.postal_code"),
        ("home[town]", "address"),
        ("expand[0]", None),
        ("colour", None),
        ("", None),
    ],
)
def test_a_parameter_is_the_argument_that_it_was_made_of(parameter: str, argument: str | None) -> None:
    assert NAMES.find("toys.create", parameter) == argument


@pytest.mark.parametrize(
    ("parameter", "draft", "argument"),
    [
        ("first", New(name="Ada"), "name"),
        ("first", New(given_name="Ada"), "given_name"),
        ("first", Patch(name="Ada"), "name"),
        ("first", Patch(given_name="Ada"), "given_name"),
        ("first", Patch(given_name=None), "given_name"),  # clears it
        ("end", New(days=0), "days"),
        ("end", New(until=0), "until"),
        ("end", New(), "until"),
        ("end", None, "until"),
    ],
)
def test_of_several_arguments_the_one_that_was_passed_is_named(parameter: str, draft: Any, argument: str) -> None:
    assert NAMES.find("toys.create", parameter, draft) == argument


def test_a_table_knows_its_parameters_and_what_is_inside_their_groups() -> None:
    known = ("mail", "expand[0]", "notes[a]", "parts[4][weight]")
    assert [name for name in (*known, "colour", "mails", "cells") if not NAMES.knows("toys.create", name)] == ["colour", "mails", "cells"]


def test_an_operation_without_a_table_keeps_the_vendor_s_name() -> None:
    error = ValidationError("no", param="parts[0][weight]")
    NAMES.rename(error, "raw.post")
    assert (error.param, error.provider_param) == ("parts[0][weight]", "parts[0][weight]")
    assert str(error) == "no (param parts[0][weight])"


def test_an_error_has_both_names_and_its_text_too() -> None:
    error = ValidationError("no", param="parts[0][weight]")
    NAMES.rename(error, "toys.create")
    assert (error.param, error.provider_param) == ("parts[0].weight", "parts[0][weight]")
    assert str(error) == "no (param parts[0].weight, provider_param parts[0][weight])"


def test_a_parameter_of_no_argument_is_kept_under_the_vendor_s_name_only() -> None:
    error = ValidationError("no", param="colour")
    NAMES.rename(error, "toys.create")
    assert (error.param, error.provider_param) == (None, "colour")
    assert str(error) == "no (provider_param colour)"


def test_an_error_without_a_parameter_stays_without() -> None:
    error = ValidationError("no")
    NAMES.rename(error, "toys.create")
    assert (error.param, error.provider_param) == (None, None)


@given(st.text(alphabet="ab[]01*é", max_size=30))
def test_any_name_that_a_vendor_sends_is_answered(parameter: str) -> None:
    found = NAMES.find("toys.create", parameter)
    assert found is None or NAMES.knows("toys.create", parameter)
