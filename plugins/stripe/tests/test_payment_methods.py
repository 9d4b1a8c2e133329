"""Payment methods: attaching in two or three requests, what each partial failure says, every field, brands and types."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from billbridge.errors import (
    OutcomeUnknownError,
    PartialFailureError,
    PaymentDeclinedError,
    ProtocolError,
    ValidationError,
)
from billbridge.flow import Response
from billbridge.model import (
    Address,
    BankAccount,
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
from billbridge.model.raw import RawJson
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
WIRE: dict[str, Any] = {
    "id": "pm_1",
    "object": "payment_method",
    "allow_redisplay": "unspecified",
    "billing_details": {"address": {"city": "Bonn", "line1": None, "country": "DE"}, "email": None, "name": "Ada", "phone": None},
    "card": {"brand": "amex", "checks": {}, "country": "IE", "exp_month": 3, "exp_year": 2026, "funding": "credit", "last4": "0005"},
    "created": 1769860800,
    "customer": "cus_1",
    "livemode": False,
    "metadata": {},
    "type": "card",
}
METHOD = PaymentMethod(
    provider="stripe",
    id="pm_1",
    raw=RawJson(json.dumps(WIRE).encode()),
    customer_id="cus_1",
    type=PaymentMethodType.CARD,
    vendor_type="card",
    status=PaymentMethodStatus.VALID,
    card=Card(brand=CardBrand.AMERICAN_EXPRESS, last4="0005", exp_month=3, exp_year=2026, funding="credit", country="IE"),
    billing_address=Address(city="Bonn", country="DE"),
    created_at=AT,
)
MAKE = ("POST /v1/payment_methods", "type=card&card[token]=tok_visa", {**WIRE, "customer": None})
ATTACH = ("POST /v1/payment_methods/pm_1/attach", "customer=cus_1", WIRE)
DEFAULT = ("POST /v1/customers/cus_1", "invoice_settings[default_payment_method]=pm_1&expand[0]=tax_ids&expand[1]=invoice_credit_balance")
DECLINED = (402, {"error": {"type": "card_error", "code": "card_declined", "decline_code": "do_not_honor", "message": "No."}})


def attach(stripe: StripeProvider, token: str, *, make_default: bool = True) -> Any:
    return stripe.payment_methods.attach("cus_1", NewPaymentMethod(token=token, make_default=make_default))


def test_a_token_becomes_a_method_is_attached_and_made_the_default(walk: Walk, stripe: StripeProvider) -> None:
    """Case 7: each step has its own key, derived from the call's."""
    found = walk(attach(stripe, "tok_visa"), MAKE, ATTACH, (*DEFAULT, {"id": "cus_1"}), keys=["key", "key:attach", "key:default"])
    assert found == METHOD


def test_a_method_is_attached_and_made_the_default(walk: Walk, stripe: StripeProvider) -> None:
    assert walk(attach(stripe, "pm_1"), ATTACH, (*DEFAULT, {"id": "cus_1"}), keys=["key", "key:default"]) == METHOD


def test_a_test_name_gives_a_method_of_another_id_and_that_one_becomes_the_default(walk: Walk, stripe: StripeProvider) -> None:
    line = ("POST /v1/payment_methods/pm_card_visa/attach", "customer=cus_1", WIRE)
    assert walk(attach(stripe, "pm_card_visa"), line, (*DEFAULT, {"id": "cus_1"}), keys=["key", "key:default"]) == METHOD


def test_without_make_default_the_customer_is_left_alone(walk: Walk, stripe: StripeProvider) -> None:
    assert walk(attach(stripe, "pm_1", make_default=False), ATTACH) == METHOD


def test_a_card_that_is_refused_when_it_is_attached_is_a_decline(walk: Walk, stripe: StripeProvider) -> None:
    with pytest.raises(PaymentDeclinedError):
        walk(attach(stripe, "tok_visa"), MAKE, (*ATTACH[:2], DECLINED), keys=["key", "key:attach"])


def test_a_failure_after_the_attachment_says_what_took_effect(walk: Walk, stripe: StripeProvider) -> None:
    with pytest.raises(PartialFailureError) as caught:
        walk(attach(stripe, "pm_1"), ATTACH, (*DEFAULT, (500, {})), keys=["key", "key:default"])
    error = caught.value
    assert (error.done, error.failed, error.provider, error.operation) == (("attach",), "default", "stripe", "tests.step")
    assert error.message == "the payment method pm_1 is attached, but it may not be the default"
    assert "set_default" in (error.hint or "")
    assert isinstance(error.__cause__, OutcomeUnknownError)
    with pytest.raises(PartialFailureError, match="but it may not be the default") as caught:
        walk(attach(stripe, "pm_1"), ATTACH, (*DEFAULT, Response(status=200, body=b"{")), keys=["key", "key:default"])
    assert isinstance(caught.value.__cause__, ProtocolError)
    with pytest.raises(PartialFailureError, match="but it is not the default"):
        walk(attach(stripe, "pm_1"), ATTACH, (*DEFAULT, (400, {})), keys=["key", "key:default"])


