"""The registry of clauses: a stable id, a promise, its needs, and the function that proves it. Runs nothing."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from billbridge_contract.world import World

Body: TypeAlias = "Callable[[World], Awaitable[None]]"

CHAPTERS: Final = (
    "capabilities",
    "connected_accounts",
    "customers",
    "customer_details",
    "tax_ids",
    "credits",
    "customer_search",
    "lists",
    "list_filters",
    "catalog",
    "product_life",
    "price_models",
    "price_amounts",
    "price_life",
    "meters",
    "coupons",
    "promotion_codes",
    "product_features",
    "payment_methods",
    "payment_method_ends",
    "payment_method_setups",
    "subscriptions",
    "declines",
    "entitlements",
    "cancellation",
    "time",
    "invoices",
    "values",
    "errors",
    "unknown_ids",
    "mistakes",
    "idempotency",
    "raw",
)
"""The modules of `billbridge_contract.clauses`, in the order of docs/contract.md."""


@dataclass(frozen=True)
class Clause:
    """One clause. `needs` holds names of `billing.capabilities`. `clock`, `cards` and `account` are True if the backend must have them."""

    id: str
    promise: str
    needs: tuple[str, ...]
    clock: bool
    cards: bool
    account: bool
    body: Body
    chapter: str
    note: str


_CLAUSES: dict[str, Clause] = {}


def clause(
    id: str, promise: str, *, needs: str = "", clock: bool = False, cards: bool = False, account: bool = False
) -> Callable[[Body], Body]:
    """Register the decorated coroutine as the proof of a clause. `needs` holds capabilities, separated by spaces."""

    def register(body: Body) -> Body:
        if id in _CLAUSES:
            raise ValueError(f"two clauses have the id {id}; give each its own")
        chapter = body.__module__.rpartition(".")[2]
        note = inspect.cleandoc(body.__doc__ or "")
        _CLAUSES[id] = Clause(id, promise, tuple(needs.split()), clock, cards, account, body, chapter, note)
        return body

    return register


@cache
def clauses() -> tuple[Clause, ...]:
    """Return all clauses, in the order of docs/contract.md."""
    for chapter in CHAPTERS:
        import_module(f"billbridge_contract.clauses.{chapter}")
    return tuple(_CLAUSES.values())
