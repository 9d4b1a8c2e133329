"""What Chargebee's error answers mean: tables from its words to our classes. Sends nothing and decides no retry beyond `retryable`.

A body carries `message`, `type`, `api_error_code`, and perhaps `param`, `error_cause_id` and `error_detail`; other bodies (HTML of a proxy,
an empty one) fall back to the status. A declined payment is HTTP 400 with `type=payment` (newer pages of the documentation name 402 too).
No request id is documented; one is kept if a header has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs

from billbridge.errors import (
    AuthenticationError,
    BillingError,
    ConcurrencyError,
    ConfigurationError,
    DeclineReason,
    DuplicateError,
    IdempotencyConflictError,
    InvalidStateError,
    LimitExceededError,
    NotFoundError,
    PaymentActionRequiredError,
    PaymentDeclinedError,
    PaymentError,
    PaymentMethodRequiredError,
    PermissionDeniedError,
    ProtocolError,
    ProviderUnavailableError,
    RateLimitError,
    ValidationError,
)
from billbridge.flow import Request, Response
from billbridge.toolkit.decoding import decode_object
from billbridge.toolkit.failures import vendor_error

CODES: Final[Mapping[str, type[BillingError]]] = {
    "param_wrong_value": ValidationError,
    "invalid_request": ValidationError,
    "payment_intent_invalid": ValidationError,
    "payment_intent_invalid_amount": ValidationError,
    "duplicate_entry": DuplicateError,
    "resource_not_found": NotFoundError,
    "site_not_found": ConfigurationError,
    "resource_limit_exceeded": LimitExceededError,
    "resource_limit_exhausted": LimitExceededError,
    "configuration_incompatible": ConfigurationError,
    "payment_gateway_currency_incompatible": ConfigurationError,
    "http_method_not_supported": ConfigurationError,
    "payment_processing_failed": PaymentDeclinedError,
    "payment_method_verification_failed": PaymentDeclinedError,
    "payment_method_not_present": PaymentMethodRequiredError,
    "payment_intent_action_required": PaymentActionRequiredError,
    "api_authentication_failed": AuthenticationError,
    "basic_authentication_failed": AuthenticationError,
    "api_authorization_failed": PermissionDeniedError,
    "request_blocked": PermissionDeniedError,
    "invalid_state_for_request": InvalidStateError,
    "invalid_state_for_pause": InvalidStateError,
    "unable_to_process_request": InvalidStateError,
    "lock_timeout": ConcurrencyError,
    "api_request_limit_exceeded": RateLimitError,
    "third_party_api_request_limit_exceeded": RateLimitError,
    "internal_error": ProviderUnavailableError,
    "internal_temporary_error": ProviderUnavailableError,
    "db_connection_failure": ProviderUnavailableError,
    "site_not_ready": ProviderUnavailableError,
    "site_read_only_mode": ProviderUnavailableError,
}
"""`api_error_code` (enums of chargebee-java 4.0.1) to class."""

STATUSES: Final[Mapping[int, type[BillingError]]] = {
    401: AuthenticationError,
    402: PaymentDeclinedError,
    403: PermissionDeniedError,
    404: NotFoundError,
    405: ConfigurationError,
    409: InvalidStateError,
    422: InvalidStateError,
    424: ProviderUnavailableError,
    429: RateLimitError,
}
"""HTTP status to class, for codes that are not in `CODES`; other 4xx are `ValidationError`, 5xx `ProviderUnavailableError`."""

REASONS: Final[Mapping[str, DeclineReason]] = {
    "low_balance": DeclineReason.INSUFFICIENT_FUNDS,
    "insufficient_funds": DeclineReason.INSUFFICIENT_FUNDS,
    "expired_card": DeclineReason.EXPIRED_CARD,
    "card_expired": DeclineReason.EXPIRED_CARD,
    "incorrect_cvc": DeclineReason.INCORRECT_CVC,
    "invalid_cvc": DeclineReason.INCORRECT_CVC,
    "invalid_cvv": DeclineReason.INCORRECT_CVC,
    "incorrect_number": DeclineReason.INCORRECT_NUMBER,
    "invalid_number": DeclineReason.INCORRECT_NUMBER,
    "invalid_card_number": DeclineReason.INCORRECT_NUMBER,
    "authentication_required": DeclineReason.AUTHENTICATION_REQUIRED,
    "fraud": DeclineReason.FRAUD,
    "fraudulent": DeclineReason.FRAUD,
    "suspected_fraud": DeclineReason.FRAUD,
    "lost_card": DeclineReason.LOST_OR_STOLEN,
    "stolen_card": DeclineReason.LOST_OR_STOLEN,
    "pickup_card": DeclineReason.LOST_OR_STOLEN,
    "do_not_honor": DeclineReason.DO_NOT_HONOR,
    "processing_error": DeclineReason.PROCESSING_ERROR,
    "decline": DeclineReason.GENERIC,
    "card_declined": DeclineReason.GENERIC,
    "generic_decline": DeclineReason.GENERIC,
}
"""The last part of an `error_cause_id` ("gateway.general.decline", support page on payment errors), or a gateway's own decline code."""

