"""Products: what you sell. Prices have a module of their own."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

import msgspec

from billbridge.errors import ValidationError
from billbridge.model.base import UNSET, Draft, Entity, Query, UnsetType, Word, check_ids


class ProductKind(Word):
    """The role of a product in a subscription: the plan, a recurring addon, or a one-time charge."""

    PLAN = "plan"
    ADDON = "addon"
    CHARGE = "charge"
    UNKNOWN = "unknown"


ProductKindName: TypeAlias = ProductKind | Literal["plan", "addon", "charge"]


class Product(Entity, frozen=True, kw_only=True):
    """A product: Stripe's product, Chargebee's item. Times are in UTC.

    - `kind` and `metered` do not exist at Stripe. Billbridge stores them in the metadata there. A Stripe product without them is a plan and
      not metered.
    - `family_id` is the item family (Chargebee).
    - `unit_label` is the name of one unit, such as "seat".
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
    """The arguments of `products.create`.

    - `id` is an id of your own choice. Without one, Stripe chooses an id. Chargebee requires one: Billbridge sends the name in lower case
      with dashes, and a digest of the idempotency key.
    - `metered` marks a product whose usage is counted. `kind` and `metered` cannot change later.
    - `family` is the id of the item family at Chargebee, if it is not the family of the plugin's options (capability
      `products.create.family`).
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
            raise ValidationError("name is empty", param="name", hint="pass a name for the product")
        if self.metered and self.kind == ProductKind.CHARGE:
            raise ValidationError(
                "a product of kind 'charge' cannot be metered", param="metered", hint="pass kind='addon' for metered usage"
            )


class ProductPatch(Draft, frozen=True, kw_only=True):
    """The arguments of `products.update`. Fields you leave out (UNSET) are unchanged. Pass None to clear one.

    `metadata` is merged key by key, as in `customers.update`.
    """

    name: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    unit_label: str | UnsetType | None = UNSET
    metadata: dict[str, str] | UnsetType | None = UNSET

    def check(self) -> None:
        if isinstance(self.name, str) and not self.name.strip():
            raise ValidationError("name is empty: a product must have a name", param="name", hint="leave name out to keep the present one")


class ProductQuery(Query, frozen=True, kw_only=True):
    """The filters of `products.list`.

    Without `active`, archived products are listed too. `ids` takes at most 100 ids. Stripe has no `kind`, so Billbridge applies that filter
    after it receives a page.
    """

    active: bool | None = None
    kind: ProductKindName | None = None
    ids: list[str] | None = None

    def check(self) -> None:
        super().check()
        check_ids(self.ids, "ids")
