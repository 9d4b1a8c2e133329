"""How one client, or one view on it, runs operations: the link, the HTTP engine and the caller's options, on one surface each.

Answers a flow's effects with the engine, the clock and the options. Decides nothing about retries or vendors.
"""

from __future__ import annotations

import time
from typing import Any, Protocol, TypeVar

import msgspec

from billbridge.engines.seam import AsyncHttpEngine, HttpEngine
from billbridge.errors import BillingError, TransportTimeoutError
from billbridge.flow import Ask, Call, Effect, Flow, Pause, Request, Response, Work
from billbridge.link import CallOptions, Link, new_key
from billbridge.model.base import Entity
from billbridge.runner import admitted, in_thread, let_others_run, run, run_async, wait, wait_async

T = TypeVar("T")


class Port(Protocol):
    """What a resource needs of its client. `run` gives the flow's result, or something to await where `blocking` is false."""

    blocking: bool
    link: Link

    def run(self, operation: str, flow: Flow[Any]) -> Any:
        """Runs one operation's flow."""


class _Watch:
    """One call: what is left of its deadline, and the idempotency key once a request has carried it."""

    def __init__(self, link: Link, operation: str, options: CallOptions) -> None:
        self._call = link.call(operation, options)
        self._ends = None if options.deadline is None else time.monotonic() + options.deadline
        self.key: str | None = None
        self._replay_header = link.provider.replay_header
        self._replayed = False

    def call(self, asked: Ask) -> Call:
        """The call as it is seen now, with an idempotency key from the first time that one is needed."""
        if asked.keyed and not self._call.key:
            self._call = msgspec.structs.replace(self._call, key=new_key())
        return self._call if self._ends is None else msgspec.structs.replace(self._call, left=self._ends - time.monotonic())

    def sending(self, request: Request) -> float | None:
        """The time-out of a request that is sent now. Raises `TransportTimeoutError` when the deadline has passed."""
        self.key = self._call.key if request.keyed else self.key
        if self._ends is None:
            return self._call.timeout
        self.allow(0)
        left = self._ends - time.monotonic()
        return left if self._call.timeout is None else min(left, self._call.timeout)

    def answered(self, request: Request, response: Response) -> None:
        """Notes whether the vendor answered a write from its memory."""
        if request.keyed and self._replay_header is not None:
            self._replayed = response.headers.get(self._replay_header) == "true"

    def result(self, value: T) -> T:
        """What the call returns, marked as replayed if its last write was: the client knows, whatever the provider says."""
        if isinstance(value, Entity) and value.replayed is not self._replayed:
            msgspec.structs.force_setattr(value, "replayed", self._replayed)
        return value

    def allow(self, seconds: float) -> None:
        """Raises `TransportTimeoutError` if the deadline passes within so many seconds. Nothing was sent then."""
        if self._ends is not None and self._ends - time.monotonic() <= seconds:
            raise TransportTimeoutError("the call's deadline passes before the request could be sent")


class BlockingPort:
    """Runs flows on the caller's thread."""

    blocking = True

    def __init__(self, link: Link, engine: HttpEngine | None, options: CallOptions) -> None:
        self.link = link
        self._engine = engine
        self._options = options

    def run(self, operation: str, flow: Flow[T]) -> T:
        """The flow's result."""
        link, engine = self.link, self._engine
        link.check_open()
        watch = _Watch(link, operation, self._options)

        def perform(effect: Effect) -> Any:
            if isinstance(effect, Ask):
                return watch.call(effect)
            if isinstance(effect, Pause):
                return wait(effect)
            if isinstance(effect, Work):
                return effect.do()
            while delay := link.limiter.admit():
                watch.allow(delay)
                wait(Pause(delay, delay))
            timeout, started = watch.sending(effect), time.perf_counter()
            try:
                response = link.answer_here(effect) if engine is None else engine.send(link.route_of(effect), effect, timeout)
            except BaseException:
                link.tell(operation, effect, None, started)
                raise
            link.tell(operation, effect, response, started)
            watch.answered(effect, response)
            return link.checked(effect, response)

        try:
            return watch.result(run(link.opened(flow, self._options.account), perform))
        except BillingError as error:
            link.name(error, operation, watch.key)
            raise


class AsyncPort:
    """Runs flows on the caller's task."""

    blocking = False

    def __init__(self, link: Link, engine: AsyncHttpEngine | None, options: CallOptions) -> None:
        self.link = link
        self._engine = engine
        self._options = options

    async def run(self, operation: str, flow: Flow[T]) -> T:
        """The flow's result."""
        link, engine = self.link, self._engine
        link.check_open()
        watch = _Watch(link, operation, self._options)

        async def perform(effect: Effect) -> Any:
            if isinstance(effect, Ask):
                return watch.call(effect)
            if isinstance(effect, Pause):
                return await wait_async(effect)
            if isinstance(effect, Work):
                return await in_thread(effect.do)
            while delay := await admitted(link.limiter):
                watch.allow(delay)
                await wait_async(Pause(delay, delay))
            timeout, started = watch.sending(effect), time.perf_counter()
            try:
                if engine is None:
                    await let_others_run()
                    response = link.answer_here(effect)
                else:
                    response = await engine.send(link.route_of(effect), effect, timeout)
            except BaseException:
                link.tell(operation, effect, None, started)
                raise
            link.tell(operation, effect, response, started)
            watch.answered(effect, response)
            return link.checked(effect, response)

        try:
            return watch.result(await run_async(link.opened(flow, self._options.account), perform))
        except BillingError as error:
            link.name(error, operation, watch.key)
            raise
