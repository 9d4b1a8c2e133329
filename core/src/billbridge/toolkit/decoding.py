"""Decode a vendor's JSON, so that whatever cannot be read is a `ProtocolError` and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec

from billbridge.errors import ProtocolError

T = TypeVar("T")

UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for text that is not JSON, lacks a required field, is not UTF-8, or is nested too deeply."""
_ESCAPES: Final = (
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a whole pair
    rb"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    rb"|\\."  # any other escape, an escaped backslash among them
)
_OBJECT: Final = msgspec.json.Decoder(dict[str, Any])


def decode(decoder: msgspec.json.Decoder[T], data: bytes | msgspec.Raw, provider: str) -> T:
    """Return the JSON of a 2xx answer as the decoder's type.

    Half of a surrogate pair, which some vendors send when they cut a text inside an emoji, becomes U+FFFD. Raises `ProtocolError` if the
    data is not JSON, is cut short, is nested too deeply, or lacks a field that is always there.
    """
    try:
        return decoder.decode(data)
    except UNREADABLE as error:
        repaired = without_halves(data)
        if repaired is not None:
            return decode(decoder, repaired, provider)
        raise ProtocolError(
            f"{provider} answered with data that cannot be read: {_reason(error)}",
            provider=provider,
            raw=bytes(data),
            hint="if the call was a write, it probably took effect: read the object before you repeat the call",
        ) from None


def decode_all(decoder: msgspec.json.Decoder[T], rows: Sequence[msgspec.Raw], provider: str) -> list[T]:
    """Decode the rows of a page. One call for each row would take half as long as decoding a small row."""
    try:
        return [decoder.decode(row) for row in rows]
    except UNREADABLE:
        return [decode(decoder, row, provider) for row in rows]  # raises at the row that cannot be read


def decode_object(body: bytes) -> Mapping[str, Any]:
    """Return the JSON object of a refusal, or an empty one for anything else, such as the HTML of a proxy. Never raises."""
    try:
        return _OBJECT.decode(body)
    except UNREADABLE:
        repaired = without_halves(body)
        return {} if repaired is None else decode_object(repaired)


def without_halves(data: bytes | msgspec.Raw) -> bytes | None:
    """Return JSON with each half of a surrogate pair as U+FFFD, or None if there is none. Everything else stays as it is."""
    text = bytes(data)
    repaired = re.sub(_ESCAPES, lambda found: found[0] if found["half"] is None else b"\\ufffd", text)
    return None if repaired == text else repaired


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
