"""The Python signature of an operation, as users see it in `help()` and editors, and the check of a call against it.

Reads a service method and, if it takes one, its draft. Does not call either.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UNSET

from billbridge.errors import ValidationError
from billbridge.model.base import Draft
from billbridge.model.checks import runtime_types
from billbridge.toolkit.ids import checked_id
from billbridge.toolkit.suggestions import did_you_mean

_WORDS: Final = {Mapping: "a dict", NoneType: "None", bool: "True or False"}
"""How an error names a type."""
C = TypeVar("C", bound=Callable[..., Any])
_PACKED: Final = msgspec.json.Decoder(tuple[list[msgspec.Raw], dict[str, msgspec.Raw]])
_NAMED: Final = inspect.Parameter.KEYWORD_ONLY
_RARE: Final = frozenset({"id", "page_size", "cursor", "created_gte", "created_lt", "order"})
"""Arguments that an example does not begin with."""


class CallSignature:
    """What a call of one operation looks like: `ids` come first, `names` are the keyword arguments that it takes."""

    def __init__(self, method: Callable[..., Any], draft: type[Draft] | None, *, wrap: Callable[[Any], Any] | None = None) -> None:
        hints = get_type_hints(method)
        own = list(inspect.signature(method).parameters.values())[1:]
        if draft is not None:
            own = own[:-1]
        self.ids = tuple(p.name for p in own if hints[p.name] is str)
        self._positional = sum(1 for p in own if p.kind is not _NAMED)
        fields = _fields(draft) if draft is not None else []
        if draft is not None:
            own = [p.replace(kind=inspect.Parameter.POSITIONAL_ONLY) for p in own]
        self.names = tuple(p.name for p in (*own, *fields) if p.kind is not inspect.Parameter.POSITIONAL_ONLY)
        self._order = tuple(p.name for p in own)
        self._plain = {p.name: _plain_types(hints[p.name]) for p in own if hints[p.name] is not str}
        self._types = {**{p.name: hints[p.name] for p in own}, **(runtime_types(draft) if draft is not None else {})}
        result = get_args(hints["return"])[2]
        parameters = [p.replace(annotation=hints[p.name]) for p in own] + fields
        self._signature = inspect.Signature(parameters, return_annotation=wrap(result) if wrap else result)
        self._doc = inspect.getdoc(method)

    def check(self, operation: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Raises TypeError for a misspelt or surplus argument, naming the nearest, and `ValidationError` for what cannot be an id."""
        for name in kwargs:
            if name not in self.names:
                raise TypeError(f"{operation}() {self._unknown(name, operation)}")
        if len(args) > self._positional:
            raise TypeError(
                f"{operation}() takes {self._positional} positional arguments, not {len(args)}: write {self._example(operation)}."
                f" By name it takes: {', '.join(self.names) or 'nothing'}"
            )
        for name, value in zip(self._order, args, strict=False):
            self._check_own(name, value)
        for name in self._order:
            if name in kwargs:
                self._check_own(name, kwargs[name])

    def _check_own(self, name: str, value: object) -> None:
        """Check an argument that is not of the draft: an id, or a value of a plain type."""
        if name in self.ids:
            checked_id(value, name)
        elif not isinstance(value, self._plain[name]) or (isinstance(value, bool) and bool not in self._plain[name]):
            wanted = " or ".join(_WORDS.get(kind, kind.__name__) for kind in self._plain[name])
            raise ValidationError(f"{name} must be {wanted}, not {type(value).__name__}", param=name)

    def _unknown(self, name: str, operation: str) -> str:
        """Why there is no keyword argument of this name, and what to write."""
        if name in self._order:
            return f"takes {name!r} by position: write {self._example(operation)}"
        near = did_you_mean(name, self.names)
        guess = f"; did you mean {near!r}?" if near else "."
        return f"has no argument {name!r}{guess} It takes: {', '.join(self.names) or 'no keyword arguments'}"

    def _example(self, operation: str) -> str:
        """A call with the required arguments, or with the first optional one if none is required."""
        parameters = self._signature.parameters.values()
        needed = [each for each in parameters if each.default is inspect.Parameter.empty]
        named = [each.name for each in parameters if each.kind is _NAMED and each.name not in _RARE]
        required = [each.name for each in needed if each.kind is _NAMED]
        words = [each.name for each in needed if each.kind is not _NAMED] + [f"{name}=..." for name in required or named[:1]]
        return f"{operation}({', '.join(words)})"

    def bind(self, operation: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Raises TypeError in the user's terms if the arguments do not fit the signature, such as a required one that is missing."""
        try:
            self._signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{operation}(): {error}; write {self._example(operation)}") from None

    def to_json(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
        """The arguments of a call as JSON, from which the same call can be made; `ValidationError` for what would not come back so."""
        given = {name: value for name, value in kwargs.items() if value is not UNSET}
        try:
            packed = msgspec.json.encode([args, given], enc_hook=_plain_value)
            if self.from_json(packed) == (args, given):
                return packed
        except (TypeError, ValueError, msgspec.MsgspecError):
            pass
        raise ValidationError(
            "this call cannot be noted in the journal: an argument would not come back from JSON as it was", hint="pass plain values"
        ) from None

    def from_json(self, packed: bytes) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments that `pack` was given; `ValidationError` if they are not of this operation."""
        try:
            args, kwargs = _PACKED.decode(packed)
            names = self._order[: len(args)]
            positional = [msgspec.json.decode(raw, type=self._types[name]) for name, raw in zip(names, args, strict=True)]
            return tuple(positional), {name: msgspec.json.decode(raw, type=self._types[name]) for name, raw in kwargs.items()}
        except (KeyError, ValueError, msgspec.MsgspecError):
            raise ValidationError("these arguments are not of this operation", param="entry") from None

    def apply_to(self, function: C, owner: type, name: str) -> C:
        """Gives `function` the name, the signature and the documentation of the operation."""
        function.__name__ = name
        function.__qualname__ = f"{owner.__qualname__}.{name}"
        function.__module__ = owner.__module__
        function.__doc__ = self._doc
        resource = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
        signature = self._signature.replace(parameters=[resource, *self._signature.parameters.values()])
        function.__signature__ = signature  # type: ignore[attr-defined]  # read by inspect.signature
        return function


def _plain_value(value: object) -> str | int:
    """Encode a text or an integer of a class of its own, such as one that a template gives."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _plain_types(hint: Any) -> tuple[type, ...]:
    """The classes whose instances a parameter takes: those of a union, and of `Mapping[str, Any]` the mapping."""
    options = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    return tuple(kind for option in options for kind in ((float, int) if option is float else (get_origin(option) or option,)))


def _fields(draft: type[Draft]) -> list[inspect.Parameter]:
    hints = get_type_hints(draft)
    return [
        inspect.Parameter(
            field.name, _NAMED, annotation=hints[field.name], default=inspect.Parameter.empty if field.required else field.default
        )
        for field in msgspec.structs.fields(draft)
    ]
