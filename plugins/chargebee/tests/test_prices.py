"""Prices, request by request. (Vendor map, cases 2 to 4, 17, 25, 26, 30, 67 and 68; tiers are in `test_tiers`.)"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from billbridge.errors import DuplicateError, NotFoundError, PrecisionError, ValidationError
from billbridge.flow import Response
from billbridge.model import Interval, NewPrice, Page, Price, PricePatch, PriceQuery, PriceType, PricingModel, Tier, UsageType
from billbridge.model.raw import RawJson
from billbridge.money import Money
from billbridge_chargebee import ChargebeeProvider

from .stepping import at, get, lost, post, raw, refused, walk

PRICES = ChargebeeProvider().prices
EXACT = ChargebeeProvider(multi_decimal=True).prices
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
    "trial_period": 14,
    "trial_period_unit": "day",
    "billing_cycles": 12,
    "free_quantity": 2,
    "metadata": {"a": "b"},
    "created_at": 1767225600,
    "updated_at": 1767225700,
    "deleted": False,
}
PRICE = Price(
    provider="chargebee",
    id="pro-monthly",
    raw=RawJson(raw(ITEM_PRICE)),
    product_id="pro",
    currency="USD",
    type=PriceType.RECURRING,
    model=PricingModel.PER_UNIT,
    unit_amount=Money("19.00", "USD"),
    interval=Interval.MONTH,
    interval_count=3,
    usage_type=UsageType.UNKNOWN,
    trial_days=14,
    billing_cycles=12,
    free_quantity=Decimal(2),
    lookup_key="pro-monthly",
    nickname="Pro, monthly",
    active=True,
    metadata={"a": "b"},
    vendor_model="per_unit",
    vendor_interval="month",
    created_at=at(1767225600),
    updated_at=at(1767225700),
)
BARE_PRICE = {"id": "p", "currency_code": "usd"}
BARE_READ = Price(
    provider="chargebee",
    id="p",
    raw=RawJson(raw(BARE_PRICE)),
    product_id="",
    currency="USD",
    type=PriceType.ONE_TIME,
    model=PricingModel.UNKNOWN,
    lookup_key="p",
)
PLAN = get("/items/pro", {"item": {"id": "pro", "type": "plan"}})


def read(sent: dict[str, Any]) -> Price:
    found = walk(PRICES.get("p"), get("/item_prices/p", {"item_price": sent}))
    assert isinstance(found, Price)
    return found


@pytest.mark.parametrize(("sent", "price"), [(ITEM_PRICE, PRICE), (BARE_PRICE, BARE_READ)])
def test_every_field_of_a_price_is_read(sent: Any, price: Price) -> None:
    assert walk(PRICES.get("p/1"), get("/item_prices/p%2F1", {"item_price": sent})) == price


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
        ({"item_type": "charge"}, "usage_type", UsageType.LICENSED),
        ({"status": "archived"}, "active", False),
        ({"trial_period_unit": "month"}, "trial_days", None),
        ({"free_quantity": 0}, "free_quantity", None),
        ({"free_quantity": 2, "free_quantity_in_decimal": "2.5"}, "free_quantity", Decimal("2.5")),
        ({"currency_code": "JPY", "price": 500}, "unit_amount", Money(500, "JPY")),
        ({"price": None, "price_in_decimal": "0.005"}, "unit_amount", Money("0.005", "USD")),
        ({"price": 1, "price_in_decimal": "0.005"}, "unit_amount", Money("0.005", "USD")),
    ],
)
def test_a_prices_words_and_amounts_become_ours(more: dict[str, Any], field: str, value: object) -> None:
    """Cases 17 and 26."""
    assert getattr(read(ITEM_PRICE | more), field) == value


@pytest.mark.parametrize("more", [{"deleted": True}, {"status": "deleted"}])
def test_deleted_prices_are_not_found(more: dict[str, Any]) -> None:
    with pytest.raises(NotFoundError, match="price") as caught:
        read(ITEM_PRICE | more)
    assert caught.value.deleted


def test_a_price_is_created_with_its_id_as_the_unique_name_after_its_item_was_read() -> None:
    new = NewPrice(
        id="pro-monthly",
        product="pro",
        amount=Money("19.00", "usd"),
        every="month",
        interval_count=3,
        trial_days=14,
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
        "trial_period": "14",
        "trial_period_unit": "day",
        "metadata": '{"a":"b"}',
    }
    assert walk(PRICES.create(new), PLAN, post("/item_prices", {"item_price": ITEM_PRICE}, sent)) == PRICE


@pytest.mark.parametrize(
    ("new", "start", "price", "model"),
    [
        (NewPrice(product="pro", amount=Money(0, "USD"), every="month"), "pro-USD-monthly", "0", "per_unit"),
        (NewPrice(product="pro", amount=Money(500, "JPY"), every="day"), "pro-JPY-daily", "500", "per_unit"),
        (
            NewPrice(product="pro", amount=Money("1.230", "KWD"), every="week", model="flat"),
            "pro-KWD-weekly",
            "123",
            "flat_fee",
        ),
        (NewPrice(product="pro", amount=Money(5, "ISK"), every="year"), "pro-ISK-yearly", "500", "per_unit"),
        (NewPrice(product="pro", amount=Money(5, "UGX"), every="year"), "pro-UGX-yearly", "5", "per_unit"),
        (NewPrice(product="pro", amount=Money("10.45", "HUF"), every="year"), "pro-HUF-yearly", "1045", "per_unit"),
        (
            NewPrice(product="pro", amount=Money(1, "EUR"), every="month", interval_count=3),
            "pro-EUR-every-3-months",
            "100",
            "per_unit",
        ),
    ],
)
def test_a_price_without_an_id_is_named_after_product_currency_period_and_key(new: NewPrice, start: str, price: str, model: str) -> None:
    """Case 25."""
    id = f"{start}-2c70e12b7a06"
    sent = {
        "id": id,
        "name": id,
        "item_id": "pro",
        "currency_code": new.currency,
        "pricing_model": model,
        "price": price,
        "period": str(new.interval_count),
        "period_unit": str(new.every),
    }
    assert walk(PRICES.create(new), PLAN, post("/item_prices", {"item_price": ITEM_PRICE}, sent)) == PRICE


@pytest.mark.parametrize("amount", [Money("1.234", "KWD"), Money("0.005", "USD"), Money("0.5", "JPY"), Money("0.5", "UGX")])
def test_a_price_finer_than_chargebees_unit_is_not_sent(amount: Money) -> None:
    """Case 25."""
    with pytest.raises(PrecisionError) as caught:
        walk(PRICES.create(NewPrice(product="pro", amount=amount, every="month")))
    assert "multi_decimal=True" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("amount", "text"), [(Money("1.234", "KWD"), "1.234"), (Money("0.005", "USD"), "0.005"), (Money("1E+3", "JPY"), "1000")]
)
def test_sites_with_multi_decimal_pricing_get_major_units(amount: Money, text: str) -> None:
    """Cases 25 and 26."""
    id = f"pro-{amount.currency}-monthly-2c70e12b7a06"
    sent = {
        "id": id,
        "name": id,
        "item_id": "pro",
        "currency_code": amount.currency,
        "pricing_model": "per_unit",
        "price_in_decimal": text,
        "period": "1",
        "period_unit": "month",
    }
    new = NewPrice(product="pro", amount=amount, every="month", allow_fractional=True)
    assert walk(EXACT.create(new), PLAN, post("/item_prices", {"item_price": ITEM_PRICE}, sent)) == PRICE


def test_more_decimals_than_multi_decimal_pricing_has_are_not_sent() -> None:
    """Case 25."""
    most = Money("0.00000000000000000001", "USD")
    with pytest.raises(PrecisionError):
        walk(EXACT.create(NewPrice(product="pro", amount=Money(most.amount / 2, "USD"), every="month")))


def test_a_one_time_price_has_no_period() -> None:
    charge = get("/items/pro", {"item": {"id": "pro", "type": "charge"}})
    sent = {
        "id": "pro-USD-one-time-2c70e12b7a06",
        "name": "pro-USD-one-time-2c70e12b7a06",
        "item_id": "pro",
        "currency_code": "USD",
        "pricing_model": "per_unit",
        "price": "100",
    }
    new = NewPrice(product="pro", amount=Money(1, "USD"), every=None)
    assert walk(PRICES.create(new), charge, post("/item_prices", {"item_price": ITEM_PRICE}, sent)) == PRICE


def test_tiers_are_sent_by_column() -> None:
    """Cases 1 and 30."""
    tiers = [Tier(up_to=10, unit_amount=Money(5, "USD")), Tier(unit_amount=Money("4.50", "USD"))]
    sent = {
        "id": "pro-USD-monthly-2c70e12b7a06",
        "name": "pro-USD-monthly-2c70e12b7a06",
        "item_id": "pro",
        "currency_code": "USD",
        "pricing_model": "tiered",
        "tiers[starting_unit][0]": "1",
        "tiers[ending_unit][0]": "10",
        "tiers[price][0]": "500",
        "tiers[starting_unit][1]": "11",
        "tiers[price][1]": "450",
        "period": "1",
        "period_unit": "month",
    }
    new = NewPrice(product="pro", tiers=tiers, model="graduated", every="month")
    assert walk(PRICES.create(new), PLAN, post("/item_prices", {"item_price": ITEM_PRICE}, sent)) == PRICE
    decimals = {
        "tiers[starting_unit_in_decimal][0]": "0",
        "tiers[ending_unit_in_decimal][0]": "10",
        "tiers[price_in_decimal][0]": "5",
        "tiers[starting_unit_in_decimal][1]": "10",
        "tiers[price_in_decimal][1]": "4.50",
    }
    plain = {name: value for name, value in sent.items() if not name.startswith("tiers")}
    assert walk(EXACT.create(new), PLAN, post("/item_prices", {"item_price": ITEM_PRICE}, plain | decimals)) == PRICE


USD = Money(1, "USD")
METERED = {"id": "pro", "type": "addon", "metered": True}


@pytest.mark.parametrize(
    ("new", "item", "word"),
    [
        (NewPrice(product="pro", amount=USD, every=None), {"id": "pro", "type": "plan"}, "kind 'charge'"),
        (NewPrice(product="pro", amount=USD, every="month"), {"id": "pro", "type": "charge"}, "one-time prices only"),
        (NewPrice(product="pro", amount=USD, every="month", usage_type="metered"), {"id": "pro", "type": "plan"}, "metered product"),
        (NewPrice(product="pro", amount=USD, every="month"), METERED, "count usage"),
        (NewPrice(product="pro", amount=USD, every="month", trial_days=3), {"id": "pro", "type": "addon"}, "trial"),
    ],
)
def test_a_price_that_its_product_cannot_have_is_refused_before_it_is_written(new: NewPrice, item: dict[str, Any], word: str) -> None:
    with pytest.raises(ValidationError, match=word) as caught:
        walk(PRICES.create(new), get("/items/pro", {"item": item}))
    assert (caught.value.param, caught.value.provider) == ("product", "chargebee")


def test_a_metered_product_has_metered_prices() -> None:
    new = NewPrice(product="pro", amount=USD, every="month", usage_type="metered")
    sent = {
        "id": "pro-USD-monthly-2c70e12b7a06",
        "name": "pro-USD-monthly-2c70e12b7a06",
        "item_id": "pro",
        "currency_code": "USD",
        "pricing_model": "per_unit",
        "price": "100",
        "period": "1",
        "period_unit": "month",
    }
    made = post("/item_prices", {"item_price": ITEM_PRICE}, sent)
    assert walk(PRICES.create(new), get("/items/pro", {"item": METERED}), made) == PRICE


@pytest.mark.parametrize("gone", [{"deleted": True}, {"status": "deleted"}])
def test_a_price_of_a_deleted_product_is_not_made(gone: dict[str, Any]) -> None:
    with pytest.raises(NotFoundError):
        walk(PRICES.create(NewPrice(product="pro", amount=USD, every="month")), get("/items/pro", {"item": {"id": "pro"} | gone}))


NEW = NewPrice(id="p", product="pro", amount=USD, every="month")
NEW_SENT = {
    "id": "p",
    "name": "p",
    "item_id": "pro",
    "currency_code": "USD",
    "pricing_model": "per_unit",
    "price": "100",
    "period": "1",
    "period_unit": "month",
}
TAKEN = post("/item_prices", refused(400, "duplicate_entry", param="item_id"), NEW_SENT)
OF_SAME_PERIOD = {
    "item_id[is]": "pro",
    "currency_code[is]": "USD",
    "period[is]": "1",
    "period_unit[is]": "month",
    "status[in]": '["active","archived"]',
    "limit": "100",
}
VARIANT = {"id": "billbridge-3", "name": "billbridge-3", "attributes[name][0]": "created by", "attributes[value][0]": "Billbridge"}


def listed(*ids: tuple[str, str | None]) -> Any:
    rows = [{"item_price": {"id": id, "currency_code": "USD", "price_variant_id": variant}} for id, variant in ids]
    return get("/item_prices", {"list": rows}, OF_SAME_PERIOD)


@pytest.mark.parametrize("there", [{"price_variant": {"id": "billbridge-3"}}, refused(400, "duplicate_entry", param="id")])
def test_a_second_price_of_one_period_gets_the_next_price_variant(there: Any) -> None:
    """Case 67: Chargebee has one price per item, currency, period and variant. All products share the variants."""
    first = listed(("old", None), ("older", "billbridge-2"), ("other", "mine"))
    variant = post("/price_variants", there, VARIANT, step="variant-billbridge-3")
    made = post("/item_prices", {"item_price": ITEM_PRICE}, NEW_SENT | {"price_variant_id": "billbridge-3"}, step="billbridge-3")
    assert walk(PRICES.create(NEW), PLAN, TAKEN, first, variant, made) == PRICE


def test_a_repeated_call_sends_the_price_of_its_lost_answer_again_with_the_same_variant() -> None:
    variant = post("/price_variants", refused(400, "duplicate_entry", param="id"), VARIANT, step="variant-billbridge-3")
    made = post("/item_prices", {"item_price": ITEM_PRICE}, NEW_SENT | {"price_variant_id": "billbridge-3"}, step="billbridge-3")
    assert walk(PRICES.create(NEW), PLAN, TAKEN, listed(("old", None), ("p", "billbridge-3")), variant, made) == PRICE


def test_a_price_whose_id_holds_the_key_is_found_when_its_call_is_repeated() -> None:
    id = "pro-USD-monthly-2c70e12b7a06"
    new = NewPrice(product="pro", amount=USD, every="month")
    taken = post("/item_prices", refused(400, "duplicate_entry", param="id"), NEW_SENT | {"id": id, "name": id})
    found = get(f"/item_prices/{id}", {"item_price": ITEM_PRICE})
    assert walk(PRICES.create(new), PLAN, taken, listed((id, None)), found) == PRICE


@pytest.mark.parametrize("others", [(), (("p", None),)], ids=["the id of another product", "the id of this product"])
def test_an_id_that_is_taken_raises_duplicate_error(others: tuple[tuple[str, str | None], ...]) -> None:
    with pytest.raises(DuplicateError):
        walk(PRICES.create(NEW), PLAN, TAKEN, listed(*others))


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        (PriceQuery(), {"status[in]": '["active","archived"]', "limit": "100"}),
        (PriceQuery(active=True, product="pro"), {"status[is]": "active", "item_id[is]": "pro", "limit": "100"}),
        (
            PriceQuery(active=False, currency="usd", type="one_time", page_size=5, cursor="o"),
            {"status[is]": "archived", "currency_code[is]": "USD", "item_type[is]": "charge", "limit": "5", "offset": "o"},
        ),
        (
            PriceQuery(type="recurring", lookup_keys=["a", "b"]),
            {"status[in]": '["active","archived"]', "item_type[in]": '["plan","addon"]', "id[in]": '["a","b"]', "limit": "100"},
        ),
    ],
)
def test_prices_are_listed_by_their_last_change(query: PriceQuery, sent: dict[str, str]) -> None:
    """Case 3."""
    entries = [{"item_price": each} for each in (ITEM_PRICE, ITEM_PRICE | {"deleted": True}, ITEM_PRICE | {"status": "deleted"})]
    answer = get("/item_prices", {"list": entries, "next_offset": "p"}, sent | {"sort_by[desc]": "updated_at"})
    assert walk(PRICES.list(query), answer) == Page(items=[PRICE], next_cursor="p")


@pytest.mark.parametrize(
    ("patch", "sent"),
    [
        (PricePatch(nickname="n"), {"external_name": "n"}),
        (PricePatch(nickname=None, metadata=None), {"external_name": "", "metadata": "{}"}),
    ],
)
def test_an_update_sends_what_was_given_and_clears_with_an_empty_text(patch: PricePatch, sent: dict[str, str]) -> None:
    """Case 2."""
    assert walk(PRICES.update("a/b", patch), post("/item_prices/a%2Fb", {"item_price": ITEM_PRICE}, sent)) == PRICE


def test_metadata_is_merged_and_foreign_values_go_back_untouched() -> None:
    """Case 4."""
    known = Response(status=200, body=b'{"item_price":{"id":"p","currency_code":"USD","metadata":{"n":1.50,"drop":"d"}}}')
    answer = post("/item_prices/p", {"item_price": ITEM_PRICE}, {"metadata": '{"n":1.50,"add":"a"}'})
    assert walk(PRICES.update("p", PricePatch(metadata={"drop": "", "add": "a"})), get("/item_prices/p", known), answer) == PRICE


def test_an_update_of_nothing_only_reads() -> None:
    assert walk(PRICES.update("p", PricePatch()), get("/item_prices/p", {"item_price": ITEM_PRICE})) == PRICE


def test_prices_are_archived_and_put_back() -> None:
    """Case 68."""
    assert walk(PRICES.archive("p"), post("/item_prices/p", {"item_price": ITEM_PRICE}, {"status": "archived"})) == PRICE
    assert walk(PRICES.unarchive("p"), post("/item_prices/p", {"item_price": ITEM_PRICE}, {"status": "active"})) == PRICE


def test_prices_are_deleted_and_one_that_is_gone_after_a_lost_answer_was_deleted_by_us() -> None:
    """Case 7."""
    path = "/item_prices/p/delete"
    assert walk(PRICES.delete("p"), post(path, {"item_price": ITEM_PRICE | {"deleted": True}})) is None
    with pytest.raises(NotFoundError):
        walk(PRICES.delete("p"), post(path, refused(404, "resource_not_found")))
    assert walk(PRICES.delete("p"), post(path, lost()), post(path, refused(404, "resource_not_found")), retries=1) is None
