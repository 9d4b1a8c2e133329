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
"""The metadata key of flat prices. Stripe has none, so Billbridge stores a price per unit with "flat" under this key."""

KIND_KEY: Final = "billbridge_kind"
"""The metadata key of the kind of a product, "addon" or "charge". Stripe has no kinds. A product without the key is a plan."""

METERED_KEY: Final = "billbridge_metered"
"""The metadata key of metered products, with the value "true". Stripe has metered prices, but no metered products."""

_OURS: Final = frozenset({MODEL_KEY, KIND_KEY, METERED_KEY})


def own(raw: bytes | msgspec.Raw) -> RawJson:
    """Return the JSON of one object. A row of a page is copied, so that it does not keep the whole page in memory."""
    return RawJson(raw.copy() if isinstance(raw, msgspec.Raw) else raw)


def id_of(reference: wire.Reference) -> str | None:
    """Return the id of an object, whether it was expanded or not."""
    return reference if reference is None or isinstance(reference, str) else reference.id


def visible(metadata: dict[str, str] | None) -> dict[str, str]:
    """Return the metadata without the keys of Billbridge, which users neither see nor write."""
    if not metadata or _OURS.isdisjoint(metadata):
        return metadata or {}
    return {key: value for key, value in metadata.items() if key not in _OURS}


def check_metadata(metadata: Mapping[str, str]) -> None:
    """Raise `ValidationError` if the metadata holds a key of Billbridge."""
    for key in metadata:
        if key in _OURS:
            hint = "say model='flat', kind= or metered= when you create it"
            raise ValidationError(f"the metadata key {key!r} is Billbridge's own", param="metadata", provider="stripe", hint=hint)


def cleared(found: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Return the metadata that clears these keys one by one, and the step of the request.

    A repeated call finds other keys, or none. For Stripe that is another request, which it refuses with the same idempotency key. So the
    step differs.
    """
    return dict.fromkeys(found, ""), f"clear-{digest(','.join(sorted(found)))[:12]}"


def given(value: Any) -> Any:
    """Convert a field of a patch to a parameter.

    None becomes an empty string, which clears the field. A field that the caller leaves out becomes None, which is not sent.
    """
    return None if value is UNSET else "" if value is None else value


def address(found: wire.Address | None) -> Address | None:
    """Convert an address. Return None if Stripe sends only nulls."""
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
    """Return the parts of an address that are set, as parameters."""
    return msgspec.structs.asdict(address)


def whole_address(address: Address) -> dict[str, str]:
    """Return all parts of an address as parameters. Parts that are not set are empty, so that nothing of the old address stays."""
    return {name: part or "" for name, part in address_params(address).items()}
