"""The vendor's own JSON of an entity. Ordinary encoders do not see it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, Final

import msgspec

from billbridge.toolkit.decoding import decode

_EXACT: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(float_hook=Decimal)


class RawJson:
    """Undecoded JSON from a vendor: `bytes(raw)`. `entity.raw_json()` gives it as Python values.

    A dataclass without fields: msgspec writes it as `{}`, so a vendor's payload never reaches a response by accident.
    """

    __slots__ = ("_data",)
    __dataclass_fields__: ClassVar[dict[str, Any]] = {}
    """Makes it a dataclass. The decorator would do the same, but the import of `dataclasses` takes time."""

    def __init__(self, data: bytes | msgspec.Raw = b"{}") -> None:
        self._data = data

    def decode(self) -> Any:
        """Return the JSON as Python values, with `Decimal` for fractions. Raises `ProtocolError` if it cannot be read."""
        return decode(_EXACT, self._data, "the vendor")

    def __bytes__(self) -> bytes:
        return bytes(self._data)

    def __len__(self) -> int:
        return len(bytes(self._data))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RawJson) and bytes(self) == bytes(other)

    def __hash__(self) -> int:
        return hash(bytes(self))

    def __repr__(self) -> str:
        """The size only: the JSON holds personal data."""
        return f"RawJson({len(self)} bytes)"
