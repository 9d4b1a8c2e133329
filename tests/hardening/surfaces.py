"""The three ways to use a client (blocking, asyncio, trio), and the routes to a bad connection. Each test runs on all of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest
from billbridge import AsyncBilling, Billing
from billbridge.flow.limiter import Limiter
from billbridge_sandbox.maton import SimulatedMaton

from .evidence import settled
from .line import Line

SURFACES = ("blocking", "asyncio", "trio")
ROUTES: dict[str, tuple[str, dict[str, Any]]] = {
    "stripe": ("stripe", {"api_key": "sk_test_x"}),
    "chargebee": ("chargebee", {"site": "acme", "api_key": "test_x"}),
    "maton": ("stripe", {"gateway": "maton", "api_key": "maton_x"}),
}

on_every_surface = pytest.mark.parametrize("surface", SURFACES)
awaited = pytest.mark.parametrize("surface", SURFACES[1:])
by_every_route = pytest.mark.parametrize("route", ROUTES)
on_both_vendors = pytest.mark.parametrize("route", ["stripe", "chargebee"])

Story = Callable[[Any], Awaitable[None]]


def connected(surface: str, route: str, line: Line, **more: Any) -> Any:
    """A client of that surface; the awaited one is the same for asyncio and trio."""
    provider, options = ROUTES[route]
    if route == "maton":
        options = {**options, "connection": line.sandbox.part(SimulatedMaton).connect(provider)}
    base_url = f"{line.url}/maton" if route == "maton" else line.url
    kind: Any = Billing if surface == "blocking" else AsyncBilling
    return kind.connect(provider, base_url=base_url, **{"limiter": Limiter(), **options, **more})


def tell(story: Story, surface: str, route: str, line: Line, **more: Any) -> None:
    """Tells a story of one client, which is closed at the end."""

    async def main() -> None:
        billing = connected(surface, route, line, **more)
        try:
            await story(billing)
        finally:
            await settled(billing.close())

    run(main, surface)


def run(main: Callable[[], Awaitable[None]], surface: str) -> None:
    """On the event loop of that surface; blocking calls run on it as well."""
    anyio.run(main, backend="trio" if surface == "trio" else "asyncio")
