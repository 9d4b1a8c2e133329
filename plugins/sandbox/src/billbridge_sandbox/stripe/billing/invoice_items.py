"""Invoice items: the endpoints. Only pending ones are created: of an amount or of a one-time price, for the customer's next invoice."""

from __future__ import annotations

from decimal import Decimal

from billbridge_sandbox.stripe.api.errors import exclusive, invalid, missing
from billbridge_sandbox.stripe.api.money import currency
from billbridge_sandbox.stripe.api.params import EXPAND, Params, Parser, between, boolean, clearable, integer, metadata, patched, text
from billbridge_sandbox.stripe.billing import debits, pending_items
from billbridge_sandbox.stripe.catalog.pricing import amounts_in
from billbridge_sandbox.stripe.endpoints.endpoint import NO_PARAMS, ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.expand import deleted
from billbridge_sandbox.stripe.endpoints.lists import CREATED, in_range, matching, page
from billbridge_sandbox.stripe.store.account import Account, Json

_KIND = "invoiceitem"
_URL = "/v1/invoiceitems"
_WRITABLE: dict[str, Parser] = {
    **EXPAND,
    "amount": integer,
    "description": clearable(text),
    "discountable": boolean,
    "metadata": metadata,
    "period": Params({"end": integer, "start": integer}, required=("end", "start")),
}
_REFUSED = "discounts price_data quantity_decimal tax_behavior tax_code tax_rates unit_amount_decimal"
_CREATE = Params(
    {
        **_WRITABLE,
        "currency": currency,
        "customer": text,
        "pricing": Params({"price": text}),
        "quantity": between(0, 999_999_999),
        "subscription": text,
    },
    not_simulated=f"{_REFUSED} customer_account invoice",
)
_UPDATE = Params(_WRITABLE, not_simulated=f"{_REFUSED} invoicing_rules pricing quantity")
_LIST = Params({**CREATED, "customer": text, "invoice": text, "pending": boolean}, not_simulated="customer_account")


def _create(account: Account, args: Json, ids: dict[str, str]) -> Json:
    if "customer" not in args:
        raise missing("customer")
    customer = account.find("customer", args["customer"], "customer")
    if "amount" in args and "pricing" in args:
        raise exclusive("amount", "pricing[price]")
    amount, code, more = _of_price(account, args) if "pricing" in args else _of_amount(args)
    if customer["currency"] not in (None, code):
        raise invalid(f"The customer's invoices are in {customer['currency']}, so an item in {code} is not possible.", param="currency")
    if "subscription" in args:
        more["parent"] = _of_subscription(account, args["subscription"], customer)
    period = args.get("period", {"start": account.now, "end": account.now})
    if period["end"] < period["start"]:
        raise invalid("The period must not end before it starts.", param="period[end]")
    more["metadata"] = patched({}, args.get("metadata", {}))
    more.update({name: args[name] for name in ("description", "discountable") if name in args})
    return pending_items.new_item(account, customer["id"], code, amount, (period["start"], period["end"]), **more)


def _of_amount(args: Json) -> tuple[int, str, Json]:
    for name in ("amount", "currency"):
        if name not in args:
            raise missing(name)
    if "quantity" in args:
        raise exclusive("amount", "quantity")
    return args["amount"], args["currency"], {}


def _of_price(account: Account, args: Json) -> tuple[int, str, Json]:
    if "price" not in args["pricing"]:
        raise missing("pricing[price]")
    price = account.find("price", args["pricing"]["price"], "pricing[price]")
    if price["recurring"] is not None or price["unit_amount"] is None:
        message = "The price of an invoice item must be a one-time price with a whole unit amount."
        raise invalid(message, param="pricing[price]")
    code = str(args.get("currency", price["currency"]))
    quantity = Decimal(args.get("quantity", 1))
    amount = int(quantity * int(amounts_in(account, price, code)["unit_amount"]))
    name = account.find("product", price["product"])["name"]
    shown = {"quantity": int(quantity), "quantity_decimal": str(quantity), "description": name}
    return amount, code, {**shown, "pricing": pending_items.pricing(amount, quantity, price)}


def _of_subscription(account: Account, id: str, customer: Json) -> Json:
    subscription = account.find("subscription", id, "subscription")
    if subscription["customer"] != customer["id"] or subscription["ended_at"] is not None:
        raise invalid("The subscription must be a running one of the same customer.", param="subscription")
    return {"subscription_details": {"subscription": id, "subscription_item": None}, "type": "subscription_details"}


def _pending_at_path(account: Account, ids: dict[str, str]) -> Json:
    item = account.at_path(_KIND, ids)
    if item["invoice"] is not None:
        raise invalid(f"The invoice item {item['id']} is on the invoice {item['invoice']} and can no longer be changed.")
    return item


def _update(account: Account, args: Json, ids: dict[str, str]) -> Json:
    item = _pending_at_path(account, ids)
    frozen = [name for name in ("amount", "discountable", "period") if name in args and item["proration"]]
    if frozen:
        raise invalid(f"The {frozen[0]} of a proration cannot be changed.", param=frozen[0])
    merged = patched(item["metadata"], args.get("metadata", {}))
    item.update({name: args[name] for name in ("description", "discountable", "period") if name in args}, metadata=merged)
    if "amount" in args:
        quantity = Decimal(item["quantity_decimal"])
        details = item["pricing"]["price_details"]
        priced = None if details is None else account.find("price", details["price"])
        item.update(amount=args["amount"], pricing=pending_items.pricing(args["amount"], quantity, priced))
    return item


def _delete(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Delete a pending item. The time of a deleted debit counts as not billed."""
    item = _pending_at_path(account, ids)
    if item["proration"]:
        debits.deleted(account, item["parent"]["subscription_details"]["subscription_item"], item["id"])
    pending_items.forget(account, item)
    return deleted(item["id"], _KIND)


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return account.at_path(_KIND, ids)


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    filters = {"customer": args["customer"]} if "customer" in args else {}
    rows = [row for row in matching(account.where(_KIND, **filters), args, "invoice") if _is_asked(row, args)]
    return page(rows, args, _URL, _KIND)


def _is_asked(item: Json, args: Json) -> bool:
    pending = args.get("pending", item["invoice"] is None)
    return pending == (item["invoice"] is None) and in_range(item["date"], args.get("created"))


ENDPOINTS = [
    Endpoint("POST", _URL, _CREATE, _create, _KIND),
    Endpoint("GET", _URL, _LIST, _list, f"{_KIND}[]"),
    Endpoint("GET", f"{_URL}/{{id}}", ONLY_EXPAND, _retrieve, _KIND),
    Endpoint("POST", f"{_URL}/{{id}}", _UPDATE, _update, _KIND),
    Endpoint("DELETE", f"{_URL}/{{id}}", NO_PARAMS, _delete, _KIND),
]
