from __future__ import annotations

import asyncio
from typing import Any

import pytest
from billbridge.flow import Flow, Request, Response, send
from billbridge.flow.runner import run, run_async

GET = Request(method="GET", path="/")


def log_flow(log: list[str]) -> Flow[str]:
    try:
        response = yield from send(GET)
        log.append(f"answered {response.status}")
        return "done"
    except ValueError as error:
        log.append(f"caught {error}")
        return "recovered"
    except BaseException as error:
        log.append(type(error).__name__)
        raise
    finally:
        log.append("closed")


def test_a_flow_gets_its_answers_and_its_result_comes_back() -> None:
    log: list[str] = []
    assert run(log_flow(log), lambda effect: Response(status=201)) == "done"
    assert log == ["answered 201", "closed"]


@pytest.mark.parametrize("failure", [ValueError("x"), KeyError("k"), KeyboardInterrupt()])
def test_every_failure_is_thrown_into_the_flow(failure: BaseException) -> None:
    def perform(effect: Any) -> Any:
        raise failure

    log: list[str] = []
    if isinstance(failure, ValueError):
        assert run(log_flow(log), perform) == "recovered"
        assert log == ["caught x", "closed"]
    else:
        with pytest.raises(type(failure)):
            run(log_flow(log), perform)
        assert log == [type(failure).__name__, "closed"]


def test_failures_are_thrown_into_the_flow_on_the_async_surface_too() -> None:
    async def perform(effect: Any) -> Any:
        raise ValueError("x")

    log: list[str] = []
    assert asyncio.run(run_async(log_flow(log), perform)) == "recovered"
    assert log == ["caught x", "closed"]


def test_a_cancelled_task_closes_its_flow_and_stays_cancelled() -> None:
    log: list[str] = []

    async def perform(effect: Any) -> Any:
        await asyncio.sleep(60)

    async def main() -> None:
        task = asyncio.create_task(run_async(log_flow(log), perform))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert task.cancelled()

    asyncio.run(main())
    assert log == ["CancelledError", "closed"]


def test_a_flow_that_never_yields_just_returns() -> None:
    def flow() -> Flow[int]:
        return 5
        yield from send(GET)  # makes it a generator

    assert run(flow(), lambda effect: None) == 5
