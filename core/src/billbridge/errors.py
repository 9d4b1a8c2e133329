"""Every error that Billbridge raises, in one tree:

    BillingError
    ├── ConfigurationError              a client option, the vendor account or the installation is wrong
    │   ├── PluginNotFoundError         no installed package offers that provider or gateway
    │   ├── PluginConflictError         two installed packages offer the same name
    │   └── BrokenPluginError           a plugin cannot be imported, or breaks the plugin interface
    ├── AuthenticationError             the API key is missing, or the vendor rejected it
    │   └── ConnectionNotConfiguredError  the gateway has no connection to the vendor's account
    ├── PermissionDeniedError           the API key is valid but has no permission for this
    ├── ValidationError                 an argument is wrong; nothing happened
    │   ├── PrecisionError              the vendor cannot store the amount exactly
    │   └── CurrencyMismatchError       two currencies were mixed
    ├── UnsupportedOperationError       this provider or gateway cannot do this; nothing was sent
    ├── NotFoundError                   the object does not exist, or it was deleted
    ├── DuplicateError                  an object with that id or name exists
    ├── ConflictError
    │   ├── InvalidStateError           the object's state does not allow this
    │   ├── ConcurrencyError            another request is changing the object; retry
    │   └── IdempotencyConflictError    the idempotency key was used for a different request
    ├── LimitExceededError              the vendor's limit on the number of objects is reached
    ├── RateLimitError                  too many requests; retry after `retry_after` seconds
    ├── PaymentError
    │   ├── PaymentDeclinedError        the bank or the vendor declined the payment
    │   ├── PaymentActionRequiredError  the customer must authenticate first
    │   └── PaymentMethodRequiredError  the customer has no payment method
    ├── ProviderUnavailableError        the vendor answered a read with HTTP 5xx; retry later
    ├── TransportError                  no answer came, and nothing was changed
    │   └── TransportTimeoutError
    ├── OutcomeUnknownError             a write got no answer, or HTTP 5xx: it may have succeeded
    ├── ProtocolError                   the answer is not what the vendor documents
    ├── PartialFailureError             an operation of several requests stopped after some of them
    └── SignatureVerificationError      a webhook has no valid signature or password

Error texts contain no secret and no personal data: `billbridge.toolkit.redact` cleans the vendor's message first. Only `raw` holds the
whole answer, and no text shows it. The tables in `failures.py` of each plugin say which vendor code becomes which class.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from billbridge.model.next_action import NextAction


class DeclineReason(StrEnum):
    """Why the bank or the vendor declined a payment, in the same words for every vendor. `decline_code` is the vendor's own code."""

    INSUFFICIENT_FUNDS = "insufficient_funds"
    EXPIRED_CARD = "expired_card"
    INCORRECT_CVC = "incorrect_cvc"
    INCORRECT_NUMBER = "incorrect_number"
    AUTHENTICATION_REQUIRED = "authentication_required"
    FRAUD = "fraud"
    LOST_OR_STOLEN = "lost_or_stolen"
    DO_NOT_HONOR = "do_not_honor"
    PROCESSING_ERROR = "processing_error"
    GENERIC = "generic"
    UNKNOWN = "unknown"


class DeclineAdvice(StrEnum):
    """What to do after a decline, if the bank told the vendor."""

    TRY_AGAIN_LATER = "try_again_later"
    DO_NOT_TRY_AGAIN = "do_not_try_again"
    CONFIRM_CARD_DATA = "confirm_card_data"
    UNKNOWN = "unknown"


def _rebuilt(kind: type[BillingError], args: tuple[object, ...]) -> BillingError:
    """Rebuild an error for pickle, which does not know the keyword arguments of the constructor."""
    error = kind.__new__(kind, *args)
    error.args = args
    return error


class BillingError(Exception):
    """The base class of all errors. Catch it to catch everything that Billbridge raises on purpose.

    `message` says what was wrong and `hint` what to do next. Each other attribute is None if unknown: `provider` ("stripe"), `operation`
    ("subscriptions.create"), `status` (HTTP), the vendor's `code` and `type`, the wrong argument `param` (`items[0].price`), the vendor's
    name for it `provider_param` (`items[0][price]`), `request_id` for the vendor's support, and `idempotency_key`. `billing.raw` sets
    `param` to the vendor's name. `retryable` says that the call may succeed later. `raw` is the vendor's answer: never log it.
    """

    answer_lost_before: bool = False
    """An earlier attempt of this request got no answer, or HTTP 5xx. It may be the cause of a "not found" or "wrong state"."""

    _shown: ClassVar[str] = "provider operation status code param provider_param request_id idempotency_key"

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        provider: str | None = None,
        operation: str | None = None,
        status: int | None = None,
        code: str | None = None,
        type: str | None = None,
        param: str | None = None,
        request_id: str | None = None,
        retryable: bool = False,
        idempotency_key: str | None = None,
        raw: bytes | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.provider = provider
        self.operation = operation
        self.status = status
        self.code = code
        self.type = type
        self.param = param
        self.provider_param: str | None = None
        self.request_id = request_id
        self.retryable = retryable
        self.idempotency_key = idempotency_key
        self.raw = raw

    def __str__(self) -> str:
        shown = {name: getattr(self, name) for name in self._shown.split()}
        if self.provider_param == self.param:
            del shown["provider_param"]
        known = ", ".join(f"{name} {value}" for name, value in shown.items() if value is not None)
        text = f"{self.message} ({known})" if known else self.message
        return f"{text}. Hint: {self.hint}" if self.hint else text

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuilt, (type(self), self.args), self.__dict__


