"""The promise about customers."""

from __future__ import annotations

from billbridge.flow import Flow
from billbridge.model import (
    CreditAdjustment,
    Customer,
    CustomerPatch,
    CustomerQuery,
    CustomerSearch,
    NewCreditAdjustment,
    NewCustomer,
    NewTaxId,
    Page,
    TaxId,
)
from billbridge.services.base import Service


class CustomerService(Service):
    """Customers: who is billed."""

    resource = "customers"

    def create(self, new: NewCustomer) -> Flow[Customer]:
        """Creates a customer.

        Chargebee keeps first and last names apart. Billbridge splits a name at its last space and joins it again on reading. So
        Chargebee does not keep outer or repeated spaces; Stripe does.
        Raises `DuplicateError` if the chosen id exists, `ValidationError` for what the vendor does not accept.
        """
        self._refuse("create")

    def get(self, id: str) -> Flow[Customer]:
        """One customer. Raises `NotFoundError`, with `deleted` true if the vendor says that it was deleted."""
        self._refuse("get")

    def update(self, id: str, patch: CustomerPatch) -> Flow[Customer]:
        """Updates a customer. Fields you leave out are unchanged; pass None to clear one. Metadata is merged key by key.

        Chargebee takes the address in a separate request, which replaces the tax number too. It also replaces metadata as a whole. So
        Billbridge reads the customer first, and a change that somebody else makes in between is lost. If the second request fails,
        `PartialFailureError` names what was done; the vendor's error is its cause. At Chargebee the country of the address decides the
        type of tax number. Remove the number before you change the country, else `InvalidStateError` is raised and nothing is written.
        """
        self._refuse("update")

    def delete(self, id: str, *, destroy_history: bool = False) -> Flow[None]:
        """Deletes a customer. The consequences are the vendors' own, and very different.

        Stripe cancels the subscriptions at once and keeps the invoices. Chargebee destroys subscriptions, invoices and payments
        for good, within minutes: it needs `destroy_history=True`, else `ValidationError` and nothing is sent. The card stays in the
        vault of the payment gateway either way. Raises `NotFoundError`.
        """
        self._refuse("delete")

    def anonymise(self, id: str) -> Flow[Customer]:
        """Removes what names a person (name, e-mail, phone, company, address) and keeps the invoices. It cannot be undone.

        Chargebee only, and only when every subscription is cancelled; which fields go, and when, the site's settings say (its product
        documentation, "Personal data management"). Stripe does that on request, or as a consequence of `delete`.
        Raises `NotFoundError`, `InvalidStateError`.
        """
        self._refuse("anonymise")

    def adjust_credit(self, id: str, adjustment: NewCreditAdjustment) -> Flow[CreditAdjustment]:
        """Adjusts a customer's credit: a positive amount adds, a negative one removes. The next invoices in that currency use it.

        The sign is the same on every vendor. Stripe lets it go below zero, and asks for the difference with the next invoice; Chargebee
        refuses to take more than there is (`ValidationError` or `InvalidStateError`). Raises `NotFoundError`.
        """
        self._refuse("adjust_credit")

    def add_tax_id(self, id: str, new: NewTaxId) -> Flow[TaxId]:
        """Adds a tax number. Chargebee has one VAT number per customer: a second raises `InvalidStateError`, nothing is overwritten.

        Raises `ValidationError` for a type or number that the vendor does not accept, `NotFoundError`.
        """
        self._refuse("add_tax_id")

    def remove_tax_id(self, id: str, tax_id: str) -> Flow[None]:
        """Removes a tax number, by its `id` (of `customer.tax_ids`). Raises `NotFoundError`, also the second time."""
        self._refuse("remove_tax_id")

    def search(self, query: CustomerSearch) -> Flow[Page[Customer]]:
        """All customers that match, in no promised order. Stripe only, from an index that lags behind (up to a minute, in outages longer).

        Never look there for what was just written.
        """
        self._refuse("search")

    def list(self, query: CustomerQuery) -> Flow[Page[Customer]]:
        """All customers that match, newest first, without deleted ones."""
        self._refuse("list")
