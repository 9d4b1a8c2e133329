"""Counts what one client sends, call by call, and remembers what it made. An observer of exchanges (`billbridge.plugins.hookspecs`).

Does not see contents. One meter watches one run of one clause, which makes its calls one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from billbridge import Provider
from billbridge.errors import BillingError, IdempotencyConflictError, UnsupportedOperationError
from billbridge.model import Entity
from billbridge.plugins.hookspecs import Exchange, hookimpl

_STEP: Final = 'each further POST of an operation needs a `step` of its own, as in exchange(request, dialect, step="default")'


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error, what caused it, and so on."""
    while error is not None:
        yield error
        error = error.__cause__


@dataclass(frozen=True)
class Made:
    """Something that a clause made: `resource` is "customers", "products", ..."""

    resource: str
    entity: Entity


@dataclass(eq=False)  # compared by identity: pluggy keeps plugins in a table
class Meter:
    """What one run of a clause sent and made."""

    exchanges: list[Exchange] = field(default_factory=list)
    """The requests of the call that is running, or ran last."""
    operations: set[str] = field(default_factory=set)
    """The operations that were called."""
    made: list[Made] = field(default_factory=list)
    refusals: list[tuple[UnsupportedOperationError, int]] = field(default_factory=list)
    """Every refusal, with the number of requests that the refusing call had sent."""
    provider: Provider | None = None

    @hookimpl
    def billbridge_exchange(self, exchange: Exchange) -> None:
        """One request was sent."""
        self.exchanges.append(exchange)

    @contextmanager
    def call(self, operation: str) -> Iterator[None]:
        """Around one call of one operation: counts anew, notes a refusal, and explains a key that two POSTs share."""
        self.operations.add(operation)
        self.exchanges.clear()
        try:
            yield
        except UnsupportedOperationError as error:
            self.refusals.append((error, len(self.exchanges)))
            raise
        except BillingError as error:
            posts = sum(exchange.method == "POST" for exchange in self.exchanges)
            if posts > 1 and any(isinstance(one, IdempotencyConflictError) for one in causes(error)):
                error.add_note(f"{operation} sent {posts} POSTs: {_STEP}")
            raise

    def sent_before(self, refusal: BaseException | None) -> int:
        """How many requests the call had sent that ended with this refusal."""
        return next((count for error, count in self.refusals if error is refusal), 0)

    def note(self, resource: str, name: str, result: object) -> None:
        """Remembers what a call made."""
        if name in ("create", "attach") and isinstance(result, Entity):
            self.made.append(Made(resource, result))
