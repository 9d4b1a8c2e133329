"""The two clients, `Billing` and `AsyncBilling`. A client binds a provider, a gateway and an HTTP engine, and runs operations.

Both are safe to share between threads or tasks. A view made with `with_options` shares everything with its client.
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
    """The blocking client. `Billing.connect("stripe", api_key=...)`, or typed: `Billing(StripeProvider(api_key=...))`.

    A context manager. `http` is an `httpx.Client` of your own (hooks, proxies, certificates), which is not closed here, or "fast"
    for a client written in Rust (`pip install "billbridge[fast]"`; what differs is in its module). `limiter` keeps to the
    vendor's limit on requests: by default one per account in this process, by the vendor's published figures; make one with a file to
    share it between processes, or `Limiter()` to have none. `journal` notes each write before it is sent, so that `resolve` can settle it
    after a crash (see `billbridge.flow.journal`). Raises `ConfigurationError` for a part of the wrong type.
    """

    _engine: HttpEngine | None = None

    def _open_engine(self, http: httpx.Client | Literal["fast"] | None) -> None:
        self._engine = blocking_engine(http)

    def _executor(self, options: CallOptions) -> Executor:
        return BlockingExecutor(self._session, self._engine, options)

    def resolve(self, error: OutcomeUnknownError | Entry) -> Any:
        """Settles a write that may have happened, and returns what it returns: the same call is made again under the same key.

        Takes the error, or an entry of a journal (`journal.pending()`), which is then forgotten.

        When this returns, the write has happened exactly once. When it raises the vendor's refusal, the write has not happened. One
        exception: `raw.delete` carries no key, so `NotFoundError` can mean that the first attempt deleted the object.

        Raises `OutcomeUnknownError` again while no answer comes, and from five minutes before the vendor may have forgotten the key
        (Stripe: after 24 hours, Chargebee: after 30 minutes).
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
    """The client to await, on asyncio or trio: same names, same arguments. `http` is an `httpx.AsyncClient`, or on asyncio "fast"."""

    _engine: AsyncHttpEngine | None = None

    def _open_engine(self, http: httpx.AsyncClient | Literal["fast"] | None) -> None:
        self._engine = async_engine(http)

    def _executor(self, options: CallOptions) -> Executor:
        return AsyncExecutor(self._session, self._engine, options)

    async def resolve(self, error: OutcomeUnknownError | Entry) -> Any:
        """Settles a write that may have happened; see `Billing.resolve`."""
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
