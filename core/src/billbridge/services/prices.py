"""The promises about prices, and about the meters that count for metered ones."""

from __future__ import annotations

from billbridge.flow import Flow
from billbridge.model import Meter, MeterQuery, NewMeter, NewPrice, Page, Price, PricePatch, PriceQuery
from billbridge.services.base import Service


class PriceService(Service):
    """Prices: how much a product costs, and how often."""

    resource = "prices"

    def create(self, new: NewPrice) -> Flow[Price]:
        """Creates a price.

        The amount is exact: what the vendor cannot hold raises `PrecisionError` (Stripe takes up to 12 decimals of a minor unit,
        Chargebee two decimals, none for currencies without minor units; more only with its option `multi_decimal`). At Stripe flat
        prices are a convention of ours, and a stairstep is volume tiers with flat amounts only. What a vendor's model of pricing has no
        place for raises `UnsupportedOperationError` before anything is sent.
        Raises `DuplicateError` if the id is taken, and at Chargebee if the product has a price in that currency and period.
        """
        self._refuse("create")

    def get(self, id: str) -> Flow[Price]:
        """One price, by the vendor's id (`price.id`), with its tiers. Raises `NotFoundError`."""
        self._refuse("get")

    def update(self, id: str, patch: PricePatch) -> Flow[Price]:
        """Changes the fields that are given; None clears one. Amounts never change. Raises `NotFoundError`."""
        self._refuse("update")

    def archive(self, id: str) -> Flow[Price]:
        """Takes a price off the shelf: nothing new is sold at it, and subscriptions go on. Archiving again changes nothing."""
        self._refuse("archive")

    def unarchive(self, id: str) -> Flow[Price]:
        """Puts an archived price back."""
        self._refuse("unarchive")

    def delete(self, id: str) -> Flow[None]:
        """Deletes a price that nothing uses. Stripe has no such operation. Raises `NotFoundError`, `InvalidStateError`."""
        self._refuse("delete")

    def list(self, query: PriceQuery) -> Flow[Page[Price]]:
        """All prices that match, with their tiers. Stripe lists the newest first, Chargebee the last updated first."""
        self._refuse("list")


class MeterService(Service):
    """Meters: what counts usage. At Chargebee a metered product counts its own, so there are none."""

    resource = "meters"

    def create(self, new: NewMeter) -> Flow[Meter]:
        """Creates a meter, for `prices.create(usage_type="metered", meter=meter.id)`. Raises `DuplicateError` or `ValidationError`."""
        self._refuse("create")

    def get(self, id: str) -> Flow[Meter]:
        """One meter. Raises `NotFoundError`."""
        self._refuse("get")

    def archive(self, id: str) -> Flow[Meter]:
        """Stops counting: a price of an archived meter cannot be sold. Archiving it again changes nothing."""
        self._refuse("archive")

    def unarchive(self, id: str) -> Flow[Meter]:
        """Counts again."""
        self._refuse("unarchive")

    def list(self, query: MeterQuery) -> Flow[Page[Meter]]:
        """All meters, the newest first."""
        self._refuse("list")
