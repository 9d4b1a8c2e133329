"""Billbridge: one typed Python API for subscription billing over many vendors.

    from billbridge import Billing, Item, Money

    with Billing.connect("stripe", api_key="sk_test_...") as billing:
        ada = billing.customers.create(email="ada@example.com", name="Ada Lovelace")

`import billbridge` imports neither httpx nor any plugin. Errors are in `billbridge.errors`, all entities in `billbridge.model`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billbridge import errors
from billbridge.client.billing import AsyncBilling, Billing
from billbridge.errors import BillingError
from billbridge.model import (
    UNSET,
    Address,
    CancelTiming,
    Coupon,
    CouponDuration,
    CreditAdjustment,
    Customer,
    Entitlement,
    FeatureKind,
    Interval,
    Invoice,
    InvoiceStatus,
    Item,
    Meter,
    NewTaxId,
    Order,
    Page,
    PaymentBehavior,
    PaymentMethod,
    PaymentMethodSetup,
    Price,
    PricingModel,
    Product,
    ProductFeature,
    ProductKind,
    PromotionCode,
    Shipping,
    Subscription,
    SubscriptionStatus,
    TaxExempt,
    TaxId,
    Tier,
)
from billbridge.money import Money
from billbridge.plugins.gateway import Gateway
from billbridge.plugins.provider import Provider, ProviderInfo
from billbridge.services.capability import Capabilities, Feature, Support

if TYPE_CHECKING:
    from billbridge.flow.journal import Journal
    from billbridge.flow.limiter import Limit, Limiter

_LAZY = {"Journal": "billbridge.flow.journal", "Limit": "billbridge.flow.limiter", "Limiter": "billbridge.flow.limiter"}
"""Names whose modules load SQLite or threading. They are imported on first use, so that `import billbridge` is fast."""


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LAZY[name]), name)


__all__ = [
    "UNSET",
    "Address",
    "AsyncBilling",
    "Billing",
    "BillingError",
    "CancelTiming",
    "Capabilities",
    "Coupon",
    "CouponDuration",
    "CreditAdjustment",
    "Customer",
    "Entitlement",
    "Feature",
    "FeatureKind",
    "Gateway",
    "Interval",
    "Invoice",
    "InvoiceStatus",
    "Item",
    "Journal",
    "Limit",
    "Limiter",
    "Meter",
    "Money",
    "NewTaxId",
    "Order",
    "Page",
    "PaymentBehavior",
    "PaymentMethod",
    "PaymentMethodSetup",
    "Price",
    "PricingModel",
    "Product",
    "ProductFeature",
    "ProductKind",
    "PromotionCode",
    "Provider",
    "ProviderInfo",
    "Shipping",
    "Subscription",
    "SubscriptionStatus",
    "Support",
    "TaxExempt",
    "TaxId",
    "Tier",
    "errors",
]
