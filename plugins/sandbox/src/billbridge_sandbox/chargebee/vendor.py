"""The simulated Chargebee's front door: authentication, routing, idempotency, errors. It knows no resource.

Any non-empty API key is accepted, as the user name of Basic authentication with an empty password. Choices where the vendor's documents
are silent: only successful answers are remembered for an idempotency key; the same key with another path or other parameters is 400
`invalid_request`; parameters that no endpoint knows are ignored and put down in `ChargebeeVendor.ignored_params`.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from hashlib import sha256

from billbridge_sandbox.chargebee.api.errors import Refusal, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask
from billbridge_sandbox.chargebee.billing import credit_notes, credits, invoices, unbilled_charges, usages
from billbridge_sandbox.chargebee.catalog import item_families, item_prices, items, price_variants
from billbridge_sandbox.chargebee.coupons import coupon_codes, coupons
from billbridge_sandbox.chargebee.customers import customers, erasure
from billbridge_sandbox.chargebee.endpoints import configurations
from billbridge_sandbox.chargebee.features import entitlements, features, subscription_entitlements
from billbridge_sandbox.chargebee.payments import hosted_pages, payment_intents, payment_sources, payments
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.subscriptions import (
    billing_profile,
    cancellations,
    deletion,
    pausing,
    reactivation,
    scheduled_changes,
    subscription_changes,
    subscriptions,
)
from billbridge_sandbox.kernel.clock import Clock
from billbridge_sandbox.kernel.forms import parse_pairs
from billbridge_sandbox.kernel.http import Answer, Call, Router, json_answer
from billbridge_sandbox.kernel.idempotency import Replays
from billbridge_sandbox.kernel.ids import Ids

_MODULES = (
    configurations,
    coupon_codes,
    coupons,
    credits,
    credit_notes,
    unbilled_charges,
    customers,
    erasure,
    hosted_pages,
    item_families,
    items,
    item_prices,
    price_variants,
    payment_intents,
    payment_sources,
    subscriptions,
    subscription_changes,
    scheduled_changes,
    billing_profile,
    cancellations,
    deletion,
    pausing,
    reactivation,
    invoices,
    payments,
    usages,
    features,
    entitlements,
    subscription_entitlements,
)
_PREFIX = "/api/v2"
_ROUTER = Router((method, _PREFIX + path, (path, handler)) for module in _MODULES for method, path, handler in module.ROUTES)
_KEY_HEADER = "chargebee-idempotency-key"
_REPLAY_HEADER = "chargebee-idempotency-replayed"
_WINDOW_SECONDS = 30 * 60
_FORM = "application/x-www-form-urlencoded"


class ChargebeeVendor:
    """The simulated Chargebee: every path under `/api/v2/`.

    `site` is its state and settings; `ignored_params` lists "METHOD /path name" for every parameter that nothing read, each once.
    """

    prefix = f"{_PREFIX}/"

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self.site = Site(clock, ids)
        self.ignored_params: list[str] = []
        self._replays = Replays(_WINDOW_SECONDS, clock)

    def handle(self, call: Call) -> Answer:
        """Answer one call; every error of the vendor is an answer too."""
        try:
            _check_key(call)
            return self._once(call) if call.method == "POST" else self._answer(call)
        except Refusal as refusal:
            return refusal.answer()

    def complete_hosted_page(self, id: str, token: str) -> None:
        """Complete a page of `manage_payment_sources`, as the customer would: add the source of the test token. Raises Refusal."""
        hosted_pages.complete(self.site, id, token)

    def authorize_payment_intent(self, id: str, token: str) -> None:
        """Authorize a payment intent, as the customer would in the browser, with the source of the test token. Raises Refusal."""
        payment_intents.authorize(self.site, id, token)

    def _once(self, call: Call) -> Answer:
        """Answer a POST, or replay the answer that its idempotency key was given within the last 30 minutes."""
        key = call.headers.get(_KEY_HEADER)
        if key is None:
            return self._answer(call)
        if not 0 < len(key) <= 100:
            raise wrong_value(_KEY_HEADER, "should have 1 to 100 characters")
        fingerprint = sha256(repr((call.path, sorted(parse_pairs(call)))).encode()).hexdigest()
        known = self._replays.get(key)
        if known is None:
            answer = self._answer(call)
            self._replays.put(key, fingerprint, answer)
            return answer
        if known[0] != fingerprint:
            raise Refusal(400, "invalid_request", "This idempotency key was used for another request")
        return Answer(known[1].status, {**known[1].headers, _REPLAY_HEADER: "true"}, known[1].body)

    def _answer(self, call: Call) -> Answer:
        found = _ROUTER.match(call.method, call.path)
        if found is None:
            if _ROUTER.allowed(call.path):
                raise Refusal(405, "http_method_not_supported", f"{call.method} is not supported here")
            raise Refusal(404, "resource_not_found", "There is nothing at this path")
        if call.body and not call.headers.get("content-type", _FORM).startswith(_FORM):
            raise Refusal(400, "invalid_request", f"The body should be {_FORM}")
        (route, handler), ids = found
        ask = Ask(parse_pairs(call), ids, route)
        body = handler(self.site, ask)
        for name in ask.ignored():
            line = f"{call.method} {route} {name}"
            if line not in self.ignored_params:
                self.ignored_params.append(line)
        return json_answer(200, body)


def _check_key(call: Call) -> None:
    scheme, _, credentials = call.headers.get("authorization", "").partition(" ")
    try:
        user, colon, password = b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        user = colon = password = ""
    if scheme.lower() != "basic" or not user or not colon or password:
        raise Refusal(401, "api_authentication_failed", "The API key is missing or not valid", type=None)
