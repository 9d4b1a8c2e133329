"""The operations on product features and entitlements."""

from __future__ import annotations

from billbridge.flow import Flow
from billbridge.model import (
    Entitlement,
    EntitlementOverride,
    EntitlementQuery,
    FeatureAttachment,
    FeatureAttachmentQuery,
    NewEntitlementOverride,
    NewFeatureAttachment,
    NewProductFeature,
    Page,
    ProductFeature,
    ProductFeaturePatch,
    ProductFeatureQuery,
)
from billbridge.services.base import Service


class ProductFeatureService(Service):
    """Features: what products include, such as single sign-on or a number of seats."""

    resource = "product_features"

    def create(self, new: NewProductFeature) -> Flow[ProductFeature]:
        """Create a feature. It can be attached at once: Billbridge activates it at Chargebee, which makes drafts.

        Raises `DuplicateError` if an active feature has the key. At Chargebee the keys of archived features are taken too, and names are
        unique. Raises `PartialFailureError` if the feature was created and not activated; `unarchive` activates it.
        """
        self._refuse("create")

    def get(self, id: str) -> Flow[ProductFeature]:
        """Get one feature by its id. Raises `NotFoundError`."""
        self._refuse("get")

    def find(self, key: str) -> Flow[ProductFeature]:
        """Find a feature by its key: the active one, or else the archived one. Raises `NotFoundError`."""
        self._refuse("find")

    def update(self, id: str, patch: ProductFeaturePatch) -> Flow[ProductFeature]:
        """Change the name or the metadata of a feature. Stripe changes no archived feature. Raises `NotFoundError`."""
        self._refuse("update")

    def archive(self, id: str) -> Flow[ProductFeature]:
        """Archive a feature, so that it cannot be attached any more. Customers who have it keep it.

        You can repeat the call. Raises `NotFoundError`.
        """
        self._refuse("archive")

    def unarchive(self, id: str) -> Flow[ProductFeature]:
        """Make an archived feature active again, or activate a draft of Chargebee. Stripe has no such operation.

        You can repeat the call. Raises `NotFoundError`.
        """
        self._refuse("unarchive")

    def attach(self, product: str, new: NewFeatureAttachment) -> Flow[FeatureAttachment]:
        """Include a feature in a product. New subscriptions to the product have it at once.

        Subscriptions that exist get it at once at Chargebee, and with their next billing period at Stripe. Attaching again replaces the
        value. Raises `NotFoundError` for an unknown product or feature, and `InvalidStateError` for an archived one.
        """
        self._refuse("attach")

    def detach(self, product: str, feature: str) -> Flow[None]:
        """Remove a feature from a product. Nothing happens if the product does not include it.

        Subscriptions lose it at once at Chargebee, and with their next billing period at Stripe. Raises `NotFoundError` for an unknown
        product.
        """
        self._refuse("detach")

    def attachments(self, query: FeatureAttachmentQuery) -> Flow[Page[FeatureAttachment]]:
        """List the features that a product includes. Raises `NotFoundError` for an unknown product."""
        self._refuse("attachments")

    def list(self, query: ProductFeatureQuery) -> Flow[Page[ProductFeature]]:
        """List features. Stripe lists the newest first; Chargebee documents no order."""
        self._refuse("list")


class EntitlementService(Service):
    """Entitlements: which features a customer or a subscription has now."""

    resource = "entitlements"

    def check(self, customer: str, key: str) -> Flow[Entitlement | None]:
        """Return the customer's entitlement to the feature with this key, or None if the customer is not entitled.

        `if billing.entitlements.check(customer.id, "sso"): ...` asks the vendor each time, so cache the answer where it is needed often. An
        unknown key is None too. Raises `NotFoundError` for an unknown customer.
        """
        self._refuse("check")

    def list(self, query: EntitlementQuery) -> Flow[Page[Entitlement]]:
        """List what a customer or a subscription is entitled to, one entry for each feature.

        Subscriptions entitle while they are active, on trial or past due; ended, paused and incomplete ones do not. If several
        subscriptions of a customer give a feature at Chargebee, Billbridge combines them: quantities are added, and of other levels the
        highest counts. A quantity of 0 is no entitlement.

        Raises `NotFoundError` for an unknown customer or subscription.
        """
        self._refuse("list")

    def override(self, subscription: str, new: NewEntitlementOverride) -> Flow[EntitlementOverride]:
        """Give one subscription another level of a feature than its products give, or a feature that they do not include.

        A second override replaces the first. Stripe has no such operation. Raises `NotFoundError`, and `ValidationError` for a value that
        is no level of the feature.
        """
        self._refuse("override")

    def remove_override(self, subscription: str, feature: str) -> Flow[None]:
        """Remove an override. Nothing happens if there is none. Raises `NotFoundError` for an unknown subscription."""
        self._refuse("remove_override")
