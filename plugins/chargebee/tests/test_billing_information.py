"""Addresses and tax numbers, which Chargebee replaces together, request by request. (Vendor map, case 64.)"""

from __future__ import annotations

from typing import Any

import pytest
from billbridge.errors import InvalidStateError, NotFoundError, ProtocolError, ValidationError
from billbridge.model import Address, CustomerPatch, NewTaxId, TaxId, TaxIdStatus
from billbridge_chargebee import ChargebeeProvider

from .stepping import get, post, walk

CUSTOMERS = ChargebeeProvider().customers
BARE = {"id": "ada"}
ADDRESSED: dict[str, Any] = {
    "id": "ada",
    "vat_number": "123",
    "vat_number_prefix": "XI",
    "registered_for_gst": True,
    "business_customer_without_vat_number": False,
    "billing_address": {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "email": "ada@example.com",
        "company": "Engines",
        "phone": "1",
        "line1": "1 Rue",
        "line2": "2",
        "line3": "3",
        "city": "Paris",
        "state": "IDF",
        "state_code": "",
        "zip": "75001",
        "country": "FR",
        "validation_status": "valid",
    },
}
KEPT = {
    "billing_address[first_name]": "Ada",
    "billing_address[last_name]": "Lovelace",
    "billing_address[email]": "ada@example.com",
    "billing_address[company]": "Engines",
    "billing_address[phone]": "1",
}
PARTS = {
    "billing_address[line1]": "1 Rue",
    "billing_address[line2]": "2",
    "billing_address[line3]": "3",
    "billing_address[city]": "Paris",
    "billing_address[state]": "IDF",
    "billing_address[zip]": "75001",
    "billing_address[country]": "FR",
    "billing_address[validation_status]": "valid",
}
CLEARED = {f"billing_address[{part}]": "" for part in ("line1", "line2", "line3", "city", "state_code", "state", "zip", "country")}
PATH = "/customers/ada/update_billing_info"


def addressed(country: str, **more: Any) -> dict[str, Any]:
    return {"id": "ada", "billing_address": {"country": country}, **more}


def present(sent: Any) -> Any:
    return get("/customers/ada", {"customer": sent})


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        (Address(city="Paris", state="IDF", country="fr"), {"city": "Paris", "state": "IDF", "country": "FR"}),
        (Address(city="Reno", state="NV", country="US"), {"city": "Reno", "state_code": "NV", "country": "US"}),
        (None, {}),
    ],
)
def test_another_address_replaces_all_parts(address: Address | None, sent: dict[str, str]) -> None:
    """Case 64."""
    wanted = CLEARED | {f"billing_address[{part}]": value for part, value in sent.items()}
    flow = CUSTOMERS.update("ada", CustomerPatch(address=address))
    assert walk(flow, present(BARE), post(PATH, {"customer": BARE}, wanted, step="address")).id == "ada"


def test_a_change_of_address_sends_the_tax_number_and_the_addressee_again_which_it_would_drop() -> None:
    tax = {"vat_number": "123", "vat_number_prefix": "XI", "registered_for_gst": "true"}
    flow = CUSTOMERS.update("ada", CustomerPatch(address=None))
    assert walk(flow, present(ADDRESSED), post(PATH, {"customer": BARE}, CLEARED | KEPT | tax, step="address")).id == "ada"


def test_a_customer_with_a_tax_number_does_not_take_it_along_to_another_country() -> None:
    """DE123456789 would read as FR123456789, which is somebody else's."""
    german = addressed("DE", vat_number="123456789")
    with pytest.raises(InvalidStateError) as caught:
        walk(CUSTOMERS.update("ada", CustomerPatch(email="a@example.com", address=Address(city="Paris", country="FR"))), present(german))
    assert "remove_tax_id" in str(caught.value.hint)
    assert "123456789" not in str(caught.value)


@pytest.mark.parametrize("before", [addressed("DE"), addressed("de", vat_number="1"), {"id": "ada", "vat_number": "1"}])
def test_who_has_no_number_or_stays_in_the_country_moves(before: dict[str, Any]) -> None:
    number = {"vat_number": before["vat_number"]} if "vat_number" in before else {}
    wanted = CLEARED | {"billing_address[city]": "Bonn", "billing_address[country]": "DE"} | number
    flow = CUSTOMERS.update("ada", CustomerPatch(address=Address(city="Bonn", country="DE")))
    assert walk(flow, present(before), post(PATH, {"customer": BARE}, wanted, step="address")).id == "ada"


