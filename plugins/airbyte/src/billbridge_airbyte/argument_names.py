"""Which of our arguments each parameter of Airbyte's Stripe connector comes from, by operation. `error.param` is read from these tables."""

from __future__ import annotations

from typing import Final

from billbridge.toolkit.argument_names import ArgumentNames

ARGUMENTS: Final = ArgumentNames(
    {
        "customers.get": {"id": "id", "customer": "id"},
        "customers.list": {"limit": "page_size", "starting_after": "cursor", "email": "email"},
    }
)
