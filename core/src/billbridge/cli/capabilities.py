"""The capabilities of providers as a table: for the terminal, as JSON, and as Markdown for the docs. Reads the plugins, sends nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import msgspec

from billbridge.cli.output import columns
from billbridge.plugins.gateway import Gateway
from billbridge.plugins.provider import Provider
from billbridge.plugins.registry import connect
from billbridge.services.capability import Support

BY: Final = " by "
"""The separator of a provider and a gateway, as in "stripe by maton"."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One capability of one provider. `how` tells how it is emulated. `hint` tells what to do if it is absent."""

    support: Support
    how: str | None = None
    hint: str | None = None

    @property
    def note(self) -> str | None:
        """The text that explains the cell, if there is one."""
        return self.how or self.hint


Matrix: TypeAlias = Mapping[str, Mapping[str, Cell]]
"""A mapping of provider to capability to cell. Every provider has the same capabilities, in the same order."""


def matrix(routes: Sequence[str]) -> Matrix:
    """Return the capabilities of installed providers. "stripe" names the direct route, "stripe by maton" the one through that gateway.

    Needs no API key. Raises what `Billing.connect` raises.
    """
    return {route: _cells(*_ends(route)) for route in routes}


def _ends(route: str) -> tuple[Provider, Gateway]:
    provider, _, gateway = route.partition(BY)
    return connect(provider, gateway or None, {})


def _cells(provider: Provider, gateway: Gateway) -> dict[str, Cell]:
    return {
        name: Cell(support=support, how=_how(provider, name), hint=provider.hints.get(name))
        for name, support in gateway.capabilities(provider).items()
    }


def _how(provider: Provider, capability: str) -> str | None:
    """Return the text of `@emulated(...)` on the provider's method. It is None for features, which have no method."""
    resource, _, operation = capability.partition(".")
    method = getattr(type(getattr(provider, resource, None)), operation, None)
    how: str | None = getattr(method, "__emulated__", None)
    return how


def as_text(table: Matrix) -> str:
    """Return the table as aligned columns for a terminal."""
    rows = [["capability", *table], *([name, *(cells[name].support.value for cells in table.values())] for name in _names(table))]
    return columns(rows)


def as_markdown(table: Matrix) -> str:
    """Return a Markdown table, then notes: how emulated capabilities work, and what to do if one is absent."""
    lines = [f"| capability | {' | '.join(table)} |", f"|---|{'---|' * len(table)}"]
    for name in _names(table):
        lines.append(f"| `{name}` | {' | '.join(cells[name].support.value for cells in table.values())} |")
    notes = [
        f"- `{name}`, {provider}: {cell.support.value}: {_escaped(cell.note)}"
        for name in _names(table)
        for provider, cells in table.items()
        if BY not in provider and (cell := cells[name]).support is not Support.NATIVE and cell.note
    ]
    return "\n".join([*lines, "", *notes] if notes else lines) + "\n"


def _names(table: Matrix) -> list[str]:
    return list(next(iter(table.values()), {}))


def _escaped(text: str | None) -> str:
    return (text or "").replace("|", r"\|")
