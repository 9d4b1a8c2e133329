"""The operations on coupons and promotion codes."""

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
        """Create a coupon. Several coupons can have the same name.

        It applies to whole invoices, or to the lines of the `products` that you limit it to.

        Raises `DuplicateError` if the id that you chose exists, `NotFoundError` for a product that does not exist, `PrecisionError` for an
        amount that the vendor cannot store exactly, and `ValidationError` for an `expires_at` in the past. At Chargebee, a product without
        a price raises `ValidationError` too.
        """
        self._refuse("create")

    def get(self, id: str) -> Flow[Coupon]:
        """Get one coupon.

        Raises `NotFoundError`, also after the coupon was deleted. If a subscription has the deleted coupon, Chargebee archives it, and
        `get` returns it as inactive.
        """
        self._refuse("get")

    def update(self, id: str, patch: CouponPatch) -> Flow[Coupon]:
        """Change the name or the metadata of a coupon. What it takes off cannot change.

        Raises `NotFoundError`, and `DuplicateError` if the vendor refuses the name.
        """
        self._refuse("update")

    def delete(self, id: str) -> Flow[None]:
        """Delete a coupon, so that it cannot be used any more.

        Subscriptions that have the coupon keep it; Chargebee then archives it instead. Raises `NotFoundError`.
        """
        self._refuse("delete")

    def list(self, query: CouponQuery) -> Flow[Page[Coupon]]:
        """List coupons, newest first."""
        self._refuse("list")


class PromotionCodeService(Service):
    """Promotion codes: what customers type to get a coupon."""

    resource = "promotion_codes"

    def create(self, new: NewPromotionCode) -> Flow[PromotionCode]:
        """Create a promotion code for a coupon.

        Raises `DuplicateError` if the code exists, and `NotFoundError` for an unknown coupon.
        """
        self._refuse("create")

    def get(self, id: str) -> Flow[PromotionCode]:
        """Get one promotion code by its id. Raises `NotFoundError`."""
        self._refuse("get")

    def find(self, code: str) -> Flow[PromotionCode]:
        """Find a promotion code by the text that a customer typed.

        If several codes have the same text, you get the newest active one, or else the newest. Stripe allows several active codes with one
        text if they are for different customers. So compare `customer_id` before you use the code for a customer. Raises `NotFoundError`.
        """
        self._refuse("find")

    def update(self, id: str, patch: PromotionCodePatch) -> Flow[PromotionCode]:
        """Change the metadata of a promotion code. Raises `NotFoundError`."""
        self._refuse("update")

    def deactivate(self, id: str) -> Flow[PromotionCode]:
        """Deactivate a promotion code, so that it cannot be used any more.

        Customers who have used it keep the coupon. You can repeat the call. Raises `NotFoundError`.
        """
        self._refuse("deactivate")

    def list(self, query: PromotionCodeQuery) -> Flow[Page[PromotionCode]]:
        """List promotion codes. Stripe lists the newest first; Chargebee documents no order."""
        self._refuse("list")
