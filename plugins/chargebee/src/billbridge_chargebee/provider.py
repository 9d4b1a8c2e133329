"""The provider: how to reach a Chargebee site and what it can do. Sends nothing itself."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Literal, TypeAlias

from billbridge.errors import ConfigurationError
from billbridge.flow.limiter import Limit
from billbridge.plugins.provider import Provider
from billbridge.services.capability import Feature, Support

from billbridge_chargebee.api import ChargebeeApi
from billbridge_chargebee.coupons import ChargebeeCoupons
from billbridge_chargebee.customers import ChargebeeCustomers
from billbridge_chargebee.invoices import ChargebeeInvoices
from billbridge_chargebee.payment_methods import ChargebeePaymentMethods
from billbridge_chargebee.prices import ChargebeePrices
from billbridge_chargebee.products import ChargebeeProducts
from billbridge_chargebee.promotion_codes import ChargebeePromotionCodes
from billbridge_chargebee.raw import ChargebeeRaw
from billbridge_chargebee.subscriptions import ChargebeeSubscriptions

Plan: TypeAlias = Literal["starter", "performance", "enterprise"]
_PER_MINUTE: Final[Mapping[str, int]] = {"starter": 150, "performance": 1000, "enterprise": 3500}
_SITE: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


class ChargebeeProvider(Provider):
    """Chargebee, Product Catalog 2.0: `Billing(ChargebeeProvider(site="acme-test", api_key="..."))`.

    `site` is the part before .chargebee.com; with a `base_url` (https, or loopback) it is not needed. `item_family` is the id of the item
    family into which new products go; it is created when it is first needed. `plan` is what the site pays Chargebee for: it sets how many
    requests a minute are sent. `multi_decimal` says that the site has multi-decimal pricing: prices are then sent with up to 20 decimals
    (`price_in_decimal`), else in whole minor units. Raises `ConfigurationError` for a key or a site that
    cannot be one; a missing one only matters when a request must carry it.
    """

    name = "chargebee"
    api_version = "v2"
    replay_header = "chargebee-idempotency-replayed"
    replay_window = timedelta(minutes=30)  # apidocs.chargebee.com, idempotency
    request_id_header = "x-request-id"  # none is documented; kept if it comes
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
                Feature.PAYMENT_METHODS_CREATED,
                Feature.PAYMENT_METHODS_OLDEST_FIRST,
                Feature.TRIAL,
                Feature.SUBSCRIPTIONS_CREATED,
                Feature.SUBSCRIPTIONS_OLDEST_FIRST,
                Feature.INVOICES_CREATED,
                Feature.INVOICES_OLDEST_FIRST,
            ),
            Support.NATIVE,
        ),
        Feature.COUPON_PRODUCTS: Support.EMULATED,
    }
    hints: Mapping[str, str] = {
        Feature.CUSTOMER_DESCRIPTION: "keep the note in the metadata",
        Feature.CUSTOMER_SHIPPING: "Chargebee keeps shipping addresses with subscriptions: billing.raw reaches them",
        Feature.CUSTOMER_SEVERAL_TAX_IDS: "a Chargebee customer has one VAT number: pass one",
        Feature.CUSTOMER_REVERSE_CHARGE: "Chargebee decides it by a valid VAT number: give the customer one",
        "customers.search": "billing.customers.list(email=...), or billing.raw.get('/api/v2/customers', ...) with Chargebee's filters",
        Feature.PRICE_PACKAGE: "Chargebee has packages for usage only, on sites that asked for them: billing.raw.post reaches them",
        Feature.PRICE_TIER_FLAT_PLUS_UNIT: "a Chargebee tier has one amount: put the flat amount into a price of its own",
        Feature.PRICE_CURRENCY_OPTIONS: "make a price for each currency",
        Feature.PRICE_METER: "make the product with metered=True: it counts its own usage",
        Feature.PRICE_TAX_BEHAVIOR: "a Chargebee site is set to prices with or without tax as a whole",
        **dict.fromkeys(
            ("meters.create", "meters.get", "meters.archive", "meters.unarchive", "meters.list"),
            "at Chargebee a metered product counts its own usage: products.create(metered=True)",
        ),
        "promotion_codes.update": "Chargebee's coupon codes keep no metadata: the coupon does",
        Feature.PROMOTION_CODE_REUSABLE: "a Chargebee code works once: pass max_redemptions=1, or let customers use the coupon's own id",
        Feature.PROMOTION_CODE_LIMITS: "limit the coupon instead: its codes have no limits of their own",
        Feature.CLIENT_SIDE_SETUP: "Chargebee's browser library makes tokens by itself: payment_methods.attach(customer, token=...)",
        Feature.SEVERAL_ITEMS: "a Chargebee subscription has exactly one plan: create one subscription for each",
        Feature.ALLOW_INCOMPLETE: "Chargebee creates nothing when the first payment fails: attach a payment method that works, then create",
        "raw.delete": "Chargebee deletes with POST: billing.raw.post('/api/v2/.../delete')",
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
        if api_key and not (api_key.isascii() and api_key.isprintable() and " " not in api_key and ":" not in api_key):
            raise ConfigurationError("the API key holds a character that no Chargebee key has", param="api_key", provider=self.name)
        if site and not _SITE.fullmatch(site):
            raise ConfigurationError(
                "a site is letters, digits and dashes: the part before .chargebee.com", param="site", provider=self.name
            )
        if not item_family.strip():
            raise ConfigurationError("item_family is empty", param="item_family", provider=self.name)
        self._api_key = api_key
        self._site = site
        self._base_url = base_url
        self._plan: Plan = plan
        api = ChargebeeApi()
        self.customers = ChargebeeCustomers(api)
        self.products = ChargebeeProducts(api, item_family)
        self.prices = ChargebeePrices(api, decimals=multi_decimal)
        self.coupons = ChargebeeCoupons(api)
        self.promotion_codes = ChargebeePromotionCodes(api)
        self.payment_methods = ChargebeePaymentMethods(api)
        self.subscriptions = ChargebeeSubscriptions(api)
        self.invoices = ChargebeeInvoices(api)
        self.raw = ChargebeeRaw(api)
        super().__init__()

    def base_url(self) -> str:
        """The site's address, or the one that was given."""
        if not self._base_url and not self._site:
            raise ConfigurationError(
                "chargebee needs the site", param="site", provider=self.name, hint="the part before .chargebee.com, such as acme-test"
            )
        return self._base_url or f"https://{self._site}.chargebee.com"

    def credentials(self) -> Mapping[str, str]:
        """Basic authentication: the key is the user, the password is empty."""
        if not self._api_key:
            raise ConfigurationError("chargebee needs an API key", param="api_key", provider=self.name)
        return _basic(self._api_key)

    def sandbox_credentials(self) -> Mapping[str, str]:
        """The same with a key that no site has."""
        return _basic("test_sandbox")

    def headers(self) -> Mapping[str, str]:
        """Chargebee answers in JSON only if it is asked to."""
        return {"accept": "application/json"}

    def limits(self) -> tuple[Limit, ...]:
        """Chargebee's published limits (apidocs.chargebee.com, API limits): 150 requests a minute on test sites, on live ones by the site's
        plan; none for another `base_url`."""
        return () if self._base_url else (Limit(_PER_MINUTE["starter"] if self.live() is False else _PER_MINUTE[self._plan], 60),)

    def live(self) -> bool | None:
        """False for a test site, whose name ends with "-test". Else None: behind a `base_url` of your own there can be anything."""
        return False if self._site.endswith("-test") else None


def _basic(key: str) -> Mapping[str, str]:
    return {"authorization": f"Basic {b64encode(f'{key}:'.encode()).decode()}"}
