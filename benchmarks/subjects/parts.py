"""The steps of Billbridge for one page of a list: find each row's own JSON, decode the rows, map them to the model.

The names are `stripe_invoices_cut` and so on, for each list and part. `all` is the whole call without HTTP, `raw` the decoding of a raw
contender.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import cycle
from typing import Any

import billbridge_chargebee.translate.customers as chargebee_customers
import billbridge_chargebee.translate.invoices as chargebee_invoices
import billbridge_stripe.translate.customers as stripe_customers
import billbridge_stripe.translate.invoices as stripe_invoices
import msgspec
from billbridge import Billing
from billbridge_chargebee import wire as chargebee
from billbridge_chargebee import wire_invoices as chargebee_wire
from billbridge_chargebee.api import ChargebeeApi
from billbridge_stripe import wire as stripe
from billbridge_stripe import wire_customers, wire_invoices

from benchmarks.files import read
from benchmarks.subjects import shapes
from benchmarks.subjects.answered import Answered

PARTS = ("raw", "cut", "decode", "map", "all")
PAGES = 3
"""So many pages in turn: what comes again is remembered, so these are the steps at their cheapest."""
_STRIPE = msgspec.json.Decoder(stripe.Rows[msgspec.Raw])


def _cut_stripe(page: bytes) -> list[msgspec.Raw]:
    return _STRIPE.decode(page).data


def _cut_chargebee(kind: str, page: bytes) -> list[msgspec.Raw]:
    return ChargebeeApi().rows(page, kind)[0]


LISTS: dict[str, tuple[Callable[[bytes], list[msgspec.Raw]], msgspec.json.Decoder[Any], Callable[[Any, msgspec.Raw], object], type]] = {
    "stripe_invoices": (
        _cut_stripe,
        msgspec.json.Decoder(wire_invoices.Invoice),
        lambda sent, raw: stripe_invoices.invoice(sent, sent.lines.data, raw),
        shapes.StripeInvoices,
    ),
    "chargebee_invoices": (
        partial(_cut_chargebee, "invoice"),
        chargebee_wire.INVOICE,
        lambda sent, raw: chargebee_invoices.invoice(sent, raw, sent.line_items),
        shapes.ChargebeeInvoices,
    ),
    "stripe_customers": (
        _cut_stripe,
        msgspec.json.Decoder(wire_customers.Customer),
        lambda sent, raw: stripe_customers.customer(sent, raw, None),
        shapes.StripeCustomers,
    ),
    "chargebee_customers": (
        partial(_cut_chargebee, "customer"),
        chargebee.CUSTOMER,
        chargebee_customers.customer,
        shapes.ChargebeeCustomers,
    ),
}


def _part(name: str, part: str, file: str) -> Callable[[], object]:
    cut, decoder, mapped, shape = LISTS[name]
    pages = read(file)[:PAGES]
    if part == "raw":
        raw: msgspec.json.Decoder[Any] = msgspec.json.Decoder(shape)
        left = cycle(pages)
        return lambda: raw.decode(next(left))
    if part == "cut":
        left = cycle(pages)
        return lambda: cut(next(left))
    if part == "all":
        vendor, _, kind = name.partition("_")
        options: dict[str, Any] = {"site": "bench"} if vendor == "chargebee" else {}
        resource = getattr(Billing.connect(vendor, gateway=Answered(pages), **options), kind)
        return lambda: next(resource.list().pages())
    rows = [cut(page) for page in pages]
    if part == "decode":
        undecoded = cycle(rows)
        return lambda: [decoder.decode(row) for row in next(undecoded)]
    both = cycle([[(decoder.decode(row), row) for row in page] for page in rows])
    return lambda: [mapped(sent, raw) for sent, raw in next(both)]


globals().update({f"{name}_{part}": partial(_part, name, part) for name in LISTS for part in PARTS})
