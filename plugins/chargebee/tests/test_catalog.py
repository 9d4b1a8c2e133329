"""Products and prices, request by request. (Vendor map, cases 25, 26, 36 and 63.)"""

from __future__ import annotations

from typing import Any

import pytest
from billbridge.errors import DuplicateError, NotFoundError, PrecisionError, ValidationError
from billbridge.model import (
    Interval,
    NewPrice,
    NewProduct,
    Page,
    Price,
    PriceQuery,
    PriceType,
    PricingModel,
    Product,
    ProductQuery,
)
from billbridge.money import Money
from billbridge.services import ProductService
from billbridge_chargebee import ChargebeeProvider

from .stepping import at, get, post, raw, refused, walk

PROVIDER = ChargebeeProvider(item_family="family")
PRODUCTS, PRICES = PROVIDER.products, PROVIDER.prices
ITEM: dict[str, Any] = {
    "id": "pro",
    "object": "item",
    "name": "pro-internal",
    "external_name": "Pro",
    "description": "All of it",
    "status": "active",
    "type": "plan",
    "item_family_id": "family",
    "metadata": {"a": "b", "n": 1},
    "updated_at": 1767225700,
    "deleted": False,
}
PRODUCT = Product(
    provider="chargebee",
    id="pro",
    raw=raw(ITEM),
    name="Pro",
    description="All of it",
    active=True,
    metadata={"a": "b", "n": "1"},
    created_at=None,
    updated_at=at(1767225700),
)
BARE_ITEM = {"id": "pro"}
BARE_PRODUCT = Product(provider="chargebee", id="pro", raw=raw(BARE_ITEM), name="pro")
ITEM_PRICE: dict[str, Any] = {
    "id": "pro-monthly",
    "object": "item_price",
    "name": "pro-monthly",
    "external_name": "Pro, monthly",
    "item_id": "pro",
    "item_type": "plan",
    "status": "active",
    "currency_code": "USD",
    "pricing_model": "per_unit",
    "price": 1900,
    "period": 3,
    "period_unit": "month",
    "metadata": {"a": "b"},
    "created_at": 1767225600,
    "updated_at": 1767225700,
    "deleted": False,
}
PRICE = Price(
    provider="chargebee",
    id="pro-monthly",
    raw=raw(ITEM_PRICE),
    product_id="pro",
    currency="USD",
    type=PriceType.RECURRING,
    model=PricingModel.PER_UNIT,
    unit_amount=Money("19.00", "USD"),
    interval=Interval.MONTH,
    interval_count=3,
    lookup_key="pro-monthly",
    nickname="Pro, monthly",
    active=True,
    metadata={"a": "b"},
    vendor_model="per_unit",
    vendor_interval="month",
    created_at=at(1767225600),
    updated_at=at(1767225700),
)
CREATION = {"id": "pro", "name": "Pro", "external_name": "Pro", "type": "plan", "item_family_id": "family"}


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (ITEM, PRODUCT),
        (BARE_ITEM, BARE_PRODUCT),
        (BARE_ITEM | {"name": "n"}, Product(provider="chargebee", id="pro", raw=raw(BARE_ITEM | {"name": "n"}), name="n")),
    ],
)
def test_every_field_of_a_product_is_read(sent: Any, read: Product) -> None:
    assert walk(PRODUCTS.get("pro"), get("/items/pro", {"item": sent})) == read


def test_an_archived_product_is_not_active() -> None:
    assert walk(PRODUCTS.get("pro"), get("/items/pro", {"item": ITEM | {"status": "archived"}})).active is False


@pytest.mark.parametrize("more", [{"deleted": True}, {"status": "deleted"}])
def test_deleted_products_and_prices_are_not_found(more: dict[str, Any]) -> None:
    with pytest.raises(NotFoundError, match="product") as caught:
        walk(PRODUCTS.get("pro"), get("/items/pro", {"item": ITEM | more}))
    assert caught.value.deleted
    with pytest.raises(NotFoundError, match="price") as caught:
        walk(PRICES.get("x"), get("/item_prices/x", {"item_price": ITEM_PRICE | more}))
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


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Pro Plan, 2nd Edition!", "pro-plan-2nd-edition"),
        ("Éco ﬁx", "eco-fix"),
        ("x" * 150, "x" * 100),
        ("プロ", "product-2c70e12b7a06"),  # of the idempotency key: nothing of the name can be used
    ],
)
def test_a_product_without_an_id_gets_one_of_its_name(name: str, id: str) -> None:
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


