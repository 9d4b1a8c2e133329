"""The seam for routes: how requests reach a vendor. Does not know what they say.

`direct` goes straight to the vendor with the vendor's key. A gateway plugin can send them by a proxy with a key of its own, or, as the
sandbox does, answer them in the same process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TypeAlias
from urllib.parse import urlsplit

import msgspec

from billbridge.capability import Capabilities
from billbridge.errors import ConfigurationError
from billbridge.flow import Request, Response
from billbridge.provider import Provider


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """Where requests go and what each of them carries: an origin (https, or http on loopback), perhaps with a path, and headers."""

    base_url: str
    headers: Mapping[str, str]

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "base_url", checked_base_url(self.base_url))

    def __repr__(self) -> str:
        """The origin only: the headers hold the secret."""
        return f"Route({self.base_url})"


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

    def current_time(self) -> datetime:
        """The time (aware UTC) on the other side; a simulated vendor has its own clock."""
        return datetime.now(UTC)

    def live(self, provider: Provider) -> bool | None:
        """Whether real money moves; None where that cannot be told."""
        return provider.live()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


def checked_base_url(url: str) -> str:
    """`url` without a trailing slash; `ConfigurationError` unless it is https, or http to this machine (credentials travel in it)."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("https", "http") or not host:
        raise ConfigurationError("base_url must be an absolute URL such as https://api.example.com", param="base_url")
    if parts.username or parts.query or parts.fragment:
        raise ConfigurationError("base_url must be only an origin and a path: no user, query or fragment", param="base_url")
    if parts.scheme == "http" and not _is_loopback(host):
        raise ConfigurationError(
            f"base_url must be https: keys would travel in the open to {host}",
            param="base_url",
            hint="plain http is taken for this machine only (127.0.0.1, localhost, [::1])",
        )
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
