"""The hooks that plugins implement (pluggy). They create things and watch; billing operations are typed method calls, never hooks.

A provider or gateway plugin is a module, named by its entry point, with the functions of `ProviderHooks` or `GatewayHooks` marked
`@hookimpl`. An observer is any object or module with those of `ObserverHooks`.
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
    """One request and what became of it, without its contents. `status` is None when no answer came; `seconds` is wall time."""

    provider: str
    gateway: str
    operation: str
    method: str
    path: str
    status: int | None
    seconds: float
    request_id: str | None


class ProviderHooks:
    """What a provider plugin implements: group `billbridge.providers`."""

    @_hookspec(firstresult=True)
    def billbridge_options(self) -> type[Options]:  # type: ignore[empty-body]  # a hook specification has no body
        """The struct of the plugin's options; its fields are the keyword arguments of `Billing.connect`."""

    @_hookspec(firstresult=True)
    def billbridge_provider(self, options: Options) -> Provider:  # type: ignore[empty-body]  # as above
        """Makes the provider. It must not send anything yet."""


class GatewayHooks:
    """What a gateway plugin implements: group `billbridge.gateways`."""

    @_hookspec(firstresult=True)
    def billbridge_options(self) -> type[Options]:  # type: ignore[empty-body]  # as above
        """The struct of the plugin's options; a name that is also an option of the provider goes to the gateway."""

    @_hookspec(firstresult=True)
    def billbridge_gateway(self, options: Options) -> Gateway:  # type: ignore[empty-body]  # as above
        """Makes the gateway."""


class ObserverHooks:
    """What an observer implements: group `billbridge.hooks`, loaded only when the application names it. It cannot change anything."""

    @_hookspec
    def billbridge_exchange(self, exchange: Exchange) -> None:
        """Called after every request, on the thread or task that sent it: be quick and do not wait. What it raises is logged, no more."""
