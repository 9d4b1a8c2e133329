"""What operations may or may not be able to do with their arguments: one closed list, each with the test that asks for it.

Refuses nothing itself, and does not say which provider can do what: that is declared by each (`Provider.features`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from billbridge.model import TIERED, UNSET, Order, PricingModel, ProductKind, SetupWay, TaxExempt, UsageType


class Support(StrEnum):
    """How a capability is met: by the vendor itself, by several calls or a convention of ours, or not at all. `ABSENT` is falsy."""

    NATIVE = "native"
    EMULATED = "emulated"
    ABSENT = "absent"

    def __bool__(self) -> bool:
        return self is not Support.ABSENT


class Feature(StrEnum):
    """What an operation may or may not be able to do with its arguments. The value is the name for `billing.supports(...)`.

    A feature is asked for when its test in `ASKS` says so of the operation's draft. Those of `customers.create` hold for updates too.
    """

    CUSTOMER_ID = "customers.create.id"
    """The caller chooses the customer's id."""
    CUSTOMER_NAME_PARTS = "customers.create.name_parts"
    """Given name and family name are kept apart."""
    CUSTOMER_COMPANY = "customers.create.company"
    """The company that the customer belongs to."""
    CUSTOMER_LOCALE = "customers.create.locale"
    """The language in which the vendor writes to the customer."""
    CUSTOMER_DESCRIPTION = "customers.create.description"
    """A note about the customer, for the business."""
    CUSTOMER_SHIPPING = "customers.create.shipping"
    """A shipping address of the customer's."""
    CUSTOMER_CURRENCY = "customers.create.currency"
    """The currency that the customer prefers."""
    CUSTOMER_AUTO_COLLECTION = "customers.create.auto_collection"
    """Whether the customer's invoices are charged by default."""
    CUSTOMER_TAX_EXEMPT = "customers.create.tax_exempt"
    """Whether the customer is charged taxes."""
    CUSTOMER_TAX_IDS = "customers.create.tax_ids"
    """A new customer's tax number."""
    CUSTOMER_SEVERAL_TAX_IDS = "customers.create.several_tax_ids"
    """More than one tax number."""
    CUSTOMER_REVERSE_CHARGE = "customers.create.reverse_charge"
    """A customer who owes the tax instead of the seller."""
    CUSTOMER_ZERO_RATED = "customers.create.zero_rated"
    """A customer whose tax rate is zero."""
    CUSTOMERS_CREATED = "customers.list.created"
    """The list of those made in some time."""
    CUSTOMERS_OLDEST_FIRST = "customers.list.oldest_first"
    """The list from its other end."""
    PRODUCT_FAMILY = "products.create.family"
    """The caller chooses the group that the product belongs to."""
    PRODUCT_KIND = "products.create.kind"
    """Addons and charges, besides plans."""
    PRODUCT_METERED = "products.create.metered"
    """A product whose use is counted."""
    PRICE_ID = "prices.create.id"
    """The caller chooses a name for the price: its id, or a lookup key."""
    PRICE_ONE_TIME = "prices.create.one_time"
    """A price that is paid once."""
    PRICE_PACKAGE = "prices.create.package"
    """So much per package of several units."""
    PRICE_GRADUATED = "prices.create.graduated"
    """Each unit at the price of its tier."""
    PRICE_VOLUME = "prices.create.volume"
    """All units at the price of the tier that the quantity reaches."""
    PRICE_STAIRSTEP = "prices.create.stairstep"
    """One amount for all quantities of a tier."""
    PRICE_TIER_FLAT_PLUS_UNIT = "prices.create.flat_amount_in_tiers"
    """Tiers of graduated and volume prices with a flat amount."""
    PRICE_CURRENCY_OPTIONS = "prices.create.currency_options"
    """One price in several currencies."""
    PRICE_METERED = "prices.create.metered"
    """A price for counted usage."""
    PRICE_METER = "prices.create.meter"
    """The caller names the meter that counts."""
    PRICE_TAX_BEHAVIOR = "prices.create.tax_behavior"
    """Each price says whether it holds the tax."""
    PRICE_TRIAL = "prices.create.trial"
    """A trial that subscriptions take over from the price."""
    COUPON_PRODUCTS = "coupons.create.products"
    """A coupon for some products only."""
    COUPONS_CREATED = "coupons.list.created"
    """The list of those made in some time."""
    COUPONS_OLDEST_FIRST = "coupons.list.oldest_first"
    """The list from its other end."""
    PROMOTION_CODE_REUSABLE = "promotion_codes.create.reusable"
    """A code that works more than once."""
    PROMOTION_CODE_LIMITS = "promotion_codes.create.limits"
    """A code with a customer, an end, a minimum amount, first-time customers or metadata of its own."""
    CLIENT_SIDE_SETUP = "payment_methods.setup.client_side"
    """A new payment method is entered in the application's own page, with a secret that the server asks for."""
    PAYMENT_METHODS_CREATED = "payment_methods.list.created"
    """The list of those made in some time."""
    PAYMENT_METHODS_OLDEST_FIRST = "payment_methods.list.oldest_first"
    """The list from its other end."""
    SEVERAL_ITEMS = "subscriptions.create.several_items"
    """A subscription to several plans at once."""
    TRIAL = "subscriptions.create.trial"
    """A trial period chosen per subscription."""
    ALLOW_INCOMPLETE = "subscriptions.create.allow_incomplete"
    """A subscription whose first payment failed is kept, as INCOMPLETE, instead of an error."""
    SUBSCRIPTIONS_CREATED = "subscriptions.list.created"
    """The list of those made in some time."""
    SUBSCRIPTIONS_OLDEST_FIRST = "subscriptions.list.oldest_first"
    """The list from its other end."""
    INVOICES_CREATED = "invoices.list.created"
    """The list of those made in some time."""
    INVOICES_OLDEST_FIRST = "invoices.list.oldest_first"
    """The list from its other end."""

    @property
    def operation(self) -> str:
        """The operation whose argument it is: "customers.create" of "customers.create.id"."""
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
    Feature.CLIENT_SIDE_SETUP: lambda new: new.way == SetupWay.CLIENT_SIDE,
    Feature.PAYMENT_METHODS_CREATED: _in_some_time,
    Feature.PAYMENT_METHODS_OLDEST_FIRST: _oldest_first,
    Feature.SEVERAL_ITEMS: lambda new: len(new.items) > 1,
    Feature.TRIAL: lambda new: new.trial_days is not None or new.trial_end is not None,
    Feature.ALLOW_INCOMPLETE: lambda new: new.payment_behavior == "allow_incomplete",
    Feature.SUBSCRIPTIONS_CREATED: _in_some_time,
    Feature.SUBSCRIPTIONS_OLDEST_FIRST: _oldest_first,
    Feature.INVOICES_CREATED: _in_some_time,
    Feature.INVOICES_OLDEST_FIRST: _oldest_first,
}
_ALIKE: Final = {"customers.update": "customers.create"}
"""Operations that take what another one takes, and so ask for its features."""
_BY_OPERATION: Final[dict[str, list[Feature]]] = {}
for _feature in Feature:
    _BY_OPERATION.setdefault(_feature.operation, []).append(_feature)


def features_of(operation: str) -> Sequence[Feature]:
    """The features that are arguments of the operation."""
    return _BY_OPERATION.get(operation, ())


def asks_of(operation: str) -> Iterator[tuple[Feature, Callable[[Any], bool]]]:
    """The features that a draft can ask of the operation, each with the test that tells whether one does."""
    for feature in features_of(_ALIKE.get(operation, operation)):
        yield feature, ASKS[feature]
