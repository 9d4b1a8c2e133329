"""Stripe's refusals in our terms: the whole table, odd bodies, retries, and nothing personal in any text."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from billbridge import errors
from billbridge.errors import BillingError, DeclineAdvice, DeclineReason
from billbridge.flow import Request, Response
from billbridge.model import NextAction, NextActionKind
from billbridge_stripe import StripeProvider
from billbridge_stripe.failures import failure

GET = Request(method="GET", path="/v1/customers/cus_1")


def refusal(status: int, headers: dict[str, str] | None = None, request: Request = GET, **error: Any) -> BillingError:
    body = json.dumps({"error": error}).encode()
    return failure(request, Response(status=status, headers={"request-id": "req_9", **(headers or {})}, body=body))


CODES = [
    (400, "invalid_request_error", "parameter_missing", errors.ValidationError),
    (400, "invalid_request_error", "parameter_unknown", errors.ValidationError),
    (400, "invalid_request_error", "never_heard_of_it", errors.ValidationError),
    (400, "something_new", None, errors.ValidationError),
    (400, "invalid_request_error", "resource_already_exists", errors.DuplicateError),
    (400, "invalid_request_error", "resource_missing", errors.NotFoundError),
    (404, "invalid_request_error", "resource_missing", errors.NotFoundError),
    (404, "invalid_request_error", None, errors.NotFoundError),
    (400, "invalid_request_error", "missing", errors.PaymentMethodRequiredError),
    (402, "card_error", "missing", errors.PaymentMethodRequiredError),
    (400, "invalid_request_error", "invoice_not_editable", errors.InvalidStateError),
    (400, "invalid_request_error", "intent_invalid_state", errors.InvalidStateError),
    (400, "invalid_request_error", "payment_intent_unexpected_state", errors.InvalidStateError),
    (400, "invalid_request_error", "setup_intent_unexpected_state", errors.InvalidStateError),
    (400, "invalid_request_error", "charge_already_refunded", errors.InvalidStateError),
    (400, "invalid_request_error", "charge_already_captured", errors.InvalidStateError),
    (400, "invalid_request_error", "charge_disputed", errors.InvalidStateError),
    (400, "invalid_request_error", "status_transition_invalid", errors.InvalidStateError),
    (400, "invalid_request_error", "invalid_canceled_subscription_fields", errors.InvalidStateError),
    (400, "invalid_request_error", "coupon_expired", errors.InvalidStateError),
    (400, "invalid_request_error", "tax_id_invalid", errors.ValidationError),
    (400, "invalid_request_error", "customer_max_subscriptions", errors.LimitExceededError),
    (400, "invalid_request_error", "customer_max_payment_methods", errors.LimitExceededError),
    (400, "invalid_request_error", "livemode_mismatch", errors.ConfigurationError),
    (400, "invalid_request_error", "stripe_tax_inactive", errors.ConfigurationError),
    (400, "invalid_request_error", "capability_not_active", errors.ConfigurationError),
    (400, "invalid_request_error", "product_inactive", errors.ConfigurationError),
    (400, "idempotency_error", None, errors.IdempotencyConflictError),
    (409, "idempotency_error", None, errors.IdempotencyConflictError),
    (409, "idempotency_error", "idempotency_key_in_use", errors.ConcurrencyError),
    (409, "invalid_request_error", None, errors.ConcurrencyError),
    (401, "invalid_request_error", None, errors.AuthenticationError),
    (402, "card_error", "card_declined", errors.PaymentDeclinedError),
    (402, "something_new", "something_new", errors.PaymentDeclinedError),
    (400, "card_error", "incorrect_number", errors.PaymentDeclinedError),
    (402, "card_error", "authentication_required", errors.PaymentActionRequiredError),
    (402, "card_error", "subscription_payment_intent_requires_action", errors.PaymentActionRequiredError),
    (402, "card_error", "invoice_payment_intent_requires_action", errors.PaymentActionRequiredError),
    (402, "card_error", "payment_intent_action_required", errors.PaymentActionRequiredError),
    (403, "invalid_request_error", None, errors.PermissionDeniedError),
    (405, "invalid_request_error", None, errors.ConfigurationError),
    (418, "invalid_request_error", None, errors.ValidationError),
    (424, "api_error", None, errors.ProviderUnavailableError),
    (429, "invalid_request_error", "lock_timeout", errors.ConcurrencyError),
    (429, "invalid_request_error", "rate_limit", errors.RateLimitError),
    (429, "invalid_request_error", "brand_new", errors.RateLimitError),
    (500, "api_error", None, errors.ProviderUnavailableError),
    (503, "api_error", "rate_limit", errors.ProviderUnavailableError),
    (302, None, None, errors.ProtocolError),
]


@pytest.mark.parametrize(("status", "type", "code", "kind"), CODES)
def test_each_refusal_is_its_class_with_everything_that_stripe_said(
    status: int, type: str | None, code: str | None, kind: type[BillingError]
) -> None:
    """Cases 16 and 17."""
    error = refusal(status, type=type, code=code, message="Something.", param="name")
    assert error.__class__ is kind
    assert error.message.endswith(": Something.")
    assert (error.provider, error.status, error.code, error.type, error.param) == ("stripe", status, code, type, "name")
    assert error.request_id == "req_9"
    assert error.raw == json.dumps({"error": {"type": type, "code": code, "message": "Something.", "param": "name"}}).encode()


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (400, "parameter_missing", "stripe refused the request"),
        (401, None, "stripe did not accept the credentials"),
        (403, None, "the credentials do not allow this at stripe"),
        (404, None, "stripe has no such object"),
        (400, "resource_already_exists", "stripe already has such an object"),
        (400, "status_transition_invalid", "the object's state does not allow this at stripe"),
        (409, None, "another request is changing the same object at stripe"),
        (400, "customer_max_subscriptions", "a limit of the stripe account is reached"),
        (429, None, "too many requests to stripe"),
        (402, None, "the payment was declined at stripe"),
        (402, "authentication_required", "the customer must authenticate the payment first"),
        (400, "missing", "the customer has no payment method to charge"),
        (503, None, "stripe is not available"),
        (405, None, "the stripe account is not set up for this"),
    ],
)
def test_each_refusal_is_told_in_our_words_before_stripes(status: int, code: str | None, words: str) -> None:
    assert refusal(status, code=code, message="Something.").message == f"{words}: Something."
    assert refusal(status, code=code).message == words


def test_a_key_used_twice_is_told_in_our_words() -> None:
    assert refusal(400, type="idempotency_error").message.startswith("this idempotency key was used with another request at stripe")


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("This customer has no attached payment source or default payment method.", errors.PaymentMethodRequiredError),
        ("A price (`price_9`) already uses that lookup key.", errors.DuplicateError),
        ("An active promotion code with `code: SAVE` already exists.", errors.DuplicateError),
        ("An active meter already exists for the event name 'calls'.", errors.DuplicateError),
        ("This product cannot be deleted because it has one or more user-created prices.", errors.InvalidStateError),
        ("This price cannot be archived because it is the default price of its product.", errors.InvalidStateError),
        ("Invoice is already paid", errors.InvalidStateError),
    ],
)
@pytest.mark.parametrize("code", [None, "resource_missing"])
def test_refusals_whose_code_says_too_little_are_known_by_their_words(message: str, kind: type[BillingError], code: str | None) -> None:
    assert refusal(400, type="invalid_request_error", code=code, message=message).__class__ is kind


@pytest.mark.parametrize(
    ("body", "request_body", "existing"),
    [
        ("Product already exists.", b"name=Pro&id=pro", "pro"),
        ("A price (`price_9`) already uses that lookup key.", b"lookup_key=pro", "price_9"),
        ("It exists.", None, None),
    ],
)
def test_a_duplicate_names_the_one_that_exists(body: str, request_body: bytes | None, existing: str | None) -> None:
    request = Request(method="POST", path="/v1/products", body=request_body)
    error = refusal(400, request=request, code="resource_already_exists", message=body)
    assert isinstance(error, errors.DuplicateError)
    assert error.existing_id == existing


DECLINES = {
    DeclineReason.INSUFFICIENT_FUNDS: ["insufficient_funds", "withdrawal_count_limit_exceeded", "card_velocity_exceeded"],
    DeclineReason.EXPIRED_CARD: ["expired_card", "invalid_expiry_month", "invalid_expiry_year"],
    DeclineReason.INCORRECT_CVC: ["incorrect_cvc", "invalid_cvc"],
    DeclineReason.INCORRECT_NUMBER: ["incorrect_number", "invalid_number", "invalid_account"],
    DeclineReason.AUTHENTICATION_REQUIRED: ["authentication_not_handled", "mobile_device_authentication_required"],
    DeclineReason.FRAUD: ["fraudulent", "merchant_blacklist", "security_violation"],
    DeclineReason.LOST_OR_STOLEN: ["lost_card", "stolen_card", "pickup_card", "restricted_card"],
    DeclineReason.DO_NOT_HONOR: ["do_not_honor", "do_not_try_again", "call_issuer", "no_action_taken"],
    DeclineReason.PROCESSING_ERROR: [
        "processing_error",
        "try_again_later",
        "reenter_transaction",
        "issuer_not_available",
        "approve_with_id",
    ],
    DeclineReason.GENERIC: [
        "generic_decline",
        "card_declined",
        "transaction_not_allowed",
        "card_not_supported",
        "not_permitted",
        "currency_not_supported",
        "duplicate_transaction",
        "incorrect_pin",
        "incorrect_zip",
        "invalid_amount",
        "invalid_pin",
        "new_account_information_available",
        "offline_pin_required",
        "online_or_offline_pin_required",
        "pin_try_exceeded",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "service_not_allowed",
        "stop_payment_order",
        "testmode_decline",
    ],
    DeclineReason.UNKNOWN: ["brand_new"],
}


@pytest.mark.parametrize(("reason", "word"), [(reason, word) for reason, words in DECLINES.items() for word in words])
def test_a_decline_has_a_neutral_reason_and_stripes_own_word(reason: DeclineReason, word: str) -> None:
    """Case 16. The word is the decline code, or the code where there is none."""
    for code, decline_code in (("card_declined", word), (word, None)):
        error = refusal(402, type="card_error", message="Your card was declined.", code=code, decline_code=decline_code)
        assert isinstance(error, errors.PaymentDeclinedError)
        assert (error.decline_reason, error.decline_code, error.retryable) == (reason, word, False)


@pytest.mark.parametrize("word", ["try_again_later", "do_not_try_again", "confirm_card_data"])
def test_the_banks_advice_after_a_decline_is_kept(word: str) -> None:
    """Case 16."""
    error = refusal(402, type="card_error", code="card_declined", decline_code="do_not_honor", advice_code=word)
    assert isinstance(error, errors.PaymentDeclinedError)
    assert error.advice == DeclineAdvice(word)


@pytest.mark.parametrize(("word", "advice"), [("brand_new", DeclineAdvice.UNKNOWN), (None, None)])
def test_an_advice_that_is_new_is_unknown_and_one_that_is_not_given_is_none(word: str | None, advice: DeclineAdvice | None) -> None:
    """Case 17."""
    error = refusal(402, type="card_error", code="card_declined", advice_code=word)
    assert isinstance(error, errors.PaymentDeclinedError)
    assert error.advice is advice


def test_a_decline_that_only_wants_authentication_is_no_decline() -> None:
    error = refusal(402, type="card_error", code="card_declined", decline_code="authentication_required", message="No.")
    assert error.__class__ is errors.PaymentActionRequiredError


def test_a_decline_without_any_word_is_unknown() -> None:
    error = refusal(402)
    assert isinstance(error, errors.PaymentDeclinedError)
    assert (error.decline_reason, error.decline_code) == (DeclineReason.UNKNOWN, None)


@pytest.mark.parametrize(
    ("status", "advice", "retryable"),
    [
        (409, None, True),
        (429, None, True),
        (500, None, True),
        (502, None, True),
        (400, None, False),
        (404, None, False),
        (424, None, False),
        (500, "false", False),
        (409, "false", False),
        (429, "False", False),
        (400, "true", True),
        (409, "true", True),
        (409, "maybe", True),
        (402, "true", False),
    ],
)
def test_stripes_advice_on_retries_goes_before_ours_but_never_for_declines(status: int, advice: str | None, retryable: bool) -> None:
    """Cases 11 and 13."""
    assert refusal(status, {"stripe-should-retry": advice} if advice else None, message="x").retryable is retryable


def test_one_key_for_two_requests_is_never_retried() -> None:
    """Case 10."""
    assert refusal(409, type="idempotency_error").retryable is False


@pytest.mark.parametrize(("header", "seconds"), [({"retry-after": "7"}, 7.0), ({}, None)])
def test_a_rate_limit_says_how_long_to_wait(header: dict[str, str], seconds: float | None) -> None:
    error = refusal(429, header, message="x")
    assert isinstance(error, errors.RateLimitError)
    assert error.retry_after == seconds


@pytest.mark.parametrize("body", [b"", b"<html>503</html>", b"{", b"[]", b'{"error":"invalid_client"}', b'{"error":null}', b"\xff", b"{}"])
@pytest.mark.parametrize(
    ("status", "kind"), [(503, errors.ProviderUnavailableError), (400, errors.ValidationError), (401, errors.AuthenticationError)]
)
def test_an_odd_body_falls_back_to_the_status(body: bytes, status: int, kind: type[BillingError]) -> None:
    """Case 14."""
    error = failure(GET, Response(status=status, body=body))
    assert error.__class__ is kind
    assert (error.raw, error.code, error.request_id) == (body, None, None)
    assert ":" not in error.message


def test_no_text_repeats_a_key_an_address_or_what_was_sent() -> None:
    request = Request(method="POST", path="/v1/customers", body=b"name=Ada+Lovelace", query="email=a%40b.co")
    message = "Ada Lovelace <ada@example.com>: Invalid API Key provided: sk_test_****1234, a@b.co"
    error = refusal(401, request=request, message=message)
    for secret in ("Ada", "Lovelace", "example.com", "1234", "a@b.co"):
        assert secret not in str(error)


def test_a_write_is_repeated_with_the_same_key(
    walk: Callable[..., Any], stripe: StripeProvider, lost: errors.TransportTimeoutError
) -> None:
    """Cases 7 and 13: a lock (409) and a lost answer are tried again."""
    line, body = (
        "POST /v1/customers/cus_1",
        "invoice_settings[default_payment_method]=pm_1&expand[0]=tax_ids&expand[1]=invoice_credit_balance",
    )
    lock = (409, {"error": {"type": "invalid_request_error", "code": "lock_timeout", "message": "busy"}})
    flow = stripe.payment_methods.set_default("cus_1", "pm_1")
    found = walk(flow, (line, body, lock), (line, body, lost), (line, body, {"id": "cus_1"}), keys=["key"] * 3, retries=2)
    assert found.id == "cus_1"


def test_an_answer_that_is_cut_short_is_a_protocol_error(walk: Callable[..., Any], stripe: StripeProvider) -> None:
    """Case 14."""
    for body in (b'{"id": "cus_1', b"", b"<html>", b'{"object": "customer"}'):
        with pytest.raises(errors.ProtocolError):
            walk(
                stripe.customers.get("cus_1"),
                ("GET /v1/customers/cus_1?expand[0]=tax_ids&expand[1]=invoice_credit_balance", None, Response(status=200, body=body)),
            )


@pytest.mark.parametrize(
    ("more", "action"),
    [
        (
            {"payment_intent": {"id": "pi_1", "client_secret": "pi_1_secret_x", "next_action": {"type": "use_stripe_sdk"}}},
            NextAction(kind=NextActionKind.PAYMENT, id="pi_1", client_secret="pi_1_secret_x"),
        ),
        (
            {
                "setup_intent": {
                    "id": "seti_1",
                    "client_secret": "seti_1_secret_x",
                    "next_action": {"type": "redirect_to_url", "redirect_to_url": {"url": "https://bank.example/1", "return_url": "x"}},
                }
            },
            NextAction(kind=NextActionKind.SETUP, id="seti_1", client_secret="seti_1_secret_x", url="https://bank.example/1"),
        ),
        ({"payment_intent": {"id": "pi_1", "client_secret": None}}, None),
        ({"payment_intent": "pi_1"}, None),
        ({"payment_intent": None}, None),
        ({}, None),
    ],
)
def test_a_payment_to_authenticate_carries_what_stripe_kept_of_it(more: dict[str, Any], action: NextAction | None) -> None:
    error = refusal(402, type="card_error", code="invoice_payment_intent_requires_action", message="Act.", **more)
    assert isinstance(error, errors.PaymentActionRequiredError)
    assert (error.next_action, error.code) == (action, "invoice_payment_intent_requires_action")
    assert (error.hint is None) == (action is not None)
    assert "secret" not in str(error)
