"""Payments that fail. A vendor can refuse a card when it is attached or when it is first charged. Neither leaves a subscription behind."""

from __future__ import annotations

from billbridge import Customer, InvoiceStatus, Item, Money, SubscriptionStatus
from billbridge.errors import DeclineReason, PaymentActionRequiredError, PaymentDeclinedError, PaymentError, PaymentMethodRequiredError
from billbridge.model import NextActionKind

from billbridge_contract.registry import clause
from billbridge_contract.subscribing import CATALOG, SELL
from billbridge_contract.world import MONTHLY, Caught, World, everything, refuses

LOOK = "subscriptions.list invoices.list"
OVER = (SubscriptionStatus.CANCELED, SubscriptionStatus.EXPIRED)


async def declined(world: World, token: str, *kinds: type[PaymentError]) -> tuple[Customer, Caught[PaymentError]]:
    """Return a customer whose payment failed with one of these errors, when the card was attached or charged."""
    customer, price = await world.customer(), await world.price()
    with refuses(*kinds) as caught:
        await world.billing.payment_methods.attach(customer.id, token=token)
        await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)])
    return customer, caught


async def nothing_is_left(world: World, customer: Customer) -> None:
    """Assert that no subscription is running and that no invoice is paid or open."""
    for subscription in await everything(world.billing.subscriptions.list(customer=customer.id)):
        assert subscription.status in OVER, subscription
    for invoice in await everything(world.billing.invoices.list(customer=customer.id)):
        assert invoice.status in (InvoiceStatus.VOID, InvoiceStatus.UNCOLLECTIBLE), invoice
        assert not invoice.amount_paid, invoice


@clause(
    "DEC-01",
    "A declined card raises PaymentDeclinedError and leaves no running subscription and no open or paid invoice.",
    needs=f"{SELL} {LOOK}",
    cards=True,
)
async def decline(world: World) -> None:
    customer, caught = await declined(world, world.tokens.declined, PaymentDeclinedError)
    assert isinstance(caught.error, PaymentDeclinedError)
    assert not caught.error.retryable
    await nothing_is_left(world, customer)


@clause("DEC-02", "A decline has a reason, such as insufficient funds or an expired card.", needs=SELL, cards=True)
async def reasons(world: World) -> None:
    for token, reason in (
        (world.tokens.insufficient_funds, DeclineReason.INSUFFICIENT_FUNDS),
        (world.tokens.expired, DeclineReason.EXPIRED_CARD),
    ):
        _, caught = await declined(world, token, PaymentDeclinedError)
        assert isinstance(caught.error, PaymentDeclinedError)
        assert caught.error.decline_reason is reason
        assert caught.error.decline_code


@clause(
    "DEC-03",
    "A decline for insufficient funds leaves no running subscription and no open or paid invoice.",
    needs=f"{SELL} {LOOK}",
    cards=True,
)
async def insufficient_funds(world: World) -> None:
    customer, _ = await declined(world, world.tokens.insufficient_funds, PaymentDeclinedError)
    await nothing_is_left(world, customer)


@clause(
    "DEC-04",
    "A card that needs authentication raises PaymentActionRequiredError, with a next action or a hint. No subscription runs afterwards.",
    needs=f"{SELL} {LOOK}",
    cards=True,
)
async def authentication(world: World) -> None:
    customer, caught = await declined(world, world.tokens.authentication_required, PaymentActionRequiredError)
    assert isinstance(caught.error, PaymentActionRequiredError)
    action = caught.error.next_action
    assert caught.error.hint if action is None else action.url or action.client_secret, "the error does not say how the customer goes on"
    await nothing_is_left(world, customer)


@clause(
    "DEC-05",
    "A customer without a payment method raises PaymentMethodRequiredError. No running subscription and no open invoice remain.",
    needs=f"{CATALOG} subscriptions.create {LOOK}",
)
async def no_method(world: World) -> None:
    customer, price = await world.customer(), await world.price()
    with refuses(PaymentMethodRequiredError):
        await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)])
    await nothing_is_left(world, customer)


@clause("DEC-06", "After a decline the customer can pay with another card, and pays once.", needs=f"{SELL} {LOOK}", cards=True)
async def second_card(world: World) -> None:
    customer, _ = await declined(world, world.tokens.declined, PaymentDeclinedError)
    await world.billing.payment_methods.attach(customer.id, token=world.tokens.visa)
    price = await world.price()
    made = await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)])
    living = [one for one in await everything(world.billing.subscriptions.list(customer=customer.id)) if one.status not in OVER]
    assert [(one.id, one.status) for one in living] == [(made.id, SubscriptionStatus.ACTIVE)]
    paid = [invoice.amount_paid for invoice in await everything(world.billing.invoices.list(customer=customer.id)) if invoice.amount_paid]
    assert paid == [MONTHLY]


@clause(
    "DEC-07",
    "With payment_behavior='allow_incomplete' the subscription stays as INCOMPLETE with an open invoice and a next action.",
    needs=f"{SELL} subscriptions.create.allow_incomplete subscriptions.get invoices.list",
    cards=True,
)
async def incomplete(world: World) -> None:
    customer, price = await world.customer(), await world.price()
    await attach_a_failing_card(world, customer)
    made = await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)], payment_behavior="allow_incomplete")
    assert made.status is SubscriptionStatus.INCOMPLETE
    found = await world.billing.subscriptions.get(made.id)
    assert found.status is SubscriptionStatus.INCOMPLETE
    for each in (made, found):
        assert each.next_action is not None
        assert each.next_action.kind is NextActionKind.PAYMENT
        assert each.next_action.id
        assert each.next_action.client_secret or each.next_action.url
    (invoice,) = await everything(world.billing.invoices.list(subscription=made.id))
    assert (invoice.status, invoice.amount_due, invoice.amount_paid) == (InvoiceStatus.OPEN, MONTHLY, Money(0, "USD"))


async def attach_a_failing_card(world: World, customer: Customer) -> None:
    """Attach the first test card that the vendor accepts now and declines later."""
    tokens = (world.tokens.authentication_required, world.tokens.declined, world.tokens.insufficient_funds)
    for token in tokens:
        try:
            await world.billing.payment_methods.attach(customer.id, token=token)
        except PaymentError:
            continue
        return
    raise AssertionError("every failing card was refused when it was attached")
