"""The resources of a client, such as `billing.customers`, with every operation. The methods of the services hold the documentation."""

from __future__ import annotations

from billbridge.client.operation import M, Operation, Resource, change, create, listing
from billbridge.model import (
    Cancellation,
    CouponPatch,
    CouponQuery,
    CustomerPatch,
    CustomerQuery,
    CustomerSearch,
    EntitlementQuery,
    FeatureAttachmentQuery,
    InvoiceQuery,
    MeterQuery,
    NewCoupon,
    NewCreditAdjustment,
    NewCustomer,
    NewEntitlementOverride,
    NewFeatureAttachment,
    NewMeter,
    NewPaymentMethod,
    NewPaymentMethodSetup,
    NewPrice,
    NewProduct,
    NewProductFeature,
    NewPromotionCode,
    NewSubscription,
    NewTaxId,
    PaymentMethodQuery,
    PricePatch,
    PriceQuery,
    ProductFeaturePatch,
    ProductFeatureQuery,
    ProductPatch,
    ProductQuery,
    PromotionCodePatch,
    PromotionCodeQuery,
    SubscriptionQuery,
)
from billbridge.services import (
    CouponService,
    CustomerService,
    EntitlementService,
    InvoiceService,
    MeterService,
    PaymentMethodService,
    PriceService,
    ProductFeatureService,
    ProductService,
    PromotionCodeService,
    RawService,
    SubscriptionService,
)


class Customers(Resource[M, CustomerService]):
    """Customers: the people and companies that you bill."""

    create = create(NewCustomer, CustomerService.create)
    get = Operation(CustomerService.get)
    update = change(CustomerPatch, CustomerService.update)
    delete = Operation(CustomerService.delete)
    anonymise = Operation(CustomerService.anonymise)
    adjust_credit = change(NewCreditAdjustment, CustomerService.adjust_credit)
    add_tax_id = change(NewTaxId, CustomerService.add_tax_id)
    remove_tax_id = Operation(CustomerService.remove_tax_id)
    search = listing(CustomerSearch, CustomerService.search)
    list = listing(CustomerQuery, CustomerService.list)


class Products(Resource[M, ProductService]):
    """Products: what you sell."""

    create = create(NewProduct, ProductService.create)
    get = Operation(ProductService.get)
    update = change(ProductPatch, ProductService.update)
    archive = Operation(ProductService.archive)
    unarchive = Operation(ProductService.unarchive)
    delete = Operation(ProductService.delete)
    list = listing(ProductQuery, ProductService.list)


class Prices(Resource[M, PriceService]):
    """Prices: how much a product costs, and how often."""

    create = create(NewPrice, PriceService.create)
    get = Operation(PriceService.get)
    update = change(PricePatch, PriceService.update)
    archive = Operation(PriceService.archive)
    unarchive = Operation(PriceService.unarchive)
    delete = Operation(PriceService.delete)
    list = listing(PriceQuery, PriceService.list)


class Meters(Resource[M, MeterService]):
    """Meters: what counts usage."""

    create = create(NewMeter, MeterService.create)
    get = Operation(MeterService.get)
    archive = Operation(MeterService.archive)
    unarchive = Operation(MeterService.unarchive)
    list = listing(MeterQuery, MeterService.list)


class Coupons(Resource[M, CouponService]):
    """Coupons: the amount or the percentage of a discount, and how long it applies."""

    create = create(NewCoupon, CouponService.create)
    get = Operation(CouponService.get)
    update = change(CouponPatch, CouponService.update)
    delete = Operation(CouponService.delete)
    list = listing(CouponQuery, CouponService.list)


class PromotionCodes(Resource[M, PromotionCodeService]):
    """Promotion codes: the codes that customers type to get a coupon."""

    create = create(NewPromotionCode, PromotionCodeService.create)
    get = Operation(PromotionCodeService.get)
    find = Operation(PromotionCodeService.find)
    update = change(PromotionCodePatch, PromotionCodeService.update)
    deactivate = Operation(PromotionCodeService.deactivate)
    list = listing(PromotionCodeQuery, PromotionCodeService.list)


class ProductFeatures(Resource[M, ProductFeatureService]):
    """Features: what products include, such as single sign-on or a number of seats."""

    create = create(NewProductFeature, ProductFeatureService.create)
    get = Operation(ProductFeatureService.get)
    find = Operation(ProductFeatureService.find)
    update = change(ProductFeaturePatch, ProductFeatureService.update)
    archive = Operation(ProductFeatureService.archive)
    unarchive = Operation(ProductFeatureService.unarchive)
    attach = change(NewFeatureAttachment, ProductFeatureService.attach)
    detach = Operation(ProductFeatureService.detach)
    attachments = listing(FeatureAttachmentQuery, ProductFeatureService.attachments)
    list = listing(ProductFeatureQuery, ProductFeatureService.list)


class PaymentMethods(Resource[M, PaymentMethodService]):
    """Payment methods: what customers pay with."""

    attach = change(NewPaymentMethod, PaymentMethodService.attach)
    get = Operation(PaymentMethodService.get)
    detach = Operation(PaymentMethodService.detach)
    set_default = Operation(PaymentMethodService.set_default)
    setup = change(NewPaymentMethodSetup, PaymentMethodService.setup)
    get_setup = Operation(PaymentMethodService.get_setup)
    list = listing(PaymentMethodQuery, PaymentMethodService.list)


class Subscriptions(Resource[M, SubscriptionService]):
    """Subscriptions: a customer pays for prices in each billing period."""

    create = create(NewSubscription, SubscriptionService.create)
    get = Operation(SubscriptionService.get)
    list = listing(SubscriptionQuery, SubscriptionService.list)
    cancel = change(Cancellation, SubscriptionService.cancel)


class Entitlements(Resource[M, EntitlementService]):
    """Entitlements: which features a customer or a subscription has now."""

    check = Operation(EntitlementService.check)
    override = change(NewEntitlementOverride, EntitlementService.override)
    remove_override = Operation(EntitlementService.remove_override)
    list = listing(EntitlementQuery, EntitlementService.list)


class Invoices(Resource[M, InvoiceService]):
    """Invoices: what a customer owes, and how much of it is paid."""

    get = Operation(InvoiceService.get)
    list = listing(InvoiceQuery, InvoiceService.list)


class Raw(Resource[M, RawService]):
    """The vendor's own API, for requests that Billbridge does not cover."""

    get = Operation(RawService.get)
    post = Operation(RawService.post)
    delete = Operation(RawService.delete)
