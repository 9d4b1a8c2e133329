"""Payment methods, request by request."""

from __future__ import annotations

from typing import Any

import pytest
from billbridge.errors import NotFoundError, PaymentDeclinedError, ValidationError
from billbridge.model import (
    Card,
    CardBrand,
    Customer,
    NewPaymentMethod,
    Page,
    PaymentMethod,
    PaymentMethodQuery,
    PaymentMethodStatus,
    PaymentMethodType,
)
from billbridge_chargebee import ChargebeeProvider

from .stepping import at, get, post, raw, refused, walk

METHODS = ChargebeeProvider().payment_methods
SENT: dict[str, Any] = {
    "id": "pm_1",
    "object": "payment_source",
    "customer_id": "ada",
    "type": "card",
    "reference_id": "cus_1/card_1",
    "status": "valid",
    "gateway": "stripe",
    "issuing_country": "GB",
    "card": {"iin": "424242", "last4": "4242", "brand": "visa", "funding_type": "credit", "expiry_month": 12, "expiry_year": 2030},
    "created_at": 1767225600,
    "updated_at": 1767225700,
    "deleted": False,
}
READ = PaymentMethod(
    provider="chargebee",
    id="pm_1",
    raw=raw(SENT),
    customer_id="ada",
    type=PaymentMethodType.CARD,
    vendor_type="card",
    status=PaymentMethodStatus.VALID,
    card=Card(brand=CardBrand.VISA, last4="4242", exp_month=12, exp_year=2030, funding="credit", country="GB"),
    created_at=at(1767225600),
)
BARE = {"id": "pm_2"}
BARE_READ = PaymentMethod(
    provider="chargebee",
    id="pm_2",
    raw=raw(BARE),
    customer_id=None,
    type=PaymentMethodType.UNKNOWN,
    vendor_type="",
    status=PaymentMethodStatus.UNKNOWN,
)
LISTING = {"customer_id[is]": "ada", "sort_by[desc]": "created_at", "limit": "100"}


def read(sent: dict[str, Any]) -> PaymentMethod:
    page = walk(METHODS.list(PaymentMethodQuery(customer="ada")), get("/payment_sources", {"list": [{"payment_source": sent}]}, LISTING))
    method = page.items[0]
    assert isinstance(method, PaymentMethod)
    return method


@pytest.mark.parametrize(("make_default", "text"), [(True, "true"), (False, "false")])
def test_a_token_of_the_browser_library_becomes_a_payment_source(make_default: bool, text: str) -> None:
    sent = {"customer_id": "ada", "token_id": "tok_1", "replace_primary_payment_source": text}
    answer = {"customer": {"id": "ada"}, "payment_source": SENT}
    flow = METHODS.attach("ada", NewPaymentMethod(token="tok_1", make_default=make_default))
    assert walk(flow, post("/payment_sources/create_using_token", answer, sent)) == READ


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refused(400, "payment_method_verification_failed", type="payment"), PaymentDeclinedError),
        (refused(400, "payment_method_verification_failed", type="payment", param="token_id"), ValidationError),
        (refused(404, "resource_not_found", param="customer_id"), NotFoundError),
    ],
)
def test_a_refused_card_is_a_decline_and_a_wrong_token_is_not(answer: Any, kind: type[Exception]) -> None:
    sent = {"customer_id": "ada", "token_id": "tok_1", "replace_primary_payment_source": "true"}
    with pytest.raises(kind):
        walk(METHODS.attach("ada", NewPaymentMethod(token="tok_1")), post("/payment_sources/create_using_token", answer, sent))


def test_the_default_is_the_primary_role() -> None:
    customer = {"id": "ada", "primary_payment_source_id": "pm_1"}
    answer = post(
        "/customers/ada/assign_payment_role",
        {"customer": customer, "payment_source": SENT},
        {"payment_source_id": "pm_1", "role": "primary"},
    )
    expected = Customer(provider="chargebee", id="ada", raw=raw(customer), tax_ids=[], default_payment_method_id="pm_1")
    assert walk(METHODS.set_default("ada", "pm_1"), answer) == expected


def test_the_list_is_newest_first_without_deleted_ones() -> None:
    entries = [{"payment_source": each} for each in (SENT, SENT | {"deleted": True}, BARE)]
    sent = LISTING | {"limit": "3", "offset": "o"}
    query = PaymentMethodQuery(customer="ada", page_size=3, cursor="o")
    answer = get("/payment_sources", {"list": entries, "next_offset": "p"}, sent)
    assert walk(METHODS.list(query), answer) == Page(items=[READ, BARE_READ], next_cursor="p")


@pytest.mark.parametrize(
    ("word", "type"),
    [
        ("direct_debit", PaymentMethodType.BANK_DEBIT),
        ("paypal_express_checkout", PaymentMethodType.PAYPAL),
        ("apple_pay", PaymentMethodType.WALLET),
        ("google_pay", PaymentMethodType.WALLET),
        ("ideal", PaymentMethodType.OTHER),
        ("new_word", PaymentMethodType.UNKNOWN),
    ],
)
def test_types_become_ours_and_the_word_is_kept(word: str, type: PaymentMethodType) -> None:
    """Case 17."""
    method = read(SENT | {"type": word})
    assert (method.type, method.vendor_type) == (type, word)


@pytest.mark.parametrize("word", ["valid", "expiring", "expired", "invalid", "pending_verification", "new_word"])
def test_statuses_become_ours(word: str) -> None:
    assert read(SENT | {"status": word}).status == (PaymentMethodStatus.UNKNOWN if word == "new_word" else PaymentMethodStatus(word))


@pytest.mark.parametrize(
    ("word", "brand"),
    [
        ("mastercard", CardBrand.MASTERCARD),
        ("american_express", CardBrand.AMERICAN_EXPRESS),
        ("discover", CardBrand.DISCOVER),
        ("jcb", CardBrand.JCB),
        ("diners_club", CardBrand.DINERS_CLUB),
        ("maestro", CardBrand.OTHER),
        ("not_applicable", CardBrand.OTHER),
        ("new_word", CardBrand.UNKNOWN),
        (None, CardBrand.UNKNOWN),
    ],
)
def test_brands_become_ours(word: str | None, brand: CardBrand) -> None:
    card = read(SENT | {"card": {"brand": word}}).card
    assert card == Card(brand=brand, last4=None, exp_month=None, exp_year=None, country="GB")


@pytest.mark.parametrize(
    ("word", "funding"), [("credit", "credit"), ("debit", "debit"), ("prepaid", "prepaid"), ("not_known", None), ("not_applicable", None)]
)
def test_fundings_are_known_or_none(word: str, funding: str | None) -> None:
    card = read(SENT | {"card": {"funding_type": word}}).card
    assert card is not None
    assert card.funding == funding
