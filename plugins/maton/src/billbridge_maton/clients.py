"""The clients of Maton's connections, blocking and async, from one definition of the operations. `connections` implements them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

from billbridge.client.call_options import CallOptions
from billbridge.client.executor import AsyncExecutor, BlockingExecutor
from billbridge.client.operation import Async, M, Operation, Resource, Sync, create
from billbridge.client.session import Session
from billbridge.flow.limiter import Limit
from billbridge.http import async_engine, blocking_engine
from billbridge.plugins.gateway import Gateway, Route
from billbridge.plugins.provider import Provider
from billbridge.services import operations
from billbridge.services.capability import Capabilities, Support

from billbridge_maton.account import LIMITS, Account
from billbridge_maton.connections import ConnectionQuery, ConnectionService, NewConnection

if TYPE_CHECKING:
    import httpx


class _Operations(Resource[M, ConnectionService]):
    list = create(ConnectionQuery, ConnectionService.list)
    create = create(NewConnection, ConnectionService.create)
    get = Operation(ConnectionService.get)
    delete = Operation(ConnectionService.delete)
    wait_until_active = Operation(ConnectionService.wait_until_active)


class Connections(_Operations[Sync]):
    """The blocking client of a Maton account's connections.

    `with Connections(api_key="...") as connections: connections.list(app="stripe")`.

    The default of `api_key` is the environment variable MATON_API_KEY. `profile` and `base_url` are those of `MatonGateway`. `http` is an
    `httpx.Client` of your own, which is not closed here. Requests that only read, and deletions, are retried. Creating is not.
    """

    def __init__(self, *, api_key: str = "", profile: str = "current", base_url: str = "", http: httpx.Client | None = None) -> None:
        account = Account(api_key, profile, base_url)
        self._session = _session(account)
        self._engine = blocking_engine(http)
        super().__init__(ConnectionService(account), BlockingExecutor(self._session, self._engine, CallOptions()))

    def close(self) -> None:
        """Close the HTTP connections. Later calls raise `ConfigurationError`."""
        self._session.closed = True
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncConnections(_Operations[Async]):
    """The async client, on asyncio or trio; see `Connections`. `http` is an `httpx.AsyncClient` of your own."""

    def __init__(self, *, api_key: str = "", profile: str = "current", base_url: str = "", http: httpx.AsyncClient | None = None) -> None:
        account = Account(api_key, profile, base_url)
        self._session = _session(account)
        self._engine = async_engine(http)
        super().__init__(ConnectionService(account), AsyncExecutor(self._session, self._engine, CallOptions()))

    async def close(self) -> None:
        """Close the HTTP connections. Later calls raise `ConfigurationError`."""
        self._session.closed = True
        await self._engine.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class _Control(Provider):
    """Maton's connections as a provider, because a session needs one."""

    name = "maton"
    api_version = ""

    def __init__(self, account: Account) -> None:
        self._route = account.control()
        super().__init__()

    def base_url(self) -> str:
        return self._route.base_url

    def credentials(self) -> Mapping[str, str]:
        return self._route.headers

    def capabilities(self, *, route: str = "direct") -> Capabilities:
        support = {f"{ConnectionService.resource}.{name}": Support.NATIVE for name in operations(ConnectionService)}
        return Capabilities(support, provider=self.name, route=route, hints={})


class _Way(Gateway):
    """The gateway straight to Maton. Its requests count towards the same rate limit as those of the proxy."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def limits(self, provider: Provider) -> tuple[Limit, ...]:
        return LIMITS

    def account(self, route: Route) -> str:
        return self._account.name()


def _session(account: Account) -> Session:
    return Session(_Control(account), _Way(account), (), None, None)
