"""Collect every text that a program using Billbridge could show or keep, and search it for values that must not be there.

The search also finds usual disguises: percent-encoding, base64, upper case, a phone number in other groups. It does not look at the fields
of entities, or at the fields `raw` and `arguments` of errors: these are data, not text.
"""

from __future__ import annotations

import inspect
import logging
import pprint
import re
import traceback
import warnings
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote_plus

import pytest
from billbridge.plugins.hookspecs import Exchange, hookimpl

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}")
_DATA = frozenset({"raw", "arguments"})  # of errors: what came and what was asked, for a program and not for a log
_GROUPING = re.compile(r"(?<=\d)[ ()./-]+(?=\d)")


class Evidence:
    """Texts and where each came from. Also an observer, which keeps every `Exchange` that it is told of."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self.texts: list[tuple[str, str]] = []
        self.caught: list[BaseException] = []
        self._caplog = caplog
        self._warnings: list[warnings.WarningMessage] = []

    @hookimpl
    def billbridge_exchange(self, exchange: Exchange) -> None:
        self.add("exchange", f"{exchange!r} {exchange}")

    def add(self, where: str, text: str) -> None:
        self.texts.append((where, text))

    def show(self, *things: object) -> None:
        """Everything that `print`, a debugger or `rich` would show of these."""
        for thing in things:
            where = type(thing).__name__
            self.add(f"{where} repr", repr(thing))
            self.add(f"{where} str", str(thing))
            self.add(f"{where} format", f"{thing}")
            self.add(f"{where} pprint", pprint.pformat(thing))
            self.add(f"{where} rich", " ".join(_as_rich_would(thing)))

    @contextmanager
    def provoked(self, *kinds: type[BaseException]) -> Iterator[None]:
        """The block must raise one of these; the exception is kept with all its texts."""
        with pytest.raises(kinds) as caught:
            yield
        self.keep(caught.value)

    def keep(self, error: BaseException) -> None:
        self.caught.append(error)
        self.show(error)
        name = type(error).__name__
        self.add(f"{name} traceback", "".join(traceback.format_exception(error)))
        self.add(f"{name} fields", repr({key: value for key, value in vars(error).items() if key not in _DATA}))

    async def awaited(self, call: Callable[[], Any], *kinds: type[BaseException]) -> None:
        """The same for a call of either surface."""
        with self.provoked(*kinds):
            await settled(call())

    @contextmanager
    def watching(self) -> Iterator[Evidence]:
        """Catches logs of every logger from DEBUG on, and warnings, for the length of the block."""
        with self._caplog.at_level(logging.DEBUG), warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            yield self
        self._warnings += found

    def leaks(self, hidden: dict[str, str]) -> list[str]:
        """Where each of the hidden values (by name) can be read, in any disguise."""
        formatter = logging.Formatter()
        logged = [(f"log {each.name}", f"{formatter.format(each)} {each.args!r}") for each in self._caplog.records]
        warned = [("warning", f"{each.message} {each.message!r} {each.source!r}") for each in self._warnings]
        found: list[str] = []
        for where, text in dict.fromkeys([*self.texts, *logged, *warned]):
            plain = " ".join(_undisguised(text))
            found += [f"{name} in {where}: {_around(text, value)}" for name, value in hidden.items() if value.lower() in plain]
        return found

    @property
    def loggers(self) -> set[str]:
        """The names of the loggers that said something."""
        return {record.name for record in self._caplog.records}


async def settled(found: Any) -> Any:
    """The value of a call of either surface; a list is walked to its end."""
    if inspect.isawaitable(found):
        return await found
    if hasattr(found, "__aiter__"):
        return [each async for each in found]
    return list(found) if hasattr(found, "pages") else found


async def first_page(listed: Any) -> Any:
    """The first page of a list of either surface."""
    pages = listed.pages()
    return await anext(pages) if hasattr(pages, "__anext__") else next(pages)


def _around(text: str, value: str) -> str:
    place = max(text.lower().find(value.lower()), 0)
    return text[max(place - 100, 0) : place + 100]


def _undisguised(text: str) -> Iterator[str]:
    yield text.lower()
    yield unquote_plus(text).lower()
    yield _GROUPING.sub("", text)
    for match in _BASE64.findall(text):
        for start in range(4):
            piece = match[start:]
            whole = piece[:-1] if len(piece) % 4 == 1 else piece
            yield urlsafe_b64decode(whole.replace("+", "-").replace("/", "_") + "=" * (-len(whole) % 4)).decode("latin-1").lower()


def _as_rich_would(thing: Any) -> Iterator[str]:
    shown = getattr(thing, "__rich_repr__", None)
    if shown is None or isinstance(thing, type):
        yield repr(thing)
        return
    for field in shown():
        for part in field if isinstance(field, tuple) else (field,):
            if isinstance(part, list | tuple):
                for each in part:
                    yield from _as_rich_would(each)
            else:
                yield from _as_rich_would(part)
