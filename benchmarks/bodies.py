"""Realistic bodies of both vendors: the answers of the simulated vendors, each with other people, places, amounts and lines.

The shapes come from the sandbox, whose answers are checked against the types of the official SDKs. Stripe's JSON is indented, as Stripe
sends it. Chargebee's is not. The same seed gives the same bytes on every machine. Knows neither routes nor HTTP.
"""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any

from billbridge import Address, Billing, Item, Money
from billbridge_sandbox import Sandbox

PER_PAGE = 100
PAGE_NUMBER = "@" * 6
"""Stands for the number of the page in ids and cursors, so that the stub can serve any number of pages from a few."""
START = 1_767_225_600
TERMS = tuple(days * 86_400 for days in (28, 30, 31))
NAMES = ("Ada Lovelace", "Grace Hopper", "Jürgen Müller", "Zoë Brontë", "山田 太郎", "Søren Kierkegaard", "Bob", "Łucja Święcicka-Nowak")
PLACES = (("London", "SW1Y 4JH", "GB"), ("München", "80331", "DE"), ("New York", "10001", "US"), ("東京", "100-0001", "JP"))
STREETS = ("12 St James's Square", "Marienplatz 1", "350 Fifth Avenue, Suite 3304", "丸の内1-1")
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def stripe_customer(random: Random, *, page: str = "000000") -> dict[str, Any]:
    """Return one Stripe customer. A third have no address, some have no name or metadata, most have a payment method."""
    sent = copy.deepcopy(_sample("stripe", "customer"))
    city, code, country = random.choice(PLACES)
    where = {"city": city, "country": country, "line1": random.choice(STREETS), "line2": None, "postal_code": code, "state": None}
    sent.update(id=f"cus_{_letters(random, 8)}{page}", email=_email(random), name=random.choice((*NAMES, None)), phone=_phone(random))
    sent.update(address=where if random.random() < 0.67 else None, created=START + random.randrange(10**7), balance=-random.randrange(3))
    sent["metadata"] = _metadata(random)
    sent["invoice_settings"]["default_payment_method"] = random.choice((f"pm_{_letters(random, 24)}", None))
    return sent


def stripe_invoice(random: Random) -> dict[str, Any]:
    """Return one Stripe invoice with two to six lines. A third have a discount, half have tax, some are open."""
    sent = copy.deepcopy(_sample("stripe", "invoice"))
    currency, paid = random.choice(("usd", "eur", "jpy")), random.random() < 0.8
    taxed, discounted = random.random() < 0.5, random.random() < 0.33
    created = START + random.randrange(10**7)
    lines = [_stripe_line(random, sent["lines"]["data"][0], currency, taxed, discounted) for _ in range(random.randint(2, 6))]
    for line in lines:
        line["period"] = {"end": created + random.choice(TERMS), "start": created}
    subtotal = sum(line["amount"] for line in lines)
    tax = sum(each["amount"] for line in lines for each in line["taxes"])
    discount = sum(each["amount"] for line in lines for each in line["discount_amounts"])
    total = subtotal + tax - discount
    sent["lines"]["data"] = lines
    sent.update(id=f"in_{_letters(random, 24)}", customer=f"cus_{_letters(random, 14)}", customer_email=_email(random), currency=currency)
    sent.update(number=f"{_letters(random, 8).upper()}-{random.randrange(10000):04}", customer_name=random.choice(NAMES))
    sent.update(subtotal=subtotal, subtotal_excluding_tax=subtotal, total=total, total_excluding_tax=total - tax, amount_due=total)
    sent.update(amount_paid=total if paid else 0, amount_remaining=0 if paid else total, status="paid" if paid else "open")
    sent["total_taxes"] = [_stripe_tax(tax)] if taxed else []
    sent["total_discount_amounts"] = [{"amount": discount, "discount": f"di_{_letters(random, 24)}"}] if discounted else []
    sent.update(created=created, effective_at=created, period_start=created, period_end=created)
    sent["status_transitions"].update(finalized_at=created, paid_at=created + 2 if paid else None)
    sent["metadata"] = _metadata(random)
    return sent


def stripe_event(random: Random) -> dict[str, Any]:
    """Return a webhook delivery for a paid invoice."""
    return {
        "id": f"evt_{_letters(random, 24)}",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": START + random.randrange(10**7),
        "data": {"object": stripe_invoice(random)},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": "invoice.paid",
    }


def chargebee_customer(random: Random) -> dict[str, Any]:
    """Return one Chargebee customer, without the fields that are empty."""
    sent = copy.deepcopy(_sample("chargebee", "customer"))
    first, _, last = random.choice(NAMES).rpartition(" ")
    city, code, country = random.choice(PLACES)
    created = START + random.randrange(10**7)
    sent.update(
        id=_letters(random, 16), first_name=first or last, last_name=last, email=_email(random), phone=_phone(random) or "+15550100"
    )
    sent.update(created_at=created, updated_at=created + random.randrange(10**6), meta_data=_metadata(random))
    sent["billing_address"].update(line1=random.choice(STREETS), city=city, country=country, zip=code)
    if random.random() < 0.33:
        del sent["billing_address"]
    return sent


