"""Prorations to the second: what a change credits and bills, when it is invoiced, and in which words."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from .shop import DAY, Shop, at


def lines(invoice: stripe.Invoice) -> list[tuple[int, int | None, int, int]]:
    """Amount, quantity and period of each line."""
    return [(line.amount, line.quantity, line.period.start, line.period.end) for line in invoice.lines.data]


def change(shop: Shop, subscription: stripe.Subscription, behavior: str | None = "always_invoice", **item: Any) -> stripe.Subscription:
    """Change the subscription's first item."""
    first = shop.again(subscription).items.data[0]
    given: Any = {"items": [{"id": first.id, **item}], **({} if behavior is None else {"proration_behavior": behavior})}
    return shop.client.v1.subscriptions.update(subscription.id, given)


def test_an_upgrade_credits_the_unused_time_and_bills_the_remaining_time(shop: Shop) -> None:
    subscription, better = shop.subscribe(), shop.price(4900)
    shop.simulation.advance(days=14)
    changed = change(shop, subscription, price=better.id)
    invoice = shop.invoice(subscription)
    assert lines(invoice) == [(-950, 1, at(2, 14), at(2, 28)), (2450, 1, at(2, 14), at(2, 28))]
    assert [line.description for line in invoice.lines.data] == [
        "Unused time on Pro after 14 Feb 2026",
        "Remaining time on Pro after 14 Feb 2026",
    ]
    assert (invoice.billing_reason, invoice.status, invoice.amount_paid) == ("subscription_update", "paid", 1500)
    assert (changed.latest_invoice, changed.items.data[0].price.id) == (invoice.id, better.id)
    assert changed.items.data[0].current_period_end == at(2, 28)
    shop.simulation.advance(days=14, hours=1)
    assert lines(shop.invoice(subscription)) == [(4900, 1, at(2, 28), at(3, 31))]


def test_a_proration_counts_seconds_and_rounds_half_away_from_zero(shop: Shop) -> None:
    subscription, better = shop.subscribe(), shop.price(4900)
    shop.simulation.advance(days=9, hours=1, seconds=7)
    change(shop, subscription, price=better.id)
    left, whole = 28 * DAY - 9 * DAY - 3607, 28 * DAY
    assert [line.amount for line in shop.invoice(subscription).lines.data] == [-round(1900 * left / whole), round(4900 * left / whole)]
    odd, half = shop.subscribe(), shop.price(2001)
    shop.simulation.advance(days=14)
    change(shop, odd, price=half.id)
    assert shop.invoice(odd).lines.data[1].amount == 1001  # of 1000.5


def test_prorations_wait_for_the_next_invoice_unless_they_are_invoiced_at_once(shop: Shop) -> None:
    subscription = shop.subscribe()
    shop.simulation.advance(days=21)
    change(shop, subscription, None, quantity=3)
    assert shop.invoice(subscription).billing_reason == "subscription_create"
    waiting = shop.client.v1.invoice_items.list({"pending": True}).data
    assert [(item.amount, item.quantity, item.proration, item.discountable) for item in waiting] == [
        (1425, 3, True, False),
        (-475, 1, True, False),
    ]
    shop.simulation.advance(days=7, hours=1)
    renewal = shop.invoice(subscription)
    assert lines(renewal) == [
        (-475, 1, at(2, 21), at(2, 28)),
        (1425, 3, at(2, 21), at(2, 28)),
        (5700, 3, at(2, 28), at(3, 31)),
    ]
    assert (renewal.total, renewal.amount_paid) == (6650, 6650)
    assert shop.client.v1.invoice_items.list({"pending": True}).data == []
    assert [item.invoice for item in shop.client.v1.invoice_items.list({"invoice": renewal.id})] == [renewal.id] * 2


def test_a_line_says_what_it_prorates_and_a_credit_names_its_debit(shop: Shop) -> None:
    subscription, better = shop.subscribe(), shop.price(4900)
    first = shop.invoice(subscription)
    item = subscription.items.data[0].id
    shop.simulation.advance(days=14)
    change(shop, subscription, price=better.id)
    credit, debit = shop.invoice(subscription).lines.data
    for line in (credit, debit):
        assert line.parent is not None
        details = line.parent.subscription_item_details
        assert line.parent.type == "subscription_item_details"
        assert details is not None
        assert (details.proration, details.subscription_item, details.subscription) == (True, item, subscription.id)
        made = shop.client.v1.invoice_items.retrieve(str(details.invoice_item))
        assert (made.amount, made.net_amount, made.proration) == (line.amount, line.amount, True)
    assert [named(line) for line in (credit, debit)] == [(first.id, [first.lines.data[0].id]), None]
    assert debit.pricing is not None
    assert debit.pricing.price_details is not None
    assert debit.pricing.price_details.price == better.id
    change(shop, subscription, price=shop.price(900).id)
    again = shop.invoice(subscription).lines.data[0]
    assert named(again) == (debit.invoice, [debit.id])


