"""The promise about customers."""

from __future__ import annotations

from billbridge.flow import Flow
from billbridge.model import Customer, CustomerPatch, CustomerQuery, NewCustomer, Page
from billbridge.services.base import Service


class CustomerService(Service):
    """Customers: who is billed."""

    resource = "customers"

    def create(self, new: NewCustomer) -> Flow[Customer]:
        """Creates a customer.

        Chargebee keeps first and last names apart: a name is split at its last space, and joined again on reading, so spaces around it,
        or several in a row, are not kept there as they are at Stripe.
        Raises `DuplicateError` if the chosen id exists, `ValidationError` for what the vendor does not accept.
        """
        self._refuse("create")

    def get(self, id: str) -> Flow[Customer]:
        """One customer. Raises `NotFoundError`, with `deleted` true if the vendor says that it was deleted."""
        self._refuse("get")

    def update(self, id: str, patch: CustomerPatch) -> Flow[Customer]:
        """Changes the fields that are given; None clears one. Metadata is merged key by key.

        Chargebee takes the address in a request of its own, sent first, and replaces metadata as a whole, so that is read first
        (a change made by somebody else between the two is lost). If a later request fails after one took effect,
        `PartialFailureError` says which; the vendor's error is its cause.
        """
        self._refuse("update")

    def delete(self, id: str, *, destroy_history: bool = False) -> Flow[None]:
        """Deletes a customer. The consequences are the vendors' own, and very different.

        Stripe cancels the subscriptions at once and keeps the invoices. Chargebee destroys subscriptions, invoices and payments
        for good, within minutes: it needs `destroy_history=True`, else `ValidationError` and nothing is sent. The card stays in the
        vault of the payment gateway either way. Raises `NotFoundError`.
        """
        self._refuse("delete")

    def list(self, query: CustomerQuery) -> Flow[Page[Customer]]:
        """All customers that match, newest first, without deleted ones."""
        self._refuse("list")
