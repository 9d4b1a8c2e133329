"""The legal parameters of the subscription endpoints, and of those the ones that the sandbox refuses by name. Tables only."""

from __future__ import annotations

from billbridge_sandbox.stripe.api.money import currency
from billbridge_sandbox.stripe.api.params import (
    EXPAND,
    Params,
    Parser,
    between,
    boolean,
    choice,
    clearable,
    integer,
    integer_or,
    many,
    metadata,
    text,
)
from billbridge_sandbox.stripe.billing.discounts import DISCOUNTS
from billbridge_sandbox.stripe.endpoints.lists import CREATED, moment_or_range
from billbridge_sandbox.stripe.subscriptions.anchors import ANCHOR_CONFIG
from billbridge_sandbox.stripe.subscriptions.items import CHANGED_ITEM, NEW_ITEM

# Days.
LONGEST_TRIAL = 730
ENDED = ("canceled", "incomplete_expired")
STATUSES = ("active", "past_due", "unpaid", "trialing", "incomplete", "paused", *ENDED)
_FEEDBACK = ["customer_service", "low_quality", "missing_features", "other", "switched_service", "too_complex", "too_expensive", "unused"]
_DETAILS = Params({"comment": clearable(text), "feedback": clearable(choice(*_FEEDBACK))}, not_simulated="feedback_option")
_WRITABLE: dict[str, Parser] = {
    **EXPAND,
    "automatic_tax": Params({"enabled": boolean}, required=("enabled",), not_simulated="liability"),
    "cancel_at": clearable(integer_or("max_billed_until", "max_period_end", "min_period_end")),
    "cancel_at_period_end": boolean,
    "collection_method": choice("charge_automatically", "send_invoice"),
    "days_until_due": between(0, 3650),
    "default_payment_method": clearable(text),
    "description": clearable(text),
    "discounts": DISCOUNTS,
    "metadata": metadata,
    "off_session": boolean,
    "payment_behavior": choice("allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete"),
    "proration_behavior": choice("always_invoice", "create_prorations", "none"),
    "trial_end": integer_or("now"),
}
_REFUSED = (
    "add_invoice_items application_fee_percent billing_schedules billing_thresholds default_source default_tax_rates"
    " invoice_settings on_behalf_of payment_settings pending_invoice_item_interval transfer_data trial_from_plan"
)
_END_BEHAVIOR = Params({"missing_payment_method": choice("cancel", "create_invoice", "pause")}, not_simulated="billing_cycle_anchor")
_TRIAL_SETTINGS = Params({"end_behavior": _END_BEHAVIOR}, required=("end_behavior",))
_PAUSE_COLLECTION = Params(
    {"behavior": choice("keep_as_draft", "mark_uncollectible", "void"), "resumes_at": integer}, required=("behavior",)
)
CREATE = Params(
    {
        **_WRITABLE,
        "backdate_start_date": integer,
        "billing_cycle_anchor": integer,
        "billing_cycle_anchor_config": ANCHOR_CONFIG,
        "billing_mode": Params({"type": choice("classic", "flexible")}, required=("type",), not_simulated="flexible"),
        "currency": currency,
        "customer": text,
        "items": many(NEW_ITEM, 20),
        "trial_period_days": between(0, LONGEST_TRIAL),
        "trial_settings": _TRIAL_SETTINGS,
    },
    not_simulated=f"{_REFUSED} customer_account",
)
UPDATE = Params(
    {
        **_WRITABLE,
        "billing_cycle_anchor": Params({"type": choice("now", "unchanged")}, required=("type",)),
        "cancellation_details": _DETAILS,
        "items": many(CHANGED_ITEM, 20),
        "pause_collection": clearable(_PAUSE_COLLECTION),
        "proration_date": integer,
        "trial_settings": _TRIAL_SETTINGS,
    },
    not_simulated=_REFUSED,
)
CANCEL = Params({**EXPAND, "cancellation_details": _DETAILS, "invoice_now": boolean, "prorate": boolean})
_UNUSED_TIME = Params({"type": choice("item_current_period_start", "none", "now")}, required=("type",))
_USAGE = Params({"type": choice("none", "now")}, required=("type",))
PAUSE = Params(
    {
        **EXPAND,
        "bill_for": Params({"outstanding_usage_through": _USAGE, "unused_time_from": _UNUSED_TIME}),
        "invoicing_behavior": choice("invoice", "pending_invoice_item"),
        "type": choice("subscription"),
    }
)
RESUME = Params(
    {
        **EXPAND,
        "billing_cycle_anchor": Params({"type": choice("now", "unchanged")}, required=("type",)),
        "payment_behavior": choice("resume_on_payment_attempt", "resume_on_payment_success"),
        "proration_behavior": choice("always_invoice", "create_prorations", "none"),
        "proration_date": integer,
    }
)
LIST_SUBSCRIPTIONS = Params(
    {
        **CREATED,
        "collection_method": choice("charge_automatically", "send_invoice"),
        "current_period_end": moment_or_range,
        "current_period_start": moment_or_range,
        "customer": text,
        "price": text,
        "plan": text,
        "status": choice("all", "ended", *STATUSES),
    },
    not_simulated="automatic_tax customer_account test_clock",
)
