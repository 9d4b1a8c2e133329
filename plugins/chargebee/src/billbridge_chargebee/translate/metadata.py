"""Metadata: Chargebee keeps one JSON object of any values and replaces it whole; the model has texts and merges them key by key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from billbridge.errors import ValidationError
from billbridge.model import UNSET, UnsetType

PRODUCTS: Final = "billbridge_products"
"""Where a coupon remembers the products that it was limited to: a JSON array of their ids."""
HIDDEN: Final = frozenset({PRODUCTS})
"""What Billbridge keeps there for itself; it is no metadata of the application's."""
_OBJECT: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TEXTS: Final = msgspec.json.Decoder(dict[str, str])
_TEXT: Final = msgspec.json.Decoder(str)


def texts(sent: msgspec.Raw) -> dict[str, str]:
    """The metadata of an object: strings as they are, other values as their JSON text. Empty where there is none."""
    try:
        found = _TEXTS.decode(sent)  # mostly there is nothing else, and this takes a fifth of the time
    except msgspec.ValidationError:
        found = {key: _as_text(value) for key, value in values(sent).items()}
    return found if HIDDEN.isdisjoint(found) else {key: value for key, value in found.items() if key not in HIDDEN}


def values(sent: msgspec.Raw) -> dict[str, msgspec.Raw]:
    """The same with the values undecoded, so that what is not ours goes back exactly as it came."""
    try:
        return _OBJECT.decode(sent)
    except msgspec.ValidationError:
        return {}  # absent, null, or no object: nothing that the model could name


def new(asked: Mapping[str, str] | None) -> dict[str, str] | None:
    """The object for a create: an empty value is no entry, and no entries are no object."""
    return {key: value for key, value in _checked(asked or {}).items() if value} or None


def merged(kept: Mapping[str, msgspec.Raw], asked: Mapping[str, str]) -> dict[str, msgspec.Raw | str]:
    """The whole object after a change: named keys are set, or removed by an empty value; all others stay."""
    both: dict[str, msgspec.Raw | str] = {**kept, **_checked(asked)}
    return {key: value for key, value in both.items() if value != ""}


def change(param: str, asked: Mapping[str, str] | UnsetType | None, known: Mapping[str, msgspec.Raw]) -> dict[str, object]:
    """The parameter of an update, {} for no change: merged into what is `known`; None clears all but what Billbridge itself keeps there."""
    if asked is None:
        return {param: {key: value for key, value in known.items() if key in HIDDEN}}
    return {param: merged(known, asked)} if asked is not UNSET and asked else {}


def needs_known(asked: Mapping[str, str] | UnsetType | None) -> bool:
    """Whether the present metadata must be read before this update."""
    return asked is not UNSET and bool(asked)


def _checked(asked: Mapping[str, str]) -> Mapping[str, str]:
    for key in asked:
        if key in HIDDEN:
            raise ValidationError(f"the metadata key {key!r} is Billbridge's own", param="metadata", provider="chargebee")
    return asked


def _as_text(value: msgspec.Raw) -> str:
    try:
        return _TEXT.decode(value)
    except msgspec.ValidationError:
        return bytes(value).decode()
