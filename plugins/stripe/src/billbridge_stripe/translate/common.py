"""What the translations of all resources share: references, raw JSON, addresses, changes, and the metadata that conventions of ours use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from billbridge.errors import ValidationError
from billbridge.model import UNSET, Address
from billbridge.model.raw import RawJson
from billbridge.toolkit.digest import digest

from billbridge_stripe import wire

MODEL_KEY: Final = "billbridge_model"
"""Stripe has no flat prices: a price per unit with this key in its metadata, "flat", is one by our convention."""

KIND_KEY: Final = "billbridge_kind"
"""Stripe has no kinds of products: "addon" or "charge" under this key in the metadata says what a product is; without it, it is a plan."""

METERED_KEY: Final = "billbridge_metered"
"""Stripe has metered prices, not products: "true" under this key in the metadata says that a product is meant for them."""

_OURS: Final = frozenset({MODEL_KEY, KIND_KEY, METERED_KEY})


def own(raw: bytes | msgspec.Raw) -> RawJson:
    """The JSON of an object on its own: a row of a page is copied, so that it does not keep the whole page in memory."""
    return RawJson(raw.copy() if isinstance(raw, msgspec.Raw) else raw)


def id_of(reference: wire.Reference) -> str | None:
    """The id, whether the object was expanded or not."""
    return reference if reference is None or isinstance(reference, str) else reference.id


def visible(metadata: dict[str, str] | None) -> dict[str, str]:
    """The metadata without our own keys, which users neither see nor write."""
    if not metadata or _OURS.isdisjoint(metadata):
        return metadata or {}
    return {key: value for key, value in metadata.items() if key not in _OURS}


def check_metadata(metadata: Mapping[str, str]) -> None:
    """Raises `ValidationError` for a key of our own."""
    for key in metadata:
        if key in _OURS:
            hint = "say model='flat', kind= or metered= when you create it"
            raise ValidationError(f"the metadata key {key!r} is Billbridge's own", param="metadata", provider="stripe", hint=hint)


def cleared(found: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The metadata that clears these keys one by one, and the step of the request.

    A call that is repeated finds other keys, or none: to Stripe that is another request, which it refuses under the same idempotency key.
    """
    return dict.fromkeys(found, ""), f"clear-{digest(','.join(sorted(found)))[:12]}"


def given(value: Any) -> Any:
    """A field of a patch as a parameter: an empty string clears, and nothing is sent for what is left alone."""
    return None if value is UNSET else "" if value is None else value


def address(found: wire.Address | None) -> Address | None:
    """None where Stripe shows a hash of nulls only."""
    if found is None:
        return None
    if not (found.line1 or found.line2 or found.city or found.state or found.postal_code or found.country):
        return None
    return Address(
        line1=found.line1 or None,
        line2=found.line2 or None,
        city=found.city or None,
        state=found.state or None,
        postal_code=found.postal_code or None,
        country=found.country or None,
    )


def address_params(address: Address) -> dict[str, str | None]:
    """The parts that are there."""
    return msgspec.structs.asdict(address)


def whole_address(address: Address) -> dict[str, str]:
    """All parts, the absent ones empty, so that nothing of an old address stays."""
    return {name: part or "" for name, part in address_params(address).items()}
