"""Billbridge reads every field of the SDKs about money, quantity or time, or docs/fields.md says why not. A new SDK shows new ones."""

from __future__ import annotations

import pytest
from fields.bearing import bearing
from fields.page import REASONS, not_read
from fields.reading import STRUCTS, is_read

BEARING = bearing()
RESOURCES = [(vendor, resource) for vendor, resources in BEARING.items() for resource in resources]


def test_the_resources_are_those_that_have_reasons_and_structs() -> None:
    named = {vendor: set(resources) for vendor, resources in BEARING.items()}
    assert named == {vendor: set(resources) for vendor, resources in REASONS.items()}
    assert named == {vendor: set(resources) for vendor, resources in STRUCTS.items()}


@pytest.mark.parametrize(("vendor", "resource"), RESOURCES)
def test_a_field_is_read_or_has_a_reason(vendor: str, resource: str) -> None:
    reasons = not_read(vendor, resource)
    assert {path for path in BEARING[vendor][resource] if path not in reasons and not is_read(vendor, resource, path)} == set()


@pytest.mark.parametrize(("vendor", "resource"), RESOURCES)
def test_no_reason_is_stale(vendor: str, resource: str) -> None:
    """Neither for a field that the SDK has no more, nor for one that is read by now, nor twice."""
    reasons = not_read(vendor, resource)
    assert set(reasons) <= BEARING[vendor][resource]
    assert {path for path in reasons if is_read(vendor, resource, path)} == set()
    assert len(reasons) == sum(len(paths.split()) for paths in REASONS[vendor][resource].values())


def test_numbers_of_all_depths_and_telling_texts_are_found() -> None:
    """A sample by hand, so that the search itself is held against something."""
    assert {"unit_amount", "tiers.up_to", "recurring.interval", "transform_quantity.round", "currency"} <= BEARING["stripe"]["price"]
    assert {"nickname", "lookup_key", "id"}.isdisjoint(BEARING["stripe"]["price"])
    assert {"addons.unit_price", "discounts.percentage", "subscription_items.quantity_in_decimal"} <= BEARING["chargebee"]["subscription"]
    assert sum(len(paths) for resources in BEARING.values() for paths in resources.values()) > 350
