"""Payment methods, request by request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from billbridge.errors import InvalidStateError, NotFoundError, PaymentDeclinedError, ValidationError
from billbridge.model import (
    Address,
    BankAccount,
    Card,
    CardBrand,
    Customer,
    NewPaymentMethod,
    NewPaymentMethodSetup,
    Page,
    PaymentMethod,
    PaymentMethodQuery,
    PaymentMethodSetup,
    PaymentMethodStatus,
    PaymentMethodType,
    SetupStatus,
    SetupWay,
)
from billbridge.model.raw import RawJson
from billbridge_chargebee import ChargebeeProvider

from .stepping import NOW, at, get, lost, post, raw, refused, walk

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
    "billing_address": {"line1": "1 High St", "line2": "2", "city": "Leeds", "state": "Yorkshire", "zip": "LS1", "country": "GB"},
    "created_at": 1767225600,
    "updated_at": 1767225700,
    "deleted": False,
}
READ = PaymentMethod(
    provider="chargebee",
    id="pm_1",
    raw=RawJson(raw(SENT)),
    customer_id="ada",
    type=PaymentMethodType.CARD,
    vendor_type="card",
    status=PaymentMethodStatus.VALID,
    card=Card(brand=CardBrand.VISA, last4="4242", exp_month=12, exp_year=2030, funding="credit", country="GB"),
    billing_address=Address(line1="1 High St", line2="2", city="Leeds", state="Yorkshire", postal_code="LS1", country="GB"),
    created_at=at(1767225600),
)
BARE = {"id": "pm_2"}
BARE_READ = PaymentMethod(
    provider="chargebee",
    id="pm_2",
    raw=RawJson(raw(BARE)),
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
    expected = Customer(provider="chargebee", id="ada", raw=RawJson(raw(customer)), tax_ids=[], default_payment_method_id="pm_1")
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


def test_one_method_is_read_and_a_deleted_one_is_not_found() -> None:
    assert walk(METHODS.get("pm/1"), get("/payment_sources/pm%2F1", {"payment_source": SENT})) == READ
    with pytest.raises(NotFoundError) as caught:
        walk(METHODS.get("pm_1"), get("/payment_sources/pm_1", {"payment_source": SENT | {"deleted": True}}))
    assert caught.value.deleted


def test_a_bank_account_is_read() -> None:
    sent = {
        "id": "pm_3",
        "type": "direct_debit",
        "status": "valid",
        "issuing_country": "DE",
        "bank_account": {"last4": "3000", "bank_name": "Bank", "name_on_account": "Ada", "direct_debit_scheme": "sepa_core"},
    }
    assert read(sent) == PaymentMethod(
        provider="chargebee",
        id="pm_3",
        raw=RawJson(raw(sent)),
        customer_id=None,
        type=PaymentMethodType.BANK_DEBIT,
        vendor_type="direct_debit",
        status=PaymentMethodStatus.VALID,
        bank=BankAccount(last4="3000", bank_name="Bank", country="DE"),
    )


def test_the_address_of_older_methods_is_in_their_card() -> None:
    """Case 31's kind of difference: an older shape of the same object."""
    card = {
        "brand": "visa",
        "billing_addr1": "a",
        "billing_addr2": "b",
        "billing_city": "c",
        "billing_state": "California",
        "billing_state_code": "CA",
        "billing_zip": "d",
        "billing_country": "US",
    }
    wanted = Address(line1="a", line2="b", city="c", state="CA", postal_code="d", country="US")
    assert read({"id": "pm_1", "card": card}).billing_address == wanted
    assert read({"id": "pm_1", "card": card | {"billing_state_code": None}}).billing_address == Address(
        line1="a", line2="b", city="c", state="California", postal_code="d", country="US"
    )
    assert read({"id": "pm_1", "card": {"brand": "visa"}, "billing_address": {"line1": ""}}).billing_address is None


