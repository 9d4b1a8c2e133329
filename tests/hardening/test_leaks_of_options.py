"""Refused options, shown options, and the proof that the search finds a leak: the test plants one in every place."""

from __future__ import annotations

import logging
import warnings
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from billbridge import Billing
from billbridge.errors import BillingError, ConfigurationError
from billbridge.plugins.hookspecs import hookimpl
from billbridge_airbyte.options import AirbyteStripeOptions
from billbridge_chargebee.options import ChargebeeOptions
from billbridge_maton.options import MatonOptions
from billbridge_sandbox import Sandbox
from billbridge_stripe import StripeProvider
from billbridge_stripe.options import StripeOptions

from .evidence import Evidence
from .stories import (
    EMAIL,
    HIDDEN,
    KEYS,
    MATON,
    NAME,
    NOTE,
    PHONE,
    SECRET,
    TOKEN,
    personal,
)


@pytest.mark.parametrize(
    "options",
    [
        {"provider": "stripe", "api_key": f"{KEYS['stripe']} x"},
        {"provider": "stripe", "api_key": f"pk_{KEYS['stripe']}"},
        {"provider": "stripe", "api_key": SECRET},
        {"provider": "chargebee", "api_key": KEYS["chargebee"], "site": "acme", "plan": SECRET},
        {"provider": "stripe", "api_key": f"{KEYS['stripe']}\r\nX: 1"},
        {"provider": "stripe", "api_key": [KEYS["stripe"]]},
        {"provider": "stripe", "api_keys": KEYS["stripe"]},
        {"provider": "stripe", "api_key": KEYS["stripe"], "base_url": f"https://u:{SECRET}@vendor.example"},
        {"provider": "stripe", "api_key": KEYS["stripe"], "base_url": f"https://vendor.example/?key={SECRET}"},
        {"provider": "stripe", "api_key": KEYS["stripe"], "base_url": f"http://u:{SECRET}@vendor.example"},
        {"provider": "stripe", "api_key": KEYS["stripe"], "base_url": f"https://[{SECRET}"},
        {"provider": "stripe", "api_key": KEYS["stripe"], "base_url": SECRET},
        {"provider": "chargebee", "api_key": KEYS["chargebee"]},
        {"provider": "chargebee", "api_key": f"{KEYS['chargebee']}:", "site": "acme"},
        {"provider": "chargebee", "api_key": KEYS["chargebee"], "site": f"{SECRET}.chargebee.com"},
        {"provider": "chargebee", "api_key": KEYS["chargebee"].encode(), "site": "acme"},
        {"provider": "airbyte-stripe", "connector_id": "c", "token": TOKEN, "client_secret": SECRET},
        {"provider": "airbyte-stripe", "connector_id": "c", "token": f"{TOKEN}\n"},
        {"provider": "airbyte-stripe", "connector_id": "c", "client_secret": SECRET},
        {"provider": "stripe", "gateway": "maton", "api_key": f"{MATON} x"},
        {"provider": "stripe", "gateway": "maton", "api_key": MATON, "connection": f"{SECRET}\r\n"},
        {"provider": "stripe", "gateway": "sandbox", "start": SECRET},
    ],
)
def test_options_that_are_refused_are_not_shown(evidence: Evidence, options: dict[str, Any]) -> None:
    with evidence.provoked(ConfigurationError, TypeError):
        Billing.connect(**options)
    environment = {"BILLBRIDGE_PROVIDER": options["provider"], "BILLBRIDGE_GATEWAY": options.get("gateway", "")}
    prefix = f"BILLBRIDGE_{options['provider'].upper().replace('-', '_')}_"
    texts = {
        f"{prefix}{name.upper()}": value
        for name, value in options.items()
        if isinstance(value, str) and name not in ("provider", "gateway")
    }
    try:
        Billing.from_env({**environment, **texts}).close()
    except BillingError as error:
        evidence.keep(error)
    assert evidence.leaks(HIDDEN) == []


def test_options_are_not_shown(evidence: Evidence) -> None:
    evidence.show(
        StripeOptions(api_key=KEYS["stripe"], base_url=f"https://{SECRET}"),
        ChargebeeOptions(api_key=KEYS["chargebee"]),
        MatonOptions(api_key=MATON),
        AirbyteStripeOptions(token=TOKEN, client_secret=SECRET),
    )
    assert evidence.leaks(HIDDEN) == []


class _Leaky(StripeProvider):
    """A provider that puts its key into an error."""

    def credentials(self) -> Any:
        raise ConfigurationError(f"the key {self._api_key} is not good")


def _chained() -> None:
    try:
        raise ValueError(KEYS["chargebee"])
    except ValueError as error:
        raise BillingError("no") from error


def _noted() -> None:
    error = BillingError("no")
    error.add_note(NAME)
    raise error


def _leaks() -> dict[str, tuple[str, Callable[[Evidence], object]]]:
    basic = b64encode(f"{KEYS['chargebee']}:".encode()).decode()
    return {
        "a provider's error": (KEYS["stripe"], lambda _: Billing(_Leaky(api_key=KEYS["stripe"]))),
        "a chained cause": (KEYS["chargebee"], lambda _: _chained()),
        "a note": ("first name", lambda _: _noted()),
        "a header in a log": (KEYS["chargebee"], lambda _: logging.getLogger("any").debug("authorization: Basic %s", basic)),
        "a query in a log": ("e-mail", lambda _: logging.getLogger("any").info("GET /v1/customers?email=%s", quote(EMAIL, safe=""))),
        "a warning": ("metadata value", lambda _: warnings.warn(NOTE.upper(), UserWarning, stacklevel=1)),
        "a phone number in other groups": ("phone", lambda seen: seen.show(PHONE.replace(" ", "").replace("1239", "1.23-9"))),
        "a struct without discretion": ("last name", lambda seen: seen.show(msgspec.defstruct("Bare", [("name", str)])(NAME))),
    }


@pytest.mark.parametrize("place", _leaks())
def test_the_search_finds_a_planted_leak(evidence: Evidence, place: str) -> None:
    name, plant = _leaks()[place]
    with evidence.watching():
        try:
            plant(evidence)
        except BillingError as error:
            evidence.keep(error)
    found = evidence.leaks(HIDDEN)
    assert any(line.startswith(f"{name} in ") for line in found)


def test_an_observer_that_fails_with_a_secret_is_logged_without_it(evidence: Evidence, sandbox: Sandbox) -> None:
    class Failing:
        @hookimpl
        def billbridge_exchange(self, exchange: object) -> None:
            raise RuntimeError(SECRET)

    with Billing.connect("stripe", gateway=sandbox, hooks=[Failing()]) as billing:
        billing.customers.create(**personal())
    assert "billbridge" in evidence.loggers
    assert evidence.leaks(HIDDEN) == []
