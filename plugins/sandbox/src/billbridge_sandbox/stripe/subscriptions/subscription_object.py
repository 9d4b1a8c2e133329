"""A new subscription as Stripe shows it, every field in its place. It stores nothing and decides nothing."""

from __future__ import annotations

from billbridge_sandbox.stripe.api.params import patched
from billbridge_sandbox.stripe.store.account import Json

_NULLS = (
    "application application_fee_percent billing_thresholds cancel_at canceled_at customer_account"
    " days_until_due default_payment_method default_source description ended_at latest_invoice managed_payments"
    " next_pending_invoice_item_invoice on_behalf_of pause_collection pending_invoice_item_interval pending_setup_intent"
    " pending_update schedule test_clock transfer_data trial_start"
)


def new_subscription(id: str, now: int, args: Json, currency: str, trial_end: int | None) -> Json:
    """The object without its items. Its status is "incomplete" until `lifecycle.start` has billed it."""
    mode = args.get("billing_mode", {}).get("type", "flexible")
    missing = args.get("trial_settings", {}).get("end_behavior", {}).get("missing_payment_method", "create_invoice")
    given = ("days_until_due", "default_payment_method", "description")
    config = args.get("billing_cycle_anchor_config")
    return {
        "id": id,
        "object": "subscription",
        **dict.fromkeys(_NULLS.split()),
        **{name: args[name] for name in given if name in args},
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": trial_end or now,
        "billing_cycle_anchor_config": config and {**dict.fromkeys(("hour", "minute", "month", "second")), **config},
        "billing_mode": {
            "flexible": {"proration_discounts": "included"} if mode == "flexible" else None,
            "type": mode,
        },
        "billing_schedules": [],
        "cancel_at_period_end": False,
        "cancellation_details": {"comment": None, "feedback": None, "feedback_option": None, "reason": None},
        "collection_method": args.get("collection_method", "charge_automatically"),
        "created": now,
        "currency": currency,
        "customer": args["customer"],
        "default_tax_rates": [],
        "discounts": [],
        "invoice_settings": {
            "account_tax_ids": None,
            "custom_fields": None,
            "description": None,
            "footer": None,
            "issuer": {"type": "self"},
        },
        "livemode": False,
        "metadata": patched({}, args.get("metadata", {})),
        "payment_settings": {"payment_method_options": None, "payment_method_types": None, "save_default_payment_method": "off"},
        "start_date": args.get("backdate_start_date", now),
        "status": "incomplete",
        "trial_end": trial_end,
        "trial_settings": {"end_behavior": {"billing_cycle_anchor": None, "missing_payment_method": missing}},
        "trial_start": now if trial_end else None,
    }
