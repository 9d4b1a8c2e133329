"""The base class of gateways: how requests reach a vendor. Does not know what they say.

`Gateway` itself sends requests straight to the vendor, with the vendor's key. A gateway plugin can send them through a proxy with a key of
its own. The sandbox answers them in the same process.
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
"""A function that answers a request without a socket and without waiting."""


class Gateway:
    """The gateway `direct`, straight to the vendor. Other gateways subclass it and override what differs."""

    name = "direct"

    def route(self, provider: Provider) -> Route:
        """Return the address of this provider's requests, with the credentials. Raises `ConfigurationError` if a key is missing."""
        return Route(base_url=provider.base_url(), headers={**provider.headers(), **provider.credentials()})

    def capabilities(self, provider: Provider) -> Capabilities:
        """Return what the provider can do through this gateway. A gateway that carries less uses `Capabilities.narrowed`."""
        return provider.capabilities(route=self.name)

    def in_process(self) -> InProcess | None:
        """Return a function that answers requests in this process, or None to send them over HTTP."""
        return None

    def opening(self, provider: Provider) -> Flow[Route] | None:
        """Return a flow that must run before the first request and returns the route to take, or None.

        Override this to ask the gateway something first, such as which connection to use. The flow runs once per client, before the first
        operation, and again if it failed. Its requests can name a `route` of their own.
        """
        return None

    def refusal(self, request: Request, response: Response) -> BillingError | None:
        """Return the error for an answer of the gateway itself. Return None for an answer of the vendor, which the provider reads."""
        return None

    def limits(self, provider: Provider) -> tuple[Limit, ...]:
        """Return the rate limits of one account through this gateway. The client keeps to all of them. Default: the vendor's limits."""
        return provider.limits()

    def account(self, route: Route) -> str:
        """Return the account that the rate limits count for: a text that all its clients have in common. Only a digest of it is kept."""
        return f"{route.base_url} {sorted(route.headers.items())}"

    def current_time(self) -> datetime:
        """Return the vendor's current time (aware UTC). A simulated vendor has its own clock."""
        return datetime.now(UTC)

    def live(self, provider: Provider) -> bool | None:
        """Return whether real money moves, or None if the gateway cannot know."""
        return provider.live()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


__all__ = ["Gateway", "InProcess", "Route", "checked_base_url"]
