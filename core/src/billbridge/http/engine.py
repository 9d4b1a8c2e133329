"""The interface of an HTTP engine, and the errors of its failures. An engine takes a route and a `Request`, and returns a `Response`.

Each engine is a module beside this one. HTTP libraries do not appear here, and neither do retries or the errors of vendors.
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
"""The default time-out of connecting, in seconds."""
READ_SECONDS: Final = 80.0
"""The default time-out of an answer, in seconds. A request that calculates tax, charges and sends mail can take tens of seconds."""

CONNECTIONS: Final = 100
"""The most connections of one client at once, as in httpx. A further request waits for one, at most as long as for an answer."""
IDLE_SECONDS: Final = 5.0
"""Seconds after which an unused connection is closed, as in httpx. The load balancers of vendors close theirs later."""

_UNSENT: Final = {"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "ProxyError"}
"""Classes that httpx and httpcore raise before they send a byte of the request. Both libraries use the same names."""
_HINT_UNSENT: Final = "nothing was sent; check the network, the proxy and the address, then call again"
_HINT_LATE: Final = "call again later, or pass a longer timeout to with_options"
_HINT_CUT: Final = "call again later"


class HttpEngine(Protocol):
    """An HTTP engine that sends on the caller's thread. Several threads can share it. It follows no redirect, to keep credentials safe."""

    def send(self, route: Route, request: Request, timeout: float | None) -> Response:
        """Send one request and return the answer, whatever its status. `timeout` is in seconds; None means the default of the engine.

        Raises `TransportError` if no answer comes. Its `sent` is True if the vendor can have received the request.
        """
        ...

    def close(self) -> None:
        """Close the connections, unless they belong to the user's client."""
        ...


class AsyncHttpEngine(Protocol):
    """An HTTP engine for asyncio or trio; see `HttpEngine`."""

    async def send(self, route: Route, request: Request, timeout: float | None) -> Response:
        """Send one request; see `HttpEngine.send`."""
        ...

    async def close(self) -> None:
        """Close the connections, unless they belong to the user's client."""
        ...


def lower_names(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with lower-case names, so that each header appears once."""
    return {name.lower(): value for name, value in headers.items()}


def phase_timeouts(request: Request, timeout: float | None) -> tuple[float, float] | None:
    """Return the seconds to connect and for each other phase: from the request, else from the call; None if neither sets a time-out."""
    seconds = request.timeout if request.timeout is not None else timeout
    return None if seconds is None else (min(seconds, CONNECT_SECONDS), seconds)


def transport_failure(route: Route, failure: str, *, late: bool, sent: bool | None = None) -> TransportError:
    """Return the error for a request without an answer.

    Its text shows the base URL and `failure`, the name of the library's class. It never shows the library's text, which can hold a whole
    URL. Pass `late=True` for a time-out. `sent` says whether the vendor can have received the request. By default the class decides that.
    """
    arrived = failure not in _UNSENT if sent is None else sent
    kind = TransportTimeoutError if late else TransportError
    what = "could not be reached" if not arrived else "did not answer in time" if late else "closed the connection without a full answer"
    hint = _HINT_UNSENT if not arrived else _HINT_LATE if late else _HINT_CUT
    error = kind(f"{route.base_url} {what} ({failure})", hint=hint, retryable=True)
    error.sent = arrived
    return error


def undecodable(route: Route) -> TransportError:
    """Return the error for an answer that cannot be decompressed."""
    error = TransportError(f"the answer of {route.base_url} could not be decompressed", retryable=True)
    error.sent = True
    return error


def closed() -> ConfigurationError:
    """Return the error for a request after the engine, or the user's httpx client, was closed."""
    return ConfigurationError(
        "the HTTP client is closed", param="http", hint="keep the httpx client that you passed as http= open while you use this one"
    )


@cache
def tls_context() -> ssl.SSLContext:
    """Return the TLS context of the process. The first call makes it, because reading the certificates takes 20 to 40 ms.

    It trusts the certificates of certifi, or those in SSL_CERT_FILE or SSL_CERT_DIR. Raises `ConfigurationError` if they cannot be read.
    """
    import httpx

    try:
        return httpx.create_ssl_context()
    except OSError as error:
        raise ConfigurationError(
            "the certificates in SSL_CERT_FILE or SSL_CERT_DIR cannot be read",
            hint="point the variable to a readable file or folder of PEM certificates, or unset it",
        ) from error
