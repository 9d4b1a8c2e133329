"""Checks one whole HTTP exchange: what was asked and what was answered."""

from __future__ import annotations

import json

from law import chargebee, stripe

_VENDORS = {"stripe": stripe, "chargebee": chargebee}


def check_exchange(
    vendor: str,
    method: str,
    target: str,
    request_body: bytes,
    status: int,
    response_body: bytes,
    *,
    known_words_only: bool = True,
) -> list[str]:
    """What is wrong with a request and its answer, as readable lines; none when both are legal.

    `vendor` is "stripe" or "chargebee" (KeyError otherwise), `target` the raw path with its query string. A refused request is checked
    like any other: a test that sends an illegal one on purpose reads the lines that start with "answer" only. Words that the pinned SDK
    does not list are reported in answers too, unless `known_words_only` is off: simulated vendors speak exactly that version, real ones
    may be newer.
    """
    law = _VENDORS[vendor]
    path, _, query = target.partition("?")
    found = [f"request: {line}" for line in law.check_request(method, path, query, request_body)]
    try:
        value = json.loads(response_body)
    except ValueError:
        return [*found, f"answer: {status} with a body that is not JSON"]
    answer = law.check_error(value) if status >= 400 else law.check_answer(method, path, value, known_words_only=known_words_only)
    if status >= 400 and any(line.endswith("no endpoint of the SDK") for line in found):
        found = []  # an unknown endpoint, rightly refused
    return found + [f"answer: {line}" for line in answer]
