"""Fixtures of the tests from outside."""

from __future__ import annotations

from captured import from_chargebee, from_stripe

__all__ = ["from_chargebee", "from_stripe"]
