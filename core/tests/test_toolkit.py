"""The helpers for plugin authors: errors of vendors, decoding, values of forms, guards of lists, suggestions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import pytest
from billbridge import errors
from billbridge.errors import BillingError, NotFoundError, PaymentDeclinedError, ProtocolError, RateLimitError, ValidationError
from billbridge.toolkit.decoding import decode, decode_all, decode_object
from billbridge.toolkit.failures import HINTS, RETRYABLE, SUMMARIES, vendor_error
from billbridge.toolkit.forms import form_text, form_value, plain_value
from billbridge.toolkit.paging import SeenCursors
from billbridge.toolkit.suggestions import did_you_mean
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


class Thing(msgspec.Struct):
    id: str


THING = msgspec.json.Decoder(Thing)
UNREADABLE = [b"", b"{", b"<html>", b"[]", b"{}", b'{"id": 5}', b'{"id": "\xff"}', b"[" * 100_000, b'{"id": "x", "a": ' + b"[" * 100_000]


class Word(StrEnum):
    ONE = "one"


class Number(Enum):
    TWO = 2


def error(kind: type[BillingError], **given: Any) -> BillingError:
    return vendor_error(kind, "acme", **{"status": 400, "headers": {}, "body": b"{}", **given})


@pytest.mark.parametrize("kind", list(SUMMARIES), ids=lambda kind: kind.__name__)
def test_every_class_has_a_summary_and_carries_what_is_known(kind: type[BillingError]) -> None:
    made = error(kind, status=418, said="Nope", code="c", type="t", param="p", request_id="r", hint="Try.")
    assert type(made) is kind
    assert (made.provider, made.status, made.code, made.type, made.param) == ("acme", 418, "c", "t", "p")
    assert (made.request_id, made.raw, made.hint) == ("r", b"{}", "Try.")
    assert made.message == f"{SUMMARIES[kind].format(provider='acme')}: Nope"
    assert made.retryable is (kind in RETRYABLE)


def test_a_refusal_without_words_is_its_summary_and_the_vendor_can_say_whether_to_try_again() -> None:
    made = error(NotFoundError, retryable=True)
    assert (made.message, made.retryable) == ("acme has no such object", True)
    assert error(NotFoundError, summary="no such toy at {provider}").message == "no such toy at acme"


@pytest.mark.parametrize("kind", list(HINTS), ids=lambda kind: kind.__name__)
def test_an_error_without_a_hint_of_the_plugin_says_what_to_do_next(kind: type[BillingError]) -> None:
    assert error(kind).hint == HINTS[kind]
    assert str(error(kind)).endswith(f"Hint: {HINTS[kind]}")


def test_an_error_quotes_no_personal_value_that_was_sent_and_no_endless_text() -> None:
    made = error(ValidationError, said="No customer Ada Lovelace with ada@example.com" + "." * 5000, sent=[b"name=Ada+Lovelace"])
    assert "Ada" not in made.message
    assert "ada@" not in made.message
    assert len(made.message) < 600


def test_a_rate_limit_says_how_long_to_wait() -> None:
    made = error(RateLimitError, headers={"retry-after": "7"})
    assert isinstance(made, RateLimitError)
    assert made.retry_after == 7.0


def test_the_summaries_are_of_public_classes_and_one_that_has_none_is_a_refusal() -> None:
    assert {getattr(errors, kind.__name__) for kind in SUMMARIES} == set(SUMMARIES)

    class Own(PaymentDeclinedError):
        pass

    assert error(Own).message == "acme refused the request"


@pytest.mark.parametrize("data", UNREADABLE, ids=lambda data: repr(data[:24]))
def test_what_cannot_be_read_is_a_protocol_error(data: bytes) -> None:
    """Case 14."""
    with pytest.raises(ProtocolError, match="acme answered with data that cannot be read") as caught:
        decode(THING, data, "acme")
    assert caught.value.raw == data
    with pytest.raises(ProtocolError) as caught:
        decode_all(THING, [msgspec.Raw(b'{"id": "x"}'), msgspec.Raw(data)], "acme")
    assert caught.value.raw == data


@pytest.mark.parametrize("data", [*UNREADABLE[:4], *UNREADABLE[6:]], ids=lambda data: repr(data[:24]))
def test_a_refusal_that_is_no_object_reads_as_an_empty_one(data: bytes) -> None:
    assert decode_object(data) == {}
    assert decode_object(b'{"code": "x"}') == {"code": "x"}


def test_all_rows_of_a_page_are_read() -> None:
    rows = [msgspec.Raw(b'{"id": "a"}'), msgspec.Raw(b'{"id": "b", "new": 1}')]
    assert decode_all(THING, rows, "acme") == [Thing("a"), Thing("b")]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a b", "a b"),
        ("", ""),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.10"), "0.10"),
        (NOON, "1769860800"),
        (Word.ONE, "one"),
        (Number.TWO, "2"),
    ],
    ids=repr,
)
def test_a_value_has_one_text_in_every_form(value: object, text: str) -> None:
    assert form_value("x", value) == text


@pytest.mark.parametrize(
    "value",
    [1.5, NOON.replace(tzinfo=None), Decimal("NaN"), Decimal("Infinity"), None, {}, [], b"x", object()],
    ids=lambda value: type(value).__name__,
)
def test_a_value_that_has_no_exact_text_is_refused_with_the_parameters_name(value: object) -> None:
    for encode in (form_value, plain_value):
        with pytest.raises(ValidationError, match="price cannot be sent as") as caught:
            encode("price", value)
        assert caught.value.param == "price"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_from_a_form_as_it_was(text: str) -> None:
    assert parse_qsl(f"x={form_text(text)}", keep_blank_values=True, strict_parsing=True) == [("x", text)]


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1), max_value=datetime(9999, 1, 1)))
def test_a_time_becomes_whole_unix_seconds(moment: datetime) -> None:
    assert datetime.fromtimestamp(int(form_value("at", moment)), UTC) - moment <= timedelta(seconds=1)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12))
def test_a_decimal_is_written_without_an_exponent_and_loses_nothing(number: Decimal) -> None:
    text = form_value("amount", number)
    assert Decimal(text) == number
    assert "E" not in text


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(ValidationError, match="not valid Unicode"):
        form_text("a\ud800b")


@given(st.lists(st.text(), unique=True))
def test_cursors_that_differ_pass_and_a_repeated_one_ends_the_walk(cursors: list[str]) -> None:
    seen = SeenCursors("acme")
    assert [seen.next(cursor) for cursor in cursors] == cursors
    for cursor in cursors:
        with pytest.raises(ProtocolError, match="acme gave the same cursor of a list twice") as caught:
            seen.next(cursor)
        assert caught.value.provider == "acme"


def test_the_cursor_that_a_walk_began_with_counts_as_seen() -> None:
    with pytest.raises(ProtocolError, match="the vendor gave"):
        SeenCursors(first="a").next("a")


def test_a_near_name_is_suggested_and_a_far_one_is_not() -> None:
    assert did_you_mean("emial", ["name", "email"]) == "email"
    assert did_you_mean("zebra", ["name", "email"]) is None
