"""The Python signature of an operation, for `help()` and editors, and the check of a call's arguments against it.

It is made from a service method and its draft, and calls neither.
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
    """The arguments of one operation. `ids` come first, by position. `names` are the keyword arguments."""

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
        """Raise TypeError for an unknown or surplus argument, with the nearest known name, and `ValidationError` for an invalid id."""
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
        """Check an argument that is no field of the draft: an id, or a value of a plain type."""
        if name in self.ids:
            checked_id(value, name)
        elif not isinstance(value, self._plain[name]) or (isinstance(value, bool) and bool not in self._plain[name]):
            wanted = " or ".join(_WORDS.get(kind, kind.__name__) for kind in self._plain[name])
            raise ValidationError(f"{name} must be {wanted}, not {type(value).__name__}", param=name)

    def _unknown(self, name: str, operation: str) -> str:
        """Return why the operation has no keyword argument of this name, and what to write instead."""
        if name in self._order:
            return f"takes {name!r} by position: write {self._example(operation)}"
        near = did_you_mean(name, self.names)
        guess = f"; did you mean {near!r}?" if near else "."
        return f"has no argument {name!r}{guess} It takes: {', '.join(self.names) or 'no keyword arguments'}"

    def _example(self, operation: str) -> str:
        """Return an example of a call: with the required arguments, or with one optional argument if none is required."""
        parameters = self._signature.parameters.values()
        needed = [each for each in parameters if each.default is inspect.Parameter.empty]
        named = [each.name for each in parameters if each.kind is _NAMED and each.name not in _RARE]
        required = [each.name for each in needed if each.kind is _NAMED]
        words = [each.name for each in needed if each.kind is not _NAMED] + [f"{name}=..." for name in required or named[:1]]
        return f"{operation}({', '.join(words)})"

    def bind(self, operation: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Raise TypeError if the arguments do not fit the signature, for example if a required one is missing."""
        try:
            self._signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{operation}(): {error}; write {self._example(operation)}") from None

    def to_json(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
        """Return the arguments of a call as JSON for a journal. Raises `ValidationError` if `from_json` would not return the same ones."""
        given = {name: value for name, value in kwargs.items() if value is not UNSET}
        try:
            packed = msgspec.json.encode([args, given], enc_hook=_plain_value)
            if self.from_json(packed) == (args, given):
                return packed
        except (TypeError, ValueError, msgspec.MsgspecError):
            pass
        raise ValidationError(
            "the journal cannot store this call: JSON cannot hold one of its arguments without a change",
            hint="pass strings, numbers, True, False, None, lists and dicts, or the classes of billbridge",
        ) from None

    def from_json(self, packed: bytes) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return the arguments that `to_json` wrote. Raises `ValidationError` if they do not fit this operation."""
        try:
            args, kwargs = _PACKED.decode(packed)
            names = self._order[: len(args)]
            positional = [msgspec.json.decode(raw, type=self._types[name]) for name, raw in zip(names, args, strict=True)]
            return tuple(positional), {name: msgspec.json.decode(raw, type=self._types[name]) for name, raw in kwargs.items()}
        except (KeyError, ValueError, msgspec.MsgspecError):
            raise ValidationError(
                "the arguments of this journal entry do not fit its operation",
                param="entry",
                hint="resolve it with the version of Billbridge that wrote it, or compare the vendor's object by hand",
            ) from None

    def apply_to(self, function: C, owner: type, name: str) -> C:
        """Give `function` the name, the signature and the docstring of the operation."""
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
    """Return the classes that a parameter accepts: each member of a union, and `Mapping` for `Mapping[str, Any]`."""
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
