"""Discounts: coupons and promotion codes given to a subscription, and what they take off its invoices.

Discounts of single items, of customers and of one-off invoices are not simulated. Several discounts apply one after the other, each to
what the earlier ones left. Our choices: the amount is computed once per discount, rounded half up, and spread over the lines in proportion;
a coupon of duration "once" leaves the subscription with the first invoice it took something off; deleting a subscription's discount
deletes all of them.
"""

from __future__ import annotations

from datetime import UTC
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from billbridge_sandbox.kernel.calendar import add_interval
from billbridge_sandbox.stripe.api.errors import exclusive, invalid, missing
from billbridge_sandbox.stripe.api.params import Params, clearable, many, text
from billbridge_sandbox.stripe.billing.invoice_lines import lines_of
from billbridge_sandbox.stripe.coupons.coupons import refresh, refresh_code
from billbridge_sandbox.stripe.endpoints.endpoint import NO_PARAMS, Endpoint
from billbridge_sandbox.stripe.store.account import Account, Json

DISCOUNTS = clearable(many(Params(dict.fromkeys(("coupon", "discount", "promotion_code"), text)), 20))


def wanted(account: Account, subscription: Json, given: list[Json]) -> tuple[list[str], list[Json]]:
    """The ids that a `discounts` parameter asks for, those kept among them, and the new discounts, which are not stored yet.

    Raises StripeError for what cannot be applied to the subscription.
    """
    asked: list[str] = []
    made: list[Json] = []
    for index, entry in enumerate(given):
        param = f"discounts[{index}]"
        if not entry:
            raise missing(f"{param}[coupon]")
        if len(entry) > 1:
            raise exclusive(*(f"{param}[{name}]" for name in entry))
        if "discount" in entry:
            if entry["discount"] not in subscription["discounts"]:
                raise invalid(f"No such discount: '{entry['discount']}'", code="resource_missing", param=f"{param}[discount]")
            asked.append(entry["discount"])
            continue
        code = account.find("promotion_code", entry["promotion_code"], f"{param}[promotion_code]") if "promotion_code" in entry else None
        if code is not None:
            _check_code(account, code, subscription, f"{param}[promotion_code]")
        coupon = account.find("coupon", code["promotion"]["coupon"] if code else entry["coupon"], f"{param}[coupon]")
        _check_coupon(account, coupon, subscription, param)
        made.append(_discount(account, subscription, coupon, code))
        asked.append(made[-1]["id"])
    return asked, made


def _check_code(account: Account, code: Json, subscription: Json, param: str) -> None:
    limits = code["restrictions"]
    if not code["active"]:
        raise invalid("This promotion code is expired or inactive.", code="coupon_expired", param=param)
    if code["customer"] not in (None, subscription["customer"]):
        raise invalid("This promotion code is for another customer.", param=param)
    if limits["first_time_transaction"] and account.where("invoice", customer=subscription["customer"], status="paid"):
        message = "This promotion code cannot be redeemed because the associated customer has prior transactions."
        raise invalid(message, param=param)
    if limits["minimum_amount"] is not None:
        total = sum(line["amount"] for line in lines_of(account, subscription, "", None, False))
        if limits["minimum_amount_currency"] != subscription["currency"] or total < limits["minimum_amount"]:
            raise invalid("This promotion code cannot be redeemed: its minimum amount is not reached.", param=param)


def _check_coupon(account: Account, coupon: Json, subscription: Json, param: str) -> None:
    if not coupon["valid"]:
        raise invalid(f"Coupon expired: {coupon['id']}", code="coupon_expired", param=param)
    options = account.kept("coupon", coupon["id"])["currency_options"]
    if options is not None and subscription["currency"] not in options:
        raise invalid(f"The coupon `{coupon['id']}` has no amount in {subscription['currency']}.", param=param)


def _discount(account: Account, subscription: Json, coupon: Json, code: Json | None) -> Json:
    now = account.clock.now
    months = coupon["duration_in_months"]
    discount: Json = {
        "id": account.ids.next("di_", 24),
        "object": "discount",
        "checkout_session": None,
        "customer": subscription["customer"],
        "customer_account": None,
        "end": None if months is None else int(add_interval(now, "month", months, now.astimezone(UTC).day).timestamp()),
        "invoice": None,
        "invoice_item": None,
        "promotion_code": code and code["id"],
        "source": {"coupon": coupon["id"], "type": "coupon"},
        "start": account.now,
        "subscription": subscription["id"],
        "subscription_item": None,
    }
    account.kept("discount", discount["id"]).update(coupon=coupon, terms=account.kept("coupon", coupon["id"]).copy())
    return discount


