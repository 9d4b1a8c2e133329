"""The promises about coupons and the codes for them."""

from __future__ import annotations

from billbridge.flow import Flow
from billbridge.model import (
    Coupon,
    CouponPatch,
    CouponQuery,
    NewCoupon,
    NewPromotionCode,
    Page,
    PromotionCode,
    PromotionCodePatch,
    PromotionCodeQuery,
)
from billbridge.services.base import Service


class CouponService(Service):
    """Coupons: how much is taken off, and for how long."""

    resource = "coupons"

    def create(self, new: NewCoupon) -> Flow[Coupon]:
        """Creates a coupon. It is taken off whole invoices, or off the lines of the `products` that it is limited to.

        Raises `DuplicateError` if the id (at Chargebee also the name) is taken, `PrecisionError` for an amount that the vendor
        cannot hold, and `NotFoundError` or `ValidationError` for a product that does not exist (at Chargebee: that has no price).
        """
        self._refuse("create")

    def get(self, id: str) -> Flow[Coupon]:
        """One coupon. Raises `NotFoundError`, also after it was deleted; Chargebee archives one that somebody has and shows it inactive."""
        self._refuse("get")

    def update(self, id: str, patch: CouponPatch) -> Flow[Coupon]:
        """Changes the name or the metadata: what is taken off never changes. Raises `NotFoundError`, `DuplicateError`."""
        self._refuse("update")

    def delete(self, id: str) -> Flow[None]:
        """Deletes a coupon: it cannot be used any more. Whoever has it keeps it, and Chargebee then archives it. Raises `NotFoundError`."""
        self._refuse("delete")

    def list(self, query: CouponQuery) -> Flow[Page[Coupon]]:
        """All coupons, the newest first."""
        self._refuse("list")


class PromotionCodeService(Service):
    """Promotion codes: what customers type to get a coupon."""

    resource = "promotion_codes"

    def create(self, new: NewPromotionCode) -> Flow[PromotionCode]:
        """Creates a code for a coupon. Raises `DuplicateError` if there is such a code, `NotFoundError` for an unknown coupon."""
        self._refuse("create")

    def get(self, id: str) -> Flow[PromotionCode]:
        """One code by its id. Raises `NotFoundError`."""
        self._refuse("get")

    def find(self, code: str) -> Flow[PromotionCode]:
        """The code that a customer typed. Of several with one text the newest that is active, else the newest.

        Stripe allows several active ones if they are for different customers: compare the `customer_id` before it is used for somebody.
        Raises `NotFoundError`.
        """
        self._refuse("find")

    def update(self, id: str, patch: PromotionCodePatch) -> Flow[PromotionCode]:
        """Changes the metadata. Raises `NotFoundError`."""
        self._refuse("update")

    def deactivate(self, id: str) -> Flow[PromotionCode]:
        """The code cannot be used any more; whoever used it keeps the coupon. Doing it again changes nothing. Raises `NotFoundError`."""
        self._refuse("deactivate")

    def list(self, query: PromotionCodeQuery) -> Flow[Page[PromotionCode]]:
        """All codes that match. Stripe lists the newest first; Chargebee documents no order."""
        self._refuse("list")