def named(line: stripe.InvoiceLineItem) -> tuple[str, list[str]] | None:
    """The invoice and the lines that a line credits."""
    assert line.parent is not None
    assert line.parent.subscription_item_details is not None
    details = line.parent.subscription_item_details.proration_details
    assert details is not None
    return None if details.credited_items is None else (details.credited_items.invoice, details.credited_items.invoice_line_items)


def test_a_downgrade_becomes_credit_of_the_customer(shop: Shop) -> None:
    subscription, cheaper = shop.subscribe(), shop.price(500)
    shop.simulation.advance(days=14)
    change(shop, subscription, price=cheaper.id)
    invoice = shop.invoice(subscription)
    assert (invoice.total, invoice.amount_due, invoice.status) == (-700, 0, "paid")
    assert (invoice.starting_balance, invoice.ending_balance) == (0, -700)
    assert shop.client.v1.customers.retrieve(str(subscription.customer)).balance == -700
    shop.simulation.advance(days=14, hours=1)
    renewal = shop.invoice(subscription)
    assert (renewal.total, renewal.amount_paid, renewal.ending_balance) == (500, 0, -200)


def test_items_are_added_removed_and_swapped_in_one_call(shop: Shop) -> None:
    prices = [shop.price(amount) for amount in (1000, 2000, 4000)]
    wish: Any = {"items": [{"price": prices[0].id}, {"price": prices[1].id, "quantity": 2}], "customer": shop.customer().id}
    subscription = shop.client.v1.subscriptions.create(wish)
    gone, swapped = subscription.items.data
    shop.simulation.advance(days=14)
    diff: Any = [{"id": gone.id, "deleted": True}, {"id": swapped.id, "quantity": 3}, {"price": prices[2].id}]
    changed = shop.client.v1.subscriptions.update(subscription.id, {"items": diff, "proration_behavior": "always_invoice"})
    assert [line.amount for line in shop.invoice(subscription).lines.data] == [-500, -2000, 3000, 2000]
    assert [(item.price.id, item.quantity) for item in changed.items.data] == [(prices[1].id, 3), (prices[2].id, 1)]


def test_another_price_sets_the_quantity_to_one_unless_one_is_given(shop: Shop) -> None:
    subscription = shop.subscribe(quantity=3)
    assert change(shop, subscription, price=shop.price(500).id).items.data[0].quantity == 1
    assert change(shop, subscription, price=shop.price(600).id, quantity=3).items.data[0].quantity == 3


def test_a_change_that_costs_the_same_bills_nothing(shop: Shop) -> None:
    subscription = shop.subscribe()
    (item,) = subscription.items.data
    shop.simulation.advance(days=3)
    changed = change(shop, subscription, price=item.price.id, quantity=1, metadata={"seat": "7"})
    assert changed.latest_invoice == subscription.latest_invoice
    assert changed.items.data[0].metadata.to_dict() == {"seat": "7"}
    assert shop.client.v1.invoice_items.list().data == []


def test_a_proration_date_is_where_the_change_counts_from(shop: Shop) -> None:
    subscription, better = shop.subscribe(), shop.price(4900)
    shop.simulation.advance(days=20)
    (item,) = subscription.items.data
    given: Any = {"items": [{"id": item.id, "price": better.id}], "proration_date": at(2, 14), "proration_behavior": "always_invoice"}
    shop.client.v1.subscriptions.update(subscription.id, given)
    assert lines(shop.invoice(subscription)) == [(-950, 1, at(2, 14), at(2, 28)), (2450, 1, at(2, 14), at(2, 28))]
    for outside in (at(1, 30), at(3, 1)):
        given["proration_date"] = outside
        with pytest.raises(stripe.InvalidRequestError) as caught:
            shop.client.v1.subscriptions.update(subscription.id, given)
        assert caught.value.param == "proration_date"


