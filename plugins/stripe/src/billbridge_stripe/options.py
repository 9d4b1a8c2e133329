"""The options of the plugin "stripe"."""

from __future__ import annotations

from billbridge.plugins.options import Options


class StripeOptions(Options, frozen=True, kw_only=True):
    """The options of `Billing.connect("stripe", ...)` and of `StripeProvider`.

    `api_key` is a secret key (`sk_…`) or a restricted key (`rk_…`). `base_url` replaces https://api.stripe.com, for a test double.
    `connected_account` is the connected account that the client acts for (`acct_…`).
    """

    api_key: str = ""
    base_url: str = ""
    connected_account: str = ""
