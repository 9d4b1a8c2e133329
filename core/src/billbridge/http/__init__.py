"""HTTP engines, and the choice of one for a client. No other package knows HTTP libraries. It is loaded with the first client that sends.

Without `http=` a client uses the connection pool in `pool`. If the environment or the system names a proxy, it uses an httpx client
instead. With `http=` it uses your httpx client (`httpx_client`), or with `http="fast"` a client written in Rust (`fast`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from billbridge.errors import ConfigurationError

if TYPE_CHECKING:
    import httpx

    from billbridge.http.engine import AsyncHttpEngine, HttpEngine


def blocking_engine(http: httpx.Client | Literal["fast"] | None) -> HttpEngine:
    """Return the engine of a `Billing`. Raises `ConfigurationError` for an `http` of another type, or if "fast" is not installed."""
    if isinstance(http, str) and http == "fast":
        try:
            from billbridge.http.fast import FastEngine
        except ImportError as error:
            raise _not_installed() from error
        return FastEngine()
    if http is not None or _proxied():
        from billbridge.http.httpx_client import ClientEngine

        return ClientEngine(http)
    from billbridge.http.pool import PooledEngine

    return PooledEngine()


def async_engine(http: httpx.AsyncClient | Literal["fast"] | None) -> AsyncHttpEngine:
    """Return the engine of an `AsyncBilling`; see `blocking_engine`."""
    if isinstance(http, str) and http == "fast":
        try:
            from billbridge.http.fast import AsyncFastEngine
        except ImportError as error:
            raise _not_installed() from error
        return AsyncFastEngine()
    if http is not None or _proxied():
        from billbridge.http.httpx_client import AsyncClientEngine

        return AsyncClientEngine(http)
    from billbridge.http.pool import AsyncPooledEngine

    return AsyncPooledEngine()


def _not_installed() -> ConfigurationError:
    return ConfigurationError("http='fast' needs a package that is not installed", param="http", hint="pip install 'billbridge[fast]'")


def _proxied() -> bool:
    """Return whether httpx would find a proxy: in HTTP_PROXY, HTTPS_PROXY or ALL_PROXY, or in the settings of macOS or Windows."""
    from urllib.request import getproxies  # imported here: the import takes longer than that of Billbridge

    return not getproxies().keys().isdisjoint({"http", "https", "all"})
