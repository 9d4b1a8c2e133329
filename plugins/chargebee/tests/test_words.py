"""The tables of words hold every word of the official SDK's enums, so that nothing documented reads as UNKNOWN."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import pytest
from billbridge_chargebee.translate import words

# The SDK is not typed (no py.typed), so its modules are read without types.
ENUMS: Any = import_module("chargebee.models.enums")


def enum(resource: str, name: str) -> Any:
    return getattr(getattr(import_module(f"chargebee.models.{resource}"), "".join(part.title() for part in resource.split("_"))), name)


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        (words.TAXABILITIES, ENUMS.Taxability),
        (words.VAT_STATUSES, enum("customer", "VatNumberStatus")),
        (words.AUTO_COLLECTIONS, ENUMS.AutoCollection),
        (words.KINDS, enum("item", "Type")),
        (words.DURATIONS, enum("coupon", "DurationType")),
        (words.SETUP_STATES, enum("hosted_page", "State")),
        (words.PRICING_MODELS, ENUMS.PricingModel),
        (words.METHOD_TYPES, ENUMS.PaymentMethodType),
        (words.METHOD_STATUSES, enum("payment_source", "Status")),
        (words.BRANDS, enum("payment_source", "CardBrand")),
        (words.SUBSCRIPTION_STATUSES, enum("subscription", "Status")),
        (words.COLLECTION_METHODS, ENUMS.AutoCollection),
        (words.INVOICE_STATUSES, enum("invoice", "Status")),
        (words.COLLECTION_STATES, enum("invoice", "DunningStatus")),
    ],
)
def test_every_documented_word_is_known(table: Mapping[str, object], wanted: Any) -> None:
    assert {word.value for word in wanted} == set(table)


def test_every_kind_of_line_with_a_price_is_known() -> None:
    kinds = {word.value for word in enum("invoice", "LineItemEntityType")}
    assert kinds - words.PRICED_ENTITIES == {"adhoc", "plan_setup"}
    assert kinds >= words.PRICED_ENTITIES


def test_every_funding_is_known() -> None:
    assert {word.value for word in enum("payment_source", "CardFundingType")} - {"not_known", "not_applicable"} == words.FUNDINGS