def redeem(account: Account, discounts: list[Json]) -> None:
    """Count new discounts on their coupons and promotion codes."""
    for discount in discounts:
        coupon = account.kept("discount", discount["id"])["coupon"]
        coupon["times_redeemed"] += 1
        if discount["promotion_code"] is not None:
            code = account.find("promotion_code", discount["promotion_code"])
            code["times_redeemed"] += 1
            refresh_code(account, code)
        refresh(account, coupon)


def take_off(account: Account, subscription: Json, lines: list[Json]) -> list[Json]:
    """Write the subscription's discounts on the lines of its next invoice. Returns what each takes off, as an invoice shows it."""
    left = [max(line["amount"], 0) if line["discountable"] else 0 for line in lines]
    totals: list[Json] = []
    for id in subscription["discounts"]:
        if not _in_force(account, account.find("discount", id)):
            continue
        kept = account.kept("discount", id)
        products = (kept["terms"]["applies_to"] or {}).get("products")
        bases = [
            rest if products is None or (line["pricing"]["price_details"] or {}).get("product") in products else 0
            for rest, line in zip(left, lines, strict=True)
        ]
        shares = _spread(_amount(kept, sum(bases), subscription["currency"]), bases)
        for index, (line, share) in enumerate(zip(lines, shares, strict=True)):
            left[index] -= share
            if bases[index]:
                line["discount_amounts"].append({"amount": share, "discount": id})
                line["pretax_credit_amounts"].append({"amount": share, "discount": id, "type": "discount"})
        totals.append({"amount": sum(shares), "discount": id})
    return totals


def _in_force(account: Account, discount: Json) -> bool:
    return discount["end"] is None or account.now < discount["end"]


def _amount(kept: Json, base: int, currency: str) -> int:
    percent = kept["coupon"]["percent_off"]
    if percent is None:
        return min(int(kept["terms"]["currency_options"][currency]["amount_off"]), base)
    return int((Decimal(str(percent)) * base / 100).to_integral_value(ROUND_HALF_UP))


def _spread(total: int, bases: list[int]) -> list[int]:
    """Shares of a total in proportion to the bases; what rounding leaves goes to the largest remainders, the first ones first."""
    whole = sum(bases)
    if not whole:
        return [0] * len(bases)
    exact = [Decimal(total) * base / whole for base in bases]
    shares = [int(share.to_integral_value(ROUND_FLOOR)) for share in exact]
    by_remainder = sorted(range(len(bases)), key=lambda index: shares[index] - exact[index])
    for index in by_remainder[: total - sum(shares)]:
        shares[index] += 1
    return shares


def used(account: Account, subscription: Json, totals: list[Json]) -> None:
    """After an invoice: drop the subscription's discounts that ended, and one-time discounts that this invoice used."""
    taken = {total["discount"] for total in totals if total["amount"]}
    for id in list(subscription["discounts"]):
        once = account.kept("discount", id)["coupon"]["duration"] == "once"
        if not _in_force(account, account.find("discount", id)) or (once and id in taken):
            subscription["discounts"].remove(id)


def _delete(account: Account, args: Json, ids: dict[str, str]) -> Json:
    subscription = account.at_path("subscription", ids)
    if not subscription["discounts"]:
        raise invalid(f"No active discount for subscription: {subscription['id']}", code="resource_missing", status=404)
    first = account.find("discount", subscription["discounts"][0])
    subscription["discounts"] = []
    return {**first, "deleted": True}


def _delete_of_customer(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Always refused: since 2025 nothing in the API gives a customer a discount of its own."""
    customer = account.at_path("customer", ids)
    raise invalid(f"No active discount for customer: {customer['id']}", code="resource_missing", status=404)


ENDPOINTS = [
    Endpoint("DELETE", "/v1/subscriptions/{id}/discount", NO_PARAMS, _delete, "discount"),
    Endpoint("DELETE", "/v1/customers/{id}/discount", NO_PARAMS, _delete_of_customer, "discount"),
]
