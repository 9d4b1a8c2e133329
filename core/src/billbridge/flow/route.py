"""Routes: the address that requests go to, and the headers that each of them carries. Checks that the address is safe for credentials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from billbridge.errors import ConfigurationError
from billbridge.toolkit.redact import Redacted

_EXAMPLE: Final = "pass a URL such as https://api.example.com"


class Route(Redacted, frozen=True, kw_only=True):
    """The base URL and the headers of requests. Raises `ConfigurationError` unless the URL is https, or http to this machine."""

    base_url: str
    headers: Mapping[str, str]

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "base_url", checked_base_url(self.base_url))

    def __repr__(self) -> str:
        """Show the base URL only. The headers hold the credentials."""
        return f"Route({self.base_url})"


def checked_base_url(url: str) -> str:
    """Return `url` without its trailing slashes, if credentials can be sent to it.

    Raises `ConfigurationError` unless it is an https URL, or an http URL of this machine. A path is allowed. A user, a query, a fragment, a
    space, "." and ".." are not.
    """
    from urllib.parse import unquote, urlsplit  # imported here: `import billbridge` does not need it

    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ConfigurationError("base_url is not a valid URL", param="base_url", hint=_EXAMPLE) from None
    if parts.scheme not in ("https", "http") or not host or port == 0:
        raise ConfigurationError("base_url must be an absolute https URL", param="base_url", hint=_EXAMPLE)
    if any(mark in url for mark in "@?#\\ ") or not (url.isascii() and url.isprintable()):
        raise ConfigurationError(
            "base_url must be ASCII and must not hold a user, a query, a fragment, a backslash or a space",
            param="base_url",
            hint=_EXAMPLE,
        )
    if {".", ".."} & set(unquote(parts.path).split("/")):
        raise ConfigurationError("base_url must not hold '.' or '..' in its path", param="base_url", hint=_EXAMPLE)
    if parts.scheme == "http" and not _is_loopback(host):
        raise ConfigurationError(
            f"base_url must be https, because http would send the API key to {host} without encryption",
            param="base_url",
            hint="use https; http works for this machine only (127.0.0.1, localhost, [::1])",
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
