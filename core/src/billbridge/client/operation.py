"""Operations: turn the methods of a service into typed methods of `Billing` and of `AsyncBilling`.

`billbridge.client.resources` declares each operation once for both. The fields of a draft become keyword arguments, and the provider
receives one struct. An operation checks the arguments and refuses absent capabilities before it calls the provider. An `Executor` runs the
flow.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import cached_property
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeVar, get_args, overload

import msgspec

from billbridge.client.cursor import CursorCodec
from billbridge.client.executor import Executor
from billbridge.client.pager import AsyncPager, Pager
from billbridge.client.signature import CallSignature
from billbridge.errors import BillingError, OutcomeUnknownError, PartialFailureError
from billbridge.flow import Flow
from billbridge.model.base import Draft, Page, Query

T = TypeVar("T")
D = TypeVar("D")
S = TypeVar("S")
P = ParamSpec("P")


class Sync:
    """Marks the operations of `Billing` in types."""


class Async:
    """Marks the operations of `AsyncBilling` in types."""


M = TypeVar("M", Sync, Async)


class Resource(Generic[M, S]):
    """A group of operations bound to a client: `billing.customers`."""

    def __init__(self, service: S, executor: Executor) -> None:
        self._service: Any = service
        self._executor = executor

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._executor.session.provider.name}>"


class _Declaration:
    """The base class of operations and lists. It checks a call and prepares the arguments of the provider's method."""

    def __init__(self, method: Callable[..., Any], draft: type[Draft] | None, wrap: Callable[[Any], Any] | None = None) -> None:
        self._method = method
        self._draft = draft
        self._wrap = wrap

    def __set_name__(self, owner: type, name: str) -> None:
        self._owner = owner
        self._name = name

    @cached_property
    def _signature(self) -> CallSignature:
        """The signature, made for the first call. Reading the signatures of all operations would take a third of the import time."""
        return CallSignature(self._method, self._draft, wrap=self._wrap)

    def _operation(self, resource: Resource[Any, Any]) -> str:
        return f"{resource._service.resource}.{self._name}"

    def _prepare(self, resource: Resource[Any, Any], operation: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        """Return the positional arguments of the provider's method, with the draft last. Raises before anything is sent."""
        session = resource._executor.session
        try:
            self._signature.check(operation, args, kwargs)
            session.capabilities.require(operation)
            if self._draft is not None:
                try:
                    draft = self._draft(**kwargs)
                except TypeError:
                    self._signature.bind(operation, args, kwargs)
                    raise
                session.capabilities.require(operation, draft)
                args = (*args, draft)
        except BillingError as error:
            session.annotate(error, operation)
            raise
        return args

    def _flow(self, resource: Resource[Any, Any], operation: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Flow[Any]:
        """Return the provider's flow, not started."""
        arguments = self._prepare(resource, operation, args, kwargs)
        method = getattr(resource._service, self._name)
        try:
            flow: Flow[Any] = method(*arguments) if self._draft is not None else method(*arguments, **kwargs)
        except TypeError:
            self._signature.bind(operation, args, kwargs)
            raise
        return resource._executor.session.with_journal(flow, operation, lambda: self._to_json(args, kwargs, arguments))

    def _to_json(self, args: tuple[Any, ...], kwargs: dict[str, Any], prepared: tuple[Any, ...]) -> bytes:
        """Return the arguments for a journal, as the draft converted them, because JSON would change tuples and enums."""
        given = kwargs if self._draft is None else {name: getattr(prepared[-1], name) for name in kwargs}
        return self._signature.to_json(args, given)


class Operation(_Declaration, Generic[P, T]):
    """One operation. `billing.customers.get(id)` returns a `T`; on `AsyncBilling` you await the same call."""

    def __init__(self, method: Callable[Concatenate[Any, P], Flow[T]], *, _draft: type[Draft] | None = None) -> None:
        super().__init__(method, _draft)

    @cached_property
    def _call(self) -> Callable[..., Any]:
        def call(resource: Resource[Any, Any], /, *args: Any, **kwargs: Any) -> Any:
            operation = self._operation(resource)
            try:
                return resource._executor.run(operation, self._flow(resource, operation, args, kwargs))
            except BillingError as error:
                _keep_arguments(error, args, kwargs)
                raise

        return self._signature.apply_to(call, self._owner, self._name)

    @cached_property
    def _call_async(self) -> Callable[..., Any]:
        async def call_async(resource: Resource[Any, Any], /, *args: Any, **kwargs: Any) -> Any:
            operation = self._operation(resource)
            try:
                return await resource._executor.run(operation, self._flow(resource, operation, args, kwargs))
            except BillingError as error:
                _keep_arguments(error, args, kwargs)
                raise

        return self._signature.apply_to(call_async, self._owner, self._name)

    def arguments_from_json(self, arguments: bytes) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return the arguments of a call from its journal entry. Raises `ValidationError` if they do not fit this operation."""
        return self._signature.from_json(arguments)

    @overload
    def __get__(self, obj: None, owner: type) -> Self: ...
    @overload
    def __get__(self, obj: Resource[Sync, Any], owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, obj: Resource[Async, Any], owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, obj: Any, owner: type) -> Any:
        if obj is None:
            return self
        return MethodType(self._call if obj._executor.blocking else self._call_async, obj)


class Listing(_Declaration, Generic[P, T]):
    """One list. `billing.customers.list(email=...)` returns a `Pager`, or on `AsyncBilling` an `AsyncPager`, without `await`."""

    @cached_property
    def _call(self) -> Callable[..., Any]:
        def call(resource: Resource[Any, Any], /, *args: Any, **kwargs: Any) -> Any:
            operation = self._operation(resource)
            query: Query = self._prepare(resource, operation, args, kwargs)[-1]
            return self._pager(resource, operation, query)

        return self._signature.apply_to(call, self._owner, self._name)

    def _pager(self, resource: Resource[Any, Any], operation: str, query: Query) -> Pager[Any] | AsyncPager[Any]:
        executor = resource._executor
        cursors = CursorCodec(executor.session.provider.name, operation, query)
        try:
            if query.cursor is not None:
                cursors.decode(query.cursor)
        except BillingError as error:
            executor.session.annotate(error, operation)
            raise

        def flow(cursor: str | None) -> Flow[Page[Any]]:
            asked = query if cursor is None else _at(query, cursors.decode(cursor))
            if asked.matches_nothing():
                return Page(items=[])
            page: Page[Any] = yield from getattr(resource._service, self._name)(asked)
            if page.next_cursor is None:
                return page
            return msgspec.structs.replace(page, next_cursor=cursors.encode(page.next_cursor))

        kind = Pager if executor.blocking else AsyncPager
        return kind(query.cursor, lambda cursor: executor.run(operation, flow(cursor)))

    @overload
    def __get__(self, obj: None, owner: type) -> Self: ...
    @overload
    def __get__(self, obj: Resource[Sync, Any], owner: type) -> Callable[P, Pager[T]]: ...
    @overload
    def __get__(self, obj: Resource[Async, Any], owner: type) -> Callable[P, AsyncPager[T]]: ...
    def __get__(self, obj: Any, owner: type) -> Any:
        return self if obj is None else MethodType(self._call, obj)


def create(draft: Callable[P, D], method: Callable[[Any, D], Flow[T]]) -> Operation[P, T]:
    """Declare an operation whose keyword arguments are the fields of `draft`."""
    return Operation(method, _draft=draft)  # type: ignore[arg-type]  # a struct class is its own constructor


def change(draft: Callable[P, D], method: Callable[[Any, str, D], Flow[T]]) -> Operation[Concatenate[str, P], T]:
    """Declare an operation that takes an id, and the fields of `draft` as keyword arguments."""
    return Operation(method, _draft=draft)  # type: ignore[arg-type]  # as above


def listing(query: Callable[P, D], method: Callable[[Any, D], Flow[Page[T]]]) -> Listing[P, T]:
    """Declare a list whose keyword arguments are the fields of `query`."""
    return Listing(method, query, wrap=_pager_type)  # type: ignore[arg-type]  # as above


def _keep_arguments(error: BillingError, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Store the arguments on an `OutcomeUnknownError`, or on the cause of a `PartialFailureError`, so that `resolve` can repeat it."""
    unknown = error.__cause__ if isinstance(error, PartialFailureError) else error
    if isinstance(unknown, OutcomeUnknownError):
        unknown.arguments = (args, kwargs)


def _at(query: Query, vendor_cursor: str) -> Query:
    """Return the query for the page at a vendor's cursor. The other fields were checked before."""
    from copy import copy  # imported here: `import billbridge` does not need it

    asked = copy(query)
    msgspec.structs.force_setattr(asked, "cursor", vendor_cursor)
    return asked


def _pager_type(page: Any) -> Any:
    return Pager[get_args(page)[0]]  # type: ignore[misc]  # shown by help(), not checked
