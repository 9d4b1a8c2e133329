from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from billbridge.errors import (
    AuthenticationError,
    ConcurrencyError,
    OutcomeUnknownError,
    PermissionDeniedError,
    ProviderUnavailableError,
    RateLimitError,
    TransportError,
    TransportTimeoutError,
    ValidationError,
)
from billbridge.flow import Ask, Call, Pause, Request, Response
from billbridge.flow.retry import derived_key, exchange
from billbridge.toolkit.argument_names import ArgumentNames
from billbridge.toolkit.failures import retry_after
from hypothesis import given
from hypothesis import strategies as st


class Dialect:
    provider = "toy"
    key_header = "Toy-Key"
    key_limit = 40
    arguments = ArgumentNames({"toys.create": {"parts[*][size]": "parts[*].size"}})

    def failure(self, request: Request, response: Response) -> Any:
        if response.status in (401, 403, 409):
            kind = {401: AuthenticationError, 403: PermissionDeniedError, 409: ConcurrencyError}[response.status]
            return kind("no", status=response.status)
        if response.status == 429:
            error = RateLimitError("slow down", status=429, retryable=True)
            error.retry_after = retry_after(response.headers)
            return error
        if response.status >= 500:
            return ProviderUnavailableError("unwell", status=response.status, retryable=True)
        return ValidationError("wrong", status=response.status, param="parts[0][size]")


DIALECT = Dialect()
CALL = Call(operation="toys.create", key="key-1", now=datetime(2026, 1, 1, tzinfo=UTC), retries=2)
POST = Request(method="POST", path="/toys", body=b"a=1")
GET = Request(method="GET", path="/toys")


class Steps:
    """Steps one exchange by hand: each answer is a Response to send or an error to throw."""

    def __init__(
        self, request: Request, *answers: Response | TransportError, step: str = "", call: Call = CALL, reads: bool = False
    ) -> None:
        self.sent: list[Request] = []
        self.pauses: list[Pause] = []
        self.result: Response | None = None
        flow = exchange(request, DIALECT, step=step, reads=reads)
        effect: Any = next(flow)
        assert isinstance(effect, Ask)
        left = list(answers)
        value: Any = call
        try:
            while True:
                effect = flow.throw(value) if isinstance(value, Exception) else flow.send(value)
                if isinstance(effect, Pause):
                    self.pauses.append(effect)
                    value = None
                else:
                    self.sent.append(effect)
                    value = left.pop(0)
        except StopIteration as stop:
            self.result = stop.value
        assert not left


def lost(kind: type[TransportError] = TransportError, *, sent: bool = True) -> TransportError:
    error = kind("gone", retryable=True)
    error.sent = sent
    return error


OK = Response(status=200, body=b"{}")
DOWN = Response(status=503)


def test_a_post_carries_a_key_of_the_call_and_its_operation_and_a_get_none() -> None:
    assert Steps(POST, OK).sent[0].headers == {"Toy-Key": "key-1:toys.create"}
    assert Steps(GET, OK).sent[0].headers == {}


def test_a_retry_sends_the_very_same_request_with_the_same_key() -> None:
    """Case 7."""
    steps = Steps(POST, DOWN, lost(), OK)
    assert steps.result is OK
    assert steps.sent[0] == steps.sent[1] == steps.sent[2]
    assert len(steps.pauses) == 2


def test_steps_of_one_call_have_keys_of_their_own() -> None:
    """Case 7."""
    assert Steps(POST, OK, step="address").sent[0].headers == {"Toy-Key": "key-1:toys.create:address"}


def test_pauses_grow_and_leave_room_for_chance() -> None:
    with pytest.raises(ProviderUnavailableError):
        Steps(GET, *[DOWN] * 7, call=msgspec.structs.replace(CALL, retries=6))
    steps = Steps(GET, *[DOWN] * 6, OK, call=msgspec.structs.replace(CALL, retries=6))
    assert [(pause.low, pause.high) for pause in steps.pauses] == [(0.25, 0.5), (0.5, 1), (1, 2), (2, 4), (4, 8), (4, 8)]


def test_a_refusal_names_the_argument_of_the_operation_and_keeps_the_vendor_s_name() -> None:
    with pytest.raises(ValidationError) as caught:
        Steps(POST, Response(status=400))
    assert (caught.value.param, caught.value.provider_param) == ("parts[0].size", "parts[0][size]")


def test_an_error_that_no_retry_can_help_is_raised_at_once() -> None:
    with pytest.raises(ValidationError) as caught:
        Steps(POST, Response(status=400))
    error = caught.value
    assert (error.provider, error.operation, error.idempotency_key, error.answer_lost_before) == ("toy", "toys.create", "key-1", False)


