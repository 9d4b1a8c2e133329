"""Decodes form bodies and query strings into pairs, keys into their brackets, and texts into the scalars that both vendors write alike.

Does not know which parameter is legal: the vendors' `params.py` do.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

_KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_SCALARS: dict[Any, re.Pattern[str]] = {
    int: re.compile(r"-?\d+"),
    bool: re.compile(r"true|false"),
    float: _DECIMAL,
    Decimal: _DECIMAL,
    str: re.compile(r".*", re.DOTALL),
}


def pairs(form: str | bytes) -> list[tuple[str, str]]:
    """The (name, value) pairs of a form body or query string, in order; UnicodeDecodeError when the bytes are no UTF-8."""
    text = form.decode() if isinstance(form, bytes) else form
    return parse_qsl(text, keep_blank_values=True, errors="strict")


def brackets(key: str) -> list[str] | None:
    """`a[b][0]` as ["a", "b", "0"]; None when the brackets are not well formed."""
    match = _KEY.match(key)
    return match and [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]


def is_scalar(hint: Any) -> bool:
    """Whether the type is one that a form writes as a single text."""
    return hint in _SCALARS


def scalar_fits(text: str, hint: Any) -> bool:
    """Whether the text is how both vendors write a value of this type: whole numbers plain, booleans lower case, no exponents."""
    return _SCALARS[hint].fullmatch(text) is not None


def misplaced(method: str, query: str, body: bytes) -> list[str]:
    """Both official SDKs send the parameters of a POST in the body and those of any other method in the query string."""
    if method == "POST":
        return ["parameters in the query string of a POST"] if query else []
    return [f"a body on a {method}"] if body else []
