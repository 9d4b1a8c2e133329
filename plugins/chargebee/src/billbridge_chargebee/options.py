"""The options of the plugin "chargebee"."""

from __future__ import annotations

from typing import Literal, TypeAlias

from billbridge.plugins.options import Options

Plan: TypeAlias = Literal["starter", "performance", "enterprise"]
"""What a site pays for at Chargebee. It sets how many requests per minute a live site accepts."""


class ChargebeeOptions(Options, frozen=True, kw_only=True):
    """The options of `Billing.connect("chargebee", ...)` and of `ChargebeeProvider`, which explains them."""

    api_key: str = ""
    site: str = ""
    base_url: str = ""
    item_family: str = "billbridge"
    plan: Plan = "starter"
    multi_decimal: bool = False
