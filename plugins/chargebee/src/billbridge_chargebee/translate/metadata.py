"""Convert metadata. Chargebee stores a JSON object of any values and replaces it as a whole. The model has texts and merges keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from billbridge.errors import ValidationError
from billbridge.model import UNSET, UnsetType

PRODUCTS: Final = "billbridge_products"
"""The key under which a coupon stores the products that it is limited to, as a JSON array of their ids."""
HIDDEN: Final = frozenset({PRODUCTS})
"""The keys of Billbridge itself. They are not part of the application's metadata."""
_OBJECT: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TEXTS: Final = msgspec.json.Decoder(dict[str, str])
_TEXT: Final = msgspec.json.Decoder(str)


def texts(sent: msgspec.Raw) -> dict[str, str]:
    """Return the metadata of an object: strings as they are, other values as JSON text. It is empty if there is none."""
    try:
        found = _TEXTS.decode(sent)  # mostly there is nothing else, and this takes a fifth of the time
    except msgspec.ValidationError:
        found = {key: _as_text(value) for key, value in values(sent).items()}
    return found if HIDDEN.isdisjoint(found) else {key: value for key, value in found.items() if key not in HIDDEN}


def values(sent: msgspec.Raw) -> dict[str, msgspec.Raw]:
    """Return the metadata with undecoded values, so that values of other programs go back exactly as they came."""
    try:
        return _OBJECT.decode(sent)
    except msgspec.ValidationError:
        return {}  # absent, null, or no object: nothing that the model could name


def new(asked: Mapping[str, str] | None) -> dict[str, str] | None:
    """Return the metadata of a new object, without empty values. Return None if nothing is left."""
    return {key: value for key, value in _checked(asked or {}).items() if value} or None


def merged(kept: Mapping[str, msgspec.Raw], asked: Mapping[str, str]) -> dict[str, msgspec.Raw | str]:
    """Return the whole metadata after a change. A key with an empty value is removed, other passed keys are set, the rest stays."""
    both: dict[str, msgspec.Raw | str] = {**kept, **_checked(asked)}
    return {key: value for key, value in both.items() if value != ""}


def change(param: str, asked: Mapping[str, str] | UnsetType | None, known: Mapping[str, msgspec.Raw]) -> dict[str, object]:
    """Return the parameter of an update, merged into the `known` metadata, or {} for no change. None clears all but Billbridge's keys."""
    if asked is None:
        return {param: {key: value for key, value in known.items() if key in HIDDEN}}
    return {param: merged(known, asked)} if asked is not UNSET and asked else {}


def needs_known(asked: Mapping[str, str] | UnsetType | None) -> bool:
    """Return whether this update must read the present metadata first."""
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
