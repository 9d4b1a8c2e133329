"""What the official SDK says about legal parameters and response fields, read from its type annotations."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from functools import cache
from typing import Any

import stripe
import stripe.params

# Kinds whose class is not the kind in CamelCase.
_CLASSES = {"line_item": "InvoiceLineItem"}


def class_of(kind: str) -> type:
    """The SDK's class of an object kind such as "payment_method"."""
    name = _CLASSES.get(kind) or "".join(word.capitalize() for word in kind.split("_"))
    found = getattr(stripe, name)
    assert isinstance(found, type)
    return found


def param_fields(name: str) -> dict[str, str | None]:
    """The names in a parameters class such as "CustomerCreateParams", each with the class of the hash it takes, or None."""
    cls = getattr(stripe.params, name)
    shown = {field: str(note) for field, note in cls.__annotations__.items() if field not in stripe.RequestOptions.__annotations__}
    nested = {field: re.findall(rf"\b{name}\w+", annotation) for field, annotation in shown.items()}
    return {field: classes[0] if classes else None for field, classes in nested.items()}


@cache
def _nodes(cls: type) -> ast.ClassDef:
    node = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    assert isinstance(node, ast.ClassDef)
    return node


def faults(value: Any, where: str = "") -> list[str]:
    """Fields of an answer that the SDK does not know, and fields it always expects that are not there."""
    if isinstance(value, list):
        return [fault for row in value for fault in faults(row, where)]
    if not isinstance(value, dict):
        return []
    if value.get("object") == "list":
        wrong = [f"{where}: {name}" for name in set(value) ^ {"object", "data", "has_more", "url"}]
        return wrong + faults(value["data"], where)
    if value.get("deleted") is True:
        return [] if set(value) == {"id", "object", "deleted"} else [f"{where}: {sorted(value)}"]
    return _compare(value, _nodes(class_of(value["object"])), value["object"])


def _compare(value: dict[str, Any], node: ast.ClassDef, where: str) -> list[str]:
    inner = {child.name: child for child in node.body if isinstance(child, ast.ClassDef)}
    fields = {
        child.target.id: ast.unparse(child.annotation)
        for child in node.body
        if isinstance(child, ast.AnnAssign) and isinstance(child.target, ast.Name)
    }
    found = [f"{where}.{name} is unknown" for name in value if name not in fields]
    always = {
        name for name, annotation in fields.items() if not annotation.startswith(("Optional", "ClassVar")) and not name.startswith("_")
    }
    found += [f"{where}.{name} is missing" for name in sorted(always - set(value))]
    for name, shown in value.items():
        annotation = fields.get(name, "")
        nested = [child for key, child in inner.items() if re.search(rf"\b{key}\b", annotation)]
        rows = shown if isinstance(shown, list) else [shown]
        for row in rows:
            if isinstance(row, dict) and "object" in row:
                found += faults(row, f"{where}.{name}")
            elif isinstance(row, dict) and nested:
                found += _compare(row, nested[0], f"{where}.{name}")
    return found
