"""Search the whole run for secrets: every log record of any level, and the text of every error and of its causes.

A secret is a credential of a client under test. It collects while tests run, and `found()` searches. It does not look at what tests print.
"""

from __future__ import annotations

import binascii
import logging
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from billbridge.client.session import Session
from billbridge.errors import BillingError

_SHORTEST = 8
"""A key such as "k" would be found in any text."""
_SECRETS: set[str] = set()
_TEXTS: list[str] = []
_ERRORS: list[BaseException] = []
_WATCHED = ("billbridge", "billbridge_sandbox", "httpx", "httpcore", "anyio", "asyncio", "stevedore")
TOTAL = {"texts": 0}


class _Collector(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        _TEXTS.append(record.getMessage())
        if record.exc_info and record.exc_info[1] is not None:
            _ERRORS.append(record.exc_info[1])


def install() -> None:
    """Starts to collect, once for the whole run."""
    for name in _WATCHED:
        logger = logging.getLogger(name)
        logger.setLevel(logging.DEBUG)
        logger.addHandler(_Collector())
    _watch_links()
    _watch_errors()


def found() -> list[str]:
    """Where a secret is, of all that was collected since the last call."""
    texts = [*_TEXTS, *(text for error in _ERRORS for text in _told(error))]
    TOTAL["texts"] += len(texts)
    hits = [f"a secret is in: {text.replace(secret, '[THE SECRET]')}" for text in texts for secret in _SECRETS if secret in text]
    _TEXTS.clear()
    _ERRORS.clear()
    _SECRETS.clear()
    return sorted(set(hits))


def _told(error: BaseException | None) -> Iterator[str]:
    """All that an error and those behind it say to whoever prints them."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield from (str(error), repr(error), *getattr(error, "__notes__", ()))
        error = error.__cause__ or error.__context__


def _watch_links() -> None:
    made = Session.__init__

    def init(self: Session, *args: Any, **kwargs: Any) -> None:
        made(self, *args, **kwargs)
        public = self.provider.headers()
        for name, value in self.route.headers.items():
            if name not in public:
                _SECRETS.update(_parts(value))
        _TEXTS.extend(repr(each) for each in (self, self.provider, self.gateway, self.route))

    Session.__init__ = init  # type: ignore[method-assign]  # every client makes one


def _watch_errors() -> None:
    made = BillingError.__init__

    def init(self: BillingError, *args: Any, **kwargs: Any) -> None:
        made(self, *args, **kwargs)
        _ERRORS.append(self)

    BillingError.__init__ = init  # type: ignore[method-assign]  # the tree's one constructor


def _parts(credential: str) -> Iterator[str]:
    """A header's secret, and what is inside it where it is Basic."""
    scheme, _, secret = credential.rpartition(" ")
    candidates = [secret]
    if scheme.lower() == "basic":
        with suppress(binascii.Error, UnicodeDecodeError):
            candidates.append(b64decode(secret).decode().partition(":")[0])
    yield from (each for each in candidates if len(each) >= _SHORTEST)
