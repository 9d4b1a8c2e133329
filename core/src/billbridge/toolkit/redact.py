"""Remove secrets and personal data from a vendor's message before it becomes an error text.

Does not read whole answers: `error.raw` keeps them undecoded, and no text shows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec


class Redacted(msgspec.Struct, frozen=True):
    """A struct that hides its fields from `rich`, to which msgspec lists all of them. A subclass decides what its `repr` shows."""

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return []


_HIDDEN: Final = "[redacted]"
# A vendor repeats texts of any length, so each pattern starts at a boundary: the search then takes time in proportion to the length.
_EMAIL: Final = r"(?<![\w.+%-])[\w.+%-]++@[\w-]+(?:\.[\w-]+)+"
_SHAPES: Final = (  # compiled when they are first used
    r"\b(?:sk|rk|pk|whsec|test|live|cb)_[A-Za-z0-9_*]{4,}"  # keys; Stripe shows part of a refused one
    r"|\b\w+_secret_\w+"  # client secrets
    r"|\b(?:\d[ -]?){11,18}\d\b"  # card and account numbers
)
_PERSONAL: Final = (
    r"(?:^|[\[_])(?:email|name|phone|line\d|city|postal_code|zip|state|company|meta_?data|description|token\w*|tok|vat_number|url)"
    r"(?=$|[\[\]])"
)
_PHONE: Final = r"phone(?=$|[\[\]])"
_TELLING_DIGITS: Final = 7


def redact(text: str, *, sent: Iterable[bytes | str] = ()) -> str:
    """Return `text` without e-mail addresses, keys, card numbers, and without personal values from the form bodies in `sent`.

    Long values are removed first, so that a short one does not split a long one. Very short values are removed only as whole words.
    """
    from urllib.parse import parse_qsl, quote, quote_plus  # imported here: errors are rare

    values: set[str] = set()
    for form in sent:
        for key, value in parse_qsl(form.decode("utf-8", "replace") if isinstance(form, bytes) else form):
            if re.search(_PERSONAL, key):
                values |= set(_flat(value))
            if re.search(_PHONE, key):
                text = _without_phone(text, value)
    for value in sorted(values, key=len, reverse=True):
        if len(value) > 2 or not value.isascii():
            for written in (value, quote_plus(value), quote(value)):
                text = text.replace(written, _HIDDEN)
        elif value.isalnum():
            text = re.sub(rf"\b{re.escape(value)}\b", _HIDDEN, text)
    return re.sub(_SHAPES, _HIDDEN, re.sub(_EMAIL, _HIDDEN, text))  # addresses first: another match could hold the start of one


def _flat(value: str) -> Iterator[str]:
    """The value, and the texts inside it when it is JSON."""
    yield value
    if value[:1] not in ("{", "["):
        return
    try:
        found = msgspec.json.decode(value)
    except msgspec.DecodeError:
        return
    waiting = [found]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += [*each, *each.values()]
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, str) and each:
            yield each


def _without_phone(text: str, phone: str) -> str:
    """`text` without the numbers that hold the last digits of `phone`, however they are grouped."""
    digits = re.sub(r"\D", "", phone)[-_TELLING_DIGITS:]
    if len(digits) < _TELLING_DIGITS:
        return text
    return re.sub(r"[+\d](?:[\d ()./-]*\d)?", lambda number: _HIDDEN if digits in re.sub(r"\D", "", number[0]) else number[0], text)
