"""The operations on products."""

from __future__ import annotations

from billbridge.flow import Flow
from billbridge.model import NewProduct, Page, Product, ProductPatch, ProductQuery
from billbridge.services.base import Service


class ProductService(Service):
    """Products: what you sell."""

    resource = "products"

    def create(self, new: NewProduct) -> Flow[Product]:
        """Create a product. Several products can have the same name.

        Chargebee puts it into an item family. The default family is named "billbridge" and is created when it is first needed. Names of
        items are unique in a Chargebee site. If the name is taken, Billbridge adds the id to the internal name there; customers see the
        name that you passed.

        Raises `DuplicateError` if the id that you chose exists.
        """
        self._refuse("create")

    def get(self, id: str) -> Flow[Product]:
        """Get one product. Raises `NotFoundError`."""
        self._refuse("get")

    def update(self, id: str, patch: ProductPatch) -> Flow[Product]:
        """Update a product. Fields you leave out are unchanged. Pass None to clear one.

        `metadata` is merged key by key. Chargebee replaces metadata as a whole, so Billbridge reads the product first there.

        Raises `NotFoundError`.
        """
        self._refuse("update")

    def archive(self, id: str) -> Flow[Product]:
        """Archive a product: it cannot be sold any more, and present subscriptions go on.

        You can repeat the call. Raises `NotFoundError`.
        """
        self._refuse("archive")

    def unarchive(self, id: str) -> Flow[Product]:
        """Make an archived product active again. Raises `NotFoundError`."""
        self._refuse("unarchive")

    def delete(self, id: str) -> Flow[None]:
        """Delete a product that nothing uses.

        Stripe does not delete a product that has, or ever had, prices. Chargebee does not delete a product that has prices or
        subscriptions. If a product was used in the past, Chargebee archives it instead, and `get` still returns it.

        Raises `NotFoundError`, and `InvalidStateError` if the product has prices. Chargebee raises `InvalidStateError` or `ValidationError`
        for a product in use.
        """
        self._refuse("delete")

    def list(self, query: ProductQuery) -> Flow[Page[Product]]:
        """List products. Stripe lists the newest first; Chargebee, which stores no creation time, the last updated first."""
        self._refuse("list")
