"""Ids for what Chargebee demands one and the caller gave none: made of the name, else of the call's idempotency key."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256


def named(name: str, key: str, kind: str) -> str:
    """The name in lower case with dashes, at most 100 characters; `kind` and a digest of the key where it has no Latin letter or digit."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:100]
    return slug or f"{kind}-{sha256(key.encode()).hexdigest()[:12]}"
