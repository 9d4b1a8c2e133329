"""Every value of a caller is refused before any request, or arrives at the vendor unchanged: never as another parameter, header or path.

The tests send over HTTP, so the HTTP client's handling of URLs is tested too. The server stores what arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from billbridge import Address, Billing
from billbridge.client.cursor import CursorCodec
from billbridge.errors import BillingError, ValidationError
from billbridge.flow.limiter import Limiter
from billbridge.model import CustomerQuery, PaymentMethodQuery
from billbridge_chargebee import ChargebeeProvider
from billbridge_stripe import StripeProvider

from .hostile import TEXTS, Arrived, Witness, hostile

ROOTS = {"stripe": "/v1", "chargebee": "/api/v2"}
KEY_HEADERS = {"stripe": ("idempotency-key", 255), "chargebee": ("chargebee-idempotency-key", 100)}
EXPANDED = {"expand[0]", "expand[1]"}
"""What Stripe's customers are asked for besides, always the same."""
CURSORS = {"stripe": "starting_after", "chargebee": "offset"}


@pytest.fixture(scope="module")
def witness() -> Witness:
    return Witness()


@pytest.fixture(scope="module")
def clients(witness: Witness) -> Iterator[dict[str, Billing]]:
    with witness.serve() as server:
        stripe = StripeProvider(api_key="sk_test_x", base_url=server.stripe_url)
        chargebee = ChargebeeProvider(api_key="test_x", base_url=server.chargebee_url)
        with Billing(stripe, limiter=Limiter()) as one, Billing(chargebee, limiter=Limiter()) as other:
            yield {"stripe": one, "chargebee": other}


