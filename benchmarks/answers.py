"""The answers of the stub: whole HTTP answers for each route with the vendors' headers, and bodies for rows without HTTP.

The first measurement writes them into build/bench, and later ones use them again. Contains no contender.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import bodies, files

VARIANTS = 100
PAGES = 10
"""How many different objects, and pages, are served in turn."""
INVOICE_PAGES = 20
"""Pages of invoices, taken in turn: their times are more than what remembers times can hold."""
STRIPE_HEADERS = """Server: nginx
Date: Sun, 22 Nov 2026 11:00:00 GMT
Content-Type: application/json
Access-Control-Allow-Credentials: true
Access-Control-Allow-Methods: GET, HEAD, PUT, PATCH, POST, DELETE
Access-Control-Allow-Origin: *
Access-Control-Expose-Headers: Request-Id, Stripe-Manage-Version, Stripe-Should-Retry, X-Stripe-External-Auth-Required
Access-Control-Max-Age: 300
Cache-Control: no-cache, no-store
Content-Security-Policy: base-uri 'none'; default-src 'none'; form-action 'none'; frame-ancestors 'none'; img-src 'self'
Request-Id: req_B1nCh2mArKs3
Stripe-Version: 2026-10-28.endive
Strict-Transport-Security: max-age=63072000; includeSubDomains; preload
Vary: Origin
X-Stripe-Routing-Context-Priority-Tier: api-testmode
X-Wc: ABGHI"""
CHARGEBEE_HEADERS = """Server: ChargeBee
Date: Sun, 22 Nov 2026 11:00:00 GMT
Content-Type: application/json;charset=utf-8
Cache-Control: no-store, no-cache, must-revalidate
Pragma: no-cache
Strict-Transport-Security: max-age=63072000; includeSubDomains
X-Content-Type-Options: nosniff
X-Frame-Options: SAMEORIGIN
X-Request-Id: 7f4c9a1e0b2d"""
HEADERS = {"stripe": STRIPE_HEADERS, "chargebee": CHARGEBEE_HEADERS}


def prepare(folder: Path) -> None:
    """Write `answers` for the stub, and a file of bodies for each row without HTTP, unless they exist."""
    mark = folder / "prepared"
    if mark.exists() and mark.stat().st_mtime > max(Path(name).stat().st_mtime for name in (__file__, bodies.__file__)):
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "answers").open("wb") as file:
        for vendor, method, path, kind, made in _routes():
            whole = [_answer(vendor, body) for body in made]
            file.write(f"{method} {path} {kind} {len(whole)}\n".encode())
            for each in whole:
                file.write(f"{len(each)}\n".encode() + each)
    for name, vendor, made in _without_http():
        files.write(folder / name, [bodies.written(vendor, body) for body in made])
    mark.touch()


def _routes() -> Iterator[tuple[str, str, str, str, list[dict[str, Any]]]]:
    random = Random(4)
    one = [bodies.stripe_customer(random) for _ in range(VARIANTS)]
    yield "stripe", "GET", "/v1/customers/", "rotate", one
    yield "stripe", "POST", "/v1/customers", "rotate", one
    yield "stripe", "GET", "/v1/customers", "pages", [_stripe_page(random, more=number < PAGES) for number in range(PAGES + 1)]
    other = [{"customer": bodies.chargebee_customer(random)} for _ in range(VARIANTS)]
    yield "chargebee", "GET", "/api/v2/customers/", "rotate", other
    yield "chargebee", "POST", "/api/v2/customers", "rotate", other
    yield "chargebee", "GET", "/api/v2/customers", "pages", [_chargebee_page(random, more=number < PAGES) for number in range(PAGES + 1)]


def _without_http() -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    random = Random(5)
    pages = range(INVOICE_PAGES)
    stripe = [[bodies.stripe_invoice(random) for _ in range(bodies.PER_PAGE)] for _ in pages]
    yield "stripe_invoices", "stripe", [bodies.stripe_list(page, "/v1/invoices", more=False) for page in stripe]
    chargebee = [[bodies.chargebee_invoice(random) for _ in range(bodies.PER_PAGE)] for _ in pages]
    yield "chargebee_invoices", "chargebee", [bodies.chargebee_list(page, "invoice", more=False) for page in chargebee]
    yield "stripe_events", "stripe", [bodies.stripe_event(random) for _ in range(VARIANTS)]
    yield "stripe_customers", "stripe", [_stripe_page(random, more=True) for _ in range(PAGES)]
    yield "chargebee_customers", "chargebee", [_chargebee_page(random, more=True) for _ in range(PAGES)]


def _stripe_page(random: Random, *, more: bool) -> dict[str, Any]:
    rows = [bodies.stripe_customer(random, page=bodies.PAGE_NUMBER) for _ in range(bodies.PER_PAGE)]
    return bodies.stripe_list(rows, "/v1/customers", more=more)


def _chargebee_page(random: Random, *, more: bool) -> dict[str, Any]:
    return bodies.chargebee_list([bodies.chargebee_customer(random) for _ in range(bodies.PER_PAGE)], "customer", more=more)


def _answer(vendor: str, body: dict[str, Any]) -> bytes:
    content = bodies.written(vendor, body)
    head = f"HTTP/1.1 200 OK\n{HEADERS[vendor]}\nContent-Length: {len(content)}\n\n".replace("\n", "\r\n")
    return head.encode() + content
