"""Paths of requests: build one from ids, or check one that the caller wrote. Adds no host and no query."""

from __future__ import annotations

import re
from typing import Final

from billbridge.errors import ValidationError
from billbridge.toolkit.ids import checked_id

_PATH: Final = r"(?:/[A-Za-z0-9._~%!$&'()*+,;=:@-]+)+"
_PLAIN: Final = re.compile(r"[A-Za-z0-9_~-]+").fullmatch  # percent-encoding does not change these


def path(template: str, *ids: str) -> str:
    """Return `template` with a percent-encoded id in place of each `{}`: `path("/v1/customers/{}", customer)`.

    Raises `ValidationError` for an empty id, which would turn a retrieve into a list, and for "." or "..", which would name another path.
    """
    return template.format(*[id if type(id) is str and _PLAIN(id) else _quoted(checked_id(id)) for id in ids])


def raw_path(path: str) -> str:
    """Return `path` if it is a percent-encoded path below the vendor's root, such as `/v1/charges`.

    Raises `ValidationError` for anything else: a host, a query, an empty segment, "." or "..", a control character.
    """
    from urllib.parse import unquote

    meant = unquote(path)
    if not re.fullmatch(_PATH, path) or not meant.isprintable() or not {".", ".."}.isdisjoint(meant.split("/")):
        raise ValidationError(
            "the path must be percent-encoded and look like '/v1/charges', without a host, a query, an empty segment, '.' or '..'",
            param="path",
            hint="pass the parameters of the query as params",
        )
    return path


def _quoted(id: str) -> str:
    from urllib.parse import quote  # imported here: few ids need it

    return quote(id, safe="")
