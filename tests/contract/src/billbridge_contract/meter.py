"""A meter: counts the requests of each call and notes the created objects. It observes exchanges (`billbridge.plugins.hookspecs`).

It does not see the contents of requests. One meter watches one run of one clause, whose calls run one after the other.
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
    """Iterate over an error, its cause, the cause of that, and so on."""
    while error is not None:
        yield error
        error = error.__cause__


@dataclass(frozen=True)
class Made:
    """An object that a clause created. `resource` is "customers", "products", ..."""

    resource: str
    entity: Entity


@dataclass(eq=False)  # compared by identity: pluggy keeps plugins in a table
class Meter:
    """The requests and the created objects of one run of a clause."""

    exchanges: list[Exchange] = field(default_factory=list)
    """The requests of the running call, or of the last one."""
    operations: set[str] = field(default_factory=set)
    """The operations that were called."""
    made: list[Made] = field(default_factory=list)
    refusals: list[tuple[UnsupportedOperationError, int]] = field(default_factory=list)
    """Each `UnsupportedOperationError`, with the number of requests that its call had sent."""
    provider: Provider | None = None

    @hookimpl
    def billbridge_exchange(self, exchange: Exchange) -> None:
        """Count one request."""
        self.exchanges.append(exchange)

    @contextmanager
    def call(self, operation: str) -> Iterator[None]:
        """Wrap one call of an operation: reset the count, note a refusal, and explain a conflict of two POSTs with the same key."""
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
        """Return how many requests the call with this refusal had sent."""
        return next((count for error, count in self.refusals if error is refusal), 0)

    def note(self, resource: str, name: str, result: object) -> None:
        """Note the object that a call created."""
        if name in ("create", "attach") and isinstance(result, Entity):
            self.made.append(Made(resource, result))
