"""One application on two billing vendors: create a customer, sell a plan, let a month pass and read the invoices.

Run it with `make demo`. Without keys it simulates both vendors in this process. If you set BILLBRIDGE_STRIPE_API_KEY, or
BILLBRIDGE_CHARGEBEE_SITE and BILLBRIDGE_CHARGEBEE_API_KEY, the same code runs on your test account, where no month passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from billbridge import Billing, Item, Money
from side_by_side import Stage, show

VENDORS = ("stripe", "chargebee")  # the only line that names a vendor


def story(billing: Billing, stage: Stage, a_month_passes: Callable[[], bool]) -> Iterator[tuple[str, object]]:
    """Run the application's steps. Each step yields a label and a value to print."""
    ada = billing.customers.create(email=stage.unique("ada@example.com"), name="Ada Lovelace")
    yield "customer", ada.name
    card = billing.payment_methods.attach(ada.id, token=stage.token)
    yield "pays with", card.card and f"{card.card.brand} {card.card.last4}"

    pro = billing.products.create(name=stage.unique("Pro"))
    monthly = billing.prices.create(product=pro.id, amount=Money("19.00", "USD"), every="month")
    yield "price", f"{monthly.unit_amount} every {monthly.interval}"

    subscription = billing.subscriptions.create(customer=ada.id, items=[Item(price=monthly.id, quantity=3)])
    yield "subscription", subscription.status
    yield "paid until", subscription.current_period_end

    if a_month_passes():
        yield "a month later", billing.subscriptions.get(subscription.id).status
    for invoice in billing.invoices.list(customer=ada.id):
        yield f"invoice of {invoice.issued_at:%d %b}", f"{invoice.total} {invoice.status}, {invoice.amount_due} due"

    ending = billing.subscriptions.cancel(subscription.id, timing="period_end")
    yield "cancelled, ends", ending.cancel_at


if __name__ == "__main__":
    show(story, VENDORS)
