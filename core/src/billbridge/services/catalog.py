"""The promises about products and prices."""

from __future__ import annotations

from billbridge.flow import Flow
from billbridge.model import NewPrice, NewProduct, Page, Price, PriceQuery, Product, ProductQuery
from billbridge.services.base import Service


class ProductService(Service):
    """Products: what is sold."""

    resource = "products"

    def create(self, new: NewProduct) -> Flow[Product]:
        """Creates a product.

        Chargebee puts it into an item family, by default one named "billbridge" that is created when it is first needed.
        Raises `DuplicateError` if the id (at Chargebee also the name) is taken.
        """
        self._refuse("create")

    def get(self, id: str) -> Flow[Product]:
        """One product. Raises `NotFoundError`."""
        self._refuse("get")

    def list(self, query: ProductQuery) -> Flow[Page[Product]]:
        """All products that match. Stripe lists the newest first, Chargebee the last updated first (there is no creation time)."""
        self._refuse("list")


class PriceService(Service):
    """Prices: how much a product costs, and how often."""

    resource = "prices"

    def create(self, new: NewPrice) -> Flow[Price]:
        """Creates a recurring price, per unit or flat.

        The amount is exact: what the vendor cannot hold raises `PrecisionError` (Stripe takes up to 12 decimals of a minor unit,
        Chargebee two decimals, none for currencies without minor units). At Stripe a flat price is a convention of ours.
        Raises `DuplicateError` if the id is taken, and at Chargebee if the product has a price in that currency and period.
        """
        self._refuse("create")

    def get(self, id: str) -> Flow[Price]:
        """One price, by the vendor's id (`price.id`). Raises `NotFoundError`."""
        self._refuse("get")

    def list(self, query: PriceQuery) -> Flow[Page[Price]]:
        """All prices that match. Stripe lists the newest first, Chargebee the last updated first (there is no creation time)."""
        self._refuse("list")
