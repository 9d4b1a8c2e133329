from __future__ import annotations

import asyncio
import gc
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from billbridge import AsyncBilling, Billing
from billbridge.errors import ConfigurationError
from billbridge.flow import Response
from billbridge.flow.limiter import Limit, Limiter, shared
from billbridge.plugins.provider import Provider
from hypothesis import given
from hypothesis import strategies as st


def test_a_limiter_admits_what_the_window_allows_and_then_says_how_long_to_wait() -> None:
    limiter = Limiter(Limit(3, 60))
    assert [limiter.admit() for _ in range(3)] == [0, 0, 0]
    assert 59 < limiter.admit() < 60.01


def test_every_limit_counts() -> None:
    limiter = Limiter(Limit(2, 0.05), Limit(3, 60))
    assert [limiter.admit() for _ in range(2)] == [0, 0]
    assert 0 < limiter.admit() < 0.06
    time.sleep(0.06)
    assert limiter.admit() == 0
    assert limiter.admit() > 50


def test_a_limiter_without_limits_admits_everything_until_it_is_told_to_hold() -> None:
    limiter = Limiter()
    assert {limiter.admit() for _ in range(1000)} == {0.0}
    limiter.hold(5)
    limiter.hold(1)
    assert 4 < limiter.admit() <= 5


def test_clients_of_one_account_share_a_limiter_and_others_do_not() -> None:
    first = shared("key-1", [Limit(1, 1)])
    assert shared("key-1", [Limit(1, 1)]) is first
    assert shared("key-2", [Limit(1, 1)]) is not first
    assert "key" not in repr(first)


@pytest.mark.parametrize(("requests", "seconds"), [(0, 1), (1, 0), (-1, 1), (1, -1)])
def test_a_limit_that_admits_nothing_is_refused(requests: int, seconds: float) -> None:
    with pytest.raises(ConfigurationError):
        Limit(requests, seconds)


@pytest.mark.parametrize(
    ("kind", "arguments", "options"), [(Limit, ("1", 1), {}), (Limit, (1.5, 1), {}), (Limiter, ((1, 1),), {}), (Limiter, (), {"file": 3})]
)
def test_a_limit_of_a_wrong_type_is_refused(kind: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        kind(*arguments, **options)
    assert caught.value.param == "limiter"


def test_the_file_is_closed_when_nobody_limits_by_it_any_more(tmp_path: Path) -> None:
    limiter = Limiter(Limit(1, 1), file=tmp_path / "limit.db")
    counting: Any = limiter._count
    connection = counting.__self__._bucket.conn
    del counting
    assert connection.execute("select 1").fetchone() == (1,)
    del limiter
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("select 1")


def test_processes_that_name_the_same_file_share_one_limit(tmp_path: Path) -> None:
    code = (
        "import sys; from billbridge.flow.limiter import Limit, Limiter\n"
        "limiter = Limiter(Limit(10, 60), file=sys.argv[1]); print(sum(limiter.admit() == 0 for _ in range(8)))"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "limit.db")], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert sum(int(run.communicate(timeout=60)[0]) for run in runs) == 10


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_client_waits_for_its_turn_on_both_surfaces(
    toy: Provider, make_script: Any, pauses: list[tuple[float, float]], tmp_path: Path, on_disk: bool
) -> None:
    def limiter(name: str) -> Limiter:
        return Limiter(Limit(1, 0.03), file=tmp_path / name if on_disk else None)

    billing = Billing(toy, gateway=make_script(), limiter=limiter("a"))
    billing.customers.get("c1")
    assert pauses == []
    billing.customers.get("c2")
    assert pauses
    assert all(0 < low <= high < 0.04 for low, high in pauses)
    pauses.clear()

    async def main() -> None:
        client = AsyncBilling(toy, gateway=make_script(), limiter=limiter("b"))
        await client.customers.get("c1")
        assert pauses == []
        await client.customers.get("c2")

    asyncio.run(main())
    assert pauses


def test_a_429_holds_every_request_of_the_account_for_as_long_as_the_vendor_says(toy: Provider, make_script: Any) -> None:
    limiter = Limiter()
    script = make_script(Response(status=429, headers={"retry-after": "30"}))
    with pytest.raises(Exception, match="slow down"):
        Billing(toy, gateway=script, limiter=limiter).with_options(retries=0).customers.get("c1")
    assert 29 < limiter.admit() <= 30


