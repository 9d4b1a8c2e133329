"""The simulated Stripe's front door: keys, version, routing, parameters, idempotency, headers. The resources' rules live in their modules.

It speaks API version 2026-10-28.endive and refuses every other one by name, because it would answer in the wrong shape.
"""

from __future__ import annotations

import base64
import binascii
import re

from billbridge_sandbox.kernel.clock import Clock
from billbridge_sandbox.kernel.forms import nest, parse_pairs
from billbridge_sandbox.kernel.http import Answer, Call, Router, json_answer
from billbridge_sandbox.kernel.idempotency import Replays
from billbridge_sandbox.kernel.ids import Ids
from billbridge_sandbox.stripe.api.errors import NOT_SIMULATED, StripeError, invalid, no_access
from billbridge_sandbox.stripe.billing import customer_balance, discounts, invoice_items, invoice_payments, invoices
from billbridge_sandbox.stripe.catalog import meter_events, meters, prices, products
from billbridge_sandbox.stripe.coupons import coupons, promotion_codes
from billbridge_sandbox.stripe.customers import customer_search, customers, tax_ids
from billbridge_sandbox.stripe.endpoints.endpoint import Endpoint
from billbridge_sandbox.stripe.endpoints.expand import check_paths, expanded
from billbridge_sandbox.stripe.features import active_entitlements, features
from billbridge_sandbox.stripe.payments import checkout_sessions, payment_methods, setup_intents
from billbridge_sandbox.stripe.store.account import Account, Json
from billbridge_sandbox.stripe.subscriptions import schedules, subscription_items, subscriptions

VERSION = "2026-10-28.endive"
ENDPOINTS: list[Endpoint] = [
    endpoint
    for module in (
        customers,
        customer_balance,
        customer_search,
        tax_ids,
        products,
        prices,
        meters,
        meter_events,
        coupons,
        promotion_codes,
        discounts,
        payment_methods,
        setup_intents,
        checkout_sessions,
        subscriptions,
        subscription_items,
        schedules,
        invoices,
        invoice_items,
        invoice_payments,
        features,
        active_entitlements,
    )
    for endpoint in module.ENDPOINTS
]
_ROUTER = Router((endpoint.method, endpoint.path, endpoint) for endpoint in ENDPOINTS)

_DAY = 24 * 60 * 60
CONNECTED = "acct_1SandboxConnected"
"""The account that is connected to the key's own in every sandbox. Its objects are separate."""
_KEY = re.compile(r"(sk|rk)_[A-Za-z0-9_]+")


