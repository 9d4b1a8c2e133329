"""Postal addresses and shipping addresses, with the checks of an address that a caller sends. Answers of a vendor are not checked."""

from __future__ import annotations

from billbridge.errors import ValidationError
from billbridge.model.base import UnsetType
from billbridge.model.checks import check_text
from billbridge.toolkit.redact import Redacted


class Address(Redacted, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """A postal address.

    `country` is the two-letter ISO 3166 code. `state` is the name or code of the region, as the vendor accepts it.

    Billbridge checks the addresses that you send (`customers.create`, `customers.update`). It does not check the addresses that a vendor
    answers, so that reading never fails.
    """

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None

    def __repr__(self) -> str:
        return "Address(…)"


class Shipping(Redacted, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """A shipping address: the recipient, the place and the phone number.

    Stripe stores it on the customer and needs the `name`. Chargebee stores it on subscriptions only.
    """

    name: str
    address: Address
    phone: str | None = None

    def __repr__(self) -> str:
        return "Shipping(…)"


def check_address(address: Address | UnsetType | None, param: str = "address") -> None:
    """Check an address before it is sent.

    Raises `ValidationError` if it is empty, if a part is not text, or if the country is not a two-letter code.
    """
    if not isinstance(address, Address):
        return
    for name in address.__struct_fields__:
        part = getattr(address, name)
        if part is not None:
            check_text(part, f"{param}.{name}")
    country = address.country
    if country is not None and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise ValidationError(
            f"country must be a two-letter ISO 3166 code, such as 'GB', not a text of {len(country)} characters", param=f"{param}.country"
        )
    if not any(getattr(address, name) for name in address.__struct_fields__):
        raise ValidationError(
            f"{param} is empty: it has no line, city or country", param=param, hint=f"leave {param} out, or pass None in an update"
        )


def check_shipping(shipping: Shipping | UnsetType | None) -> None:
    """Check a shipping address before it is sent.

    Raises `ValidationError` if the name or the address is missing, and for everything that `check_address` refuses.
    """
    if not isinstance(shipping, Shipping):
        return
    check_text(shipping.name, "shipping.name")
    if not shipping.name.strip():
        raise ValidationError(
            "shipping.name is empty", param="shipping.name", hint="pass the name of the person or company who receives the goods"
        )
    if shipping.phone is not None:
        check_text(shipping.phone, "shipping.phone")
    if not isinstance(shipping.address, Address):
        raise ValidationError(f"shipping.address must be an Address, not {type(shipping.address).__name__}", param="shipping.address")
    check_address(shipping.address, "shipping.address")
