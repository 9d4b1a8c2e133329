"""The official Python client as a user of the simulation, over HTTP, and its typed parameters as the list of legal names."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any, TypeAlias

import pytest
from billbridge_sandbox import Simulation
from billbridge_sandbox.chargebee.billing import credit_notes, credits, invoices, usages
from billbridge_sandbox.chargebee.catalog import item_families, item_prices, items, tiers
from billbridge_sandbox.chargebee.coupons import coupon_codes, coupons
from billbridge_sandbox.chargebee.customers import billing_info, customers
from billbridge_sandbox.chargebee.payments import hosted_pages, payment_intents, payment_sources, payments
from billbridge_sandbox.chargebee.subscriptions import billing_profile, pausing, subscription_changes, subscription_items, subscriptions

from .conftest import START, Chargebee, Client

NOW = int(START.timestamp())
InvalidRequestError: Any = import_module("chargebee").InvalidRequestError
PaymentError: Any = import_module("chargebee").PaymentError
Sdk: TypeAlias = Any
TYPES: Sdk = Chargebee(api_key="none", site="none")


def subscribe(sdk: Sdk, **fields: Any) -> Any:
    return sdk.Subscription.create_with_items("ada", {"subscription_items": [{"item_price_id": "pro-monthly", "quantity": 3}], **fields})


def test_the_client_creates_renews_and_cancels_a_subscription(site: Sdk, simulation: Simulation) -> None:
    made = subscribe(site, id="s", meta_data=json.dumps({"order": 7}))
    assert (made.subscription.status, made.invoice.status, made.invoice.total) == ("active", "paid", 5700)
    assert made.subscription.subscription_items[0].quantity == 3
    assert made.subscription.meta_data == {"order": 7}
    assert made.card.last4 == "4242"
    simulation.advance(days=28)
    found = site.Invoice.list({"subscription_id": {"is": "s"}, "sort_by": {"desc": "date"}, "limit": 1})
    assert (found.list[0].invoice.id, found.list[0].invoice.line_items[0].entity_type) == ("2", "plan_item_price")
    assert found.next_offset is not None
    ending = site.Subscription.cancel_for_items("s", {"cancel_option": "end_of_term"})
    assert (ending.subscription.status, ending.subscription.cancelled_at) == ("non_renewing", ending.subscription.current_term_end)
    assert site.Subscription.remove_scheduled_cancellation("s").subscription.status == "active"
    changed = site.Subscription.update_for_items(
        "s", {"subscription_items": [{"item_price_id": "pro-monthly", "quantity": 5}], "prorate": False}
    )
    assert changed.subscription.subscription_items[0].quantity == 5
    gone = site.Subscription.cancel_for_items("s", {"cancel_option": "immediately", "credit_option_for_current_term_charges": "none"})
    assert gone.subscription.status == "cancelled"
    with pytest.raises(InvalidRequestError) as refused:
        site.Subscription.cancel_for_items("s", {"cancel_option": "immediately"})
    assert (refused.value.http_code, refused.value.api_error_code) == (409, "invalid_state_for_request")


def test_the_client_walks_pages_and_filters(site: Sdk) -> None:
    for number in range(5):
        site.Customer.create({"id": f"c{number}", "first_name": "Many"})
    found: list[str] = []
    params: dict[str, Any] = {"first_name": {"is": "Many"}, "limit": 2, "sort_by": {"asc": "created_at"}}
    while True:
        page = site.Customer.list(params)
        found += [entry.customer.id for entry in page.list]
        if not page.next_offset:
            break
        params["offset"] = page.next_offset
    assert found == [f"c{number}" for number in range(5)]
    by_json = site.Customer.list({"id": {"in": json.dumps(["c1", "c3"])}})
    assert [entry.customer.id for entry in by_json.list] == ["c1", "c3"]


def test_the_clients_own_way_of_writing_a_list_is_refused_as_the_vendor_would_read_it(site: Sdk) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        site.Customer.list({"id": {"in": ["c1", "c3"]}})
    assert (refused.value.api_error_code, refused.value.param) == ("param_wrong_value", "id[in]")


def test_the_client_updates_customers_and_their_payment_sources(site: Sdk) -> None:
    changed = site.Customer.update("ada", {"first_name": "Ada", "auto_collection": "off", "meta_data": json.dumps({"a": 1})})
    assert (changed.customer.first_name, changed.customer.auto_collection, changed.customer.meta_data) == ("Ada", "off", {"a": 1})
    moved = site.Customer.update_billing_info("ada", {"billing_address": {"city": "London", "zip": "W1"}, "vat_number": "GB1"})
    assert (moved.customer.billing_address.city, moved.customer.vat_number_status) == ("London", "not_validated")
    second = site.PaymentSource.create_using_temp_token({"customer_id": "ada", "type": "card", "tmp_token": "tok_mastercard"})
    role = site.Customer.assign_payment_role("ada", {"payment_source_id": second.payment_source.id, "role": "primary"})
    assert role.customer.primary_payment_source_id == second.payment_source.id
    assert site.PaymentSource.retrieve(second.payment_source.id).payment_source.card.brand == "mastercard"
    listed = site.PaymentSource.list({"customer_id": {"is": "ada"}, "type": {"is": "card"}})
    assert len(listed.list) == 2
    assert site.PaymentSource.delete_local(second.payment_source.id).payment_source.deleted is True
    assert site.Customer.delete("ada", {"delete_payment_method": False}).customer.deleted is True
    assert site.Customer.list().list == []


def test_the_client_reads_the_catalogue_and_the_configuration(site: Sdk) -> None:
    assert site.Configuration.list().configurations[0].product_catalog_version == "v2"
    assert site.ItemFamily.retrieve("family").item_family.name == "Family"
    assert site.Item.update("pro", {"status": "archived", "metadata": json.dumps({"a": "b"})}).item.archived_at == NOW
    assert [entry.item.id for entry in site.Item.list({"status": {"is": "archived"}}).list] == ["pro"]
    assert site.ItemPrice.retrieve("pro-monthly").item_price.price == 1900
    assert [entry.item_price.id for entry in site.ItemPrice.list({"item_id": {"is": "pro"}, "period": {"gte": 1}}).list] == ["pro-monthly"]
    tiers = [{"starting_unit": 1, "ending_unit": 10, "price": 100}, {"starting_unit": 11, "price": 50}]
    made = site.ItemPrice.create(
        {"id": "t", "name": "T", "item_id": "pro", "pricing_model": "tiered", "tiers": tiers, "period": 1, "period_unit": "year"}
    )
    assert [tier.price for tier in made.item_price.tiers] == [100, 50]


def test_a_decline_is_the_clients_payment_error(site: Sdk) -> None:
    site.PaymentSource.create_using_token({"customer_id": "ada", "token_id": "tok_chargeDeclined", "replace_primary_payment_source": True})
    with pytest.raises(PaymentError) as refused:
        subscribe(site)
    assert (refused.value.http_code, refused.value.api_error_code) == (400, "payment_processing_failed")
    assert refused.value.error_cause_id == "gateway.general.decline"
    assert site.Subscription.list({"customer_id": {"is": "ada"}}).list == []


def test_the_client_sees_a_replay(site: Sdk) -> None:
    first = site.Customer.create({"company": "Engines"}, {"chargebee-idempotency-key": "k1"})
    again = site.Customer.create({"company": "Engines"}, {"chargebee-idempotency-key": "k1"})
    assert (first.is_idempotency_replayed, again.is_idempotency_replayed) == (False, True)
    assert first.customer.id == again.customer.id


def test_nothing_that_the_client_sent_was_ignored(site: Sdk, client: Client) -> None:
    subscribe(site, trial_end=0, auto_collection="on")
    site.Subscription.list({"status": {"is": "active"}, "limit": 5})
    assert client.vendor.ignored_params == []


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ({**customers._PROFILE, **billing_info.TAX}, TYPES.Customer.CreateParams),
        (billing_info.TAX, TYPES.Customer.UpdateBillingInfoParams),
        (billing_info.ADDRESS, TYPES.Customer.UpdateBillingInfoBillingAddressParams),
        (billing_info.IDENTIFIER, TYPES.Customer.UpdateBillingInfoEntityIdentifierParams),
        (credits._FILTERS, TYPES.PromotionalCredit.ListParams),
        (credit_notes._FILTERS, TYPES.CreditNote.ListParams),
        ({**coupons._HARMLESS, **coupons._KIND}, TYPES.Coupon.CreateForItemsParams),
        ({**coupons._HARMLESS, **coupons._KIND}, TYPES.Coupon.UpdateForItemsParams),
        (coupons.CONSTRAINT, TYPES.Coupon.CreateForItemsItemConstraintParams),
        (coupons._FILTERS, TYPES.Coupon.ListParams),
        (coupon_codes._SETS, TYPES.CouponSet.ListParams),
        (coupon_codes._CODES, TYPES.CouponCode.ListParams),
        (hosted_pages._FILTERS, TYPES.HostedPage.ListParams),
        (payment_intents._FIELDS, TYPES.PaymentIntent.CreateParams),
        (payment_intents._FIELDS, TYPES.PaymentIntent.UpdateParams),
        (usages._FILTERS, TYPES.Usage.ListParams),
        (customers._FILTERS, TYPES.Customer.ListParams),
        (item_families._FIELDS, TYPES.ItemFamily.CreateParams),
        (item_families._FILTERS, TYPES.ItemFamily.ListParams),
        ({**items._CHANGEABLE, **items._FIXED}, TYPES.Item.CreateParams),
        (items._CHANGEABLE, TYPES.Item.UpdateParams),
        (items._FILTERS, TYPES.Item.ListParams),
        (item_prices._FIELDS, TYPES.ItemPrice.CreateParams),
        (item_prices._FIELDS, TYPES.ItemPrice.UpdateParams),
        (tiers.TIER, TYPES.ItemPrice.CreateTierParams),
        (item_prices._FILTERS, TYPES.ItemPrice.ListParams),
        (payment_sources._FILTERS, TYPES.PaymentSource.ListParams),
        (subscriptions.SETTINGS, TYPES.Subscription.CreateWithItemsParams),
        (subscription_items._COLUMNS, TYPES.Subscription.CreateWithItemsSubscriptionItemParams),
        (billing_profile.PROFILE, TYPES.Subscription.OverrideBillingProfileParams),
        (pausing.PAUSE, TYPES.Subscription.PauseParams),
        (pausing.RESUME, TYPES.Subscription.ResumeParams),
        (subscription_changes.PRORATION, TYPES.Subscription.UpdateForItemsSubscriptionItemParams),
        (subscriptions._FILTERS, TYPES.Subscription.ListParams),
        (invoices._FILTERS, TYPES.Invoice.ListParams),
        (payments._FILTERS, TYPES.Transaction.ListParams),
    ],
)
def test_every_parameter_that_is_read_is_one_that_the_client_can_send(known: dict[str, Any], typed: type) -> None:
    assert set(known) <= set(typed.__annotations__)
