"""The legal parameters of the subscription schedule endpoints, and of those the ones that the sandbox refuses by name. Tables only."""

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

_PRORATION = choice("always_invoice", "create_prorations", "none")
_INVOICE_SETTINGS = Params({"days_until_due": between(0, 3650)}, not_simulated="account_tax_ids custom_fields description footer issuer")
_SHARED: dict[str, Parser] = {
    "billing_cycle_anchor": choice("automatic", "phase_start"),
    "collection_method": choice("charge_automatically", "send_invoice"),
    "default_payment_method": text,
    "description": clearable(text),
    "invoice_settings": _INVOICE_SETTINGS,
}
_SHARED_REFUSED = "application_fee_percent automatic_tax billing_thresholds on_behalf_of transfer_data"
_PHASE_ITEM = Params(
    {"metadata": metadata, "price": text, "quantity": between(0, 999_999_999)},
    required=("price",),
    not_simulated="billing_thresholds discounts plan price_data tax_rates",
)
_PHASE: dict[str, Parser] = {
    **_SHARED,
    "currency": currency,
    "discounts": DISCOUNTS,
    "duration": Params({"interval": choice("day", "month", "week", "year"), "interval_count": between(1, 999)}, required=("interval",)),
    "end_date": integer,
    "items": many(_PHASE_ITEM, 20),
    "metadata": metadata,
    "proration_behavior": _PRORATION,
    "trial": boolean,
    "trial_end": integer,
}
_PHASE_REFUSED = f"{_SHARED_REFUSED} add_invoice_items default_tax_rates"
_NEW_PHASE = Params(_PHASE, ("items",), _PHASE_REFUSED)
_MOVED: dict[str, Parser] = {name: integer_or("now") for name in ("end_date", "start_date", "trial_end")}
_CHANGED_PHASE = Params({**_PHASE, **_MOVED}, ("items",), _PHASE_REFUSED)
# Stripe keeps at most ten current and future phases.
_MOST_PHASES = 10
_WRITABLE: dict[str, Parser] = {
    **EXPAND,
    "default_settings": Params(_SHARED, not_simulated=_SHARED_REFUSED),
    "end_behavior": choice("cancel", "none", "release", "renew"),
    "metadata": metadata,
}
CREATE = Params(
    {
        **_WRITABLE,
        "billing_mode": Params({"type": choice("classic", "flexible")}, required=("type",), not_simulated="flexible"),
        "customer": text,
        "from_subscription": text,
        "phases": many(_NEW_PHASE, _MOST_PHASES),
        "start_date": integer_or("now"),
    },
    not_simulated="customer_account pause_schedules",
)
UPDATE = Params(
    {**_WRITABLE, "phases": many(_CHANGED_PHASE, _MOST_PHASES), "proration_behavior": _PRORATION}, not_simulated="pause_schedules"
)
RELEASE = Params({**EXPAND, "preserve_cancel_date": boolean})
CANCEL = Params({**EXPAND, "invoice_now": boolean, "prorate": boolean})
LIST = Params(
    {
        **CREATED,
        **dict.fromkeys(("canceled_at", "completed_at", "released_at"), moment_or_range),
        "customer": text,
        "scheduled": boolean,
    },
    not_simulated="customer_account",
)
