"""A gateway that answers each request at once from a few bodies, so that only Billbridge's own work, decoding and mapping remain."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

from billbridge.flow import Request, Response
from billbridge.flow.limiter import Limit
from billbridge.flow.route import Route
from billbridge.plugins.gateway import Gateway, InProcess
from billbridge.plugins.provider import Provider

AMPLE = (Limit(1_000_000, 1),)
"""A limit on requests that no benchmark reaches, so that keeping to it is paid for but never waited for."""


class Answered(Gateway):
    """Sends nothing."""

    name = "answered"

    def __init__(self, bodies: Sequence[bytes]) -> None:
        self._answers = cycle(Response(status=200, headers={"content-type": "application/json"}, body=body) for body in bodies)

    def route(self, provider: Provider) -> Route:
        """To nowhere, with a made-up key."""
        return Route(base_url="https://answered.invalid", headers={**provider.headers(), **provider.sandbox_credentials()})

    def limits(self, provider: Provider) -> tuple[Limit, ...]:
        """One that is counted like any other but never reached."""
        return AMPLE

    def in_process(self) -> InProcess:
        """The answers in turn."""
        return self._answer

    def _answer(self, route: Route, request: Request) -> Response:
        return next(self._answers)