_HINTS: Final[Mapping[str, str]] = {
    "configuration_incompatible": "check that the site uses Product Catalog 2.0 and that the feature is enabled on it",
    "site_not_found": "check the site option: it is the part before .chargebee.com",
}
_TOKENS: Final = frozenset({"token_id", "tmp_token"})


def failure(request: Request, response: Response) -> BillingError:
    """The error that an answer other than 2xx means. Never raises, whatever the body."""
    body = decode_object(response.body)
    code, vendor_type = _word(body, "api_error_code", "error_code"), _word(body, "type")
    param, said = _word(body, "param", "error_param"), _word(body, "message", "error_msg")
    causes = _causes(body)
    kind = _kind(response.status, vendor_type, code, param, causes, said or "")
    error = vendor_error(
        kind,
        "chargebee",
        status=response.status,
        headers=response.headers,
        body=response.body,
        said=said,
        sent=[request.body or b"", request.query],
        hint=_HINTS.get(code or ""),
        code=code,
        type=vendor_type,
        param=param,
        request_id=response.headers.get("x-request-id"),
    )
    if isinstance(error, PaymentDeclinedError):
        error.decline_reason = _reason(causes)
        error.decline_code = causes[0] if causes else None
    elif isinstance(error, DuplicateError) and param == "id":
        error.existing_id = _sent_id(request)
    return error


def _kind(status: int, vendor_type: str | None, code: str | None, param: str | None, causes: list[str], said: str) -> type[BillingError]:
    if code == "invalid_request" and "idempotency key" in said.lower():
        return IdempotencyConflictError  # there is no code of its own for a key that was used with other parameters
    named, reason = CODES.get(code or ""), _reason(causes)
    if status == 429:
        return ConcurrencyError if named is ConcurrencyError else RateLimitError
    if vendor_type == "payment" and status < 500:
        if param in _TOKENS and not causes:
            return ValidationError  # the token itself is wrong: no card was asked
        if reason is DeclineReason.AUTHENTICATION_REQUIRED:
            return PaymentActionRequiredError
        if named is not None and (code or "").startswith("payment_"):
            return named
        return PaymentDeclinedError if causes else PaymentError  # a general code with it says less
    if named is not None:
        return named
    if status >= 500:
        return ProviderUnavailableError
    return STATUSES.get(status, ValidationError if status >= 400 else ProtocolError)


def _causes(body: Mapping[str, Any]) -> list[str]:
    """Why a payment failed, in Chargebee's own word and then in the gateway's."""
    detail = body.get("error_detail")
    inner: Mapping[str, Any] = detail if isinstance(detail, dict) else {}
    words = (_word(body, "error_cause_id"), _word(inner, "error_cause_id"), _word(inner, "decline_code"), _word(inner, "error_code"))
    return [word for word in words if word]


def _reason(causes: list[str]) -> DeclineReason:
    """The most telling reason: a word that only says "declined" yields to a later one that says why."""
    reasons = [REASONS[last] for cause in causes if (last := cause.rpartition(".")[2].lower()) in REASONS]
    return next((reason for reason in reasons if reason is not DeclineReason.GENERIC), reasons[0] if reasons else DeclineReason.UNKNOWN)


def _sent_id(request: Request) -> str | None:
    return next(iter(parse_qs((request.body or b"").decode()).get("id", [])), None)


def _word(body: Mapping[str, Any], *names: str) -> str | None:
    return next((value for name in names if isinstance(value := body.get(name), str) and value), None)