def test_the_limits_of_a_gateway_are_kept_without_being_asked_for(toy: Provider, make_script: Any) -> None:
    class Slow(make_script):  # type: ignore[misc]  # a fixture gives the class
        def limits(self, provider: Provider) -> tuple[Limit, ...]:
            return (Limit(1, 60),)

    first, second = Billing(toy, gateway=Slow()), Billing(toy, gateway=Slow())
    assert first._session.limiter is second._session.limiter
    assert first._session.limiter.limits == (Limit(1, 60),)


def test_what_has_left_the_window_is_forgotten_by_the_file(tmp_path: Path) -> None:
    limiter = Limiter(Limit(1000, 0.05), file=tmp_path / "limit.db")
    for _ in range(300):
        limiter.admit()
        time.sleep(0.0005)
    counting: Any = limiter._count
    assert counting.__self__._bucket.count() < 250


@given(
    limits=st.lists(st.builds(Limit, st.integers(1, 5), st.sampled_from([0.5, 1, 7, 60])), min_size=1, max_size=3),
    steps=st.lists(st.sampled_from([0, 0.001, 0.1, 0.5, 1, 3, 30]), max_size=40),
)
def test_no_window_ever_holds_more_than_its_limit_and_no_wait_is_longer_than_needed(limits: list[Limit], steps: list[float]) -> None:
    clock = 1000.0
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("billbridge.flow.limiter.time.monotonic", lambda: clock)
        limiter, admitted = Limiter(*limits), list[float]()
        for step in steps:
            clock += step
            if delay := limiter.admit():
                clock += delay - 1e-6
                assert limiter.admit() > 0
                clock += 2e-6
                assert limiter.admit() == 0
            admitted.append(clock)
    for limit in limits:
        for first, last in zip(admitted, admitted[limit.requests :], strict=False):
            assert last - first >= limit.seconds - 1e-6


class Watch:
    """A clock to turn by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("billbridge.flow.limiter.time.monotonic", lambda: self.now)

    def in_ten_seconds(self, limiter: Limiter) -> int:
        """How many requests a caller gets through who asks again as soon as it may."""
        admitted, end = 0, self.now + 10
        while self.now < end:
            delay = limiter.admit()
            admitted += not delay
            self.now += delay or 0.001
        return admitted


def test_a_429_slows_an_account_down_and_calm_brings_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without limits of its own: 0.1 s apart after the first 429, and no distance after half a minute of calm."""
    watch, limiter = Watch(monkeypatch), Limiter()
    assert watch.in_ten_seconds(limiter) > 9000
    limiter.hold(1)
    watch.now += 1
    assert 90 <= (first := watch.in_ten_seconds(limiter)) <= 160
    assert 180 <= watch.in_ten_seconds(limiter) <= 320 > first
    watch.now += 30
    assert watch.in_ten_seconds(limiter) > 9000


def test_further_429s_double_the_distance_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    watch, limiter = Watch(monkeypatch), Limiter()
    distances = []
    for _ in range(9):
        limiter.hold(0)
        while delay := limiter.admit():
            watch.now += delay
        distances.append(limiter.admit())
    assert distances[:4] == pytest.approx([0.1, 0.2, 0.4, 0.8], rel=0.15)
    assert 3 < distances[-1] <= 5


def test_the_distance_begins_at_twice_what_the_limits_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    watch, limiter = Watch(monkeypatch), Limiter(Limit(25, 1), Limit(150, 60))
    limiter.hold(0)
    assert limiter.admit() == 0
    assert limiter.admit() == pytest.approx(0.8)
    watch.now += 0.8
    assert limiter.admit() == 0


def test_a_429_need_not_wait_for_a_request_that_is_counted_on_a_disk() -> None:
    limiter, counting, counted = Limiter(Limit(5, 60)), Event(), Event()

    def slowly() -> float:
        counting.set()
        counted.wait(10)
        return 0.0

    limiter._count = slowly
    with ThreadPoolExecutor(1) as threads:
        admitted = threads.submit(limiter.admit)
        assert counting.wait(10)
        holding = Thread(target=limiter.hold, args=(30,), daemon=True)  # an event loop would stand still
        holding.start()
        holding.join(5)
        assert not holding.is_alive()
        counted.set()
        assert admitted.result() == 0
    assert 29 < limiter.admit() <= 30


def test_a_lock_that_a_thread_of_the_parent_held_is_free_in_a_forked_process() -> None:
    code = """
import os, sys
from billbridge.flow.limiter import Limit, Limiter

limiter = Limiter(Limit(5, 60))
limiter._admitting.acquire()
limiter._lock.acquire()
child = os.fork()
if child == 0:
    limiter.hold(30)
    os._exit(0 if limiter.admit() > 29 else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    assert subprocess.run([sys.executable, "-c", code], timeout=30, check=False).returncode == 0
