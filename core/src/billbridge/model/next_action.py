"""What the customer must do before a payment can go through, and what your application needs for it."""

from __future__ import annotations

import msgspec

from billbridge.model.base import Word


class NextActionKind(Word):
    """What the customer does, and what you do afterwards.

    `PAYMENT`: the customer authenticates this payment. Then it goes through by itself, and you read the object again. `SETUP`: the customer
    authenticates a payment method. Then you make the same call again, with a new idempotency key.
    """

    PAYMENT = "payment"
    SETUP = "setup"
    UNKNOWN = "unknown"


class NextAction(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the customer must do, such as the bank's 3-D Secure check.

    - `id` is the vendor's object: a PaymentIntent or SetupIntent at Stripe, a hosted page at Chargebee.
    - `client_secret` is for the vendor's browser library (Stripe.js). `url` is a page to send the customer to. One of the two is always
      there. Both are secrets of the customer. Do not log them.
    """

    kind: NextActionKind
    id: str
    client_secret: str | None = None
    url: str | None = None

    def __repr__(self) -> str:
        return f"NextAction(kind={self.kind.value!r}, id={self.id!r})"
