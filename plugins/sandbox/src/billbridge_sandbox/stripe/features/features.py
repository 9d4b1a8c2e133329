"""Features, and the products that include them.

A lookup key is unique among active features. An archived feature cannot be changed or attached; who has it keeps it
(docs.stripe.com/billing/entitlements). Choices where the documents are silent: the texts and codes of refusals, and that attaching a
feature twice is refused.
"""

from __future__ import annotations

from billbridge_sandbox.stripe.api.errors import invalid
from billbridge_sandbox.stripe.api.params import EXPAND, Params, boolean, metadata, patched, text
from billbridge_sandbox.stripe.endpoints.endpoint import NO_PARAMS, ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.expand import deleted
from billbridge_sandbox.stripe.endpoints.lists import LIST, page
from billbridge_sandbox.stripe.store.account import Account, Json

KIND = "entitlements.feature"
_CREATE = Params({**EXPAND, "lookup_key": text, "metadata": metadata, "name": text}, required=("lookup_key", "name"))
_UPDATE = Params({**EXPAND, "active": boolean, "metadata": metadata, "name": text})
_LIST = Params({**LIST, "archived": boolean, "lookup_key": text})
_ATTACH = Params({**EXPAND, "entitlement_feature": text}, required=("entitlement_feature",))
_ATTACHED = Params(LIST)


def _create(account: Account, args: Json, ids: dict[str, str]) -> Json:
    key = args["lookup_key"]
    if len(key) > 80:
        raise invalid("Invalid lookup_key: must be at most 80 characters", param="lookup_key")
    if account.where(KIND, lookup_key=key, active=True):
        message = f"A feature with the lookup key '{key}' already exists."
        raise invalid(message, code="resource_already_exists", param="lookup_key")
    feature: Json = {
        "id": account.ids.next("feat_", 24),
        "object": KIND,
        "active": True,
        "livemode": False,
        "lookup_key": key,
        "metadata": patched({}, args.get("metadata", {})),
        "name": args["name"],
    }
    return account.put(feature)


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return account.at_path(KIND, ids)


def _update(account: Account, args: Json, ids: dict[str, str]) -> Json:
    feature = account.at_path(KIND, ids)
    if not feature["active"]:
        raise invalid("This feature is archived and cannot be updated.")
    feature["metadata"] = patched(feature["metadata"], args.get("metadata", {}))
    feature.update({name: args[name] for name in ("active", "name") if name in args})
    return feature


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """List features; archived ones only if they are asked for."""
    rows = account.where(KIND, active=not args.get("archived", False))
    if "lookup_key" in args:
        rows = [row for row in rows if row["lookup_key"] == args["lookup_key"]]
    return page(rows, args, "/v1/entitlements/features", "feature")


def _attach(account: Account, args: Json, ids: dict[str, str]) -> Json:
    product = account.at_path("product", ids, "product")
    feature = account.find(KIND, args["entitlement_feature"], "entitlement_feature")
    if not feature["active"]:
        raise invalid("This feature is archived and cannot be attached to a product.", param="entitlement_feature")
    if any(row["entitlement_feature"] is feature for row in attached(account, product["id"])):
        raise invalid("This feature is already attached to the product.", param="entitlement_feature")
    made: Json = {
        "id": account.ids.next("prodft_", 24),
        "object": "product_feature",
        "entitlement_feature": feature,
        "livemode": False,
    }
    account.kept("product_feature", made["id"]).update(product=product["id"], since=account.now, until=None)
    return account.put(made)


def attached(account: Account, product: str, moment: int | None = None) -> list[Json]:
    """The features of a product, newest first: those of now, or those that it included at a Unix time."""
    found: list[Json] = []
    for row in account.tables["product_feature"].newest_first():
        kept = account.kept("product_feature", row["id"])
        there = kept["until"] is None if moment is None else kept["since"] <= moment and (kept["until"] is None or moment < kept["until"])
        if kept["product"] == product and there:
            found.append(row)
    return found


def _one(account: Account, ids: dict[str, str]) -> Json:
    account.at_path("product", ids, "product")
    row = account.find("product_feature", ids["feature"], "feature", status=404)
    if row not in attached(account, ids["id"]):
        raise invalid(f"No such product_feature: '{ids['feature']}'", code="resource_missing", param="feature", status=404)
    return row


def _attachment(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return _one(account, ids)


def _detach(account: Account, args: Json, ids: dict[str, str]) -> Json:
    row = _one(account, ids)
    account.kept("product_feature", row["id"])["until"] = account.now
    return deleted(row["id"], "product_feature")


def _attachments(account: Account, args: Json, ids: dict[str, str]) -> Json:
    product = account.at_path("product", ids, "product")
    return page(attached(account, product["id"]), args, f"/v1/products/{product['id']}/features", "product_feature")


ENDPOINTS = [
    Endpoint("POST", "/v1/entitlements/features", _CREATE, _create, KIND),
    Endpoint("GET", "/v1/entitlements/features", _LIST, _list, f"{KIND}[]"),
    Endpoint("GET", "/v1/entitlements/features/{id}", ONLY_EXPAND, _retrieve, KIND),
    Endpoint("POST", "/v1/entitlements/features/{id}", _UPDATE, _update, KIND),
    Endpoint("POST", "/v1/products/{id}/features", _ATTACH, _attach, "product_feature"),
    Endpoint("GET", "/v1/products/{id}/features", _ATTACHED, _attachments, "product_feature[]"),
    Endpoint("GET", "/v1/products/{id}/features/{feature}", ONLY_EXPAND, _attachment, "product_feature"),
    Endpoint("DELETE", "/v1/products/{id}/features/{feature}", NO_PARAMS, _detach, "product_feature"),
]