def test_what_else_goes_wrong_with_a_product_is_raised_as_it_is() -> None:
    new = NewProduct(id="pro", name="Pro")
    with pytest.raises(ValidationError):
        walk(products().create(new), FAMILY, post("/items", refused(400, "param_wrong_value", param="name"), CREATION))
    with pytest.raises(DuplicateError) as caught:
        walk(products().create(new), FAMILY, post("/items", refused(400, "duplicate_entry", param="id"), CREATION))
    assert caught.value.existing_id == "pro"
    family = {"id": "family", "name": "family"}
    with pytest.raises(ValidationError):
        walk(products().create(new), NO_FAMILY, post("/item_families", refused(400, "param_wrong_value"), family, step="family"))


def test_a_price_by_the_package_says_so() -> None:
    tiers = [{"starting_unit": 1, "price": 500, "pricing_type": "package", "package_size": 10}]
    sent = ITEM_PRICE | {"pricing_model": "volume", "tiers": tiers}
    assert walk(PRICES.get("p"), get("/item_prices/p", {"item_price": sent})).model is PricingModel.PACKAGE
    flat = ITEM_PRICE | {"pricing_model": "volume", "tiers": [{"starting_unit": 1, "price": 500, "pricing_type": "flat_fee"}]}
    assert walk(PRICES.get("p"), get("/item_prices/p", {"item_price": flat})).model is PricingModel.VOLUME


STATUSES = [
    (None, {"status[in]": '["active","archived"]'}),
    (True, {"status[is]": "active"}),
    (False, {"status[is]": "archived"}),
]


@pytest.mark.parametrize(("active", "sent"), STATUSES)
def test_plans_are_listed_by_their_last_change_and_never_deleted_ones(active: bool | None, sent: dict[str, str]) -> None:
    """Case 3."""
    entries = [{"item": ITEM}, {"item": ITEM | {"deleted": True}}, {"item": ITEM | {"status": "deleted"}}, {"item": BARE_ITEM}]
    answer = get(
        "/items", {"list": entries, "next_offset": "o"}, sent | {"type[is]": "plan", "sort_by[desc]": "updated_at", "limit": "100"}
    )
    assert walk(PRODUCTS.list(ProductQuery(active=active)), answer) == Page(items=[PRODUCT, BARE_PRODUCT], next_cursor="o")


BARE_PRICE = {"id": "p", "currency_code": "usd"}


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (ITEM_PRICE, PRICE),
        (
            BARE_PRICE,
            Price(
                provider="chargebee",
                id="p",
                raw=raw(BARE_PRICE),
                product_id="",
                currency="USD",
                type=PriceType.ONE_TIME,
                model=PricingModel.UNKNOWN,
                lookup_key="p",
            ),
        ),
    ],
)
def test_every_field_of_a_price_is_read(sent: Any, read: Price) -> None:
    assert walk(PRICES.get("p/1"), get("/item_prices/p%2F1", {"item_price": sent})) == read


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
        ({"pricing_model": "flat_fee"}, "model", PricingModel.FLAT),
        ({"pricing_model": "tiered", "price": None}, "model", PricingModel.GRADUATED),
        ({"pricing_model": "tiered", "price": None}, "unit_amount", None),
        ({"pricing_model": "volume"}, "model", PricingModel.VOLUME),
        ({"pricing_model": "stairstep"}, "model", PricingModel.STAIRSTEP),
        ({"pricing_model": "new_word"}, "model", PricingModel.UNKNOWN),
        ({"pricing_model": "new_word"}, "vendor_model", "new_word"),
        ({"period_unit": "day"}, "interval", Interval.DAY),
        ({"period_unit": "week"}, "interval", Interval.WEEK),
        ({"period_unit": "year"}, "interval", Interval.YEAR),
        ({"period_unit": "aeon"}, "interval", Interval.UNKNOWN),
        ({"period_unit": "aeon"}, "vendor_interval", "aeon"),
        ({"item_type": "charge", "period": None, "period_unit": None}, "type", PriceType.ONE_TIME),
        ({"item_type": "charge"}, "type", PriceType.ONE_TIME),
        ({"status": "archived"}, "active", False),
        ({"currency_code": "JPY", "price": 500}, "unit_amount", Money(500, "JPY")),
        ({"price": None, "price_in_decimal": "0.005"}, "unit_amount", Money("0.005", "USD")),
        ({"price": 1, "price_in_decimal": "0.005"}, "unit_amount", Money("0.005", "USD")),
    ],
)
def test_a_prices_words_and_amounts_become_ours(more: dict[str, Any], field: str, value: object) -> None:
    """Cases 17 and 26."""
    assert getattr(walk(PRICES.get("p"), get("/item_prices/p", {"item_price": ITEM_PRICE | more})), field) == value


