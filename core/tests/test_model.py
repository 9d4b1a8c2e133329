from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from billbridge import Address, Item, Money
from billbridge.errors import ValidationError
from billbridge.model import (
    UNSET,
    Cancellation,
    CancelTiming,
    Card,
    CardBrand,
    Customer,
    CustomerPatch,
    CustomerQuery,
    Draft,
    Entity,
    Interval,
    NewCustomer,
    NewPaymentMethod,
    NewPrice,
    NewProduct,
    NewSubscription,
    PaymentMethodSetup,
    PricingModel,
    SetupStatus,
    SetupWay,
    SubscriptionStatus,
)
from billbridge.model.raw import RawJson

# Wrong types are what is tested here, so their calls are marked `type: ignore`.
TEN = Money(10, "USD")
ITEMS = [Item(price="p")]
# Each type that is ignored in these tables is the wrong one that the row passes: checkers refuse it too.


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: NewCustomer(email=5), "email must be str"),  # type: ignore[arg-type]
        (lambda: NewCustomer(id=""), "id is empty"),
        (lambda: NewCustomer(id=".."), r"id must not be '\.\.'"),
        (lambda: NewCustomer(name="\ud800"), "name is not valid Unicode"),
        (lambda: NewCustomer(name="a\x00b"), "name holds a NUL"),
        (lambda: NewCustomer(metadata={"a": 1}), r"metadata\[\.{3}\] must be str"),  # type: ignore[dict-item]
        (lambda: NewCustomer(metadata={"a": "\x00"}), "metadata holds a NUL"),
        (lambda: NewCustomer(address=Address(country="GBR")), "two-letter"),
        (lambda: NewCustomer(address=Address(line1="x", country="1X")), "two-letter"),
        (lambda: NewCustomer(address=Address()), "address is empty"),
        (lambda: CustomerPatch(address=Address()), "address is empty"),
        (lambda: NewProduct(name=" "), "name is empty"),
        (lambda: NewProduct(name="x", id=" "), "id is empty"),
        (lambda: NewPrice(product="p", amount=19.0, every="month"), "amount must be Money"),  # type: ignore[arg-type]
        (lambda: NewPrice(product="p", amount="19", every="month"), "amount must be Money"),  # type: ignore[arg-type]
        (lambda: NewPrice(product="p", amount=TEN, every="fortnight"), "every must be one of day, week, month, year"),  # type: ignore[arg-type]
        (lambda: NewPrice(product="p", amount=TEN, every="unknown"), "every must be one of"),  # type: ignore[arg-type]
        (lambda: NewPrice(product="p", amount=-TEN, every="month"), "must be 0 or more"),
        (lambda: NewPrice(product="p", amount=TEN, every="month", interval_count=0), "interval_count must be 1"),
        (lambda: NewPrice(product="p", amount=TEN, every="month", interval_count=True), "interval_count must be int"),
        (lambda: NewPrice(product="p", amount=TEN, every="month", model="volume"), "takes tiers, not amount"),
        (lambda: NewPrice(product="", amount=TEN, every="month"), "product is empty"),
        (lambda: NewPaymentMethod(token=""), "token is empty"),
        (lambda: Item(price=""), "price is empty"),
        (lambda: Item(price="p", quantity=0), "quantity must be 1"),
        (lambda: Item(price="p", quantity=1.5), "quantity must be int"),  # type: ignore[arg-type]
        (lambda: NewSubscription(customer="c", items=[]), "at least one price"),
        (lambda: NewSubscription(customer="c", items=[*ITEMS, *ITEMS]), "two items have the same price"),
        (lambda: NewSubscription(customer="c", items=["p"]), r"items\[0\] must be Item, not str"),  # type: ignore[list-item]
        (lambda: NewSubscription(customer="c", items=ITEMS, trial_end=datetime(2026, 1, 1)), "trial_end is a naive datetime"),
        (lambda: NewSubscription(customer="c", items=ITEMS, trial_days=0), "trial_days must be 1"),
        (
            lambda: NewSubscription(customer="c", items=ITEMS, trial_days=1, trial_end=datetime(2026, 1, 1, tzinfo=UTC)),
            "were both passed",
        ),
        (lambda: NewSubscription(customer="c", items=ITEMS, payment_method=""), "payment_method is empty"),
        (lambda: Cancellation(timing="tomorrow"), "timing must be one of now, period_end"),  # type: ignore[arg-type]
        (lambda: CustomerQuery(page_size=0), "page_size must be 1 to 100"),
        (lambda: CustomerQuery(page_size=101), "page_size must be 1 to 100"),
        (lambda: CustomerQuery(email=""), "email is empty"),
    ],
)
def test_bad_input_is_refused_when_the_draft_is_made(make: Any, says: str) -> None:
    with pytest.raises(ValidationError, match=says) as caught:
        make()
    assert caught.value.param


