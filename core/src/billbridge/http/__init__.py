"""Which HTTP engine sends a client's requests. The only package that knows HTTP libraries, loaded when the first client needs one.

Without `http=` it is a free list of connections of our own (`pool`), or an httpx client where the environment or the system names a
proxy; with `http=` it is the user's httpx client (`httpx_client`), or with `http="fast"` a client written in Rust (`fast`). Sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from billbridge.errors import ConfigurationError

if TYPE_CHECKING:
    import httpx

    from billbridge.http.engine import AsyncHttpEngine, HttpEngine


def blocking_engine(http: httpx.Client | Literal["fast"] | None) -> HttpEngine:
    """The engine of a blocking client. Raises `ConfigurationError` for an `http` of another kind, or if "fast" is not installed."""
    if http == "fast":
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
    """The engine of a client to await; see `blocking_engine`."""
    if http == "fast":
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
    """Whether httpx would find a proxy: in HTTP_PROXY, HTTPS_PROXY or ALL_PROXY, or in the settings of macOS or Windows."""
    from urllib.request import getproxies  # takes longer to import than all of Billbridge

    return not getproxies().keys().isdisjoint({"http", "https", "all"})
