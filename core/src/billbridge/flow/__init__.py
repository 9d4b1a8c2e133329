"""What happens around one call: flows (operations as generators), the effects they yield, and everything that wraps a flow.

Lives here: requests, responses and routes as values; the runners that perform effects; retries and idempotency keys; the write journal;
rate limits. Does not live here: HTTP libraries (`billbridge.http`), the promises of an operation (`billbridge.services`), vendors.
Plugin authors import effects from this package and `exchange` from `billbridge.flow.retry`.
"""

from __future__ import annotations

from billbridge.flow.effects import Ask, Call, Effect, Flow, Pause, Request, Response, Work, ask, pause, send
from billbridge.flow.paths import path, raw_path
from billbridge.flow.route import Route, checked_base_url

__all__ = [
    "Ask",
    "Call",
    "Effect",
    "Flow",
    "Pause",
    "Request",
    "Response",
    "Route",
    "Work",
    "ask",
    "checked_base_url",
    "path",
    "pause",
    "raw_path",
    "send",
]
