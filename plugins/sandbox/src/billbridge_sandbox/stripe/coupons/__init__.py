"""Coupons and promotion codes: the endpoints. What a coupon takes off an invoice is in `billing`."""
