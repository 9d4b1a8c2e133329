"""Register a mistake as a clause: it must raise exactly one class of error. The mistakes themselves are in the clauses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from billbridge.errors import BillingError

from billbridge_contract.registry import clause
from billbridge_contract.world import World, refuses

Call: TypeAlias = Callable[[Any, str], Awaitable[object]]
"""A function that makes the mistake, with the client and an id that does not exist."""
Act: TypeAlias = Callable[[World], Awaitable[object]]


def mistake(
    id: str, promise: str, error: type[BillingError], needs: str, act: Act, *, param: str | None = None, cards: bool = False
) -> None:
    """Register one mistake as the clause with this id, which never changes.

    The class must be exactly `error`, not a subclass of it. With `param`, the error must name that argument, unless the vendor
    names no parameter.
    """

    async def body(world: World) -> None:
        with refuses(error) as caught:
            await act(world)
        assert type(caught.error) is error, f"raised {type(caught.error).__name__}"
        silent = caught.error.param is caught.error.provider_param is None  # the vendor does not say what was wrong
        assert param is None or silent or caught.error.param == param, f"names {caught.error.param!r} as the wrong argument"

    named = f" and names no other argument than `{param}`" if param else ""
    body.__module__ = act.__module__  # the chapter
    clause(id, f"{promise} raises {error.__name__}{named}.", needs=needs, cards=cards)(body)
