"""Capabilities: what a provider declares. They are read from its classes, so they cannot claim too much."""

from __future__ import annotations

from billbridge import Support
from billbridge.errors import ValidationError
from billbridge.plugins.provider import INTERFACES
from billbridge.services import operations
from billbridge.services.capability import CONNECTED_ACCOUNTS, Feature, support_of

from billbridge_contract.registry import clause
from billbridge_contract.world import World, refuses

KNOWN = {f"{interface.resource}.{name}" for interface in INTERFACES for name in operations(interface)} | {
    *map(str, Feature),
    CONNECTED_ACCOUNTS,
}


@clause("CAP-01", "`supports` answers for every capability and raises for a name that does not exist. Nothing is sent.")
async def every_name_answers(world: World) -> None:
    names = set(world.billing.capabilities)
    assert names == KNOWN
    for name in names:
        assert isinstance(world.billing.supports(name), Support)
        assert world.billing.supports(name) is world.billing.capabilities[name]
    with refuses(ValidationError):
        world.billing.supports("customers.levitate")
    assert world.requests == 0


@clause("CAP-02", "A provider declares an operation only if its class implements it.")
async def operations_are_read_off_classes(world: World) -> None:
    """A gateway can support less than the provider, never more."""
    provider = world.meter.provider
    for interface in INTERFACES:
        for name in operations(interface):
            there = support_of(type(getattr(provider, interface.resource)), interface, name)
            assert world.billing.supports(f"{interface.resource}.{name}") in (there, Support.ABSENT), f"{interface.resource}.{name}"


@clause("CAP-03", "A provider declares a feature only if it declares the feature's operation.")
async def features_follow_their_operations(world: World) -> None:
    for feature in Feature:
        assert world.billing.supports(feature.operation) or not world.billing.supports(feature), feature.value


@clause("CAP-04", "The client names its provider, its gateway and the version of the API. Nothing is sent.")
async def info(world: World) -> None:
    told = world.billing.info()
    assert world.meter.provider is not None
    assert told.provider == world.meter.provider.name
    assert told.gateway
    assert told.api_version
    assert told.live in (True, False, None)
    assert world.requests == 0
