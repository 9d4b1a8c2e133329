"""The options of a call, which `billing.with_options` sets and checks, and new idempotency keys."""

from __future__ import annotations

import os

import msgspec

from billbridge.errors import ValidationError


class CallOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options of a call. Raises `ValidationError` for a value that is not allowed.

    `timeout` is in seconds for each request, `deadline` in seconds for the whole call. `retries` is how often a request may be sent again.
    `resolve` sets the other two: `account` is the digest of the only account that the call may go to, and `repeats` is True.
    """

    idempotency_key: str | None = None
    timeout: float | None = None
    deadline: float | None = None
    retries: int = 2
    account: str | None = None
    repeats: bool = False

    def __post_init__(self) -> None:
        key = self.idempotency_key
        if key is not None and not (isinstance(key, str) and key.isascii() and key.isprintable() and key.strip() == key != ""):
            raise ValidationError(
                "an idempotency key must be printable ASCII text, not empty and without spaces at its ends",
                param="idempotency_key",
                hint="pass a string that names the unit of work, such as order-1234"
                if isinstance(key, str)
                else f"write idempotency_key=str(...): the key is {type(key).__name__}",
            )
        for name, value in (("timeout", self.timeout), ("deadline", self.deadline)):
            if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or not value > 0):
                raise ValidationError(f"{name} must be a number of seconds, more than 0{_instead_of(value)}", param=name)
        if isinstance(self.retries, bool) or not isinstance(self.retries, int) or self.retries < 0:
            raise ValidationError(f"retries must be a whole number, 0 or more{_instead_of(self.retries)}", param="retries")


def _instead_of(value: object) -> str:
    """Return ", not ..." for an error text: a number as it is, anything else by its type."""
    return f", not {value}" if isinstance(value, int | float) else f", not {type(value).__name__}"


def new_key() -> str:
    """Return a new idempotency key of 128 random bits. Only writes need one, and the system needs time to make it."""
    return os.urandom(16).hex()
