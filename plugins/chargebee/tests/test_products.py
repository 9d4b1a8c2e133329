"""Products, request by request. (Vendor map, cases 3, 4, 17, 63 and 68.)"""

from __future__ import annotations

from typing import Any

import pytest
from billbridge.errors import DuplicateError, InvalidStateError, NotFoundError, ValidationError
from billbridge.flow import Response
from billbridge.model import NewProduct, Page, Product, ProductKind, ProductPatch, ProductQuery
from billbridge.model.raw import RawJson
from billbridge.services import ProductService
from billbridge_chargebee import ChargebeeProvider

from .stepping import at, get, lost, post, raw, refused, walk

PROVIDER = ChargebeeProvider(item_family="family")
PRODUCTS = PROVIDER.products
ITEM: dict[str, Any] = {
    "id": "pro",
    "object": "item",
    "name": "pro-internal",
    "external_name": "Pro",
    "description": "All of it",
    "status": "active",
    "type": "plan",
    "item_family_id": "family",
    "unit": "seat",
    "metered": True,
    "usage_calculation": "sum_of_usages",
    "metadata": {"a": "b", "n": 1},
    "updated_at": 1767225700,
    "deleted": False,
}
PRODUCT = Product(
    provider="chargebee",
    id="pro",
    raw=RawJson(raw(ITEM)),
    name="Pro",
    description="All of it",
    kind=ProductKind.PLAN,
    vendor_kind="plan",
    family_id="family",
    unit_label="seat",
    metered=True,
    active=True,
    metadata={"a": "b", "n": "1"},
    created_at=None,
    updated_at=at(1767225700),
)
BARE_ITEM = {"id": "pro"}
BARE_PRODUCT = Product(provider="chargebee", id="pro", raw=RawJson(raw(BARE_ITEM)), name="pro", kind=ProductKind.UNKNOWN)
CREATION = {"id": "pro", "name": "Pro", "external_name": "Pro", "type": "plan", "item_family_id": "family"}


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (ITEM, PRODUCT),
        (BARE_ITEM, BARE_PRODUCT),
        (
            BARE_ITEM | {"name": "n"},
            Product(provider="chargebee", id="pro", raw=RawJson(raw(BARE_ITEM | {"name": "n"})), name="n", kind=ProductKind.UNKNOWN),
        ),
    ],
)
def test_every_field_of_a_product_is_read(sent: Any, read: Product) -> None:
    assert walk(PRODUCTS.get("pro"), get("/items/pro", {"item": sent})) == read


@pytest.mark.parametrize(
    ("word", "kind"),
    [("addon", ProductKind.ADDON), ("charge", ProductKind.CHARGE), ("new_word", ProductKind.UNKNOWN)],
)
def test_types_of_items_become_kinds_and_the_word_is_kept(word: str, kind: ProductKind) -> None:
    """Case 17."""
    product = walk(PRODUCTS.get("pro"), get("/items/pro", {"item": ITEM | {"type": word}}))
    assert (product.kind, product.vendor_kind) == (kind, word)


def test_an_archived_product_is_not_active() -> None:
    assert walk(PRODUCTS.get("pro"), get("/items/pro", {"item": ITEM | {"status": "archived"}})).active is False


@pytest.mark.parametrize("more", [{"deleted": True}, {"status": "deleted"}])
def test_deleted_products_are_not_found(more: dict[str, Any]) -> None:
    with pytest.raises(NotFoundError, match="product") as caught:
        walk(PRODUCTS.get("pro"), get("/items/pro", {"item": ITEM | more}))
    assert caught.value.deleted


FAMILY = get("/item_families/family", {"item_family": {"id": "family"}})
NO_FAMILY = get("/item_families/family", refused(404, "resource_not_found"))


def products() -> ProductService:
    """A service that has not looked for its family yet."""
    return ChargebeeProvider(item_family="family").products


def test_a_product_is_created_as_a_plan_in_the_family() -> None:
    new = NewProduct(id="pro", name="Pro", description="All of it", metadata={"a": "b", "gone": ""})
    sent = CREATION | {"description": "All of it", "metadata": '{"a":"b"}'}
    assert walk(products().create(new), FAMILY, post("/items", {"item": ITEM}, sent)) == PRODUCT


