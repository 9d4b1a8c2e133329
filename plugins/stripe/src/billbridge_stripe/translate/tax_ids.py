"""Convert tax ids of customers between Stripe's shape and the model. Their types are Stripe's own words."""

from __future__ import annotations

from billbridge.model import TaxId, TaxIdStatus

from billbridge_stripe import wire_customers as wire
from billbridge_stripe.translate.words import TAX_ID_STATUS


def tax_id(found: wire.TaxId) -> TaxId:
    """Convert a tax id of Stripe to the model. Stripe verifies some types only, and some time after you add them."""
    status = found.verification.status if found.verification else None
    return TaxId(
        id=found.id,
        type=found.type,
        value=found.value or "",
        status=TAX_ID_STATUS.get(status or "", TaxIdStatus.UNKNOWN),
        vendor_status=status,
        country=found.country,
    )
