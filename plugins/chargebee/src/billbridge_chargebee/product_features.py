"""Features at Chargebee, and the items that give them. A new feature is a draft, so Billbridge activates it."""

from __future__ import annotations

import msgspec
from billbridge.errors import BillingError, InvalidStateError, OutcomeUnknownError, PartialFailureError, ValidationError
from billbridge.flow import Flow, path
from billbridge.model import (
    UNSET,
    FeatureAttachment,
    FeatureAttachmentQuery,
    NewFeatureAttachment,
    NewProductFeature,
    Page,
    ProductFeature,
    ProductFeaturePatch,
    ProductFeatureQuery,
)
from billbridge.services import ProductFeatureService
from billbridge.services.capability import emulated
from billbridge.toolkit.ids import checked_id

from billbridge_chargebee import wire_catalog
from billbridge_chargebee import wire_features as wire
from billbridge_chargebee.api import ChargebeeApi, gone
from billbridge_chargebee.translate import product_features


class ChargebeeProductFeatures(ProductFeatureService):
    """Features at Chargebee: `/features` and `/entitlements`."""

    def __init__(self, api: ChargebeeApi) -> None:
        self._api = api

    @emulated("creates the feature as a draft, then activates it")
    def create(self, new: NewProductFeature) -> Flow[ProductFeature]:
        yield from self._api.post("/features", product_features.creation(new), draft=new)
        try:
            return (yield from self._turn(new.key, "activate_command", step="activate", active=True))
        except BillingError as error:
            unsure = "may not be" if isinstance(error, OutcomeUnknownError) else "is not"
            raise PartialFailureError(
                f"the feature {new.key} was created as a draft, but it {unsure} active",
                done=("create",),
                failed="activate",
                provider=self._api.provider,
                hint=f"call product_features.unarchive({new.key!r}) to activate it",
            ) from error

    def get(self, id: str) -> Flow[ProductFeature]:
        body = yield from self._api.get(path("/features/{}", id))
        return self._feature(body)

    def find(self, key: str) -> Flow[ProductFeature]:
        """Find a feature by its key, which is its id."""
        return (yield from self.get(checked_id(key, "key")))

    def update(self, id: str, patch: ProductFeaturePatch) -> Flow[ProductFeature]:
        if patch.name is UNSET:
            return (yield from self.get(id))
        body = yield from self._api.post(path("/features/{}", id), {"name": patch.name})
        return self._feature(body)

    def archive(self, id: str) -> Flow[ProductFeature]:
        return self._turn(id, "archive_command", active=False)

    @emulated("reads the feature, then reactivates an archived one or activates a draft")
    def unarchive(self, id: str) -> Flow[ProductFeature]:
        found = yield from self.get(id)
        command = "activate_command" if found.vendor_status == "draft" else "reactivate_command"
        return (yield from self._turn(id, command, active=True))

    @emulated("reads the item, whose type Chargebee wants to know, then attaches the feature")
    def attach(self, product: str, new: NewFeatureAttachment) -> Flow[FeatureAttachment]:
        body = yield from self._change("upsert", product, new.feature, new.value)
        rows, _ = self._api.rows(body, "entitlement")
        return self._attachment(rows[0])

    @emulated("reads the item, whose type Chargebee wants to know, then detaches the feature")
    def detach(self, product: str, feature: str) -> Flow[None]:
        yield from self._change("remove", product, checked_id(feature, "feature"))

    def attachments(self, query: FeatureAttachmentQuery) -> Flow[Page[FeatureAttachment]]:
        filters = {"entity_id": {"is": query.product}, "entity_type": {"in": product_features.ITEMS}}
        owners = [("product", "items", query.product)]
        return (yield from self._api.page("/entitlements", "entitlement", query, filters, self._attachment, owners))

    def list(self, query: ProductFeatureQuery) -> Flow[Page[ProductFeature]]:
        return (yield from self._api.page("/features", "feature", query, product_features.filters(query), self._listed))

    def _change(self, action: str, product: str, feature: str, value: int | str | None = None) -> Flow[bytes]:
        item = yield from self._api.sent(path("/items/{}", product), "item", wire_catalog.ITEM)
        return (yield from self._api.post("/entitlements", product_features.change(action, product, item.type, feature, value)))

    def _turn(self, id: str, command: str, *, active: bool, step: str = "") -> Flow[ProductFeature]:
        """Activate or archive a feature.

        If Chargebee answers an error, Billbridge reads the feature. If it is in that state already, it is returned.
        """
        try:
            body = yield from self._api.post(path(f"/features/{{}}/{command}", id), step=step)
        except (InvalidStateError, ValidationError) as error:
            found = yield from self.get(id)
            if found.active is not active or found.vendor_status == "draft":
                raise error from None
            return found
        return self._feature(body)

    def _attachment(self, raw: msgspec.Raw) -> FeatureAttachment:
        return product_features.attachment(self._api.read(wire.ENTITLEMENT, raw), raw)

    def _feature(self, body: bytes) -> ProductFeature:
        feature = self._listed(self._api.one(body, "feature"))
        if feature is None:
            raise gone("feature")
        return feature

    def _listed(self, raw: msgspec.Raw) -> ProductFeature | None:
        sent = self._api.read(wire.FEATURE, raw)
        return None if sent.deleted else product_features.product_feature(sent, raw)
