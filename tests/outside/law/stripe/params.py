"""Checks the parameters of one request against the official SDK's TypedDicts, at every depth.

Three decisions, each stricter or looser than the bare annotation:
- `Literal["a", "b"] | str`: the SDK adds `str` for words newer than itself. We pin its API version, so a request may use the listed words
  only.
- An empty string clears. It is legal where the SDK lists `Literal[""]`, as a value of a string map (metadata), and for any plain string
  of an update: Stripe's maintainers say that the SDKs' types lack the marker on several strings, among them a customer's e-mail
  (stripe-node pull request 1834). That it holds for every plain string is our generalisation; Stripe may refuse some.
- A list's indexes run 0, 1, 2...: the SDK writes them so; `name[]` is read as the next index.
Does not check values by meaning (an id that exists, a known currency).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args, get_origin

from stripe._request_options import RequestOptions
from stripe._stripe_object import UntypedStripeObject
from typing_extensions import is_typeddict

from law.forms import brackets, is_scalar, misplaced, pairs, scalar_fits
from law.hints import bare, class_annotations, members, required_fields, words
from law.stripe.operations import Operation

Node = dict[str, "str | Node"]


def problems(operation: Operation, method: str, query: str, body: bytes) -> list[str]:
    """What is wrong with the parameters, one readable line each."""
    try:
        sent = pairs(query) + pairs(body)
    except UnicodeDecodeError:
        return ["the parameters are not UTF-8"]
    tree, malformed = nest(sent)
    law = _Law(clears=operation.on_one_object and method == "POST")
    return [*misplaced(method, query, body), *malformed, *law.fields(tree, operation.params, "")]


def nest(sent: list[tuple[str, str]]) -> tuple[Node, list[str]]:
    """Bracketed pairs as nested dicts (a list is a dict of indexes), and what was malformed on the way."""
    root: Node = {}
    malformed = []
    for key, value in sent:
        path = brackets(key)
        if path is None:
            malformed.append(f"{key}: malformed brackets")
        elif not _put(root, path, value):
            malformed.append(f"{key}: sent twice, or both as a value and as a group")
    return root, malformed


def _put(node: Node, path: list[str], value: str) -> bool:
    *groups, last = path
    for group in groups:
        inner = node.setdefault(group or str(len(node)), {})
        if isinstance(inner, str):
            return False
        node = inner
    last = last or str(len(node))
    if last in node:
        return False
    node[last] = value
    return True


class _Rule:
    """What a type allows, worked out once."""

    def __init__(self, hint: Any) -> None:
        self.options = members(hint)
        self.words = frozenset(words(self.options))
        closed = any(self.words)  # Literal[""] alone leaves the string open
        self.clearable = str in self.options and not closed
        self.scalars = [option for option in self.options if is_scalar(option) and not (option is str and closed)]
        self.groups = [option for option in self.options if _is_group(option)]


class _Fields:
    """What a TypedDict wants, worked out once."""

    def __init__(self, typed_dict: type) -> None:
        has_options = RequestOptions in getattr(typed_dict, "__orig_bases__", ())  # options of the call, not parameters on the wire
        known = class_annotations(typed_dict, RequestOptions if has_options else None)
        self.required = list(required_fields(known))
        self.known = {name: _rule(hint) for name, hint in known.items()}


_rule = cache(_Rule)
_fields = cache(_Fields)


class _Law:
    """Walks a tree of sent values along a type. `clears`: whether this request changes an object that is there already."""

    def __init__(self, clears: bool) -> None:
        self.clears = clears

    def fields(self, tree: Node, typed_dict: type, path: str) -> list[str]:
        fields = _fields(typed_dict)
        found = [f"{_join(path, name)}: missing, but required" for name in fields.required if name not in tree]
        for name, value in tree.items():
            place = _join(path, name)
            found += self.value(value, fields.known[name], place) if name in fields.known else [f"{place}: unknown parameter"]
        return found

    def value(self, value: str | Node, rule: _Rule, path: str) -> list[str]:
        if isinstance(value, str):
            return [] if self._text_fits(value, rule) else [f"{path}: {value!r} is not {_describe(rule.options)}"]
        verdicts = [self._group(value, option, path) for option in rule.groups]
        return min(verdicts, key=len) if verdicts else [f"{path}: a group of values, but {_describe(rule.options)} is wanted"]

    def _text_fits(self, text: str, rule: _Rule) -> bool:
        if text in rule.words:
            return True
        if text == "":
            return self.clears and rule.clearable
        return any(scalar_fits(text, option) for option in rule.scalars)

    def _group(self, tree: Node, option: Any, path: str) -> list[str]:
        if is_typeddict(option):
            return self.fields(tree, option, path)
        inner = _rule(get_args(option)[-1])
        if get_origin(option) is list:
            expected = [str(index) for index in range(len(tree))]
            found = [] if sorted(tree) == sorted(expected) else [f"{path}: list indexes {', '.join(tree)} instead of 0, 1, 2..."]
            return found + [line for index, value in tree.items() for line in self.value(value, inner, f"{path}[{index}]")]
        return [line for key, value in tree.items() if value != "" for line in self.value(value, inner, f"{path}[{key}]")]


def _is_group(option: Any) -> bool:
    return is_typeddict(option) or get_origin(option) in (list, dict)


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _describe(options: list[Any]) -> str:
    return " or ".join(_names(options)) or "known to the SDK"


def _names(options: list[Any]) -> Iterator[str]:
    known = [word for word in words(options) if word]
    yield from (repr(word) for word in known)
    for option in map(bare, options):
        if is_typeddict(option):
            yield "a group of named values"
        elif get_origin(option) in (list, dict):
            yield f"a {get_origin(option).__name__}"
        elif is_scalar(option) and not (option is str and known) and get_origin(option) is not UntypedStripeObject:
            yield option.__name__
