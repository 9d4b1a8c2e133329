"""Billbridge's provider for Chargebee (Product Catalog 2.0). Everything else in this package is its own business."""

from __future__ import annotations

from billbridge_chargebee.provider import ChargebeeProvider

__all__ = ["ChargebeeProvider"]