@pytest.fixture(params=ROOTS)
def vendor(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def billing(clients: dict[str, Billing], vendor: str, witness: Witness) -> Billing:
    witness.taken()
    return clients[vendor]


def sent(witness: Witness, call: Callable[[], object]) -> list[Arrived]:
    """What arrived of a call; if nothing did, it was refused with a `ValidationError`. No header is smuggled in either way."""
    witness.taken()
    refused: BillingError | None = None
    try:
        call()
    except BillingError as error:
        refused = error
    arrived = witness.taken()
    assert arrived or isinstance(refused, ValidationError)
    assert not any("x-evil" in each.headers for each in arrived)
    return arrived


def headers_of(arrived: Arrived) -> set[str]:
    return set(arrived.headers)


@hostile
def test_an_id_is_one_segment_of_the_path(billing: Billing, witness: Witness, vendor: str, text: str) -> None:
    """Case 5."""
    root = ROOTS[vendor].split("/")
    for arrived in sent(witness, lambda: billing.customers.get(text)):
        assert arrived.method == "GET"
        assert arrived.segments == [*root, "customers", text]
        assert len(arrived.path.split("/")) == len(arrived.segments)
        assert (arrived.form, dict(arrived.query).keys() - EXPANDED) == ([], set())


@hostile
def test_an_id_in_the_middle_of_a_path_stays_there(billing: Billing, witness: Witness, vendor: str, text: str) -> None:
    """Case 5."""
    root = ROOTS[vendor].split("/")
    ends = {"stripe": ["subscriptions", text], "chargebee": ["subscriptions", text, "cancel_for_items"]}[vendor]
    for arrived in sent(witness, lambda: billing.subscriptions.cancel(text, timing="now")):
        assert arrived.segments in ([*root, *ends], [*root, "subscriptions", text])


@hostile
def test_a_chosen_id_is_one_parameter_and_comes_back(billing: Billing, witness: Witness, vendor: str, text: str) -> None:
    arrived = sent(witness, lambda: billing.products.create(id=text, name=f"Product {text}"[:40]))
    posted = [dict(each.form) for each in arrived if each.path.endswith(("/items", "/products"))]
    assert all(form["id"] == text and form["name"].startswith(f"Product {text}"[:40]) for form in posted)
    assert all(form.keys() <= {"id", "name", "external_name", "type", "item_family_id"} for form in posted)
    with suppress(BillingError):
        assert billing.products.get(text).id == text


@hostile
def test_values_are_one_parameter_each(billing: Billing, witness: Witness, vendor: str, text: str) -> None:
    def create(value: str) -> list[Arrived]:
        fields: dict[str, Any] = {"company": value, "phone": value, "address": Address(line1=value, city=value)}
        return sent(witness, lambda: billing.customers.create(**fields, metadata={"note": value}))

    (plain,) = create("plain")
    for arrived in create(text):
        assert (arrived.method, arrived.path, arrived.query) == (plain.method, plain.path, [])
        assert headers_of(arrived) == headers_of(plain)
        assert {name for name, _ in arrived.form} <= {name for name, _ in plain.form}
        assert all(value == text for name, value in arrived.form if name not in ("meta_data", *EXPANDED))
    for email in (text, f"{text}@example.com"):  # most are no addresses, and are not sent at all
        for arrived in sent(witness, partial(billing.customers.create, email=email)):
            assert [value for name, value in arrived.form if name == "email"] == [email]


@hostile
def test_metadata_comes_back_as_it_went(billing: Billing, witness: Witness, vendor: str, text: str) -> None:
    """Case 4: quotes and other scripts survive, as keys too."""
    refused_by_us: list[tuple[bool, bool]] = []
    for metadata in ({"note": text, "kept": "1"}, {text: "noted", "kept": "1"}):
        witness.taken()
        try:
            made = billing.customers.create(metadata=metadata)
        except ValidationError as error:
            refused_by_us.append((error.status is None, witness.taken() == []))
            continue
        given = {key: value for key, value in metadata.items() if value}
        assert billing.customers.get(made.id).metadata == given
        assert (made.email, made.name, made.phone) == (None, None, None)
    assert all(by_us == unsent for by_us, unsent in refused_by_us), "what was sent and refused, Stripe refused: it limits keys and values"


@hostile
def test_a_filter_is_one_parameter_of_the_query(billing: Billing, witness: Witness, vendor: str, text: str) -> None:
    def query(email: str) -> list[Arrived]:
        return sent(witness, lambda: list(billing.customers.list(email=email)))

    (plain,) = query("plain")
    for arrived in query(text or "plain"):
        assert arrived.path == plain.path
        assert [(name, text if value == "plain" else value) for name, value in plain.query] == arrived.query or not text


@hostile
def test_a_cursor_is_one_of_ours_and_holds_one_parameter(billing: Billing, witness: Witness, vendor: str, text: str) -> None:
    """Case 21."""
    assert sent(witness, lambda: list(billing.customers.list(cursor=text))) == []
    if text in ("", TEXTS["half a surrogate pair"]):
        return
    forged = CursorCodec(vendor, "customers.list", CustomerQuery()).encode(text)
    for arrived in sent(witness, lambda: list(billing.customers.list(cursor=forged))):
        assert dict(arrived.query)[CURSORS[vendor]] == text
        assert {name for name, _ in arrived.query} <= {"limit", "sort_by[desc]", *EXPANDED, CURSORS[vendor]}
    for wrong in (PaymentMethodQuery(customer="c"), CustomerQuery(email="a@b.example")):
        other = CursorCodec(vendor, "customers.list", wrong).encode(text)
        assert sent(witness, partial(billing.customers.list, cursor=other)) == []


@hostile
def test_an_idempotency_key_is_one_header(billing: Billing, witness: Witness, vendor: str, text: str) -> None:
    """Case 8: a key that is too long is hashed, always to the same."""
    name, longest = KEY_HEADERS[vendor]
    (plain,) = sent(witness, lambda: billing.with_options(idempotency_key="plain").customers.create())
    found = [sent(witness, lambda: billing.with_options(idempotency_key=text).customers.create()) for _ in range(2)]
    for arrived in [*found[0], *found[1]]:
        assert headers_of(arrived) == headers_of(plain)
        whole = f"{text}:customers.create"
        assert arrived.headers[name] == whole or (len(whole) > longest and arrived.headers[name].isalnum())
    assert [each.headers[name] for each in found[0]] == [each.headers[name] for each in found[1]]


@hostile
def test_a_raw_path_goes_nowhere_else(billing: Billing, witness: Witness, vendor: str, text: str) -> None:
    for path in (text, f"/{text}", f"{ROOTS[vendor]}/{text}", f"{ROOTS[vendor]}/customers/{text}"):
        for arrived in sent(witness, partial(billing.raw.get, path)):
            assert (arrived.path, arrived.query) == (path, [])
            assert path.startswith(f"{ROOTS[vendor]}/") or vendor == "stripe"


@hostile
def test_raw_parameters_are_theirs_and_no_others(billing: Billing, witness: Witness, vendor: str, text: str) -> None:
    path = f"{ROOTS[vendor]}/customers"
    for arrived in _quietly(witness, lambda: billing.raw.post(path, {"description": text, "limit": 1})):
        assert arrived.form == [("description", text), ("limit", "1")]
    for arrived in _quietly(witness, lambda: billing.raw.get(path, {text: "1"})):
        assert arrived.query == [(text, "1")]


def _quietly(witness: Witness, call: Callable[[], object]) -> list[Arrived]:
    """The same, where what is no text at all may be refused by Python's own encoder: nothing was sent then."""
    try:
        return sent(witness, call)
    except UnicodeEncodeError:
        assert witness.taken() == []
        return []
