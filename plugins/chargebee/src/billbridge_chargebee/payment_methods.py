"""Payment methods at Chargebee: payment sources, made from tokens of its browser library. No gateway's own token is taken."""

from __future__ import annotations

import msgspec
from billbridge.flow import Flow, path
from billbridge.model import Customer, NewPaymentMethod, Page, PaymentMethod, PaymentMethodQuery
from billbridge.services import PaymentMethodService

from billbridge_chargebee import wire
from billbridge_chargebee.api import ChargebeeApi
from billbridge_chargebee.translate import customers
from billbridge_chargebee.translate.payment_methods import payment_method


class ChargebeePaymentMethods(PaymentMethodService):
    """`billing.payment_methods` on Chargebee."""

    def __init__(self, api: ChargebeeApi) -> None:
        self._api = api

    def attach(self, customer: str, new: NewPaymentMethod) -> Flow[PaymentMethod]:
        params = {"customer_id": customer, "token_id": new.token, "replace_primary_payment_source": new.make_default}
        body = yield from self._api.post("/payment_sources/create_using_token", params)
        raw = self._api.one(body, "payment_source")
        return payment_method(self._api.read(wire.PAYMENT_SOURCE, raw), raw)

    def list(self, query: PaymentMethodQuery) -> Flow[Page[PaymentMethod]]:
        filters = {"customer_id": {"is": query.customer}, "sort_by": {"desc": "created_at"}}
        return (yield from self._api.page("/payment_sources", "payment_source", query, filters, self._listed))

    def set_default(self, customer: str, payment_method: str) -> Flow[Customer]:
        params = {"payment_source_id": payment_method, "role": "primary"}
        body = yield from self._api.post(path("/customers/{}/assign_payment_role", customer), params)
        raw = self._api.one(body, "customer")
        return customers.customer(self._api.read(wire.CUSTOMER, raw), raw)

    def _listed(self, raw: msgspec.Raw) -> PaymentMethod | None:
        sent = self._api.read(wire.PAYMENT_SOURCE, raw)
        return None if sent.deleted else payment_method(sent, raw)
