"""What `billing.with_options` sets for each call, checked when it is set, and the idempotency key of a call without one."""

from __future__ import annotations

import os

import msgspec

from billbridge.errors import ValidationError


class CallOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What `with_options` sets. `timeout` is in seconds per request, `deadline` for the whole call; `retries` is how often a request
    may be sent again; `account` the digest of the only account that the call may go to (what `resolve` settles is of one). `repeats`
    says that `resolve` makes the call again."""

    idempotency_key: str | None = None
    timeout: float | None = None
    deadline: float | None = None
    retries: int = 2
    account: str | None = None
    repeats: bool = False

    def __post_init__(self) -> None:
        key = self.idempotency_key
        if key is not None and not (isinstance(key, str) and key.isascii() and key.isprintable() and key.strip() == key != ""):
            raise ValidationError("an idempotency key must be printable ASCII text without outer spaces", param="idempotency_key")
        for name, value in (("timeout", self.timeout), ("deadline", self.deadline)):
            if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or not value > 0):
                raise ValidationError(f"{name} must be a number of seconds, more than 0", param=name)
        if isinstance(self.retries, bool) or not isinstance(self.retries, int) or self.retries < 0:
            raise ValidationError("retries must be a whole number, 0 or more", param="retries")


def new_key() -> str:
    """A new idempotency key: 128 random bits. Made for writes only, because the system takes its time to give them."""
    return os.urandom(16).hex()
