from __future__ import annotations

from typing import Any

import pytest
from billbridge.errors import ValidationError
from billbridge.flow import Request, Response, path, raw_path
from hypothesis import given
from hypothesis import strategies as st


@given(st.text(min_size=1))
def test_an_id_in_a_path_is_one_segment_and_nothing_else(id: str) -> None:
    try:
        made = path("/v1/customers/{}/cards", id)
    except ValidationError:
        assert not id.strip() or id in (".", "..") or not id.isprintable()
        return
    assert made.startswith("/v1/customers/")
    assert made.count("/") == 4
    assert not set(made) & set(" ?#\r\n\\")
    assert made.isascii()


def test_slashes_spaces_percents_and_unicode_are_encoded() -> None:
    assert path("/x/{}", "a/b c%d?é#") == "/x/a%2Fb%20c%25d%3F%C3%A9%23"


@pytest.mark.parametrize("id", ["", " ", "\t", ".", "..", "a\nb", "a\x00b", None, 5])
def test_what_cannot_be_an_id_is_refused(id: Any) -> None:
    with pytest.raises(ValidationError):
        path("/x/{}", id)


def test_requests_and_responses_show_no_contents() -> None:
    request = Request(method="POST", path="/x", query="email=ada", body=b"name=Ada", headers={"authorization": "secret"})
    assert repr(request) == "Request(POST /x)"
    assert repr(Response(status=200, headers={"a": "b"}, body=b"secret")) == "Response(200, 6 bytes)"


@pytest.mark.parametrize("good", ["/v1/charges", "/api/v2/orders/a%2Fb", "/v1/x:search"])
def test_a_raw_path_is_taken_as_it_is(good: str) -> None:
    assert raw_path(good) == good


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "v1/charges",
        "//evil.example/v1",
        "https://evil.example/",
        "/v1/../x",
        "/v1/%2e%2e/x",
        "/v1/./x",
        "/v1//x",
        "/v1/x?a=1",
        "/v1/x#y",
        "/v1/x y",
        "/v1/é",
        "/v1/x\\y",
        "/v1/x\r\nHost: evil",
        "/v1/%0d%0aHost",
        "/v1/%00",
    ],
)
def test_a_raw_path_that_leads_anywhere_else_is_refused(bad: str) -> None:
    with pytest.raises(ValidationError, match="the path must be percent-encoded"):
        raw_path(bad)
