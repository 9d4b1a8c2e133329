"""Checks of one field of a draft against its type. Each error names the field. The rules of a resource are in its draft."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import TYPE_CHECKING, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from billbridge.errors import ValidationError
from billbridge.model.hints import hint_for
from billbridge.money import Money
from billbridge.toolkit.ids import checked_id

if TYPE_CHECKING:
    from billbridge.model.base import Draft

_NONE: Final = frozenset({type(None)})
_PLAIN: Final = _NONE | {str, int, bool}
_LARGEST: Final = 2**63 - 1


def checked_field(draft: type[Draft], name: str, value: object) -> object:
    """Convert `value` to the type of the field: an enum for a word, UTC for a time.

    Raises `ValidationError` if the value does not fit the type.
    """
    if name in draft.id_fields:
        return _plain_text(checked_id(value, name))
    wanted = runtime_types(draft)[name]
    if isinstance(value, datetime) and datetime in (wanted, *get_args(wanted)):
        return utc(value, name)
    if isinstance(value, float) and Decimal in get_args(wanted):
        raise ValidationError(f"{name} must be a Decimal or an int, not a float: a float is not exact", param=name)
    try:
        checked = msgspec.convert(value, wanted, strict=True)
    except UnicodeEncodeError:  # msgspec wants to show the text
        raise not_unicode(name) from None
    except RecursionError:
        raise ValidationError(f"{name} is nested too deeply", param=name) from None
    except msgspec.ValidationError as error:
        text = f"{name}{_explain(wanted, value, str(error))}"
        raise ValidationError(text, param=name, hint=hint_for(name, wanted, value)) from None
    if isinstance(checked, StrEnum) and checked.name == "UNKNOWN":
        raise ValidationError(f"{name}{_explain(wanted, value, '')}", param=name, hint=hint_for(name, wanted, value))
    for text in _texts(checked):
        check_text(text, name)
    if isinstance(checked, str) and type(checked) not in _options(wanted):
        return _plain_text(checked)
    return checked if type(checked) is not type(value) or isinstance(value, dict | list) else value


def _plain_text(text: str) -> str:
    """Return a text as `str` itself. Templates and enums give texts of classes of their own, which not every encoder takes."""
    return text if type(text) is str else str.__str__(text)


def utc(when: datetime, name: str) -> datetime:
    """Convert a time to UTC in whole seconds, because vendors store whole seconds only.

    Raises `ValidationError` for a naive datetime.
    """
    if when.tzinfo is None:
        raise ValidationError(
            f"{name} is a naive datetime: it has no time zone", param=name, hint="add the zone, such as datetime(2026, 1, 31, tzinfo=UTC)"
        )
    try:
        return when.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise ValidationError(f"{name} is outside the years 1 to 9999 in UTC", param=name) from None


def _explain(wanted: Any, value: object, found: str) -> str:
    """The rest of an error text, after the name of the field."""
    for option in (wanted, *get_args(wanted)):
        if isinstance(option, type) and issubclass(option, StrEnum):
            got = "a different string" if isinstance(value, str) else type(value).__name__
            return f" must be one of {', '.join(word for word in option if word.name != 'UNKNOWN')}; got {got}"
        if option is Money and not isinstance(value, Money):
            return f" must be Money, such as Money('19.00', 'USD'), not {type(value).__name__}"
    return _in_python_words(wanted, found)


def _in_python_words(wanted: Any, found: str) -> str:
    """Turn a message of msgspec, "Expected `str | null`, got `int` - at `$[0]`", into "[0] must be str or None, not int"."""
    struct = next((each.__name__ for each in _parts(wanted) if isinstance(each, type) and issubclass(each, msgspec.Struct)), "dict")
    words = {
        "Object missing required field": "needs the field",
        "Object contains unknown field": "must not hold the field",
        "Expected": "must be",
        ", got": ", not",
        "null": "None",
        "object": struct,
        "array": "list",
        " | ": " or ",
        "`": "",
    }
    text, _, place = found.partition(" - at `$")
    return f"{place.rstrip('`')} {reduce(lambda text, word: text.replace(*word), words.items(), text)}"


def _parts(hint: Any) -> list[Any]:
    return [hint, *(part for argument in get_args(hint) for part in _parts(argument))]


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [*map(str, value), *map(str, value.values())] if isinstance(value, dict) else []


def check_text(text: object, name: str) -> None:
    """Check a text before it is sent.

    Raises `ValidationError` if it is not a string, holds half a surrogate pair, or holds a NUL character.
    """
    if not isinstance(text, str):
        raise ValidationError(f"{name} must be a string, not {type(text).__name__}", param=name)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise not_unicode(name) from None
    if "\x00" in text:
        raise ValidationError(f"{name} holds a NUL character, which no vendor accepts", param=name, hint="remove the character")


def not_unicode(name: str) -> ValidationError:
    """Make the error for a text that has no UTF-8 form."""
    return ValidationError(
        f"{name} is not valid Unicode text: it holds half a surrogate pair", param=name, hint="remove the broken character"
    )


def check_integer(number: int, name: str) -> None:
    """Check an integer before it is sent. Raises `ValidationError` if it needs more than 64 bits: vendors store no larger ones."""
    if not -_LARGEST <= number <= _LARGEST:
        raise ValidationError(f"{name} is an integer of {number.bit_length()} bits; the largest is {_LARGEST}", param=name)


def left_out(name: str, default: object) -> object:
    """Return the default of a field whose value is UNSET. Raises `ValidationError` if it has none."""
    if default is msgspec.NODEFAULT:
        raise ValidationError(f"{name} is needed, but it is UNSET", param=name, hint="UNSET is the same as leaving it out: pass a value")
    return default


@cache
def runtime_types(draft: type[Draft]) -> dict[str, Any]:
    """The types of the fields of a draft, without the literal spellings that only type checkers need."""
    return {name: _without_spellings(hint) for name, hint in get_type_hints(draft).items()}


@cache
def plain_types(draft: type[Draft]) -> tuple[tuple[str, object, frozenset[type]], ...]:
    """For each field: its name, its default, and the types whose values need no conversion.

    A text of such a type is still checked. `None` counts only where the field can be None. Most fields hold a text or are left out, and
    `checked_field` takes two microseconds for each, so this table saves time.
    """
    wanted = runtime_types(draft)
    return tuple(
        (field.name, field.default, (_NONE if field.name in draft.id_fields else _PLAIN).intersection(_options(wanted[field.name])))
        for field in msgspec.structs.fields(draft)
    )


def _options(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _without_spellings(hint: Any) -> Any:
    """The enum alone, for a union of an enum and the literal spellings of its words. Only type checkers need the spellings."""
    options = _options(hint)
    if any(isinstance(option, type) and issubclass(option, StrEnum) for option in options):
        options = tuple(option for option in options if get_origin(option) is not Literal)
    return reduce(or_, options)
