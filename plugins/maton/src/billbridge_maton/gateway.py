"""The gateway through Maton's proxy, with Maton's key and one connection. Translates nothing."""

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
    """Requests to Stripe or Chargebee through Maton, which holds their keys.

    `Billing(StripeProvider(), gateway=MatonGateway(api_key="..."))`.

    - `api_key` is Maton's key. Default: the environment variable MATON_API_KEY, read when the gateway is made.
    - `connection` is the id of a connection. Without it, the account must have exactly one active connection for the app. Otherwise the
      first operation raises `ConfigurationError` and sends nothing to the vendor: Maton would choose, and its documents disagree on which.
    - `profile` is "current" or "legacy" (see `account.PROFILES`). `base_url` replaces its hosts, for a test double.

    Raises `ConfigurationError` for an invalid option.
    """

    name = "maton"

    def __init__(self, *, api_key: str = "", connection: str = "", profile: str = "current", base_url: str = "") -> None:
        self._account = Account(api_key, profile, base_url)
        self._connection = checked_connection(connection)
        self._connect: Callable[[], Connections] = lambda: Connections(api_key=api_key, profile=profile, base_url=base_url)

    def route(self, provider: Provider) -> Route:
        """Return the route to the proxy, with the connection if you passed one.

        Raises `ConfigurationError` for a provider other than Stripe and Chargebee.
        """
        return self._account.proxy(provider, self._connection)

    def capabilities(self, provider: Provider) -> Capabilities:
        """What the vendor can do, without connected accounts: Maton does not document that it forwards `Stripe-Account`."""
        return provider.capabilities(route=self.name).narrowed(lambda name: name != CONNECTED_ACCOUNTS, route=self.name)

    def opening(self, provider: Provider) -> Flow[Route] | None:
        """Return a flow that finds the active connection, or None if you passed one. The flow raises unless there is exactly one."""
        return None if self._connection else self._only_connection(provider)

    def refusal(self, request: Request, response: Response) -> BillingError | None:
        """Return the error for an answer of Maton itself. `connections` reads the answers to its own requests."""
        return None if request.route is not None else refusal(request, response)

    def limits(self, provider: Provider) -> tuple[Limit, ...]:
        """Ten requests a second for all apps and connections of the account together. The vendor's own limits are not known here."""
        return LIMITS

    def account(self, route: Route) -> str:
        """Return the account at Maton. It is the same for all apps and connections."""
        return self._account.name()

    def live(self, provider: Provider) -> bool | None:
        """None: Maton holds the key of the vendor, so nothing shows whether it is a live key."""
        return None

    def connections(self) -> Connections:
        """Return a blocking client of the account's connections. Close it, or use it in a `with` block."""
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
                hint="pass the id of one of them as connection=",
            )
        hint = f"`billbridge connections create {app}` prints a URL: open it in a browser and sign in"
        raise ConnectionNotConfiguredError(f"the Maton account has no active connection to {app}", provider=self.name, hint=hint)