def test_kind_unit_and_metering_are_sent_and_a_family_of_the_callers_is_not_made() -> None:
    new = NewProduct(id="pro", name="Pro", kind="addon", family="theirs", unit_label="call", metered=True)
    sent = CREATION | {
        "type": "addon",
        "item_family_id": "theirs",
        "unit": "call",
        "metered": "true",
        "usage_calculation": "sum_of_usages",
    }
    assert walk(products().create(new), post("/items", {"item": ITEM}, sent)) == PRODUCT


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Pro Plan, 2nd Edition!", "pro-plan-2nd-edition-2c70e12b7a06"),
        ("Éco ﬁx", "eco-fix-2c70e12b7a06"),
        ("x" * 150, "x" * 87 + "-2c70e12b7a06"),
        ("プロ", "2c70e12b7a06"),  # of the idempotency key: nothing of the name can be used
    ],
)
def test_a_product_without_an_id_gets_one_of_its_name_and_the_idempotency_key(name: str, id: str) -> None:
    sent = CREATION | {"id": id, "name": name, "external_name": name}
    assert walk(products().create(NewProduct(name=name)), FAMILY, post("/items", {"item": ITEM}, sent)) == PRODUCT


@pytest.mark.parametrize("made", [{"item_family": {"id": "family"}}, refused(400, "duplicate_entry", param="id")])
def test_the_family_is_made_when_it_is_first_needed_and_looked_for_once(made: Any) -> None:
    """The item's own key is the call's, so that a repetition meets it; that somebody else made the family does not matter."""
    service = products()
    family = post("/item_families", made, {"id": "family", "name": "family"}, step="family")
    assert walk(service.create(NewProduct(id="pro", name="Pro")), NO_FAMILY, family, post("/items", {"item": ITEM}, CREATION)) == PRODUCT
    assert walk(service.create(NewProduct(id="pro", name="Pro")), post("/items", {"item": ITEM}, CREATION)) == PRODUCT


def test_a_name_that_is_taken_gets_the_id_behind_it_where_customers_do_not_see_it() -> None:
    renamed = post("/items", {"item": ITEM}, CREATION | {"name": "Pro (pro)"}, step="renamed")
    taken = post("/items", refused(400, "duplicate_entry", param="name"), CREATION)
    assert walk(products().create(NewProduct(id="pro", name="Pro")), FAMILY, taken, renamed) == PRODUCT


def test_a_product_whose_id_holds_the_key_is_found_when_its_call_is_repeated() -> None:
    taken, id = refused(400, "duplicate_entry", param="id"), "pro-2c70e12b7a06"
    sent = CREATION | {"id": id, "name": "Pro", "external_name": "Pro"}
    renamed = post("/items", taken, sent | {"name": f"Pro ({id})"}, step="renamed")
    found = get(f"/items/{id}", {"item": ITEM})
    assert walk(products().create(NewProduct(name="Pro")), FAMILY, post("/items", taken, sent), renamed, found) == PRODUCT


def test_a_duplicate_of_something_else_than_the_id_is_raised_as_it_is() -> None:
    first, id = refused(400, "duplicate_entry", param="name"), "pro-2c70e12b7a06"
    second = refused(400, "duplicate_entry", param="external_name", message="external name taken")
    sent = CREATION | {"id": id, "name": "Pro", "external_name": "Pro"}
    renamed = post("/items", second, sent | {"name": f"Pro ({id})"}, step="renamed")
    missing = get(f"/items/{id}", refused(404, "resource_not_found"))
    with pytest.raises(DuplicateError, match="external name taken"):
        walk(products().create(NewProduct(name="Pro")), FAMILY, post("/items", first, sent), renamed, missing)


def test_what_else_goes_wrong_with_a_product_is_raised_as_it_is() -> None:
    new = NewProduct(id="pro", name="Pro")
    with pytest.raises(ValidationError):
        walk(products().create(new), FAMILY, post("/items", refused(400, "param_wrong_value", param="name"), CREATION))
    taken = refused(400, "duplicate_entry", param="id")
    renamed = post("/items", taken, CREATION | {"name": "Pro (pro)"}, step="renamed")
    with pytest.raises(DuplicateError) as caught:
        walk(products().create(new), FAMILY, post("/items", taken, CREATION), renamed)
    assert caught.value.existing_id == "pro"
    family = {"id": "family", "name": "family"}
    with pytest.raises(ValidationError):
        walk(products().create(new), NO_FAMILY, post("/item_families", refused(400, "param_wrong_value"), family, step="family"))