class StripeVendor:
    """The simulated Stripe: every path under `/v1/`. Any API key that looks like `sk_...` or `rk_...` opens the one platform account.

    The header `Stripe-Account` opens the account that is connected to it, `CONNECTED`.
    """

    prefix = "/v1/"

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self.account = Account(clock, ids)
        self._accounts = {None: self.account, CONNECTED: Account(clock, ids)}
        self._replays = {id: Replays(_DAY, clock) for id in self._accounts}

    def complete_checkout(self, session: str, token: str) -> None:
        """Complete a hosted Checkout page, as the customer would: give a card by a test token, and authenticate if its bank asks.

        Raises StripeError, as the page would say it, for a session that is not open and for a card that is declined.
        """
        checkout_sessions.complete(self._holder("checkout.session", session), session, token)

    def authenticate(self, intent: str) -> None:
        """Finish the action that a SetupIntent or a PaymentIntent requires, as the customer would in the browser.

        Raises StripeError when the intent requires none.
        """
        if intent.startswith("seti_"):
            setup_intents.authenticate(self._holder("setup_intent", intent), intent)
        else:
            invoice_payments.authenticate(self._holder("payment_intent", intent), intent)

    def _holder(self, kind: str, id: str) -> Account:
        """The account that has this object; the platform's if none has it."""
        return next((account for account in self._accounts.values() if account.tables[kind].get(id) is not None), self.account)

    def handle(self, call: Call) -> Answer:
        """Answer one call. Every answer carries `request-id` and `stripe-version`."""
        request_id = self.account.ids.next("req_")
        headers = {"request-id": request_id, "stripe-version": VERSION}
        try:
            _authenticate(call)
            _check_version(call)
            account = self._opened(call)
            key = call.headers.get("idempotency-key")
            answer = self._run(call, account) if call.method != "POST" or key is None else self._run_once(call, account, key, request_id)
        except StripeError as error:
            answer = error.answer()
        return Answer(answer.status, {**headers, **answer.headers}, answer.body)

    def _opened(self, call: Call) -> str | None:
        """The connected account that the request names; None for the platform's own. Raises StripeError for an unknown one."""
        named = call.headers.get("stripe-account")
        if named not in self._accounts:
            raise no_access(str(named))
        return named

    def _run(self, call: Call, account: str | None) -> Answer:
        endpoint, args, ids = self._read(call)
        return self._execute(self._accounts[account], endpoint, args, ids)

    def _run_once(self, call: Call, account: str | None, key: str, request_id: str) -> Answer:
        """Repeat the earlier answer of an idempotency key; else run, and remember the answer of the execution, errors included.

        A request refused for its parameters never began to execute, so it is not remembered (docs.stripe.com/api/idempotent_requests).
        """
        if len(key) > 255:
            raise invalid("Keys for idempotent requests can be at most 255 characters.")
        fingerprint = repr((call.method, call.path, sorted(parse_pairs(call))))
        replays = self._replays[account]
        known = replays.get(key)
        if known is None:
            endpoint, args, ids = self._read(call)
            try:
                answer = self._execute(self._accounts[account], endpoint, args, ids)
            except StripeError as error:
                answer = error.answer()
            answer = Answer(answer.status, {**answer.headers, "idempotency-key": key, "original-request": request_id}, answer.body)
            replays.put(key, fingerprint, answer)
            return answer
        if known[0] != fingerprint:
            message = "Keys for idempotent requests can only be used with the same parameters they were first used with."
            raise StripeError(400, "idempotency_error", message)
        return Answer(known[1].status, {**known[1].headers, "idempotent-replayed": "true"}, known[1].body)

    def _read(self, call: Call) -> tuple[Endpoint, Json, dict[str, str]]:
        found = _ROUTER.match(call.method, call.path)
        if found is None:
            message = f"Unrecognized request URL ({call.method}: {call.path}). The sandbox answers only part of Stripe's API."
            raise invalid(message, status=404)
        form = call.headers.get("content-type", "application/x-www-form-urlencoded").startswith("application/x-www-form-urlencoded")
        if call.body and not form:
            raise invalid("Invalid request (check that your POST content type is application/x-www-form-urlencoded).")
        endpoint, ids = found
        try:
            nested = nest(parse_pairs(call))
        except ValueError as error:
            raise invalid(str(error)) from None
        args = endpoint.params(nested, "")
        check_paths(endpoint.returns, args.get("expand", []))
        return endpoint, args, ids

    def _execute(self, account: Account, endpoint: Endpoint, args: Json, ids: dict[str, str]) -> Answer:
        value = endpoint.handler(account, args, ids)
        return json_answer(200, expanded(account, value, args.get("expand", [])))


def _authenticate(call: Call) -> None:
    scheme, _, given = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            given = ""
    elif scheme.lower() != "bearer":
        given = ""
    if not given:
        message = "You did not provide an API key. Provide it in the Authorization header, using Bearer auth."
        raise invalid(message, status=401)
    if not _KEY.fullmatch(given):
        raise invalid("Invalid API Key provided.", status=401)


def _check_version(call: Call) -> None:
    asked = call.headers.get("stripe-version", VERSION)
    if asked != VERSION:
        raise invalid(f"The sandbox speaks API version {VERSION} only, not {asked}.", code=NOT_SIMULATED)
