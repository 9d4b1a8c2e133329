"""Features: the arguments and options that some vendors lack, each with the test that tells whether a call uses it.

Which provider has which feature is declared by the provider (`Provider.features`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from billbridge.model import TIERED, UNSET, FeatureKind, Order, PricingModel, ProductKind, SetupWay, TaxExempt, UsageType


class Support(StrEnum):
    """How a provider supports a capability: the vendor has it, Billbridge emulates it, or it is absent.

    Emulated means several requests, or a convention of Billbridge such as a metadata key. `ABSENT` is falsy.
    """

    NATIVE = "native"
    EMULATED = "emulated"
    ABSENT = "absent"

    def __bool__(self) -> bool:
        return self is not Support.ABSENT


class Feature(StrEnum):
    """An argument or option that some vendors lack. The value is the name for `billing.supports(...)`.

    A call uses a feature if its test in `ASKS` says so for the operation's draft. The features of `customers.create` apply to
    `customers.update` too.
    """

    CUSTOMER_ID = "customers.create.id"
    """You choose the customer's id."""
    CUSTOMER_NAME_PARTS = "customers.create.name_parts"
    """The given name and the family name are stored separately."""
    CUSTOMER_COMPANY = "customers.create.company"
    """The company that the customer belongs to."""
    CUSTOMER_LOCALE = "customers.create.locale"
    """The language in which the vendor writes to the customer."""
    CUSTOMER_DESCRIPTION = "customers.create.description"
    """An internal note about the customer."""
    CUSTOMER_SHIPPING = "customers.create.shipping"
    """The customer's shipping address."""
    CUSTOMER_CURRENCY = "customers.create.currency"
    """The currency that the customer prefers."""
    CUSTOMER_AUTO_COLLECTION = "customers.create.auto_collection"
    """Whether the customer's invoices are charged by default."""
    CUSTOMER_TAX_EXEMPT = "customers.create.tax_exempt"
    """Whether the customer pays taxes."""
    CUSTOMER_TAX_IDS = "customers.create.tax_ids"
    """The tax number of a new customer."""
    CUSTOMER_SEVERAL_TAX_IDS = "customers.create.several_tax_ids"
    """More than one tax number."""
    CUSTOMER_REVERSE_CHARGE = "customers.create.reverse_charge"
    """The customer owes the tax instead of the seller."""
    CUSTOMER_ZERO_RATED = "customers.create.zero_rated"
    """The customer's tax rate is zero."""
    CUSTOMERS_CREATED = "customers.list.created"
    """A filter of the list by time of creation."""
    CUSTOMERS_OLDEST_FIRST = "customers.list.oldest_first"
    """The list in the order oldest first."""
    PRODUCT_FAMILY = "products.create.family"
    """You choose the group that the product belongs to."""
    PRODUCT_KIND = "products.create.kind"
    """Products that are addons or charges, not only plans."""
    PRODUCT_METERED = "products.create.metered"
    """A product whose usage is counted."""
    PRICE_ID = "prices.create.id"
    """You choose a name for the price: its id, or a lookup key."""
    PRICE_ONE_TIME = "prices.create.one_time"
    """A price that is charged once."""
    PRICE_PACKAGE = "prices.create.package"
    """An amount for each package of several units."""
    PRICE_GRADUATED = "prices.create.graduated"
    """Each unit costs what its own tier says."""
    PRICE_VOLUME = "prices.create.volume"
    """Every unit costs what the tier of the whole quantity says."""
    PRICE_STAIRSTEP = "prices.create.stairstep"
    """One amount for all quantities of a tier."""
    PRICE_TIER_FLAT_PLUS_UNIT = "prices.create.flat_amount_in_tiers"
    """A flat amount in the tiers of a graduated or volume price."""
    PRICE_CURRENCY_OPTIONS = "prices.create.currency_options"
    """One price in several currencies."""
    PRICE_METERED = "prices.create.metered"
    """A price for counted usage."""
    PRICE_METER = "prices.create.meter"
    """You choose the meter that counts the usage."""
    PRICE_TAX_BEHAVIOR = "prices.create.tax_behavior"
    """Each price says whether it includes tax."""
    PRICE_TRIAL = "prices.create.trial"
    """A trial that the price gives to its subscriptions."""
    COUPON_PRODUCTS = "coupons.create.products"
    """A coupon for some products only."""
    COUPONS_CREATED = "coupons.list.created"
    """A filter of the list by time of creation."""
    COUPONS_OLDEST_FIRST = "coupons.list.oldest_first"
    """The list in the order oldest first."""
    PROMOTION_CODE_REUSABLE = "promotion_codes.create.reusable"
    """A code that works more than once."""
    PROMOTION_CODE_LIMITS = "promotion_codes.create.limits"
    """A code with a customer, an end, a minimum amount, a limit to first-time customers, or metadata."""
    PRODUCT_FEATURE_KIND = "product_features.create.kind"
    """A feature with a quantity, a range or levels of your own words, not only a switch."""
    PRODUCT_FEATURE_METADATA = "product_features.create.metadata"
    """Your own data on a feature."""
    ATTACHMENT_VALUE = "product_features.attach.value"
    """The level of a feature that a product gives."""
    CLIENT_SIDE_SETUP = "payment_methods.setup.client_side"
    """The customer enters a payment method on your own page, with a client secret."""
    PAYMENT_METHODS_CREATED = "payment_methods.list.created"
    """A filter of the list by time of creation."""
    PAYMENT_METHODS_OLDEST_FIRST = "payment_methods.list.oldest_first"
    """The list in the order oldest first."""
    SEVERAL_ITEMS = "subscriptions.create.several_items"
    """A subscription with more than one price."""
    TRIAL = "subscriptions.create.trial"
    """A trial that you choose for each subscription."""
    ALLOW_INCOMPLETE = "subscriptions.create.allow_incomplete"
    """A subscription whose first payment fails stays, with the status INCOMPLETE, and no error is raised."""
    SUBSCRIPTIONS_CREATED = "subscriptions.list.created"
    """A filter of the list by time of creation."""
    SUBSCRIPTIONS_OLDEST_FIRST = "subscriptions.list.oldest_first"
    """The list in the order oldest first."""
    ENTITLEMENTS_OF_SUBSCRIPTION = "entitlements.list.subscription"
    """What one subscription gives, apart from the customer's others."""
    INVOICES_CREATED = "invoices.list.created"
    """A filter of the list by time."""
    INVOICES_OLDEST_FIRST = "invoices.list.oldest_first"
    """The list in the order oldest first."""

    @property
    def operation(self) -> str:
        """The operation that the feature belongs to, such as "customers.create" for "customers.create.id"."""
        return self.value.rpartition(".")[0]


