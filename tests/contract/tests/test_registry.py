"""The list of clauses, checked against itself and against the bodies of the clauses."""

from __future__ import annotations

import re

import pytest
from billbridge import Feature
from billbridge.services.capability import CONNECTED_ACCOUNTS
from billbridge_contract.cases import Case, perform
from billbridge_contract.clauses.capabilities import KNOWN
from billbridge_contract.registry import CHAPTERS, Clause, clause, clauses
from billbridge_contract.sandboxes import InProcessBackend
from billbridge_contract.surfaces import Surface
from billbridge_contract.verdict import Ending
from billbridge_sandbox.stripe.vendor import CONNECTED

FEATURES = {feature.value: feature.operation for feature in Feature}
NO_CALLS = {*FEATURES, CONNECTED_ACCOUNTS}
"""Capabilities that are not operations."""


class Stripe(InProcessBackend):
    """Stripe, in process."""

    name = "stripe"
    provider = "stripe"
    connected_account = CONNECTED


class Chargebee(InProcessBackend):
    """Chargebee, in process."""

    name = "chargebee"
    provider = "chargebee"


def test_ids_and_promises_have_their_form() -> None:
    assert len(clauses()) > 100
    for one in clauses():
        assert re.fullmatch(r"[A-Z]{3}-\d\d", one.id)
        assert one.promise.endswith(".")
        assert one.chapter in CHAPTERS


def test_ids_count_up_within_their_letters() -> None:
    numbers: dict[str, list[int]] = {}
    for one in clauses():
        numbers.setdefault(one.id[:3], []).append(int(one.id[4:]))
    for letters, found in numbers.items():
        assert found == list(range(1, len(found) + 1)), letters


def test_two_clauses_cannot_share_an_id() -> None:
    with pytest.raises(ValueError, match="CUS-01"):
        clause("CUS-01", "Again.")(clauses()[0].body)


def test_every_capability_is_needed_by_some_clause() -> None:
    assert {need for one in clauses() for need in one.needs} == KNOWN


def test_a_feature_is_needed_together_with_its_operation() -> None:
    for one in clauses():
        assert {FEATURES[need] for need in one.needs if need in FEATURES} <= set(one.needs), one.id


@pytest.mark.parametrize("one", clauses(), ids=lambda one: one.id)
def test_a_clause_needs_exactly_what_its_body_calls(one: Clause) -> None:
    for backend in (Stripe, Chargebee):
        run = perform(Case(backend, Surface.BLOCKING, one))
        if run.ending is Ending.PASSED:
            assert run.meter.operations == {need for need in one.needs if need not in NO_CALLS}
            return
    raise AssertionError(f"no provider here proves {one.id}")