def test_the_address_of_a_deleted_customer_is_not_changed() -> None:
    with pytest.raises(NotFoundError):
        walk(CUSTOMERS.update("ada", CustomerPatch(address=None)), present(BARE | {"deleted": True}))


def read(sent: dict[str, Any]) -> TaxId | None:
    found = walk(CUSTOMERS.get("ada"), present(sent)).tax_ids
    assert len(found) < 2
    return found[0] if found else None


@pytest.mark.parametrize(
    ("sent", "type", "value"),
    [
        (addressed("DE", vat_number="123456789"), "eu_vat", "DE123456789"),
        (addressed("DE", vat_number="DE123456789"), "eu_vat", "DE123456789"),
        (addressed("de", vat_number="123456789"), "eu_vat", "DE123456789"),
        (addressed("GR", vat_number="123456789"), "eu_vat", "EL123456789"),
        (addressed("GB", vat_number="123456789"), "gb_vat", "GB123456789"),
        (addressed("XI", vat_number="123456789"), "eu_vat", "XI123456789"),
        (addressed("XI", vat_number="123456789", vat_number_prefix="XI"), "eu_vat", "XI123456789"),
        (addressed("XI", vat_number="123456789", vat_number_prefix="GB"), "gb_vat", "GB123456789"),
        (addressed("AU", vat_number="12345678912"), "au_abn", "12345678912"),
        (addressed("CH", vat_number="CHE-123.456.789 MWST"), "ch_vat", "CHE-123.456.789 MWST"),
        (addressed("US", vat_number="12-3456789"), None, "12-3456789"),
        ({"id": "ada", "vat_number": "1"}, None, "1"),
    ],
)
def test_the_country_says_what_kind_the_number_is(sent: dict[str, Any], type: str | None, value: str) -> None:
    country = sent.get("billing_address", {}).get("country")
    wanted = TaxId(id="vat_number", type=type, value=value, status=TaxIdStatus.UNCHECKED, country=country.upper() if country else None)
    assert read(sent) == wanted


@pytest.mark.parametrize(
    "country",
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ],
)
def test_every_country_of_the_union_has_its_prefix(country: str) -> None:
    """Greece, whose prefix is not its code, is tested above."""
    found = read(addressed(country, vat_number="1"))
    assert found is not None
    assert (found.type, found.value) == ("eu_vat", f"{country}1")


@pytest.mark.parametrize(
    ("country", "type"),
    [
        ("AE", "ae_trn"),
        ("IN", "in_gst"),
        ("IS", "is_vat"),
        ("NO", "no_vat"),
        ("NZ", "nz_gst"),
        ("SA", "sa_vat"),
        ("SG", "sg_gst"),
        ("ZA", "za_vat"),
    ],
)
def test_other_countries_with_one_kind_of_number_have_no_prefix(country: str, type: str) -> None:
    found = read(addressed(country, vat_number="1"))
    assert found is not None
    assert (found.type, found.value) == (type, "1")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("valid", TaxIdStatus.VERIFIED),
        ("invalid", TaxIdStatus.INVALID),
        ("not_validated", TaxIdStatus.UNCHECKED),
        ("undetermined", TaxIdStatus.UNCHECKED),
        ("new_word", TaxIdStatus.UNKNOWN),
    ],
)
def test_what_the_authority_said_becomes_ours(word: str, status: TaxIdStatus) -> None:
    """Case 17."""
    found = read(addressed("DE", vat_number="1", vat_number_status=word))
    assert found is not None
    assert (found.status, found.vendor_status) == (status, word)


@pytest.mark.parametrize("none", [{}, {"vat_number": ""}, {"vat_number": None}])
def test_a_customer_without_a_number_has_an_empty_list(none: dict[str, Any]) -> None:
    assert read(addressed("DE", **none)) is None


