"""The official Python client, over HTTP, takes a subscription through its phases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from billbridge_sandbox import Simulation

from .conftest import Client, seconds

APRIL = datetime(2026, 4, 10, 12, tzinfo=UTC)


def subscribe(site: Any, **fields: Any) -> Any:
    return site.Subscription.create_with_items("ada", {"id": "s", "subscription_items": [{"item_price_id": "pro-monthly"}], **fields})


def test_the_client_pauses_and_resumes(site: Any, client: Client, simulation: Simulation) -> None:
    subscribe(site)
    waiting = site.Subscription.pause("s", {"pause_option": "end_of_term"}).subscription
    assert (waiting.status, waiting.pause_date) == ("active", waiting.current_term_end)
    assert site.Subscription.remove_scheduled_pause("s").subscription.pause_date is None
    paused = site.Subscription.pause("s", {"pause_option": "immediately", "resume_date": seconds(2026, 5, 1)}).subscription
    assert (paused.status, paused.resume_date) == ("paused", seconds(2026, 5, 1))
    assert site.Subscription.remove_scheduled_resumption("s").subscription.resume_date is None
    simulation.advance(to=APRIL)
    resumed = site.Subscription.resume("s", {"resume_option": "immediately", "charges_handling": "invoice_immediately"})
    assert (resumed.subscription.status, resumed.subscription.current_term_end) == ("active", seconds(2026, 5, 10))
    assert (resumed.invoice.status, resumed.invoice.total) == ("paid", 1900)
    assert client.vendor.ignored_params == []
