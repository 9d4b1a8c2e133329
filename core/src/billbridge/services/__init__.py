"""What a provider promises: one class per resource, with its documentation and its refusals."""

from __future__ import annotations

from billbridge.services.base import Service, operations
from billbridge.services.catalog import PriceService, ProductService
from billbridge.services.customers import CustomerService
from billbridge.services.invoices import InvoiceService
from billbridge.services.payment_methods import PaymentMethodService
from billbridge.services.raw import RawService
from billbridge.services.subscriptions import SubscriptionService

__all__ = [
    "CustomerService",
    "InvoiceService",
    "PaymentMethodService",
    "PriceService",
    "ProductService",
    "RawService",
    "Service",
    "SubscriptionService",
    "operations",
]
