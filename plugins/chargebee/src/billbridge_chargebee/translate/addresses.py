"""Convert addresses. Chargebee stores the name and the code of a region separately, and has a third address line."""

from __future__ import annotations

from typing import Final

from billbridge.model import Address

from billbridge_chargebee import wire

_CODED: Final = frozenset({"US", "CA", "IN"})
"""Countries whose regions Chargebee takes as ISO 3166-2 codes. It fills in the name itself (API documentation, "billing_address")."""


def address(sent: wire.Address | None) -> Address | None:
    """Convert an address of Chargebee to the model. Return None for an empty one."""
    if sent is None:
        return None
    return _filled(sent.line1, sent.line2, sent.city, sent.state_code or sent.state, sent.zip, sent.country)


def card_address(sent: wire.SourceCard | None) -> Address | None:
    """Convert the address inside a card. Chargebee stores it there for payment sources without an address of their own."""
    if sent is None:
        return None
    state = sent.billing_state_code or sent.billing_state
    return _filled(sent.billing_addr1, sent.billing_addr2, sent.billing_city, state, sent.billing_zip, sent.billing_country)


def params(address: Address) -> dict[str, str | None]:
    """Return the parameters of an address. The model has no third address line."""
    coded = (address.country or "").upper() in _CODED and len(address.state or "") == 2 and (address.state or "").isupper()
    return {
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "state_code": address.state if coded else None,
        "state": None if coded else address.state,
        "zip": address.postal_code,
        "country": address.country.upper() if address.country else None,
    }


def _filled(
    line1: str | None, line2: str | None, city: str | None, state: str | None, postal_code: str | None, country: str | None
) -> Address | None:
    if not (line1 or line2 or city or state or postal_code or country):
        return None
    return Address(
        line1=line1 or None,
        line2=line2 or None,
        city=city or None,
        state=state or None,
        postal_code=postal_code or None,
        country=country or None,
    )
