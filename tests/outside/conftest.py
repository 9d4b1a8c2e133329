"""Fixtures of the tests from outside."""

from __future__ import annotations

from captured import from_chargebee, from_stripe
from localstripe_process import localstripe_process, localstripe_url
from watched import server, site, stripe_client, watched

__all__ = ["from_chargebee", "from_stripe", "localstripe_process", "localstripe_url", "server", "site", "stripe_client", "watched"]
