"""The search of the whole run for secrets (`tests/outside/secrecy.py`) finds a planted one, so its silence proves something."""

from __future__ import annotations

import logging
from base64 import b64encode

import secrecy
from billbridge import Billing
from billbridge.errors import ValidationError

KEY = "sk_test_planted_for_this_test"


def client() -> Billing:
    return Billing.connect("stripe", api_key=KEY, base_url="http://127.0.0.1:9")


def found() -> list[str]:
    return secrecy.found()


def test_a_secret_in_a_log_record_of_any_level_is_found() -> None:
    client()
    logging.getLogger("httpcore.http11").debug("header %s", f"Bearer {KEY}")
    assert found() == ["a secret is in: header Bearer [THE SECRET]"]


def test_a_secret_in_an_errors_text_or_cause_is_found() -> None:
    client()
    error = ValidationError("refused")
    error.__cause__ = ValueError(f"the key {KEY} is wrong")
    assert any("the key [THE SECRET] is wrong" in hit for hit in found())


def test_a_secret_inside_basic_credentials_is_found() -> None:
    Billing.connect("chargebee", api_key="test_planted_for_this_test", site="acme")
    logging.getLogger("billbridge").info("signing in with test_planted_for_this_test")
    assert found() == ["a secret is in: signing in with [THE SECRET]"]
    Billing.connect("chargebee", api_key="test_planted_for_this_test", site="acme")
    logging.getLogger("billbridge").info("Basic %s", b64encode(b"test_planted_for_this_test:").decode())
    assert found() == ["a secret is in: Basic [THE SECRET]"]


def test_what_holds_none_is_not_accused() -> None:
    client()
    logging.getLogger("billbridge").warning("nothing to see")
    ValidationError("refused")
    assert found() == []