def chargebee_invoice(random: Random) -> dict[str, Any]:
    """Return one Chargebee invoice with two to six lines."""
    sent = copy.deepcopy(_sample("chargebee", "invoice"))
    customer, line, created = _letters(random, 16), sent["line_items"][0], START + random.randrange(10**7)
    lines = []
    for _ in range(random.randint(2, 6)):
        unit, quantity = random.randrange(100, 90_000), random.randint(1, 9)
        words = {"id": f"li_{_letters(random, 16)}", "customer_id": customer, "description": random.choice(("Pro", "Seats", "Überweisung"))}
        period = {"date_from": created, "date_to": created + random.choice(TERMS)}
        lines.append({**line, **words, **period, "unit_amount": unit, "quantity": quantity, "amount": unit * quantity})
    total, paid = sum(each["amount"] for each in lines), random.random() < 0.8
    sent.update(id=str(random.randrange(10**6)), customer_id=customer, line_items=lines, sub_total=total, total=total)
    sent.update(amount_paid=total if paid else 0, amount_due=0 if paid else total, status="paid" if paid else "payment_due")
    sent.update(date=created, due_date=created, generated_at=created, updated_at=created + 3)
    sent["paid_at"] = created + 2
    if not paid:
        del sent["paid_at"]
    return sent


def stripe_list(objects: list[dict[str, Any]], url: str, *, more: bool) -> dict[str, Any]:
    """Return one page of a list."""
    return {"object": "list", "data": objects, "has_more": more, "url": url}


def chargebee_list(objects: list[dict[str, Any]], kind: str, *, more: bool) -> dict[str, Any]:
    """Return one page of a list. The last page has no offset."""
    page: dict[str, Any] = {"list": [{kind: each} for each in objects]}
    if more:
        page["next_offset"] = json.dumps([f"{START}000", PAGE_NUMBER])
    return page


def written(vendor: str, body: dict[str, Any]) -> bytes:
    """Return the JSON as this vendor writes it."""
    indented = json.dumps(body, ensure_ascii=False, indent=2)
    return (indented if vendor == "stripe" else json.dumps(body, ensure_ascii=False, separators=(",", ":"))).encode()


@cache
def _sample(vendor: str, kind: str) -> dict[str, Any]:
    """Return one object of the simulated vendor: a customer with every field, or the paid invoice of a subscription."""
    with Billing.connect(vendor, gateway=Sandbox(start=datetime.fromtimestamp(START, UTC))) as billing:
        address = Address(line1=STREETS[0], city="London", postal_code="SW1Y 4JH", country="GB")
        customer = billing.customers.create(email="ada@example.com", name=NAMES[0], address=address, metadata={"crm": "1"}, phone="+1555")
        billing.payment_methods.attach(customer.id, token="tok_visa")
        product = billing.products.create(id="pro", name="Pro")
        price = billing.prices.create(id="pro-monthly", product=product.id, amount=Money("19.00", "USD"), every="month")
        billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id, quantity=3)])
        found = billing.customers.get(customer.id) if kind == "customer" else next(iter(billing.invoices.list(customer=customer.id)))
        sent: dict[str, Any] = json.loads(bytes(found.raw))
        return sent


def _stripe_line(random: Random, sample: dict[str, Any], currency: str, taxed: bool, discounted: bool) -> dict[str, Any]:
    line = copy.deepcopy(sample)
    unit, quantity = random.randrange(100, 90_000), random.randint(1, 9)
    amount = unit * quantity
    line.update(id=f"il_{_letters(random, 24)}", amount=amount, subtotal=amount, quantity=quantity, quantity_decimal=str(quantity))
    line.update(currency=currency, description=f"{quantity} x {random.choice(('Pro', 'Seats', 'Überweisung'))}", metadata=_metadata(random))
    line["pricing"]["unit_amount_decimal"] = str(unit) if random.random() < 0.9 else f"{unit}.5"
    line["taxes"] = [_stripe_tax(amount // 5)] if taxed else []
    line["discount_amounts"] = [{"amount": amount // 10, "discount": f"di_{_letters(random, 24)}"}] if discounted else []
    return line


def _stripe_tax(amount: int) -> dict[str, Any]:
    return {
        "amount": amount,
        "tax_behavior": "exclusive",
        "tax_rate_details": {"tax_rate": "txr_1Nabc"},
        "taxability_reason": "standard_rated",
        "taxable_amount": amount * 5,
        "type": "tax_rate_details",
    }


def _letters(random: Random, count: int) -> str:
    """Return letters without digits, so that the number of a page is the only number."""
    return "".join(random.choices(ALPHABET, k=count))


def _email(random: Random) -> str:
    return f"{_letters(random, random.randint(5, 14)).lower()}@example.com"


def _phone(random: Random) -> str | None:
    return random.choice((None, f"+49 89 {random.randrange(10**7):07}"))


def _metadata(random: Random) -> dict[str, str]:
    pairs = {"crm_id": str(random.randrange(10**8)), "segment": random.choice(("smb", "enterprise")), "note": "übernommen: ja"}
    return dict(list(pairs.items())[: random.randint(0, 3)])
