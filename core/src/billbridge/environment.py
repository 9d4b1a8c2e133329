"""Reads a client's configuration from environment variables. Knows no plugin: their options are asked of them."""

from __future__ import annotations

from collections.abc import Mapping

from billbridge.errors import ConfigurationError
from billbridge.gateway import Gateway
from billbridge.provider import Provider

PREFIX = "BILLBRIDGE_"


def from_environment(environment: Mapping[str, str]) -> tuple[Provider, Gateway]:
    """The provider and gateway that BILLBRIDGE_PROVIDER and BILLBRIDGE_GATEWAY name, with options such as BILLBRIDGE_STRIPE_API_KEY.

    Variables of other providers are left alone, so keys for several can be set at once. An unknown option of the chosen
    provider or gateway raises `ConfigurationError`, listing the known ones.
    """
    from billbridge.registry import connect

    provider = environment.get(f"{PREFIX}PROVIDER", "")
    if not provider:
        raise ConfigurationError(
            f"{PREFIX}PROVIDER is not set", hint=f"set it to the name of an installed provider, such as {PREFIX}PROVIDER=stripe"
        )
    gateway = environment.get(f"{PREFIX}GATEWAY") or None
    options = {}
    for owner in (provider, gateway):
        if owner:
            options.update(_options_of(owner, environment))
    return connect(provider, gateway, options, text=True)


def _options_of(owner: str, environment: Mapping[str, str]) -> dict[str, str]:
    prefix = f"{PREFIX}{owner.upper().replace('-', '_')}_"
    return {name.removeprefix(prefix).lower(): value for name, value in environment.items() if name.startswith(prefix) and value}
