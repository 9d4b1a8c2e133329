"""The answers of Airbyte itself. Translates nothing.

Records have the schema of the connector: Stripe's, without some fields. `billbridge_stripe.objects` reads them. `envelope` reads what
Airbyte and the connector wrap around them.
"""

from __future__ import annotations

import msgspec


class TokenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A token, and for how many seconds it is valid."""

    access_token: str
    expires_in: float | None = None

    def __repr__(self) -> str:
        return "TokenAnswer(…)"
