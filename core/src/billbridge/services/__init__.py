"""The operations that a provider can implement, one class per resource, and the capabilities that say what it can do."""

from __future__ import annotations

from billbridge.services.base import Service, operations
from billbridge.services.customers import CustomerService
from billbridge.services.discounts import CouponService, PromotionCodeService
from billbridge.services.entitlements import EntitlementService, ProductFeatureService
from billbridge.services.invoices import InvoiceService
from billbridge.services.payment_methods import PaymentMethodService
from billbridge.services.prices import MeterService, PriceService
from billbridge.services.products import ProductService
from billbridge.services.raw import RawService
from billbridge.services.subscriptions import SubscriptionService

__all__ = [
    "CouponService",
    "CustomerService",
    "EntitlementService",
    "InvoiceService",
    "MeterService",
    "PaymentMethodService",
    "PriceService",
    "ProductFeatureService",
    "ProductService",
    "PromotionCodeService",
    "RawService",
    "Service",
    "SubscriptionService",
    "operations",
]
