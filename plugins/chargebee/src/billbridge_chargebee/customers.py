"""Customers at Chargebee. Address and tax number have an endpoint of their own, metadata is replaced as a whole."""

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
    """`billing.customers` on Chargebee."""

    def __init__(self, api: ChargebeeApi) -> None:
        self._api = api

    def create(self, new: NewCustomer) -> Flow[Customer]:
        body = yield from self._api.post("/customers", customers.creation(new))
        return self._customer(body)

    def get(self, id: str) -> Flow[Customer]:
        body = yield from self._api.get(path("/customers/{}", id))
        return self._customer(body)

    @emulated("the address in a request of its own, sent first, with the tax number that it would drop; metadata read and merged")
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
                body = yield from self._api.post(path("/customers/{}", id), fields)
            except BillingError as error:
                if not moved:
                    raise
                unsure = "may not have been" if isinstance(error, OutcomeUnknownError) else "were not"
                raise PartialFailureError(
                    f"the address was changed, the other fields {unsure}",
                    done=("address",),
                    failed="fields",
                    provider=self._api.provider,
                    hint="see the cause, then call again with the other fields only",
                ) from error
        if body is None:
            return (yield from self.get(id))
        return self._customer(body)

    def delete(self, id: str, *, destroy_history: bool = False) -> Flow[None]:
        if destroy_history is not True:  # "no" would be true too
            raise ValidationError(
                "chargebee deletes a customer's subscriptions, invoices and payments too, for good",
                param="destroy_history",
                provider=self._api.provider,
                hint="pass destroy_history=True if that is what you want",
            )
        yield from self._api.destroy(path("/customers/{}/delete", id), {"delete_payment_method": False})

    def anonymise(self, id: str) -> Flow[Customer]:
        """Chargebee does it only when all subscriptions are cancelled, for the fields and after the delay that the site's owner set."""
        yield from self._api.post(path("/customers/{}/clear_personal_data", id))
        try:
            return (yield from self.get(id))
        except BillingError as error:
            raise PartialFailureError(
                "the personal data is cleared, but the customer could not be read afterwards",
                done=("clear",),
                failed="read",
                provider=self._api.provider,
                hint="customers.get shows it; nothing is left to do",
            ) from error

    def adjust_credit(self, id: str, adjustment: NewCreditAdjustment) -> Flow[CreditAdjustment]:
        body = yield from self._api.post(*credits.adjusting(id, adjustment))
        raw = self._api.one(body, "promotional_credit")
        return credits.adjustment(self._api.read(wire.PROMOTIONAL_CREDIT, raw), raw)

    @emulated("the customer is read, and its address sent again with the number")
    def add_tax_id(self, id: str, new: NewTaxId) -> Flow[TaxId]:
        """The same number again is sent again, so that the call can be repeated; only another one is a second."""
        present = yield from self._present(id)
        number = tax_ids.params(new, present.billing_address.country if present.billing_address else None)
        if present.vat_number and present.vat_number != number["vat_number"]:
            raise InvalidStateError(
                "the customer has a tax number already, and chargebee keeps one",
                provider=self._api.provider,
                hint=f"billing.customers.remove_tax_id(customer, {tax_ids.ID!r}) first",
            )
        body = yield from self._bill(id, customers.taxing(present, number))
        added = tax_ids.tax_id(self._sent(body)[0])
        if added is None:
            raise ProtocolError("chargebee answered without the tax number", provider=self._api.provider, raw=body)
        return added

    @emulated("the customer is read, and its address sent again without the number")
    def remove_tax_id(self, id: str, tax_id: str) -> Flow[None]:
        call = yield from ask()
        present = yield from self._present(id)
        if call.repeats and tax_id == tax_ids.ID and not present.vat_number:
            return  # the first attempt removed the number, and its answer was lost
        if tax_id != tax_ids.ID or not present.vat_number:
            raise NotFoundError(
                "the customer has no such tax number", provider=self._api.provider, hint=f"its id is {tax_ids.ID!r} if there is one"
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