def test_detaching_leaves_the_card_at_the_gateway() -> None:
    path = "/payment_sources/pm_1/delete_local"
    assert walk(METHODS.detach("pm_1"), post(path, {"payment_source": SENT | {"deleted": True}})) is None
    with pytest.raises(NotFoundError):
        walk(METHODS.detach("pm_1"), post(path, refused(404, "resource_not_found")))
    with pytest.raises(InvalidStateError):
        walk(METHODS.detach("pm_1"), post(path, refused(409, "invalid_state_for_request")))


def test_a_method_that_is_gone_after_a_lost_answer_was_detached_by_us() -> None:
    """Case 7."""
    path = "/payment_sources/pm_1/delete_local"
    assert walk(METHODS.detach("pm_1"), post(path, lost()), post(path, refused(404, "resource_not_found")), retries=1) is None


PAGE: dict[str, Any] = {
    "id": "page_1",
    "object": "hosted_page",
    "type": "manage_payment_sources",
    "url": "https://acme-test.chargebee.com/pages/v3/page_1/",
    "state": "created",
    "embed": False,
    "created_at": int(NOW.timestamp()),
    "expires_at": int(NOW.timestamp()) + 432000,
    "updated_at": int(NOW.timestamp()),
}
SETUP = PaymentMethodSetup(
    provider="chargebee",
    id="page_1",
    raw=RawJson(raw(PAGE)),
    customer_id="ada",
    way=SetupWay.HOSTED,
    status=SetupStatus.PENDING,
    vendor_status="created",
    url="https://acme-test.chargebee.com/pages/v3/page_1/",
    expires_at=NOW + timedelta(days=5),
    created_at=NOW,
)


def test_a_setup_is_a_hosted_page() -> None:
    sent = {"customer[id]": "ada", "redirect_url": "https://app.example/done"}
    flow = METHODS.setup("ada", NewPaymentMethodSetup(return_url="https://app.example/done"))
    assert walk(flow, post("/hosted_pages/manage_payment_sources", {"hosted_page": PAGE}, sent)) == SETUP


@pytest.mark.parametrize(
    ("more", "status", "customer"),
    [
        ({"state": "created"}, SetupStatus.PENDING, None),
        ({"state": "requested"}, SetupStatus.PENDING, None),
        ({"state": "requested", "expires_at": int(NOW.timestamp())}, SetupStatus.EXPIRED, None),
        ({"state": "succeeded", "content": {"customer": {"id": "ada"}}}, SetupStatus.COMPLETED, "ada"),
        ({"state": "succeeded", "content": {"customer": {"id": "ada"}}, "expires_at": 1}, SetupStatus.COMPLETED, "ada"),
        ({"state": "acknowledged", "content": {}}, SetupStatus.COMPLETED, None),
        ({"state": "cancelled"}, SetupStatus.FAILED, None),
        ({"state": "new_word"}, SetupStatus.UNKNOWN, None),
        ({"state": None, "type": None}, SetupStatus.UNKNOWN, None),
    ],
)
def test_how_a_setup_stands(more: dict[str, Any], status: SetupStatus, customer: str | None) -> None:
    """Case 17."""
    found = walk(METHODS.get_setup("page_1"), get("/hosted_pages/page_1", {"hosted_page": PAGE | more}))
    assert (found.status, found.vendor_status, found.customer_id) == (status, more["state"], customer)


def test_another_kind_of_page_is_no_setup() -> None:
    with pytest.raises(NotFoundError):
        walk(METHODS.get_setup("page_1"), get("/hosted_pages/page_1", {"hosted_page": PAGE | {"type": "checkout_new"}}))


def test_methods_of_a_time_are_listed_from_the_oldest_on() -> None:
    """Case 23."""
    sent = {
        "customer_id[is]": "ada",
        "created_at[after]": "99",
        "created_at[before]": "200",
        "sort_by[asc]": "created_at",
        "limit": "100",
    }
    query = PaymentMethodQuery(customer="ada", created_gte=at(100), created_lt=at(200), order="oldest_first")
    entries = [{"payment_source": {"id": str(second), "created_at": second}} for second in (99, 100, 199, 200)]
    page = walk(METHODS.list(query), get("/payment_sources", {"list": entries}, sent))
    assert [method.id for method in page.items] == ["100", "199"]
