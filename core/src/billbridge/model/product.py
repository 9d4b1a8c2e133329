"""Products: what is sold. Does not hold prices."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

import msgspec

from billbridge.errors import ValidationError
from billbridge.model.base import UNSET, Draft, Entity, Query, UnsetType, Word, check_ids


class ProductKind(Word):
    """What a product is to a subscription: its plan, a recurring extra, or something charged once."""

    PLAN = "plan"
    ADDON = "addon"
    CHARGE = "charge"
    UNKNOWN = "unknown"


ProductKindName: TypeAlias = ProductKind | Literal["plan", "addon", "charge"]


class Product(Entity, frozen=True, kw_only=True):
    """Something that is sold: Stripe's product, Chargebee's item.

    `kind` and `metered` are a convention of ours at Stripe, which has neither; without it a product there is a plan and not metered.
    `family_id` is Chargebee's item family. `unit_label` is what one unit is called ("seat").
    """

    shown: ClassVar = ("name", "kind", "active")

    name: str
    description: str | None = None
    kind: ProductKind = ProductKind.PLAN
    vendor_kind: str | None = None
    family_id: str | None = None
    unit_label: str | None = None
    metered: bool = False
    active: bool = True
    metadata: dict[str, str] = msgspec.field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None


class NewProduct(Draft, frozen=True, kw_only=True):
    """The fields of `products.create`.

    Without an `id`, Stripe chooses one and Chargebee (which demands one) gets the name in lower case with dashes. Chargebee's names are
    unique in a site. A product whose use is counted is `metered`. `kind` and `metered` cannot be changed later. `family` is the id of
    the item family at Chargebee, if not the plugin's own (capability `products.create.family`).
    """

    name: str
    id: str | None = None
    description: str | None = None
    kind: ProductKindName = ProductKind.PLAN
    family: str | None = None
    unit_label: str | None = None
    metered: bool = False
    metadata: dict[str, str] | None = None

    id_fields: ClassVar = frozenset({"id", "family"})

    def check(self) -> None:
        if not self.name.strip():
            raise ValidationError("a product needs a name", param="name")
        if self.metered and self.kind == ProductKind.CHARGE:
            raise ValidationError("what is charged once cannot be metered", param="metered")


class ProductPatch(Draft, frozen=True, kw_only=True):
    """The fields of `products.update`: UNSET leaves a field alone, None clears it. `metadata` is merged as in `customers.update`."""

    name: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    unit_label: str | UnsetType | None = UNSET
    metadata: dict[str, str] | UnsetType | None = UNSET

    def check(self) -> None:
        if isinstance(self.name, str) and not self.name.strip():
            raise ValidationError("a product needs a name", param="name")


class ProductQuery(Query, frozen=True, kw_only=True):
    """The filters of `products.list`. Without `active`, archived products are listed too.

    `kind` is looked at here, not by the server, where the vendor has none (Stripe). `ids` lists those of at most 100 products.
    """

    active: bool | None = None
    kind: ProductKindName | None = None
    ids: list[str] | None = None

    def check(self) -> None:
        super().check()
        check_ids(self.ids, "ids")
