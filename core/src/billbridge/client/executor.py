"""Executors run the flows of one client or view: `BlockingExecutor` and `AsyncExecutor`.

An executor answers a flow's effects with the session, the HTTP engine and the caller's options. It decides nothing about retries.
"""

from __future__ import annotations

import time
from typing import Any, Protocol, TypeVar

import msgspec

from billbridge.client.call_options import CallOptions, new_key
from billbridge.client.session import Session
from billbridge.errors import BillingError, TransportTimeoutError
from billbridge.flow import Ask, Call, Effect, Flow, Pause, Request, Response, Work
from billbridge.flow.runner import admitted, in_thread, let_others_run, run, run_async, wait, wait_async
from billbridge.http.engine import AsyncHttpEngine, HttpEngine
from billbridge.model.base import Entity

T = TypeVar("T")


class Executor(Protocol):
    """The interface of an executor. `run` returns the result of a flow, or an awaitable of it if `blocking` is False."""

    blocking: bool
    session: Session

    def run(self, operation: str, flow: Flow[Any]) -> Any:
        """Run the flow of one operation."""


class _CallState:
    """The state of one call: its deadline, its idempotency key, and whether the vendor replayed an answer."""

    def __init__(self, session: Session, operation: str, options: CallOptions) -> None:
        self._call = session.new_call(operation, options)
        self._ends = None if options.deadline is None else time.monotonic() + options.deadline
        self.key: str | None = None
        self._replay_header = session.provider.replay_header
        self._replayed = False

    def call(self, asked: Ask) -> Call:
        """Return the call as of now. The first effect that needs an idempotency key makes it."""
        if asked.keyed and not self._call.key:
            self._call = msgspec.structs.replace(self._call, key=new_key())
        return self._call if self._ends is None else msgspec.structs.replace(self._call, left=self._ends - time.monotonic())

    def next_timeout(self, request: Request) -> float | None:
        """Return the time-out of the next request in seconds. Raises `TransportTimeoutError` if the deadline has passed."""
        self.key = self._call.key if request.keyed else self.key
        if self._ends is None:
            return self._call.timeout
        self.check_deadline(0)
        left = self._ends - time.monotonic()
        return left if self._call.timeout is None else min(left, self._call.timeout)

    def note_replay(self, request: Request, response: Response) -> None:
        """Note whether the vendor replayed an earlier answer for this idempotency key."""
        if request.keyed and self._replay_header is not None:
            self._replayed = response.headers.get(self._replay_header) == "true"

    def mark_replayed(self, value: T) -> T:
        """Return the result, marked as `replayed` if the last write's answer was a replay."""
        if isinstance(value, Entity) and value.replayed is not self._replayed:
            msgspec.structs.force_setattr(value, "replayed", self._replayed)
        return value

    def check_deadline(self, seconds: float) -> None:
        """Raise `TransportTimeoutError` if the deadline passes within so many seconds. The request was not sent then."""
        if self._ends is not None and self._ends - time.monotonic() <= seconds:
            raise TransportTimeoutError(
                "the deadline of the call passes before its request can be sent", hint="pass a longer deadline to with_options"
            )


class BlockingExecutor:
    """The executor of `Billing`: it runs flows on the caller's thread."""

    blocking = True

    def __init__(self, session: Session, engine: HttpEngine | None, options: CallOptions) -> None:
        self.session = session
        self._engine = engine
        self._options = options

    def run(self, operation: str, flow: Flow[T]) -> T:
        """Run the flow and return its result."""
        session, engine = self.session, self._engine
        session.check_open()
        state = _CallState(session, operation, self._options)

        def perform(effect: Effect) -> Any:
            if isinstance(effect, Ask):
                return state.call(effect)
            if isinstance(effect, Pause):
                return wait(effect)
            if isinstance(effect, Work):
                return effect.do()
            while delay := session.limiter.admit():
                state.check_deadline(delay)
                wait(Pause(delay, delay))
            timeout, started = state.next_timeout(effect), time.perf_counter()
            try:
                response = session.answer_in_process(effect) if engine is None else engine.send(session.route_of(effect), effect, timeout)
            except BaseException:
                session.notify_observers(operation, effect, None, started)
                raise
            session.notify_observers(operation, effect, response, started)
            state.note_replay(effect, response)
            return session.check_answer(effect, response)

        try:
            return state.mark_replayed(run(session.with_opening(flow, self._options.account), perform))
        except BillingError as error:
            session.annotate(error, operation, state.key)
            raise


class AsyncExecutor:
    """The executor of `AsyncBilling`: it runs flows in the caller's task."""

    blocking = False

    def __init__(self, session: Session, engine: AsyncHttpEngine | None, options: CallOptions) -> None:
        self.session = session
        self._engine = engine
        self._options = options

    async def run(self, operation: str, flow: Flow[T]) -> T:
        """Run the flow and return its result."""
        session, engine = self.session, self._engine
        session.check_open()
        state = _CallState(session, operation, self._options)

        async def perform(effect: Effect) -> Any:
            if isinstance(effect, Ask):
                return state.call(effect)
            if isinstance(effect, Pause):
                return await wait_async(effect)
            if isinstance(effect, Work):
                return await in_thread(effect.do)
            while delay := await admitted(session.limiter):
                state.check_deadline(delay)
                await wait_async(Pause(delay, delay))
            timeout, started = state.next_timeout(effect), time.perf_counter()
            try:
                if engine is None:
                    await let_others_run()
                    response = session.answer_in_process(effect)
                else:
                    response = await engine.send(session.route_of(effect), effect, timeout)
            except BaseException:
                session.notify_observers(operation, effect, None, started)
                raise
            session.notify_observers(operation, effect, response, started)
            state.note_replay(effect, response)
            return session.check_answer(effect, response)

        try:
            return state.mark_replayed(await run_async(session.with_opening(flow, self._options.account), perform))
        except BillingError as error:
            session.annotate(error, operation, state.key)
            raise
