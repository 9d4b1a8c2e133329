"""Whatever is asked, the simulated Stripe answers: a fault of its own would be an exception."""

from __future__ import annotations

import json
import re
from typing import TypeAlias
from urllib.parse import quote, urlencode

from billbridge_sandbox.simulation import Simulation
from billbridge_sandbox.stripe.api.params import Params
from billbridge_sandbox.stripe.endpoints.endpoint import Endpoint
from billbridge_sandbox.stripe.vendor import ENDPOINTS, StripeVendor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import START
from .test_legal_params import inner as inner_table

Request: TypeAlias = tuple[Endpoint, list[tuple[str, str]], str]

KEY = {"Authorization": "Bearer sk_test_x", "Idempotency-Key": "k"}
SETUP: list[tuple[str, dict[str, str]]] = [
    ("products", {"id": "pro", "name": "Pro"}),
    ("prices", {"product": "pro", "currency": "usd", "unit_amount": "500", "recurring[interval]": "day"}),
    ("billing/meters", {"display_name": "Calls", "event_name": "calls", "default_aggregation[formula]": "sum"}),
    ("coupons", {"id": "half", "percent_off": "50", "duration": "once"}),
    ("promotion_codes", {"promotion[type]": "coupon", "promotion[coupon]": "half", "code": "half"}),
    ("checkout/sessions", {"mode": "setup", "currency": "usd", "success_url": "https://a.example"}),
    ("customers", {"payment_method": "pm_card_visa", "invoice_settings[default_payment_method]": "pm_card_visa"}),
]
WORDS = [
    "",
    "0",
    "-1",
    "5",
    "9" * 18,
    "1e3",
    "0.5",
    "true",
    "now",
    "usd",
    "month",
    "tok_visa",
    "pm_card_visa",
    "charge_automatically",
    "none",
    "half",
    "calls",
    "inf",
    "tiered",
    "metered",
    'email:"a" AND -created>5',
]
NUMBERED = st.integers(0, 20).map(lambda index: f"#{index}")
VALUES = st.one_of(NUMBERED, NUMBERED, st.sampled_from(WORDS), st.text(max_size=8))


def nested_keys(params: Params, prefix: str = "") -> list[str]:
    """Every legal key of an endpoint, each list with two rows, and some that no endpoint knows."""
    found = [f"{prefix}[strange]" if prefix else "strange"]
    for name, parser in params.fields.items():
        key = f"{prefix}[{name}]" if prefix else name
        table = inner_table(parser)
        found += [key, f"{key}[0]", f"{key}[x]"]
        if table is not None:
            found += nested_keys(table, key) + nested_keys(table, f"{key}[0]") + nested_keys(table, f"{key}[1]")
    return found


def requests_of(endpoint: Endpoint) -> st.SearchStrategy[Request]:
    """Requests to one endpoint: an id for its path, and a few of its own parameters."""
    wanted = [(name, f"{name}[0][price]") for name in endpoint.params.required]
    keys = st.sampled_from(nested_keys(endpoint.params) + [key for pair in wanted for key in pair])
    return st.tuples(st.just(endpoint), st.lists(st.tuples(keys, VALUES), max_size=4), VALUES)


ASKED = st.sampled_from(ENDPOINTS).flatmap(requests_of)


class Asker:
    """Remembers the ids it was answered, so that "#3" in a later request means the third of them."""

    def __init__(self) -> None:
        self.simulation = Simulation(START, vendors=[StripeVendor])
        self.ids: list[str] = []
        for path, params in SETUP:
            assert self.ask("POST", f"/v1/{path}", list(params.items())) == 200
        price, customer = self.ids[1], self.ids[-1]
        assert self.ask("POST", "/v1/subscriptions", [("customer", customer), ("items[0][price]", price)]) == 200

    def named(self, word: str) -> str:
        index = word.removeprefix("#")
        return self.ids[int(index) % len(self.ids)] if word.startswith("#") and index.isdecimal() else word

    def ask(self, method: str, path: str, params: list[tuple[str, str]]) -> int:
        encoded = urlencode([(key, self.named(value)) for key, value in params])
        target, body = (path, encoded.encode()) if method == "POST" else (f"{path}?{encoded}", b"")
        headers = {**KEY, "Idempotency-Key": f"{target} {encoded}"[:255]}
        answer = self.simulation.handle(method, target, headers, body)
        value = json.loads(answer.body)
        if answer.status == 200 and "id" in value:
            self.ids.append(value["id"])
        return answer.status


def filled(path: str, id: str) -> str:
    """The path with one id wherever it wants one."""
    return re.sub(r"{\w+}", lambda _: quote(id, safe=""), path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(ASKED, st.integers(0, 40)), max_size=12))
def test_every_request_is_answered_and_time_goes_on(requests: list[tuple[Request, int]]) -> None:
    asker = Asker()
    for (endpoint, params, id), hours in requests:
        status = asker.ask(endpoint.method, filled(endpoint.path, asker.named(id)), params)
        assert status in (200, 400, 402, 404)
        asker.simulation.advance(hours=hours)
