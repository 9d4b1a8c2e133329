"""A new price as Stripe shows it, made from parsed parameters; its tiers and currency options are kept to be expanded. No endpoint here."""

from __future__ import annotations

from billbridge_sandbox.stripe.api.errors import invalid, missing
from billbridge_sandbox.stripe.api.params import Params, between, choice, patched, text
from billbridge_sandbox.stripe.catalog.price_amounts import amounts, options
from billbridge_sandbox.stripe.store.account import Account, Json

# Three years at most (docs.stripe.com/api/prices/create).
LONGEST = {"day": 1095, "week": 156, "month": 36, "year": 3}
USAGE = choice("licensed", "metered")
EVERY = {"interval": choice(*LONGEST), "interval_count": between(1, 1095)}
RECURRING = Params(
    {**EVERY, "meter": text, "trial_period_days": between(0, 730), "usage_type": USAGE},
    required=("interval",),
)


def new_price(account: Account, args: Json, product: str) -> Json:
    """Store a price of a product that exists. Raises StripeError, with nothing stored, for what does not fit together."""
    tiered = args.get("billing_scheme") == "tiered"
    if tiered and "tiers_mode" not in args:
        raise missing("tiers_mode")
    if not tiered and "tiers_mode" in args:
        raise invalid("`tiers_mode` can only be set when `billing_scheme=tiered`.", param="tiers_mode")
    if tiered and "transform_quantity" in args:
        raise invalid("`transform_quantity` cannot be combined with `billing_scheme=tiered`.", param="transform_quantity")
    fields, tiers = amounts(args, tiered)
    further = options(args.get("currency_options", {}), tiered)
    recurring = _recurring(account, args["recurring"]) if "recurring" in args else None
    if recurring is not None and fields["custom_unit_amount"] is not None:
        raise invalid("`custom_unit_amount` can only be set for one-time prices.", param="custom_unit_amount")
    price: Json = {
        "id": account.ids.next("price_", 24),
        "object": "price",
        **fields,
        "active": args.get("active", True),
        "billing_scheme": "tiered" if tiered else "per_unit",
        "created": account.now,
        "currency": args["currency"],
        "livemode": False,
        "lookup_key": None,
        "metadata": patched({}, args.get("metadata", {})),
        "nickname": args.get("nickname"),
        "product": product,
        "recurring": recurring,
        "tiers_mode": args.get("tiers_mode"),
        "transform_quantity": args.get("transform_quantity"),
        "type": "one_time" if recurring is None else "recurring",
    }
    own = fields if tiers is None else {**fields, "tiers": tiers}
    account.kept("price", price["id"]).update(tiers=tiers, currency_options={**further, price["currency"]: own})
    return account.put(price)


def _recurring(account: Account, args: Json) -> Json:
    count = args.get("interval_count", 1)
    if count > LONGEST[args["interval"]]:
        raise invalid("The recurring interval must be three years at most.", param="recurring[interval_count]")
    usage = args.get("usage_type", "licensed")
    meter = args.get("meter")
    if usage == "metered" and meter is None:
        raise missing("recurring[meter]")
    if usage == "licensed" and meter is not None:
        raise invalid("A meter can only be set when `usage_type=metered`.", param="recurring[meter]")
    if meter is not None and account.find("billing.meter", meter, "recurring[meter]")["status"] != "active":
        raise invalid("The meter is inactive. A price needs an active meter.", param="recurring[meter]")
    return {
        "interval": args["interval"],
        "interval_count": count,
        "meter": meter,
        "trial_period_days": args.get("trial_period_days"),
        "usage_type": usage,
    }