def test_words_may_be_spelled_as_text_or_as_the_enum() -> None:
    assert NewPrice(product="p", amount=TEN, every="month").every is Interval.MONTH
    assert NewPrice(product="p", amount=TEN, every=Interval.YEAR, model="flat").model is PricingModel.FLAT
    assert Cancellation(timing="now").timing is CancelTiming.NOW


def test_times_become_utc_in_whole_seconds() -> None:
    paris = datetime(2026, 1, 1, 12, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=1)))
    new = NewSubscription(customer="c", items=ITEMS, trial_end=paris)
    assert new.trial_end == datetime(2026, 1, 1, 11, 0, 0, tzinfo=UTC)
    assert new.trial_end is not None
    assert new.trial_end.tzinfo is UTC


def test_in_a_patch_unset_none_and_a_value_are_three_things() -> None:
    patch = CustomerPatch(name=None, email="a@b.c")
    assert (patch.name, patch.email, patch.phone) == (None, "a@b.c", UNSET)


def test_unknown_words_of_vendors_read_as_unknown() -> None:
    """Case 17."""
    assert SubscriptionStatus("frozen_solid") is SubscriptionStatus.UNKNOWN
    assert CardBrand("eftpos") is CardBrand.UNKNOWN


def test_reprs_hold_no_personal_data() -> None:
    address = Address(line1="12 Park Lane", country="GB")
    customer = Customer(provider="stripe", id="cus_1", email="ada@example.com", name="Ada", address=address, raw=RawJson(b'{"n":"Ada"}'))
    assert repr(customer) == "Customer(id='cus_1', provider='stripe')"
    assert repr(address) == "Address(…)"
    assert repr(NewCustomer(email="ada@example.com", metadata={"k": "v"})) == "NewCustomer(email=…, metadata=…)"
    assert repr(CustomerPatch(name=None, phone="1")) == "CustomerPatch(phone=…)"
    assert repr(Card(brand=CardBrand.VISA, last4="4242", exp_month=1, exp_year=2030)) == "Card(brand='visa')"


def test_the_repr_of_a_setup_holds_nothing_that_its_page_can_be_opened_with() -> None:
    """The address of a Chargebee page is made of its id."""
    id = "zcM7q1eEjIN8VuZV0GU1I2qbr4pkxNyH"
    setup = PaymentMethodSetup(
        provider="chargebee",
        id=id,
        customer_id="ada",
        way=SetupWay.HOSTED,
        status=SetupStatus.PENDING,
        url=f"https://acme.chargebee.com/pages/v3/{id}/",
        client_secret="seti_1_secret_2",
    )
    assert repr(setup) == "PaymentMethodSetup(way='hosted', status='pending', provider='chargebee')"


def test_raw_json_keeps_every_field_and_is_exact() -> None:
    entity = Entity(provider="x", id="1", raw=RawJson(b'{"rate": 0.1, "odd": {"new": null}}'))
    assert str(entity.raw_json()["rate"]) == "0.1"
    assert entity.raw_json()["odd"] == {"new": None}


def all_drafts(kind: type[Draft] = Draft) -> list[type[Draft]]:
    return [kind, *(deeper for sub in kind.__subclasses__() for deeper in all_drafts(sub))]


def test_every_field_that_is_called_an_id_exists() -> None:
    for kind in all_drafts():
        assert kind.id_fields <= set(kind.__struct_fields__), kind


def test_entities_and_drafts_are_frozen() -> None:
    with pytest.raises(AttributeError):
        NewCustomer(email="a@example.com").email = "b"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Customer(provider="x", id="1").id = "2"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: NewCustomer(name=datetime(2026, 1, 1, tzinfo=UTC)), "name must be str"),  # type: ignore[arg-type]
        (lambda: NewCustomer(address=Address(country=12)), r"address\.country must be a string"),  # type: ignore[arg-type]
        (lambda: NewCustomer(address=Address(line1="\ud800")), r"address\.line1 is not valid Unicode"),
        (lambda: NewCustomer(address=Address(city="a\x00")), r"address\.city holds a NUL"),
        (
            lambda: NewSubscription(customer="c", items=ITEMS, trial_end=datetime.fromisoformat("0001-01-01T00:00:00+05:00")),
            "trial_end is outside the years",
        ),
    ],
)
def test_what_has_the_wrong_type_inside_is_refused_too(make: Any, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        make()


def test_rich_is_shown_no_field() -> None:
    customer = Customer(provider="stripe", id="cus_1", email="ada@example.com", address=Address(line1="12 Park Lane"))
    for value in (
        customer,
        customer.address,
        NewCustomer(email="a@example.com"),
        Card(brand=CardBrand.VISA, last4="4242", exp_month=1, exp_year=2030),
    ):
        assert list(value.__rich_repr__()) == []  # type: ignore[union-attr]
