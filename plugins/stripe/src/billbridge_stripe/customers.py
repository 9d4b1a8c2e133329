"""Customers at Stripe. The requests only; `translate.customers` says what the fields mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from billbridge.flow import Flow, path
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
from billbridge.services import CustomerService
from billbridge.toolkit.timestamps import from_unix, from_unix_all

from billbridge_stripe import wire_customers as wire
from billbridge_stripe.api import StripeApi
from billbridge_stripe.encode import encode
from billbridge_stripe.lists import created, rows
from billbridge_stripe.translate.customers import EXPAND, changes, credit_adjustment, customer, new_adjustment, new_customer
from billbridge_stripe.translate.search import customer_query
from billbridge_stripe.translate.tax_ids import tax_id

_CUSTOMER: Final = msgspec.json.Decoder(wire.Customer)
_TAX_ID: Final = msgspec.json.Decoder(wire.TaxId)
_ADJUSTMENT: Final = msgspec.json.Decoder(wire.BalanceTransaction)
_FOUND: Final = msgspec.json.Decoder(wire.Found)
_ONE: Final = "/v1/customers/{}"
_ALL: Final = "/v1/customers"
_EXPANDED: Final = encode({"expand": EXPAND})
_LISTED: Final = [f"data.{name}" for name in EXPAND]


class StripeCustomers(CustomerService):
    """Customers at Stripe: `/v1/customers`, with their tax ids and balance transactions."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    def create(self, new: NewCustomer) -> Flow[Customer]:
        body = yield from self._api.post(_ALL, new_customer(new))
        return self._read(body)

    def get(self, id: str) -> Flow[Customer]:
        body = yield from self._api.get(path(_ONE, id), _EXPANDED)
        return self._alive(body)

    def update(self, id: str, patch: CustomerPatch) -> Flow[Customer]:
        body = yield from self._api.post(path(_ONE, id), changes(patch))
        return self._alive(body)

    def delete(self, id: str, *, destroy_history: bool = False) -> Flow[None]:
        yield from self._api.remove(path(_ONE, id))

    def adjust_credit(self, id: str, adjustment: NewCreditAdjustment) -> Flow[CreditAdjustment]:
        body = yield from self._api.post(path("/v1/customers/{}/balance_transactions", id), new_adjustment(adjustment))
        return credit_adjustment(self._api.read(_ADJUSTMENT, body), body)

    def add_tax_id(self, id: str, new: NewTaxId) -> Flow[TaxId]:
        body = yield from self._api.post(path("/v1/customers/{}/tax_ids", id), {"type": new.type, "value": new.value})
        return tax_id(self._api.read(_TAX_ID, body))

    def remove_tax_id(self, id: str, tax_id: str) -> Flow[None]:
        yield from self._api.remove(path("/v1/customers/{}/tax_ids/{}", id, tax_id))

    def search(self, query: CustomerSearch) -> Flow[Page[Customer]]:
        params = {"query": customer_query(query), "expand": _LISTED, "limit": query.page_size, "page": query.cursor}
        body = yield from self._api.get("/v1/customers/search", params)
        found = self._api.read(_FOUND, body)
        return self._page(found.data, found.next_page)

    def list(self, query: CustomerQuery) -> Flow[Page[Customer]]:
        filters = {"email": query.email, **created(query), "expand": _LISTED}
        found, cursor = yield from rows(self._api, _ALL, query, filters)
        return self._page(found, cursor)

    def make_default(self, id: str, payment_method: str, *, step: str = "") -> Flow[Customer]:
        """Make a payment method the default for the customer's invoices."""
        params = {"invoice_settings": {"default_payment_method": payment_method}, "expand": EXPAND}
        body = yield from self._api.post(path(_ONE, id), params, step=step)
        return self._alive(body)

    def _alive(self, body: bytes) -> Customer:
        found = self._api.read(_CUSTOMER, body)
        return customer(found, body, from_unix(found.created))

    def _read(self, body: bytes) -> Customer:
        found = self._api.read(_CUSTOMER, body)
        return customer(found, body, from_unix(found.created))

    def _page(self, found: Sequence[msgspec.Raw], cursor: str | None) -> Page[Customer]:
        sent = self._api.read_all(_CUSTOMER, found)
        created = from_unix_all([each.created for each in sent])
        return Page(items=[*map(customer, sent, found, created)], next_cursor=cursor)
