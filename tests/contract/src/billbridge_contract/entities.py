"""The promise for every object that a vendor answers, for the clauses of all chapters."""

from __future__ import annotations

from billbridge.model import Entity

from billbridge_contract.same import check_values
from billbridge_contract.world import World

PROMISE = "names its provider, holds the vendor's JSON in raw, and has exact amounts (never a float) and correct times in UTC"
JUST_NOW = ("created_at", "updated_at", "issued_at", "paid_at", "start_date")
"""Times that are all about now for a new object."""


def check_all(world: World, entities: list[Entity]) -> None:
    """Assert the promise for each object."""
    assert world.meter.provider is not None
    assert entities
    for entity in entities:
        check_values(entity, world.meter.provider.name)
        world.just_now(entity, *(name for name in JUST_NOW if getattr(entity, name, None) is not None))
