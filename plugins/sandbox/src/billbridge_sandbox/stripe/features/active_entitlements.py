"""Active entitlements: the features that a customer has, because a subscription includes a product with them.

A subscription brings its entitlements up to date when it is created, changed, and renewed (as the dashboard says), so a feature that is
attached to a product later counts from the next period on. Choices where the documents are silent: past-due subscriptions entitle as active
ones do; a feature that a product lost counts until the end of the period; a changed item counts from its own creation.
"""

from __future__ import annotations

from hashlib import sha256

from billbridge_sandbox.stripe.api.errors import no_such
from billbridge_sandbox.stripe.api.params import Params, text
from billbridge_sandbox.stripe.endpoints.endpoint import ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.lists import LIST, page
from billbridge_sandbox.stripe.features.features import attached
from billbridge_sandbox.stripe.store.account import Account, Json

KIND = "entitlements.active_entitlement"
_ENTITLED = ("active", "trialing", "past_due")
_LIST = Params({**LIST, "customer": text}, required=("customer",))


def _entitled(account: Account, customer: str) -> list[Json]:
    """What a customer has now, one object for each feature, in the order in which the features came."""
    features: dict[str, Json] = {}
    for subscription in reversed(account.where("subscription", customer=customer)):
        if subscription["status"] in _ENTITLED:
            for item in subscription["items"]["data"]:
                since = max(item["created"], item["current_period_start"])
                for row in reversed(attached(account, item["price"]["product"], since)):
                    features[row["entitlement_feature"]["id"]] = row["entitlement_feature"]
    return [_object(account, customer, feature) for feature in features.values()]


def _object(account: Account, customer: str, feature: Json) -> Json:
    """The entitlement of a customer to a feature. Its id follows from both, so that it is the same each time."""
    digest = sha256(f"{customer}:{feature['id']}".encode()).hexdigest()
    id = f"ent_test_{digest[:40]}"
    account.kept(KIND, id)["customer"] = customer
    return account.put({"id": id, "object": KIND, "feature": feature["id"], "livemode": False, "lookup_key": feature["lookup_key"]})


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    customer = account.find("customer", args["customer"], "customer")
    return page(_entitled(account, customer["id"])[::-1], args, "/v1/entitlements/active_entitlements", "active_entitlement")


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    known = account.at_path(KIND, ids)
    if known not in _entitled(account, account.kept(KIND, known["id"])["customer"]):
        raise no_such(KIND, ids["id"], "id", status=404)
    return known


ENDPOINTS = [
    Endpoint("GET", "/v1/entitlements/active_entitlements", _LIST, _list, f"{KIND}[]"),
    Endpoint("GET", "/v1/entitlements/active_entitlements/{id}", ONLY_EXPAND, _retrieve, KIND),
]
