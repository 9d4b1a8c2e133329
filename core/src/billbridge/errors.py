"""Every error that Billbridge raises, in one tree:

    BillingError
    ├── ConfigurationError              the client, the account or the installation is not set up for this
    │   ├── PluginNotFoundError         no provider or gateway of that name is installed
    │   ├── PluginConflictError         two installed packages offer the same name
    │   └── BrokenPluginError           a plugin could not be loaded or does not keep the plugin interface
    ├── AuthenticationError             the key is missing or was refused
    │   └── ConnectionNotConfiguredError  a gateway has no account behind it
    ├── PermissionDeniedError           the key is valid but may not do this
    ├── ValidationError                 an argument is wrong; nothing happened
    │   ├── PrecisionError              an amount that the vendor cannot hold exactly
    │   └── CurrencyMismatchError       two currencies where one is needed
    ├── UnsupportedOperationError       this provider, by this route, cannot do it; nothing was sent
    ├── NotFoundError                   no such object (or it was deleted)
    ├── DuplicateError                  an object with that id or name exists
    ├── ConflictError
    │   ├── InvalidStateError           the object is not in a state that allows it
    │   ├── ConcurrencyError            somebody else is changing the object; try again
    │   └── IdempotencyConflictError    one idempotency key, two different requests
    ├── LimitExceededError              a limit on the number of objects
    ├── RateLimitError                  too many requests; try again after `retry_after` seconds
    ├── PaymentError
    │   ├── PaymentDeclinedError        the bank or the vendor said no
    │   ├── PaymentActionRequiredError  the customer must authenticate first
    │   └── PaymentMethodRequiredError  there is nothing to charge
    ├── ProviderUnavailableError        the vendor answered a read with a 5xx
    ├── TransportError                  no answer came, and nothing can have happened
    │   └── TransportTimeoutError
    ├── OutcomeUnknownError             a write was sent and no answer, or a 5xx, came: it may have succeeded
    ├── ProtocolError                   an answer that is not what the vendor documents
    ├── PartialFailureError             an operation of several requests stopped half-way
    └── SignatureVerificationError      a webhook that the vendor did not sign

Error texts hold no secret and no personal data: `billbridge.toolkit.redact` cleans a vendor's message first. The whole answer is only in
`raw`, which no text shows. Each plugin's table decides which vendor code becomes which class.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar


class DeclineReason(StrEnum):
    """Why a bank or vendor declined a payment, in one vocabulary for all vendors. `decline_code` keeps the vendor's own code."""

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
    """What to do after a decline, where the bank said so to the vendor."""

    TRY_AGAIN_LATER = "try_again_later"
    DO_NOT_TRY_AGAIN = "do_not_try_again"
    CONFIRM_CARD_DATA = "confirm_card_data"
    UNKNOWN = "unknown"


def _rebuilt(kind: type[BillingError], args: tuple[object, ...]) -> BillingError:
    """An error as it was, for pickle: between processes the constructor's keywords are not known."""
    error = kind.__new__(kind, *args)
    error.args = args
    return error


class BillingError(Exception):
    """The top of the tree. Catch it to catch everything that Billbridge raises on purpose.

    `message` is one sentence; `hint` says what to do next. The rest is what is known: `provider` and `operation` ("stripe",
    "subscriptions.create"), `status` (HTTP), the vendor's `code` and `type`, the parameter `param` that was wrong,
    `request_id` for the vendor's support, `retryable` (the same call may succeed later), the `idempotency_key` that was sent,
    and `raw`, the vendor's undecoded answer (it can hold personal data: do not log it).
    """

    answer_lost_before: bool = False
    """An earlier attempt of the same request was never answered, or with a 5xx: a "not found" or "wrong state" may be our own doing."""

    _shown: ClassVar[tuple[str, ...]] = ("provider", "operation", "status", "code", "param", "request_id", "idempotency_key")

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
        self.request_id = request_id
        self.retryable = retryable
        self.idempotency_key = idempotency_key
        self.raw = raw

    def __str__(self) -> str:
        known = ", ".join(f"{name} {value}" for name in self._shown if (value := getattr(self, name)) is not None)
        text = f"{self.message} ({known})" if known else self.message
        return f"{text}. Hint: {self.hint}" if self.hint else text

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuilt, (type(self), self.args), self.__dict__


class ConfigurationError(BillingError):
    """The client, the vendor account or the installation is not set up for this. Trying again does not help."""


class PluginNotFoundError(ConfigurationError):
    """No installed package offers a provider, gateway or hook of that name; the hint says what to install."""


