"""The operations on prices, and on the meters that count usage for metered prices."""

from __future__ import annotations

from billbridge.flow import Flow
from billbridge.model import Meter, MeterQuery, NewMeter, NewPrice, Page, Price, PricePatch, PriceQuery
from billbridge.services.base import Service


class PriceService(Service):
    """Prices: how much a product costs, and how often."""

    resource = "prices"

    def create(self, new: NewPrice) -> Flow[Price]:
        """Create a price.

        Billbridge never rounds an amount. An amount that the vendor cannot store exactly raises `PrecisionError`. Stripe takes up to 12
        decimals of a minor unit. Chargebee takes two decimals, and none for currencies without minor units; with the option `multi_decimal`
        it takes more.

        Stripe has no flat prices, so Billbridge marks them in the metadata. It also has no stairstep, so Billbridge sends volume tiers with
        flat amounts only. A price that the vendor's pricing models cannot express raises `UnsupportedOperationError` before anything is
        sent.

        A Chargebee item has one price for each currency and period. For the next one, Billbridge creates a price variant, which all
        products share.

        Raises `DuplicateError` if the id that you chose exists, and `NotFoundError` for an unknown product.
        """
        self._refuse("create")

    def get(self, id: str) -> Flow[Price]:
        """Get one price with its tiers, by the vendor's id (`price.id`). Raises `NotFoundError`."""
        self._refuse("get")

    def update(self, id: str, patch: PricePatch) -> Flow[Price]:
        """Update a price. Fields you leave out are unchanged. Pass None to clear one.

        An amount cannot change. Raises `NotFoundError`.
        """
        self._refuse("update")

    def archive(self, id: str) -> Flow[Price]:
        """Archive a price: no new subscription can use it, and present subscriptions go on.

        You can repeat the call. Raises `NotFoundError`.
        """
        self._refuse("archive")

    def unarchive(self, id: str) -> Flow[Price]:
        """Make an archived price active again. Raises `NotFoundError`."""
        self._refuse("unarchive")

    def delete(self, id: str) -> Flow[None]:
        """Delete a price that nothing uses. Stripe has no such operation.

        Raises `NotFoundError` and `InvalidStateError`.
        """
        self._refuse("delete")

    def list(self, query: PriceQuery) -> Flow[Page[Price]]:
        """List prices with their tiers. Stripe lists the newest first, Chargebee the last updated first.

        Raises `NotFoundError` for an unknown `product`.
        """
        self._refuse("list")


class MeterService(Service):
    """Meters: what counts usage. Chargebee has none, because a metered product counts its own usage there."""

    resource = "meters"

    def create(self, new: NewMeter) -> Flow[Meter]:
        """Create a meter, for `prices.create(usage_type="metered", meter=meter.id)`.

        Raises `DuplicateError` or `ValidationError`.
        """
        self._refuse("create")

    def get(self, id: str) -> Flow[Meter]:
        """Get one meter. Raises `NotFoundError`."""
        self._refuse("get")

    def archive(self, id: str) -> Flow[Meter]:
        """Archive a meter, so that it counts no more usage.

        A price with an archived meter cannot be sold. You can repeat the call. Raises `NotFoundError`.
        """
        self._refuse("archive")

    def unarchive(self, id: str) -> Flow[Meter]:
        """Make an archived meter count again. You can repeat the call. Raises `NotFoundError`."""
        self._refuse("unarchive")

    def list(self, query: MeterQuery) -> Flow[Page[Meter]]:
        """List meters, newest first."""
        self._refuse("list")
