"""What Stripe's refusals mean: tables from Stripe's codes, and from HTTP statuses where a code says nothing, to error classes.

Sources: docs.stripe.com/error-codes, docs.stripe.com/declines/codes, and the SDK's (stripe 16.1.0) mapping of statuses.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, parse_qsl, urlencode

import msgspec
from billbridge.errors import (
    AuthenticationError,
    BillingError,
    ConcurrencyError,
    ConfigurationError,
    DeclineAdvice,
    DeclineReason,
    DuplicateError,
    IdempotencyConflictError,
    InvalidStateError,
    LimitExceededError,
    NotFoundError,
    PaymentActionRequiredError,
    PaymentDeclinedError,
    PaymentMethodRequiredError,
    PermissionDeniedError,
    ProtocolError,
    ProviderUnavailableError,
    RateLimitError,
    ValidationError,
)
from billbridge.flow import Request, Response
from billbridge.toolkit.decoding import UNREADABLE
from billbridge.toolkit.failures import vendor_error

from billbridge_stripe import wire
from billbridge_stripe.translate.next_actions import refused_action

_TOKENS: Final = frozenset({"card[token]"})
_BODY: Final = msgspec.json.Decoder(wire.ErrorBody)
_QUOTED: Final = re.compile(r'"((?:\\.|[^"\\])*)"')
_KEEP: Final = (
    "no subscription exists: pass payment_behavior='allow_incomplete', then use subscription.next_action to let the customer authenticate"
)
_RESEND: Final = {"true": True, "false": False}

_CODES: Final[dict[str, type[BillingError]]] = {
    "idempotency_key_in_use": ConcurrencyError,
    "lock_timeout": ConcurrencyError,
    "resource_missing": NotFoundError,
    "resource_already_exists": DuplicateError,
    "missing": PaymentMethodRequiredError,
    "authentication_required": PaymentActionRequiredError,
    "invoice_payment_intent_requires_action": PaymentActionRequiredError,
    "payment_intent_action_required": PaymentActionRequiredError,
    "subscription_payment_intent_requires_action": PaymentActionRequiredError,
    "coupon_expired": InvalidStateError,
    "charge_already_captured": InvalidStateError,
    "charge_already_refunded": InvalidStateError,
    "charge_disputed": InvalidStateError,
    "intent_invalid_state": InvalidStateError,
    "invalid_canceled_subscription_fields": InvalidStateError,
    "invoice_not_editable": InvalidStateError,
    "payment_intent_unexpected_state": InvalidStateError,
    "setup_intent_unexpected_state": InvalidStateError,
    "status_transition_invalid": InvalidStateError,
    "customer_max_payment_methods": LimitExceededError,
    "customer_max_subscriptions": LimitExceededError,
    "capability_not_active": ConfigurationError,
    "livemode_mismatch": ConfigurationError,
    "product_inactive": ConfigurationError,
    "stripe_tax_inactive": ConfigurationError,
}
_TYPES: Final[dict[str, type[BillingError]]] = {
    "card_error": PaymentDeclinedError,
    "idempotency_error": IdempotencyConflictError,
}
_TEXTS: Final[tuple[tuple[str, type[BillingError]], ...]] = (
    # These come without a code of their own, or with a code that says less.
    ("no attached payment source or default payment method", PaymentMethodRequiredError),
    ("already uses that lookup key", DuplicateError),
    ("active promotion code with", DuplicateError),
    ("active meter already exists", DuplicateError),
    ("already an active meter", DuplicateError),
    ("cannot be deleted because it has", InvalidStateError),
    ("cannot be archived because it is the default", InvalidStateError),
    ("invoice is already paid", InvalidStateError),
)
_STATUSES: Final[dict[int, type[BillingError]]] = {
    401: AuthenticationError,
    402: PaymentDeclinedError,
    403: PermissionDeniedError,
    404: NotFoundError,
    405: ConfigurationError,
    409: ConcurrencyError,
    424: ProviderUnavailableError,
    429: RateLimitError,
}
_DECLINES: Final[dict[DeclineReason, str]] = {
    DeclineReason.INSUFFICIENT_FUNDS: "insufficient_funds withdrawal_count_limit_exceeded card_velocity_exceeded",
    DeclineReason.EXPIRED_CARD: "expired_card invalid_expiry_month invalid_expiry_year",
    DeclineReason.INCORRECT_CVC: "incorrect_cvc invalid_cvc",
    DeclineReason.INCORRECT_NUMBER: "incorrect_number invalid_number invalid_account",
    DeclineReason.AUTHENTICATION_REQUIRED: "authentication_not_handled mobile_device_authentication_required",
    DeclineReason.FRAUD: "fraudulent merchant_blacklist security_violation",
    DeclineReason.LOST_OR_STOLEN: "lost_card stolen_card pickup_card restricted_card",
    DeclineReason.DO_NOT_HONOR: "do_not_honor do_not_try_again call_issuer no_action_taken",
    DeclineReason.PROCESSING_ERROR: "processing_error try_again_later reenter_transaction issuer_not_available approve_with_id",
    DeclineReason.GENERIC: (
        "generic_decline card_declined transaction_not_allowed card_not_supported not_permitted currency_not_supported"
        " duplicate_transaction incorrect_pin incorrect_zip invalid_amount invalid_pin new_account_information_available"
        " offline_pin_required online_or_offline_pin_required pin_try_exceeded revocation_of_all_authorizations"
        " revocation_of_authorization service_not_allowed stop_payment_order testmode_decline"
    ),
}
_ADVICE: Final = {advice.value: advice for advice in DeclineAdvice}  # the words of `advice_code`
_REASONS: Final = {word: reason for reason, words in _DECLINES.items() for word in words.split()}


def failure(request: Request, response: Response) -> BillingError:
    """Return the error that an answer other than 2xx means, whatever its body is: HTML and nothing included."""
    said = _said(response.body)
    kind = _kind(response.status, said)
    error = vendor_error(
        kind,
        "stripe",
        status=response.status,
        headers=response.headers,
        body=response.body,
        said=said.message,
        sent=[request.body or b"", request.query, _private(request)],
        code=said.code,
        type=said.type,
        param=said.param,
        request_id=response.headers.get("request-id"),
        retryable=_retryable(kind, response),
    )
    if isinstance(error, PaymentDeclinedError):
        error.decline_code = said.decline_code or said.code
        error.decline_reason = _REASONS.get(error.decline_code or "", DeclineReason.UNKNOWN)
        error.advice = _ADVICE.get(said.advice_code, DeclineAdvice.UNKNOWN) if said.advice_code else None
    elif isinstance(error, PaymentActionRequiredError):
        error.next_action = refused_action(response.body)
        error.hint = None if error.next_action else _KEEP
    elif isinstance(error, DuplicateError):
        error.existing_id = _existing(request, said)
    return error


def _said(body: bytes) -> wire.Error:
    try:
        return _BODY.decode(body).error
    except UNREADABLE:
        return wire.Error()


def _kind(status: int, said: wire.Error) -> type[BillingError]:
    if status >= 500:
        return ProviderUnavailableError
    if said.decline_code == "authentication_required":
        return PaymentActionRequiredError
    message = (said.message or "").lower()
    for text, kind in _TEXTS:
        if text in message:
            return kind
    if said.code == "resource_missing" and said.param in _TOKENS:
        return ValidationError  # a token is an argument, not an object that can be read
    if said.code in _CODES:
        return _CODES[said.code]
    if said.type in _TYPES:
        return _TYPES[said.type]
    if status in _STATUSES:
        return _STATUSES[status]
    return ValidationError if status >= 400 else ProtocolError


def _retryable(kind: type[BillingError], response: Response) -> bool:
    """Follow the header `Stripe-Should-Retry`, but never send a declined payment or a used key again."""
    if response.status == 402 or kind is IdempotencyConflictError:
        return False
    advice = _RESEND.get(response.headers.get("stripe-should-retry", "").lower())
    if advice is not None:
        return advice
    return response.status in (409, 429) or response.status >= 500


def _private(request: Request) -> str:
    """Return personal values whose parameters have other names, tax numbers and search terms, in a form that `redact` reads."""
    found: list[str] = []
    for name, value in [*parse_qsl((request.body or b"").decode("utf-8", "replace")), *parse_qsl(request.query)]:
        if name == "query":
            found += _QUOTED.findall(value)
        elif name == "value" or name.endswith("[value]"):
            found.append(value)
    return urlencode([("name", value) for value in found])


def _existing(request: Request, said: wire.Error) -> str | None:
    """Return the id that the request asked for, or the id that Stripe writes in backticks: the price with that lookup key."""
    asked = parse_qs((request.body or b"").decode()).get("id")
    named = re.search(r"`(\w+)`", said.message or "")
    return asked[0] if asked else named[1] if named else None
