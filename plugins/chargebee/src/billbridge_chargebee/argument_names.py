"""Which of our arguments each of Chargebee's parameters comes from, by operation. `error.param` is read from these tables.

Chargebee puts the number of a list's element last: `subscription_items[item_price_id][0]` is `items[0].price`. Parameters that no argument
decides are None.
"""

from __future__ import annotations

from typing import Final

from billbridge.toolkit.argument_names import ArgumentNames, Names, nested

_PARTS: Final = {
    **{part: part for part in ("line1", "line2", "city", "state", "country")},
    "state_code": "state",
    "zip": "postal_code",
}
_ADDRESS: Final[Names] = nested("billing_address", "address", _PARTS)
_PAGE: Final[Names] = {"limit": "page_size", "offset": "cursor"}
_TIMES: Final[Names] = {"created_at[after]": "created_gte", "created_at[before]": "created_lt", "sort_by": "order"}
_ID: Final[Names] = {"id": "id"}
_STATUS: Final[Names] = {"id": "id", "status": None}
_CUSTOMER_FIELDS: Final[Names] = {
    **{name: name for name in ("id", "email", "company", "phone", "locale", "auto_collection")},
    "first_name": ("given_name", "name"),
    "last_name": ("family_name", "name"),
    "taxability": "tax_exempt",
    "preferred_currency_code": "currency",
    "meta_data": "metadata",
}
_KEPT_TAX: Final[Names] = {
    # Sent again with a new address, because the request replaces them all.
    **dict.fromkeys(("vat_number", "vat_number_prefix", "registered_for_gst", "business_customer_without_vat_number"), "address"),
}
_KEPT_ADDRESS: Final[Names] = dict.fromkeys(("billing_address", "registered_for_gst", "business_customer_without_vat_number"))
_ENTITY: Final[Names] = {
    "id": "product",
    "action": None,
    "entitlements": None,
    "entitlements[entity_id]": "product",
    "entitlements[feature_id]": "feature",
}
_OVERRIDE: Final[Names] = {"feature_id": "feature", "value": "value", "expires_at": "expires_at"}