def test_an_unknown_token_is_a_wrong_argument_not_a_missing_object(walk: Walk, stripe: StripeProvider) -> None:
    no_token = (
        400,
        {"error": {"type": "invalid_request_error", "code": "resource_missing", "param": "card[token]", "message": "No such token"}},
    )
    with pytest.raises(ValidationError):
        walk(attach(stripe, "tok_visa"), (*MAKE[:2], no_token))


LIST = "GET /v1/customers/cus%2F1/payment_methods?limit=1"


def test_list(walk: Walk, stripe: StripeProvider) -> None:
    query = PaymentMethodQuery(customer="cus/1", page_size=1, cursor="pm_0")
    found = walk(stripe.payment_methods.list(query), (f"{LIST}&starting_after=pm_0", None, {"data": [WIRE], "has_more": True}))
    assert found == Page(items=[METHOD], next_cursor="pm_1")


def made(id: str, at: datetime | None) -> dict[str, Any]:
    return {**WIRE, "id": id, "created": at and int(at.timestamp())}


@pytest.mark.parametrize(
    ("bounds", "ids"),
    [
        ({}, ["c", "b", "a", "?"]),
        ({"created_gte": AT}, ["c", "b"]),
        ({"created_lt": AT}, ["a"]),
        ({"created_lt": AT.replace(second=1)}, ["b", "a"]),
        ({"created_gte": AT, "created_lt": AT.replace(second=1)}, ["b"]),
        ({"created_gte": AT.replace(second=2)}, []),
    ],
)
def test_the_time_is_looked_at_here(walk: Walk, stripe: StripeProvider, bounds: dict[str, Any], ids: list[str]) -> None:
    """From the first bound on, and before the second."""
    data = [made("c", AT.replace(second=1)), made("b", AT), made("a", AT.replace(hour=11)), made("?", None)]
    line = "GET /v1/customers/cus_1/payment_methods?limit=100"
    found = walk(stripe.payment_methods.list(PaymentMethodQuery(customer="cus_1", **bounds)), (line, None, {"data": data}))
    assert [each.id for each in found.items] == ids


def test_a_page_of_other_times_does_not_end_the_list(walk: Walk, stripe: StripeProvider) -> None:
    """Case 20, in both orders (case 23)."""
    newer, older = {"data": [made("b", AT)], "has_more": True}, {"data": [made("a", AT.replace(hour=11))], "has_more": False}
    query = PaymentMethodQuery(customer="cus/1", page_size=1, created_lt=AT)
    found = walk(stripe.payment_methods.list(query), (LIST, None, newer), (f"{LIST}&starting_after=b", None, older))
    assert ([each.id for each in found.items], found.next_cursor) == (["a"], None)
    last = {"data": [made("b", AT), made("a", AT.replace(hour=11))]}
    query = PaymentMethodQuery(customer="cus/1", page_size=1, created_gte=AT, order="oldest_first")
    end = (f"{LIST}00", None, last)
    found = walk(stripe.payment_methods.list(query), end, (f"{LIST}&ending_before=a", None, {"data": [made("b", AT)]}))
    assert ([each.id for each in found.items], found.next_cursor) == (["b"], None)


def test_get(walk: Walk, stripe: StripeProvider) -> None:
    assert walk(stripe.payment_methods.get("pm/1"), ("GET /v1/payment_methods/pm%2F1", None, WIRE)) == METHOD


def test_detach(walk: Walk, stripe: StripeProvider) -> None:
    line = "POST /v1/payment_methods/pm_1/detach"
    assert walk(stripe.payment_methods.detach("pm_1"), (line, "", {**WIRE, "customer": None})) is None
    said = "The payment method you provided is not attached to a customer so detachment is impossible."
    with pytest.raises(ValidationError):
        walk(stripe.payment_methods.detach("pm_1"), (line, "", (400, {"error": {"type": "invalid_request_error", "message": said}})))


def test_set_default_returns_the_customer(walk: Walk, stripe: StripeProvider) -> None:
    wire = {"id": "cus_1", "invoice_settings": {"default_payment_method": "pm_1"}}
    found = walk(stripe.payment_methods.set_default("cus_1", "pm_1"), (*DEFAULT, wire))
    assert found == Customer(provider="stripe", id="cus_1", raw=RawJson(json.dumps(wire).encode()), default_payment_method_id="pm_1")


def read(walk: Walk, stripe: StripeProvider, **changes: Any) -> PaymentMethod:
    found: PaymentMethod = walk(attach(stripe, "pm_1", make_default=False), (*ATTACH[:2], {**WIRE, **changes}))
    return msgspec.structs.replace(found, raw=METHOD.raw)


def with_card(**changes: Any) -> dict[str, Any]:
    return {"card": {**WIRE["card"], **changes}}


def expect(**changes: Any) -> PaymentMethod:
    return msgspec.structs.replace(METHOD, **changes)


def expect_card(**changes: Any) -> dict[str, Any]:
    assert METHOD.card is not None
    return {"card": msgspec.structs.replace(METHOD.card, **changes)}


