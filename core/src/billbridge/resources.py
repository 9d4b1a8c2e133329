"""What users find under `billing.`: every operation, declared once for both surfaces. Documentation lives with the services' methods."""

from __future__ import annotations

from billbridge.model import (
    Cancellation,
    CustomerPatch,
    CustomerQuery,
    InvoiceQuery,
    NewCustomer,
    NewPaymentMethod,
    NewPrice,
    NewProduct,
    NewSubscription,
    PaymentMethodQuery,
    PriceQuery,
    ProductQuery,
    SubscriptionQuery,
)
from billbridge.services import (
    CustomerService,
    InvoiceService,
    PaymentMethodService,
    PriceService,
    ProductService,
    RawService,
    SubscriptionService,
)
from billbridge.surface import M, Operation, Resource, change, create, listing


class Customers(Resource[M, CustomerService]):
    """Customers: who is billed."""

    create = create(NewCustomer, CustomerService.create)
    get = Operation(CustomerService.get)
    update = change(CustomerPatch, CustomerService.update)
    delete = Operation(CustomerService.delete)
    list = listing(CustomerQuery, CustomerService.list)


class Products(Resource[M, ProductService]):
    """Products: what is sold."""

    create = create(NewProduct, ProductService.create)
    get = Operation(ProductService.get)
    list = listing(ProductQuery, ProductService.list)


class Prices(Resource[M, PriceService]):
    """Prices: how much a product costs, and how often."""

    create = create(NewPrice, PriceService.create)
    get = Operation(PriceService.get)
    list = listing(PriceQuery, PriceService.list)


class PaymentMethods(Resource[M, PaymentMethodService]):
    """Payment methods: what customers pay with."""

    attach = change(NewPaymentMethod, PaymentMethodService.attach)
    list = listing(PaymentMethodQuery, PaymentMethodService.list)
    set_default = Operation(PaymentMethodService.set_default)


class Subscriptions(Resource[M, SubscriptionService]):
    """Subscriptions: a customer pays for prices, period after period."""

    create = create(NewSubscription, SubscriptionService.create)
    get = Operation(SubscriptionService.get)
    list = listing(SubscriptionQuery, SubscriptionService.list)
    cancel = change(Cancellation, SubscriptionService.cancel)


class Invoices(Resource[M, InvoiceService]):
    """Invoices: what was charged, and what of it is paid."""

    get = Operation(InvoiceService.get)
    list = listing(InvoiceQuery, InvoiceService.list)


class Raw(Resource[M, RawService]):
    """The vendor's own API, for what Billbridge does not cover."""

    get = Operation(RawService.get)
    post = Operation(RawService.post)
    delete = Operation(RawService.delete)
