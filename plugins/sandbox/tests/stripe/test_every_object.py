"""Every kind of object in every state, plain and expanded. The fixture judges each answer by the official SDK's types."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from billbridge_sandbox.simulation import Simulation

from .conftest import Judged

HEADERS = {"Authorization": "Bearer sk_test_x"}


def form(simulation: Simulation, path: str, params: dict[str, Any]) -> Any:
    answer = simulation.handle("POST", path, HEADERS, urlencode(params).encode())
    value = json.loads(answer.body)
    assert answer.status == 200, value
    return value


def read(simulation: Simulation, target: str) -> Any:
    answer = simulation.handle("GET", target, HEADERS)
    value = json.loads(answer.body)
    assert answer.status == 200, value
    return value


def test_the_judge_finds_a_strange_and_a_missing_field(simulation: Judged) -> None:
    product = form(simulation, "/v1/products", {"name": "Pro"})
    stored = simulation.stripe.account.tables["product"].get(product["id"])
    assert stored is not None
    stored["colour"] = "red"
    del stored["livemode"]
    read(simulation, f"/v1/products/{product['id']}")
    assert {line.partition("answer: ")[2] for line in simulation.illegal} == {"colour: no field of Product", "livemode: missing"}
    simulation.illegal.clear()


def test_the_catalog(simulation: Simulation) -> None:
    product = form(simulation, "/v1/products", {"id": "pro", "name": "Pro", "images[0]": "https://a.example/x.png"})
    form(simulation, "/v1/products/pro", {"description": "x"})
    price = form(simulation, "/v1/prices", {"product": product["id"], "currency": "usd", "unit_amount": 5, "recurring[interval]": "week"})
    form(simulation, "/v1/prices", {"product": "pro", "currency": "usd", "unit_amount_decimal": "0.5"})
    form(simulation, f"/v1/prices/{price['id']}", {"nickname": "x"})
    for path in ("products", "products/pro", "prices", f"prices/{price['id']}?expand[]=product", "prices?expand[]=data.product"):
        read(simulation, f"/v1/{path}")


def test_customers_and_cards(simulation: Simulation) -> None:
    address = {"address[city]": "Oslo", "shipping[name]": "Ada", "shipping[address][line1]": "x"}
    id = form(simulation, "/v1/customers", {"email": "ada@example.com", **address})["id"]
    card = form(simulation, "/v1/payment_methods", {"type": "card", "card[token]": "tok_visa", "billing_details[address][city]": "Oslo"})
    form(simulation, f"/v1/payment_methods/{card['id']}/attach", {"customer": id, "expand[]": "customer"})
    form(simulation, f"/v1/customers/{id}", {"invoice_settings[default_payment_method]": card["id"]})
    read(simulation, f"/v1/customers/{id}?expand[]=invoice_settings.default_payment_method&expand[]=subscriptions")
    read(simulation, f"/v1/payment_methods?customer={id}")
    read(simulation, f"/v1/customers/{id}/payment_methods")
    form(simulation, f"/v1/payment_methods/{card['id']}/detach", {})
    answer = simulation.handle("DELETE", f"/v1/customers/{id}", HEADERS)
    assert json.loads(answer.body) == {"id": id, "object": "customer", "deleted": True}
    assert read(simulation, f"/v1/customers/{id}") == {"id": id, "object": "customer", "deleted": True}


def test_subscriptions_and_invoices_in_every_state(simulation: Simulation) -> None:
    form(simulation, "/v1/products", {"id": "pro", "name": "Pro"})
    price = form(simulation, "/v1/prices", {"product": "pro", "currency": "usd", "unit_amount": 500, "recurring[interval]": "month"})["id"]
    expand = ("customer", "latest_invoice.payments", "items.data.price.product", "default_payment_method")
    for card, behavior in (("pm_card_visa", "allow_incomplete"), ("pm_card_visa_chargeDeclined", "allow_incomplete")):
        customer = form(simulation, "/v1/customers", {"payment_method": card, "invoice_settings[default_payment_method]": card})["id"]
        wish = {"customer": customer, "items[0][price]": price, "payment_behavior": behavior}
        id = form(simulation, "/v1/subscriptions", {**wish, **{f"expand[{i}]": path for i, path in enumerate(expand)}})["id"]
        form(simulation, f"/v1/subscriptions/{id}", {"cancel_at_period_end": "true", "metadata[a]": "b"})
        form(simulation, "/v1/subscriptions", {**wish, "trial_period_days": 3})
        for days in (0, 1, 4, 30, 31):
            simulation.advance(days=days)
            read(simulation, "/v1/subscriptions?status=all&expand[]=data.latest_invoice&expand[]=data.customer")
            read(simulation, "/v1/invoices?expand[]=data.payments.data.payment.payment_intent&expand[]=data.confirmation_secret")
            read(simulation, "/v1/invoices?expand[]=data.parent.subscription_details.subscription")
            read(simulation, "/v1/payment_intents?expand[]=data.customer&expand[]=data.payment_method")
            read(simulation, "/v1/invoice_payments?expand[]=data.invoice")
            read(simulation, f"/v1/subscription_items?subscription={id}")
    invoices = read(simulation, "/v1/invoices?limit=100")["data"]
    assert {invoice["status"] for invoice in invoices} == {"open", "paid", "void"}
    for invoice in invoices:
        read(simulation, f"/v1/invoices/{invoice['id']}/lines")
