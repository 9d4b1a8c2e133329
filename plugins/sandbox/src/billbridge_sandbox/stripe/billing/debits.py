"""What a subscription item was billed for, and until when: the debits that credits of unused time are taken from.

A debit is the amount after discounts, in minor units, that one invoice or one pending invoice item billed for a time in advance.
In flexible billing mode a credit is a part of the original debit, not of the current price, and one credit is made for each debit
(docs.stripe.com/billing/subscriptions/billing-mode/compare). Classic mode does not use this module's amounts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from billbridge_sandbox.stripe.billing.periods import part_of
from billbridge_sandbox.stripe.store.account import Account, Json


class Credit(NamedTuple):
    """The unused part of one debit: a negative amount in minor units, the time, and the debit."""

    amount: int
    start: int
    end: int
    debit: Json


def record(account: Account, item: Json, amount: int, period: tuple[int, int], source: Json) -> None:
    """Note a debit. `source` names it as `proration_details.credited_items` of an invoice item does."""
    debit: Json = {
        "amount": amount,
        "start": period[0],
        "end": period[1],
        "until": period[1],
        "price": item["price"],
        "quantity": item["quantity"],
        "source": source,
    }
    rows = account.kept("subscription_item", item["id"])
    rows["debits"] = [old for old in rows.get("debits", []) if old["until"] > item["current_period_start"]] + [debit]


def covered_until(account: Account, item: Json) -> int:
    """The time until which an item is billed; 0 when it never was."""
    return max((debit["until"] for debit in _of(account, item)), default=0)


def credits_from(account: Account, item: Json, moment: int) -> Iterator[Credit]:
    """Take back what an item was billed for the time from a moment on. All credits of one debit never exceed it."""
    for debit in _of(account, item):
        start, until = max(moment, debit["start"]), debit["until"]
        if start < until:
            debit["until"] = start
            yield Credit(_unused(debit, until) - _unused(debit, start), start, until, debit)


def _unused(debit: Json, moment: int) -> int:
    """The part of a debit that falls on the time after a moment."""
    return part_of(debit["amount"], debit["end"] - moment, debit["end"] - debit["start"])


def _of(account: Account, item: Json) -> list[Json]:
    rows: list[Json] = account.kept("subscription_item", item["id"]).get("debits", [])
    return rows


def clear(account: Account, item: Json) -> None:
    """Forget what an item was billed for: a new period begins that is billed as a whole."""
    account.kept("subscription_item", item["id"])["debits"] = []


def invoiced(account: Account, item: str, source: str, invoice: str, line: str) -> None:
    """A pending debit went onto an invoice: credits name the invoice's line from now on."""
    for debit in account.kept("subscription_item", item).get("debits", []):
        if debit["source"].get("invoice_item") == source:
            debit["source"] = on_invoice(invoice, [line])


def deleted(account: Account, item: str, source: str) -> None:
    """A pending debit was deleted, so its time is not billed."""
    rows = account.kept("subscription_item", item)
    rows["debits"] = [debit for debit in rows.get("debits", []) if debit["source"].get("invoice_item") != source]


def on_invoice(invoice: str, lines: list[str]) -> Json:
    """The reference to a debit on an invoice."""
    details = {"invoice": invoice, "invoice_line_items": lines}
    return {"invoice_line_item_details": details, "type": "invoice_line_items"}


def in_waiting(invoice_item: str) -> Json:
    """The reference to a debit that is a pending invoice item."""
    return {"invoice_item": invoice_item, "type": "invoice_item"}
