"""The two surfaces behind one interface: one clause runs on `Billing` and on `AsyncBilling`, without threads.

On the blocking surface, a clause is a coroutine that never suspends.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from enum import StrEnum
from typing import Any, TypeVar, cast

from billbridge import AsyncBilling, Billing, Feature, Page, Provider, Support
from billbridge.client.operation import Listing, Resource
from billbridge.client.pager import Pager

from billbridge_contract.backend import Client, SurfaceClass
from billbridge_contract.meter import Meter

T = TypeVar("T")


class Surface(StrEnum):
    """The client that a clause runs on."""

    BLOCKING = "blocking"
    ASYNC = "async"


class Lifted(dict[Feature, Support]):
    """Features that the suite declares for a provider. The provider itself would never send such requests."""


def metered(surface: Surface, meter: Meter, *, lifted: bool = False) -> SurfaceClass:
    """Return `Billing` or `AsyncBilling` with `meter` as an observer.

    Pass `lifted=True` to declare every feature for the provider, so that the core does not refuse what the provider does not declare.
    """
    base: Any = Billing if surface is Surface.BLOCKING else AsyncBilling

    def init(self: Any, provider: Provider, *, hooks: Any = (), **options: Any) -> None:
        meter.provider = provider
        if lifted:
            provider.features = Lifted({feature: provider.features.get(feature, Support.ABSENT) or Support.NATIVE for feature in Feature})
        base.__init__(self, provider, hooks=(*hooks, meter), **options)

    return cast(SurfaceClass, type(base.__name__, (base,), {"__init__": init, "__module__": base.__module__}))


def complete(surface: Surface, coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end: with asyncio, or in one step on the blocking surface, because nothing suspends there."""
    if surface is Surface.ASYNC:
        return asyncio.run(coroutine)
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: T = stop.value
        return result
    coroutine.close()
    raise AssertionError("a call on the blocking surface waited for an event loop")


async def close(client: Client) -> None:
    """Close a client of either surface."""
    if isinstance(client, Billing):
        client.close()
    else:
        await client.close()


def awaited(client: Client, meter: Meter) -> AsyncBilling:
    """Wrap the client of either surface, so that each call can be awaited and is counted."""
    return cast(AsyncBilling, _Awaited(client, meter))


class _Awaited:
    def __init__(self, client: Client, meter: Meter) -> None:
        self._client = client
        self._meter = meter

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._client, name)
        return _Operations(value, name, self._meter) if isinstance(value, Resource) else value

    def with_options(self, **options: Any) -> _Awaited:
        return _Awaited(self._client.with_options(**options), self._meter)

    def __repr__(self) -> str:
        return repr(self._client)


class _Operations:
    def __init__(self, resource: Resource[Any, Any], name: str, meter: Meter) -> None:
        self._resource = resource
        self._resource_name = name
        self._meter = meter

    def __getattr__(self, name: str) -> Callable[..., Any]:
        operation = f"{self._resource_name}.{name}"
        bound = getattr(self._resource, name)

        def listed(*args: Any, **kwargs: Any) -> _Pages:
            with self._meter.call(operation):
                return _Pages(bound(*args, **kwargs), operation, self._meter)

        async def called(*args: Any, **kwargs: Any) -> Any:
            with self._meter.call(operation):
                result = bound(*args, **kwargs)
                if not self._resource._executor.blocking:
                    result = await result
            self._meter.note(self._resource_name, name, result)
            return result

        return listed if isinstance(getattr(type(self._resource), name), Listing) else called


class _Pages:
    """A list for `async for`. The fetch of each page counts as one call."""

    def __init__(self, listed: Any, operation: str, meter: Meter) -> None:
        self._listed = listed
        self._operation = operation
        self._meter = meter

    async def __aiter__(self) -> AsyncIterator[Any]:
        async for page in self.pages():
            for item in page.items:
                yield item

    async def pages(self) -> AsyncIterator[Page[Any]]:
        blocking = isinstance(self._listed, Pager)
        pages = iter(self._listed.pages()) if blocking else aiter(self._listed.pages())
        while True:
            with self._meter.call(self._operation):
                page = next(pages, None) if blocking else await anext(pages, None)
            if page is None:
                return
            yield page