EXPIRED = {"status": PaymentMethodStatus.EXPIRED}


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"customer": {"id": "cus_1", "object": "customer"}}, {}),
        ({"customer": None}, {"customer_id": None}),
        (with_card(exp_month=2), expect_card(exp_month=2) | EXPIRED),
        (with_card(exp_year=2025, exp_month=12), expect_card(exp_year=2025, exp_month=12) | EXPIRED),
        (with_card(exp_year=2027, exp_month=1), expect_card(exp_year=2027, exp_month=1)),
        (with_card(exp_year=None), expect_card(exp_year=None)),
        (with_card(exp_month=None, exp_year=2000), expect_card(exp_month=None, exp_year=2000)),
        (with_card(funding="unknown", country=None, last4=None), expect_card(funding=None, country=None, last4=None)),
        (with_card(brand=None), expect_card(brand=CardBrand.UNKNOWN)),
        ({"card": None, "created": None}, {"card": None, "created_at": None}),
        ({"billing_details": None}, {"billing_address": None}),
        ({"billing_details": {"address": {"city": None, "line1": ""}}}, {"billing_address": None}),
    ],
)
def test_each_shape_of_a_card_reads_right(walk: Walk, stripe: StripeProvider, sent: dict[str, Any], expected: dict[str, Any]) -> None:
    """Case 34. The card is good until the end of its month."""
    assert read(walk, stripe, **sent) == expect(**expected)


@pytest.mark.parametrize(
    ("word", "brand"),
    [
        ("visa", CardBrand.VISA),
        ("mastercard", CardBrand.MASTERCARD),
        ("amex", CardBrand.AMERICAN_EXPRESS),
        ("discover", CardBrand.DISCOVER),
        ("diners", CardBrand.DINERS_CLUB),
        ("jcb", CardBrand.JCB),
        ("unionpay", CardBrand.UNIONPAY),
        ("cartes_bancaires", CardBrand.OTHER),
        ("eftpos_au", CardBrand.OTHER),
        ("link", CardBrand.OTHER),
        ("unknown", CardBrand.UNKNOWN),
        ("brand_new", CardBrand.UNKNOWN),
    ],
)
def test_every_brand_has_its_neutral_name(walk: Walk, stripe: StripeProvider, word: str, brand: CardBrand) -> None:
    assert read(walk, stripe, **with_card(brand=word)) == expect(**expect_card(brand=brand))


TYPES = {
    PaymentMethodType.CARD: "card card_present interac_present kr_card",
    PaymentMethodType.BANK_DEBIT: "us_bank_account sepa_debit bacs_debit acss_debit au_becs_debit nz_bank_account payto",
    PaymentMethodType.PAYPAL: "paypal",
    PaymentMethodType.WALLET: "link cashapp alipay amazon_pay wechat_pay grabpay mobilepay revolut_pay kakao_pay naver_pay samsung_pay"
    " satispay payco paypay twint mb_way",
    PaymentMethodType.OTHER: "klarna affirm afterpay_clearpay alma billie scalapay sequra sunbit zip bancontact bizum blik boleto crypto"
    " custom customer_balance eps fpx giropay ideal konbini multibanco oxxo p24 pay_by_bank paynow pix promptpay sofort swish upi",
    PaymentMethodType.UNKNOWN: "brand_new",
}


@pytest.mark.parametrize(("kind", "word"), [(kind, word) for kind, words in TYPES.items() for word in words.split()])
def test_every_type_has_its_neutral_name_and_keeps_stripes(walk: Walk, stripe: StripeProvider, kind: PaymentMethodType, word: str) -> None:
    """Case 17."""
    assert read(walk, stripe, type=word, card=None) == expect(type=kind, vendor_type=word, card=None)


@pytest.mark.parametrize(
    ("kind", "details", "bank"),
    [
        ("us_bank_account", {"last4": "6789", "bank_name": "STRIPE TEST BANK"}, BankAccount(last4="6789", bank_name="STRIPE TEST BANK")),
        ("acss_debit", {"last4": "6789", "bank_name": "B"}, BankAccount(last4="6789", bank_name="B")),
        ("nz_bank_account", {"last4": "6789", "bank_name": "B"}, BankAccount(last4="6789", bank_name="B")),
        ("sepa_debit", {"last4": "3000", "country": "DE", "bank_code": "37040044"}, BankAccount(last4="3000", country="DE")),
        ("bacs_debit", {"last4": "2345", "sort_code": "108800"}, BankAccount(last4="2345")),
        ("au_becs_debit", {"last4": "3456", "bsb_number": "000000"}, BankAccount(last4="3456")),
        ("payto", {"last4": None}, BankAccount(last4=None)),
        ("sepa_debit", None, None),
    ],
)
def test_every_kind_of_bank_account_reads_right(walk: Walk, stripe: StripeProvider, kind: str, details: Any, bank: Any) -> None:
    found = read(walk, stripe, type=kind, card=None, **{kind: details})
    assert found == expect(type=PaymentMethodType.BANK_DEBIT, vendor_type=kind, card=None, bank=bank)
