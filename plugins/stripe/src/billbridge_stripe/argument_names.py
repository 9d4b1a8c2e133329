"""Which of our arguments each of Stripe's parameters comes from, by operation. `error.param` is read from these tables.

An error about an object in the path names the path's parameter: `id`, or the kind of the object (docs.stripe.com/api). Parameters that no
argument decides are None, or left out in the case of `expand`.
"""

from __future__ import annotations

from typing import Final

from billbridge.toolkit.argument_names import ArgumentNames, Names, nested

from billbridge_stripe.translate.common import KIND_KEY, METERED_KEY, MODEL_KEY

_PARTS: Final = {part: part for part in ("line1", "line2", "city", "state", "postal_code", "country")}
_ADDRESS: Final[Names] = nested("address", "address", _PARTS)
_SHIPPING: Final[Names] = {
    **nested("shipping", "shipping", {"name": "name", "phone": "phone"}),
    **nested("shipping[address]", "shipping.address", _PARTS),
}
_PAGE: Final[Names] = {"limit": "page_size", "starting_after": "cursor", "ending_before": "cursor"}
_TIMES: Final[Names] = {"created[gte]": "created_gte", "created[lt]": "created_lt"}
_CUSTOMER_FIELDS: Final[Names] = {
    **{name: name for name in ("email", "name", "phone", "description", "tax_exempt", "metadata")},
    "business_name": "company",
    "preferred_locales": "locale",
    **_ADDRESS,
    **_SHIPPING,
}
_REST: Final[Names] = dict.fromkeys(("subscription", "limit", "starting_after"))
"""For reading the items of a subscription, or the lines of an invoice, that did not come with it."""
_ATTACHED: Final[Names] = {"id": "product", "product": "product", "limit": None, "starting_after": None}
_DEFAULT_METHOD: Final = "invoice_settings[default_payment_method]"


def _object(kind: str) -> Names:
    """The id in the path, by both of its names."""
    return {"id": "id", kind: "id"}


def _amount(minor: str, argument: str | tuple[str, ...]) -> Names:
    """An amount, which is sent in whole minor units or as a decimal number of them."""
    return {minor: argument, f"{minor}_decimal": argument}


