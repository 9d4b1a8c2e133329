"""What the site stores about what a customer does in a browser: hosted pages and payment intents. No rules here; see `records`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from billbridge_sandbox.chargebee.store.records import PRIVATE, Record


def _empty() -> dict[str, Any]:
    return {}


@dataclass(kw_only=True, repr=False, slots=True)
class HostedPage(Record):
    """A page of the vendor for one customer. `url` is a secret: who has it can change how the customer pays."""

    OBJECT: ClassVar[str] = "hosted_page"

    type: str
    url: str
    state: str = "created"
    embed: bool = True
    created_at: int
    expires_at: int
    content: dict[str, Any] = field(default_factory=_empty)
    customer_id: str = field(metadata=PRIVATE)


@dataclass(kw_only=True, repr=False, slots=True)
class PaymentAttempt:
    """One attempt of the customer to authorize an intent."""

    OBJECT: ClassVar[str] = "payment_attempt"

    id: str
    status: str
    payment_method_type: str
    id_at_gateway: str
    created_at: int
    modified_at: int


@dataclass(kw_only=True, repr=False, slots=True)
class PaymentIntent(Record):
    """The vendor's record of an authorization in the browser. `token` is the test token that it was authorized with."""

    OBJECT: ClassVar[str] = "payment_intent"

    status: str = "inited"
    currency_code: str
    amount: int
    gateway_account_id: str
    gateway: str
    customer_id: str | None = None
    reference_id: str | None = None
    payment_method_type: str = "card"
    success_url: str | None = None
    failure_url: str | None = None
    expires_at: int
    created_at: int
    modified_at: int
    active_payment_attempt: PaymentAttempt | None = None
    payment_attempts: list[PaymentAttempt] | None = None
    token: str | None = field(default=None, metadata=PRIVATE)
