"""Subscription items, read only: they are changed through their subscription."""

from __future__ import annotations

from billbridge_sandbox.stripe.api.errors import invalid
from billbridge_sandbox.stripe.api.params import Params, text
from billbridge_sandbox.stripe.endpoints.endpoint import ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.lists import LIST, page
from billbridge_sandbox.stripe.store.account import Account, Json

_LIST = Params({**LIST, "subscription": text}, required=("subscription",))


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """A missing item is refused in words of its own and without a code, as recordings of Stripe show."""
    if ids["id"] not in account.tables["subscription_item"]:
        raise invalid(f"Invalid subscription_item id: {ids['id']}", status=404)
    return account.at_path("subscription_item", ids)


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    subscription = account.find("subscription", args["subscription"], "subscription")
    return page(subscription["items"]["data"], args, "/v1/subscription_items", "subscription_item")


ENDPOINTS = [
    Endpoint("GET", "/v1/subscription_items", _LIST, _list, "subscription_item[]"),
    Endpoint("GET", "/v1/subscription_items/{id}", ONLY_EXPAND, _retrieve, "subscription_item"),
]
