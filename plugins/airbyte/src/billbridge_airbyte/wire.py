"""What Airbyte itself answers. Translates nothing.

Records have the schema of the connector, which is Stripe's with some fields missing: `billbridge_stripe.objects` reads them. What Airbyte
and the connector wrap around records is in `envelope`.
"""

from __future__ import annotations

import msgspec


class TokenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A token, and for how many seconds it is good."""

    access_token: str
    expires_in: float | None = None

    def __repr__(self) -> str:
        return "TokenAnswer(…)"
