"""Reading request parameters: types, JSON strings, and Chargebee's column-major arrays. It knows no resource.

Chargebee puts an array's index last (`subscription_items[quantity][1]=2`), so each column is sparse on its own; `Ask.columns` turns them
back into rows. What no handler has read is reported by `Ask.ignored`: whether the real Chargebee ignores or refuses unknown parameters
is not documented, and here they are ignored but remembered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias, cast

from billbridge_sandbox.chargebee.api.errors import incompatible, wrong_value

Json: TypeAlias = dict[str, Any]
Reader: TypeAlias = Callable[[str, str], Any]


def text(limit: int = 250) -> Reader:
    """A string of at most `limit` characters."""

    def read(name: str, raw: str) -> str:
        if len(raw) > limit:
            raise wrong_value(name, f"cannot be longer than {limit} characters")
        return raw

    return read


def whole(least: int = 0, most: int | None = None) -> Reader:
    """A whole number between `least` and `most`. Amounts are in the currency's minor unit, times in Unix seconds."""

    def read(name: str, raw: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,18}", raw):
            raise wrong_value(name, "should be a whole number")
        value = int(raw)
        if value < least or (most is not None and value > most):
            raise wrong_value(name, f"should be at least {least}" + ("" if most is None else f" and at most {most}"))
        return value

    return read


def flag(name: str, raw: str) -> bool:
    """`true` or `false`, in lower case."""
    if raw not in ("true", "false"):
        raise wrong_value(name, "should be true or false")
    return raw == "true"


def one_of(*words: str) -> Reader:
    """One of the words of an enumeration."""

    def read(name: str, raw: str) -> str:
        if raw not in words:
            raise wrong_value(name, f"should be one of {', '.join(words)}")
        return raw

    return read


def json_object(name: str, raw: str) -> Json:
    """A JSON object in a string, as `meta_data` and `metadata` take it."""
    try:
        value = json.loads(raw)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise wrong_value(name, "should be a JSON object")
    return cast(Json, value)


def currency(name: str, raw: str) -> str:
    """An ISO 4217 code; Chargebee writes them in upper case."""
    if not re.fullmatch(r"[A-Z]{3}", raw):
        raise wrong_value(name, "should be a currency code of three upper-case letters")
    return raw


class Ask:
    """The parameters of one request, with the ids of its path in `ids` and the path's pattern in `route`."""

    def __init__(self, pairs: Iterable[tuple[str, str]], ids: Mapping[str, str], route: str) -> None:
        self.ids = ids
        self.route = route
        self._values = dict(pairs)
        self._read: set[str] = set()

    def names(self) -> list[str]:
        """The names of all parameters sent."""
        return list(self._values)

    def raw(self, name: str) -> str | None:
        """The string sent under `name`; None when it was not sent."""
        self._read.add(name)
        return self._values.get(name)

    def get(self, name: str, reader: Reader) -> Any:
        """The value of `name`; None when it was not sent or is empty. Raises the refusal of a wrong value."""
        raw = self.raw(name)
        return None if raw is None or raw == "" else reader(name, raw)

    def need(self, name: str, reader: Reader) -> Any:
        """The value of `name`, which must be there and not be empty."""
        value = self.get(name, reader)
        if value is None:
            raise wrong_value(name, "cannot be blank")
        return value

    def fields(self, table: Mapping[str, Reader], required: Iterable[str] = ()) -> Json:
        """The values of those names of `table` that were sent; an empty one is None, which clears a field.

        Raises a refusal when one of `required` was sent empty.
        """
        found = {name: self.get(name, reader) for name, reader in table.items() if self.raw(name) is not None}
        for name in required:
            if name in found and found[name] is None:
                raise wrong_value(name, "cannot be blank")
        return found

    def group(self, prefix: str, table: Mapping[str, Reader]) -> Json:
        """The values of `prefix[name]` for the names of `table` that were sent."""
        keyed = {f"{prefix}[{name}]": name for name in table}
        return {keyed[key]: value for key, value in self.fields({key: table[name] for key, name in keyed.items()}).items()}

    def columns(self, prefix: str, table: Mapping[str, Reader]) -> list[tuple[int, Json]]:
        """The rows of `prefix[column][index]`, each with its index, in the order of the indexes. Cells that were not sent are absent."""
        rows: dict[int, Json] = {}
        for key in self.names():
            match = re.fullmatch(rf"{re.escape(prefix)}\[(\w+)\]\[(\d{{1,4}})\]", key)
            if match and match[1] in table:
                rows.setdefault(int(match[2]), {})[match[1]] = self.get(key, table[match[1]])
        return sorted(rows.items())

    def filters(self, name: str) -> list[tuple[str, str, str]]:
        """The operators sent for a filter: (key, operator, raw value) of each `name[operator]`."""
        found: list[tuple[str, str, str]] = []
        for key, value in self._values.items():
            if key.startswith(f"{name}[") and key.endswith("]"):
                self._read.add(key)
                found.append((key, key[len(name) + 1 : -1], value))
        return found

    def refuse(self, *prefixes: str) -> None:
        """Refuse every parameter sent whose name begins with one of `prefixes`: legal ones that are not simulated."""
        for name in self.names():
            if name.startswith(prefixes) and self.raw(name):
                raise incompatible(f"{name} is not enabled for this site", name)

    def ignored(self) -> list[str]:
        """The names of the parameters that no handler read."""
        return [name for name in self._values if name not in self._read]