CUSTOMERS: Final[dict[str, Names]] = {
    "customers.create": {
        **_CUSTOMER_FIELDS,
        "tax_id_data": "tax_ids",
        "tax_id_data[*]": "tax_ids[*]",
        "tax_id_data[*][type]": "tax_ids[*].type",
        "tax_id_data[*][value]": "tax_ids[*].value",
    },
    "customers.get": _object("customer"),
    "customers.update": {**_object("customer"), **_CUSTOMER_FIELDS},
    "customers.delete": _object("customer"),
    "customers.adjust_credit": {**_object("customer"), "amount": "amount", "currency": "amount", "description": "reason"},
    "customers.add_tax_id": {**_object("customer"), "type": "type", "value": "value"},
    "customers.remove_tax_id": {"id": None, "tax_id": "tax_id", "customer": "id"},  # "id" can be that of the customer or of the tax id
    "customers.search": {"query": None, "limit": "page_size", "page": "cursor"},
    "customers.list": {**_PAGE, **_TIMES, "email": "email"},
}
CATALOG: Final[dict[str, Names]] = {
    "products.create": {
        **{name: name for name in ("id", "name", "description", "unit_label", "metadata")},
        f"metadata[{KIND_KEY}]": "kind",
        f"metadata[{METERED_KEY}]": "metered",
    },
    "products.get": _object("product"),
    "products.update": {**_object("product"), **{name: name for name in ("name", "description", "unit_label", "metadata")}},
    "products.archive": {**_object("product"), "active": None},
    "products.unarchive": {**_object("product"), "active": None},
    "products.delete": _object("product"),
    "products.list": {**_PAGE, "active": "active", "ids": "ids", "ids[*]": "ids[*]"},
    "prices.create": {
        "product": "product",
        "currency": ("amount", "tiers"),
        **_amount("unit_amount", "amount"),
        "billing_scheme": "model",
        "tiers_mode": "model",
        "tiers": "tiers",
        "tiers[*]": "tiers[*]",
        "tiers[*][up_to]": "tiers[*].up_to",
        **_amount("tiers[*][unit_amount]", "tiers[*].unit_amount"),
        **_amount("tiers[*][flat_amount]", "tiers[*].flat_amount"),
        "transform_quantity": "package_size",
        "currency_options": "currency_options",
        "recurring": "every",
        "recurring[interval_count]": "interval_count",
        "recurring[usage_type]": "usage_type",
        "recurring[meter]": "meter",
        "tax_behavior": "tax_behavior",
        "lookup_key": "id",
        "nickname": "nickname",
        "metadata": "metadata",
        f"metadata[{MODEL_KEY}]": "model",
    },
    "prices.get": _object("price"),
    "prices.update": {**_object("price"), "nickname": "nickname", "metadata": "metadata"},
    "prices.archive": {**_object("price"), "active": None},
    "prices.unarchive": {**_object("price"), "active": None},
    "prices.list": {
        **_PAGE,
        **{name: name for name in ("product", "active", "currency", "type", "lookup_keys")},
        "lookup_keys[*]": "lookup_keys[*]",
    },
    "meters.create": {"display_name": "name", "event_name": "event_name", "default_aggregation": "aggregation"},
    "meters.get": _object("meter"),
    "meters.archive": _object("meter"),
    "meters.unarchive": _object("meter"),
    "meters.list": {**_PAGE, "status": "active"},
}
DISCOUNTS: Final[dict[str, Names]] = {
    "coupons.create": {
        **{name: name for name in ("id", "name", "percent_off", "amount_off", "duration", "max_redemptions", "metadata")},
        "currency": "amount_off",
        "duration_in_months": "duration_months",
        "applies_to": "products",
        "applies_to[products][*]": "products[*]",
        "redeem_by": "expires_at",
    },
    "coupons.get": _object("coupon"),
    "coupons.update": {**_object("coupon"), "name": "name", "metadata": "metadata"},
    "coupons.delete": _object("coupon"),
    "coupons.list": {**_PAGE, **_TIMES},
    "promotion_codes.create": {
        "promotion": "coupon",
        **{name: name for name in ("code", "max_redemptions", "customer", "expires_at", "metadata")},
        "restrictions[minimum_amount]": "minimum_amount",
        "restrictions[minimum_amount_currency]": "minimum_amount",
        "restrictions[first_time_transaction]": "first_time_only",
    },
    "promotion_codes.get": _object("promotion_code"),
    "promotion_codes.find": {"code": "code", "active": None, "limit": None},
    "promotion_codes.update": {**_object("promotion_code"), "metadata": "metadata"},
    "promotion_codes.deactivate": {**_object("promotion_code"), "active": None},
    "promotion_codes.list": {**_PAGE, "coupon": "coupon", "active": "active"},
}
FEATURES: Final[dict[str, Names]] = {
    "product_features.create": {"lookup_key": "key", "name": "name", "metadata": "metadata"},
    "product_features.get": _object("feature"),
    "product_features.find": {"lookup_key": "key", "archived": None, "limit": None},
    "product_features.update": {**_object("feature"), "name": "name", "metadata": "metadata"},
    "product_features.archive": {**_object("feature"), "active": None},
    "product_features.attach": {**_ATTACHED, "entitlement_feature": "feature"},
    "product_features.detach": {**_ATTACHED, "feature": "feature"},
    "product_features.attachments": {**_ATTACHED, **_PAGE},
    "product_features.list": {**_PAGE, "archived": "active"},
    "entitlements.check": {"customer": "customer", "limit": None, "starting_after": None},
    "entitlements.list": {**_PAGE, "id": "subscription", "subscription": "subscription", "customer": "customer"},
}
PAYMENT_METHODS: Final[dict[str, Names]] = {
    "payment_methods.attach": {
        "type": None,
        "card": "token",
        "payment_method": "token",
        "customer": "customer",
        "id": "token",
        _DEFAULT_METHOD: "token",
    },
    "payment_methods.get": _object("payment_method"),
    "payment_methods.detach": _object("payment_method"),
    "payment_methods.set_default": {"id": "customer", "customer": "customer", _DEFAULT_METHOD: "payment_method"},
    "payment_methods.setup": {
        "customer": "customer",
        "success_url": "return_url",
        "cancel_url": "return_url",
        **dict.fromkeys(("mode", "allowed_payment_method_types", "usage", "automatic_payment_methods")),
    },
    "payment_methods.get_setup": {"id": "id", "session": "id", "intent": "id"},
    "payment_methods.list": {**_PAGE, "id": "customer", "customer": "customer"},
}
SUBSCRIPTIONS: Final[dict[str, Names]] = {
    "subscriptions.create": {
        "customer": "customer",
        "items": "items",
        "items[*]": "items[*]",
        "items[*][price]": "items[*].price",
        "items[*][quantity]": "items[*].quantity",
        "price": "items",  # read before the subscription is created
        "billing_mode": None,
        "payment_behavior": "payment_behavior",
        "trial_period_days": "trial_days",
        "trial_end": "trial_end",
        "default_payment_method": "payment_method",
        "metadata": "metadata",
        **_REST,
    },
    "subscriptions.get": {**_REST, **_object("subscription")},
    "subscriptions.cancel": {**_REST, **_object("subscription"), "invoice_now": None, "prorate": None, "cancel_at_period_end": "timing"},
    "subscriptions.list": {**_REST, **_PAGE, **_TIMES, "customer": "customer", "status": None},
    "invoices.get": {**_REST, **_object("invoice")},
    "invoices.list": {**_PAGE, **_TIMES, "customer": "customer", "subscription": "subscription"},
}
ARGUMENTS: Final = ArgumentNames(CUSTOMERS | CATALOG | DISCOUNTS | FEATURES | PAYMENT_METHODS | SUBSCRIPTIONS)
