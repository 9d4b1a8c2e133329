"""Options of plugins: one struct each, filled from keyword arguments or from the environment, with errors that list what is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from billbridge.errors import ConfigurationError
from billbridge.toolkit.redact import Redacted
from billbridge.toolkit.suggestions import did_you_mean


class Options(Redacted, frozen=True, kw_only=True):
    """The options of a plugin. Its repr shows which are set, never their values."""

    def __repr__(self) -> str:
        given = [name for name in self.__struct_fields__ if getattr(self, name)]
        return f"{type(self).__name__}({', '.join(f'{name}=…' for name in given)})"


O = TypeVar("O", bound=Options)  # noqa: E741  # it reads well here


def filled(kind: type[O], given: Mapping[str, Any], *, owner: str, text: bool = False) -> O:
    """The struct, from options by name. `text` says that values are strings from the environment.

    Raises `ConfigurationError` for an unknown name, a missing one, or a value of the wrong type; never shows a value.
    """
    check_known(given, kind.__struct_fields__, owner=owner)
    try:
        return msgspec.convert(dict(given), kind, strict=not text)
    except msgspec.ValidationError as error:
        # msgspec quotes a word that is not in an enum: it could be a secret in the wrong place
        what = re.sub(r" '.*'", "", str(error))
        raise ConfigurationError(f"an option of {owner} is wrong: {what}", hint=f"its options are {known(kind)}") from None


def check_known(given: Mapping[str, Any], names: tuple[str, ...], *, owner: str) -> None:
    """Raises `ConfigurationError` for a name that is not among `names`, with the nearest one."""
    for name in given:
        if name not in names:
            near = did_you_mean(name, names)
            guess = f"did you mean {near!r}? " if near else ""
            raise ConfigurationError(
                f"{owner} has no option {name!r}", param=name, hint=f"{guess}Its options are {', '.join(names) or 'none'}"
            )


def known(kind: type[Options]) -> str:
    """The names of the options, for a sentence."""
    return ", ".join(kind.__struct_fields__) or "none"
