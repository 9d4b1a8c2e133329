"""Stripe's lists: envelope, cursors, range filters. Rows come in newest first; it does not sort."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from billbridge_sandbox.kernel.forms import Nested
from billbridge_sandbox.stripe.api.errors import exclusive, no_such
from billbridge_sandbox.stripe.api.params import EXPAND, Params, Parser, between, integer, text
from billbridge_sandbox.stripe.store.account import Json

_RANGE = Params(dict.fromkeys(("gt", "gte", "lt", "lte"), integer))


def moment_or_range(value: Nested, name: str) -> dict[str, int]:
    """A Unix time, or a hash of gt, gte, lt and lte."""
    if isinstance(value, str):
        exact = integer(value, name)
        return {"gte": exact, "lte": exact}
    return _RANGE(value, name)


LIST: dict[str, Parser] = {**EXPAND, "limit": between(1, 100), "starting_after": text, "ending_before": text}
CREATED: dict[str, Parser] = {**LIST, "created": moment_or_range}


def in_range(moment: int | None, bounds: dict[str, int] | None) -> bool:
    """Whether a Unix time lies inside a parsed range; None lies in no range."""
    if bounds is None:
        return True
    if moment is None:
        return False
    tests = {"gt": moment.__gt__, "gte": moment.__ge__, "lt": moment.__lt__, "lte": moment.__le__}
    return all(tests[name](bound) for name, bound in bounds.items())


def matching(rows: Sequence[Json], args: Json, *names: str) -> list[Json]:
    """The rows whose fields equal the arguments of these names, where given, and that were created in the `created` range."""
    wanted = {name: args[name] for name in names if name in args}
    return [
        row
        for row in rows
        if all(row[name] == value for name, value in wanted.items()) and in_range(row.get("created"), args.get("created"))
    ]


def envelope(rows: Sequence[Json], url: str, has_more: bool = False) -> Json:
    """A list object."""
    return {"object": "list", "data": list(rows), "has_more": has_more, "url": url}


def page(rows: Sequence[Json], args: dict[str, Any], url: str, name: str) -> Json:
    """The page of `rows` that limit, starting_after and ending_before ask for; `name` is what a missing cursor is called.

    Raises StripeError `resource_missing` for a cursor that is not among the rows.
    """
    if "starting_after" in args and "ending_before" in args:
        raise exclusive("starting_after", "ending_before")
    limit = args.get("limit", 10)
    ids = [row["id"] for row in rows]
    for param in ("starting_after", "ending_before"):
        if param in args and args[param] not in ids:
            raise no_such(name, args[param], param)
    if "ending_before" in args:
        before = rows[: ids.index(args["ending_before"])]
        return envelope(before[-limit:], url, len(before) > limit)
    after = rows[ids.index(args["starting_after"]) + 1 :] if "starting_after" in args else rows
    return envelope(after[:limit], url, len(after) > limit)
