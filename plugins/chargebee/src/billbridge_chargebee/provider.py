"""The Chargebee provider: its services, its address, its key and its capabilities. It sends nothing itself."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from billbridge.errors import ConfigurationError
from billbridge.flow.limiter import Limit
from billbridge.plugins.options import filled, missing
from billbridge.plugins.provider import Provider
from billbridge.services.capability import CONNECTED_ACCOUNTS, Feature, Support
from billbridge.toolkit.keys import checked_key

from billbridge_chargebee.api import ChargebeeApi
from billbridge_chargebee.coupons import ChargebeeCoupons
from billbridge_chargebee.customers import ChargebeeCustomers
from billbridge_chargebee.entitlements import ChargebeeEntitlements
from billbridge_chargebee.invoices import ChargebeeInvoices
from billbridge_chargebee.options import ChargebeeOptions, Plan
from billbridge_chargebee.payment_methods import ChargebeePaymentMethods
from billbridge_chargebee.prices import ChargebeePrices
from billbridge_chargebee.product_features import ChargebeeProductFeatures
from billbridge_chargebee.products import ChargebeeProducts
from billbridge_chargebee.promotion_codes import ChargebeePromotionCodes
from billbridge_chargebee.raw import ChargebeeRaw
from billbridge_chargebee.subscriptions import ChargebeeSubscriptions

_PER_MINUTE: Final[Mapping[str, int]] = {"starter": 150, "performance": 1000, "enterprise": 3500}
_SITE_IS: Final = "the part before .chargebee.com, such as acme-test"
_SITE_HINT: Final = f"pass {_SITE_IS}"
_SITE: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")

_KEY: Final = "an API key of the site: it starts with live_ or test_"
_OTHER_KEYS: Final = {
    "sk_": "a secret key of Stripe (sk_…)",
    "rk_": "a restricted key of Stripe (rk_…)",
    "pk_": "a publishable key of Stripe (pk_…)",
    "whsec_": "the signing secret of a Stripe webhook (whsec_…)",
}
"""What other keys look like, by how they begin."""
_TEST_SITE: Final = "-test"


class ChargebeeProvider(Provider):
    """The Chargebee provider (Product Catalog 2.0): `Billing(ChargebeeProvider(site="acme-test", api_key="..."))`.

    - `site` is the part before .chargebee.com. It is not needed if you pass a `base_url` (https, or loopback).
    - `item_family` is the id of the item family for new products. It is created when it is first needed.
    - `plan` is the site's plan at Chargebee. It sets how many requests per minute Billbridge sends.
    - `multi_decimal` says that the site has multi-decimal pricing. Prices are then sent with up to 20 decimals (`price_in_decimal`), else
      in whole minor units.

    Raises `ConfigurationError` for an invalid key or site. A missing key or site raises it only when a request needs it.
    """

    name = "chargebee"
    api_version = "v2"
    replay_header = "chargebee-idempotency-replayed"
    replay_window = timedelta(minutes=30)  # apidocs.chargebee.com, idempotency
    request_id_header = "x-request-id"  # not documented; used if the vendor sends it
    features: Mapping[Feature, Support] = {
        **dict.fromkeys(
            (
                Feature.CUSTOMER_ID,
                Feature.CUSTOMER_NAME_PARTS,
                Feature.CUSTOMER_COMPANY,
                Feature.CUSTOMER_LOCALE,
                Feature.CUSTOMER_TAX_EXEMPT,
                Feature.CUSTOMER_TAX_IDS,
                Feature.CUSTOMER_CURRENCY,
                Feature.CUSTOMER_AUTO_COLLECTION,
                Feature.CUSTOMER_ZERO_RATED,
                Feature.CUSTOMERS_CREATED,
                Feature.CUSTOMERS_OLDEST_FIRST,
                Feature.PRODUCT_FAMILY,
                Feature.PRODUCT_KIND,
                Feature.PRODUCT_METERED,
                Feature.PRICE_ID,
                Feature.PRICE_ONE_TIME,
                Feature.PRICE_GRADUATED,
                Feature.PRICE_VOLUME,
                Feature.PRICE_STAIRSTEP,
                Feature.PRICE_METERED,
                Feature.PRICE_TRIAL,
                Feature.COUPONS_CREATED,
                Feature.COUPONS_OLDEST_FIRST,
                Feature.PRODUCT_FEATURE_KIND,
                Feature.ATTACHMENT_VALUE,
                Feature.PAYMENT_METHODS_CREATED,
                Feature.PAYMENT_METHODS_OLDEST_FIRST,
                Feature.TRIAL,
                Feature.SUBSCRIPTIONS_CREATED,
                Feature.SUBSCRIPTIONS_OLDEST_FIRST,
                Feature.ENTITLEMENTS_OF_SUBSCRIPTION,
                Feature.INVOICES_CREATED,
                Feature.INVOICES_OLDEST_FIRST,
            ),
            Support.NATIVE,
        ),
        Feature.COUPON_PRODUCTS: Support.EMULATED,
    }
    hints: Mapping[str, str] = {
        CONNECTED_ACCOUNTS: "leave connected_account out: Chargebee has no connected accounts; make one client for each site",
        Feature.CUSTOMER_DESCRIPTION: "store the note in metadata",
        Feature.CUSTOMER_SHIPPING: "use billing.raw: Chargebee stores shipping addresses on subscriptions",
        Feature.CUSTOMER_SEVERAL_TAX_IDS: "pass one tax id: a Chargebee customer has one VAT number",
        Feature.CUSTOMER_REVERSE_CHARGE: "add a valid VAT number to the customer: Chargebee decides reverse charge from it",
        "customers.search": "use billing.customers.list(email=...), or billing.raw.get('/api/v2/customers', ...) with Chargebee's filters",
        Feature.PRICE_PACKAGE: "use billing.raw.post: Chargebee has packages for usage only, on sites that asked for them",
        Feature.PRICE_TIER_FLAT_PLUS_UNIT: "create a separate price for the flat amount: a Chargebee tier has one amount",
        Feature.PRICE_CURRENCY_OPTIONS: "create one price for each currency",
        Feature.PRICE_METER: "create the product with metered=True: it counts its own usage",
        Feature.PRICE_TAX_BEHAVIOR: "leave tax_behavior out: a setting of the Chargebee site says whether all prices include tax",
        **dict.fromkeys(
            ("meters.create", "meters.get", "meters.archive", "meters.unarchive", "meters.list"),
            "use products.create(metered=True): at Chargebee a metered product counts its own usage",
        ),
        "promotion_codes.update": "update the metadata of the coupon: a Chargebee coupon code has none",
        Feature.PROMOTION_CODE_REUSABLE: "pass max_redemptions=1 (a Chargebee code works once), or let customers type the coupon's id",
        Feature.PROMOTION_CODE_LIMITS: "limit the coupon instead: a Chargebee code has no limits of its own",
        Feature.PRODUCT_FEATURE_METADATA: "store your own data on the product: a Chargebee feature has no metadata",
        Feature.CLIENT_SIDE_SETUP: "use payment_methods.attach(customer, token=...): Chargebee's browser library makes the token",
        Feature.SEVERAL_ITEMS: "create one subscription for each price: a Chargebee subscription has exactly one plan",
        Feature.ALLOW_INCOMPLETE: "attach a payment method that works, then create: Chargebee creates nothing if the first payment fails",
        "raw.delete": "use billing.raw.post('/api/v2/.../delete'): Chargebee deletes with POST",
    }

    def __init__(
        self,
        *,
        api_key: str = "",
        site: str = "",
        base_url: str = "",
        item_family: str = "billbridge",
        plan: Plan = "starter",
        multi_decimal: bool = False,
    ) -> None:
        filled(
            ChargebeeOptions,
            {
                "api_key": api_key,
                "site": site,
                "base_url": base_url,
                "item_family": item_family,
                "plan": plan,
                "multi_decimal": multi_decimal,
            },
            owner=self.name,
        )
        if site and not _SITE.fullmatch(site):
            raise ConfigurationError("site must hold only letters, digits and dashes", param="site", provider=self.name, hint=_SITE_HINT)
        if not item_family.strip():
            raise ConfigurationError(
                "item_family is empty", param="item_family", provider=self.name, hint="pass the id of an item family, or leave it out"
            )
        self._api_key = _checked(api_key, site)
        self._site = site
        self._base_url = base_url
        self._plan: Plan = plan
        api = ChargebeeApi()
        self.customers = ChargebeeCustomers(api)
        self.products = ChargebeeProducts(api, item_family)
        self.prices = ChargebeePrices(api, decimals=multi_decimal)
        self.coupons = ChargebeeCoupons(api)
        self.promotion_codes = ChargebeePromotionCodes(api)
        self.product_features = ChargebeeProductFeatures(api)
        self.payment_methods = ChargebeePaymentMethods(api)
        self.subscriptions = ChargebeeSubscriptions(api)
        self.entitlements = ChargebeeEntitlements(api)
        self.invoices = ChargebeeInvoices(api)
        self.raw = ChargebeeRaw(api)
        super().__init__()

    def base_url(self) -> str:
        """The address of the site, or the `base_url` that you passed. Raises `ConfigurationError` without either."""
        if not self._base_url and not self._site:
            raise missing(self.name, "site", _SITE_IS)
        return self._base_url or f"https://{self._site}.chargebee.com"

    def credentials(self) -> Mapping[str, str]:
        """The API key as basic authentication: the key is the user, the password is empty.

        Raises `ConfigurationError` without a key.
        """
        if not self._api_key:
            raise missing(self.name, "api_key", _KEY)
        return _basic(self._api_key)

    def sandbox_credentials(self) -> Mapping[str, str]:
        """An invented key, which no site has. A simulated vendor never gets a real key."""
        return _basic("test_sandbox")

    def headers(self) -> Mapping[str, str]:
        """The headers of every request. Chargebee answers in JSON only if the request asks for it."""
        return {"accept": "application/json"}

    def limits(self) -> tuple[Limit, ...]:
        """Chargebee's published limits (apidocs.chargebee.com, API limits).

        A test site has 150 requests a minute, a live site what its plan allows. There is none if you pass a `base_url`.
        """
        return () if self._base_url else (Limit(_PER_MINUTE["starter"] if self.live() is False else _PER_MINUTE[self._plan], 60),)

    def live(self) -> bool | None:
        """False for a test site, whose name ends with "-test". Else None, because a `base_url` can lead to any site."""
        return False if self._site.endswith(_TEST_SITE) else None


def _basic(key: str) -> Mapping[str, str]:
    return {"authorization": f"Basic {b64encode(f'{key}:'.encode()).decode()}"}


def _checked(key: str, site: str) -> str:
    """Return the key. Raises `ConfigurationError` if it cannot be of that site. The error shows no part of the key."""
    name = ChargebeeProvider.name
    checked_key(key, provider=name, hint=f"pass {_KEY}", refused=_OTHER_KEYS, also_not=":")
    if key.startswith("live_") and site.endswith(_TEST_SITE):
        raise ConfigurationError(
            "api_key is a key of a live site (live_…), but site is a test site",
            param="api_key",
            provider=name,
            hint=f"pass a key of the test site (test_…), or leave {_TEST_SITE} out of site to use the live site",
        )
    return key