STATUSES = [
    (None, {"status[in]": '["active","archived"]'}),
    (True, {"status[is]": "active"}),
    (False, {"status[is]": "archived"}),
]


@pytest.mark.parametrize(("active", "sent"), STATUSES)
def test_products_of_every_kind_are_listed_by_their_last_change_and_never_deleted_ones(active: bool | None, sent: dict[str, str]) -> None:
    """Case 3."""
    entries = [{"item": ITEM}, {"item": ITEM | {"deleted": True}}, {"item": ITEM | {"status": "deleted"}}, {"item": BARE_ITEM}]
    answer = get("/items", {"list": entries, "next_offset": "o"}, sent | {"sort_by[desc]": "updated_at", "limit": "100"})
    assert walk(PRODUCTS.list(ProductQuery(active=active)), answer) == Page(items=[PRODUCT, BARE_PRODUCT], next_cursor="o")


def test_kind_and_ids_are_filters_of_the_server() -> None:
    """Case 3: an array in double quotes."""
    sent = {
        "id[in]": '["a","b"]',
        "type[is]": "charge",
        "status[is]": "active",
        "sort_by[desc]": "updated_at",
        "limit": "7",
        "offset": "o",
    }
    query = ProductQuery(ids=["a", "b"], kind="charge", active=True, page_size=7, cursor="o")
    assert walk(PRODUCTS.list(query), get("/items", {"list": []}, sent)) == Page(items=[])


@pytest.mark.parametrize(
    ("patch", "sent"),
    [
        (ProductPatch(name="Pro"), {"external_name": "Pro"}),
        (ProductPatch(description="d", unit_label="u"), {"description": "d", "unit": "u"}),
        (ProductPatch(description=None, unit_label=None, metadata=None), {"description": "", "unit": "", "metadata": "{}"}),
    ],
)
def test_an_update_sends_what_was_given_and_clears_with_an_empty_text(patch: ProductPatch, sent: dict[str, str]) -> None:
    """Case 2. The internal name, unique in the site, stays."""
    assert walk(PRODUCTS.update("a/b", patch), post("/items/a%2Fb", {"item": ITEM}, sent)) == PRODUCT


def test_metadata_is_merged_and_foreign_values_go_back_untouched() -> None:
    """Case 4."""
    known = Response(status=200, body=b'{"item":{"id":"pro","metadata":{"n":1.50,"keep":"k","drop":"d"}}}')
    answer = post("/items/pro", {"item": ITEM}, {"metadata": '{"n":1.50,"keep":"k","add":"a"}'})
    assert walk(PRODUCTS.update("pro", ProductPatch(metadata={"drop": "", "add": "a"})), get("/items/pro", known), answer) == PRODUCT
    with pytest.raises(NotFoundError):
        walk(PRODUCTS.update("pro", ProductPatch(metadata={"a": "b"})), get("/items/pro", {"item": ITEM | {"deleted": True}}))


@pytest.mark.parametrize("patch", [ProductPatch(), ProductPatch(metadata={})])
def test_an_update_of_nothing_only_reads(patch: ProductPatch) -> None:
    assert walk(PRODUCTS.update("pro", patch), get("/items/pro", {"item": ITEM})) == PRODUCT


def test_products_are_archived_and_put_back() -> None:
    """Case 68."""
    assert walk(PRODUCTS.archive("pro"), post("/items/pro", {"item": ITEM}, {"status": "archived"})) == PRODUCT
    assert walk(PRODUCTS.unarchive("pro"), post("/items/pro", {"item": ITEM}, {"status": "active"})) == PRODUCT


def test_products_are_deleted() -> None:
    assert walk(PRODUCTS.delete("pro"), post("/items/pro/delete", {"item": ITEM | {"deleted": True}})) is None
    with pytest.raises(NotFoundError):
        walk(PRODUCTS.delete("pro"), post("/items/pro/delete", refused(404, "resource_not_found")))
    with pytest.raises(InvalidStateError):
        walk(PRODUCTS.delete("pro"), post("/items/pro/delete", refused(409, "invalid_state_for_request")))


def test_a_product_that_is_gone_after_a_lost_answer_was_deleted_by_us() -> None:
    """Case 7."""
    again = post("/items/pro/delete", refused(404, "resource_not_found"))
    assert walk(PRODUCTS.delete("pro"), post("/items/pro/delete", lost()), again, retries=1) is None
