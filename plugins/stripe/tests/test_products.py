"""Products: every request exactly, every field, our conventions in the metadata, the filters that Stripe does not have."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from billbridge.errors import InvalidStateError, NotFoundError, ProtocolError, TransportTimeoutError, ValidationError
from billbridge.model import NewProduct, Page, Product, ProductKind, ProductPatch, ProductQuery
from billbridge.model.raw import RawJson
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
GET = "GET /v1/products/pro"
ONE = "POST /v1/products/pro"
PRODUCT_WIRE: dict[str, Any] = {
    "id": "pro",
    "object": "product",
    "active": False,
    "created": 1769860800,
    "default_price": None,
    "description": "All of it",
    "images": [],
    "livemode": False,
    "metadata": {"tier": "1"},
    "name": "Pro",
    "type": "service",
    "unit_label": "seat",
    "updated": 1769860801,
}
PRODUCT = Product(
    provider="stripe",
    id="pro",
    raw=RawJson(json.dumps(PRODUCT_WIRE).encode()),
    name="Pro",
    description="All of it",
    unit_label="seat",
    active=False,
    metadata={"tier": "1"},
    created_at=AT,
    updated_at=AT.replace(second=1),
)


def read(walk: Walk, stripe: StripeProvider, **changes: Any) -> Product:
    found: Product = walk(stripe.products.get("pro"), (GET, None, {**PRODUCT_WIRE, **changes}))
    return msgspec.structs.replace(found, raw=PRODUCT.raw)


@pytest.mark.parametrize(
    ("new", "body"),
    [
        (NewProduct(name="Pro"), "name=Pro"),
        (
            NewProduct(name="Pro", id="pro", description="All of it", unit_label="seat", metadata={"tier": "1"}),
            "name=Pro&id=pro&description=All of it&unit_label=seat&metadata[tier]=1",
        ),
        (NewProduct(name="Pro", kind="addon"), "name=Pro&metadata[billbridge_kind]=addon"),
        (
            NewProduct(name="Pro", kind="charge", metadata={"a": "1"}),
            "name=Pro&metadata[a]=1&metadata[billbridge_kind]=charge",
        ),
        (NewProduct(name="Pro", metered=True), "name=Pro&metadata[billbridge_metered]=true"),
    ],
)
def test_create_product(walk: Walk, stripe: StripeProvider, new: NewProduct, body: str) -> None:
    assert walk(stripe.products.create(new), ("POST /v1/products", body, PRODUCT_WIRE)) == PRODUCT


def test_get_product(walk: Walk, stripe: StripeProvider) -> None:
    assert walk(stripe.products.get("pro"), (GET, None, PRODUCT_WIRE)) == PRODUCT


def test_the_least_of_a_product_reads_too(walk: Walk, stripe: StripeProvider) -> None:
    bare = Product(provider="stripe", id="pro", raw=RawJson(b'{"id": "pro"}'), name="")
    assert walk(stripe.products.get("pro"), (GET, None, {"id": "pro"})) == bare


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"billbridge_kind": "addon", "a": "1"}, {"kind": ProductKind.ADDON, "vendor_kind": "addon", "metadata": {"a": "1"}}),
        ({"billbridge_kind": "charge"}, {"kind": ProductKind.CHARGE, "vendor_kind": "charge", "metadata": {}}),
        ({"billbridge_kind": "cubic"}, {"kind": ProductKind.UNKNOWN, "vendor_kind": "cubic", "metadata": {}}),
        ({"billbridge_metered": "true"}, {"metered": True, "metadata": {}}),
        ({"billbridge_metered": "no"}, {"metadata": {}}),
        ({"billbridge_model": "flat", "b": "2"}, {"metadata": {"b": "2"}}),
        (None, {"metadata": {}}),
    ],
)
def test_our_conventions_are_read_and_not_shown(
    walk: Walk, stripe: StripeProvider, metadata: dict[str, str], expected: dict[str, Any]
) -> None:
    """Case 17."""
    assert read(walk, stripe, metadata=metadata) == msgspec.structs.replace(PRODUCT, **expected)


def test_a_deleted_product_is_not_found(walk: Walk, stripe: StripeProvider) -> None:
    with pytest.raises(NotFoundError) as caught:
        walk(stripe.products.get("pro"), (GET, None, {"id": "pro", "deleted": True}))
    assert caught.value.deleted


@pytest.mark.parametrize("key", ["billbridge_model", "billbridge_kind", "billbridge_metered"])
def test_our_own_metadata_keys_are_refused(walk: Walk, stripe: StripeProvider, key: str) -> None:
    for flow in (
        stripe.products.create(NewProduct(name="Pro", metadata={key: "x"})),
        stripe.products.update("pro", ProductPatch(metadata={key: ""})),
    ):
        with pytest.raises(ValidationError) as caught:
            walk(flow)
        assert caught.value.param == "metadata"


@pytest.mark.parametrize(
    ("patch", "body"),
    [
        (ProductPatch(), ""),
        (ProductPatch(name="N", description="D", unit_label="U"), "name=N&description=D&unit_label=U"),
        (ProductPatch(description=None, unit_label=None), "description=&unit_label="),
        (ProductPatch(metadata={"a": "1", "b": ""}), "metadata[a]=1&metadata[b]="),
        (ProductPatch(metadata={}), ""),
    ],
)
def test_update_product(walk: Walk, stripe: StripeProvider, patch: ProductPatch, body: str) -> None:
    """Case 2."""
    assert walk(stripe.products.update("pro", patch), (ONE, body, PRODUCT_WIRE)) == PRODUCT


@pytest.mark.parametrize("ours", [{"billbridge_kind": "addon"}, {"billbridge_metered": "true"}])
def test_clearing_the_metadata_keeps_what_is_ours(walk: Walk, stripe: StripeProvider, ours: dict[str, str]) -> None:
    """An addon would become a plan: the others are cleared one by one."""
    marked = {**PRODUCT_WIRE, "metadata": {**ours, "a": "1", "b": "2"}}
    lines = (GET, None, marked), (ONE, "name=N&metadata[a]=&metadata[b]=", PRODUCT_WIRE)
    found = walk(stripe.products.update("pro", ProductPatch(name="N", metadata=None)), *lines, keys=["key:clear-1eb7c54d5283"])
    assert found == PRODUCT


def test_clearing_metadata_that_holds_nothing_of_ours_clears_it_whole(walk: Walk, stripe: StripeProvider) -> None:
    """Whatever was in it: a repeated call sends the same, as its idempotency key demands."""
    lines = (GET, None, PRODUCT_WIRE), (ONE, "metadata=", PRODUCT_WIRE)
    assert walk(stripe.products.update("pro", ProductPatch(metadata=None)), *lines) == PRODUCT


def test_archive_and_unarchive(walk: Walk, stripe: StripeProvider) -> None:
    """Case 68."""
    assert walk(stripe.products.archive("pro"), (ONE, "active=false", PRODUCT_WIRE)) == PRODUCT
    assert walk(stripe.products.unarchive("pro"), (ONE, "active=true", PRODUCT_WIRE)) == PRODUCT


def test_delete(walk: Walk, stripe: StripeProvider, lost: TransportTimeoutError) -> None:
    missing = (404, {"error": {"type": "invalid_request_error", "code": "resource_missing", "message": "No such product"}})
    line = "DELETE /v1/products/pro"
    assert walk(stripe.products.delete("pro"), (line, None, {"id": "pro", "deleted": True})) is None
    assert walk(stripe.products.delete("pro"), (line, None, lost), (line, None, missing), retries=1) is None
    with pytest.raises(NotFoundError):
        walk(stripe.products.delete("pro"), (line, None, missing))


def test_a_product_with_prices_cannot_be_deleted(walk: Walk, stripe: StripeProvider) -> None:
    said = "This product cannot be deleted because it has one or more user-created prices."
    with pytest.raises(InvalidStateError):
        walk(stripe.products.delete("pro"), ("DELETE /v1/products/pro", None, (400, {"error": {"message": said}})))


@pytest.mark.parametrize(("active", "filters"), [(None, ""), (True, "active=true&"), (False, "active=false&")])
def test_list_products(walk: Walk, stripe: StripeProvider, active: bool | None, filters: str) -> None:
    line = f"GET /v1/products?{filters}limit=7&starting_after=old"
    answer = {"data": [PRODUCT_WIRE], "has_more": True}
    page = walk(stripe.products.list(ProductQuery(active=active, page_size=7, cursor="old")), (line, None, answer))
    assert page == Page(items=[PRODUCT], next_cursor="pro")


def named(id: str, kind: str | None = None) -> dict[str, Any]:
    return {"id": id, "name": id, "metadata": {} if kind is None else {"billbridge_kind": kind}}


def ids(page: Page[Product]) -> tuple[list[str], str | None]:
    return [each.id for each in page.items], page.next_cursor


def test_pages_without_the_kind_asked_for_do_not_end_the_list(walk: Walk, stripe: StripeProvider) -> None:
    """Case 20: Stripe has no kinds, so the list is looked through here."""
    line = "GET /v1/products?limit=2"
    query = ProductQuery(kind="addon", page_size=2)
    page = walk(
        stripe.products.list(query),
        (line, None, {"data": [named("a"), named("b", "charge")], "has_more": True}),
        (f"{line}&starting_after=b", None, {"data": [named("c", "addon"), named("d")], "has_more": True}),
    )
    assert ids(page) == (["c"], "d")
    query = msgspec.structs.replace(query, cursor="d")
    assert ids(walk(stripe.products.list(query), (f"{line}&starting_after=d", None, {"data": [named("e")]}))) == ([], None)


def test_a_list_that_goes_in_a_circle_is_noticed(walk: Walk, stripe: StripeProvider) -> None:
    """Case 20."""
    answer = {"data": [named("a")], "has_more": True}
    lines = ("GET /v1/products?limit=100", None, answer), ("GET /v1/products?limit=100&starting_after=a", None, answer)
    with pytest.raises(ProtocolError, match="never end"):
        walk(stripe.products.list(ProductQuery(kind="addon")), *lines)


def test_products_by_id_come_in_one_answer_and_in_pages_all_the_same(walk: Walk, stripe: StripeProvider) -> None:
    """Case 3. Stripe takes no cursor beside ids."""
    line = "GET /v1/products?active=true&ids[0]=a&ids[1]=b&ids[2]=c&limit=100"
    answer = {"data": [named("c"), named("b"), named("a", "addon")]}
    query = ProductQuery(active=True, ids=["a", "b", "c"], page_size=2)
    assert ids(walk(stripe.products.list(query), (line, None, answer))) == (["c", "b"], "b")
    after = msgspec.structs.replace(query, cursor="b")
    assert ids(walk(stripe.products.list(after), (line, None, answer))) == (["a"], None)
    plans = msgspec.structs.replace(query, kind="plan")
    assert ids(walk(stripe.products.list(plans), (line, None, answer))) == (["c", "b"], None)


def test_a_page_of_products_by_id_whose_cursor_is_gone_is_not_found(walk: Walk, stripe: StripeProvider) -> None:
    """Case 22."""
    with pytest.raises(NotFoundError) as caught:
        walk(
            stripe.products.list(ProductQuery(ids=["a", "b"], cursor="a", page_size=1)),
            ("GET /v1/products?ids[0]=a&ids[1]=b&limit=100", None, {"data": [named("b")]}),
        )
    assert caught.value.param == "cursor"