@pytest.mark.parametrize(
    ("country", "type", "value", "sent"),
    [
        ("DE", "eu_vat", "DE123456789", {"vat_number": "123456789"}),
        ("DE", "eu_vat", " 123 456 789 ", {"vat_number": "123456789"}),
        ("DE", "eu_vat", "de123456789", {"vat_number": "123456789"}),
        ("GR", "eu_vat", "EL123456789", {"vat_number": "123456789"}),
        ("GB", "gb_vat", "GB123456789", {"vat_number": "123456789"}),
        ("XI", "eu_vat", "XI123456789", {"vat_number": "123456789"}),
        ("XI", "gb_vat", "GB123456789", {"vat_number": "123456789", "vat_number_prefix": "GB"}),
        ("AU", "au_abn", "12345678912", {"vat_number": "12345678912"}),
    ],
)
def test_a_number_is_sent_without_the_prefix_of_its_country(country: str, type: str, value: str, sent: dict[str, str]) -> None:
    """The address goes with it, because the request would drop it."""
    wanted = {"billing_address[country]": country, **sent}
    answer = post(PATH, {"customer": addressed(country, **sent)}, wanted)
    found = walk(CUSTOMERS.add_tax_id("ada", NewTaxId(type=type, value=value)), present(addressed(country)), answer)
    assert (found.type, found.id, found.country) == (type, "vat_number", country)


def test_the_whole_address_goes_with_a_number_and_what_says_that_there_is_none_goes_away() -> None:
    before = {**ADDRESSED, "vat_number": "", "vat_number_prefix": "", "business_customer_without_vat_number": True}
    sent = KEPT | PARTS | {"vat_number": "99", "registered_for_gst": "true"}
    flow = CUSTOMERS.add_tax_id("ada", NewTaxId(type="eu_vat", value="FR99"))
    assert walk(flow, present(before), post(PATH, {"customer": addressed("FR", vat_number="99")}, sent)).value == "FR99"


@pytest.mark.parametrize(
    ("country", "type"), [("DE", "gb_vat"), ("GB", "eu_vat"), ("US", "us_ein"), ("CH", "eu_vat"), (None, "eu_vat"), ("", "eu_vat")]
)
def test_a_type_that_the_country_does_not_have_is_refused_before_anything_is_written(country: str | None, type: str) -> None:
    customer = BARE if country is None else addressed(country)
    with pytest.raises(ValidationError) as caught:
        walk(CUSTOMERS.add_tax_id("ada", NewTaxId(type=type, value="1")), present(customer))
    assert (caught.value.param, caught.value.provider) == ("type", "chargebee")


def test_a_second_number_is_refused_and_the_same_one_is_sent_again() -> None:
    """So that a call whose answer was lost can be repeated under its key."""
    customer = addressed("DE", vat_number="1")
    with pytest.raises(InvalidStateError) as caught:
        walk(CUSTOMERS.add_tax_id("ada", NewTaxId(type="eu_vat", value="DE2")), present(customer))
    assert "remove_tax_id" in (caught.value.hint or "")
    same = post(PATH, {"customer": customer}, {"billing_address[country]": "DE", "vat_number": "1"})
    assert walk(CUSTOMERS.add_tax_id("ada", NewTaxId(type="eu_vat", value="DE1")), present(customer), same).value == "DE1"


def test_a_number_that_chargebee_did_not_keep_is_an_error() -> None:
    answer = post(PATH, {"customer": addressed("DE")}, {"billing_address[country]": "DE", "vat_number": "1"})
    with pytest.raises(ProtocolError):
        walk(CUSTOMERS.add_tax_id("ada", NewTaxId(type="eu_vat", value="DE1")), present(addressed("DE")), answer)


def test_a_number_is_removed_and_the_address_stays() -> None:
    sent = KEPT | PARTS | {"vat_number": "", "registered_for_gst": "true"}
    assert walk(CUSTOMERS.remove_tax_id("ada", "vat_number"), present(ADDRESSED), post(PATH, {"customer": BARE}, sent)) is None


@pytest.mark.parametrize(("customer", "id"), [(BARE, "vat_number"), (ADDRESSED, "txi_1")])
def test_a_number_that_is_not_there_is_not_found(customer: dict[str, Any], id: str) -> None:
    with pytest.raises(NotFoundError):
        walk(CUSTOMERS.remove_tax_id("ada", id), present(customer))
