"""Payment methods: attaching in two or three requests, what each partial failure says, every field, brands and types."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from billbridge.errors import NotFoundError, OutcomeUnknownError, PartialFailureError, PaymentDeclinedError
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
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
WIRE: dict[str, Any] = {
    "id": "pm_1",
    "object": "payment_method",
    "allow_redisplay": "unspecified",
    "billing_details": {"address": None, "email": None, "name": "Ada", "phone": None},
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
    raw=msgspec.Raw(json.dumps(WIRE).encode()),
    customer_id="cus_1",
    type=PaymentMethodType.CARD,
    vendor_type="card",
    status=PaymentMethodStatus.VALID,
    card=Card(brand=CardBrand.AMERICAN_EXPRESS, last4="0005", exp_month=3, exp_year=2026, funding="credit", country="IE"),
    created_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
)
MAKE = ("POST /v1/payment_methods", "type=card&card[token]=tok_visa", {**WIRE, "customer": None})
ATTACH = ("POST /v1/payment_methods/pm_1/attach", "customer=cus_1", WIRE)
DEFAULT = ("POST /v1/customers/cus_1", "invoice_settings[default_payment_method]=pm_1&expand[0]=tax_ids")
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
    with pytest.raises(PartialFailureError, match="but it is not the default"):
        walk(attach(stripe, "pm_1"), ATTACH, (*DEFAULT, (400, {})), keys=["key", "key:default"])


def test_an_unknown_token_is_not_found(walk: Walk, stripe: StripeProvider) -> None:
    no_token = (
        400,
        {"error": {"type": "invalid_request_error", "code": "resource_missing", "param": "card[token]", "message": "No such token"}},
    )
    with pytest.raises(NotFoundError):
        walk(attach(stripe, "tok_visa"), (*MAKE[:2], no_token))


def test_list(walk: Walk, stripe: StripeProvider) -> None:
    query = PaymentMethodQuery(customer="cus/1", page_size=1, cursor="pm_0")
    line = "GET /v1/customers/cus%2F1/payment_methods?limit=1&starting_after=pm_0"
    found = walk(stripe.payment_methods.list(query), (line, None, {"data": [WIRE], "has_more": True}))
    assert found == Page(items=[METHOD], next_cursor="pm_1")


def test_set_default_returns_the_customer(walk: Walk, stripe: StripeProvider) -> None:
    wire = {"id": "cus_1", "invoice_settings": {"default_payment_method": "pm_1"}}
    found = walk(stripe.payment_methods.set_default("cus_1", "pm_1"), (*DEFAULT, wire))
    assert found == Customer(provider="stripe", id="cus_1", raw=msgspec.Raw(json.dumps(wire).encode()), default_payment_method_id="pm_1")


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
