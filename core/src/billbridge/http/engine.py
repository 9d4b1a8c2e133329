"""What an HTTP engine promises, and what its failures mean: a route and a `Request` in, a `Response` out, nothing else.

Knows no HTTP library: each engine is a module of its own beside this one. Decides nothing about retries or vendors' errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

from billbridge.errors import ConfigurationError, TransportError, TransportTimeoutError
from billbridge.flow import Request, Response
from billbridge.flow.route import Route

if TYPE_CHECKING:
    import ssl

CONNECT_SECONDS: Final = 10.0
READ_SECONDS: Final = 80.0
"""A vendor that taxes, charges and mails in one request can take tens of seconds."""

CONNECTIONS: Final = 100
"""At most so many at once, as in httpx; a further request waits for one, as long as for an answer."""
IDLE_SECONDS: Final = 5.0
"""How long an unused connection is kept, as in httpx: vendors' load balancers close theirs later than that."""

_UNSENT: Final = {"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "ProxyError"}
"""What httpx and httpcore raise, by one vocabulary, before a byte of the request has left."""


class HttpEngine(Protocol):
    """Sends requests on the caller's thread; safe to share between threads. Follows no redirect: credentials would travel along."""

    def send(self, route: Route, request: Request, timeout: float | None) -> Response:
        """Sends one request and returns the answer, whatever its status. `timeout` is in seconds per phase, None for the engine's own.

        Raises `TransportError` when no answer came, with `sent` saying whether the request can have arrived.
        """
        ...

    def close(self) -> None:
        """Closes the connections, unless they are the user's."""
        ...


class AsyncHttpEngine(Protocol):
    """The same to await, on asyncio or trio."""

    async def send(self, route: Route, request: Request, timeout: float | None) -> Response:
        """Sends one request; see `HttpEngine.send`."""
        ...

    async def close(self) -> None:
        """Closes the connections, unless they are the user's."""
        ...


def lower_names(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers by lower-case names, so that one name is one header."""
    return {name.lower(): value for name, value in headers.items()}


def phase_timeouts(request: Request, timeout: float | None) -> tuple[float, float] | None:
    """Seconds to connect, and for each other phase: the request's own time-out, else the call's; None where neither is set."""
    seconds = request.timeout if request.timeout is not None else timeout
    return None if seconds is None else (min(seconds, CONNECT_SECONDS), seconds)


def transport_failure(route: Route, failure: str, *, late: bool, sent: bool | None = None) -> TransportError:
    """The error when no answer came: its text names the origin and the library's class, never the library's text, which can name URLs.

    `late` says that time ran out; `sent` whether the request may have arrived, by default what the class means in httpx and httpcore.
    """
    arrived = failure not in _UNSENT if sent is None else sent
    kind = TransportTimeoutError if late else TransportError
    what = "could not be reached" if not arrived else "did not answer in time" if late else "broke off the connection"
    error = kind(f"{route.base_url} {what} ({failure})", retryable=True)
    error.sent = arrived
    return error


def undecodable(route: Route) -> TransportError:
    """The error when an answer came whose compression cannot be undone."""
    error = TransportError(f"the answer of {route.base_url} could not be unpacked", retryable=True)
    error.sent = True
    return error


def closed() -> ConfigurationError:
    """The error when a request is made after the engine, or the user's client, was closed."""
    return ConfigurationError("the HTTP client is closed", param="http", hint="keep your own client open as long as this one is used")


@cache
def tls_context() -> ssl.SSLContext:
    """One TLS context for the process, made when it is first needed: reading the certificates takes 20 to 40 ms.

    They are certifi's, or those that SSL_CERT_FILE or SSL_CERT_DIR name. Raises `ConfigurationError` if those cannot be read.
    """
    import httpx

    try:
        return httpx.create_ssl_context()
    except OSError as error:
        raise ConfigurationError("the certificates that SSL_CERT_FILE or SSL_CERT_DIR name cannot be read") from error
