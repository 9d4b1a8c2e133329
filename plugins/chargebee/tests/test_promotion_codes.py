"""Promotion codes, request by request. (Vendor map, cases 5, 17 and 63.)"""

from __future__ import annotations

from typing import Any

import pytest
from billbridge.errors import DuplicateError, InvalidStateError, NotFoundError, UnsupportedOperationError, ValidationError
from billbridge.model import NewPromotionCode, Page, PromotionCode, PromotionCodePatch, PromotionCodeQuery
from billbridge.model.raw import RawJson
from billbridge_chargebee import ChargebeeProvider

from .stepping import get, post, raw, refused, walk

CODES = ChargebeeProvider().promotion_codes
SENT: dict[str, Any] = {
    "code": "ADA25",
    "object": "coupon_code",
    "coupon_id": "SUMMER",
    "coupon_set_id": "cs_1",
    "coupon_set_name": "billbridge-SUMMER",
    "status": "not_redeemed",
}
READ = PromotionCode(
    provider="chargebee",
    id="ADA25",
    raw=RawJson(raw(SENT)),
    code="ADA25",
    coupon_id="SUMMER",
    active=True,
    vendor_status="not_redeemed",
    max_redemptions=1,
    redemptions=0,
)


@pytest.mark.parametrize("read", [CODES.get, CODES.find])
def test_a_code_is_its_own_id(read: Any) -> None:
    """Case 5."""
    assert walk(read("ADA 25%"), get("/coupon_codes/ADA%2025%25", {"coupon_code": SENT})) == READ
    with pytest.raises(NotFoundError):
        walk(read("X"), get("/coupon_codes/X", refused(404, "resource_not_found")))


@pytest.mark.parametrize(
    ("status", "active", "redemptions"),
    [("not_redeemed", True, 0), ("redeemed", False, 1), ("archived", False, 0), ("new_word", False, 0), (None, True, 0)],
)
def test_statuses_become_ours(status: str | None, active: bool, redemptions: int) -> None:
    """Case 17."""
    code = walk(CODES.get("X"), get("/coupon_codes/X", {"coupon_code": SENT | {"status": status}}))
    assert (code.active, code.redemptions, code.vendor_status) == (active, redemptions, status)


@pytest.mark.parametrize(
    ("coupon", "name"),
    [
        ("SUMMER", "billbridge-SUMMER"),
        ("X" * 39, "billbridge-" + "X" * 39),
        ("X" * 40, "billbridge-2479a22536c2e63f8c48b2df5de491dd"),
    ],
)
def test_a_code_is_made_in_the_set_of_its_coupon(coupon: str, name: str) -> None:
    """Chargebee makes the set when there is none of that name, which has at most 50 characters."""
    sent = {"coupon_id": coupon, "coupon_set_name": name, "code": "ADA25"}
    answer = post("/coupon_codes", {"coupon_code": SENT}, sent)
    assert walk(CODES.create(NewPromotionCode(coupon=coupon, code="ADA25", max_redemptions=1)), answer) == READ
    assert len(name) <= 50


def test_a_code_that_is_taken_is_a_duplicate() -> None:
    """Case 63."""
    sent = {"coupon_id": "SUMMER", "coupon_set_name": "billbridge-SUMMER", "code": "ADA25"}
    answer = post("/coupon_codes", refused(400, "duplicate_entry", param="code"), sent)
    with pytest.raises(DuplicateError):
        walk(CODES.create(NewPromotionCode(coupon="SUMMER", code="ADA25", max_redemptions=1)), answer)


PATH = "/coupon_codes/ADA25/archive"


def test_deactivating_archives() -> None:
    archived = SENT | {"status": "archived"}
    assert walk(CODES.deactivate("ADA25"), post(PATH, {"coupon_code": archived})).active is False


@pytest.mark.parametrize("refusal", [refused(409, "invalid_state_for_request"), refused(400, "param_wrong_value")])
def test_a_refusal_is_looked_into(refusal: Any) -> None:
    """Doing it again changes nothing; what is still active was refused for another reason."""
    again = get("/coupon_codes/ADA25", {"coupon_code": SENT | {"status": "archived"}})
    assert walk(CODES.deactivate("ADA25"), post(PATH, refusal), again).vendor_status == "archived"
    with pytest.raises((InvalidStateError, ValidationError)):
        walk(CODES.deactivate("ADA25"), post(PATH, refusal), get("/coupon_codes/ADA25", {"coupon_code": SENT}))
    with pytest.raises(NotFoundError):
        walk(CODES.deactivate("ADA25"), post(PATH, refused(404, "resource_not_found")))


def test_codes_are_listed_by_coupon() -> None:
    sent = {"coupon_id[is]": "SUMMER", "limit": "7", "offset": "o"}
    answer = get("/coupon_codes", {"list": [{"coupon_code": SENT}], "next_offset": "p"}, sent)
    assert walk(CODES.list(PromotionCodeQuery(coupon="SUMMER", page_size=7, cursor="o")), answer) == Page(items=[READ], next_cursor="p")


@pytest.mark.parametrize(("active", "left"), [(True, ["a"]), (False, ["r", "x"]), (None, ["a", "r", "x"])])
def test_whether_codes_are_active_is_looked_at_here_and_an_empty_page_is_not_the_end(active: bool | None, left: list[str]) -> None:
    rows = [SENT | {"code": "r", "status": "redeemed"}, SENT | {"code": "a"}, SENT | {"code": "x", "status": "archived"}]
    pages = [get("/coupon_codes", {"list": [{"coupon_code": row} for row in rows]}, {"limit": "100"})]
    if active is not None:
        hidden = rows[1] if active is False else rows[0]
        pages.insert(0, get("/coupon_codes", {"list": [{"coupon_code": hidden}], "next_offset": "o"}, {"limit": "100"}))
        pages[1].sent = {"limit": "100", "offset": "o"}
    page = walk(CODES.list(PromotionCodeQuery(active=active)), *pages)
    assert sorted(code.id for code in page.items) == left


def test_codes_have_nothing_to_update() -> None:
    with pytest.raises(UnsupportedOperationError):
        walk(CODES.update("ADA25", PromotionCodePatch(metadata={"a": "b"})))
