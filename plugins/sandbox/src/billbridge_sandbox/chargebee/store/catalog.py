"""What the site stores about the catalogue: families, items, item prices and their tiers.

No rules here; see `records` for the conventions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from billbridge_sandbox.chargebee.store.records import Record


@dataclass(kw_only=True, repr=False, slots=True)
class ItemFamily(Record):
    """A product line that items belong to."""

    OBJECT: ClassVar[str] = "item_family"

    name: str
    description: str | None = None
    status: str = "active"
    channel: str = "web"
    deleted: bool | None = None


@dataclass(kw_only=True, repr=False, slots=True)
class Item(Record):
    """A plan, an addon or a charge. Its item prices hold its amounts."""

    OBJECT: ClassVar[str] = "item"

    name: str
    type: str
    item_family_id: str
    external_name: str | None = None
    description: str | None = None
    status: str = "active"
    is_shippable: bool = False
    is_giftable: bool = False
    redirect_url: str | None = None
    enabled_for_checkout: bool = True
    enabled_in_portal: bool = True
    included_in_mrr: bool = True
    item_applicability: str = "all"
    gift_claim_redirect_url: str | None = None
    unit: str | None = None
    metered: bool = False
    usage_calculation: str | None = None
    archived_at: int | None = None
    channel: str = "web"
    metadata: dict[str, Any] | None = None
    deleted: bool | None = None


@dataclass(kw_only=True, repr=False, slots=True)
class PriceVariant(Record):
    """What tells two prices of an item apart that have the same currency and period."""

    OBJECT: ClassVar[str] = "price_variant"

    name: str
    created_at: int
    external_name: str | None = None
    description: str | None = None
    variant_group: str | None = None
    status: str = "active"
    attributes: list[dict[str, Any]] | None = None
    deleted: bool = False


@dataclass(kw_only=True, repr=False, slots=True)
class Tier:
    """One step of a tiered price: units from `starting_unit` to `ending_unit`, both included; the last has no end.

    `price` is for one unit, one package or the whole step. It is always sent, so a decimal price that is finer than the minor unit is
    rounded in it: `price_in_decimal` counts (our choice; the SDKs' types say only that `price` is always there).
    """

    OBJECT: ClassVar[str] = "tier"

    starting_unit: int
    ending_unit: int | None = None
    price: int
    starting_unit_in_decimal: str | None = None
    ending_unit_in_decimal: str | None = None
    price_in_decimal: str | None = None
    pricing_type: str | None = None
    package_size: int | None = None


@dataclass(kw_only=True, repr=False, slots=True)
class ItemPrice(Record):
    """What an item costs in one currency and for one period. `price` is in the minor unit, or in whole units where there is none.

    Only `price_in_decimal` is there for a price that is finer than the minor unit.
    """

    OBJECT: ClassVar[str] = "item_price"

    name: str
    item_id: str
    item_family_id: str
    item_type: str
    currency_code: str
    created_at: int
    description: str | None = None
    status: str = "active"
    external_name: str | None = None
    price_variant_id: str | None = None
    proration_type: str | None = None
    pricing_model: str = "flat_fee"
    price: int | None = None
    price_in_decimal: str | None = None
    period: int | None = None
    period_unit: str | None = None
    trial_period: int | None = None
    trial_period_unit: str | None = None
    trial_end_action: str | None = None
    billing_cycles: int | None = None
    free_quantity: int = 0
    channel: str = "web"
    archived_at: int | None = None
    invoice_notes: str | None = None
    tiers: list[Tier] | None = None
    is_taxable: bool = True
    metadata: dict[str, Any] | None = None
    show_description_in_invoices: bool = False
    show_description_in_quotes: bool = False
    deleted: bool | None = None
