"""Search for customers. A write is found at once; at Stripe it takes up to a minute, which is not simulated."""

from __future__ import annotations

from hashlib import sha256

from billbridge_sandbox.stripe.api.errors import invalid
from billbridge_sandbox.stripe.api.params import EXPAND, Params, between, text
from billbridge_sandbox.stripe.endpoints.endpoint import Endpoint
from billbridge_sandbox.stripe.endpoints.search import matcher
from billbridge_sandbox.stripe.store.account import Account, Json

_FIELDS: dict[str, type] = {"created": int, "email": str, "metadata": dict, "name": str, "phone": str}
_SEARCH = Params({**EXPAND, "limit": between(1, 100), "page": text, "query": text}, required=("query",))


def _search(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Search customers, newest first (our choice: Stripe promises no order). A page's token belongs to its query."""
    wanted = matcher(args["query"], _FIELDS)
    start = _place(args["query"], args["page"]) if "page" in args else 0
    end = start + args.get("limit", 10)
    rows = [row for row in account.where("customer") if wanted(row)]
    more = len(rows) > end
    return {
        "object": "search_result",
        "data": rows[start:end],
        "has_more": more,
        "next_page": _token(args["query"], end) if more else None,
        "url": "/v1/customers/search",
    }


def _token(query: str, place: int) -> str:
    return f"{sha256(query.encode()).hexdigest()[:24]}{place}"


def _place(query: str, token: str) -> int:
    place = token[24:]
    if not place.isdecimal() or not place.isascii() or len(place) > 9 or _token(query, int(place)) != token:
        raise invalid("Invalid page: it is no `next_page` of this query.", param="page")
    return int(place)


ENDPOINTS = [Endpoint("GET", "/v1/customers/search", _SEARCH, _search, "customer[]")]
