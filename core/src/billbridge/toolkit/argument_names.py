"""Translate a vendor's parameter names into the names of our own arguments, for `error.param`. Does not know any vendor's names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

import msgspec

from billbridge.errors import BillingError

Names: TypeAlias = Mapping[str, "str | tuple[str, ...] | None"]
"""The vendor's parameter names of one operation, and the argument for each.

`[*]` stands for a number in brackets, on both sides: `{"items[*][price]": "items[*].price"}`. A tuple lists several arguments that all
become this parameter. None stands for a parameter that no argument decides.
"""

_NUMBER: Final = r"\[(\d+)\]"
_LAST_PART: Final = r"\[[^\[\]]*\]?$"


class ArgumentNames:
    """The tables of a vendor, by operation: `ArgumentNames({"customers.create": {"preferred_locales": "locale"}})`.

    Operations without a table, such as `raw.post`, keep the vendor's names, because their caller wrote them.
    """

    def __init__(self, tables: Mapping[str, Names]) -> None:
        self.tables: Final = tables

    def knows(self, operation: str, parameter: str) -> bool:
        """Return whether the table of the operation has the parameter, or a group that the parameter belongs to."""
        return operation not in self.tables or self._find(operation, parameter) is not None

    def find(self, operation: str, parameter: str, draft: object = None) -> str | None:
        """Return the argument that became the parameter: `items[0].price` for `items[0][price]`. Return None if no argument did.

        If the table has no such parameter, the group around it decides: `metadata[plan]` becomes `metadata`. If several arguments can
        become the parameter, the first one that the `draft` holds is returned, or else the last one.
        """
        if operation not in self.tables:
            return parameter
        entry, numbers = self._find(operation, parameter) or (None, [])
        argument = _passed(entry, draft) if isinstance(entry, tuple) else entry
        if argument is None:
            return None
        for number in numbers:
            argument = argument.replace("[*]", f"[{number}]", 1)
        return argument.replace("[*]", "")

    def rename(self, error: BillingError, operation: str, draft: object = None) -> None:
        """Move the vendor's name from `error.param` to `error.provider_param`, and put the name of the argument in its place."""
        if error.param is not None:
            error.provider_param = error.param
            error.param = self.find(operation, error.param, draft)

    def _find(self, operation: str, parameter: str) -> tuple[str | tuple[str, ...] | None, list[str]] | None:
        """Return the entry of the parameter or of the closest group around it, and the numbers in the name."""
        names, numbers = self.tables[operation], re.findall(_NUMBER, parameter)
        pattern = re.sub(_NUMBER, "[*]", parameter)
        while pattern not in names:
            shorter = re.sub(_LAST_PART, "", pattern)
            if shorter == pattern:
                return None
            pattern = shorter
        return names[pattern], numbers


def _passed(arguments: tuple[str, ...], draft: object) -> str:
    values = [getattr(draft, each, None) for each in arguments]
    absent = msgspec.UNSET if msgspec.UNSET in values else None  # in a patch, None clears a field, so it was passed
    return next((each for each, value in zip(arguments, values, strict=True) if value is not absent), arguments[-1])


def nested(parameter: str, argument: str, parts: Mapping[str, str]) -> dict[str, str]:
    """Return the entries of a group: with `{"zip": "postal_code"}`, `address[zip]` becomes `address.postal_code`."""
    return {parameter: argument, **{f"{parameter}[{part}]": f"{argument}.{name}" for part, name in parts.items()}}
