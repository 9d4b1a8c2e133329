"""Checks of one field of a draft against its type, with errors that name the field. Knows types, not resources."""

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
from billbridge.money import Money
from billbridge.toolkit.ids import checked_id

if TYPE_CHECKING:
    from billbridge.model.base import Draft

_NONE: Final = frozenset({type(None)})
_PLAIN: Final = _NONE | {str, int, bool}


def checked_field(draft: type[Draft], name: str, value: object) -> object:
    """`value` as the field holds it (a word as its enum, a time in UTC); `ValidationError` if it cannot be that."""
    if name in draft.id_fields:
        return checked_id(value, name)
    wanted = runtime_types(draft)[name]
    if isinstance(value, datetime) and datetime in (wanted, *get_args(wanted)):
        return utc(value, name)
    if isinstance(value, float) and Decimal in get_args(wanted):
        raise ValidationError(f"{name}: must be exact, a Decimal or an int, not a float", param=name)
    try:
        checked = msgspec.convert(value, wanted, strict=True)
    except msgspec.ValidationError as error:
        raise ValidationError(f"{name}: {_explain(wanted, value, str(error))}", param=name) from None
    if isinstance(checked, StrEnum) and checked.name == "UNKNOWN":
        raise ValidationError(f"{name}: {_explain(wanted, value, '')}", param=name)
    for text in _texts(checked):
        check_text(text, name)
    return checked if type(checked) is not type(value) or isinstance(value, dict | list) else value


def utc(when: datetime, name: str) -> datetime:
    """`when` in UTC and whole seconds (all that vendors keep); a naive datetime raises `ValidationError`."""
    if when.tzinfo is None:
        raise ValidationError(f"{name} is a naive datetime", param=name, hint="say which zone: datetime(2026, 1, 31, tzinfo=UTC)")
    try:
        return when.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise ValidationError(f"{name} is outside the years that can be sent", param=name) from None


def _explain(wanted: Any, value: object, found: str) -> str:
    for option in (wanted, *get_args(wanted)):
        if isinstance(option, type) and issubclass(option, StrEnum):
            return f"must be one of {', '.join(word for word in option if word.name != 'UNKNOWN')}"
        if option is Money and not isinstance(value, Money):
            return f"must be Money, such as Money('19.00', 'USD'), not {type(value).__name__}"
    return found


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [*map(str, value), *map(str, value.values())] if isinstance(value, dict) else []


def check_text(text: object, name: str) -> None:
    """Raises `ValidationError` for what is not text that can be sent: not a string, half a surrogate pair, a NUL character."""
    if not isinstance(text, str):
        raise ValidationError(f"{name} must be a string, not {type(text).__name__}", param=name)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValidationError(f"{name} is not valid Unicode text", param=name) from None
    if "\x00" in text:
        raise ValidationError(f"{name} holds a NUL character", param=name)


@cache
def runtime_types(draft: type[Draft]) -> dict[str, Any]:
    """The types of a draft's fields, without the literal spellings that only type checkers need."""
    return {name: _without_spellings(hint) for name, hint in get_type_hints(draft).items()}


@cache
def plain_types(draft: type[Draft]) -> tuple[tuple[str, object, frozenset[type]], ...]:
    """For each field its name, its default, and the types of which every value is right as it is (text, once it is checked): that of
    None only where the field can be None.

    Most fields of most drafts are texts or left out, and `checked_field` takes two microseconds for each.
    """
    wanted = runtime_types(draft)
    return tuple(
        (field.name, field.default, (_NONE if field.name in draft.id_fields else _PLAIN).intersection(_options(wanted[field.name])))
        for field in msgspec.structs.fields(draft)
    )


def _options(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _without_spellings(hint: Any) -> Any:
    """A union of an enum and the literal spellings of its words (kind to type checkers) is just the enum at run time."""
    options = _options(hint)
    if any(isinstance(option, type) and issubclass(option, StrEnum) for option in options):
        options = tuple(option for option in options if get_origin(option) is not Literal)
    return reduce(or_, options)
