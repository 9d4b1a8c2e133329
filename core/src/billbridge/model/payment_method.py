"""Payment methods: what a customer pays with. Card numbers never pass through Billbridge."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

from billbridge.errors import ValidationError
from billbridge.model.address import Address
from billbridge.model.base import Chronological, Draft, Entity, Word
from billbridge.toolkit.redact import Redacted


class PaymentMethodType(Word):
    """The type of a payment method. `vendor_type` on the payment method is the vendor's own word."""

    CARD = "card"
    BANK_DEBIT = "bank_debit"
    WALLET = "wallet"
    PAYPAL = "paypal"
    OTHER = "other"
    UNKNOWN = "unknown"


class PaymentMethodStatus(Word):
    """Whether a payment method can be charged.

    Stripe stores no status: a card is `EXPIRED` after its month of expiry, and every other payment method is `VALID`.
    """

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    INVALID = "invalid"
    PENDING_VERIFICATION = "pending_verification"
    UNKNOWN = "unknown"


class CardBrand(Word):
    """The network of a card, in the same words for every vendor."""

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
    """The parts of a card that may be shown.

    `funding` is credit, debit, prepaid or None. `country` is the two-letter code of the issuer's country.
    """

    brand: CardBrand
    last4: str | None
    exp_month: int | None
    exp_year: int | None
    funding: str | None = None
    country: str | None = None

    def __repr__(self) -> str:
        return f"Card(brand={self.brand.value!r})"


class BankAccount(Redacted, frozen=True, kw_only=True, gc=False):
    """The parts of a debited bank account that may be shown. `bank_name` is the vendor's own text."""

    last4: str | None
    bank_name: str | None = None
    country: str | None = None

    def __repr__(self) -> str:
        return "BankAccount(…)"


class PaymentMethod(Entity, frozen=True, kw_only=True):
    """A saved card or other payment method.

    `customer.default_payment_method_id` says which one is the default. Times are in UTC.
    """

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
    """The arguments of `payment_methods.attach`.

    `token` comes from the vendor's client-side library. `make_default` says whether the payment method becomes the customer's default.
    """

    token: str
    make_default: bool = True

    id_fields: ClassVar = frozenset({"token"})


class SetupStatus(Word):
    """The status of a payment method setup. `vendor_status` on the setup is the vendor's own word."""

    PENDING = "pending"
    ACTION_REQUIRED = "action_required"
    COMPLETED = "completed"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class SetupWay(Word):
    """Where the customer enters a payment method: on a page of the vendor, or on your page with the vendor's client-side library."""

    HOSTED = "hosted"
    CLIENT_SIDE = "client_side"


SetupWayName: TypeAlias = SetupWay | Literal["hosted", "client_side"]


class PaymentMethodSetup(Entity, frozen=True, kw_only=True):
    """The setup of a payment method: a customer enters a new one.

    - `url` (hosted) and `client_secret` (client side) are secrets of the customer. Do not log them.
    - `id` is as secret as `url`: at Chargebee, the url consists of the site and the id. The repr shows neither.
    - `payment_method_id` is the new payment method, once it exists and if the vendor says it (Stripe).
    - `expires_at` is when the page closes.

    Times are in UTC.
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
    """The arguments of `payment_methods.setup`.

    A hosted page needs a `return_url`: the customer goes there afterwards. The client-side way is a capability of its own
    (`payment_methods.setup.client_side`). Chargebee lacks it, because its browser library makes tokens for `payment_methods.attach` by
    itself.
    """

    way: SetupWayName = SetupWay.HOSTED
    return_url: str | None = None

    def check(self) -> None:
        hosted = self.way == SetupWay.HOSTED
        if hosted and self.return_url is None:
            raise ValidationError(
                "a hosted page needs a return_url", param="return_url", hint="pass the address that the customer goes to afterwards"
            )
        if not hosted and self.return_url is not None:
            raise ValidationError(
                "way 'client_side' takes no return_url", param="return_url", hint="leave return_url out, or pass way='hosted'"
            )
        if self.return_url is not None and not self.return_url.startswith(("https://", "http://")):
            raise ValidationError("return_url must start with https:// or http://", param="return_url", hint="pass an absolute URL")


class PaymentMethodQuery(Chronological, frozen=True, kw_only=True):
    """The filters of `payment_methods.list`: the payment methods of one customer.

    Stripe has no filter by time here, so Billbridge applies it after it receives a page.
    """

    customer: str

    id_fields: ClassVar = frozenset({"customer"})
