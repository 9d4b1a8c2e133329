"""Customers at Chargebee. The address and the tax number have an endpoint of their own, and metadata is replaced as a whole."""

from __future__ import annotations

from typing import Any

import msgspec
from billbridge.errors import (
    BillingError,
    InvalidStateError,
    NotFoundError,
    OutcomeUnknownError,
    PartialFailureError,
    ProtocolError,
    ValidationError,
)
from billbridge.flow import Flow, ask, path
from billbridge.model import (
    UNSET,
    CreditAdjustment,
    Customer,
    CustomerPatch,
    CustomerQuery,
    NewCreditAdjustment,
    NewCustomer,
    NewTaxId,
    Page,
    TaxId,
)
from billbridge.services import CustomerService
from billbridge.services.capability import emulated

from billbridge_chargebee import wire
from billbridge_chargebee.api import ChargebeeApi, gone
from billbridge_chargebee.translate import credits, customers, metadata, tax_ids
from billbridge_chargebee.translate.lists import chronological, within


class ChargebeeCustomers(CustomerService):
    """Customers at Chargebee: `/customers`."""

    def __init__(self, api: ChargebeeApi) -> None:
        self._api = api

    def create(self, new: NewCustomer) -> Flow[Customer]:
        body = yield from self._api.post("/customers", customers.creation(new), draft=new)
        return self._customer(body)

    def get(self, id: str) -> Flow[Customer]:
        body = yield from self._api.get(path("/customers/{}", id))
        return self._customer(body)

    @emulated("sends the address first, in a separate request, with the tax number that it would drop; reads and merges the metadata")
    def update(self, id: str, patch: CustomerPatch) -> Flow[Customer]:
        moved = patch.address is not UNSET
        body: bytes | None = None
        present = wire.Customer(id=id)
        if moved or metadata.needs_known(patch.metadata):
            present = yield from self._present(id)
        fields = customers.fields(patch, metadata.values(present.meta_data))
        if patch.address is not UNSET:
            body = yield from self._bill(id, customers.moving(present, patch.address), "address")
        if fields:
            try:
                body = yield from self._api.post(path("/customers/{}", id), fields, draft=patch)
            except BillingError as error:
                if not moved:
                    raise
                unsure = "may not have been" if isinstance(error, OutcomeUnknownError) else "were not"
                raise PartialFailureError(
                    f"the address was changed, but the other fields {unsure}",
                    done=("address",),
                    failed="fields",
                    provider=self._api.provider,
                    hint="read the cause, then call customers.update with the other fields only",
                ) from error
        if body is None:
            return (yield from self.get(id))
        return self._customer(body)

    def delete(self, id: str, *, destroy_history: bool = False) -> Flow[None]:
        if destroy_history is not True:  # a text such as "no" would count as true
            raise ValidationError(
                "chargebee also deletes the customer's subscriptions, invoices and payments for good",
                param="destroy_history",
                provider=self._api.provider,
                hint="pass destroy_history=True if you want that",
            )
        yield from self._api.destroy(path("/customers/{}/delete", id), {"delete_payment_method": False})

    def anonymise(self, id: str) -> Flow[Customer]:
        """Remove personal data.

        Chargebee does it only if all subscriptions are cancelled. The settings of the site say which fields go, and after which delay.
        """
        yield from self._api.post(path("/customers/{}/clear_personal_data", id))
        try:
            return (yield from self.get(id))
        except BillingError as error:
            raise PartialFailureError(
                "the personal data was removed, but the customer could not be read afterwards",
                done=("clear",),
                failed="read",
                provider=self._api.provider,
                hint="call customers.get to read the customer; nothing else is left to do",
            ) from error

    def adjust_credit(self, id: str, adjustment: NewCreditAdjustment) -> Flow[CreditAdjustment]:
        body = yield from self._api.post(*credits.adjusting(id, adjustment))
        raw = self._api.one(body, "promotional_credit")
        return credits.adjustment(self._api.read(wire.PROMOTIONAL_CREDIT, raw), raw)

    @emulated("reads the customer, then sends its address again with the number")
    def add_tax_id(self, id: str, new: NewTaxId) -> Flow[TaxId]:
        """Add a tax number.

        If the customer already has the same number, it is sent again, so that you can repeat the call. Another number raises
        `InvalidStateError`.
        """
        present = yield from self._present(id)
        number = tax_ids.params(new, present.billing_address.country if present.billing_address else None)
        if present.vat_number and present.vat_number != number["vat_number"]:
            raise InvalidStateError(
                "the customer already has a tax number, and chargebee stores only one",
                provider=self._api.provider,
                hint=f"call billing.customers.remove_tax_id(customer, {tax_ids.ID!r}) first",
            )
        body = yield from self._bill(id, customers.taxing(present, number))
        added = tax_ids.tax_id(self._sent(body)[0])
        if added is None:
            raise ProtocolError("chargebee answered without the tax number", provider=self._api.provider, raw=body)
        return added

    @emulated("reads the customer, then sends its address again without the number")
    def remove_tax_id(self, id: str, tax_id: str) -> Flow[None]:
        call = yield from ask()
        present = yield from self._present(id)
        if call.repeats and tax_id == tax_ids.ID and not present.vat_number:
            return  # the first attempt removed the number, and its answer was lost
        if tax_id != tax_ids.ID or not present.vat_number:
            raise NotFoundError(
                "the customer has no such tax number",
                provider=self._api.provider,
                hint=f"pass the id {tax_ids.ID!r}; if you did, the customer has no tax number",
            )
        yield from self._bill(id, customers.taxing(present, {"vat_number": ""}))

    def list(self, query: CustomerQuery) -> Flow[Page[Customer]]:
        filters = {"email": {"is": query.email}, **chronological(query, "created_at")}

        def listed(raw: msgspec.Raw) -> Customer | None:
            sent = self._api.read(wire.CUSTOMER, raw)
            if sent.deleted:
                return None
            found = customers.customer(sent, raw)
            return found if within(query, found.created_at) else None

        return (yield from self._api.page("/customers", "customer", query, filters, listed))

    def _bill(self, id: str, params: dict[str, Any], step: str = "") -> Flow[bytes]:
        return (yield from self._api.post(path("/customers/{}/update_billing_info", id), params, step=step))

    def _present(self, id: str) -> Flow[wire.Customer]:
        body = yield from self._api.get(path("/customers/{}", id))
        return self._sent(body)[0]

    def _customer(self, body: bytes) -> Customer:
        return customers.customer(*self._sent(body))

    def _sent(self, body: bytes) -> tuple[wire.Customer, msgspec.Raw]:
        raw = self._api.one(body, "customer")
        sent = self._api.read(wire.CUSTOMER, raw)
        if sent.deleted:
            raise gone("customer")
        return sent, raw
