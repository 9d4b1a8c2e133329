"""The Chargebee provider for Billbridge (Product Catalog 2.0): `Billing.connect("chargebee", site=..., api_key=...)`."""

from __future__ import annotations

from billbridge_chargebee.provider import ChargebeeProvider

__all__ = ["ChargebeeProvider"]
