"""Tables between Chargebee's words and those of the model. A word that is not in a table becomes UNKNOWN.

The object keeps the vendor's own word if the model has a field for it. The words are the enums of chargebee-python 3.29.0. Nothing here
depends on more than one field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from billbridge.model import (
    CardBrand,
    CollectionMethod,
    CollectionState,
    CouponDuration,
    InvoiceStatus,
    PaymentMethodStatus,
    PaymentMethodType,
    PricingModel,
    ProductKind,
    SetupStatus,
    SubscriptionStatus,
    TaxExempt,
    TaxIdStatus,
)

TAXABILITIES: Final[Mapping[str, TaxExempt]] = {
    "taxable": TaxExempt.NONE,
    "exempt": TaxExempt.EXEMPT,
    "zero_rated": TaxExempt.ZERO_RATED,
}

VAT_STATUSES: Final[Mapping[str, TaxIdStatus]] = {
    "valid": TaxIdStatus.VERIFIED,
    "invalid": TaxIdStatus.INVALID,
    "not_validated": TaxIdStatus.UNCHECKED,
    "undetermined": TaxIdStatus.UNCHECKED,
}
"""The last word means that the authority was asked and gave no result."""

AUTO_COLLECTIONS: Final[Mapping[str, bool]] = {"on": True, "off": False}

KINDS: Final[Mapping[str, ProductKind]] = {
    "plan": ProductKind.PLAN,
    "addon": ProductKind.ADDON,
    "charge": ProductKind.CHARGE,
}

PRICING_MODELS: Final[Mapping[str, PricingModel]] = {
    "flat_fee": PricingModel.FLAT,
    "per_unit": PricingModel.PER_UNIT,
    "tiered": PricingModel.GRADUATED,
    "volume": PricingModel.VOLUME,
    "stairstep": PricingModel.STAIRSTEP,
}

DURATIONS: Final[Mapping[str, CouponDuration]] = {
    "one_time": CouponDuration.ONCE,
    "limited_period": CouponDuration.REPEATING,
    "forever": CouponDuration.FOREVER,
}

SETUP_STATES: Final[Mapping[str, SetupStatus]] = {
    "created": SetupStatus.PENDING,
    "requested": SetupStatus.PENDING,
    "succeeded": SetupStatus.COMPLETED,
    "acknowledged": SetupStatus.COMPLETED,
    "cancelled": SetupStatus.FAILED,
}

METHOD_TYPES: Final[Mapping[str, PaymentMethodType]] = {
    "card": PaymentMethodType.CARD,
    "direct_debit": PaymentMethodType.BANK_DEBIT,
    "paypal_express_checkout": PaymentMethodType.PAYPAL,
    **dict.fromkeys(
        (
            "apple_pay",
            "google_pay",
            "amazon_payments",
            "alipay",
            "alipay_hk",
            "wechat_pay",
            "venmo",
            "cash_app_pay",
            "kakao_pay",
            "naver_pay",
            "revolut_pay",
            "go_pay",
            "grab_pay",
            "pay_co",
            "payme",
            "paypay",
            "gcash",
            "dana",
            "touch_n_go",
            "ovo",
            "momo",
            "mercado_pago",
            "picpay",
            "rakuten_pay",
        ),
        PaymentMethodType.WALLET,
    ),
    **dict.fromkeys(
        (
            "generic",
            "unionpay",
            "ideal",
            "sofort",
            "bancontact",
            "giropay",
            "dotpay",
            "upi",
            "netbanking_emandates",
            "pay_to",
            "faster_payments",
            "sepa_instant_transfer",
            "automated_bank_transfer",
            "klarna_pay_now",
            "online_banking_poland",
            "payconiq_by_bancontact",
            "electronic_payment_standard",
            "kbc_payment_button",
            "pay_by_bank",
            "trustly",
            "stablecoin",
            "twint",
            "after_pay",
            "swish",
            "pix",
            "klarna",
            "south_korean_cards",
            "paynow",
            "bizum",
            "promptpay",
            "tamara",
            "qpay",
            "nequi",
            "nupay",
            "thai_qr",
            "blik",
            "fpx",
            "wero",
            "p24",
            "affirm_pay",
        ),
        PaymentMethodType.OTHER,
    ),
}

METHOD_STATUSES: Final[Mapping[str, PaymentMethodStatus]] = {
    "valid": PaymentMethodStatus.VALID,
    "expiring": PaymentMethodStatus.EXPIRING,
    "expired": PaymentMethodStatus.EXPIRED,
    "invalid": PaymentMethodStatus.INVALID,
    "pending_verification": PaymentMethodStatus.PENDING_VERIFICATION,
}

BRANDS: Final[Mapping[str, CardBrand]] = {
    "visa": CardBrand.VISA,
    "mastercard": CardBrand.MASTERCARD,
    "american_express": CardBrand.AMERICAN_EXPRESS,
    "discover": CardBrand.DISCOVER,
    "jcb": CardBrand.JCB,
    "diners_club": CardBrand.DINERS_CLUB,
    **dict.fromkeys(
        (
            "other",
            "bancontact",
            "cmr_falabella",
            "tarjeta_naranja",
            "nativa",
            "cencosud",
            "cabal",
            "argencard",
            "elo",
            "hipercard",
            "carnet",
            "rupay",
            "maestro",
            "dankort",
            "cartes_bancaires",
            "mada",
            "not_applicable",
        ),
        CardBrand.OTHER,
    ),
}

FUNDINGS: Final = frozenset({"credit", "debit", "prepaid"})

SUBSCRIPTION_STATUSES: Final[Mapping[str, SubscriptionStatus]] = {
    "future": SubscriptionStatus.SCHEDULED,
    "in_trial": SubscriptionStatus.TRIALING,
    "active": SubscriptionStatus.ACTIVE,
    "non_renewing": SubscriptionStatus.ACTIVE,
    "paused": SubscriptionStatus.PAUSED,
    "cancelled": SubscriptionStatus.CANCELED,
    "transferred": SubscriptionStatus.TRANSFERRED,
}

COLLECTION_METHODS: Final[Mapping[str, CollectionMethod]] = {
    "on": CollectionMethod.CHARGE_AUTOMATICALLY,
    "off": CollectionMethod.SEND_INVOICE,
}

INVOICE_STATUSES: Final[Mapping[str, InvoiceStatus]] = {
    "pending": InvoiceStatus.DRAFT,
    "posted": InvoiceStatus.OPEN,
    "payment_due": InvoiceStatus.OPEN,
    "not_paid": InvoiceStatus.OPEN,
    "paid": InvoiceStatus.PAID,
    "voided": InvoiceStatus.VOID,
}

COLLECTION_STATES: Final[Mapping[str, CollectionState]] = {
    "in_progress": CollectionState.IN_DUNNING,
    "exhausted": CollectionState.EXHAUSTED,
    "stopped": CollectionState.EXHAUSTED,
    "success": CollectionState.NONE,
}

PRICED_ENTITIES: Final = frozenset({"plan_item_price", "addon_item_price", "charge_item_price", "plan", "addon"})
"""The kinds of invoice lines whose `entity_id` is a price. The last two are of Product Catalog 1.0."""
