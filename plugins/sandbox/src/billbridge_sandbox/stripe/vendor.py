"""The simulated Stripe's front door."""

from __future__ import annotations

from billbridge_sandbox.kernel.clock import Clock
from billbridge_sandbox.kernel.http import Answer, Call, json_answer
from billbridge_sandbox.kernel.ids import Ids


class StripeVendor:
    """The simulated Stripe: every path under `/v1/`."""

    prefix = "/v1/"

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids

    def handle(self, call: Call) -> Answer:
        """Answer one call."""
        message = f"Unrecognized request URL ({call.method}: {call.path})."
        return json_answer(404, {"error": {"type": "invalid_request_error", "message": message}})
