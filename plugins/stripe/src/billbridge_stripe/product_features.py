"""Features at Stripe, and the products that include them. The requests only; `translate.product_features` says what the fields mean."""

from __future__ import annotations

from typing import Final

import msgspec
from billbridge.errors import BillingError, InvalidStateError, NotFoundError, ValidationError
from billbridge.flow import Flow, path
from billbridge.model import (
    FeatureAttachment,
    FeatureAttachmentQuery,
    NewFeatureAttachment,
    NewProductFeature,
    Page,
    ProductFeature,
    ProductFeaturePatch,
    ProductFeatureQuery,
)
from billbridge.model.base import MAX_PAGE
from billbridge.services import ProductFeatureService
from billbridge.services.capability import emulated
from billbridge.toolkit.ids import checked_id

from billbridge_stripe import wire_features as wire
from billbridge_stripe.api import StripeApi
from billbridge_stripe.lists import rows
from billbridge_stripe.translate.product_features import attachment, changes, new_feature, product_feature

_ALL: Final = "/v1/entitlements/features"
_ONE: Final = "/v1/entitlements/features/{}"
_ATTACHED: Final = "/v1/products/{}/features"


class StripeProductFeatures(ProductFeatureService):
    """Features at Stripe: `/v1/entitlements/features` and `/v1/products/{id}/features`."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    def create(self, new: NewProductFeature) -> Flow[ProductFeature]:
        body = yield from self._api.post(_ALL, new_feature(new))
        return self._read(body)

    def get(self, id: str) -> Flow[ProductFeature]:
        body = yield from self._api.get(path(_ONE, id))
        return self._read(body)

    @emulated("lists the active features with this key, then the archived ones")
    def find(self, key: str) -> Flow[ProductFeature]:
        for archived in (False, True):
            page = yield from self._api.page(_ALL, {"archived": archived, "lookup_key": checked_id(key, "key"), "limit": 1})
            if page.data:
                return self._read(page.data[0])
        raise NotFoundError("no feature has this key", param="key", provider="stripe", status=200, hint="check the spelling of the key")

    def update(self, id: str, patch: ProductFeaturePatch) -> Flow[ProductFeature]:
        body = yield from self._api.post(path(_ONE, id), changes(patch))
        return self._read(body)

    def archive(self, id: str) -> Flow[ProductFeature]:
        """Archive a feature. Stripe changes no archived feature, so an error for one that is archived already is no error."""
        try:
            body = yield from self._api.post(path(_ONE, id), {"active": False})
        except BillingError as error:
            if error.status != 400:
                raise
            found = yield from self.get(id)
            if found.active:
                raise error from None
            return found
        return self._read(body)

    def attach(self, product: str, new: NewFeatureAttachment) -> Flow[FeatureAttachment]:
        """Attach a feature.

        If Stripe refuses, Billbridge reads why: an attachment that is there already is returned, and an archived feature raises
        `InvalidStateError`.
        """
        try:
            body = yield from self._api.post(path(_ATTACHED, product), {"entitlement_feature": new.feature})
        except ValidationError as error:
            present = yield from self._attached(product, new.feature)
            if present is not None:
                return present
            if not (yield from self.get(new.feature)).active:
                raise InvalidStateError(
                    f"the feature {new.feature} is archived, so it cannot be attached",
                    param="feature",
                    provider=self._api.provider,
                    status=error.status,
                    code=error.code,
                    request_id=error.request_id,
                    hint="create a new feature with the same key",
                ) from error
            raise
        return attachment(self._api.read(wire.PRODUCT_FEATURE, body), body, product)

    @emulated("lists the features of the product, then deletes the one that names this feature")
    def detach(self, product: str, feature: str) -> Flow[None]:
        present = yield from self._attached(product, checked_id(feature, "feature"))
        if present is not None:
            yield from self._api.remove(path("/v1/products/{}/features/{}", product, present.id))

    def attachments(self, query: FeatureAttachmentQuery) -> Flow[Page[FeatureAttachment]]:
        found, cursor = yield from rows(self._api, path(_ATTACHED, query.product), query, {})
        read = [attachment(self._api.read(wire.PRODUCT_FEATURE, row), row, query.product) for row in found]
        return Page(items=read, next_cursor=cursor)

    def list(self, query: ProductFeatureQuery) -> Flow[Page[ProductFeature]]:
        found, cursor = yield from rows(self._api, _ALL, query, {"archived": not query.active})
        return Page(items=[self._read(row) for row in found], next_cursor=cursor)

    def _attached(self, product: str, feature: str) -> Flow[FeatureAttachment | None]:
        query = FeatureAttachmentQuery(product=product, page_size=MAX_PAGE)
        while True:
            page = yield from self.attachments(query)
            for each in page.items:
                if each.feature_id == feature:
                    return each
            if page.next_cursor is None:
                return None
            query = msgspec.structs.replace(query, cursor=page.next_cursor)

    def _read(self, body: bytes | msgspec.Raw) -> ProductFeature:
        return product_feature(self._api.read(wire.FEATURE, body), body)
