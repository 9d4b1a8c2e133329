"""Stripe's payment methods: flows of one to three requests; what the fields mean is in `translate.payment_methods`."""

from __future__ import annotations

from typing import Final

import msgspec
from billbridge.capability import emulated
from billbridge.errors import BillingError, OutcomeUnknownError, PartialFailureError
from billbridge.flow import Flow, ask, path
from billbridge.model import Customer, NewPaymentMethod, Page, PaymentMethod, PaymentMethodQuery
from billbridge.services import PaymentMethodService

from billbridge_stripe import wire
from billbridge_stripe.api import StripeApi, page_of
from billbridge_stripe.customers import CUSTOMER, ONE
from billbridge_stripe.translate.customers import customer as translated_customer
from billbridge_stripe.translate.payment_methods import payment_method as translated

_METHOD: Final = msgspec.json.Decoder(wire.PaymentMethod)


class StripePaymentMethods(PaymentMethodService):
    """/v1/payment_methods, and the default that a customer's invoice settings name."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    @emulated("a payment method is made of a token, attached to the customer, then named in the customer's invoice settings")
    def attach(self, customer: str, new: NewPaymentMethod) -> Flow[PaymentMethod]:
        id, step = new.token, ""
        if id.startswith("tok_"):
            made = yield from self._api.post("/v1/payment_methods", {"type": "card", "card": {"token": id}})
            id, step = self._api.read(_METHOD, made).id, "attach"
        body = yield from self._api.post(path("/v1/payment_methods/{}/attach", id), {"customer": customer}, step=step)
        call = yield from ask()
        attached = translated(self._api.read(_METHOD, body), body, call.now)
        if new.make_default:
            try:
                yield from self._make_default(customer, attached.id, step="default")
            except BillingError as error:
                raise _half_done(attached.id, error) from error
        return attached

    def list(self, query: PaymentMethodQuery) -> Flow[Page[PaymentMethod]]:
        rows, more = yield from self._api.rows(path("/v1/customers/{}/payment_methods", query.customer), query, {})
        call = yield from ask()
        return page_of([translated(self._api.read(_METHOD, row), row, call.now) for row in rows], more)

    def set_default(self, customer: str, payment_method: str) -> Flow[Customer]:
        body = yield from self._make_default(customer, payment_method)
        return translated_customer(self._api.living(CUSTOMER, body), body)

    def _make_default(self, customer: str, payment_method: str, *, step: str = "") -> Flow[bytes]:
        settings = {"invoice_settings": {"default_payment_method": payment_method}}
        return self._api.post(path(ONE, customer), settings, step=step)


def _half_done(id: str, cause: BillingError) -> PartialFailureError:
    unsure = "it may not be" if isinstance(cause, OutcomeUnknownError) else "it is not"
    error = PartialFailureError(
        f"the payment method {id} is attached, but {unsure} the default",
        done=("attach",),
        failed="default",
        provider="stripe",
        hint=f"payment_methods.set_default(customer, {id!r}) finishes it",
    )
    error.operation = cause.operation
    return error