def _given(name: str) -> Callable[[Any], bool]:
    return lambda draft: getattr(draft, name, None) not in (None, UNSET)


def _in_some_time(query: Any) -> bool:
    return query.created_gte is not None or query.created_lt is not None


def _oldest_first(query: Any) -> bool:
    return bool(query.order == Order.OLDEST_FIRST)


def _flat_in_tiers(new: Any) -> bool:
    return new.model != PricingModel.STAIRSTEP and new.model in TIERED and any(tier.flat_amount is not None for tier in new.tiers)


ASKS: Final[Mapping[Feature, Callable[[Any], bool]]] = {
    Feature.CUSTOMER_ID: _given("id"),
    Feature.CUSTOMER_NAME_PARTS: lambda draft: _given("given_name")(draft) or _given("family_name")(draft),
    Feature.CUSTOMER_COMPANY: _given("company"),
    Feature.CUSTOMER_LOCALE: _given("locale"),
    Feature.CUSTOMER_DESCRIPTION: _given("description"),
    Feature.CUSTOMER_SHIPPING: _given("shipping"),
    Feature.CUSTOMER_CURRENCY: _given("currency"),
    Feature.CUSTOMER_AUTO_COLLECTION: _given("auto_collection"),
    Feature.CUSTOMER_TAX_EXEMPT: _given("tax_exempt"),
    Feature.CUSTOMER_TAX_IDS: _given("tax_ids"),
    Feature.CUSTOMER_SEVERAL_TAX_IDS: lambda draft: len(getattr(draft, "tax_ids", None) or ()) > 1,
    Feature.CUSTOMER_REVERSE_CHARGE: lambda draft: draft.tax_exempt == TaxExempt.REVERSE,
    Feature.CUSTOMER_ZERO_RATED: lambda draft: draft.tax_exempt == TaxExempt.ZERO_RATED,
    Feature.CUSTOMERS_CREATED: _in_some_time,
    Feature.CUSTOMERS_OLDEST_FIRST: _oldest_first,
    Feature.PRODUCT_FAMILY: _given("family"),
    Feature.PRODUCT_KIND: lambda new: new.kind != ProductKind.PLAN,
    Feature.PRODUCT_METERED: lambda new: new.metered,
    Feature.PRICE_ID: _given("id"),
    Feature.PRICE_ONE_TIME: lambda new: new.every is None,
    Feature.PRICE_PACKAGE: lambda new: new.model == PricingModel.PACKAGE,
    Feature.PRICE_GRADUATED: lambda new: new.model == PricingModel.GRADUATED,
    Feature.PRICE_VOLUME: lambda new: new.model == PricingModel.VOLUME,
    Feature.PRICE_STAIRSTEP: lambda new: new.model == PricingModel.STAIRSTEP,
    Feature.PRICE_TIER_FLAT_PLUS_UNIT: _flat_in_tiers,
    Feature.PRICE_CURRENCY_OPTIONS: lambda new: bool(new.currency_options),
    Feature.PRICE_METERED: lambda new: new.usage_type == UsageType.METERED,
    Feature.PRICE_METER: _given("meter"),
    Feature.PRICE_TAX_BEHAVIOR: _given("tax_behavior"),
    Feature.PRICE_TRIAL: _given("trial_days"),
    Feature.COUPON_PRODUCTS: _given("products"),
    Feature.COUPONS_CREATED: _in_some_time,
    Feature.COUPONS_OLDEST_FIRST: _oldest_first,
    Feature.PROMOTION_CODE_REUSABLE: lambda new: new.max_redemptions != 1,
    Feature.PROMOTION_CODE_LIMITS: lambda new: (
        new.first_time_only or any(_given(name)(new) for name in ("customer", "expires_at", "minimum_amount", "metadata"))
    ),
    Feature.PRODUCT_FEATURE_KIND: lambda draft: getattr(draft, "kind", FeatureKind.SWITCH) != FeatureKind.SWITCH,
    Feature.PRODUCT_FEATURE_METADATA: _given("metadata"),
    Feature.ATTACHMENT_VALUE: _given("value"),
    Feature.CLIENT_SIDE_SETUP: lambda new: new.way == SetupWay.CLIENT_SIDE,
    Feature.PAYMENT_METHODS_CREATED: _in_some_time,
    Feature.PAYMENT_METHODS_OLDEST_FIRST: _oldest_first,
    Feature.SEVERAL_ITEMS: lambda new: len(new.items) > 1,
    Feature.TRIAL: lambda new: new.trial_days is not None or new.trial_end is not None,
    Feature.ALLOW_INCOMPLETE: lambda new: new.payment_behavior == "allow_incomplete",
    Feature.SUBSCRIPTIONS_CREATED: _in_some_time,
    Feature.SUBSCRIPTIONS_OLDEST_FIRST: _oldest_first,
    Feature.ENTITLEMENTS_OF_SUBSCRIPTION: _given("subscription"),
    Feature.INVOICES_CREATED: _in_some_time,
    Feature.INVOICES_OLDEST_FIRST: _oldest_first,
}
_ALIKE: Final = {"customers.update": "customers.create", "product_features.update": "product_features.create"}
"""Operations that take the arguments of another operation, so its features apply to them."""
_BY_OPERATION: Final[dict[str, list[Feature]]] = {}
for _feature in Feature:
    _BY_OPERATION.setdefault(_feature.operation, []).append(_feature)


def features_of(operation: str) -> Sequence[Feature]:
    """The features of an operation."""
    return _BY_OPERATION.get(operation, ())


def asks_of(operation: str) -> Iterator[tuple[Feature, Callable[[Any], bool]]]:
    """The features that a draft of the operation can use, each with the test that tells whether a draft uses it."""
    for feature in features_of(_ALIKE.get(operation, operation)):
        yield feature, ASKS[feature]