def test_flexible_billing_credits_what_was_billed_and_classic_billing_the_current_price(shop: Shop) -> None:
    """The example of docs.stripe.com/billing/subscriptions/prorations, with its numbers."""
    ten, twenty = shop.price(1000), shop.price(2000)
    shop.simulation.advance(days=60)  # 1 April
    totals: dict[str, int] = {}
    modes: Any = ("classic", "flexible")
    subscriptions = {
        mode: shop.client.v1.subscriptions.create(
            {"customer": shop.customer().id, "items": [{"price": ten.id}], "billing_mode": {"type": mode}}
        )
        for mode in modes
    }
    for days, price, behavior in ((10, twenty, "none"), (10, ten, "always_invoice")):
        shop.simulation.advance(days=days)
        for subscription in subscriptions.values():
            change(shop, subscription, behavior, price=price.id)
    totals = {mode: shop.invoice(subscription).total for mode, subscription in subscriptions.items()}
    assert totals == {"classic": -334, "flexible": 0}


def test_a_credit_has_the_share_of_the_discount_that_was_taken_off(shop: Shop) -> None:
    """The example of docs.stripe.com/billing/subscriptions/prorations: 5.00 off 10.00 and 20.00, halfway through the period."""
    coupon = shop.client.v1.coupons.create({"amount_off": 500, "currency": "usd", "duration": "once"})
    ten, twenty = shop.price(1000), shop.price(2000)
    wish: Any = {"customer": shop.customer().id, "items": [{"price": ten.id}, {"price": twenty.id}], "discounts": [{"coupon": coupon.id}]}
    subscription = shop.client.v1.subscriptions.create(wish)
    assert shop.invoice(subscription).total == 2500
    shop.simulation.advance(days=14)
    deleted = subscription.items.data[0].id
    given: Any = {"items": [{"id": deleted, "deleted": True}], "proration_behavior": "always_invoice"}
    shop.client.v1.subscriptions.update(subscription.id, given)
    assert shop.invoice(subscription).total == -417  # half of 10.00 less 1.67


def test_a_debit_has_the_discount_in_its_amount(shop: Shop) -> None:
    coupon = shop.client.v1.coupons.create({"percent_off": 25, "duration": "forever"})
    subscription = shop.subscribe(discounts=[{"coupon": coupon.id}])
    shop.simulation.advance(days=14)
    change(shop, subscription, quantity=2)
    invoice = shop.invoice(subscription)
    assert [line.amount for line in invoice.lines.data] == [-713, 1425]  # of 14.25 and 28.50
    assert (invoice.total, [each.amount for each in invoice.total_discount_amounts or []]) == (712, [0])
    (debit, _) = shop.client.v1.invoice_items.list({"invoice": invoice.id}).data
    assert debit.proration_details is not None
    assert [share.amount for share in debit.proration_details.discount_amounts] == [475]


def test_a_tiered_and_a_packaged_price_are_prorated_on_their_total(shop: Shop) -> None:
    tiers: Any = [{"up_to": 2, "unit_amount": 1000, "flat_amount": 300}, {"up_to": "inf", "unit_amount": 400}]
    product = shop.client.v1.products.create({"name": "Seats"})
    common: Any = {"product": product.id, "currency": "usd", "recurring": {"interval": "month"}}
    wish: Any = {**common, "billing_scheme": "tiered", "tiers_mode": "graduated", "tiers": tiers}
    tiered = shop.client.v1.prices.create(wish)
    packs: Any = {**common, "unit_amount": 700, "transform_quantity": {"divide_by": 10, "round": "up"}}
    packed = shop.client.v1.prices.create(packs)
    subscription = shop.subscribe()
    shop.simulation.advance(days=14)
    change(shop, subscription, price=tiered.id, quantity=5)
    assert [line.amount for line in shop.invoice(subscription).lines.data] == [-950, 1750]  # half of 2 x 10.00 + 3.00 + 3 x 4.00
    change(shop, subscription, price=packed.id, quantity=11)
    assert [line.amount for line in shop.invoice(subscription).lines.data] == [-1750, 700]


def test_changes_during_a_trial_are_not_prorated(shop: Shop) -> None:
    subscription = shop.subscribe(trial_period_days=10)
    shop.simulation.advance(days=3)
    change(shop, subscription, quantity=4)
    assert shop.client.v1.invoice_items.list().data == []
    shop.simulation.advance(days=7, hours=1)
    assert shop.invoice(subscription).amount_paid == 4 * 1900
