"""The Stripe provider for Billbridge: `Billing.connect("stripe", api_key="sk_test_...")`."""

from __future__ import annotations

from billbridge_stripe.provider import StripeProvider

__all__ = ["StripeProvider"]
