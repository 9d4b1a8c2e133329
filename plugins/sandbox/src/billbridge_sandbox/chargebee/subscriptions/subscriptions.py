"""Subscriptions of item prices: create, retrieve, list. Changing them is `subscription_changes`, ending them `cancellations`.

A subscription that must be paid at once and cannot be is not created: the call is a 400 and nothing is left behind. On trial, or with
`auto_collection=off`, nothing is collected. Not simulated, and refused as `configuration_incompatible`: manual discounts, contract
terms, billing cycles, pending invoices, unbilled charges, advance charging, payment intents. A start in the past is refused too.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import duplicate, incompatible, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, Reader, flag, json_object, one_of, text, whole
from billbridge_sandbox.chargebee.api.wire import envelope, render
from billbridge_sandbox.chargebee.billing.billing import collect_now
from billbridge_sandbox.chargebee.billing.changes import Effect, leave_term
from billbridge_sandbox.chargebee.billing.credit_notes import shown as show_note
from billbridge_sandbox.chargebee.billing.drafts import draw_up
from billbridge_sandbox.chargebee.billing.lifecycle import due_fields, schedule
from billbridge_sandbox.chargebee.endpoints.listing import Field, filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.payments.payment_sources import card_of, usable
from billbridge_sandbox.chargebee.store.catalog import ItemPrice
from billbridge_sandbox.chargebee.store.invoices import Invoice
from billbridge_sandbox.chargebee.store.records import Customer
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription
from billbridge_sandbox.chargebee.subscriptions.subscription_coupons import attach, redeem
from billbridge_sandbox.chargebee.subscriptions.subscription_items import plan_of, read_items
from billbridge_sandbox.chargebee.subscriptions.timing import after, begin, cycles, invoice_date, past

SETTINGS: dict[str, Reader] = {
    "auto_collection": one_of("on", "off"),
    "net_term_days": whole(-1),
    "po_number": text(100),
    "invoice_notes": text(2000),
    "meta_data": json_object,
}
TRIAL_END_ACTION = one_of("site_default", "plan_default", "activate_subscription", "cancel_subscription")
_REFUSED = (
    "discounts",
    "item_tiers",
    "contract_term",
    "terms_to_charge",
    "billing_alignment_mode",
    "auto_close_invoices",
    "coupons[",
    "billing_override",
    "offline_payment_method",
    "shipping_address",
    "statement_descriptor",
    "setup_fee",
    "free_period",
    "payment_intent[",
)
_REFUSED_AT_START = ("mandatory_items_to_remove", "business_entity_id", "brand_id", "replace_primary_payment_source")
_REFUSED_FILTERS = ("plan_id[", "offline_payment_method[", "auto_close_invoices[", "business_entity_id[", "decommissioned[")
_FLAGS = {"create_pending_invoices": False, "first_invoice_pending": False}
_FILTERS = filterable(
    text="id customer_id cancel_reason_code",
    enum="status cancel_reason channel",
    number="remaining_billing_cycles",
    flag="has_scheduled_changes override_relationship",
    time="created_at activated_at next_billing_at cancelled_at updated_at",
)


def create(site: Site, ask: Ask) -> Json:
    """Create a subscription of an existing customer, with exactly one plan; the id may be chosen by the caller."""
    customer = site.live_customer(ask.ids["id"])
    refuse_unsimulated(ask)
    ask.refuse("mandatory_items_to_remove")
    asked = ask.get("invoice_immediately", flag)
    immediately = site.settings.invoice_immediately if asked is None else asked
    chosen = ask.get("id", text(50))
    if chosen is not None and chosen in site.subscriptions:
        raise duplicate("id", chosen)
    items = read_items(site, ask)
    plan = plan_of(site, items)
    subscription = Subscription(
        id=chosen or site.ids.next("", 17),
        customer_id=customer.id,
        currency_code=plan.currency_code,
        status="future",
        subscription_items=items,
        billing_period=plan.period or 1,
        billing_period_unit=plan.period_unit or "month",
        remaining_billing_cycles=cycles(ask, plan),
        created_at=site.now,
    )
    apply_settings(site, ask, customer, subscription)
    past_start = past(site, ask, "start_date", plan)
    start = max(ask.get("start_date", whole()) or site.now, site.now) if past_start is None else past_start
    trial_end = subscription.trial_end = _trial_end(ask, plan, start)
    subscription.trial_end_action = ask.get("trial_end_action", TRIAL_END_ACTION)
    dated = invoice_date(site, ask, start)
    coupons = attach(site, ask, subscription)

    def store() -> None:
        site.add(site.subscriptions, subscription)
        redeem(site, coupons)
        schedule(site, subscription)

    invoice, billed = None, False
    if start > site.now:
        subscription.start_date = subscription.next_billing_at = start
    else:
        billed = begin(site, subscription, start, trial_end)
    if billed and immediately:
        draft = draw_up(site, customer, subscription, first=True, date=dated)
        invoice = collect_now(site, customer, subscription, draft, store)
    else:
        store()
    effect = leave_term(site, customer, subscription, first=True) if billed and not immediately else Effect(invoice)
    return with_effect(site, subscription, effect)


def retrieve(site: Site, ask: Ask) -> Json:
    """Retrieve a subscription, its customer and the customer's card."""
    return shown(site, site.find(site.subscriptions, "subscription", ask.ids["id"]))


