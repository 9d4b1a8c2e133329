"""Customers, request by request. (Vendor map, cases 2, 4, 5, 20, 63 to 66.)"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from billbridge.errors import (
    DuplicateError,
    InvalidStateError,
    NotFoundError,
    OutcomeUnknownError,
    PartialFailureError,
    ProtocolError,
    TransportError,
    ValidationError,
)
from billbridge.flow import Response
from billbridge.model import (
    Address,
    Customer,
    CustomerPatch,
    CustomerQuery,
    NewCustomer,
    NewTaxId,
    Page,
    TaxExempt,
    TaxId,
    TaxIdStatus,
)
from billbridge.model.raw import RawJson
from billbridge.money import Money
from billbridge_chargebee import ChargebeeProvider

from .stepping import at, get, lost, post, raw, refused, walk

CUSTOMERS = ChargebeeProvider().customers
SENT: dict[str, Any] = {  # every field that is read, and some that are not
    "id": "ada",
    "object": "customer",
    "first_name": "Augusta Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "phone": "+44 20 7946 0000",
    "company": "Analytical Engines",
    "locale": "en-GB",
    "auto_collection": "on",
    "taxability": "exempt",
    "preferred_currency_code": "GBP",
    "promotional_credits": 100,
    "refundable_credits": 20,
    "excess_payments": 3,
    "vat_number": "123456789",
    "vat_number_status": "valid",
    "billing_address": {
        "object": "billing_address",
        "first_name": "Ada",
        "line1": "12 St James's Square",
        "line2": "2nd floor",
        "line3": "left",
        "city": "London",
        "state": "Greater London",
        "zip": "SW1Y 4JH",
        "country": "GB",
        "validation_status": "not_validated",
    },
    "meta_data": {"text": "a", "number": 1, "deep": {"x": [None]}, "none": None},
    "primary_payment_source_id": "pm_1",
    "created_at": 1767225600,
    "updated_at": 1767225700,
    "resource_version": 1767225700123,
    "deleted": False,
}
READ = Customer(
    provider="chargebee",
    id="ada",
    raw=RawJson(raw(SENT)),
    email="ada@example.com",
    name="Augusta Ada Lovelace",
    given_name="Augusta Ada",
    family_name="Lovelace",
    company="Analytical Engines",
    phone="+44 20 7946 0000",
    locale="en-GB",
    address=Address(
        line1="12 St James's Square", line2="2nd floor", city="London", state="Greater London", postal_code="SW1Y 4JH", country="GB"
    ),
    tax_exempt=TaxExempt.EXEMPT,
    vendor_tax_exempt="exempt",
    tax_ids=[TaxId(id="vat_number", type="gb_vat", value="GB123456789", status=TaxIdStatus.VERIFIED, vendor_status="valid", country="GB")],
    currency="GBP",
    credit_balance=[Money("1.23", "GBP")],
    auto_collection=True,
    metadata={"text": "a", "number": "1", "deep": '{"x":[null]}', "none": "null"},
    default_payment_method_id="pm_1",
    created_at=at(1767225600),
    updated_at=at(1767225700),
)
BARE = {"id": "ada"}
BARE_READ = Customer(provider="chargebee", id="ada", raw=RawJson(raw(BARE)), tax_ids=[])
ADDRESS = {
    "billing_address[line1]": "",
    "billing_address[line2]": "",
    "billing_address[line3]": "",
    "billing_address[city]": "",
    "billing_address[state_code]": "",
    "billing_address[state]": "",
    "billing_address[zip]": "",
    "billing_address[country]": "",
}


@pytest.mark.parametrize(("sent", "read"), [(SENT, READ), (BARE, BARE_READ)])
def test_every_field_is_read_and_what_is_absent_is_none(sent: Any, read: Customer) -> None:
    assert walk(CUSTOMERS.get("ada"), get("/customers/ada", {"customer": sent, "card": {"id": "x"}})) == read


def test_null_is_read_like_absent() -> None:
    nulls = {name: None for name in SENT if name not in ("id", "object")} | {"id": "ada"}
    read = walk(CUSTOMERS.get("ada"), get("/customers/ada", {"customer": nulls}))
    assert read == msgspec.structs.replace(BARE_READ, raw=RawJson(raw(nulls)))


def test_raw_is_exactly_the_objects_own_bytes() -> None:
    own = b'{ "id":\t"ada", "cf_own": 1.50 }'
    read = walk(CUSTOMERS.get("ada"), get("/customers/ada", Response(status=200, body=b'{"card":{}, "customer": ' + own + b" }")))
    assert bytes(read.raw) == own


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ({"first_name": "Prince"}, "Prince"),
        ({"last_name": "Prince"}, "Prince"),
        ({"first_name": "", "last_name": ""}, None),
        ({"first_name": "José Luis", "last_name": "Çelik"}, "José Luis Çelik"),
    ],
)
def test_names_are_joined(parts: dict[str, str], name: str | None) -> None:
    assert walk(CUSTOMERS.get("ada"), get("/customers/ada", {"customer": BARE | parts})).name == name


@pytest.mark.parametrize(
    ("sent", "state"),
    [({"state": "California", "state_code": "CA"}, "CA"), ({"state": "Bayern"}, "Bayern"), ({"state_code": ""}, None)],
)
def test_a_regions_code_goes_before_its_name(sent: dict[str, str], state: str | None) -> None:
    address = walk(CUSTOMERS.get("ada"), get("/customers/ada", {"customer": BARE | {"billing_address": sent}})).address
    assert address == (Address(state=state) if state else None)


@pytest.mark.parametrize(
    ("word", "read"),
    [("taxable", TaxExempt.NONE), ("zero_rated", TaxExempt.ZERO_RATED), ("new_word", TaxExempt.UNKNOWN)],
)
def test_taxability_becomes_ours_and_the_word_is_kept(word: str, read: TaxExempt) -> None:
    """Case 17."""
    customer = walk(CUSTOMERS.get("ada"), get("/customers/ada", {"customer": BARE | {"taxability": word}}))
    assert (customer.tax_exempt, customer.vendor_tax_exempt) == (read, word)


@pytest.mark.parametrize(("word", "read"), [("on", True), ("off", False), ("new_word", None), (None, None)])
def test_whether_invoices_are_charged_is_read(word: str | None, read: bool | None) -> None:
    assert walk(CUSTOMERS.get("ada"), get("/customers/ada", {"customer": BARE | {"auto_collection": word}})).auto_collection is read


def test_several_tax_ids_are_refused_unsent() -> None:
    with pytest.raises(ValidationError) as caught:
        walk(CUSTOMERS.create(NewCustomer(tax_ids=[NewTaxId(type="eu_vat", value="1"), NewTaxId(type="eu_vat", value="2")])))
    assert caught.value.param == "tax_ids"


def test_anonymising_clears_and_reads_again() -> None:
    cleared = {"id": "ada", "pii_cleared": "cleared"}
    flow = CUSTOMERS.anonymise("ada")
    read = walk(flow, post("/customers/ada/clear_personal_data", {"customer": SENT}), get("/customers/ada", {"customer": cleared}))
    assert read == msgspec.structs.replace(BARE_READ, raw=RawJson(raw(cleared)))


def test_a_read_that_fails_after_anonymising_says_that_the_data_is_cleared() -> None:
    cleared = post("/customers/ada/clear_personal_data", {"customer": SENT})
    with pytest.raises(PartialFailureError) as caught:
        walk(CUSTOMERS.anonymise("ada"), cleared, get("/customers/ada", refused(404, "resource_not_found")))
    assert (caught.value.done, caught.value.failed) == (("clear",), "read")
    assert isinstance(caught.value.__cause__, NotFoundError)


@pytest.mark.parametrize("odd", [None, [], [1], "text", 5])
def test_metadata_that_is_no_object_reads_as_empty(odd: Any) -> None:
    assert walk(CUSTOMERS.get("ada"), get("/customers/ada", {"customer": BARE | {"meta_data": odd}})).metadata == {}


def test_create_sends_every_field() -> None:
    """Case 66: the name is split at its last space."""
    new = NewCustomer(
        id="ada",
        email="ada@example.com",
        name="Augusta Ada Lovelace",
        company="co",
        phone="1",
        locale="fr-CA",
        address=Address(line1="a", line2="b", city="c", state="d", postal_code="e", country="gb"),
        tax_exempt="zero_rated",
        tax_ids=[NewTaxId(type="gb_vat", value="GB 123 4567 89")],
        currency="gbp",
        auto_collection=False,
        metadata={"k": 'v"é', "gone": ""},
    )
    sent = {
        "id": "ada",
        "email": "ada@example.com",
        "first_name": "Augusta Ada",
        "last_name": "Lovelace",
        "company": "co",
        "phone": "1",
        "locale": "fr-CA",
        "taxability": "zero_rated",
        "vat_number": "123456789",
        "preferred_currency_code": "GBP",
        "auto_collection": "off",
        "billing_address[line1]": "a",
        "billing_address[line2]": "b",
        "billing_address[city]": "c",
        "billing_address[state]": "d",
        "billing_address[zip]": "e",
        "billing_address[country]": "GB",
        "meta_data": '{"k":"v\\"é"}',
    }
    assert walk(CUSTOMERS.create(new), post("/customers", {"customer": SENT}, sent)) == READ


@pytest.mark.parametrize(
    ("new", "sent"),
    [
        (NewCustomer(), {}),
        (NewCustomer(name=""), {}),
        (NewCustomer(name="Prince"), {"first_name": "Prince"}),
        (NewCustomer(given_name="Ada"), {"first_name": "Ada"}),
        (NewCustomer(family_name="King Lovelace"), {"last_name": "King Lovelace"}),
        (NewCustomer(tax_exempt="none", auto_collection=True), {"taxability": "taxable", "auto_collection": "on"}),
        (NewCustomer(tax_exempt="exempt", tax_ids=[]), {"taxability": "exempt"}),
        (NewCustomer(name=" Ada  Lovelace "), {"first_name": "Ada ", "last_name": "Lovelace"}),
        (NewCustomer(metadata={}), {}),
        (NewCustomer(metadata={"a": ""}), {}),
        (
            NewCustomer(address=Address(state="CA", country="us")),
            {"billing_address[state_code]": "CA", "billing_address[country]": "US"},
        ),
        (
            NewCustomer(address=Address(state="California", country="US")),
            {"billing_address[state]": "California", "billing_address[country]": "US"},
        ),
        (NewCustomer(address=Address(state="BY", country="DE")), {"billing_address[state]": "BY", "billing_address[country]": "DE"}),
        (NewCustomer(address=Address(state="CA")), {"billing_address[state]": "CA"}),
    ],
)
def test_create_sends_nothing_that_was_not_given(new: NewCustomer, sent: dict[str, str]) -> None:
    assert walk(CUSTOMERS.create(new), post("/customers", {"customer": BARE}, sent)) == BARE_READ


def test_a_duplicate_names_the_existing_customer() -> None:
    """Case 63."""
    with pytest.raises(DuplicateError) as caught:
        walk(CUSTOMERS.create(NewCustomer(id="ada")), post("/customers", refused(400, "duplicate_entry", param="id"), {"id": "ada"}))
    assert caught.value.existing_id == "ada"


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b"[]", b"{}", b'{"card":{"id":"x"}}', b'{"customer":{}}', b'{"customer":null}'])
def test_an_answer_that_is_no_customer_is_a_protocol_error(body: bytes) -> None:
    """Case 14."""
    with pytest.raises(ProtocolError):
        walk(CUSTOMERS.get("ada"), get("/customers/ada", Response(status=200, body=body)))


def test_a_deleted_customer_is_not_found_although_chargebee_answers_200() -> None:
    """Case 65."""
    with pytest.raises(NotFoundError) as caught:
        walk(CUSTOMERS.get("ada"), get("/customers/ada", {"customer": SENT | {"deleted": True}}))
    assert (caught.value.deleted, caught.value.status, caught.value.provider) == (True, 200, "chargebee")
    with pytest.raises(NotFoundError) as caught:
        walk(CUSTOMERS.get("ada"), get("/customers/ada", refused(404, "resource_not_found")))
    assert caught.value.deleted is False


@pytest.mark.parametrize(
    ("patch", "sent"),
    [
        (CustomerPatch(email="a@b.c", phone="1"), {"email": "a@b.c", "phone": "1"}),
        (CustomerPatch(email=None, phone=None, name=None), {"email": "", "phone": "", "first_name": "", "last_name": ""}),
        (CustomerPatch(name="Prince"), {"first_name": "Prince", "last_name": ""}),
        (CustomerPatch(metadata=None), {"meta_data": "{}"}),
        (CustomerPatch(given_name="Ada"), {"first_name": "Ada"}),
        (CustomerPatch(name=None, family_name="King"), {"first_name": "", "last_name": "King"}),
        (CustomerPatch(company="co", locale="de", currency="eur"), {"company": "co", "locale": "de", "preferred_currency_code": "EUR"}),
        (CustomerPatch(company=None, locale=None), {"company": "", "locale": ""}),
        (CustomerPatch(tax_exempt="exempt", auto_collection=False), {"taxability": "exempt", "auto_collection": "off"}),
        (CustomerPatch(tax_exempt=None, auto_collection=True), {"taxability": "taxable", "auto_collection": "on"}),
    ],
)
def test_update_sends_what_was_given_and_clears_with_an_empty_text(patch: CustomerPatch, sent: dict[str, str]) -> None:
    """Case 2."""
    assert walk(CUSTOMERS.update("a/b", patch), post("/customers/a%2Fb", {"customer": SENT}, sent)) == READ


@pytest.mark.parametrize("patch", [CustomerPatch(), CustomerPatch(metadata={})])
def test_an_update_of_nothing_only_reads(patch: CustomerPatch) -> None:
    answers = get("/customers/ada", {"customer": SENT})
    assert walk(CUSTOMERS.update("ada", patch), answers) == READ


def test_metadata_is_merged_and_foreign_values_go_back_untouched() -> None:
    """Case 4."""
    known = Response(
        status=200, body=b'{"customer":{"id":"ada","meta_data":{"n":1.50,"keep":"k","drop":"d","change":"c","deep":{ "x":1 }}}}'
    )
    merged = '{"n":1.50,"keep":"k","change":"new","deep":{ "x":1 },"add":"é"}'
    patch = CustomerPatch(metadata={"drop": "", "change": "new", "add": "é", "unknown": ""})
    assert (
        walk(
            CUSTOMERS.update("ada", patch),
            get("/customers/ada", known),
            post("/customers/ada", {"customer": SENT}, {"meta_data": merged}),
        )
        == READ
    )


def test_the_metadata_of_a_deleted_customer_is_not_changed() -> None:
    with pytest.raises(NotFoundError):
        walk(CUSTOMERS.update("ada", CustomerPatch(metadata={"a": "b"})), get("/customers/ada", {"customer": BARE | {"deleted": True}}))


def test_metadata_is_read_first_then_the_address_then_the_fields() -> None:
    """Case 64: two writes with a key each."""
    patch = CustomerPatch(email="a@b.c", address=Address(city="Paris"), metadata={"a": "b"})
    assert (
        walk(
            CUSTOMERS.update("ada", patch),
            get("/customers/ada", {"customer": BARE}),
            post("/customers/ada/update_billing_info", {"customer": BARE}, ADDRESS | {"billing_address[city]": "Paris"}, step="address"),
            post("/customers/ada", {"customer": SENT}, {"email": "a@b.c", "meta_data": '{"a":"b"}'}),
        )
        == READ
    )


@pytest.mark.parametrize(
    ("answer", "cause"),
    [(refused(400, "param_wrong_value"), ValidationError), (TransportError("gone", retryable=False), TransportError)],
)
def test_a_failure_after_the_address_says_what_was_done(answer: Any, cause: type[Exception]) -> None:
    """Case 64."""
    with pytest.raises(PartialFailureError) as caught:
        walk(
            CUSTOMERS.update("ada", CustomerPatch(email="a@b.c", address=None)),
            get("/customers/ada", {"customer": BARE}),
            post("/customers/ada/update_billing_info", {"customer": BARE}, ADDRESS, step="address"),
            post("/customers/ada", answer, {"email": "a@b.c"}),
        )
    assert (caught.value.done, caught.value.failed, caught.value.provider) == (("address",), "fields", "chargebee")
    assert type(caught.value.__cause__) is cause
    assert "the other fields only" in (caught.value.hint or "")


def test_a_failure_of_the_address_or_of_fields_alone_is_the_plain_error() -> None:
    with pytest.raises(ValidationError):
        walk(
            CUSTOMERS.update("ada", CustomerPatch(email="a@b.c", address=None)),
            get("/customers/ada", {"customer": BARE}),
            post("/customers/ada/update_billing_info", refused(400, "param_wrong_value"), ADDRESS, step="address"),
        )
    with pytest.raises(InvalidStateError):
        walk(
            CUSTOMERS.update("ada", CustomerPatch(email="a@b.c")),
            post("/customers/ada", refused(409, "invalid_state_for_request"), {"email": "a@b.c"}),
        )


@pytest.mark.parametrize("said", [{}, {"destroy_history": False}, {"destroy_history": "no"}, {"destroy_history": 1}])
def test_delete_needs_a_yes_to_the_loss_of_history(said: Any) -> None:
    """Case 65."""
    with pytest.raises(ValidationError) as caught:
        walk(CUSTOMERS.delete("ada", **said))
    assert (caught.value.param, caught.value.provider) == ("destroy_history", "chargebee")
    assert "destroy_history=True" in (caught.value.hint or "")


DELETED = {"delete_payment_method": "false"}


def test_delete_leaves_the_card_in_the_gateways_vault() -> None:
    answer = {"customer": SENT | {"deleted": True}}
    assert walk(CUSTOMERS.delete("ada", destroy_history=True), post("/customers/ada/delete", answer, DELETED)) is None


def test_delete_of_an_unknown_customer_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        walk(CUSTOMERS.delete("ada", destroy_history=True), post("/customers/ada/delete", refused(404, "resource_not_found"), DELETED))


def test_a_customer_that_is_gone_after_a_lost_answer_was_deleted_by_us() -> None:
    """Case 7: the retry has the same key."""
    walk(
        CUSTOMERS.delete("ada", destroy_history=True),
        post("/customers/ada/delete", lost(), DELETED),
        post("/customers/ada/delete", refused(404, "resource_not_found"), DELETED),
        retries=1,
    )


def test_a_write_that_was_never_answered_has_an_unknown_outcome() -> None:
    with pytest.raises(OutcomeUnknownError):
        walk(CUSTOMERS.create(NewCustomer(id="ada")), post("/customers", lost(), {"id": "ada"}))


def test_a_wrong_state_is_not_tried_again_but_a_busy_object_is() -> None:
    """Case 13."""
    with pytest.raises(InvalidStateError):
        walk(CUSTOMERS.create(NewCustomer()), post("/customers", refused(409, "invalid_state_for_request")), retries=2)
    busy = post("/customers", refused(429, "lock_timeout"))
    assert walk(CUSTOMERS.create(NewCustomer()), busy, post("/customers", {"customer": BARE}), retries=2) == BARE_READ


def listed(*customers: Any, **more: Any) -> dict[str, Any]:
    return {"list": [{"customer": customer, "card": {"id": "x"}} for customer in customers], **more}


def test_the_list_is_newest_first_and_goes_on_at_chargebees_offset() -> None:
    """Cases 20 and 23."""
    sent = {"sort_by[desc]": "created_at", "limit": "100"}
    answer = get("/customers", listed(SENT, BARE, next_offset='["1","2"]'), sent)
    assert walk(CUSTOMERS.list(CustomerQuery()), answer) == Page(items=[READ, BARE_READ], next_cursor='["1","2"]')
    more = {"sort_by[asc]": "created_at", "offset": '["1","2"]', "limit": "7", "email[is]": "a@b.c"}
    query = CustomerQuery(email="a@b.c", page_size=7, cursor='["1","2"]', order="oldest_first")
    assert walk(CUSTOMERS.list(query), get("/customers", listed(), more)) == Page(items=[], next_cursor=None)


def test_a_list_of_a_time_holds_its_first_second_and_not_its_end_whichever_chargebee_means() -> None:
    """What comes too much is left out here, and a page of which nothing is left does not end the list (cases 20 and 22)."""
    query = CustomerQuery(created_gte=at(100), created_lt=at(200))
    sent = {"created_at[after]": "99", "created_at[before]": "200", "sort_by[desc]": "created_at", "limit": "100"}
    found = [{"id": str(second), "created_at": second} for second in (200, 199, 100, 99)]
    first = get("/customers", listed(found[0], next_offset="o"), sent)
    page = walk(CUSTOMERS.list(query), first, get("/customers", listed(*found[1:]), sent | {"offset": "o"}))
    assert [customer.id for customer in page.items] == ["199", "100"]


def test_a_list_that_goes_in_a_circle_is_an_error_and_not_its_end() -> None:
    """Case 20."""
    hidden = SENT | {"deleted": True}
    sent = {"sort_by[desc]": "created_at", "limit": "100"}
    first = get("/customers", listed(hidden, next_offset="a"), sent)
    second = get("/customers", listed(hidden, next_offset="b"), sent | {"offset": "a"})
    third = get("/customers", listed(hidden, next_offset="a"), sent | {"offset": "b"})
    with pytest.raises(ProtocolError):
        walk(CUSTOMERS.list(CustomerQuery()), first, second, third)


def test_deleted_customers_are_not_listed() -> None:
    answer = get("/customers", listed(SENT | {"deleted": True}, BARE), {"sort_by[desc]": "created_at", "limit": "100"})
    assert walk(CUSTOMERS.list(CustomerQuery()), answer) == Page(items=[BARE_READ])


@pytest.mark.parametrize("answer", [{}, {"list": None}, {"list": [{"card": {}}]}, {"list": [1]}, {"list": [], "next_offset": 5}])
def test_an_answer_that_is_no_list_is_a_protocol_error(answer: Any) -> None:
    with pytest.raises(ProtocolError):
        walk(CUSTOMERS.list(CustomerQuery()), get("/customers", answer, {"sort_by[desc]": "created_at", "limit": "100"}))
