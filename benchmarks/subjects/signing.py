"""Deliveries signed as Stripe signs them, now: each contender gets the same ones, made before its clock starts."""

from __future__ import annotations

import hmac
import time

from benchmarks.files import read

SECRET = "whsec_benchmark"


def signed(file: str) -> list[tuple[bytes, str]]:
    """Each body with its Stripe-Signature header (docs.stripe.com/webhooks/signature)."""
    now = int(time.time())
    return [(body, f"t={now},v1={hmac.digest(SECRET.encode(), f'{now}.'.encode() + body, 'sha256').hex()}") for body in read(file)]
