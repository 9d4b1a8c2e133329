"""The operations on customers."""

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
    """Customers: the people and companies that you bill."""

    resource = "customers"

    def create(self, new: NewCustomer) -> Flow[Customer]:
        """Create a customer.

        Chargebee stores first and last names separately. Billbridge splits a name at its last space and joins it again when it reads the
        customer. So Chargebee does not keep outer or repeated spaces; Stripe does.

        Raises `DuplicateError` if the id that you chose exists, and `ValidationError` for values that the vendor does not accept.
        """
        self._refuse("create")

    def get(self, id: str) -> Flow[Customer]:
        """Get one customer.

        Raises `NotFoundError`. Its `deleted` is true if the vendor says that the customer was deleted.
        """
        self._refuse("get")

    def update(self, id: str, patch: CustomerPatch) -> Flow[Customer]:
        """Update a customer. Fields you leave out are unchanged. Pass None to clear one.

        `metadata` is merged key by key.

        Chargebee takes the address in a separate request, which also replaces the tax number. It also replaces metadata as a whole. So
        Billbridge reads the customer first, and a change that somebody else makes in between is lost. If the second request fails,
        `PartialFailureError` says what was done; its cause is the vendor's error.

        At Chargebee, the country of the address decides the type of the tax number. Remove the number before you change the country.
        Otherwise `InvalidStateError` is raised and nothing is written.

        Raises `NotFoundError`, and `ValidationError` for values that the vendor does not accept.
        """
        self._refuse("update")

    def delete(self, id: str, *, destroy_history: bool = False) -> Flow[None]:
        """Delete a customer. The consequences differ between the vendors.

        Stripe cancels the subscriptions at once and keeps the invoices. Chargebee destroys subscriptions, invoices and payments for good,
        within minutes. So Chargebee needs `destroy_history=True`; without it, `ValidationError` is raised and nothing is sent. On both
        vendors the card stays in the vault of the payment gateway.

        Raises `NotFoundError`.
        """
        self._refuse("delete")

    def anonymise(self, id: str) -> Flow[Customer]:
        """Remove personal data (name, e-mail, phone, company, address) and keep the invoices. You cannot undo it.

        Only Chargebee has this operation, and only if every subscription is cancelled. The settings of the site say which fields go, and
        when (see "Personal data management" in Chargebee's product documentation). Stripe removes personal data on request, or as a
        consequence of `delete`.

        Raises `NotFoundError`, and `InvalidStateError` if a subscription is not cancelled.
        """
        self._refuse("anonymise")

    def adjust_credit(self, id: str, adjustment: NewCreditAdjustment) -> Flow[CreditAdjustment]:
        """Adjust a customer's credit. A positive amount adds credit, a negative amount removes it.

        The next invoices in that currency use the credit. The sign is the same on every vendor. At Stripe the credit can go below zero, and
        the next invoice collects the difference. Chargebee does not take more than there is: it raises `ValidationError` or
        `InvalidStateError`.

        Raises `NotFoundError`, and `PrecisionError` for an amount that the vendor cannot store exactly.
        """
        self._refuse("adjust_credit")

    def add_tax_id(self, id: str, new: NewTaxId) -> Flow[TaxId]:
        """Add a tax number to a customer.

        Chargebee stores one VAT number for each customer. A second one raises `InvalidStateError` and nothing is overwritten.

        Raises `NotFoundError`, and `ValidationError` for a type or number that the vendor does not accept.
        """
        self._refuse("add_tax_id")

    def remove_tax_id(self, id: str, tax_id: str) -> Flow[None]:
        """Remove a tax number by its `id` (see `customer.tax_ids`).

        Raises `NotFoundError`, also if you remove it a second time.
        """
        self._refuse("remove_tax_id")

    def search(self, query: CustomerSearch) -> Flow[Page[Customer]]:
        """Search customers. The order is not defined.

        Only Stripe has this operation. Its search index lags behind by up to a minute, and longer during outages. So do not search for a
        customer that you have just written.
        """
        self._refuse("search")

    def list(self, query: CustomerQuery) -> Flow[Page[Customer]]:
        """List customers, newest first. Deleted customers are not listed."""
        self._refuse("list")
