"""`billbridge journal resolve` after a crash, at both simulated vendors over HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from billbridge import Billing
from billbridge.cli.main import main
from billbridge.errors import OutcomeUnknownError
from billbridge.flow.journal import Journal
from billbridge_sandbox import Fault, Sandbox
from journaling import OPTIONS, START, VENDORS


@pytest.fixture(params=VENDORS)
def lost(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A served sandbox, a client under a journal, the journal's path, and two writes in it: one happened, one did not."""
    vendor, path = request.param, tmp_path / "billing.journal"
    with (sandbox := Sandbox(start=START)).serve() as server:
        options = {**OPTIONS[vendor], "base_url": getattr(server, f"{vendor}_url")}
        monkeypatch.setenv("BILLBRIDGE_PROVIDER", vendor)
        for name, value in options.items():
            monkeypatch.setenv(f"BILLBRIDGE_{vendor}_{name}".upper(), value)
        with Billing.connect(vendor, journal=Journal(path), **options) as client:
            for fault, email in ((Fault.DROP_AFTER, "ada@example.com"), (Fault.DROP_BEFORE, "bob@example.com")):
                sandbox.faults.next(fault)
                with pytest.raises(OutcomeUnknownError):
                    client.with_options(retries=0, idempotency_key=email[:3]).customers.create(email=email)
            yield sandbox, client, path


def test_resolve_settles_every_pending_write_once(lost: Any, capsys: pytest.CaptureFixture[str]) -> None:
    _, client, path = lost
    assert main(["journal", "resolve", str(path), "--json"]) == 0
    out, err = capsys.readouterr()
    made = {customer.email: customer.id for customer in client.customers.list()}
    assert [(each["idempotency_key"], each["state"], each["result"]) for each in json.loads(out)] == [
        ("ada", "resolved", made["ada@example.com"]),
        ("bob", "resolved", made["bob@example.com"]),
    ]
    assert "example.com" not in out + err
    assert err.splitlines() == ["1 of 2: customers.create ada", "2 of 2: customers.create bob"]
    assert len(made) == 2
    assert Journal(path).pending() == []


def test_resolve_takes_one_key_and_leaves_the_others(lost: Any, capsys: pytest.CaptureFixture[str]) -> None:
    _, client, path = lost
    assert main(["journal", "resolve", str(path), "bob"]) == 0
    assert [entry.idempotency_key for entry in Journal(path).pending()] == ["ada"]
    assert len(list(client.customers.list())) == 2


def test_what_still_gets_no_answer_stays_in_the_journal_and_the_command_fails(
    lost: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("billbridge.client.executor.wait", lambda pause: None)
    sandbox, _, path = lost
    sandbox.faults.next(Fault.DROP_AFTER, times=3)
    assert main(["journal", "resolve", str(path), "--json"]) == 1
    out, err = capsys.readouterr()
    assert [(each["idempotency_key"], each["state"]) for each in json.loads(out)] == [("ada", "failed"), ("bob", "resolved")]
    assert "1 of 2 writes are not settled" in err
    assert [entry.idempotency_key for entry in Journal(path).pending()] == ["ada"]


def test_another_account_repeats_nothing(lost: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    _, client, path = lost
    vendor = client.info().provider
    monkeypatch.setenv(f"BILLBRIDGE_{vendor}_API_KEY".upper(), {"stripe": "sk_test_other", "chargebee": "test_other"}[vendor])
    assert main(["journal", "resolve", str(path), "--json"]) == 1
    assert [each["state"] for each in json.loads(capsys.readouterr().out)] == ["failed", "failed"]
    assert len(Journal(path).pending()) == 2
