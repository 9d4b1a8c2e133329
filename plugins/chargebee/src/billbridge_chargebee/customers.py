"""Customers at Chargebee. The address has an endpoint of its own, and metadata is replaced as a whole."""

from __future__ import annotations

import msgspec
from billbridge.capability import emulated
from billbridge.errors import BillingError, NotFoundError, OutcomeUnknownError, PartialFailureError, ValidationError
from billbridge.flow import Flow, path
from billbridge.model import UNSET, Customer, CustomerPatch, CustomerQuery, NewCustomer, Page
from billbridge.services import CustomerService

from billbridge_chargebee import wire
from billbridge_chargebee.api import ChargebeeApi, gone
from billbridge_chargebee.translate import customers, metadata


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

    @emulated("the address in a request of its own, sent first; metadata read and merged before it is replaced")
    def update(self, id: str, patch: CustomerPatch) -> Flow[Customer]:
        known: dict[str, msgspec.Raw] = {}
        body: bytes | None = None
        if isinstance(patch.metadata, dict) and patch.metadata:
            body = yield from self._api.get(path("/customers/{}", id))
            known = metadata.values(self._sent(body)[0].meta_data)
        fields = customers.fields(patch, known)
        moved = patch.address is not UNSET
        if patch.address is not UNSET:
            params = customers.billing_info(patch.address)
            body = yield from self._api.post(path("/customers/{}/update_billing_info", id), params, step="address")
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
        if not destroy_history:
            raise ValidationError(
                "chargebee deletes a customer's subscriptions, invoices and payments too, for good",
                param="destroy_history",
                provider=self._api.provider,
                hint="pass destroy_history=True if that is what you want",
            )
        try:
            yield from self._api.post(path("/customers/{}/delete", id), {"delete_payment_method": False})
        except NotFoundError as error:
            if not error.answer_lost_before:
                raise

    def list(self, query: CustomerQuery) -> Flow[Page[Customer]]:
        filters = {"email": {"is": query.email}, "sort_by": {"desc": "created_at"}}
        return (yield from self._api.page("/customers", "customer", query, filters, self._listed))

    def _customer(self, body: bytes) -> Customer:
        return customers.customer(*self._sent(body))

    def _sent(self, body: bytes) -> tuple[wire.Customer, msgspec.Raw]:
        raw = self._api.one(body, "customer")
        sent = self._api.read(wire.CUSTOMER, raw)
        if sent.deleted:
            raise gone("customer")
        return sent, raw

    def _listed(self, raw: msgspec.Raw) -> Customer | None:
        sent = self._api.read(wire.CUSTOMER, raw)
        return None if sent.deleted else customers.customer(sent, raw)
