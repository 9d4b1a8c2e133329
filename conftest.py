"""Checks for every test: valid requests and answers, and no secrets in logs and errors.

The plugins' requests are checked against the typed parameters of the official SDKs, and the sandbox's answers against their resource
classes. Each parameter must also be in the plugin's table of argument names, from which `error.param` is read. A test with an invalid
exchange fails, whatever else it checks.

These are not checked: `billing.raw`, which sends what its test says; a provider for which the contract suite declares every feature;
answers that are not from the sandbox, or that its faults made or cut.

A test also fails if a log record or an error held a secret (see `tests/outside/secrecy.py`). The end of the run shows the counts of
checked exchanges and searched texts, so that you can see that the checks ran.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from billbridge.client.session import Session
from billbridge.flow import Request, Response
from billbridge_contract.surfaces import Lifted
from billbridge_sandbox import simulation
from billbridge_sandbox.injection import MARK
from billbridge_sandbox.server import Server

_VENDORS = {"v1": "stripe", "api": "chargebee"}  # by the first segment of a path
_FAULTS: list[str] = []
_SANDBOXES: set[str] = set()
_TOTAL = {"exchanges": 0}


def _judge(session: Session, operation: str, request: Request, response: Response | None) -> None:
    vendor = _VENDORS.get(request.path.split("/")[1])
    if vendor != session.provider.name or operation.startswith("raw.") or isinstance(session.provider.features, Lifted):
        return
    import law
    import named

    _TOTAL["exchanges"] += 1
    target = f"{request.path}?{request.query}" if request.query else request.path
    theirs = session.gateway.name == "sandbox" or _is_simulated(session.route.base_url)
    if response is not None and theirs and MARK not in response.headers and session.gateway.refusal(request, response) is None:
        found = law.check_exchange(vendor, request.method, target, request.body or b"", response.status, response.body)
    else:
        judge = {"stripe": law.stripe, "chargebee": law.chargebee}[vendor]
        found = judge.check_request(request.method, request.path, request.query, request.body or b"")
    found = [*found, *named.unnamed(vendor, operation, request)]
    _FAULTS.extend(f"{operation}: {request.method} {request.path}: {line}" for line in found)


def _is_simulated(base_url: str) -> bool:
    """Return whether a sandbox serves this address, or a path of it, as for the simulated Maton."""
    return f"{base_url}/".startswith(tuple(f"{origin}/" for origin in _SANDBOXES))


def _watch_sessions() -> None:
    notify = Session.notify_observers

    def notify_and_judge(self: Session, operation: str, request: Request, response: Response | None, started: float) -> None:
        _judge(self, operation, request, response)
        notify(self, operation, request, response, started)

    Session.notify_observers = notify_and_judge  # type: ignore[method-assign]  # every exchange of both surfaces passes here


def _watch_servers() -> None:
    """Note the addresses of the sandbox's servers. Other servers on loopback may answer with another version of the vendor's API."""
    serve = vars(simulation)["serve"]

    @contextmanager
    def known(*args: Any, **kwargs: Any) -> Iterator[Server]:
        with serve(*args, **kwargs) as server:
            _SANDBOXES.add(server.stripe_url)
            yield server
            _SANDBOXES.discard(server.stripe_url)

    vars(simulation)["serve"] = known


def pytest_configure() -> None:
    import secrecy
    import thrift

    thrift.rare_collections()
    thrift.one_tls_context()
    secrecy.install()
    _watch_sessions()
    _watch_servers()


@pytest.fixture(autouse=True, scope="session")
def _nothing_is_left_open() -> Iterator[None]:
    """Collect garbage at the end, because it runs seldom in tests (`tests/outside/thrift.py`). An open socket fails the last test at the
    latest.
    """
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def _no_secret_is_told() -> Iterator[None]:
    """Fail a test if one of its log records or errors holds the credentials of a client."""
    import secrecy

    yield
    if hits := secrecy.found():
        pytest.fail("\n".join(hits), pytrace=False)


@pytest.fixture(autouse=True)
def _only_legal_exchanges() -> Iterator[list[str]]:
    """Return the faults of this test. The test fails if one is left at its end."""
    _FAULTS.clear()
    yield _FAULTS
    if _FAULTS:
        pytest.fail("\n".join(["against the official SDKs' types:", *sorted(set(_FAULTS))]), pytrace=False)


def pytest_sessionfinish(session: pytest.Session) -> None:
    workeroutput = getattr(session.config, "workeroutput", None)
    if workeroutput is not None:
        import secrecy

        workeroutput["judged"] = _TOTAL["exchanges"]
        workeroutput["texts"] = secrecy.TOTAL["texts"]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    import secrecy

    counts = getattr(node, "workeroutput", {})
    _TOTAL["exchanges"] += counts.get("judged", 0)
    secrecy.TOTAL["texts"] += counts.get("texts", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    import secrecy

    terminalreporter.write_line(f"{_TOTAL['exchanges']} exchanges of the plugins were held against the official SDKs' types")
    terminalreporter.write_line(f"{secrecy.TOTAL['texts']} log records, error texts and reprs were searched for secrets")
