"""Metadata: Chargebee keeps one JSON object of any values and replaces it whole; the model has texts and merges them key by key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

_OBJECT: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TEXT: Final = msgspec.json.Decoder(str)


def texts(sent: msgspec.Raw) -> dict[str, str]:
    """The metadata of an object: strings as they are, other values as their JSON text. Empty where there is none."""
    return {key: _as_text(value) for key, value in values(sent).items()}


def values(sent: msgspec.Raw) -> dict[str, msgspec.Raw]:
    """The same with the values undecoded, so that what is not ours goes back exactly as it came."""
    try:
        return _OBJECT.decode(sent)
    except msgspec.ValidationError:
        return {}  # absent, null, or no object: nothing that the model could name


def new(asked: Mapping[str, str] | None) -> dict[str, str] | None:
    """The object for a create: an empty value is no entry, and no entries are no object."""
    return {key: value for key, value in (asked or {}).items() if value} or None


def merged(kept: Mapping[str, msgspec.Raw], asked: Mapping[str, str]) -> dict[str, msgspec.Raw | str]:
    """The whole object after a change: named keys are set, or removed by an empty value; all others stay."""
    both: dict[str, msgspec.Raw | str] = {**kept, **asked}
    return {key: value for key, value in both.items() if value != ""}


def _as_text(value: msgspec.Raw) -> str:
    try:
        return _TEXT.decode(value)
    except msgspec.ValidationError:
        return bytes(value).decode()
