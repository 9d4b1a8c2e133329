"""Which requests meet a fault: scripts, chance, matching, and what is refused. No vendor and no HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from billbridge_sandbox import Fault, Faults
from billbridge_sandbox.faults import STATUSES, Injected


def kinds(faults: Faults, times: int, method: str = "GET", path: str = "/v1/customers") -> list[Fault | None]:
    return [plan.fault if plan else None for plan in (faults.due(method, path) for _ in range(times))]


def test_without_faults_nothing_is_due_or_logged() -> None:
    faults = Faults()
    assert kinds(faults, 3) == [None] * 3
    assert faults.log == []


def test_a_script_runs_in_its_order_and_then_is_over() -> None:
    faults = Faults()
    faults.next(Fault.DROP_AFTER, times=2)
    faults.next(Fault.SLOW)
    assert kinds(faults, 4) == [Fault.DROP_AFTER, Fault.DROP_AFTER, Fault.SLOW, None]


def test_a_script_waits_for_the_request_that_it_means() -> None:
    faults = Faults()
    faults.next(Fault.UNAVAILABLE, path="/v1/subscriptions", method="post", status=502)
    faults.next(Fault.DROP_BEFORE, path="/v1/customers/*")
    faults.next(Fault.DELAY, path="/v1/subscriptions")
    assert faults.due("GET", "/v1/customers") is None
    assert kinds(faults, 1, "GET", "/v1/customers/cus_1") == [Fault.DROP_BEFORE]
    assert kinds(faults, 1, "GET", "/v1/subscriptions") == [Fault.DELAY]
    plan = faults.due("POST", "/v1/subscriptions")
    assert plan is not None
    assert (plan.fault, plan.status) == (Fault.UNAVAILABLE, 502)
    assert faults.due("POST", "/v1/subscriptions") is None


def test_the_log_says_what_was_done_and_nothing_private() -> None:
    faults = Faults()
    faults.next(Fault.TRUNCATED)
    faults.due("POST", "/v1/customers")
    assert faults.log == [Injected(Fault.TRUNCATED, "POST", "/v1/customers")]


def test_clear_ends_scripts_and_chance_and_keeps_the_log() -> None:
    faults = Faults()
    faults.next(Fault.SLOW, times=3)
    faults.random(seed=1, probability=1)
    faults.due("GET", "/v1/customers")
    faults.clear()
    assert kinds(faults, 3) == [None] * 3
    assert len(faults.log) == 1


def test_equal_seeds_give_equal_faults() -> None:
    def drawn(seed: int) -> list[object]:
        faults = Faults()
        faults.random(seed=seed, probability=0.5)
        return [faults.due("GET", "/v1/customers") for _ in range(200)]

    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)


def test_chance_strikes_as_often_as_it_was_told_and_with_every_kind_and_status() -> None:
    faults = Faults()
    faults.random(seed=1, probability=0.2)
    plans = [faults.due("GET", "/v1/customers") for _ in range(5000)]
    struck = [plan for plan in plans if plan is not None]
    assert 900 < len(struck) < 1100
    assert {plan.fault for plan in struck} == set(Fault)
    assert {plan.status for plan in struck} == set(STATUSES)


@pytest.mark.parametrize(("probability", "expected"), [(0, [None] * 50), (1, [Fault.SLOW] * 50)])
def test_probabilities_0_and_1_are_never_and_always(probability: float, expected: list[Fault | None]) -> None:
    faults = Faults()
    faults.random(seed=1, probability=probability, kinds=[Fault.SLOW])
    assert kinds(faults, 50) == expected


def test_chance_keeps_to_its_kinds_details_and_requests() -> None:
    faults = Faults()
    faults.random(
        seed=1, probability=1, kinds=[Fault.RATE_LIMITED, Fault.UNAVAILABLE], method="POST", path="/v1/*", retry_after=None, status=504
    )
    assert kinds(faults, 5) == [None] * 5
    plans = [faults.due("POST", "/v1/prices") for _ in range(50)]
    assert {(plan.fault, plan.retry_after, plan.status) for plan in plans if plan} == {
        (Fault.RATE_LIMITED, None, 504),
        (Fault.UNAVAILABLE, None, 504),
    }


def test_a_script_goes_before_chance() -> None:
    faults = Faults()
    faults.random(seed=1, probability=1, kinds=[Fault.SLOW])
    faults.next(Fault.DELAY)
    assert kinds(faults, 2) == [Fault.DELAY, Fault.SLOW]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"fault": Fault.SLOW, "times": 0}, "times is 0; it must be 1 or more"),
        ({"fault": Fault.DROP_AFTER, "seconds": 1}, "drop_after takes no seconds; it belongs to delay, slow"),
        ({"fault": Fault.SLOW, "retry_after": 1}, "slow takes no retry_after; it belongs to rate_limited"),
        ({"fault": Fault.SLOW, "patience": 1}, "no fault takes patience; the details are seconds, retry_after, status"),
        ({"fault": Fault.DELAY, "seconds": 0}, "seconds is 0; it must be more than 0, and finite"),
        ({"fault": Fault.DELAY, "seconds": float("inf")}, "seconds is inf; it must be more than 0, and finite"),
        ({"fault": Fault.RATE_LIMITED, "retry_after": -1}, "retry_after is -1; it must be 0 or more, or None"),
        ({"fault": Fault.UNAVAILABLE, "status": 404}, "status is 404; it must be one of 500, 502, 503, 504"),
    ],
    ids=str,
)
def test_a_script_that_means_nothing_is_refused(arguments: dict[str, Any], error: str) -> None:
    faults = Faults()
    with pytest.raises(ValueError, match=f"^{error}$"):
        faults.next(**arguments)
    assert kinds(faults, 1) == [None]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"probability": 1.1}, "probability is 1.1; it must be between 0 and 1"),
        ({"probability": -0.1}, "probability is -0.1; it must be between 0 and 1"),
        ({"probability": float("nan")}, "probability is nan; it must be between 0 and 1"),
        ({"kinds": []}, "kinds is empty; pass at least one Fault"),
        ({"kinds": [Fault.SLOW], "status": 500}, "slow takes no status; it belongs to unavailable, unavailable_after"),
    ],
    ids=str,
)
def test_a_chance_that_means_nothing_is_refused(arguments: dict[str, Any], error: str) -> None:
    faults = Faults()
    with pytest.raises(ValueError, match=f"^{error}$"):
        faults.random(**{"seed": 1, "probability": 1, **arguments})
    assert kinds(faults, 1) == [None]


def test_threads_share_a_script_without_losing_or_doubling_a_fault() -> None:
    faults = Faults()
    faults.next(Fault.SLOW, times=500)
    with ThreadPoolExecutor(8) as pool:
        found = [kind for part in pool.map(lambda _: kinds(faults, 100), range(8)) for kind in part]
    assert found.count(Fault.SLOW) == 500
    assert found.count(None) == 300
    assert len(faults.log) == 500
