"""One Maton account: its key, its hosts and its routes. Sends nothing.

Until April 2026, Maton's documents named two hosts, one for the proxy and one for the connections. Since then they name one host for both
(maton-ai/api-gateway-skill, commit 6f90a34). We do not know whether the older hosts still work, so there is a profile for each.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

import msgspec
from billbridge.errors import ConfigurationError
from billbridge.flow.limiter import Limit
from billbridge.plugins.gateway import Route, checked_base_url
from billbridge.plugins.options import filled, missing
from billbridge.plugins.provider import Provider
from billbridge.toolkit.keys import checked_key

from billbridge_maton.options import MatonOptions

KEY_VARIABLE: Final = "MATON_API_KEY"
_KEY: Final = "Maton's own key, from its settings page"
KEY_HINT: Final = f"pass {_KEY}, or set {KEY_VARIABLE}"


class Profile(msgspec.Struct, frozen=True):
    """The hosts of one generation of Maton: of the proxy, and of the connections (`control`)."""

    proxy: str
    control: str


PROFILES: Final[Mapping[str, Profile]] = {
    "current": Profile(proxy="https://api.maton.ai", control="https://api.maton.ai"),
    "legacy": Profile(proxy="https://gateway.maton.ai", control="https://ctrl.maton.ai"),
}
APPS: Final[Mapping[str, str]] = {"stripe": "stripe", "chargebee": "chargebee"}
"""Maton's name of the app of each provider. Only for these can we tell the vendor's answers from Maton's own."""
LIMITS: Final = (Limit(10, 1.0),)
"""Ten requests a second for one account, shared by all its apps and connections (api-gateway-skill)."""

_WORD: Final = re.compile(r"[!-~]+")
_OTHER_KEYS: Final = {
    **dict.fromkeys(("sk_", "rk_", "pk_", "whsec_"), "a key of Stripe, which must not be sent to Maton"),
    **dict.fromkeys(("live_", "test_"), "a key of Chargebee, which must not be sent to Maton"),
}
"""What other keys look like, by how they begin."""


class Account:
    """The key and the hosts. If `api_key` is empty, it is read from the environment variable MATON_API_KEY now.

    `base_url` replaces both hosts of the profile, for a test double. Raises `ConfigurationError` for an invalid key, an unknown profile, or
    an unsafe `base_url`. A vendor's key is invalid: it is never sent to Maton. A missing key raises it only when a request needs it.
    """

    def __init__(self, api_key: str, profile: str, base_url: str) -> None:
        filled(MatonOptions, {"api_key": api_key, "profile": profile, "base_url": base_url}, owner="maton")
        key = api_key or os.environ.get(KEY_VARIABLE, "")
        checked_key(key, provider="maton", hint=KEY_HINT, refused=_OTHER_KEYS)
        if profile not in PROFILES:
            raise _wrong("maton has no profile of that name", "profile", f"the profiles are {', '.join(PROFILES)}")
        url = checked_base_url(base_url) if base_url else ""
        self._hosts = Profile(proxy=url, control=url) if url else PROFILES[profile]
        self._key = key
        self._digest = sha256(key.encode()).hexdigest()

    def control(self) -> Route:
        """Return the route to the connections."""
        return Route(base_url=self._hosts.control, headers=self._authorization())

    def name(self) -> str:
        """Return what all clients of the account have in common: the host, and a digest of the key."""
        return f"{self._hosts.control} {self._digest}"

    def proxy(self, provider: Provider, connection: str) -> Route:
        """Return the route to the vendor: the provider's headers without its key, Maton's key, and the connection unless it is empty."""
        named = {"Maton-Connection": connection} if connection else {}
        headers = {**provider.headers(), **self._authorization(), **named}
        return Route(base_url=f"{self._hosts.proxy}/{app_of(provider)}", headers=headers)

    def _authorization(self) -> dict[str, str]:
        if not self._key:
            raise missing("maton", "api_key", f"{_KEY}, or set {KEY_VARIABLE}")
        return {"Authorization": f"Bearer {self._key}"}

    def __repr__(self) -> str:
        """Show the host only, never the key."""
        return f"<Maton account at {self._hosts.control}>"


def app_of(provider: Provider) -> str:
    """Return Maton's name of the provider's app. Raises `ConfigurationError` for a provider other than Stripe and Chargebee."""
    app = APPS.get(provider.name)
    if app is None:
        raise _wrong(f"the gateway maton does not support the provider {provider.name}", "gateway", f"use it with {' or '.join(APPS)}")
    return app


def is_word(text: str) -> bool:
    """Return whether the text can go into a header as it is: printable ASCII without spaces."""
    return _WORD.fullmatch(text) is not None


def checked_connection(connection: str) -> str:
    """Return the id. Raises `ConfigurationError` if it cannot be one: the id goes into a header, so it must not add another header."""
    filled(MatonOptions, {"connection": connection}, owner="maton")
    if connection and not is_word(connection):
        raise _wrong("connection must be printable ASCII without spaces", "connection", "copy it from `billbridge connections list`")
    return connection


def _wrong(message: str, param: str, hint: str) -> ConfigurationError:
    return ConfigurationError(message, param=param, provider="maton", hint=hint)
