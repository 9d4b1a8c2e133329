"""`billbridge sandbox`: a server in a process of its own, and the command that moves its clock from another one."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from billbridge import Billing, Item, Money
from billbridge.cli.main import main
from billbridge_sandbox import Sandbox

START = datetime(2026, 1, 31, 12, tzinfo=UTC)
SERVE = [sys.executable, "-m", "billbridge.cli", "sandbox", "serve"]
OPTIONS: dict[str, dict[str, Any]] = {"stripe": {"api_key": "sk_test_x"}, "chargebee": {"site": "acme", "api_key": "test_x"}}


@contextmanager
def served(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A served sandbox and the addresses that it printed. It is killed at the end: leaving the process's own block would wait for it."""
    command = [*SERVE, "--json", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads("".join(process.stdout.readline() for _ in range(7)))
        finally:
            process.kill()


class TestServe:
    @pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
    def test_it_prints_addresses_that_answer_and_runs_until_it_is_stopped(self, stop: signal.Signals) -> None:
        with served("--start", "2026-01-31T12:00:00+01:00") as (process, urls):
            assert process.stdout is not None
            assert process.stderr is not None
            assert list(urls) == ["stripe_url", "chargebee_url", "maton_url", "airbyte_url", "control_url"]
            assert httpx.get(f"{urls['stripe_url']}/v1/customers", trust_env=False).status_code == 401
            assert httpx.get(f"{urls['chargebee_url']}/api/v2/customers", trust_env=False).status_code == 401
            assert httpx.get(f"{urls['maton_url']}/connections", trust_env=False).status_code == 401
            assert httpx.post(f"{urls['airbyte_url']}/api/v1/applications/token", json={}, trust_env=False).status_code == 401
            assert httpx.get(f"{urls['control_url']}/clock", trust_env=False).json()["now"] == "2026-01-31T11:00:00Z"
            assert process.stderr.readline() == "simulated time 2026-01-31T11:00:00+00:00; stop with Ctrl-C\n"
            process.send_signal(stop)
            assert process.wait(timeout=10) == 0
            assert process.stderr.read() == "stopped\n"
            assert process.stdout.read() == ""

    def test_a_host_for_all_machines_is_served_when_it_is_asked_for_twice(self) -> None:
        with served("--host", "0.0.0.0", "--allow-remote", "--start", "2026-01-31T12:00:00Z") as (_, urls):
            assert urls["control_url"].startswith("http://127.0.0.1:")  # an address that this machine's clients can use
            port = int(urls["stripe_url"].rsplit(":", 1)[1])
            assert httpx.get(f"http://127.0.0.2:{port}/v1/customers", trust_env=False).status_code == 401

    @pytest.mark.parametrize(
        ("wrong", "why"),
        [
            (["--host", "0.0.0.0"], "to let them, pass allow_remote=True too (--allow-remote on the command line)"),
            (["--host", "192.0.2.1"], "the sandbox listens on loopback only, not on '192.0.2.1'"),
            (["--host", "192.0.2.1", "--allow-remote"], "assign requested address"),
            (["--host", "", "--allow-remote"], "the host is empty; pass an address such as 127.0.0.1"),
        ],
    )
    def test_it_says_in_one_line_why_a_host_cannot_be(self, wrong: list[str], why: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["sandbox", "serve", "--port", "0", *wrong]) == 1
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert err.startswith("billbridge: ")
        assert why in err

    def test_it_says_in_one_line_that_a_port_is_taken(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            done = subprocess.run([*SERVE, "--port", port], capture_output=True, text=True, check=False, timeout=30)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert done.stderr.startswith("billbridge: ")


class TestAdvance:
    @pytest.mark.parametrize("vendor", OPTIONS)
    def test_subscriptions_renew_and_their_invoices_appear(self, vendor: str, capsys: pytest.CaptureFixture[str]) -> None:
        with Sandbox(start=START).serve() as server:
            url = getattr(server, f"{vendor}_url")
            with Billing.connect(vendor, base_url=url, **OPTIONS[vendor]) as billing:
                ada = billing.customers.create(email="ada@example.com")
                billing.payment_methods.attach(ada.id, token="tok_visa")
                price = billing.prices.create(product=billing.products.create(name="Pro").id, amount=Money("19.00", "USD"), every="month")
                made = billing.subscriptions.create(customer=ada.id, items=[Item(price=price.id)])
                assert main(["sandbox", "advance", "--days", "31", "--url", url]) == 0
                assert capsys.readouterr() == ("before  2026-01-31T12:00:00Z\nnow     2026-03-03T12:00:00Z\n", "")
                renewed = billing.subscriptions.get(made.id)
                assert renewed.current_period_start == made.current_period_end
                totals = [(invoice.total, invoice.status) for invoice in billing.invoices.list(customer=ada.id)]
                assert totals == [(Money("19.00", "USD"), "paid")] * 2

    @pytest.mark.parametrize(
        ("step", "now"),
        [
            (["--hours", "1", "--seconds", "30"], "2026-01-31T13:00:30Z"),
            (["--minutes", "0.5"], "2026-01-31T12:00:30Z"),
            (["--to", "2026-02-01T00:00:00+01:00"], "2026-01-31T23:00:00Z"),
        ],
    )
    @pytest.mark.parametrize("side", ["stripe", "maton", "control"])
    def test_any_printed_address_takes_an_amount_or_a_time(
        self, step: list[str], now: str, side: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with Sandbox(start=START).serve() as server:
            assert main(["sandbox", "advance", *step, "--json", "--url", getattr(server, f"{side}_url")]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told == {"now": now, "timestamp": int(datetime.fromisoformat(now).timestamp()), "before": "2026-01-31T12:00:00Z"}

    def test_the_address_defaults_to_where_serve_listens_by_default(self, capsys: pytest.CaptureFixture[str]) -> None:
        for command in ("serve", "advance"):
            with pytest.raises(SystemExit):
                main(["sandbox", command, "--help"])
            assert "8420" in capsys.readouterr().out

    def test_what_the_sandbox_refuses_is_one_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        with Sandbox(start=START).serve() as server:
            assert main(["sandbox", "advance", "--to", "2025-01-01T00:00:00Z", "--url", server.stripe_url]) == 1
        assert capsys.readouterr() == (
            "",
            "billbridge: the clock is at 2026-01-31T12:00:00Z and cannot go back to 2025-01-01T00:00:00Z; pass a later time\n",
        )

    @pytest.mark.parametrize(
        ("url", "why"),
        [
            ("http://127.0.0.1:{free}", "no sandbox answers at http://127.0.0.1:{free} (ConnectionRefusedError)"),
            ("http://nowhere.invalid", "no sandbox answers at http://nowhere.invalid (gaierror)"),
            ("127.0.0.1:{free}", "--url is not an http or https address"),
            ("http://[", "--url is not an http or https address"),
            ("http://secret@127.0.0.1:{free}", "--url is not an http or https address"),
        ],
    )
    def test_an_address_without_a_sandbox_is_one_line(self, url: str, why: str, capsys: pytest.CaptureFixture[str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            free = taken.getsockname()[1]
        assert main(["sandbox", "advance", "--days", "1", "--url", url.format(free=free)]) == 1
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert err.startswith(f"billbridge: {why.format(free=free)}")
        assert "secret" not in err


@pytest.mark.parametrize(
    "arguments",
    [["serve", *wrong] for wrong in (["--start", "2026-01-31"], ["--start", "soon"], ["--port", "99999"], ["--port", "x"])]
    + [["serve", "--faults", share] for share in ("7", "-1")]
    + [["advance", *wrong] for wrong in ([], ["--days", "x"], ["--days", "-1"], ["--hours", "inf"], ["--to", "soon"])]
    + [["advance", "--days", "1", "--to", "2026-03-01T00:00:00Z"], []],
)
def test_wrong_arguments_exit_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["sandbox", *arguments])
    assert stopped.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "usage:" in err
