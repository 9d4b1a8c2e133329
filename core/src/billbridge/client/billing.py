"""The two clients, `Billing` and `AsyncBilling`. A client sends the operations of a provider through a gateway, with an HTTP engine.

You can share a client between threads or tasks. A view made with `with_options` shares the connections of its client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

from billbridge.client.base import Client
from billbridge.client.call_options import CallOptions
from billbridge.client.executor import AsyncExecutor, BlockingExecutor, Executor
from billbridge.client.operation import Async, Sync
from billbridge.client.repeating import settling
from billbridge.errors import OutcomeUnknownError
from billbridge.http import async_engine, blocking_engine

if TYPE_CHECKING:
    import httpx

    from billbridge.flow.journal import Entry
    from billbridge.http.engine import AsyncHttpEngine, HttpEngine


class Billing(Client[Sync, "httpx.Client"]):
    """The blocking client: `Billing.connect("stripe", api_key=...)`, or with types `Billing(StripeProvider(api_key=...))`.

    Use it in a `with` block, which closes its connections.

    - `http` is your own `httpx.Client`, for example with a proxy or certificates. This client does not close it. `"fast"` selects a
      client written in Rust (`pip install "billbridge[fast]"`); see `billbridge.http.fast`.
    - `limiter` keeps requests within the vendor's rate limit. By default all clients of one account in this process share one, with the
      vendor's published limits. Give it a file to share it between processes. Pass `Limiter()` for no limit.
    - `journal` notes each write before it is sent, so that `resolve` can settle it after a crash; see `billbridge.flow.journal`.
    - `hooks` are plugins that observe requests; see `billbridge.plugins.hookspecs`.

    Raises `ConfigurationError` for an argument of the wrong type.
    """

    _engine: HttpEngine | None = None

    def _open_engine(self, http: httpx.Client | Literal["fast"] | None) -> None:
        self._engine = blocking_engine(http)

    def _executor(self, options: CallOptions) -> Executor:
        return BlockingExecutor(self._session, self._engine, options)

    def resolve(self, error: OutcomeUnknownError | Entry) -> Any:
        """Find out whether a write happened: make the same call again with the same idempotency key, and return its result.

        Pass the `OutcomeUnknownError`, or an entry of a journal (`journal.pending()`). A settled entry is removed from the journal.

        If this returns, the write happened exactly once. If it raises the vendor's refusal, the write did not happen. The exception is
        `raw.delete`, which sends no key: its `NotFoundError` can mean that the first attempt deleted the object.

        Raises `OutcomeUnknownError` again if no answer comes, or if the vendor may soon delete the key. Stripe keeps keys for 24 hours
        and Chargebee for 30 minutes; Billbridge stops five minutes earlier. Raises `ValidationError` for a call of another provider.
        """
        call, args, kwargs = self._again(error)
        with settling(error):
            return call(*args, **kwargs)

    def close(self) -> None:
        """Close the connections. Later calls, also on views, raise `ConfigurationError`."""
        self._session.closed = True
        if self._engine is not None:
            self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_view:
            self.close()


class AsyncBilling(Client[Async, "httpx.AsyncClient"]):
    """The client for asyncio and trio, with the operations and arguments of `Billing`.

    `http` is your own `httpx.AsyncClient`, or `"fast"`, which works on asyncio only.
    """

    _engine: AsyncHttpEngine | None = None

    def _open_engine(self, http: httpx.AsyncClient | Literal["fast"] | None) -> None:
        self._engine = async_engine(http)

    def _executor(self, options: CallOptions) -> Executor:
        return AsyncExecutor(self._session, self._engine, options)

    async def resolve(self, error: OutcomeUnknownError | Entry) -> Any:
        """Find out whether a write happened; see `Billing.resolve`."""
        call, args, kwargs = self._again(error)
        with settling(error):
            return await call(*args, **kwargs)

    async def close(self) -> None:
        """Close the connections. Later calls, also on views, raise `ConfigurationError`."""
        self._session.closed = True
        if self._engine is not None:
            await self._engine.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if not self._is_view:
            await self.close()
