"""Payment methods at Chargebee: payment sources, made from tokens of its browser library. Tokens of a payment gateway are not accepted."""

from __future__ import annotations

import msgspec
from billbridge.errors import NotFoundError
from billbridge.flow import Flow, ask, path
from billbridge.model import (
    Customer,
    NewPaymentMethod,
    NewPaymentMethodSetup,
    Page,
    PaymentMethod,
    PaymentMethodQuery,
    PaymentMethodSetup,
)
from billbridge.services import PaymentMethodService
from billbridge.toolkit.timestamps import from_unix

from billbridge_chargebee import wire
from billbridge_chargebee.api import ChargebeeApi, gone
from billbridge_chargebee.translate import customers
from billbridge_chargebee.translate.lists import chronological, within
from billbridge_chargebee.translate.payment_methods import SETUP_PAGE, payment_method, setup


class ChargebeePaymentMethods(PaymentMethodService):
    """Payment methods at Chargebee: `/payment_sources`, and `/hosted_pages` for setups."""

    def __init__(self, api: ChargebeeApi) -> None:
        self._api = api

    def attach(self, customer: str, new: NewPaymentMethod) -> Flow[PaymentMethod]:
        params = {"customer_id": customer, "token_id": new.token, "replace_primary_payment_source": new.make_default}
        body = yield from self._api.post("/payment_sources/create_using_token", params)
        raw = self._api.one(body, "payment_source")
        return payment_method(self._api.read(wire.PAYMENT_SOURCE, raw), raw)

    def get(self, id: str) -> Flow[PaymentMethod]:
        body = yield from self._api.get(path("/payment_sources/{}", id))
        raw = self._api.one(body, "payment_source")
        sent = self._api.read(wire.PAYMENT_SOURCE, raw)
        if sent.deleted:
            raise gone("payment method")
        return payment_method(sent, raw)

    def detach(self, id: str) -> Flow[None]:
        """Detach a payment method.

        Chargebee makes another one the default. Subscriptions that used the detached one use that default.
        """
        yield from self._api.destroy(path("/payment_sources/{}/delete_local", id))

    def set_default(self, customer: str, payment_method: str) -> Flow[Customer]:
        params = {"payment_source_id": payment_method, "role": "primary"}
        body = yield from self._api.post(path("/customers/{}/assign_payment_role", customer), params)
        raw = self._api.one(body, "customer")
        return customers.customer(self._api.read(wire.CUSTOMER, raw), raw)

    def setup(self, customer: str, new: NewPaymentMethodSetup) -> Flow[PaymentMethodSetup]:
        call = yield from ask()
        params = {"customer": {"id": customer}, "redirect_url": new.return_url}
        body = yield from self._api.post(f"/hosted_pages/{SETUP_PAGE}", params)
        raw = self._api.one(body, "hosted_page")
        return setup(self._api.read(wire.HOSTED_PAGE, raw), raw, call.now, customer)

    def get_setup(self, id: str) -> Flow[PaymentMethodSetup]:
        """Get a setup. Chargebee names the customer only after the setup is completed."""
        call = yield from ask()
        body = yield from self._api.get(path("/hosted_pages/{}", id))
        raw = self._api.one(body, "hosted_page")
        sent = self._api.read(wire.HOSTED_PAGE, raw)
        if sent.type not in (None, SETUP_PAGE):
            raise NotFoundError(
                "the hosted page is not for the setup of a payment method",
                provider=self._api.provider,
                type=sent.type,
                hint="pass the id that payment_methods.setup returned",
            )
        return setup(sent, raw, call.now)

    def list(self, query: PaymentMethodQuery) -> Flow[Page[PaymentMethod]]:
        filters = {"customer_id": {"is": query.customer}, **chronological(query, "created_at")}

        def listed(raw: msgspec.Raw) -> PaymentMethod | None:
            sent = self._api.read(wire.PAYMENT_SOURCE, raw)
            return None if sent.deleted or not within(query, from_unix(sent.created_at)) else payment_method(sent, raw)

        owners = [("customer", "customers", query.customer)]
        return (yield from self._api.page("/payment_sources", "payment_source", query, filters, listed, owners))
