"""Payment methods: what a customer pays with. Holds no card numbers: those never pass through Billbridge."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from billbridge.model.base import Draft, Entity, Query, Word
from billbridge.redact import Discreet


class PaymentMethodType(Word):
    """The kind of payment method; `vendor_type` on the object is the vendor's own word."""

    CARD = "card"
    BANK_DEBIT = "bank_debit"
    WALLET = "wallet"
    PAYPAL = "paypal"
    OTHER = "other"
    UNKNOWN = "unknown"


class PaymentMethodStatus(Word):
    """Whether it can be charged. Stripe keeps no status: a card is `EXPIRED` after its month, else `VALID`."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    INVALID = "invalid"
    PENDING_VERIFICATION = "pending_verification"
    UNKNOWN = "unknown"


class CardBrand(Word):
    """A card's network, in one spelling for every vendor."""

    VISA = "visa"
    MASTERCARD = "mastercard"
    AMERICAN_EXPRESS = "american_express"
    DISCOVER = "discover"
    DINERS_CLUB = "diners_club"
    JCB = "jcb"
    UNIONPAY = "unionpay"
    OTHER = "other"
    UNKNOWN = "unknown"


class Card(Discreet, frozen=True, kw_only=True):
    """What may be shown of a card. `funding` is credit, debit, prepaid or None; `country` the two-letter code of the issuer."""

    brand: CardBrand
    last4: str | None
    exp_month: int | None
    exp_year: int | None
    funding: str | None = None
    country: str | None = None

    def __repr__(self) -> str:
        return f"Card(brand={self.brand.value!r})"


class PaymentMethod(Entity, frozen=True, kw_only=True):
    """A card or other means of payment, saved at the vendor. The default one is `customer.default_payment_method_id`."""

    shown: ClassVar = ("type", "status")

    customer_id: str | None
    type: PaymentMethodType
    vendor_type: str
    status: PaymentMethodStatus
    card: Card | None = None
    created_at: datetime | None = None


class NewPaymentMethod(Draft, frozen=True, kw_only=True):
    """The fields of `payment_methods.attach`: what the vendor's client-side library gave, and whether it becomes the default."""

    token: str
    make_default: bool = True

    ids: ClassVar = frozenset({"token"})


class PaymentMethodQuery(Query, frozen=True, kw_only=True):
    """The methods of one customer."""

    customer: str

    ids: ClassVar = frozenset({"customer"})
