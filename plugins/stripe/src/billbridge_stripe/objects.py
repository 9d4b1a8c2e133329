"""Stripe's objects for other plugins: read one that came by another way than this plugin, such as a gateway or an export.

Everything else in this package belongs to the provider "stripe" and can change without notice.
"""

from __future__ import annotations

from typing import Final

import msgspec
from billbridge.model import Customer
from billbridge.toolkit.timestamps import from_unix

from billbridge_stripe import wire_customers as wire
from billbridge_stripe.translate.customers import customer as _customer

CUSTOMER: Final = msgspec.json.Decoder(wire.Customer)
"""Decodes Stripe's JSON of a customer, of any API version. `deleted` is true on the remains of a deleted customer."""


def customer(found: wire.Customer, raw: bytes | msgspec.Raw, *, provider: str) -> Customer:
    """Return the customer as Billbridge's model. `raw` is the JSON that `found` was decoded from; `provider` names who answered."""
    return msgspec.structs.replace(_customer(found, raw, from_unix(found.created)), provider=provider)
