"""Where in a nested value something stands, put into words only when there is something to say of it. Knows no vendor."""

from __future__ import annotations

from typing import TypeAlias

Place: TypeAlias = "str | tuple[Place, str | int]"
"""The beginning as text ("" is the whole), or what it is in and the name of its field or its index in the list there."""


def at(place: Place) -> str:
    """The place as people write it: `lines.data[0].price`."""
    if isinstance(place, str):
        return place
    outer, step = at(place[0]), place[1]
    if isinstance(step, int):
        return f"{outer}[{step}]"
    return f"{outer}.{step}" if outer else step
