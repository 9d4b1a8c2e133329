"""Reads a client's configuration from environment variables. Knows no plugin: their options are asked of them."""

from __future__ import annotations

from collections.abc import Mapping

from billbridge.errors import ConfigurationError
from billbridge.plugins.gateway import Gateway
from billbridge.plugins.provider import Provider

PREFIX = "BILLBRIDGE_"


def from_environment(environment: Mapping[str, str]) -> tuple[Provider, Gateway]:
    """The provider and gateway that BILLBRIDGE_PROVIDER and BILLBRIDGE_GATEWAY name, with options such as BILLBRIDGE_STRIPE_API_KEY.

    Each of the two gets its own variables only, so that a vendor's key never reaches a gateway. Those of others are left alone, so keys
    for several can be set at once. An unknown option of the chosen provider or gateway raises `ConfigurationError`, listing the known ones.
    """
    from billbridge.plugins.registry import connect
    from billbridge.plugins.registry import gateway as made

    provider = environment.get(f"{PREFIX}PROVIDER", "")
    if not provider:
        raise ConfigurationError(
            f"{PREFIX}PROVIDER is not set", hint=f"set it to the name of an installed provider, such as {PREFIX}PROVIDER=stripe"
        )
    name = environment.get(f"{PREFIX}GATEWAY") or None
    gateway = made(name, options_of(name, environment), text=True) if name else None
    return connect(provider, gateway, options_of(provider, environment), text=True)


def options_of(owner: str, environment: Mapping[str, str]) -> dict[str, str]:
    """The options that the variables BILLBRIDGE_<OWNER>_<OPTION> set."""
    prefix = f"{PREFIX}{owner.upper().replace('-', '_')}_"
    return {name.removeprefix(prefix).lower(): value for name, value in environment.items() if name.startswith(prefix) and value}
