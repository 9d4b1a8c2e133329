"""Make ids for new objects. Chargebee requires an id, and the caller can leave it out."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from typing import Final

_LONGEST: Final = 100
"""The most characters of an id (API reference: items, item prices, coupons)."""


def derived_id(name: str, key: str) -> str:
    """Return an id of at most 100 characters: the name in lower case with dashes, and a digest of the call's idempotency key.

    The digest lets two objects have the same name. A call that is repeated with its key gets the same id, so it finds its own object.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return with_digest(re.sub(r"[^a-z0-9]+", "-", plain).strip("-"), key)


def with_digest(start: str, key: str) -> str:
    """Return an id that starts with `start`, shortened if needed, and ends with the digest of the key."""
    suffix = sha256(key.encode()).hexdigest()[:12]
    return f"{start[: _LONGEST - 13]}-{suffix}" if start else suffix
