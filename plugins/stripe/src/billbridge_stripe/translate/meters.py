"""Convert meters between Stripe's shape and the model."""

from __future__ import annotations

from typing import Any

import msgspec
from billbridge.model import Aggregation, Meter, NewMeter
from billbridge.toolkit.timestamps import from_unix

from billbridge_stripe import wire_catalog as wire
from billbridge_stripe.translate.common import own


def meter(found: wire.Meter, raw: bytes | msgspec.Raw) -> Meter:
    """Convert a meter of Stripe to the model."""
    formula = found.default_aggregation.formula if found.default_aggregation else None
    return Meter(
        provider="stripe",
        id=found.id,
        raw=own(raw),
        name=found.display_name or "",
        event_name=found.event_name or "",
        aggregation=Aggregation(formula or "unknown"),
        vendor_aggregation=formula,
        active=found.status == "active",
        created_at=from_unix(found.created),
        updated_at=from_unix(found.updated),
    )


def new_meter(new: NewMeter) -> dict[str, Any]:
    """Return the parameters of POST /v1/billing/meters. Events name the customer and the value under Stripe's default keys."""
    return {"display_name": new.name, "event_name": new.event_name, "default_aggregation": {"formula": new.aggregation}}
