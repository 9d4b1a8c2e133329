"""Webhook deliveries with a current signature of Stripe. They are made before the clock starts, and each contender gets the same ones."""

from __future__ import annotations

import hmac
import time

from benchmarks.files import read

SECRET = "whsec_benchmark"


def signed(file: str) -> list[tuple[bytes, str]]:
    """Each body with its Stripe-Signature header (docs.stripe.com/webhooks/signature)."""
    now = int(time.time())
    return [(body, f"t={now},v1={hmac.digest(SECRET.encode(), f'{now}.'.encode() + body, 'sha256').hex()}") for body in read(file)]