def test_a_price_is_created_with_its_id_as_the_unique_name() -> None:
    new = NewPrice(
        id="pro-monthly",
        product="pro",
        amount=Money("19.00", "usd"),
        every="month",
        interval_count=3,
        nickname="Pro, monthly",
        metadata={"a": "b"},
    )
    sent = {
        "id": "pro-monthly",
        "name": "pro-monthly",
        "external_name": "Pro, monthly",
        "item_id": "pro",
        "currency_code": "USD",
        "pricing_model": "per_unit",
        "price": "1900",
        "period": "3",
        "period_unit": "month",
        "metadata": '{"a":"b"}',
    }
    assert walk(PRICES.create(new), post("/item_prices", {"item_price": ITEM_PRICE}, sent)) == PRICE


@pytest.mark.parametrize(
    ("new", "id", "price", "model"),
    [
        (NewPrice(product="pro", amount=Money(0, "USD"), every="month"), "pro-USD-monthly", "0", "per_unit"),
        (NewPrice(product="pro", amount=Money(5, "JPY"), every="day"), "pro-JPY-daily", "5", "per_unit"),
        (NewPrice(product="pro", amount=Money(5, "KWD"), every="week", model="flat"), "pro-KWD-weekly", "500", "flat_fee"),
        (NewPrice(product="pro", amount=Money(1, "EUR"), every="year"), "pro-EUR-yearly", "100", "per_unit"),
        (NewPrice(product="pro", amount=Money(1, "EUR"), every="month", interval_count=3), "pro-EUR-every-3-months", "100", "per_unit"),
    ],
)
def test_a_price_without_an_id_is_named_after_product_currency_and_period(new: NewPrice, id: str, price: str, model: str) -> None:
    """Case 25."""
    sent = {
        "id": id,
        "name": id,
        "item_id": "pro",
        "currency_code": new.amount.currency,
        "pricing_model": model,
        "price": price,
        "period": str(new.interval_count),
        "period_unit": str(new.every),
    }
    assert walk(PRICES.create(new), post("/item_prices", {"item_price": ITEM_PRICE}, sent)) == PRICE


@pytest.mark.parametrize("amount", [Money("1.234", "KWD"), Money("0.005", "USD"), Money("0.5", "JPY")])
def test_a_price_finer_than_chargebees_unit_is_not_sent(amount: Money) -> None:
    """Case 25."""
    with pytest.raises(PrecisionError):
        walk(PRICES.create(NewPrice(product="pro", amount=amount, every="month")))


@pytest.mark.parametrize(("active", "sent"), STATUSES)
@pytest.mark.parametrize(("product", "filter"), [(None, {}), ("pro", {"item_id[is]": "pro"})])
def test_prices_are_listed_by_their_last_change(
    active: bool | None, sent: dict[str, str], product: str | None, filter: dict[str, str]
) -> None:
    entries = [
        {"item_price": ITEM_PRICE},
        {"item_price": ITEM_PRICE | {"deleted": True}},
        {"item_price": ITEM_PRICE | {"status": "deleted"}},
    ]
    wanted = sent | filter | {"sort_by[desc]": "updated_at", "limit": "5", "offset": "o"}
    query = PriceQuery(product=product, active=active, page_size=5, cursor="o")
    assert walk(PRICES.list(query), get("/item_prices", {"list": entries}, wanted)) == Page(items=[PRICE], next_cursor=None)
