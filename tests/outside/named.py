"""Check that `error.param` can name an argument for each parameter that a plugin sends: the plugin's table must have the parameter."""

from __future__ import annotations

from urllib.parse import parse_qsl

from billbridge.flow import Request
from billbridge_chargebee.argument_names import ARGUMENTS as CHARGEBEE
from billbridge_stripe.argument_names import ARGUMENTS as STRIPE

ARGUMENTS = {"stripe": STRIPE, "chargebee": CHARGEBEE}


def unnamed(vendor: str, operation: str, request: Request) -> list[str]:
    """The parameters of a request that the vendor's `argument_names.py` lacks. Stripe's `expand` only asks for more of the answer."""
    sent = [*parse_qsl(request.query, keep_blank_values=True), *parse_qsl((request.body or b"").decode(), keep_blank_values=True)]
    if operation not in ARGUMENTS[vendor].tables:
        return ["the operation has no table in argument_names.py"]
    return [f"{name}: argument_names.py does not have it" for name, _ in sent if not _is_known(vendor, operation, name)]


def _is_known(vendor: str, operation: str, name: str) -> bool:
    return (vendor == "stripe" and name.startswith("expand[")) or ARGUMENTS[vendor].knows(operation, name)
