"""What Chargebee's error answers become. (Vendor map, cases 12 to 17 and 63.)"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from billbridge import errors
from billbridge.errors import BillingError, DeclineReason
from billbridge.flow import Request, Response
from billbridge_chargebee.failures import CODES, REASONS, STATUSES, failure

POST = Request(method="POST", path="/api/v2/customers", body=b"id=ada&email=ada%40example.com&first_name=Augusta")


def answered(status: int, body: Any, *, headers: dict[str, str] | None = None, request: Request = POST) -> BillingError:
    sent = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return failure(request, Response(status=status, headers=headers or {}, body=sent))


def refusal(code: str, **more: Any) -> dict[str, Any]:
    return {"message": "no", "api_error_code": code, **more}


CASES: list[tuple[int, dict[str, Any], type[BillingError], bool]] = [
    (400, refusal("param_wrong_value", type="invalid_request"), errors.ValidationError, False),
    (400, refusal("invalid_request"), errors.ValidationError, False),
    (400, refusal("payment_intent_invalid", type="payment"), errors.ValidationError, False),
    (400, refusal("payment_intent_invalid_amount", type="payment"), errors.ValidationError, False),
    (400, refusal("duplicate_entry"), errors.DuplicateError, False),
    (404, refusal("resource_not_found"), errors.NotFoundError, False),
    (404, refusal("site_not_found"), errors.ConfigurationError, False),
    (400, refusal("resource_limit_exceeded"), errors.LimitExceededError, False),
    (400, refusal("resource_limit_exhausted"), errors.LimitExceededError, False),
    (400, refusal("configuration_incompatible"), errors.ConfigurationError, False),
    (400, refusal("payment_gateway_currency_incompatible", type="payment"), errors.ConfigurationError, False),
    (405, refusal("http_method_not_supported"), errors.ConfigurationError, False),
    (400, refusal("payment_processing_failed", type="payment"), errors.PaymentDeclinedError, False),
    (402, refusal("payment_processing_failed", type="payment"), errors.PaymentDeclinedError, False),
    (400, refusal("payment_method_verification_failed", type="payment"), errors.PaymentDeclinedError, False),
    (400, refusal("payment_method_not_present", type="payment"), errors.PaymentMethodRequiredError, False),
    (400, refusal("payment_intent_action_required", type="payment"), errors.PaymentActionRequiredError, False),
    (400, refusal("a_new_payment_word", type="payment"), errors.PaymentError, False),
    (401, refusal("api_authentication_failed"), errors.AuthenticationError, False),
    (401, refusal("basic_authentication_failed"), errors.AuthenticationError, False),
    (403, refusal("api_authorization_failed"), errors.PermissionDeniedError, False),
    (403, refusal("request_blocked"), errors.PermissionDeniedError, False),
    (409, refusal("invalid_state_for_request"), errors.InvalidStateError, False),
    (409, refusal("invalid_state_for_pause"), errors.InvalidStateError, False),
    (422, refusal("unable_to_process_request"), errors.InvalidStateError, False),
    (429, refusal("lock_timeout"), errors.ConcurrencyError, True),
    (409, refusal("lock_timeout"), errors.ConcurrencyError, True),
    (429, refusal("api_request_limit_exceeded"), errors.RateLimitError, True),
    (429, refusal("third_party_api_request_limit_exceeded"), errors.RateLimitError, True),
    (429, refusal("payment_processing_failed", type="payment"), errors.RateLimitError, True),
    (500, refusal("internal_error"), errors.ProviderUnavailableError, True),
    (503, refusal("internal_temporary_error"), errors.ProviderUnavailableError, True),
    (500, refusal("db_connection_failure"), errors.ProviderUnavailableError, True),
    (503, refusal("site_not_ready"), errors.ProviderUnavailableError, True),
    (503, refusal("site_read_only_mode"), errors.ProviderUnavailableError, True),
    (503, refusal("a_new_payment_word", type="payment"), errors.ProviderUnavailableError, True),
]
UNKNOWN: list[tuple[int, type[BillingError], bool]] = [
    (302, errors.ProtocolError, False),
    (400, errors.ValidationError, False),
    (401, errors.AuthenticationError, False),
    (402, errors.PaymentDeclinedError, False),
    (403, errors.PermissionDeniedError, False),
    (404, errors.NotFoundError, False),
    (405, errors.ConfigurationError, False),
    (409, errors.InvalidStateError, False),
    (418, errors.ValidationError, False),
    (422, errors.InvalidStateError, False),
    (424, errors.ProviderUnavailableError, True),
    (429, errors.RateLimitError, True),
    (500, errors.ProviderUnavailableError, True),
    (502, errors.ProviderUnavailableError, True),
    (504, errors.ProviderUnavailableError, True),
]
ODD_BODIES = [
    b"",
    b"<html>503</html>",
    b"[]",
    b'"text"',
    b"{",
    b"\xff",
    b"[" * 100_000,
    b'{"api_error_code": 5, "message": null, "error_detail": []}',
]


@pytest.mark.parametrize(("status", "body", "kind", "retryable"), CASES)
def test_a_documented_code_is_its_class(status: int, body: dict[str, Any], kind: type[BillingError], retryable: bool) -> None:
    error = answered(status, body)
    assert (type(error), error.retryable, error.status) == (kind, retryable, status)
    assert (error.code, error.type) == (body["api_error_code"], body.get("type"))


def test_every_code_and_status_of_the_tables_is_tested() -> None:
    assert {body["api_error_code"] for _, body, _, _ in CASES} >= set(CODES)
    assert {status for status, _, _ in UNKNOWN} >= set(STATUSES)


@pytest.mark.parametrize(("status", "kind", "retryable"), UNKNOWN)
@pytest.mark.parametrize("body", [msgspec.json.encode(refusal("a_new_word")), *ODD_BODIES], ids=range(len(ODD_BODIES) + 1))
def test_an_unknown_code_or_an_odd_body_falls_back_to_the_status(
    status: int, kind: type[BillingError], retryable: bool, body: bytes
) -> None:
    """Cases 14 and 17."""
    error = answered(status, body)
    assert (type(error), error.retryable, error.status, error.raw) == (kind, retryable, status, body)


def test_everything_that_chargebee_says_is_kept() -> None:
    body = refusal("param_wrong_value", type="invalid_request", param="email")
    error = answered(400, body, headers={"x-request-id": "r1"})
    assert vars(error) == {
        "message": "chargebee refused the request: no",
        "hint": None,
        "provider": "chargebee",
        "operation": None,
        "status": 400,
        "code": "param_wrong_value",
        "type": "invalid_request",
        "param": "email",
        "provider_param": None,
        "request_id": "r1",
        "retryable": False,
        "idempotency_key": None,
        "raw": msgspec.json.encode(body),
    }
    assert answered(404, b"").message == "chargebee has no such object"


def test_the_old_names_of_the_fields_are_read_too() -> None:
    error = answered(400, {"error_code": "duplicate_entry", "error_param": "id", "error_msg": "there"})
    assert (type(error), error.param) == (errors.DuplicateError, "id")
    assert "there" in error.message


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("configuration_incompatible", "Product Catalog 2.0"),
        ("site_not_found", "site option"),
        ("payment_method_not_present", "payment_methods.attach"),
    ],
)
def test_where_the_caller_can_do_something_the_hint_says_what(code: str, hint: str) -> None:
    """Case 36: a Product Catalog 1.0 site refuses with configuration_incompatible."""
    assert hint in (answered(400, refusal(code)).hint or "")


@pytest.mark.parametrize(("word", "reason"), REASONS.items())
def test_a_decline_has_a_reason_in_our_words_and_the_vendors_own(word: str, reason: DeclineReason) -> None:
    """Case 16: also for words of the gateway, in `error_detail`."""
    cause = f"gateway.somewhere.{word.upper()}"
    error = answered(400, refusal("payment_processing_failed", type="payment", error_cause_id=cause))
    if reason is DeclineReason.AUTHENTICATION_REQUIRED:
        assert type(error) is errors.PaymentActionRequiredError
        return
    assert isinstance(error, errors.PaymentDeclinedError)
    assert (error.decline_reason, error.decline_code) == (reason, cause)


@pytest.mark.parametrize(
    ("more", "reason", "word"),
    [
        ({}, DeclineReason.UNKNOWN, None),
        ({"error_cause_id": "gateway.new.thing"}, DeclineReason.UNKNOWN, "gateway.new.thing"),
        ({"error_detail": {"decline_code": "lost_card"}}, DeclineReason.LOST_OR_STOLEN, "lost_card"),
        ({"error_detail": {"error_code": "expired_card"}}, DeclineReason.EXPIRED_CARD, "expired_card"),
        ({"error_detail": {"error_cause_id": "gateway.general.decline"}}, DeclineReason.GENERIC, "gateway.general.decline"),
        (
            {"error_cause_id": "gateway.general.decline", "error_detail": {"decline_code": "fraudulent"}},
            DeclineReason.FRAUD,
            "gateway.general.decline",
        ),
    ],
)
def test_the_most_telling_word_gives_the_reason(more: dict[str, Any], reason: DeclineReason, word: str | None) -> None:
    error = answered(400, refusal("payment_processing_failed", type="payment", **more))
    assert isinstance(error, errors.PaymentDeclinedError)
    assert (error.decline_reason, error.decline_code) == (reason, word)


@pytest.mark.parametrize("param", ["token_id", "tmp_token"])
def test_a_token_that_does_not_exist_is_no_decline(param: str) -> None:
    error = answered(400, refusal("payment_method_verification_failed", type="payment", param=param))
    assert (type(error), error.param) == (errors.ValidationError, param)


@pytest.mark.parametrize(("param", "existing"), [("id", "ada"), ("name", None), (None, None)])
def test_a_duplicate_names_the_existing_object_only_where_the_request_did(param: str | None, existing: str | None) -> None:
    """Case 63."""
    error = answered(400, refusal("duplicate_entry", param=param))
    assert isinstance(error, errors.DuplicateError)
    assert error.existing_id == existing
    get = Request(method="GET", path="/x")
    nothing = answered(400, refusal("duplicate_entry", param="id"), request=get)
    assert isinstance(nothing, errors.DuplicateError)
    assert nothing.existing_id is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "Sun, 01 Mar 2026 12:00:30 GMT", "date": "Sun, 01 Mar 2026 12:00:00 GMT"}, 30.0),
    ],
)
def test_advice_on_when_to_try_again_is_read_in_both_forms(headers: dict[str, str], seconds: float | None) -> None:
    """Case 12."""
    error = answered(429, refusal("api_request_limit_exceeded"), headers=headers)
    assert isinstance(error, errors.RateLimitError)
    assert error.retry_after == seconds


def test_texts_hold_no_personal_data_and_no_key() -> None:
    """Case 6. The whole answer is kept in `raw`, which no text shows."""
    message = "ada@example.com / Augusta / live_abcdef123 is wrong " + "x" * 1000
    error = answered(400, refusal("param_wrong_value") | {"message": message})
    for text in (str(error), repr(error)):
        assert "ada@" not in text
        assert "Augusta" not in text
        assert "live_abcdef123" not in text
        assert len(text) < 800
    searched = Request(method="GET", path="/api/v2/customers", query="first_name%5Bis%5D=Augusta")
    assert "Augusta" not in str(answered(400, refusal("invalid_request") | {"message": "Augusta?"}, request=searched))
