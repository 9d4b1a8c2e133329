"""Payment methods: what a customer pays with. Holds no card numbers: those never pass through Billbridge."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

from billbridge.errors import ValidationError
from billbridge.model.address import Address
from billbridge.model.base import Chronological, Draft, Entity, Word
from billbridge.toolkit.redact import Redacted


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


class Card(Redacted, frozen=True, kw_only=True, gc=False):
    """What may be shown of a card. `funding` is credit, debit, prepaid or None; `country` the two-letter code of the issuer."""

    brand: CardBrand
    last4: str | None
    exp_month: int | None
    exp_year: int | None
    funding: str | None = None
    country: str | None = None

    def __repr__(self) -> str:
        return f"Card(brand={self.brand.value!r})"


class BankAccount(Redacted, frozen=True, kw_only=True, gc=False):
    """What may be shown of a bank account that is debited. `bank_name` as the vendor has it."""

    last4: str | None
    bank_name: str | None = None
    country: str | None = None

    def __repr__(self) -> str:
        return "BankAccount(…)"


class PaymentMethod(Entity, frozen=True, kw_only=True):
    """A card or other means of payment, saved at the vendor. The default one is `customer.default_payment_method_id`."""

    shown: ClassVar = ("type", "status")

    customer_id: str | None
    type: PaymentMethodType
    vendor_type: str
    status: PaymentMethodStatus
    card: Card | None = None
    bank: BankAccount | None = None
    billing_address: Address | None = None
    created_at: datetime | None = None


class NewPaymentMethod(Draft, frozen=True, kw_only=True):
    """The fields of `payment_methods.attach`: what the vendor's client-side library gave, and whether it becomes the default."""

    token: str
    make_default: bool = True

    id_fields: ClassVar = frozenset({"token"})


class SetupStatus(Word):
    """Where the setting up of a payment method stands; `vendor_status` on the object is the vendor's own word."""

    PENDING = "pending"
    ACTION_REQUIRED = "action_required"
    COMPLETED = "completed"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class SetupWay(Word):
    """Where the customer enters a new payment method: on a page of the vendor's, or in your own with the vendor's client-side library."""

    HOSTED = "hosted"
    CLIENT_SIDE = "client_side"


SetupWayName: TypeAlias = SetupWay | Literal["hosted", "client_side"]


class PaymentMethodSetup(Entity, frozen=True, kw_only=True):
    """A customer is about to give a payment method. `url` (hosted) and `client_secret` (client side) are secrets of theirs.

    `payment_method_id` is the new method once it is there, where the vendor says it (Stripe). `expires_at` is when the page closes.
    Keep the `id` as carefully as the url: at Chargebee the url is made of nothing but the site and the id, so the repr has neither.
    """

    customer_id: str | None
    way: SetupWay
    status: SetupStatus
    vendor_status: str | None = None
    url: str | None = None
    client_secret: str | None = None
    payment_method_id: str | None = None
    expires_at: datetime | None = None
    created_at: datetime | None = None

    def __repr__(self) -> str:
        return f"PaymentMethodSetup(way={self.way.value!r}, status={self.status.value!r}, provider={self.provider!r})"


class NewPaymentMethodSetup(Draft, frozen=True, kw_only=True):
    """The fields of `payment_methods.setup`. A hosted page needs a `return_url`, where the customer goes afterwards.

    The client-side way is a capability of its own (`payment_methods.setup.client_side`): at Chargebee the browser's library makes tokens
    for `payment_methods.attach` by itself.
    """

    way: SetupWayName = SetupWay.HOSTED
    return_url: str | None = None

    def check(self) -> None:
        hosted = self.way == SetupWay.HOSTED
        if hosted and self.return_url is None:
            raise ValidationError("a hosted page needs to know where the customer goes afterwards", param="return_url")
        if not hosted and self.return_url is not None:
            raise ValidationError("a return_url belongs to a hosted page", param="return_url")
        if self.return_url is not None and not self.return_url.startswith(("https://", "http://")):
            raise ValidationError("return_url must be an absolute URL", param="return_url")


class PaymentMethodQuery(Chronological, frozen=True, kw_only=True):
    """The methods of one customer. Stripe does not filter them by time: that is done here."""

    customer: str

    id_fields: ClassVar = frozenset({"customer"})
