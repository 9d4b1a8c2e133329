"""Billing information of a customer: address, tax numbers, further identifiers. It reads and stores; no tax is computed.

`update_billing_info` is an assignment: address and tax numbers that are not sent again are gone, identifiers stay (API reference of the
operation, "Impacts"). The status of a VAT number is `not_validated` unless the site says
otherwise in `Settings.vat_statuses`, which stands for the authority that the real vendor asks. Choices where the documents are silent: an
identifier without an id gets one, and without an operation it is created or, when its id is known, changed.
"""

from __future__ import annotations

from dataclasses import asdict

from billbridge_sandbox.chargebee.api.errors import not_found, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, Reader, flag, one_of, text
from billbridge_sandbox.chargebee.store.records import Address, Customer, EntityIdentifier
from billbridge_sandbox.chargebee.store.site import Site

TAX: dict[str, Reader] = {
    "vat_number": text(20),
    "vat_number_prefix": text(10),
    "registered_for_gst": flag,
    "business_customer_without_vat_number": flag,
}
ADDRESS: dict[str, Reader] = {
    "first_name": text(150),
    "last_name": text(150),
    "email": text(70),
    "company": text(250),
    "phone": text(50),
    "line1": text(150),
    "line2": text(150),
    "line3": text(150),
    "city": text(50),
    "state_code": text(50),
    "state": text(50),
    "country": text(50),
    "zip": text(20),
    "validation_status": one_of("not_validated", "valid", "partially_valid", "invalid"),
}
IDENTIFIER: dict[str, Reader] = {
    "id": text(40),
    "scheme": text(50),
    "value": text(50),
    "standard": text(50),
    "operation": one_of("create", "update", "delete"),
}
_GROUP = "entity_identifiers"
_REFUSED = ("entity_identifier_scheme", "entity_identifier_standard", "is_einvoice_enabled", "einvoicing_method", "tax_providers_fields")


def read(site: Site, ask: Ask, customer: Customer) -> None:
    """Set address, tax numbers and identifiers to what was sent; nothing when one of them is refused."""
    ask.refuse(*_REFUSED)
    changes: Json = {**dict.fromkeys(TAX), "billing_address": None, **ask.fields(TAX)}
    if changes["vat_number"] != customer.vat_number:
        number = changes["vat_number"]
        changes["vat_number_status"] = site.settings.vat_statuses.get(number, "not_validated") if number else None
    address = ask.group("billing_address", ADDRESS)
    if address:
        if len(address.get("country") or "US") != 2:
            raise wrong_value("billing_address[country]", "should be a two-letter country code")
        filled = {name: value for name, value in address.items() if value is not None}
        changes["billing_address"] = Address(**filled) if filled else None
    rows = ask.columns(_GROUP, IDENTIFIER)
    if rows:
        listed = list(customer.entity_identifiers or [])
        for index, row in rows:
            _identify(site, listed, index, row)
        changes["entity_identifiers"] = listed or None
    for name, value in changes.items():
        setattr(customer, name, value)


def _identify(site: Site, listed: list[EntityIdentifier], index: int, row: Json) -> None:
    operation = row.pop("operation", None)
    if row.get("id") is None:
        row.pop("id", None)
    old = next((each for each in listed if each.id == row.get("id")), None)
    if old is None and (operation or "create") != "create":
        raise not_found("entity_identifier", row.get("id") or "", f"{_GROUP}[id][{index}]")
    if old is not None:
        listed.remove(old)
    if operation != "delete":
        merged = {"id": site.ids.next("ei_", 16), **({} if old is None else asdict(old)), **row}
        if not merged.get("scheme"):
            raise wrong_value(f"{_GROUP}[scheme][{index}]", "cannot be blank")
        listed.append(EntityIdentifier(**merged))
