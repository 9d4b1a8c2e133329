"""Well-formed objects of answers pass the checks, and each kind of fault in them is reported by name."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from law import chargebee, stripe
from samples import CB_CUSTOMER, CUSTOMER, LIST, PRICE


def changed(value: dict[str, Any], path: str, new: Any) -> dict[str, Any]:
    """A copy with the field at a dotted path replaced, or removed when `new` is `...`."""
    copy = deepcopy(value)
    *way, last = path.split(".")
    inner: Any = copy
    for step in way:
        inner = inner[int(step)] if step.isdigit() else inner[step]
    if new is ...:
        del inner[last]
    else:
        inner[last] = new
    return copy


@pytest.mark.parametrize(
    "value", [CUSTOMER, PRICE, LIST, changed(PRICE, "product", {"id": "prod_1", "object": "product", "deleted": True})]
)
def test_a_well_formed_object_of_stripe_is_legal(value: dict[str, Any]) -> None:
    assert stripe.check_object(value, known_words_only=True) == []


def test_a_deleted_object_is_legal_and_must_still_be_named() -> None:
    assert stripe.check_object({"id": "cus_1", "object": "customer", "deleted": True}) == []
    assert stripe.check_object({"object": "customer", "deleted": True}) == ["id: missing"]


def test_an_expanded_object_is_checked_where_an_id_may_stand() -> None:
    payment = {"id": "pm_1", "object": "payment_method", "wallet": 1}
    found = stripe.check_object(changed(CUSTOMER, "invoice_settings.default_payment_method", payment))
    assert "invoice_settings.default_payment_method.wallet: no field of PaymentMethod" in found


STRIPE_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown field": (changed(CUSTOMER, "nickname", "J"), "nickname: no field of Customer"),
    "unknown field inside": (
        changed(CUSTOMER, "invoice_settings.memo", None),
        "invoice_settings.memo: no field of Customer.InvoiceSettings",
    ),
    "unknown field in a list": (changed(LIST, "data.0.amount", 1), "data[0].amount: no field of Price"),
    "required field missing": (changed(CUSTOMER, "created", ...), "created: missing"),
    "nullable field missing": (changed(CUSTOMER, "description", ...), "description: missing"),
    "nullable field missing inside": (changed(CUSTOMER, "invoice_settings.footer", ...), "invoice_settings.footer: missing"),
    "list without has_more": (changed(LIST, "has_more", ...), "has_more: missing"),
    "null where never null": (changed(CUSTOMER, "created", None), "created: null, but it is never null"),
    "null where absent": (changed(CUSTOMER, "sources", None), "sources: null, but it is absent rather than null"),
    "text for a number": (changed(CUSTOMER, "created", "1680893993"), "created: '1680893993' is not int"),
    "boolean for a number": (changed(CUSTOMER, "created", True), "created: True is not int"),
    "number for a boolean": (changed(CUSTOMER, "delinquent", 0), "delinquent: 0 is not bool"),
    "number for a decimal string": (changed(PRICE, "unit_amount_decimal", 1000), "unit_amount_decimal: 1000 is not a number in a string"),
    "fraction for a whole number": (changed(PRICE, "unit_amount", 10.5), "unit_amount: 10.5 is not int"),
    "text for a group": (changed(PRICE, "recurring", "month"), "recurring: 'month' is not Recurring"),
    "group for a text": (changed(PRICE, "currency", {}), "currency: a group of fields, not str"),
    "list for a group": (changed(PRICE, "metadata", []), "metadata: a list, not UntypedStripeObject"),
    "metadata that is no text": (changed(CUSTOMER, "metadata.tier", 1), "metadata.tier: 1 is not str"),
    "a word of the SDK only": (changed(PRICE, "recurring.interval", "monthly"), "recurring.interval: 'monthly' is not 'day' or 'month'"),
    "group of its own type missing": ({"id": "pm_1", "object": "payment_method", "type": "card"}, "card: missing"),
    "group of its own type null": (changed(PRICE, "recurring", None), "recurring: null, though the type names it"),
    "wrong name": (changed(PRICE, "product", {"id": "cus_1", "object": "customer"}), "product.object: 'customer' instead of 'product'"),
    "unknown name": (changed(CUSTOMER, "object", "client"), "object: 'client' is no object of the SDK"),
    "no name": (changed(CUSTOMER, "object", ...), 'answer: not an object with a name in "object"'),
}


@pytest.mark.parametrize(("value", "line"), STRIPE_FAULTS.values(), ids=STRIPE_FAULTS.keys())
def test_a_fault_in_stripes_object_is_reported(value: dict[str, Any], line: str) -> None:
    found = stripe.check_object(value, known_words_only=True)
    assert [each for each in found if each.startswith(line)], found


def test_words_that_the_sdk_does_not_list_are_allowed_unless_asked() -> None:
    assert stripe.check_object(changed(PRICE, "recurring.interval", "decade")) == []
    assert chargebee.check_object("customer", changed(CB_CUSTOMER, "card_status", "lost")) == []


def test_a_well_formed_object_of_chargebee_is_legal() -> None:
    assert chargebee.check_object("customer", CB_CUSTOMER, known_words_only=True) == []


CHARGEBEE_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown field": (changed(CB_CUSTOMER, "nickname", "J"), "nickname: no field of CustomerResponse"),
    "unknown field inside": (changed(CB_CUSTOMER, "billing_address.town", "x"), "billing_address.town: no field of BillingAddressResponse"),
    "required field missing": (changed(CB_CUSTOMER, "auto_collection", ...), "auto_collection: missing"),
    "required field missing inside": (changed(CB_CUSTOMER, "balances.0.currency_code", ...), "balances[0].currency_code: missing"),
    "null": (changed(CB_CUSTOMER, "company", None), "company: null, but Chargebee leaves such a field out"),
    "null inside": (changed(CB_CUSTOMER, "billing_address.line1", None), "billing_address.line1: null"),
    "text for a number": (changed(CB_CUSTOMER, "created_at", "1517505643"), "created_at: '1517505643' is not int"),
    "boolean for a number": (changed(CB_CUSTOMER, "net_term_days", False), "net_term_days: False is not int"),
    "fraction for a whole number": (changed(CB_CUSTOMER, "excess_payments", 1.5), "excess_payments: 1.5 is not int"),
    "group for a list": (changed(CB_CUSTOMER, "balances", {}), "balances: not a list"),
    "text for a group": (changed(CB_CUSTOMER, "billing_address", "x"), "billing_address: not an object"),
    "a word outside the enum": (changed(CB_CUSTOMER, "auto_collection", "true"), "auto_collection: 'true' is not one of off, on"),
    "a word outside the resource's enum": (changed(CB_CUSTOMER, "card_status", "lost"), "card_status: 'lost' is not one of expired"),
    "a word outside a group's enum": (
        changed(CB_CUSTOMER, "billing_address.validation_status", "ok"),
        "billing_address.validation_status: 'ok' is not one of",
    ),
    "wrong name": (changed(CB_CUSTOMER, "object", "client"), "object: 'client' instead of 'customer'"),
}


@pytest.mark.parametrize(("value", "line"), CHARGEBEE_FAULTS.values(), ids=CHARGEBEE_FAULTS.keys())
def test_a_fault_in_chargebees_object_is_reported(value: dict[str, Any], line: str) -> None:
    found = chargebee.check_object("customer", value, known_words_only=True)
    assert [each for each in found if each.startswith(line)], found


def test_an_unknown_kind_of_chargebee_resource_is_reported() -> None:
    assert chargebee.check_object("client", {}) == ["'client' is no resource of the SDK"]
