"""Programs with a vendor's own library move the time of a served sandbox by HTTP: subscriptions renew, and their invoices appear."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import httpx
import pytest
import stripe
from billbridge_sandbox import Simulation
from billbridge_sandbox.server import Server

START = datetime(2026, 1, 31, 12, tzinfo=UTC)


def advance(server: Server, **step: Any) -> dict[str, Any]:
    answer = httpx.post(f"{server.control_url}/advance", json=step, trust_env=False)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def subscribe(v1: Any, token: str, **more: Any) -> stripe.Subscription:
    """A subscription of $19.00 a month, to be paid with that test card."""
    product = v1.products.create({"name": "Pro"})
    price = v1.prices.create({"product": product.id, "currency": "usd", "unit_amount": 1900, "recurring": {"interval": "month"}})
    customer = v1.customers.create({"email": "ada@example.com"})
    method = v1.payment_methods.create({"type": "card", "card": {"token": token}})
    v1.payment_methods.attach(method.id, {"customer": customer.id})
    given = {"customer": customer.id, "items": [{"price": price.id}], "default_payment_method": method.id, **more}
    made: stripe.Subscription = v1.subscriptions.create(given)
    return made


def test_a_subscription_of_stripes_client_renews() -> None:
    with Simulation(START).serve() as server:
        v1 = stripe.StripeClient("sk_test_x", base_addresses={"api": server.stripe_url}, max_network_retries=0).v1
        made = subscribe(v1, "tok_visa")
        end = made["items"].data[0].current_period_end
        assert advance(server, to=end + 3600)["timestamp"] == end + 3600  # the renewal's invoice is a draft for an hour
        renewed = v1.subscriptions.retrieve(made.id)
        assert (renewed.status, renewed["items"].data[0].current_period_start) == ("active", end)
        assert [(each.status, each.total) for each in v1.invoices.list({"subscription": made.id}).data] == [("paid", 1900)] * 2


def test_a_card_that_is_declined_after_the_trial_runs_through_the_retries() -> None:
    with Simulation(START).serve() as server:
        v1 = stripe.StripeClient("sk_test_x", base_addresses={"api": server.stripe_url}, max_network_retries=0).v1
        made = subscribe(v1, "tok_chargeDeclined", trial_period_days=7)
        assert made.status == "trialing"
        advance(server, days=7, hours=1)
        assert v1.subscriptions.retrieve(made.id).status == "past_due"
        advance(server, days=21)  # retries after 3, 5, 7 and 6 days
        assert v1.subscriptions.retrieve(made.id).status == "canceled"


def test_a_subscription_of_chargebees_client_renews(monkeypatch: pytest.MonkeyPatch) -> None:
    chargebee: Any = import_module("chargebee")  # typed inside, but without py.typed
    monkeypatch.setattr(chargebee.Chargebee, "verify_ca_certs", False)
    with Simulation(START).serve() as server:
        port = server.chargebee_url.rsplit(":", 1)[1]
        site = chargebee.Chargebee(api_key="test_x", site="127", chargebee_domain=f"0.0.1:{port}", protocol="http")
        site.ItemFamily.create({"id": "family", "name": "Family"})
        site.Item.create({"id": "pro", "name": "Pro", "type": site.Item.Type.PLAN, "item_family_id": "family"})
        month = {"period": 1, "period_unit": site.ItemPrice.PeriodUnit.MONTH, "pricing_model": "per_unit"}
        site.ItemPrice.create({"id": "pro-month", "name": "Pro", "item_id": "pro", "currency_code": "USD", "price": 1900, **month})
        site.Customer.create({"id": "ada", "email": "ada@example.com"})
        site.PaymentSource.create_using_token({"customer_id": "ada", "token_id": "tok_visa"})
        made = site.Subscription.create_with_items(
            "ada", {"id": "s", "subscription_items": [{"item_price_id": "pro-month", "quantity": 1}]}
        )
        first = made.subscription.current_term_end
        assert advance(server, days=31)["now"] == "2026-03-03T12:00:00Z"
        renewed = site.Subscription.retrieve("s").subscription
        assert (renewed.status, renewed.current_term_start) == ("active", first)
        invoices = site.Invoice.list({"subscription_id": {"is": "s"}}).list
        assert [(each.invoice.status, each.invoice.total) for each in invoices] == [("paid", 1900)] * 2
