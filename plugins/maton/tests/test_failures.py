"""Maton's refusals are told from the vendor's by the envelope."""

from __future__ import annotations

import pytest
from billbridge.errors import (
    AuthenticationError,
    BillingError,
    ConnectionNotConfiguredError,
    NotFoundError,
    PermissionDeniedError,
    ProtocolError,
    ProviderUnavailableError,
    RateLimitError,
    TransportError,
    ValidationError,
)
from billbridge.flow import Request, Response
from billbridge_maton import MatonGateway
from billbridge_maton.failures import failure, refusal

GET = Request(method="GET", path="/v1/customers")
POST = Request(method="POST", path="/v1/customers")
STRIPE = b'{"error": {"type": "invalid_request_error", "message": "No such customer"}}'
CHARGEBEE = b'{"message": "Sorry", "type": "invalid_request", "api_error_code": "resource_not_found"}'
NOT_VENDORS = [b"", b"<html>bad gateway</html>", b'{"message": "no"}', b'{"error": "no"}', b'{"error": {"message": "no"}}', b"[1]", b"\xff"]


@pytest.mark.parametrize("status", [400, 401, 402, 404, 409, 429, 500, 503])
@pytest.mark.parametrize("body", [STRIPE, CHARGEBEE])
def test_a_refusal_in_the_vendor_s_envelope_is_the_vendor_s(status: int, body: bytes) -> None:
    assert refusal(GET, Response(status=status, body=body)) is None


@pytest.mark.parametrize("body", [b"", b"{}", STRIPE])
def test_success_is_never_a_refusal(body: bytes) -> None:
    assert refusal(POST, Response(status=200, body=body)) is None


@pytest.mark.parametrize("body", NOT_VENDORS)
@pytest.mark.parametrize(
    ("status", "kind", "retryable"),
    [
        (302, ProtocolError, False),
        (400, ConnectionNotConfiguredError, False),
        (401, AuthenticationError, False),
        (403, PermissionDeniedError, False),
        (404, ConnectionNotConfiguredError, False),
        (418, ProtocolError, False),
        (429, RateLimitError, True),
        (500, ProviderUnavailableError, True),
        (502, ProviderUnavailableError, True),
        (503, ProviderUnavailableError, True),
    ],
)
def test_anything_else_is_maton_s(status: int, kind: type[BillingError], retryable: bool, body: bytes) -> None:
    error = refusal(GET, Response(status=status, body=body))
    assert type(error) is kind
    assert (error.provider, error.status, error.retryable, error.raw) == ("maton", status, retryable, body)
    assert "maton" in error.message


def test_what_maton_says_is_kept_but_not_quoted() -> None:
    error = refusal(GET, Response(status=401, body=b'{"message": "key maton_hush of ada@example.com"}'))
    assert error is not None
    assert "hush" not in f"{error} {error!r}"
    assert b"hush" in (error.raw or b"")


def test_a_rate_limit_carries_the_advice() -> None:
    error = refusal(GET, Response(status=429, headers={"retry-after": "3"}))
    assert isinstance(error, RateLimitError)
    assert error.retry_after == 3.0


def test_the_hint_of_a_refused_key_says_whose_key() -> None:
    assert "Maton's own" in str(refusal(GET, Response(status=401)))


def test_the_hint_of_a_failing_service_says_what_expires() -> None:
    assert "sign-in behind the connection may have expired" in str(refusal(GET, Response(status=500)))


@pytest.mark.parametrize("status", [502, 504])
def test_a_write_that_maton_passed_on_without_an_answer_may_have_happened(status: int) -> None:
    error = refusal(POST, Response(status=status, body=b"<html>"))
    assert isinstance(error, TransportError)
    assert (error.sent, error.retryable) == (True, True)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, ValidationError), (422, ValidationError), (404, NotFoundError), (401, AuthenticationError), (500, ProviderUnavailableError)],
)
def test_about_connections_the_same_statuses_mean_other_things(status: int, kind: type[BillingError]) -> None:
    assert type(failure(Response(status=status, body=STRIPE))) is kind


def test_answers_about_connections_are_not_judged_as_the_vendor_s() -> None:
    gateway = MatonGateway(api_key="maton_1")
    asked = Request(method="GET", path="/connections", route=gateway._account.control())
    assert gateway.refusal(asked, Response(status=400)) is None
    assert gateway.refusal(GET, Response(status=400)) is not None