class PluginConflictError(ConfigurationError):
    """Two installed packages offer the same plugin name. Billbridge loads neither, because a plugin receives API keys."""


class BrokenPluginError(ConfigurationError):
    """A plugin was found but could not be imported, or does not do what `billbridge.plugins.hookspecs` asks; the cause is chained."""


class AuthenticationError(BillingError):
    """The API key is missing or was refused."""


class ConnectionNotConfiguredError(AuthenticationError):
    """The gateway has no connection to the vendor's account."""


class PermissionDeniedError(BillingError):
    """The key was accepted, but it may not do this."""


class ValidationError(BillingError):
    """An argument is wrong. Raised before any request where possible, else with the vendor's `param` and `code`."""


class PrecisionError(ValidationError):
    """An amount that the vendor cannot hold exactly. Nothing is rounded in silence."""


class CurrencyMismatchError(ValidationError):
    """Two currencies were mixed."""


class UnsupportedOperationError(BillingError):
    """This provider, by this route, cannot do what was asked. No request was sent.

    `capability` is the name to pass to `billing.supports(...)`.
    """

    def __init__(self, message: str, *, capability: str, provider: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, provider=provider, hint=hint)
        self.capability = capability


class NotFoundError(BillingError):
    """No such object. `deleted` is true when the vendor says that it existed and was deleted."""

    deleted: bool = False


class DuplicateError(BillingError):
    """An object with that id, name or code exists already; `existing_id` is its id where the request named one."""

    existing_id: str | None = None


class ConflictError(BillingError):
    """The request clashes with the present state, or with another request."""


class InvalidStateError(ConflictError):
    """The object is not in a state that allows this, such as cancelling a cancelled subscription."""


class ConcurrencyError(ConflictError):
    """The object is locked by another request; trying again helps."""


class IdempotencyConflictError(ConflictError):
    """The idempotency key was used before with a different request. Use a new key."""


class LimitExceededError(BillingError):
    """The vendor's limit on the number of such objects is reached."""


class RateLimitError(BillingError):
    """Too many requests. `retry_after` is the vendor's advice in seconds, if it gave any."""

    retry_after: float | None = None


class PaymentError(BillingError):
    """A payment did not go through, and what depended on it was not done."""


class PaymentDeclinedError(PaymentError):
    """The bank or the vendor declined. The same class on every vendor (Stripe says it with HTTP 402, Chargebee with 400).

    `advice` is None where none was given: Stripe passes the bank's on for some cards, Chargebee's answers have no place for it.
    """

    decline_reason: DeclineReason = DeclineReason.UNKNOWN
    decline_code: str | None = None
    advice: DeclineAdvice | None = None


class PaymentActionRequiredError(PaymentError):
    """The customer must authenticate (3-D Secure) before the payment can go through."""


class PaymentMethodRequiredError(PaymentError):
    """The customer has no payment method to charge. Attach one first."""


class ProviderUnavailableError(BillingError):
    """The vendor answered a read with HTTP 5xx; retry later. After a write, `OutcomeUnknownError` is raised instead."""


class TransportError(BillingError):
    """No answer came. For a read, or a write that was never sent: nothing has happened, and it is safe to try again.

    `sent` is true when the request may have reached the vendor.
    """

    sent: bool = False


class TransportTimeoutError(TransportError):
    """No answer came in time."""


class OutcomeUnknownError(BillingError):
    """A write was sent, no answer or only a 5xx came, and the retries were used up: it may have succeeded or not.

    Trying again with the same `idempotency_key` within the vendor's window (Stripe 24 hours, Chargebee 30 minutes) is safe;
    a new key may do it twice. `billing.resolve(error)` does that. `at` is when the call was made (UTC); `arguments` are those of the
    operation, to make it again (personal data: in no text; do not log it); `account` is a digest of the address and the credentials.
    """

    at: datetime | None = None
    arguments: tuple[tuple[Any, ...], dict[str, Any]] | None = None
    account: str | None = None


class ProtocolError(BillingError):
    """An answer that is not what the vendor documents: not JSON, cut short, or without a field that is always there."""


class PartialFailureError(BillingError):
    """An operation that needs several requests stopped after some of them.

    `done` names the steps that took effect, `failed` the one that did not; the cause is chained (`__cause__`). If that is an
    `OutcomeUnknownError`, `billing.resolve(error.__cause__)` finishes the whole operation.
    """

    def __init__(self, message: str, *, done: tuple[str, ...], failed: str, provider: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, provider=provider, hint=hint)
        self.done = done
        self.failed = failed


class SignatureVerificationError(BillingError):
    """A webhook has no valid signature or password. Do not act on it."""
