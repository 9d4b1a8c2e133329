"""Payment methods at Stripe. An operation takes one to three requests; `translate` says what the fields mean."""

from __future__ import annotations

from typing import Final

import msgspec
from billbridge.errors import BillingError, NotFoundError, OutcomeUnknownError, PartialFailureError, ProtocolError
from billbridge.flow import Flow, ask, path
from billbridge.model import (
    Customer,
    NewPaymentMethod,
    NewPaymentMethodSetup,
    Page,
    PaymentMethod,
    PaymentMethodQuery,
    PaymentMethodSetup,
    SetupWay,
)
from billbridge.services import PaymentMethodService
from billbridge.services.capability import emulated

from billbridge_stripe import wire_payment_methods as wire
from billbridge_stripe.api import StripeApi
from billbridge_stripe.customers import StripeCustomers
from billbridge_stripe.lists import filtered
from billbridge_stripe.translate.payment_methods import payment_method as translated
from billbridge_stripe.translate.setups import EXPAND, from_intent, from_session, new_intent, new_session

_METHOD: Final = msgspec.json.Decoder(wire.PaymentMethod)
_SESSION: Final = msgspec.json.Decoder(wire.Session)
_INTENT: Final = msgspec.json.Decoder(wire.SetupIntent)
_ONE: Final = "/v1/payment_methods/{}"
_SESSIONS: Final = "/v1/checkout/sessions"
_INTENTS: Final = "/v1/setup_intents"


class StripePaymentMethods(PaymentMethodService):
    """Payment methods at Stripe: `/v1/payment_methods`, `/v1/setup_intents` and `/v1/checkout/sessions`.

    The default payment method is in the customer's invoice settings.
    """

    def __init__(self, api: StripeApi, customers: StripeCustomers) -> None:
        self._api = api
        self._customers = customers

    @emulated("creates a payment method from the token, attaches it, then makes it the default in the customer's invoice settings")
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
                yield from self._customers.make_default(customer, attached.id, step="default")
            except BillingError as error:
                raise _half_done(attached.id, error) from error
        return attached

    def get(self, id: str) -> Flow[PaymentMethod]:
        body = yield from self._api.get(path(_ONE, id))
        call = yield from ask()
        return translated(self._api.read(_METHOD, body), body, call.now)

    def detach(self, id: str) -> Flow[None]:
        yield from self._api.post(path("/v1/payment_methods/{}/detach", id))

    def setup(self, customer: str, new: NewPaymentMethodSetup) -> Flow[PaymentMethodSetup]:
        if new.way == SetupWay.HOSTED:
            body = yield from self._api.post(_SESSIONS, new_session(customer, new))
            return from_session(self._api.read(_SESSION, body), body)
        body = yield from self._api.post(_INTENTS, new_intent(customer))
        return from_intent(self._api.read(_INTENT, body), body)

    def get_setup(self, id: str) -> Flow[PaymentMethodSetup]:
        """Get a setup. The id tells its kind: `cs_…` is a Checkout Session, every other id a SetupIntent."""
        if not id.startswith("cs_"):
            body = yield from self._api.get(path(f"{_INTENTS}/{{}}", id))
            return from_intent(self._api.read(_INTENT, body), body)
        body = yield from self._api.get(path(f"{_SESSIONS}/{{}}", id), {"expand": EXPAND})
        found = self._api.read(_SESSION, body)
        if found.mode not in (None, "setup"):
            raise NotFoundError(
                f"the Checkout Session {id} is not for the setup of a payment method",
                provider="stripe",
                status=200,
                raw=body,
                hint="pass the id that payment_methods.setup returned",
            )
        return from_session(found, body)

    def list(self, query: PaymentMethodQuery) -> Flow[Page[PaymentMethod]]:
        """List payment methods. Stripe has no filter by time here, so Billbridge applies it."""
        call = yield from ask()
        where = path("/v1/customers/{}/payment_methods", query.customer)
        return (
            yield from filtered(
                self._api,
                where,
                query,
                {},
                lambda row: translated(self._api.read(_METHOD, row), row, call.now),
                lambda each: _is_wanted(each, query),
            )
        )

    def set_default(self, customer: str, payment_method: str) -> Flow[Customer]:
        return self._customers.make_default(customer, payment_method)


def _is_wanted(found: PaymentMethod, query: PaymentMethodQuery) -> bool:
    made, start, end = found.created_at, query.created_gte, query.created_lt
    if start is None and end is None:
        return True
    return made is not None and (start is None or made >= start) and (end is None or made < end)


def _half_done(id: str, cause: BillingError) -> PartialFailureError:
    unsure = "it may not be" if isinstance(cause, OutcomeUnknownError | ProtocolError) else "it is not"
    error = PartialFailureError(
        f"the payment method {id} is attached, but {unsure} the default",
        done=("attach",),
        failed="default",
        provider="stripe",
        hint=f"call payment_methods.set_default(customer, {id!r}) to finish",
    )
    error.operation = cause.operation
    return error
