"""Where requests go: an origin that is safe to send credentials to, and the headers that every request carries there."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from billbridge.errors import ConfigurationError
from billbridge.toolkit.redact import Redacted


class Route(Redacted, frozen=True, kw_only=True):
    """Where requests go and what each of them carries: an origin (https, or http on loopback), perhaps with a path, and headers."""

    base_url: str
    headers: Mapping[str, str]

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "base_url", checked_base_url(self.base_url))

    def __repr__(self) -> str:
        """The origin only: the headers hold the secret."""
        return f"Route({self.base_url})"


def checked_base_url(url: str) -> str:
    """`url` without a trailing slash; `ConfigurationError` unless it is https, or http to this machine (credentials travel in it)."""
    from urllib.parse import unquote, urlsplit  # imported here: `import billbridge` does not need it

    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ConfigurationError("base_url is no URL that can be read", param="base_url") from None
    if parts.scheme not in ("https", "http") or not host or port == 0:
        raise ConfigurationError("base_url must be an absolute URL such as https://api.example.com", param="base_url")
    if any(mark in url for mark in "@?#\\ ") or not (url.isascii() and url.isprintable()):
        raise ConfigurationError("base_url must be only an origin and a path: no user, query, fragment or space", param="base_url")
    if {".", ".."} & set(unquote(parts.path).split("/")):
        raise ConfigurationError("base_url must not hold dot segments", param="base_url")
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
    from ipaddress import ip_address

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
