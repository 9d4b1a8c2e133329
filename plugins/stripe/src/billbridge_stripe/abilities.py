"""What Stripe can do with the arguments of operations, and what to do instead where it cannot. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from billbridge.services.capability import Feature, Support

FEATURES: Final[Mapping[Feature, Support]] = {
    Feature.CUSTOMER_COMPANY: Support.NATIVE,
    Feature.CUSTOMER_LOCALE: Support.NATIVE,
    Feature.CUSTOMER_DESCRIPTION: Support.NATIVE,
    Feature.CUSTOMER_SHIPPING: Support.NATIVE,
    Feature.CUSTOMER_TAX_EXEMPT: Support.NATIVE,
    Feature.CUSTOMER_TAX_IDS: Support.NATIVE,
    Feature.CUSTOMER_SEVERAL_TAX_IDS: Support.NATIVE,
    Feature.CUSTOMER_REVERSE_CHARGE: Support.NATIVE,
    Feature.CUSTOMERS_CREATED: Support.NATIVE,
    Feature.CUSTOMERS_OLDEST_FIRST: Support.EMULATED,
    Feature.PRODUCT_KIND: Support.EMULATED,
    Feature.PRODUCT_METERED: Support.EMULATED,
    Feature.PRICE_ID: Support.EMULATED,
    Feature.PRICE_ONE_TIME: Support.NATIVE,
    Feature.PRICE_PACKAGE: Support.NATIVE,
    Feature.PRICE_GRADUATED: Support.NATIVE,
    Feature.PRICE_VOLUME: Support.NATIVE,
    Feature.PRICE_STAIRSTEP: Support.EMULATED,
    Feature.PRICE_TIER_FLAT_PLUS_UNIT: Support.NATIVE,
    Feature.PRICE_CURRENCY_OPTIONS: Support.NATIVE,
    Feature.PRICE_METERED: Support.NATIVE,
    Feature.PRICE_METER: Support.NATIVE,
    Feature.PRICE_TAX_BEHAVIOR: Support.NATIVE,
    Feature.COUPON_PRODUCTS: Support.NATIVE,
    Feature.COUPONS_CREATED: Support.NATIVE,
    Feature.COUPONS_OLDEST_FIRST: Support.EMULATED,
    Feature.PROMOTION_CODE_REUSABLE: Support.NATIVE,
    Feature.PROMOTION_CODE_LIMITS: Support.NATIVE,
    Feature.CLIENT_SIDE_SETUP: Support.NATIVE,
    Feature.PAYMENT_METHODS_CREATED: Support.EMULATED,
    Feature.PAYMENT_METHODS_OLDEST_FIRST: Support.EMULATED,
    Feature.SEVERAL_ITEMS: Support.NATIVE,
    Feature.TRIAL: Support.NATIVE,
    Feature.ALLOW_INCOMPLETE: Support.NATIVE,
    Feature.SUBSCRIPTIONS_CREATED: Support.NATIVE,
    Feature.SUBSCRIPTIONS_OLDEST_FIRST: Support.EMULATED,
    Feature.INVOICES_CREATED: Support.NATIVE,
    Feature.INVOICES_OLDEST_FIRST: Support.EMULATED,
}

HINTS: Final[Mapping[str, str]] = {
    Feature.CUSTOMER_ID: "Stripe chooses the ids of customers: keep your own in metadata",
    Feature.CUSTOMER_NAME_PARTS: "Stripe keeps a name in one piece: pass name",
    Feature.CUSTOMER_CURRENCY: "Stripe settles a customer's currency with the first invoice: leave it out",
    Feature.CUSTOMER_AUTO_COLLECTION: "at Stripe each subscription says how its invoices are paid: leave it out",
    Feature.CUSTOMER_ZERO_RATED: "Stripe has no such customers: say tax_exempt='exempt'",
    "customers.anonymise": "Stripe removes personal data on request: delete the customer, then ask for it in the dashboard",
    Feature.PRODUCT_FAMILY: "Stripe has no families of products: keep your own in metadata",
    Feature.PRICE_ID: "the name is kept as the price's lookup key; go on with the id of the price that comes back",
    Feature.PAYMENT_METHODS_CREATED: "Stripe lists all of a customer's methods, and those of that time are picked here",
    Feature.PRICE_TRIAL: "say it for each subscription: subscriptions.create(trial_days=...)",
    "prices.delete": "Stripe keeps every price: prices.archive takes it off the shelf",
}
