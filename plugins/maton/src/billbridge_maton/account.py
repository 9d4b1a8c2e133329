"""One Maton account: its key, its hosts, and the routes that both make. Sends nothing.

Maton moved: until April 2026 its documents named two hosts, one for the proxy and one for the connections; since then one host for
both (maton-ai/api-gateway-skill, commit 6f90a34). Whether the older ones still answer is not known, so both are profiles.
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
    """The origins of one generation of Maton's hosts."""

    proxy: str
    control: str


PROFILES: Final[Mapping[str, Profile]] = {
    "current": Profile(proxy="https://api.maton.ai", control="https://api.maton.ai"),
    "legacy": Profile(proxy="https://gateway.maton.ai", control="https://ctrl.maton.ai"),
}
APPS: Final[Mapping[str, str]] = {"stripe": "stripe", "chargebee": "chargebee"}
"""Maton's name of the app of each provider whose answers can be told from Maton's own."""
LIMITS: Final = (Limit(10, 1.0),)
"""Ten requests a second for one account, shared by all its apps and connections (api-gateway-skill)."""

_WORD: Final = re.compile(r"[!-~]+")
_OTHER_KEYS: Final = {
    **dict.fromkeys(("sk_", "rk_", "pk_", "whsec_"), "a key of Stripe, which must not be sent to Maton"),
    **dict.fromkeys(("live_", "test_"), "a key of Chargebee, which must not be sent to Maton"),
}
"""What other keys look like, by how they begin."""


class Account:
    """The key and the hosts. An empty `api_key` is read from the environment variable MATON_API_KEY, now.

    `base_url` replaces the hosts of the profile by one base of both, for a test double. Raises `ConfigurationError` for a key that
    cannot be Maton's (a vendor's key is never sent to Maton), an unknown profile, or an unsafe `base_url`; a missing key only when a
    request must carry it.
    """

    def __init__(self, api_key: str, profile: str, base_url: str) -> None:
        filled(MatonOptions, {"api_key": api_key, "profile": profile, "base_url": base_url}, owner="maton")
        key = api_key or os.environ.get(KEY_VARIABLE, "")
        checked_key(key, provider="maton", hint=KEY_HINT, refused=_OTHER_KEYS)
        if profile not in PROFILES:
            raise _wrong(f"maton has no profile {profile!r}", "profile", f"the profiles are {', '.join(PROFILES)}")
        url = checked_base_url(base_url) if base_url else ""
        self._hosts = Profile(proxy=url, control=url) if url else PROFILES[profile]
        self._key = key
        self._digest = sha256(key.encode()).hexdigest()

    def control(self) -> Route:
        """To the connections."""
        return Route(base_url=self._hosts.control, headers=self._authorization())

    def name(self) -> str:
        """What all clients of the account have in common, whatever app they bill by: the host, and a digest of the key."""
        return f"{self._hosts.control} {self._digest}"

    def proxy(self, provider: Provider, connection: str) -> Route:
        """To the provider's vendor: its own headers without its key, Maton's key, and the connection (none yet if empty)."""
        named = {"Maton-Connection": connection} if connection else {}
        headers = {**provider.headers(), **self._authorization(), **named}
        return Route(base_url=f"{self._hosts.proxy}/{app_of(provider)}", headers=headers)

    def _authorization(self) -> dict[str, str]:
        if not self._key:
            raise missing("maton", "api_key", f"{_KEY}, or set {KEY_VARIABLE}")
        return {"Authorization": f"Bearer {self._key}"}

    def __repr__(self) -> str:
        """The host only: never the key."""
        return f"<Maton account at {self._hosts.control}>"


def app_of(provider: Provider) -> str:
    """Maton's name of the provider's app; `ConfigurationError` for a provider that this gateway does not carry."""
    app = APPS.get(provider.name)
    if app is None:
        raise _wrong(f"the gateway maton does not carry {provider.name}", "gateway", f"it carries {', '.join(APPS)}")
    return app


def is_word(text: str) -> bool:
    """Whether it may go into a header as it is: printable ASCII without spaces."""
    return _WORD.fullmatch(text) is not None


def checked_connection(connection: str) -> str:
    """Return the id. Raises `ConfigurationError` if it cannot be one: the id goes into a header, so it must not add another header."""
    filled(MatonOptions, {"connection": connection}, owner="maton")
    if connection and not is_word(connection):
        raise _wrong(
            "a connection id holds only printable ASCII without spaces", "connection", "copy it from `billbridge connections list`"
        )
    return connection


def _wrong(message: str, param: str, hint: str) -> ConfigurationError:
    return ConfigurationError(message, param=param, provider="maton", hint=hint)
