"""The features of operations that Stripe has, and hints on what to do about those it lacks. Data only."""

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
    Feature.PRODUCT_FEATURE_METADATA: Support.NATIVE,
    Feature.CLIENT_SIDE_SETUP: Support.NATIVE,
    Feature.PAYMENT_METHODS_CREATED: Support.EMULATED,
    Feature.PAYMENT_METHODS_OLDEST_FIRST: Support.EMULATED,
    Feature.SEVERAL_ITEMS: Support.NATIVE,
    Feature.TRIAL: Support.NATIVE,
    Feature.ALLOW_INCOMPLETE: Support.NATIVE,
    Feature.SUBSCRIPTIONS_CREATED: Support.NATIVE,
    Feature.SUBSCRIPTIONS_OLDEST_FIRST: Support.EMULATED,
    Feature.ENTITLEMENTS_OF_SUBSCRIPTION: Support.EMULATED,
    Feature.INVOICES_CREATED: Support.NATIVE,
    Feature.INVOICES_OLDEST_FIRST: Support.EMULATED,
}

HINTS: Final[Mapping[str, str]] = {
    Feature.CUSTOMER_ID: "store your own id in metadata: Stripe chooses the ids of customers",
    Feature.CUSTOMER_NAME_PARTS: "pass name: Stripe stores the name in one field",
    Feature.CUSTOMER_CURRENCY: "leave currency out: Stripe fixes the customer's currency with the first invoice",
    Feature.CUSTOMER_AUTO_COLLECTION: "leave auto_collection out: at Stripe each subscription says how its invoices are paid",
    Feature.CUSTOMER_ZERO_RATED: "pass tax_exempt='exempt': Stripe has no zero-rated customers",
    "customers.anonymise": "delete the customer, then ask Stripe in its dashboard to remove the personal data",
    Feature.PRODUCT_FAMILY: "store your own group in metadata: Stripe has no product families",
    Feature.PRICE_ID: "use the id of the returned price: Stripe stores your name as the lookup key",
    Feature.PAYMENT_METHODS_CREATED: "Billbridge applies the time filter itself: Stripe lists all payment methods of a customer",
    Feature.PRICE_TRIAL: "pass the trial to each subscription: subscriptions.create(trial_days=...)",
    Feature.PRODUCT_FEATURE_KIND: "create a switch for each level, such as 'seats-10': Stripe has no quantities, ranges or levels",
    Feature.ATTACHMENT_VALUE: "leave value out: a Stripe product includes a feature or not",
    "product_features.unarchive": "create a new feature with the same key: Stripe frees the key of an archived feature",
    **dict.fromkeys(
        ("entitlements.override", "entitlements.remove_override"),
        "attach the feature to a product of its own, and add that product to the subscription: Stripe has no exceptions",
    ),
    "prices.delete": "use prices.archive: Stripe deletes no price",
}
