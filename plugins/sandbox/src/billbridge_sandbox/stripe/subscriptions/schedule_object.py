"""A subscription schedule and its phases as Stripe shows them, every field in its place. It stores nothing and decides nothing."""

from __future__ import annotations

from billbridge_sandbox.stripe.api.params import patched
from billbridge_sandbox.stripe.store.account import Json

_NULLS = "application canceled_at completed_at current_phase customer_account released_at released_subscription subscription test_clock"
_PHASE_NULLS = (
    "application_fee_percent billing_cycle_anchor billing_thresholds collection_method default_payment_method description invoice_settings"
    " on_behalf_of transfer_data trial_end"
)
_DISCOUNT = ("coupon", "discount", "promotion_code")
PLAIN = ("billing_cycle_anchor", "collection_method", "default_payment_method", "description")
"""What a phase and the default settings take over as it is given."""


def new_schedule(id: str, now: int, customer: str, mode: str, args: Json) -> Json:
    """The object without its phases, not started yet."""
    given = args.get("default_settings", {})
    return {
        "id": id,
        "object": "subscription_schedule",
        **dict.fromkeys(_NULLS.split()),
        "billing_mode": {"flexible": {"proration_discounts": "included"} if mode == "flexible" else None, "type": mode},
        "created": now,
        "customer": customer,
        "default_settings": {
            **dict.fromkeys(("application_fee_percent", "billing_thresholds", "on_behalf_of", "transfer_data")),
            "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
            "billing_cycle_anchor": "automatic",
            "collection_method": "charge_automatically",
            "default_payment_method": None,
            "description": None,
            **{name: given[name] for name in PLAIN if name in given},
            "invoice_settings": {**_invoice_settings(given.get("invoice_settings", {})), "issuer": {"type": "self"}},
        },
        "end_behavior": args.get("end_behavior", "release"),
        "livemode": False,
        "metadata": patched({}, args.get("metadata", {})),
        "pause_schedules": [],
        "phases": [],
        "status": "not_started",
    }


def _invoice_settings(given: Json) -> Json:
    nulls = ("account_tax_ids", "custom_fields", "days_until_due", "description", "footer")
    return {**dict.fromkeys(nulls), **given}


def new_phase(given: Json, currency: str, period: tuple[int, int], trial_end: int | None, items: list[Json]) -> Json:
    """A phase. `given` are the parsed arguments, with the discounts as Stripe takes them."""
    settings = given.get("invoice_settings")
    return {
        **dict.fromkeys(_PHASE_NULLS.split()),
        "add_invoice_items": [],
        **{name: given[name] for name in PLAIN if name in given},
        "currency": currency,
        "default_tax_rates": [],
        "discounts": [{**dict.fromkeys(_DISCOUNT), **discount} for discount in given.get("discounts") or []],
        "end_date": period[1],
        **({"invoice_settings": {**_invoice_settings(settings), "issuer": None}} if settings else {}),
        "items": items,
        "metadata": patched({}, given.get("metadata", {})),
        "proration_behavior": given.get("proration_behavior", "create_prorations"),
        "start_date": period[0],
        "trial_end": trial_end,
    }


def phase_item(item: Json) -> Json:
    """What a phase shows of a subscription item."""
    return {
        "billing_thresholds": None,
        "discounts": [],
        "metadata": dict(item["metadata"]),
        "plan": item["price"]["id"],
        "price": item["price"]["id"],
        **({"quantity": item["quantity"]} if "quantity" in item else {}),
        "tax_rates": [],
    }
