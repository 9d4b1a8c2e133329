"""The state of one simulated Chargebee site: its tables, its settings, its clock. It answers no request and holds no billing rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from billbridge_sandbox.chargebee.api.errors import duplicate, incompatible, not_found
from billbridge_sandbox.chargebee.store.catalog import Item, ItemFamily, ItemPrice, PriceVariant
from billbridge_sandbox.chargebee.store.coupons import Coupon, CouponCode, CouponSet
from billbridge_sandbox.chargebee.store.credit_notes import CreditNote
from billbridge_sandbox.chargebee.store.features import Entitlement, EntitlementOverride, Feature
from billbridge_sandbox.chargebee.store.invoices import Invoice, Transaction
from billbridge_sandbox.chargebee.store.pages import HostedPage, PaymentIntent
from billbridge_sandbox.chargebee.store.records import Customer, PaymentSource, PromotionalCredit, Record
from billbridge_sandbox.chargebee.store.subscriptions import Subscription, Usage
from billbridge_sandbox.chargebee.store.unbilled_charges import UnbilledCharge
from billbridge_sandbox.kernel.clock import Clock
from billbridge_sandbox.kernel.ids import Ids
from billbridge_sandbox.kernel.store import Table

R = TypeVar("R", bound=Record)

GATEWAY = "chargebee"  # the vendor's own test gateway
GATEWAY_ACCOUNT = "gw_simulated"


@dataclass
class Settings:
    """What a site's owner configures. All periods are counted on the simulated clock.

    `retry_days`: a failed renewal is tried again this many days after the invoice's date, then given up.
    `after_retries`: "cancel" cancels the subscription (reason `not_paid`), "keep" leaves it active; the invoice becomes `not_paid` in both.
    `multi_decimal`: whether prices may be given as decimal strings in major units.
    `multi_currency`: whether anything may be priced in another currency than `currency`, the site's own.
    `package_pricing`: "all", "metered" (only for metered items, as the product documentation says) or "off".
    `pause_enabled`: whether subscriptions can be paused; a new site of Chargebee has this off.
    `backdating_enabled`: whether subscriptions can start in the past.
    `trial_end_action`: what the end of a trial does where neither the subscription nor its plan says more: "activate_subscription" or
    "cancel_subscription".
    `purge_minutes`: how long a deleted customer can still be retrieved. Chargebee deletes in the background; how long that takes and what
    a retrieve answers meanwhile is not documented, so this is a choice.
    `billing_mode`: "millisecond" (the vendor's default; here to the second of the simulated clock) or "day": the unit of prorations.
    `prorate`: whether a change of items is prorated when the request does not say it.
    `invoice_immediately`: whether charges are invoiced at once or left unbilled when the request does not say it.
    `cancel_credit`, `cancel_unbilled`, `cancel_receivables`: what an immediate cancellation does when the request does not say it.
    `vat_statuses`: what the tax authorities say of a VAT number: "valid", "invalid" or "undetermined"; they say nothing of others.
    """

    multi_decimal: bool = False
    domain: str = "simulated-test"
    currency: str = "USD"
    multi_currency: bool = True
    package_pricing: str = "all"
    pause_enabled: bool = True
    backdating_enabled: bool = True
    trial_end_action: str = "activate_subscription"
    retry_days: tuple[int, ...] = (1, 3, 5, 7)
    after_retries: str = "cancel"
    purge_minutes: int = 10
    vat_statuses: dict[str, str] = field(default_factory=dict[str, str])
    billing_mode: str = "millisecond"
    prorate: bool = True
    invoice_immediately: bool = True
    cancel_credit: str = "none"
    cancel_unbilled: str = "invoice"
    cancel_receivables: str = "no_action"


def _subscription(record: Invoice | CreditNote | UnbilledCharge | Usage) -> tuple[str]:
    return (record.subscription_id,)


@dataclass
class Site:
    """The tables of a site. Deleted payment sources stay in theirs, marked; deleted customers do for `Settings.purge_minutes`.

    `shredded`: the gateway's references to what was deleted there.
    """

    clock: Clock
    ids: Ids
    settings: Settings = field(default_factory=Settings)
    customers: Table[Customer] = field(default_factory=Table[Customer])
    promotional_credits: Table[PromotionalCredit] = field(default_factory=Table[PromotionalCredit])
    payment_sources: Table[PaymentSource] = field(default_factory=Table[PaymentSource])
    item_families: Table[ItemFamily] = field(default_factory=Table[ItemFamily])
    items: Table[Item] = field(default_factory=Table[Item])
    price_variants: Table[PriceVariant] = field(default_factory=Table[PriceVariant])
    item_prices: Table[ItemPrice] = field(default_factory=Table[ItemPrice])
    coupons: Table[Coupon] = field(default_factory=Table[Coupon])
    coupon_sets: Table[CouponSet] = field(default_factory=Table[CouponSet])
    coupon_codes: Table[CouponCode] = field(default_factory=Table[CouponCode])
    features: Table[Feature] = field(default_factory=Table[Feature])
    entitlements: Table[Entitlement] = field(default_factory=Table[Entitlement])
    entitlement_overrides: Table[EntitlementOverride] = field(default_factory=Table[EntitlementOverride])
    subscriptions: Table[Subscription] = field(default_factory=Table[Subscription])
    invoices: Table[Invoice] = field(default_factory=lambda: Table[Invoice](subscription=_subscription))
    credit_notes: Table[CreditNote] = field(default_factory=lambda: Table[CreditNote](subscription=_subscription))
    unbilled_charges: Table[UnbilledCharge] = field(default_factory=lambda: Table[UnbilledCharge](subscription=_subscription))
    transactions: Table[Transaction] = field(default_factory=Table[Transaction])
    payment_intents: Table[PaymentIntent] = field(default_factory=Table[PaymentIntent])
    hosted_pages: Table[HostedPage] = field(default_factory=Table[HostedPage])
    usages: Table[Usage] = field(default_factory=lambda: Table[Usage](subscription=_subscription))
    shredded: set[str] = field(default_factory=set[str])
    invoice_count: int = 0
    credit_note_count: int = 0
    record_count: int = 0

    @property
    def now(self) -> int:
        """The simulated time in Unix seconds."""
        return self.clock.timestamp

    def add(self, table: Table[R], record: R) -> R:
        """Store a new record."""
        self.record_count += 1
        record.seq = self.record_count
        self.touch(record)
        return table.put(record.id, record)

    def touch(self, record: Record) -> None:
        """Mark a record as changed now; `resource_version` grows with every change."""
        record.updated_at = self.now
        record.resource_version = max(record.resource_version + 1, self.now * 1000)

    def find(self, table: Table[R], kind: str, id: str, param: str | None = None) -> R:
        """The record, or the 404 that names it; `param` when a parameter and not the path named it."""
        found = table.get(id)
        if found is None:
            raise not_found(kind, id, param)
        return found

    def free(self, table: Table[Any], field: str, value: str) -> None:
        """Raise the refusal of an id or a name that a stored record already has."""
        if any(getattr(record, field) == value for record in table.values()):
            raise duplicate(field, value)

    def currency(self, code: str, param: str) -> str:
        """A currency that the site sells in, or the refusal."""
        if code != self.settings.currency and not self.settings.multi_currency:
            raise incompatible(f"{param} : multiple currencies are not enabled for this site", param)
        return code

    def live_customer(self, id: str, param: str | None = None) -> Customer:
        """A customer that is not deleted."""
        customer = self.find(self.customers, "customer", id, param)
        if customer.deleted:
            raise not_found("customer", id, param)
        return customer

    def invoices_of(self, subscription: Subscription) -> list[Invoice]:
        """The invoices of a subscription, oldest first."""
        return [*self.invoices.among("subscription", subscription.id)]


def moment(timestamp: int) -> datetime:
    """Unix seconds as an aware time."""
    return datetime.fromtimestamp(timestamp, UTC)
