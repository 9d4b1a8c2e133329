"""The simulation: one clock, several vendors, each behind its path prefix. It knows no billing rule and no vendor's format."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Protocol, TypeAlias, TypeVar
from urllib.parse import parse_qsl

from .airbyte import SimulatedAirbyte
from .chargebee.vendor import ChargebeeVendor
from .control import PREFIX, Control
from .faults import Faults
from .injection import inject
from .kernel.clock import Clock, whole_utc
from .kernel.http import Answer, Call, Onward, json_answer
from .kernel.ids import Ids
from .maton import SimulatedMaton
from .server import Server, serve
from .stripe.vendor import StripeVendor


class Vendor(Protocol):
    """A simulated vendor: answers every call whose path begins with `prefix`."""

    @property
    def prefix(self) -> str:
        """The beginning of the vendor's paths, such as "/v1/"."""
        ...

    def handle(self, call: Call) -> Answer:
        """Answer one call. An error of the vendor is an answer too; an exception is a bug of the simulation."""
        ...


VendorFactory: TypeAlias = Callable[[Clock, Ids], Vendor]
ProxyFactory: TypeAlias = Callable[[Clock, Ids, Onward], Vendor]

# Third parties add a vendor by passing their own sequence to Simulation.
VENDORS: tuple[VendorFactory, ...] = (StripeVendor, ChargebeeVendor)

P = TypeVar("P")
# Services in front of vendors, which forward calls to them.
PROXIES: tuple[ProxyFactory, ...] = (SimulatedMaton, SimulatedAirbyte)


class Simulation:
    """Simulated vendors on one clock. Safe to call from several threads: calls and clock moves run one at a time.

    `start` is an aware time (default: the real time now); The same `seed` gives the same ids. `faults` makes requests fail; at first there
    are none.
    Raises ValueError for a start without a zone.
    """

    def __init__(
        self,
        start: datetime | None = None,
        seed: int = 0,
        vendors: Sequence[VendorFactory] = VENDORS,
        proxies: Sequence[ProxyFactory] = PROXIES,
    ) -> None:
        if not isinstance(seed, int | str):
            raise ValueError(f"seed must be an int, not {type(seed).__name__}")
        self._clock = Clock(datetime.now(UTC) if start is None else start)
        self._lock = RLock()
        self.faults = Faults()
        self._control = Control(self._clock)
        self.vendors: list[Vendor] = [make(self._clock, Ids(f"{seed}.{index}")) for index, make in enumerate(vendors)]
        self.proxies: list[Vendor] = [make(self._clock, Ids(f"{seed}.p{index}"), self._onward) for index, make in enumerate(proxies)]

    def part(self, kind: type[P]) -> P:
        """The simulated vendor or service of that class, such as `sandbox.part(SimulatedMaton)`. Raises LookupError if there is none."""
        if not isinstance(kind, type):
            raise LookupError(f"part() takes a class, such as SimulatedMaton, not {type(kind).__name__}")
        parts = (*self.vendors, *self.proxies)
        for part in parts:
            if isinstance(part, kind):
                return part
        raise LookupError(
            f"this simulation has no {kind.__name__}; it has {', '.join(type(part).__name__ for part in parts) or 'no parts'}"
        )

    @property
    def now(self) -> datetime:
        """The simulated time: aware UTC, whole seconds."""
        return self._clock.now

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0, to: datetime | None = None) -> None:
        """Move the clock forward, by an amount or `to` an aware time, and run what is due on the way, such as renewals.

        Raises ValueError for a move back, and for what is no number or time.
        """
        with self._lock:
            start = self._clock.now if to is None else whole_utc(to)
            try:
                target = start + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
            except OverflowError:
                raise ValueError("the clock cannot reach a time after the year 9999; pass smaller amounts") from None
            except TypeError:
                raise ValueError("days, hours, minutes and seconds must be numbers, such as advance(days=31)") from None
            self._clock.advance_to(target)

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Answer one HTTP request. `target` is the raw path, still percent-encoded, with its query string.

        With a fault, the answer is another one, or late or slow (`injection.Hindered`). Raises `injection.Lost` if there is no answer.
        """
        path, _, query = target.partition("?")
        lower = {name.lower(): value for name, value in headers.items()}
        call = Call(method.upper(), path, parse_qsl(query, keep_blank_values=True), lower, body)
        if path.startswith(PREFIX):
            with self._lock:
                return self._control.handle(call)
        for vendor in (*self.vendors, *self.proxies):
            if path.startswith(vendor.prefix):
                plan = self.faults.due(call.method, path)
                with self._lock:
                    return vendor.handle(call) if plan is None else inject(plan, vendor.prefix, vendor.handle, call)
        return json_answer(404, {"message": f"no simulated vendor answers {json.dumps(path)}"})

    def _onward(self, call: Call) -> Answer:
        """The answer of the vendor behind a proxy."""
        vendor = next(vendor for vendor in self.vendors if call.path.startswith(vendor.prefix))
        return vendor.handle(call)

    def serve(self, host: str = "127.0.0.1", port: int = 0, *, allow_remote: bool = False) -> AbstractContextManager[Server]:
        """Answer over HTTP for the length of a `with` block; port 0 takes a free one.

        Anybody who reaches the server can use it: it takes any API key. So a host that is not loopback, such as "0.0.0.0" in a container,
        needs `allow_remote=True` too. Raises ValueError without it, OSError for a port that is taken or a host that is not this machine.
        """
        return serve(self.handle, host, port, allow_remote=allow_remote)
