"""The paths of requests: percent-encoded from ids, or checked where the caller wrote one. Adds no host and no query."""

from __future__ import annotations

import re
from typing import Final

from billbridge.errors import ValidationError
from billbridge.toolkit.ids import checked_id

_PATH: Final = re.compile(r"(?:/[A-Za-z0-9._~%!$&'()*+,;=:@-]+)+")
_PLAIN: Final = re.compile(r"[A-Za-z0-9_~-]+").fullmatch  # quoting leaves these as they are


def path(template: str, *ids: str) -> str:
    """`template` with each `{}` replaced by a percent-encoded id: `path("/v1/customers/{}", customer)`.

    An empty id would turn a retrieve into a list, and "." or ".." would climb the tree, so both raise `ValidationError`.
    """
    return template.format(*[id if type(id) is str and _PLAIN(id) else _quoted(checked_id(id)) for id in ids])


def raw_path(path: str) -> str:
    """`path` itself if it is a plain, percent-encoded path below the vendor's root; `ValidationError` for what would lead anywhere else.

    No host, no query, no empty or dot segment, nothing that would be a separator when it is decoded.
    """
    from urllib.parse import unquote

    meant = unquote(path)
    if not _PATH.fullmatch(path) or not meant.isprintable() or not {".", ".."}.isdisjoint(meant.split("/")):
        raise ValidationError(
            "the path must be like '/v1/charges': no host, no query, no empty or dot segment, percent-encoded",
            param="path",
            hint="pass what belongs in the query as params",
        )
    return path


def _quoted(id: str) -> str:
    from urllib.parse import quote  # imported here: few ids need it, and `import billbridge` does not

    return quote(id, safe="")
