"""The promises about products."""

from __future__ import annotations

from billbridge.flow import Flow
from billbridge.model import NewProduct, Page, Product, ProductPatch, ProductQuery
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

    def update(self, id: str, patch: ProductPatch) -> Flow[Product]:
        """Changes the fields that are given; None clears one. Metadata is merged key by key (at Chargebee it is read first).

        Raises `NotFoundError`.
        """
        self._refuse("update")

    def archive(self, id: str) -> Flow[Product]:
        """Takes a product off the shelf: it cannot be sold any more, and subscriptions to it go on. Archiving again changes nothing."""
        self._refuse("archive")

    def unarchive(self, id: str) -> Flow[Product]:
        """Puts an archived product back."""
        self._refuse("unarchive")

    def delete(self, id: str) -> Flow[None]:
        """Deletes a product that nothing uses.

        Stripe refuses one that has, or ever had, prices; Chargebee one that subscriptions use (one that was used once it archives
        instead: `get` shows it). Raises `InvalidStateError` or `ValidationError` then, and `NotFoundError`.
        """
        self._refuse("delete")

    def list(self, query: ProductQuery) -> Flow[Page[Product]]:
        """All products that match. Stripe lists the newest first, Chargebee the last updated first (there is no creation time)."""
        self._refuse("list")