def list_subscriptions(site: Site, ask: Ask) -> Json:
    """List subscriptions of every status, cancelled ones too, by time of creation."""
    ask.get("include_deleted", flag)
    ask.refuse(*_REFUSED_FILTERS)

    def item_ids(subscription: Subscription) -> tuple[str, ...]:
        prices = (site.item_prices.get(item.item_price_id) for item in subscription.subscription_items)
        return tuple(price.item_id for price in prices if price is not None)

    filters: dict[str, Field] = {**_FILTERS, "item_id": ("text", item_ids), "item_price_id": ("text", _price_ids)}
    return listing(ask, site.subscriptions.values(), filters, ("created_at", "updated_at"), lambda each: shown(site, each))


def list_for_customer(site: Site, ask: Ask) -> Json:
    """List the subscriptions of one customer, without the customer beside each."""
    customer = site.live_customer(ask.ids["id"])
    rows = [each for each in site.subscriptions.values() if each.customer_id == customer.id]
    return listing(ask, rows, {}, ("created_at",), lambda each: {"subscription": shown(site, each)["subscription"]})


def shown(site: Site, subscription: Subscription, invoice: Invoice | None = None) -> Json:
    """A subscription as every endpoint sends it: with its dues, its customer, the card and perhaps an invoice."""
    customer = site.find(site.customers, "customer", subscription.customer_id)
    body = envelope(subscription, customer, card_of(site, customer), invoice)
    prices = [site.find(site.item_prices, "item_price", id) for id in _price_ids(subscription)]
    tiers = [
        {**render(tier), "object": "item_tier", "item_price_id": price.id, "index": position}
        for position, price in enumerate(prices)
        for tier in price.tiers or []
    ]
    body["subscription"] |= {**due_fields(site, subscription), **({"item_tiers": tiers} if tiers else {})}
    return body


def with_effect(site: Site, subscription: Subscription, effect: Effect) -> Json:
    """A subscription as `shown`, with what a change left behind: an invoice, credit notes, unbilled charges."""
    body = shown(site, subscription, effect.invoice)
    if effect.credit_notes:
        body["credit_notes"] = [show_note(site, note) for note in effect.credit_notes]
    if effect.unbilled_charges:
        body["unbilled_charges"] = [render(charge) for charge in effect.unbilled_charges]
    return body


def apply_settings(site: Site, ask: Ask, customer: Customer, subscription: Subscription) -> None:
    """Set what may be set at creation and later. `net_term_days=-1` goes back to the customer's; `meta_data` is replaced as a whole."""
    for name, value in ask.fields(SETTINGS).items():
        setattr(subscription, name, None if name == "net_term_days" and value == -1 else value)
    source = ask.get("payment_source_id", text(40))
    if source is not None:
        subscription.payment_source_id = usable(site, customer, source, "payment_source_id").id


def refuse_unsimulated(ask: Ask) -> None:
    """Refuse parameters that change the amounts and are not simulated, instead of billing wrongly."""
    ask.refuse(*_REFUSED)
    if ask.raw("coupon"):
        raise incompatible("coupon belongs to Product Catalog 1.0; send coupon_ids", "coupon")
    for name, allowed in _FLAGS.items():
        if ask.get(name, flag) not in (None, allowed):
            raise incompatible(f"{name} is not enabled for this site", name)


def _price_ids(subscription: Subscription) -> tuple[str, ...]:
    return tuple(item.item_price_id for item in subscription.subscription_items)


def _trial_end(ask: Ask, plan: ItemPrice, start: int) -> int | None:
    """When the trial ends: as asked (0 means that there is none), else by the plan's item price, else never."""
    asked = ask.get("trial_end", whole())
    if asked is not None:
        if 0 < asked <= start:
            raise wrong_value("trial_end", "should be 0 or later than the start")
        return asked or None
    if not plan.trial_period or plan.trial_period_unit is None:
        return None
    return after(start, plan.trial_period_unit, plan.trial_period)


ROUTES: Routes = [
    ("POST", "/customers/{id}/subscription_for_items", create),
    ("GET", "/subscriptions", list_subscriptions),
    ("GET", "/customers/{id}/subscriptions", list_for_customer),
    ("GET", "/subscriptions/{id}", retrieve),
]
