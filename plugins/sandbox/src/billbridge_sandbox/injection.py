"""Applies the fault that `faults` chose to one request. The vendor gets the call never, once or twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from .chargebee.api.errors import Refusal
from .chargebee.vendor import ChargebeeVendor
from .faults import Fault, Plan
from .kernel.http import Answer, Call, json_answer
from .stripe.api.errors import StripeError
from .stripe.vendor import StripeVendor

MARK = "x-sandbox-fault"
"""A header of answers whose body was made or cut here, not by a vendor. Its value is the fault's name."""


class Lost(Exception):
    """There is no answer: the connection breaks, before or after the vendor executes the request."""


@dataclass(frozen=True)
class Hindered(Answer):
    """A late or slow answer: its first byte is `late` seconds late, its body takes `slow` seconds to arrive."""

    late: float = 0.0
    slow: float = 0.0


# Stripe: SDK 16.1.0 recognizes a rate limit by 429 or by this code. Chargebee: its SDK's example sorts this code under operation_failed.
_TOO_MANY: dict[str, Answer] = {
    StripeVendor.prefix: StripeError(429, "invalid_request_error", "Request rate limit exceeded.", code="rate_limit").answer(),
    ChargebeeVendor.prefix: Refusal(429, "api_request_limit_exceeded", "Too many requests", type="operation_failed").answer(),
}
_PLAIN_TOO_MANY = json_answer(429, {"message": "too many requests"})  # of a third party's vendor

_DELIVERIES = {Fault.DROP_BEFORE: 0, Fault.RATE_LIMITED: 0, Fault.UNAVAILABLE: 0, Fault.DUPLICATE: 2}  # all others: once

Handler: TypeAlias = Callable[[Call], Answer]


def inject(plan: Plan, prefix: str, handle: Handler, call: Call) -> Answer:
    """The answer that the client gets when `plan` happens to a call of the vendor of that `prefix`. Raises `Lost` if there is none."""
    answers = [handle(call) for _ in range(_DELIVERIES.get(plan.fault, 1))]
    return _WAYS[plan.fault](plan, prefix, answers)


def _lose(plan: Plan, prefix: str, answers: list[Answer]) -> Answer:
    raise Lost(plan.fault)


def _limit(plan: Plan, prefix: str, answers: list[Answer]) -> Answer:
    answer = _TOO_MANY.get(prefix, _PLAIN_TOO_MANY)
    advice = {} if plan.retry_after is None else {"retry-after": str(plan.retry_after)}
    return Answer(answer.status, {**answer.headers, **advice, MARK: plan.fault}, answer.body)


def _fail(plan: Plan, prefix: str, answers: list[Answer]) -> Answer:
    page = f"<html><head><title>{plan.status}</title></head><body><h1>Something went wrong ({plan.status})</h1></body></html>\n"
    return Answer(plan.status, {"content-type": "text/html; charset=utf-8", MARK: plan.fault}, page.encode())


def _cut(plan: Plan, prefix: str, answers: list[Answer]) -> Answer:
    (answer,) = answers
    return Answer(answer.status, {**answer.headers, MARK: plan.fault}, answer.body[: len(answer.body) // 2])


def _delay(plan: Plan, prefix: str, answers: list[Answer]) -> Answer:
    (answer,) = answers
    return Hindered(answer.status, answer.headers, answer.body, late=plan.seconds)


def _slow(plan: Plan, prefix: str, answers: list[Answer]) -> Answer:
    (answer,) = answers
    return Hindered(answer.status, answer.headers, answer.body, slow=plan.seconds)


def _last(plan: Plan, prefix: str, answers: list[Answer]) -> Answer:
    return answers[-1]


_WAYS: dict[Fault, Callable[[Plan, str, list[Answer]], Answer]] = {
    Fault.DROP_BEFORE: _lose,
    Fault.DROP_AFTER: _lose,
    Fault.DELAY: _delay,
    Fault.RATE_LIMITED: _limit,
    Fault.UNAVAILABLE: _fail,
    Fault.UNAVAILABLE_AFTER: _fail,
    Fault.TRUNCATED: _cut,
    Fault.DUPLICATE: _last,
    Fault.SLOW: _slow,
}
