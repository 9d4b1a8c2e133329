"""Maton as a gateway: a vendor's requests by Maton's proxy, with Maton's key and one connection. Translates nothing."""

from __future__ import annotations

from collections.abc import Callable

from billbridge.errors import BillingError, ConfigurationError, ConnectionNotConfiguredError
from billbridge.flow import Flow, Request, Response
from billbridge.flow.limiter import Limit
from billbridge.plugins.gateway import Gateway, Route
from billbridge.plugins.provider import Provider
from billbridge.services.capability import CONNECTED_ACCOUNTS, Capabilities

from billbridge_maton.account import LIMITS, Account, app_of, checked_connection
from billbridge_maton.clients import Connections
from billbridge_maton.connections import ConnectionQuery, ConnectionService, ConnectionStatus
from billbridge_maton.failures import refusal


class MatonGateway(Gateway):
    """To Stripe or Chargebee by Maton, which holds their keys: `Billing(StripeProvider(), gateway=MatonGateway(api_key="..."))`.

    `api_key` is Maton's (default: the variable MATON_API_KEY, read now). `connection` is the id of a connection; without one, the account
    must have exactly one that is active for the app, or the first operation raises and nothing is sent to the vendor: Maton would choose
    for us, and its documents disagree on which. `profile` is "current" or "legacy" (see `account.PROFILES`); `base_url` replaces its hosts.
    Raises `ConfigurationError` for what cannot be right.
    """

    name = "maton"

    def __init__(self, *, api_key: str = "", connection: str = "", profile: str = "current", base_url: str = "") -> None:
        self._account = Account(api_key, profile, base_url)
        self._connection = checked_connection(connection)
        self._connect: Callable[[], Connections] = lambda: Connections(api_key=api_key, profile=profile, base_url=base_url)

    def route(self, provider: Provider) -> Route:
        """To the proxy, with the connection if one was named. Raises `ConfigurationError` for a provider that it does not carry."""
        return self._account.proxy(provider, self._connection)

    def capabilities(self, provider: Provider) -> Capabilities:
        """What the vendor can do, without connected accounts: Maton does not document that it forwards `Stripe-Account`."""
        return provider.capabilities(route=self.name).narrowed(lambda name: name != CONNECTED_ACCOUNTS, route=self.name)

    def opening(self, provider: Provider) -> Flow[Route] | None:
        """Where no connection was named: looks for the one that is active. Raises unless there is exactly one."""
        return None if self._connection else self._only_connection(provider)

    def refusal(self, request: Request, response: Response) -> BillingError | None:
        """The error that an answer of Maton's own means; its answers about connections are read where they were asked."""
        return None if request.route is not None else refusal(request, response)

    def limits(self, provider: Provider) -> tuple[Limit, ...]:
        """Ten requests a second for all apps and connections of the account together. The vendor's own limits are left to its 429s."""
        return LIMITS

    def account(self, route: Route) -> str:
        """Maton's account, whatever the app and the connection."""
        return self._account.name()

    def live(self, provider: Provider) -> bool | None:
        """Not known: the key behind the connection is Maton's secret."""
        return None

    def connections(self) -> Connections:
        """A blocking client of the account's connections; close it, or use it in a `with` block."""
        return self._connect()

    def _only_connection(self, provider: Provider) -> Flow[Route]:
        app = app_of(provider)
        active = yield from ConnectionService(self._account).list(ConnectionQuery(app=app, status=ConnectionStatus.ACTIVE))
        if len(active) == 1:
            return self._account.proxy(provider, active[0].id)
        if active:
            raise ConfigurationError(
                f"the Maton account has {len(active)} active connections to {app}: {', '.join(each.id for each in active)}",
                param="connection",
                provider=self.name,
                hint="name the one that is meant with connection=; nothing was sent",
            )
        hint = f"`billbridge connections create {app}` gives the URL to open; see `billbridge connections list`"
        raise ConnectionNotConfiguredError(f"the Maton account has no active connection to {app}", provider=self.name, hint=hint)
