"""Opens the envelope around records, in every shape that Airbyte's sources and documents show. Does not read the records.

    {"result": {"data": [...], "has_more": ...}}              the connector's own list, which is Stripe's, as the result
    {"result": [...], "connector_metadata": {"has_more": ...}}  records and metadata apart, as the SDK of 2026 reads them
    {"data": [...], "meta": {"has_more": ...}}                as the documents of the SDK show its results
    {"object": "list", "data": [...], "has_more": ...}        the connector's list without a wrapper

In each place, `has_next_page` (PyAirbyte's word) means the same as `has_more`. A single record is the `result`, or `data`, or the whole
answer.
"""

from __future__ import annotations

from typing import Final

import msgspec
from billbridge.errors import ProtocolError
from billbridge.flow.retry import Dialect
from billbridge.toolkit.decoding import decode

_LAYERS: Final = 2  # the wrapper of Airbyte, and the list of the connector
_ROWS: Final = msgspec.json.Decoder(list[msgspec.Raw])


class _Marks(msgspec.Struct, frozen=True, kw_only=True):
    has_more: bool | None = None
    has_next_page: bool | None = None


class _Layer(_Marks, frozen=True, kw_only=True):
    id: object = None
    status: object = None
    result: msgspec.Raw = msgspec.Raw()
    data: msgspec.Raw = msgspec.Raw()
    meta: _Marks | None = None
    connector_metadata: _Marks | None = None


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """The content of an answer: a record, or an array of records. `more` is None if the answer does not say whether there are more."""

    content: msgspec.Raw
    more: bool | None
    succeeded: bool

    def __repr__(self) -> str:
        """Show the length only. The content is personal data."""
        return f"Opened({len(bytes(self.content))} bytes)"


_LAYER: Final = msgspec.json.Decoder(_Layer)


def opened(body: bytes, dialect: Dialect) -> Opened:
    """Return the content inside at most two layers. Raises `ProtocolError` for an answer that is not JSON."""
    content, told, status = msgspec.Raw(body), list[bool](), None
    for depth in range(_LAYERS):
        if not _is_object(content):
            break
        layer = decode(_LAYER, content, dialect.provider)
        status = layer.status if depth == 0 else status
        told += _told(layer)
        inner = layer.result if _is_there(layer.result) else layer.data if layer.id is None else msgspec.Raw()
        if not _is_there(inner):
            break
        content = inner
    return Opened(content=content, more=any(told) if told else None, succeeded=status in (None, "success"))


def rows(found: Opened, dialect: Dialect) -> list[msgspec.Raw]:
    """Return the records of a list. Raises `ProtocolError` if there is no array."""
    if _is_object(found.content):
        raise ProtocolError(f"{dialect.provider} answered a list without records", provider=dialect.provider, raw=bytes(found.content))
    return decode(_ROWS, found.content, dialect.provider)


def _told(layer: _Layer) -> list[bool]:
    marks = [mark for place in (layer, layer.meta, layer.connector_metadata) if place for mark in (place.has_more, place.has_next_page)]
    return [mark for mark in marks if mark is not None]


def _is_object(content: msgspec.Raw) -> bool:
    return bytes(content).lstrip()[:1] == b"{"


def _is_there(content: msgspec.Raw) -> bool:
    return bytes(content) not in (b"", b"null")
