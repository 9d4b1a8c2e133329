"""The levels of a feature: which are legal, what they are called, and which of several values counts."""

from __future__ import annotations

from collections.abc import Sequence

from billbridge_sandbox.chargebee.api.errors import wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, flag, text, whole
from billbridge_sandbox.chargebee.store.features import Feature, Level

UNLIMITED = "Unlimited"
COUNTED = ("quantity", "range")
_COLUMNS = {"name": text(50), "value": text(50), "is_unlimited": flag, "level": whole(0)}


def sent(ask: Ask, kind: str, unit: str | None) -> list[Level] | None:
    """The levels of a request, in the order of their numbers. A range has two, a switch none."""
    rows = [(index, _level(index, row, kind, unit)) for index, row in ask.columns("levels", _COLUMNS)]
    if kind == "switch":
        if rows:
            raise wrong_value("levels", "is not for features of the type switch")
        return None
    if not rows or (kind == "range" and len(rows) != 2):
        raise wrong_value("levels", "should be two levels" if kind == "range" else "cannot be blank")
    found = sorted((level for _, level in rows), key=lambda level: level.level)
    if len({level.value.lower() for level in found}) < len(found):
        raise wrong_value("levels", "should differ")
    return found


def _level(index: int, row: Json, kind: str, unit: str | None) -> Level:
    unlimited = bool(row.get("is_unlimited"))
    if unlimited and kind not in COUNTED:
        raise wrong_value(f"levels[is_unlimited][{index}]", "is only for quantities and ranges")
    value = UNLIMITED if unlimited else row.get("value") or ""
    if not value or (kind in COUNTED and not unlimited and not value.isdecimal()):
        raise wrong_value(f"levels[value][{index}]", "should be a whole number" if kind in COUNTED else "cannot be blank")
    return Level(name=called(kind, value, unit), value=value, level=row.get("level", index), is_unlimited=unlimited)


def called(kind: str, value: str, unit: str | None) -> str:
    """The name of a value: "60 licenses", "Available", or the value itself (API reference, subscription entitlement)."""
    if kind == "switch":
        return "Available" if value == "true" else "Not Available"
    return f"{value} {unit}s" if kind in COUNTED and unit else value


def legal(feature: Feature, raw: str | None, param: str) -> str:
    """The value in the feature's own spelling. Raises the refusal of a value that is none of its levels."""
    value = raw or ""
    levels = feature.levels or []
    if feature.type == "switch":
        if value not in ("true", "false"):
            raise wrong_value(param, "should be true or false")
        return value
    for level in levels:
        if level.value.lower() == value.lower():
            return level.value
    if feature.type == "range" and value.isdecimal():
        least, most = levels
        if int(least.value) <= int(value) and (most.is_unlimited or int(value) <= int(most.value)):
            return value
    raise wrong_value(param, f"should be one of {', '.join(level.value for level in levels)}")


def joined(feature: Feature, values: Sequence[str]) -> str:
    """What several items give together: quantities are added, a switch is on if one is on, of other levels the highest counts."""
    if feature.type == "switch":
        return "true" if "true" in values else "false"
    if UNLIMITED in values and feature.type in COUNTED:
        return UNLIMITED
    if feature.type == "quantity":
        return str(sum(map(int, values)))
    if feature.type == "range":
        return str(max(map(int, values)))
    order = [level.value for level in feature.levels or []]
    return max(values, key=order.index)