def test_retries_end() -> None:
    with pytest.raises(ProviderUnavailableError):
        Steps(GET, DOWN, DOWN, DOWN)
    with pytest.raises(ProviderUnavailableError):
        Steps(GET, DOWN, call=msgspec.structs.replace(CALL, retries=0))


def test_the_vendors_advice_on_waiting_is_followed_up_to_a_minute() -> None:
    """Case 12."""
    steps = Steps(POST, Response(status=429, headers={"retry-after": "7"}), OK)
    assert [(pause.low, round(pause.high, 6)) for pause in steps.pauses] == [(7.0, 7.7)]
    with pytest.raises(RateLimitError) as caught:
        Steps(POST, Response(status=429, headers={"retry-after": "3600"}))
    assert caught.value.retry_after == 3600


def test_a_write_that_may_have_happened_is_an_unknown_outcome_not_a_time_out() -> None:
    with pytest.raises(OutcomeUnknownError) as caught:
        Steps(
            POST,
            lost(TransportTimeoutError),
            lost(TransportTimeoutError),
            lost(TransportTimeoutError),
        )
    assert caught.value.idempotency_key == "key-1"
    assert caught.value.operation == "toys.create"
    assert isinstance(caught.value.__cause__, TransportTimeoutError)


@pytest.mark.parametrize("last", [DOWN, lost(sent=False), *(Response(status=status) for status in (401, 403, 409, 429))])
def test_a_lost_answer_stays_unknown_when_no_later_answer_settles_it(last: Any) -> None:
    with pytest.raises(OutcomeUnknownError):
        Steps(POST, lost(), last, call=msgspec.structs.replace(CALL, retries=1))


def test_a_lost_answer_is_settled_by_a_definite_one_which_says_so() -> None:
    with pytest.raises(ValidationError) as caught:
        Steps(POST, lost(), Response(status=400))
    assert caught.value.answer_lost_before
    assert Steps(POST, lost(), OK).result is OK


def test_a_write_that_was_never_sent_is_a_plain_transport_error() -> None:
    with pytest.raises(TransportError) as caught:
        Steps(POST, lost(sent=False), lost(sent=False), lost(sent=False))
    assert not isinstance(caught.value, OutcomeUnknownError)


def test_a_read_that_got_no_answer_is_a_plain_transport_error() -> None:
    with pytest.raises(TransportTimeoutError):
        Steps(
            GET,
            lost(TransportTimeoutError),
            lost(TransportTimeoutError),
            lost(TransportTimeoutError),
        )


def test_a_post_that_only_asks_carries_no_key_and_is_repeated_like_a_get() -> None:
    steps = Steps(POST, lost(), DOWN, OK, reads=True)
    assert steps.result is OK
    assert steps.sent == [POST] * 3


def test_a_post_that_only_asks_and_got_no_answer_is_a_plain_transport_error() -> None:
    with pytest.raises(TransportTimeoutError) as caught:
        Steps(POST, lost(TransportTimeoutError), call=msgspec.structs.replace(CALL, retries=0), reads=True)
    assert caught.value.idempotency_key is None
    with pytest.raises(ProviderUnavailableError):
        Steps(POST, lost(), DOWN, call=msgspec.structs.replace(CALL, retries=1), reads=True)
    with pytest.raises(ValidationError) as refused:
        Steps(POST, lost(), DOWN, Response(status=400), reads=True)
    assert not refused.value.answer_lost_before


def test_a_lost_delete_is_unknown_as_well() -> None:
    with pytest.raises(OutcomeUnknownError):
        Steps(Request(method="DELETE", path="/toys/1"), lost(), lost(), lost())


@given(st.text(st.characters(codec="ascii", min_codepoint=33)), st.text(st.characters(codec="ascii", min_codepoint=33)))
def test_a_derived_key_fits_the_vendor_and_is_always_the_same(key: str, step: str) -> None:
    """Case 8."""
    made = derived_key(key, "customers.update", step, 40)
    assert len(made) <= 40
    assert made == derived_key(key, "customers.update", step, 40)
    assert made != derived_key(key, "customers.create", step, 40)
    if step:
        assert made != derived_key(key, "customers.update", "", 40)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "5"}, 5.0),
        ({"retry-after": "Sun, 22 Nov 2026 10:00:30 GMT", "date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 30.0),
        ({"retry-after": "Sun, 22 Nov 2026 09:00:00 GMT", "date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 0.0),
        ({"retry-after": "Sun, 22 Nov 2026 10:00:30 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({}, None),
        ({"retry-after": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "date": "Sat, 31 Jan 2026 12:00:00 GMT"}, None),
        ({"retry-after": "Sat, 31 Jan 2026 12:00:00 +99999999999999999999", "date": "Sat, 31 Jan 2026 12:00:00 GMT"}, None),
    ],
)
def test_retry_after_is_read_in_both_forms(headers: dict[str, str], seconds: float | None) -> None:
    """Case 12."""
    assert retry_after(headers) == seconds
