"""Convert requests to those of httpcore, and its answers to ours. A route is prepared once, so that each request needs little work.

Opens no connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import httpcore
import httpx

from billbridge.flow import Request, Response
from billbridge.flow.route import Route
from billbridge.http.engine import CONNECT_SECONDS, READ_SECONDS, lower_names, phase_timeouts, tls_context

_GIVEN: Final = {"accept-encoding": "gzip, deflate", "user-agent": "billbridge"}
"""Headers of every request, unless the route or the request sets them. httpx can always decompress gzip and deflate."""
_OWN_TIMES: Final = {"connect": CONNECT_SECONDS, **dict.fromkeys(("read", "write", "pool", "total"), READ_SECONDS)}
_LENGTH: Final = ("POST", "PUT", "PATCH")  # these send `content-length: 0` without a body


def times(request: Request, timeout: float | None) -> dict[str, float]:
    """Return the seconds of each phase by httpcore's names, and those of the whole request as `total`."""
    limits = phase_timeouts(request, timeout)
    return _OWN_TIMES if limits is None else {"connect": limits[0], **dict.fromkeys(("read", "write", "pool", "total"), limits[1])}


class PreparedRoute:
    """A route with its origin parsed and its headers encoded."""

    def __init__(self, route: Route) -> None:
        url = httpx.URL(route.base_url)
        self.route = route
        self._prefix = url.raw_path.rstrip(b"/")
        self._parts: Any = {"scheme": url.raw_scheme, "host": url.raw_host, "port": url.port}
        self.origin = httpcore.URL(**self._parts, target="/").origin
        self.key = (self.origin.scheme, self.origin.host, self.origin.port)
        self.tls = tls_context() if url.scheme == "https" else None
        self._headers = {"host": url.netloc.decode("ascii"), **_GIVEN} | lower_names(route.headers)
        self._encoded = _encoded(self._headers)

    def request(self, request: Request, seconds: dict[str, float]) -> httpcore.Request:
        """Return the request as one of httpcore."""
        target = f"{request.path}?{request.query}" if request.query else request.path
        headers, body = self._encoded, request.body
        if request.headers:
            own = lower_names(request.headers)
            headers = _encoded(self._headers | own) if own.keys() & self._headers.keys() else headers + _encoded(own)
        if body is not None or request.method in _LENGTH:
            headers = [*headers, (b"content-length", b"%d" % len(body or b""))]
        url = httpcore.URL(**self._parts, target=self._prefix + target.encode("ascii"))
        wrapped = httpcore.Request(request.method, url, content=body, extensions={"timeout": seconds})
        wrapped.headers = headers  # set here, because the constructor would check each header again
        return wrapped


def response(status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> Response:
    """Return an answer as our `Response`, decompressed. Raises `httpx.DecodingError` if it cannot be decompressed."""
    named: dict[str, str] = {}
    for key, value in headers:
        name, text = key.lower().decode("ascii"), _text(value)
        named[name] = f"{named[name]}, {text}" if name in named else text
    if "content-encoding" in named:
        body = httpx.Response(status, headers=list(headers), content=body).content
    return Response(status=status, headers=named, body=body)


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("iso-8859-1")


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]
