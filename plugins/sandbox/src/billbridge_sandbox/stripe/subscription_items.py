"""Subscription items, read only: they are changed through their subscription."""

from __future__ import annotations

from .account import Account, Json
from .endpoint import ONLY_EXPAND, Endpoint
from .lists import LIST, page
from .params import Params, text

_LIST = Params({**LIST, "subscription": text}, required=("subscription",))


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return account.at_path("subscription_item", ids)


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    subscription = account.find("subscription", args["subscription"], "subscription")
    return page(subscription["items"]["data"], args, "/v1/subscription_items", "subscription_item")


ENDPOINTS = [
    Endpoint("GET", "/v1/subscription_items", _LIST, _list, "subscription_item[]"),
    Endpoint("GET", "/v1/subscription_items/{id}", ONLY_EXPAND, _retrieve, "subscription_item"),
]