CUSTOMERS: Final[dict[str, Names]] = {
    "customers.create": {
        **_CUSTOMER_FIELDS,
        **_ADDRESS,
        "vat_number": "tax_ids[0].value",
        "vat_number_prefix": "tax_ids[0].type",
    },
    "customers.get": _ID,
    "customers.update": {**_CUSTOMER_FIELDS, **_ADDRESS, **_KEPT_TAX},
    "customers.delete": {**_ID, "delete_payment_method": None},
    "customers.anonymise": _ID,
    "customers.adjust_credit": {
        "id": "id",
        "customer_id": "id",
        "amount": "amount",
        "currency_code": "amount",
        "description": "reason",
    },
    "customers.add_tax_id": {**_ID, **_KEPT_ADDRESS, "vat_number": "value", "vat_number_prefix": "type"},
    "customers.remove_tax_id": {**_ID, **_KEPT_ADDRESS, "vat_number": "tax_id", "vat_number_prefix": "tax_id"},
    "customers.list": {**_PAGE, **_TIMES, "email": "email"},
}
CATALOG: Final[dict[str, Names]] = {
    "products.create": {
        **{name: name for name in ("id", "name", "description", "metered", "metadata")},
        "external_name": "name",
        "type": "kind",
        "item_family_id": "family",
        "unit": "unit_label",
        "usage_calculation": "metered",
    },
    "products.get": _ID,
    "products.update": {**_ID, "external_name": "name", "description": "description", "unit": "unit_label", "metadata": "metadata"},
    "products.archive": _STATUS,
    "products.unarchive": _STATUS,
    "products.delete": _ID,
    "products.list": {**_PAGE, "id": "ids", "type": "kind", "status": "active", "sort_by": None},
    "prices.create": {
        "id": "id",
        "name": "id",
        "external_name": "nickname",
        "item_id": "product",
        "currency_code": ("amount", "tiers"),
        "pricing_model": "model",
        "price": "amount",
        "price_in_decimal": "amount",
        "tiers": "tiers",
        **dict.fromkeys(("tiers[starting_unit][*]", "tiers[ending_unit][*]"), "tiers[*].up_to"),
        **dict.fromkeys(("tiers[starting_unit_in_decimal][*]", "tiers[ending_unit_in_decimal][*]"), "tiers[*].up_to"),
        **dict.fromkeys(("tiers[price][*]", "tiers[price_in_decimal][*]"), "tiers[*]"),
        "period": "interval_count",
        "period_unit": "every",
        "trial_period": "trial_days",
        "trial_period_unit": "trial_days",
        "metadata": "metadata",
        # Reading the prices that exist, and the price variant for a further one:
        **dict.fromkeys(("status", "limit", "offset", "price_variant_id", "attributes")),
    },
    "prices.get": _ID,
    "prices.update": {**_ID, "external_name": "nickname", "metadata": "metadata"},
    "prices.archive": _STATUS,
    "prices.unarchive": _STATUS,
    "prices.delete": _ID,
    "prices.list": {
        **_PAGE,
        "item_id": "product",
        "id": "lookup_keys",
        "currency_code": "currency",
        "item_type": "type",
        "status": "active",
        "sort_by": None,
    },
}
DISCOUNTS: Final[dict[str, Names]] = {
    "coupons.create": {
        **{name: name for name in ("id", "name", "max_redemptions")},
        "discount_type": ("percent_off", "amount_off"),
        "discount_percentage": "percent_off",
        "discount_amount": "amount_off",
        "currency_code": "amount_off",
        "apply_on": "products",
        "item_constraints": "products",
        "duration_type": "duration",
        "period": "duration_months",
        "period_unit": "duration_months",
        "valid_till": "expires_at",
        "meta_data": "metadata",
        "item_id": "products",
        **dict.fromkeys(("status", "limit", "offset")),  # reading the prices of the products
    },
    "coupons.get": _ID,
    "coupons.update": {**_ID, "name": "name", "meta_data": "metadata"},
    "coupons.delete": _ID,
    "coupons.list": {**_PAGE, **_TIMES},
    "promotion_codes.create": {"coupon_id": "coupon", "coupon_set_name": "coupon", "code": "code"},
    "promotion_codes.get": {**_ID, "code": "id"},
    "promotion_codes.find": {"id": "code", "code": "code"},
    "promotion_codes.deactivate": {**_ID, "code": "id"},
    "promotion_codes.list": {**_PAGE, "coupon_id": "coupon"},
}
FEATURES: Final[dict[str, Names]] = {
    "product_features.create": {
        **{name: name for name in ("name", "unit", "levels")},
        "id": "key",
        "type": "kind",
        **{f"levels[{name}][*]": "levels[*]" for name in ("value", "level", "is_unlimited")},
    },
    "product_features.get": _ID,
    "product_features.find": {"id": "key"},
    "product_features.update": {**_ID, "name": "name"},
    "product_features.archive": _ID,
    "product_features.unarchive": _ID,
    "product_features.attach": {**_ENTITY, "entitlements[value]": "value"},
    "product_features.detach": _ENTITY,
    "product_features.attachments": {**_PAGE, "entity_id": "product", "entity_type": None},
    "product_features.list": {**_PAGE, "status": "active"},
    "entitlements.check": {"customer_id": "customer", "id": "customer", **dict.fromkeys(("status", "limit", "offset"))},
    "entitlements.list": {**_PAGE, "customer_id": "customer", "id": ("subscription", "customer"), "status": None},
    "entitlements.override": {
        "id": "subscription",
        "action": None,
        "entitlement_overrides": None,
        **{f"entitlement_overrides[{name}][*]": argument for name, argument in _OVERRIDE.items()},
    },
    "entitlements.remove_override": {"id": "subscription", "action": None, "entitlement_overrides": "feature"},
}
PAYMENT_METHODS: Final[dict[str, Names]] = {
    "payment_methods.attach": {"customer_id": "customer", "token_id": "token", "replace_primary_payment_source": "make_default"},
    "payment_methods.get": _ID,
    "payment_methods.detach": _ID,
    "payment_methods.set_default": {"id": "customer", "customer_id": "customer", "payment_source_id": "payment_method", "role": None},
    "payment_methods.setup": {"customer": "customer", "redirect_url": "return_url"},
    "payment_methods.get_setup": _ID,
    "payment_methods.list": {**_PAGE, **_TIMES, "customer_id": "customer"},
}
SUBSCRIPTIONS: Final[dict[str, Names]] = {
    "subscriptions.create": {
        "customer_id": "customer",
        "customer": "customer",
        "id": None,  # made from the idempotency key
        "subscription_items": "items",
        "subscription_items[item_price_id][*]": "items[*].price",
        "subscription_items[quantity][*]": "items[*].quantity",
        "trial_end": ("trial_days", "trial_end"),
        "payment_source_id": "payment_method",
        "auto_collection": None,
        "invoice_immediately": None,
        "meta_data": "metadata",
    },
    "subscriptions.get": _ID,
    "subscriptions.list": {**_PAGE, **_TIMES, "customer_id": "customer"},
    "subscriptions.cancel": {
        "id": "id",
        "cancel_option": "timing",
        **dict.fromkeys(
            (
                "credit_option_for_current_term_charges",
                "unbilled_charges_option",
                "account_receivables_handling",
                "refundable_credits_handling",
            )
        ),
    },
    "invoices.get": {**_ID, "line_items_offset": None},
    "invoices.list": {
        **_PAGE,
        "customer_id": "customer",
        "subscription_id": "subscription",
        "date[after]": "created_gte",
        "date[before]": "created_lt",
        "sort_by": "order",
        "line_items_offset": None,
    },
}
ARGUMENTS: Final = ArgumentNames(CUSTOMERS | CATALOG | DISCOUNTS | FEATURES | PAYMENT_METHODS | SUBSCRIPTIONS)
