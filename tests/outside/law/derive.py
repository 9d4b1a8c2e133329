"""Derives `presence/*.json`: which fields of a vendor's objects are always there, from the official Node SDKs' type declarations.

Why: the Python SDKs do not say it. stripe-python writes `Optional` both for "may be null" and for "may be absent" (16.1.0 has no
`NotRequired` on a resource); chargebee-python gives every top-level field of a resource the default None. The Node SDKs are generated
from the same vendor specifications and do say it: `field?: T` may be absent, `field: T | null` is always there.

Run by hand when the pinned SDKs change: `npm pack stripe@23.1.0 chargebee@3.33.0`, unpack, then
`python -m law.derive stripe package/esm/resources > law/presence/stripe.json`,
`python -m law.derive chargebee package/types/resources > law/presence/chargebee.json`.
stripe 23.1.0 declares the API version that stripe-python 16.1.0 pins (2026-10-28.endive); chargebee 3.33.0 is some releases newer than
chargebee-python 3.29.0, so fields that the Python SDK does not know are dropped.
Not used by the tests themselves.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from law.chargebee.objects import response_classes
from law.stripe.objects import nullable_fields, object_classes

Interface = dict[str, str]  # field, with "?" when it may be absent -> TypeScript type
_OPEN = re.compile(r"^(?:export )?(?:declare )?(interface|namespace) (\w+)[^{]*\{")
_FIELD = re.compile(r"^'?(\w+)'?(\??):\s*([^;]*)")


def interfaces(source: str) -> Iterator[tuple[str, Interface]]:
    """Every interface of a declaration file, named by its path of namespaces: "Customer.InvoiceSettings"."""
    stack: list[tuple[str, str, Interface]] = []
    field = ""
    for line in re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL).splitlines():
        text = line.strip()
        if opened := _OPEN.match(text):
            stack.append((opened[1], opened[2], {}))
        elif text.endswith("{"):  # a class, a method, an inline group
            declared = _FIELD.match(text)
            if declared and stack and stack[-1][0] == "interface":
                stack[-1][2][declared[1] + declared[2]] = "{}"
            stack.append(("other", "", {}))
        elif text.startswith("}") and stack:
            kind, name, fields = stack.pop()
            if kind == "interface":
                yield ".".join([outer for _, outer, _ in stack if outer] + [name]), fields
        elif stack and stack[-1][0] == "interface":
            if declared := _FIELD.match(text):
                field = declared[1] + declared[2]
                stack[-1][2][field] = declared[3]
            elif field in stack[-1][2]:
                stack[-1][2][field] += f" {text.rstrip(';')}"


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def stripe_presence(folder: Path) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """For each class of the Python SDK, among the fields it calls Optional: those always there, and those never null."""
    known = {
        (_plain("/".join(file.relative_to(folder).parts[:-1])), name): fields
        for file in sorted(folder.rglob("*.d.ts"))
        for name, fields in interfaces(file.read_text())
    }
    shared = {("", name): fields for name, fields in interfaces((folder.parent / "shared.d.ts").read_text())}
    for cls in object_classes():
        parts = cls.__module__.split(".")[1:-1]
        fields = known.get((_plain("/".join(parts)), cls.__qualname__)) or shared.get(("", cls.__name__))
        if fields is not None:
            nullable = nullable_fields(cls)
            always = sorted(name for name in nullable if name in fields)
            never_null = sorted(name for name in nullable if "null" not in (fields.get(name) or fields.get(name + "?", "null")))
            if always or never_null:
                yield f"{cls.__module__}.{cls.__qualname__}", {"always": always, "never_null": never_null}


def chargebee_presence(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """For each response class of the Python SDK: the fields that are always there."""
    known = {name: fields for file in sorted(folder.glob("*.d.ts")) for name, fields in interfaces(file.read_text())}
    for kind, cls, fields in response_classes():
        name = cls.__name__.removesuffix("Response")
        resource = "".join(part.title() for part in kind.split("_"))
        declared = known.get(resource if name == resource else f"{resource}.{name}", {})
        always = sorted(field for field in fields if field in declared)
        if always:
            yield f"{cls.__module__}.{cls.__qualname__}", always


if __name__ == "__main__":
    derive = {"stripe": stripe_presence, "chargebee": chargebee_presence}[sys.argv[1]]
    rows = [f"{json.dumps(name)}: {json.dumps(fields)}" for name, fields in sorted(derive(Path(sys.argv[2])))]
    sys.stdout.write("{\n" + ",\n".join(rows) + "\n}\n")