class ConfigurationError(BillingError):
    """A client option, the vendor account or the installation is wrong. A retry does not help."""


class PluginNotFoundError(ConfigurationError):
    """No installed package offers a provider, gateway or hook of that name. The hint says what to install."""


class PluginConflictError(ConfigurationError):
    """Two installed packages offer the same plugin name. Billbridge loads neither, because a plugin receives API keys."""


class BrokenPluginError(ConfigurationError):
    """A plugin cannot be imported, or breaks the interface in `billbridge.plugins.hookspecs`. The cause is chained."""


class AuthenticationError(BillingError):
    """The API key is missing, or the vendor rejected it."""


class ConnectionNotConfiguredError(AuthenticationError):
    """The gateway has no connection to the vendor's account."""


class PermissionDeniedError(BillingError):
    """The API key is valid but has no permission for this."""


class ValidationError(BillingError):
    """An argument is wrong, and nothing happened. `param` names the argument, and `provider_param` is the vendor's name for it."""


class PrecisionError(ValidationError):
    """The vendor cannot store the amount exactly. Billbridge never rounds an amount."""


class CurrencyMismatchError(ValidationError):
    """Two currencies were mixed where one is needed."""


class UnsupportedOperationError(BillingError):
    """This provider or gateway does not support what you asked for. Nothing was sent.

    `capability` is the name to pass to `billing.supports(...)`.
    """

    def __init__(self, message: str, *, capability: str, provider: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, provider=provider, hint=hint)
        self.capability = capability


class NotFoundError(BillingError):
    """The object does not exist. `deleted` is true if the vendor says that it was deleted."""

    deleted: bool = False


class DuplicateError(BillingError):
    """An object with that id, name or code exists. `existing_id` is its id, if the request named one."""

    existing_id: str | None = None


class ConflictError(BillingError):
    """The request conflicts with the present state, or with another request."""


class InvalidStateError(ConflictError):
    """The object's state does not allow this, such as cancelling a cancelled subscription."""


class ConcurrencyError(ConflictError):
    """Another request has locked the object. A retry helps."""


class IdempotencyConflictError(ConflictError):
    """The idempotency key was used before for a different request. Use a new key."""


class LimitExceededError(BillingError):
    """The vendor's limit on the number of such objects is reached."""


class RateLimitError(BillingError):
    """The vendor got too many requests. `retry_after` is its advice in seconds, or None."""

    retry_after: float | None = None


class PaymentError(BillingError):
    """A payment failed. What depended on it was not done."""


class PaymentDeclinedError(PaymentError):
    """The bank or the vendor declined the payment.

    Stripe answers with HTTP 402, Chargebee with 400. `advice` is None if there is none: only Stripe passes on the bank's advice.
    """

    decline_reason: DeclineReason = DeclineReason.UNKNOWN
    decline_code: str | None = None
    advice: DeclineAdvice | None = None


class PaymentActionRequiredError(PaymentError):
    """The customer must authenticate (3-D Secure) first. `next_action` is what your application needs for that, if anything is kept."""

    next_action: NextAction | None = None


class PaymentMethodRequiredError(PaymentError):
    """The customer has no payment method. Attach one first."""


class ProviderUnavailableError(BillingError):
    """The vendor answered a read with HTTP 5xx. Retry later. A write raises `OutcomeUnknownError` instead."""


class TransportError(BillingError):
    """No answer came to a read, or a write was never sent. A retry is safe. `sent` is true if the request may have reached the vendor."""

    sent: bool = False


class TransportTimeoutError(TransportError):
    """No answer came before the timeout."""


class OutcomeUnknownError(BillingError):
    """A write got no answer, or HTTP 5xx, and no retries are left. It may have succeeded or not.

    `billing.resolve(error)` repeats the call with the same `idempotency_key`, which is safe while the vendor remembers the key (Stripe 24
    hours, Chargebee 30 minutes). A new key may do it twice. `at` is the time of the call (UTC). `arguments` hold personal data: do not
    log them. `account` is a digest of the address and the credentials.
    """

    at: datetime | None = None
    arguments: tuple[tuple[Any, ...], dict[str, Any]] | None = None
    account: str | None = None


class ProtocolError(BillingError):
    """The answer is not what the vendor documents: not JSON, cut short, or without a required field."""


class PartialFailureError(BillingError):
    """An operation of several requests stopped after some of them.

    `done` names the steps that succeeded, `failed` the step that did not. The cause is chained (`__cause__`). If the cause is an
    `OutcomeUnknownError`, `billing.resolve(error.__cause__)` finishes the whole operation.
    """

    def __init__(self, message: str, *, done: tuple[str, ...], failed: str, provider: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, provider=provider, hint=hint)
        self.done = done
        self.failed = failed


class SignatureVerificationError(BillingError):
    """A webhook has no valid signature or password. Do not process it."""
