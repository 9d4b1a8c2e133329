"""Options of plugins: one struct for each plugin, filled from keyword arguments or environment variables, and the errors about options."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from billbridge.errors import ConfigurationError
from billbridge.toolkit.redact import Redacted
from billbridge.toolkit.suggestions import did_you_mean

PREFIX: Final = "BILLBRIDGE_"
"""The beginning of every environment variable that `from_env()` reads."""
_AS_TEXT: Final = {"bool": "true or false", "int": "a whole number", "float": "a number"}


class Options(Redacted, frozen=True, kw_only=True):
    """The options of a plugin. Its repr shows which are set, never their values."""

    def __repr__(self) -> str:
        given = [name for name in self.__struct_fields__ if getattr(self, name)]
        return f"{type(self).__name__}({', '.join(f'{name}=…' for name in given)})"


O = TypeVar("O", bound=Options)  # noqa: E741  # it reads well here


def filled(kind: type[O], given: Mapping[str, Any], *, owner: str, text: bool = False) -> O:
    """Make the struct from options by name. `text` says that the values are strings from environment variables.

    Raises `ConfigurationError` for an unknown name, a missing option, or a value of the wrong type. The error never shows a value.
    """
    check_known(given, kind.__struct_fields__, owner=owner)
    try:
        return msgspec.convert(dict(given), kind, strict=not text)
    except (UnicodeEncodeError, RecursionError):  # msgspec wants to show such a text, or walks into such a list
        raise ConfigurationError(f"the options of {owner} cannot be read", provider=owner, hint=f"they are {known(kind)}") from None
    except msgspec.ValidationError as error:
        raise _refusal(str(error), kind, given, owner, text) from None


def check_known(given: Mapping[str, Any], names: tuple[str, ...], *, owner: str) -> None:
    """Raise `ConfigurationError` for a name that is not among `names`. The error suggests the nearest one."""
    for name in given:
        if name not in names:
            near = did_you_mean(name, names)
            guess = f"did you mean {near!r}? " if near else ""
            raise ConfigurationError(
                f"{owner} has no option {name!r}", param=name, hint=f"{guess}Its options are {', '.join(names) or 'none'}"
            )


def variable(owner: str, option: str = "") -> str:
    """Return the environment variable of an option, such as BILLBRIDGE_STRIPE_API_KEY, or how the variables of a plugin begin."""
    return f"{PREFIX}{owner.upper().replace('-', '_')}_{option.upper()}"


def missing(owner: str, option: str, what: str = "") -> ConfigurationError:
    """Return the error for an option that is needed but missing or empty. `what` describes the value to pass."""
    return ConfigurationError(
        f"{owner} needs {option}, but it is missing or empty", param=option, provider=owner, hint=_to_pass(owner, option, what)
    )


def _to_pass(owner: str, option: str, what: str = "") -> str:
    described = f" ({what})" if what else ""
    return f"pass {option}{described}, or set {variable(owner, option)} and call from_env(): connect() does not read the variable"


def _refusal(message: str, kind: type[Options], given: Mapping[str, Any], owner: str, text: bool) -> ConfigurationError:
    """Return our error for a message of msgspec, such as "Expected `int`, got `str` - at `$.pages`". Its texts can quote a secret."""
    absent = re.search(r"missing required field `(\w+)`", message)
    if absent:
        return missing(owner, absent[1])
    place = re.search(r"at `\$\.(\w+)", message)
    if place is None:
        return ConfigurationError(f"the options of {owner} cannot be read", provider=owner, hint=f"they are {known(kind)}")
    name = place[1]
    label = variable(owner, name) if text else f"{name} of {owner}"
    if given[name] is None:
        return ConfigurationError(f"{label} is None", param=name, provider=owner, hint=_to_pass(owner, name))
    wanted = get_type_hints(kind)[name]
    expected = re.match(r"Expected `([^`]+)`", message)
    if get_origin(wanted) is Literal:
        what = f"must be one of {', '.join(get_args(wanted))}"
    elif expected:
        got = "" if text else f", not {type(given[name]).__name__}"
        name_of_type = _AS_TEXT.get(expected[1], expected[1]) if text else expected[1]
        what = f"must be {name_of_type.replace('null', 'None').replace(' | ', ' or ')}{got}"
    else:
        what = f"cannot be read: {_reason(message)}"
    return ConfigurationError(f"{label} {what}", param=name, provider=owner, hint=f"the options of {owner} are {known(kind)}")


def _reason(message: str) -> str:
    """Return a message of msgspec without the value that it quotes and without the place."""
    return re.sub(r" '.*'", "", message).partition(" - at ")[0]


def known(kind: type[Options]) -> str:
    """Return the names of the options, for a sentence."""
    return ", ".join(kind.__struct_fields__) or "none"
