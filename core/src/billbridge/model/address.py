"""Where somebody is: postal addresses, and where goods go. Does not check what a vendor answers, only what a user sends."""

from __future__ import annotations

from billbridge.errors import ValidationError
from billbridge.model.base import UnsetType
from billbridge.model.checks import check_text
from billbridge.toolkit.redact import Redacted


class Address(Redacted, frozen=True, kw_only=True, gc=False):
    """A postal address. `country` is the two-letter ISO 3166 code; `state` is the region's name or code as the vendor takes it.

    What a vendor answers is not checked, so that reading never fails; what a user sends is (see `NewCustomer`).
    """

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None

    def __repr__(self) -> str:
        return "Address(…)"


class Shipping(Redacted, frozen=True, kw_only=True, gc=False):
    """Where and to whom goods go. Stripe keeps it with the customer and needs the `name`; Chargebee keeps it with subscriptions only."""

    name: str
    address: Address
    phone: str | None = None

    def __repr__(self) -> str:
        return "Shipping(…)"


def check_address(address: Address | UnsetType | None, param: str = "address") -> None:
    """Raises `ValidationError` for an address that cannot be sent: empty, no text, a country that is no code."""
    if not isinstance(address, Address):
        return
    for name in address.__struct_fields__:
        part = getattr(address, name)
        if part is not None:
            check_text(part, f"{param}.{name}")
    country = address.country
    if country is not None and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise ValidationError("country must be a two-letter ISO 3166 code, such as 'GB'", param=f"{param}.country")
    if not any(getattr(address, name) for name in address.__struct_fields__):
        raise ValidationError("the address is empty", param=param, hint="leave it out, or pass None in an update to clear it")


def check_shipping(shipping: Shipping | UnsetType | None) -> None:
    """The same for a shipping address, which also needs a name."""
    if not isinstance(shipping, Shipping):
        return
    check_text(shipping.name, "shipping.name")
    if not shipping.name.strip():
        raise ValidationError("a shipping address needs a name", param="shipping.name")
    if shipping.phone is not None:
        check_text(shipping.phone, "shipping.phone")
    if not isinstance(shipping.address, Address):
        raise ValidationError("a shipping address needs the address", param="shipping.address")
    check_address(shipping.address, "shipping.address")
