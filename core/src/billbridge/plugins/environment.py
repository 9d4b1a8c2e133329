"""Reads the configuration of a client from environment variables. Knows no plugin, but asks each for its options."""

from __future__ import annotations

from collections.abc import Mapping

from billbridge.errors import ConfigurationError
from billbridge.plugins.gateway import Gateway
from billbridge.plugins.options import PREFIX, variable
from billbridge.plugins.provider import Provider


def from_environment(environment: Mapping[str, str]) -> tuple[Provider, Gateway]:
    """Make the provider and the gateway that BILLBRIDGE_PROVIDER and BILLBRIDGE_GATEWAY name.

    Their options come from variables such as BILLBRIDGE_STRIPE_API_KEY. Each of the two gets only its own variables, so a vendor's key
    never reaches a gateway. Variables of other plugins have no effect, so you can set keys for several vendors at once. Raises
    `ConfigurationError` without a provider, and for an unknown option of the provider or the gateway.
    """
    from billbridge.plugins.registry import connect
    from billbridge.plugins.registry import gateway as made

    if not isinstance(environment, Mapping):
        raise ConfigurationError(
            f"environment must be a mapping of variables, not {type(environment).__name__}",
            param="environment",
            hint="leave it out to read os.environ, or pass a dict such as {'BILLBRIDGE_PROVIDER': 'stripe'}",
        )
    provider, name = (_text(environment, f"{PREFIX}{each}") for each in ("PROVIDER", "GATEWAY"))
    if not provider:
        raise ConfigurationError(
            f"{PREFIX}PROVIDER is not set", hint=f"set it to the name of an installed provider, such as {PREFIX}PROVIDER=stripe"
        )
    gateway = made(name, options_of(name, environment), text=True) if name else None
    return connect(provider, gateway, options_of(provider, environment), text=True)


def options_of(owner: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the options that the variables BILLBRIDGE_<OWNER>_<OPTION> set. An empty variable counts as not set."""
    prefix = variable(owner)
    named = {name: value for name, value in environment.items() if isinstance(name, str) and name.startswith(prefix)}
    return {name.removeprefix(prefix).lower(): value for name, value in named.items() if value}


def _text(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name) or ""
    if not isinstance(value, str):
        raise ConfigurationError(f"{name} must be a string, not {type(value).__name__}", param="environment")
    return value
