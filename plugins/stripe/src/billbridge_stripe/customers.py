"""Stripe's customers: thin flows; what the fields mean is in `translate.customers`."""

from __future__ import annotations

from typing import Final

import msgspec
from billbridge.errors import NotFoundError
from billbridge.flow import Flow, path
from billbridge.model import Customer, CustomerPatch, CustomerQuery, NewCustomer, Page
from billbridge.services import CustomerService

from billbridge_stripe import wire
from billbridge_stripe.api import StripeApi, page_of
from billbridge_stripe.translate.customers import changes, customer, new_customer

CUSTOMER: Final = msgspec.json.Decoder(wire.Customer)
ONE: Final = "/v1/customers/{}"
_ALL: Final = "/v1/customers"


class StripeCustomers(CustomerService):
    """/v1/customers."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    def create(self, new: NewCustomer) -> Flow[Customer]:
        body = yield from self._api.post(_ALL, new_customer(new))
        return customer(self._api.read(CUSTOMER, body), body)

    def get(self, id: str) -> Flow[Customer]:
        body = yield from self._api.get(path(ONE, id))
        return customer(self._api.living(CUSTOMER, body), body)

    def update(self, id: str, patch: CustomerPatch) -> Flow[Customer]:
        body = yield from self._api.post(path(ONE, id), changes(patch))
        return customer(self._api.living(CUSTOMER, body), body)

    def delete(self, id: str, *, destroy_history: bool = False) -> Flow[None]:
        try:
            yield from self._api.delete(path(ONE, id))
        except NotFoundError as error:
            if not error.answer_lost_before:
                raise

    def list(self, query: CustomerQuery) -> Flow[Page[Customer]]:
        rows, more = yield from self._api.rows(_ALL, query, {"email": query.email})
        return page_of([customer(self._api.read(CUSTOMER, row), row) for row in rows], more)
