"""Tables from Stripe's words to those of the model. A word that is not in a table becomes UNKNOWN."""

from __future__ import annotations

from typing import Final

from billbridge.model import (
    CardBrand,
    Interval,
    InvoiceStatus,
    PaymentMethodType,
    PriceType,
    SetupStatus,
    SubscriptionStatus,
    TaxBehavior,
    TaxExempt,
    TaxIdStatus,
    UsageType,
)

SUBSCRIPTION_STATUS: Final = {
    "incomplete": SubscriptionStatus.INCOMPLETE,
    "incomplete_expired": SubscriptionStatus.EXPIRED,
    "trialing": SubscriptionStatus.TRIALING,
    "active": SubscriptionStatus.ACTIVE,
    "past_due": SubscriptionStatus.PAST_DUE,
    "unpaid": SubscriptionStatus.UNPAID,
    "paused": SubscriptionStatus.PAUSED,
    "canceled": SubscriptionStatus.CANCELED,
}

INVOICE_STATUS: Final = {
    "draft": InvoiceStatus.DRAFT,
    "open": InvoiceStatus.OPEN,
    "paid": InvoiceStatus.PAID,
    "uncollectible": InvoiceStatus.UNCOLLECTIBLE,
    "void": InvoiceStatus.VOID,
}

TAX_EXEMPT: Final = {
    "none": TaxExempt.NONE,
    "exempt": TaxExempt.EXEMPT,
    "reverse": TaxExempt.REVERSE,
}

TAX_ID_STATUS: Final = {
    "verified": TaxIdStatus.VERIFIED,
    "pending": TaxIdStatus.PENDING,
    "unverified": TaxIdStatus.INVALID,
    "unavailable": TaxIdStatus.UNCHECKED,
}
"""The words of `verification.status`. "unverified" is Stripe's word for a number that the authority does not know."""

SESSION_STATUS: Final = {
    "open": SetupStatus.PENDING,
    "complete": SetupStatus.COMPLETED,
    "expired": SetupStatus.EXPIRED,
}

SETUP_STATUS: Final = {
    "requires_payment_method": SetupStatus.PENDING,
    "requires_confirmation": SetupStatus.PENDING,
    "processing": SetupStatus.PENDING,
    "requires_action": SetupStatus.ACTION_REQUIRED,
    "succeeded": SetupStatus.COMPLETED,
    "canceled": SetupStatus.FAILED,
}

INTERVAL: Final = {"day": Interval.DAY, "week": Interval.WEEK, "month": Interval.MONTH, "year": Interval.YEAR}

PRICE_TYPE: Final = {"recurring": PriceType.RECURRING, "one_time": PriceType.ONE_TIME}

USAGE_TYPE: Final = {"licensed": UsageType.LICENSED, "metered": UsageType.METERED}

TAX_BEHAVIOR: Final = {
    "inclusive": TaxBehavior.INCLUSIVE,
    "exclusive": TaxBehavior.EXCLUSIVE,
    "unspecified": TaxBehavior.UNSPECIFIED,
}

CARD_BRAND: Final = {
    "visa": CardBrand.VISA,
    "mastercard": CardBrand.MASTERCARD,
    "amex": CardBrand.AMERICAN_EXPRESS,
    "discover": CardBrand.DISCOVER,
    "diners": CardBrand.DINERS_CLUB,
    "jcb": CardBrand.JCB,
    "unionpay": CardBrand.UNIONPAY,
    "cartes_bancaires": CardBrand.OTHER,
    "eftpos_au": CardBrand.OTHER,
    "link": CardBrand.OTHER,
}
"""The words of `card.brand` (stripe 16.1.0, PaymentMethod.Card)."""

_TYPES: Final[dict[PaymentMethodType, str]] = {
    PaymentMethodType.CARD: "card card_present interac_present kr_card",
    PaymentMethodType.BANK_DEBIT: "acss_debit au_becs_debit bacs_debit nz_bank_account payto sepa_debit us_bank_account",
    PaymentMethodType.PAYPAL: "paypal",
    PaymentMethodType.WALLET: (
        "alipay amazon_pay cashapp grabpay kakao_pay link mb_way mobilepay naver_pay payco paypay revolut_pay samsung_pay satispay twint"
        " wechat_pay"
    ),
    PaymentMethodType.OTHER: (
        "affirm afterpay_clearpay alma bancontact billie bizum blik boleto crypto custom customer_balance eps fpx giropay ideal klarna"
        " konbini multibanco oxxo p24 pay_by_bank paynow pix promptpay scalapay sequra sofort sunbit swish upi zip"
    ),
}
PAYMENT_METHOD_TYPE: Final = {word: kind for kind, words in _TYPES.items() for word in words.split()}
"""The words of `payment_method.type` (stripe 16.1.0, PaymentMethod)."""
