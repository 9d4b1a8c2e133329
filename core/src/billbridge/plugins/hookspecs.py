"""The hooks that plugins implement (pluggy). Hooks create providers and gateways, and observe. Operations are never hooks.

A provider or gateway plugin is a module, named by its entry point, with the functions of `ProviderHooks` or `GatewayHooks` marked
`@hookimpl`. An observer is any object or module with the functions of `ObserverHooks`.
"""

from __future__ import annotations

import msgspec
import pluggy

from billbridge.plugins.gateway import Gateway
from billbridge.plugins.options import Options
from billbridge.plugins.provider import Provider

PROJECT = "billbridge"
hookimpl = pluggy.HookimplMarker(PROJECT)
_hookspec = pluggy.HookspecMarker(PROJECT)


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """One request and its outcome, without contents. `status` is None if no answer came. `seconds` is wall time."""

    provider: str
    gateway: str
    operation: str
    method: str
    path: str
    status: int | None
    seconds: float
    request_id: str | None


class ProviderHooks:
    """The hooks of a provider plugin, in the entry-point group `billbridge.providers`."""

    @_hookspec(firstresult=True)
    def billbridge_options(self) -> type[Options]:  # type: ignore[empty-body]  # a hook specification has no body
        """Return the struct of the plugin's options. Its fields are the keyword arguments of `Billing.connect`."""

    @_hookspec(firstresult=True)
    def billbridge_provider(self, options: Options) -> Provider:  # type: ignore[empty-body]  # as above
        """Make the provider. It must not send anything yet."""


class GatewayHooks:
    """The hooks of a gateway plugin, in the entry-point group `billbridge.gateways`."""

    @_hookspec(firstresult=True)
    def billbridge_options(self) -> type[Options]:  # type: ignore[empty-body]  # as above
        """Return the struct of the plugin's options. An option that the provider has too goes to the gateway only."""

    @_hookspec(firstresult=True)
    def billbridge_gateway(self, options: Options) -> Gateway:  # type: ignore[empty-body]  # as above
        """Make the gateway. It must not send anything yet."""


class ObserverHooks:
    """The hooks of an observer, in the entry-point group `billbridge.hooks`. It is loaded only if the application names it."""

    @_hookspec
    def billbridge_exchange(self, exchange: Exchange) -> None:
        """Called after every request, on the thread or task that sent it, so return quickly. An exception is logged and has no effect."""
