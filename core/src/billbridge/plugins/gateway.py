"""The seam for routes: how requests reach a vendor. Does not know what they say.

`direct` goes straight to the vendor with the vendor's key. A gateway plugin can send them by a proxy with a key of its own, or, as the
sandbox does, answer them in the same process.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

from billbridge.errors import BillingError
from billbridge.flow import Flow, Request, Response
from billbridge.flow.rate_limit import Limit
from billbridge.flow.route import Route, checked_base_url
from billbridge.plugins.provider import Provider
from billbridge.services.capability import Capabilities

InProcess: TypeAlias = Callable[[Route, Request], Response]
"""Answers a request without a socket and without waiting."""


class Gateway:
    """Straight to the vendor. Other gateways subclass it and change what differs."""

    name = "direct"

    def route(self, provider: Provider) -> Route:
        """Where this provider's requests go, with the headers that let them in. Raises `ConfigurationError` if a key is missing."""
        return Route(base_url=provider.base_url(), headers={**provider.headers(), **provider.credentials()})

    def capabilities(self, provider: Provider) -> Capabilities:
        """What the provider can do by this route; a gateway that carries less narrows it (`Capabilities.narrowed`)."""
        return provider.capabilities(route=self.name)

    def in_process(self) -> InProcess | None:
        """A function that answers requests in this process, or None to send them over HTTP."""
        return None

    def opening(self, provider: Provider) -> Flow[Route] | None:
        """What must be asked before the first request, such as which connection to use: a flow that returns the route to take, or None.

        It runs once per client, before the first operation, and again if it failed. Its requests may name a `route` of their own.
        """
        return None

    def refusal(self, request: Request, response: Response) -> BillingError | None:
        """The error that an answer of the gateway's own means; None for what the vendor answered, which is the provider's to read."""
        return None

    def limits(self, provider: Provider) -> tuple[Limit, ...]:
        """How often one account may be asked by this route; the client keeps to all of these. Direct: the vendor's own."""
        return provider.limits()

    def account(self, route: Route) -> str:
        """Whose requests the limits count: a text that all clients of one account have in common. Only a digest of it is kept."""
        return f"{route.base_url} {sorted(route.headers.items())}"

    def current_time(self) -> datetime:
        """The time (aware UTC) on the other side; a simulated vendor has its own clock."""
        return datetime.now(UTC)

    def live(self, provider: Provider) -> bool | None:
        """Whether real money moves; None where that cannot be told."""
        return provider.live()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


__all__ = ["Gateway", "InProcess", "Route", "checked_base_url"]
