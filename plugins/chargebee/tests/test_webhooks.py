"""Verification of webhook deliveries. (Vendor map, case 70.)"""

from __future__ import annotations

from base64 import b64encode
from typing import Any, cast

import pytest
from billbridge.errors import ProtocolError, SignatureVerificationError, ValidationError
from billbridge.model import Delivery
from billbridge.model.raw import RawJson
from billbridge_chargebee.webhooks import verify

from .stepping import at

BODY = (
    b'{"id":"ev_1","occurred_at":1772366400,"event_type":"invoice_generated","api_version":"v2","content":{"customer":{"email":"a@b.c"}}}'
)
PAIR = ("hook", "s3cret:with:colons")


def basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION"])
@pytest.mark.parametrize("credentials", [[PAIR], [("old", "pass"), PAIR], [PAIR, ("old", "pass")]])
def test_a_delivery_with_the_password_is_opened(name: str, credentials: list[tuple[str, str]]) -> None:
    delivery = verify(BODY, {"x": "y", name: basic(*PAIR)}, credentials=credentials)
    assert delivery == Delivery(provider="chargebee", id="ev_1", type="invoice_generated", occurred_at=at(1772366400), raw=RawJson(BODY))
    assert "a@b.c" not in repr(delivery)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": basic("hook", "wrong")},
        {"authorization": basic("Hook", PAIR[1])},
        {"authorization": basic("hook", "")},
        {"authorization": basic("", "")},
        {"authorization": basic(*PAIR).replace("Basic", "Bearer")},
        {"authorization": "Basic not-base64!"},
        {"authorization": "Basic é"},
        {"authorization": basic(*PAIR) + "AAAA"},
    ],
)
def test_a_delivery_without_it_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(SignatureVerificationError):
        verify(BODY, headers, credentials=[PAIR])


@pytest.mark.parametrize("credentials", [[], [("", "")], [("hook", "")]])
def test_an_endpoint_without_a_password_accepts_nothing(credentials: list[tuple[str, str]]) -> None:
    with pytest.raises(ValidationError):
        verify(BODY, {"authorization": basic(*(credentials or [("", "")])[0])}, credentials=credentials)


@pytest.mark.parametrize(
    "credentials",
    [
        ("ab", "cd"),
        "ab",
        b"ab",
        ["ab"],
        [("a", "b", "c")],
        [("hook",)],
        [("hook", None)],
        [(b"hook", b"s3cret")],
        None,
        5,
        {"a": "b"},
        [None],
    ],
    ids=repr,
)
def test_credentials_that_are_not_pairs_are_refused_whatever_the_delivery_carries(credentials: Any) -> None:
    for sent in (basic("a", "b"), basic("c", "d"), basic(*PAIR)):
        with pytest.raises(ValidationError, match="must be a list of pairs") as caught:
            verify(BODY, {"authorization": sent}, credentials=credentials)
        assert (caught.value.param, caught.value.hint) == ("credentials", "credentials=[(user, password)], also for one pair")


@pytest.mark.parametrize("version", [b'"v1"', b"null"])
def test_an_event_of_another_version_of_the_api_is_refused(version: bytes) -> None:
    with pytest.raises(SignatureVerificationError, match="version"):
        verify(BODY.replace(b'"v2"', version), {"authorization": basic(*PAIR)}, credentials=[PAIR])


@pytest.mark.parametrize("body", [b"", b"no", b"{}", b'{"id": 5}'])
def test_a_verified_body_that_is_no_event_is_a_protocol_error(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        verify(body, {"authorization": basic(*PAIR)}, credentials=[PAIR])


def test_the_body_is_bytes() -> None:
    with pytest.raises(ValidationError):
        verify(cast(Any, BODY.decode()), {"authorization": basic(*PAIR)}, credentials=[PAIR])
