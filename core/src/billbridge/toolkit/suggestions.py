"""Find what the caller probably meant."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like `name`, or None if none is close."""
    import difflib  # imported here: only wrong names need it

    near = difflib.get_close_matches(name, list(known), n=1)
    return near[0] if near else None
