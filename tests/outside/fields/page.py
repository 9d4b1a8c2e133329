"""Writes docs/fields.md from the SDKs, the wire structs and the reasons. `tools/generated.py` calls it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fields import not_read_chargebee, not_read_stripe
from fields.bearing import bearing
from fields.reading import is_read

REASONS: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "stripe": not_read_stripe.NOT_READ,
    "chargebee": not_read_chargebee.NOT_READ,
}
_HEAD: Final = """# Fields

Every field of the vendors' objects that bears on money, quantity or time, as the official SDKs declare them. Billbridge reads a field
into its model, or this page says why not. A field that is not read is still there: `entity.raw_json()` gives the vendor's whole object.

The page is generated from the installed SDKs (see `pyproject.toml`). `tests/outside/test_fields.py` fails if a new version of an SDK adds
a field.
"""


def not_read(vendor: str, resource: str) -> dict[str, str]:
    """The paths of a resource that are not read, each with its reason."""
    return {path: reason for reason, paths in REASONS[vendor][resource].items() for path in paths.split()}


def page() -> str:
    """The text of docs/fields.md."""
    parts = [_HEAD]
    for vendor, resources in bearing().items():
        for resource, paths in resources.items():
            parts.append(f"\n## {vendor.title()}: {resource}\n")
            read = ", ".join(f"`{path}`" for path in sorted(paths) if is_read(vendor, resource, path))
            parts.append(f"\nRead: {read}.\n")
            reasons = REASONS[vendor][resource]
            if reasons:
                parts.append("\n| not read | reason |\n|---|---|\n")
            for reason, listed in reasons.items():
                parts.append(f"| {', '.join(f'`{path}`' for path in sorted(listed.split()))} | {reason} |\n")
    return "".join(parts)
