"""Finds plugins by name (stevedore) and makes their providers, gateways and observers (pluggy). Sends nothing.

Only the plugin of the requested name is imported. Two packages that claim one name are an error. stevedore is imported inside the
functions: the import takes 70 to 95 ms, and `Billing(StripeProvider(...))` does not need it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pluggy

from billbridge.errors import BillingError, BrokenPluginError, ConfigurationError, PluginConflictError, PluginNotFoundError
from billbridge.plugins import hookspecs
from billbridge.plugins.arguments import check_names
from billbridge.plugins.gateway import Gateway
from billbridge.plugins.options import Options, check_known, filled
from billbridge.plugins.provider import Provider
from billbridge.toolkit.redact import redact
from billbridge.toolkit.suggestions import did_you_mean

PROVIDERS = "billbridge.providers"
GATEWAYS = "billbridge.gateways"
HOOKS = "billbridge.hooks"
DIRECT = "direct"
_PACKAGES = {
    "airbyte-stripe": "billbridge-airbyte",
    "stripe": "billbridge-stripe",
    "chargebee": "billbridge-chargebee",
    "maton": "billbridge-maton",
    "sandbox": "billbridge-sandbox",
}


def installed(group: str) -> list[str]:
    """Return the names that installed packages offer in a group, sorted. Imports none of them."""
    from stevedore import NamedExtensionManager

    return sorted(NamedExtensionManager(group, names=[]).entry_points_names())


def connect(provider: str, gateway: str | Gateway | None, options: Mapping[str, Any], *, text: bool = False) -> tuple[Provider, Gateway]:
    """Make the provider and the gateway of those names. Each gets the options that it knows.

    An option that both know goes to the gateway: with a proxy, `api_key` is the key of the proxy. Raises `PluginNotFoundError`,
    `PluginConflictError`, `BrokenPluginError`, and `ConfigurationError` for an unknown, missing or wrong option.
    """
    check_names(provider, gateway)
    provider_hook, provider_kind = _hook(PROVIDERS, provider)
    via, carried = _gateway(gateway, options, text=text)
    left = {name: value for name, value in options.items() if name not in carried}
    check_known(left, (*provider_kind.__struct_fields__, *carried), owner=provider)
    made = _made(provider, lambda: provider_hook.billbridge_provider(options=filled(provider_kind, left, owner=provider, text=text)))
    if not isinstance(made, Provider):
        raise BrokenPluginError(f"the plugin {provider!r} must make a billbridge Provider, not {type(made).__name__}")
    return made, via


def gateway(name: str, options: Mapping[str, Any], *, text: bool = False) -> Gateway:
    """Make the gateway of that name with exactly these options. Raises the errors of `connect`."""
    if name == DIRECT:
        check_known(options, (), owner=name)
        return Gateway()
    return _made_gateway(name, *_hook(GATEWAYS, name), options, text=text)


def observers(hooks: Iterable[object]) -> pluggy.PluginManager | None:
    """Return a manager that calls the observers, or None if there are none. A name is looked up in the group `billbridge.hooks`."""
    manager: pluggy.PluginManager | None = None
    if isinstance(hooks, str | bytes) or not isinstance(hooks, Iterable):
        line = f"hooks=[{hooks!r}]" if isinstance(hooks, str) else "hooks=[observer]"
        raise ConfigurationError(f"hooks must be a list, not {type(hooks).__name__}", param="hooks", hint=line)
    for hook in hooks:
        manager = manager or _manager(hookspecs.ObserverHooks)
        name = hook if isinstance(hook, str) else None
        plugin = _load(HOOKS, name) if name else hook
        _register(manager, plugin, name)
        if isinstance(plugin, type) or not manager.get_hookcallers(plugin):
            raise BrokenPluginError(
                f"the observer {name or type(plugin).__name__!r} would never be called",
                hint="pass an object or a module with a function billbridge_exchange(exchange) marked @hookimpl",
            )
    return manager


def _gateway(gateway: str | Gateway | None, options: Mapping[str, Any], *, text: bool) -> tuple[Gateway, tuple[str, ...]]:
    if isinstance(gateway, Gateway):
        return gateway, ()
    if gateway is None or gateway == DIRECT:
        return Gateway(), ()
    hook, kind = _hook(GATEWAYS, gateway)
    names = kind.__struct_fields__
    mine = {name: value for name, value in options.items() if name in names}
    return _made_gateway(gateway, hook, kind, mine, text=text), names


def _made_gateway(name: str, hook: Any, kind: type[Options], options: Mapping[str, Any], *, text: bool) -> Gateway:
    made = _made(name, lambda: hook.billbridge_gateway(options=filled(kind, options, owner=name, text=text)))
    if not isinstance(made, Gateway):
        raise BrokenPluginError(f"the plugin {name!r} must make a billbridge Gateway, not {type(made).__name__}")
    return made


def _hook(group: str, name: str) -> tuple[Any, type[Options]]:
    manager = _manager(hookspecs.GatewayHooks if group == GATEWAYS else hookspecs.ProviderHooks)
    _register(manager, _load(group, name), name)
    kind = _made(name, manager.hook.billbridge_options)
    if not (isinstance(kind, type) and issubclass(kind, Options)):
        raise BrokenPluginError(f"the hook billbridge_options of the plugin {name!r} must return an Options class")
    return manager.hook, kind


def _manager(specs: type) -> pluggy.PluginManager:
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(specs)
    return manager


def _register(manager: pluggy.PluginManager, plugin: object, name: str | None) -> None:
    label = name or type(plugin).__name__
    try:
        manager.register(plugin, name)
        manager.check_pending()
    except (pluggy.PluginValidationError, ValueError) as error:
        raise BrokenPluginError(f"the plugin {label!r} does not fit billbridge.plugins.hookspecs: {error}") from error


def _made(name: str, make: Any) -> Any:
    try:
        return make()
    except BillingError:
        raise
    except Exception as error:
        raise BrokenPluginError(f"the plugin {name!r} failed while it was set up ({type(error).__name__})") from error


def _load(group: str, name: str) -> object:
    from stevedore.driver import DriverManager
    from stevedore.extension import error_on_conflict
    from stevedore.named import NamedExtensionManager

    claims = [entry for entry in NamedExtensionManager(group, names=[]).list_entry_points() if entry.name == name]
    kind = group.rpartition(".")[2].removesuffix("s")
    if not claims:
        package = _PACKAGES.get(name)
        others = installed(group)
        near = None if package else did_you_mean(name.lower(), others)
        guess = f"did you mean {near!r}? Otherwise " if near else ""
        what = (
            f"{package}, from Billbridge's own repository" if package else f"the package that offers it in the entry-point group {group!r}"
        )
        raise PluginNotFoundError(
            f"no {kind} named {redact(name)!r} is installed (installed: {', '.join(others) or 'none'})", hint=f"{guess}install {what}"
        )
    if len(claims) > 1:
        raise PluginConflictError(
            f"{len(claims)} installed packages claim the {kind} name {name!r}: {', '.join(sorted(entry.value for entry in claims))}",
            hint="uninstall all but one; none of them was loaded",
        )
    try:
        return DriverManager(group, name, conflict_resolver=error_on_conflict, on_load_failure_callback=None).driver
    except Exception as error:
        raise BrokenPluginError(
            f"the {kind} {name!r} ({claims[0].value}) could not be imported: {type(error).__name__}: {error}",
            hint="install the plugin again, or its missing requirement",
        ) from error
