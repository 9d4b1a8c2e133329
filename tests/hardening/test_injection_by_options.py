"""Options become headers, hosts and paths of every request. Each is refused before the first request, or arrives unchanged."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from billbridge import Billing
from billbridge.errors import BillingError, ConfigurationError, ValidationError
from billbridge.flow.limiter import Limiter
from billbridge_airbyte import AirbyteStripeProvider
from billbridge_chargebee import ChargebeeProvider
from billbridge_maton import MatonGateway
from billbridge_sandbox.server import Server
from billbridge_stripe import StripeProvider

from .hostile import TEXTS, Arrived, Witness, hostile

Made = Callable[[], Billing]


@pytest.fixture(scope="module")
def witness() -> Witness:
    return Witness()


@pytest.fixture(scope="module")
def server(witness: Witness) -> Iterator[Server]:
    with witness.serve() as serving:
        yield serving


def reads(witness: Witness, made: Made) -> list[Arrived]:
    """What arrives when the client is made and reads a customer; nothing if one of our own errors stopped it."""
    witness.taken()
    refused: BillingError | None = None
    try:
        with made() as billing:
            billing.with_options(retries=0).customers.get("nobody")
    except BillingError as error:
        refused = error
    arrived = witness.taken()
    assert arrived or isinstance(refused, ConfigurationError | ValidationError)
    assert not any("x-evil" in each.headers for each in arrived)
    return arrived


@hostile
def test_a_stripe_key_is_one_header(server: Server, witness: Witness, text: str) -> None:
    """Case 6."""
    key = f"sk_test_{text}"
    for arrived in reads(witness, lambda: Billing(StripeProvider(api_key=key, base_url=server.stripe_url), limiter=Limiter())):
        assert arrived.headers["authorization"] == f"Bearer {key}"
        assert arrived.headers["stripe-version"] == StripeProvider.api_version


@hostile
def test_a_chargebee_key_is_one_header(server: Server, witness: Witness, text: str) -> None:
    """Case 6."""
    key = f"test_{text}"
    for arrived in reads(witness, lambda: Billing(ChargebeeProvider(api_key=key, base_url=server.chargebee_url), limiter=Limiter())):
        scheme, _, credentials = arrived.headers["authorization"].partition(" ")
        assert (scheme, b64decode(credentials).decode()) == ("Basic", f"{key}:")


@hostile
def test_a_site_is_one_name_of_the_host(text: str) -> None:
    for site in (text, f"a{text}", f"{text}a"):
        try:
            url = ChargebeeProvider(api_key="test_x", site=site).base_url()
        except ConfigurationError:
            continue
        assert url == f"https://{site}.chargebee.com"
        assert site.replace("-", "").isalnum()
        assert site.isascii()


@hostile
def test_an_item_family_is_one_segment_and_one_parameter(server: Server, witness: Witness, text: str) -> None:
    witness.taken()
    refused: BillingError | None = None
    product = f"product-{list(TEXTS.values()).index(text)}"
    try:
        provider = ChargebeeProvider(api_key="test_x", base_url=server.chargebee_url, item_family=text)
        with Billing(provider, limiter=Limiter()) as billing:
            billing.products.create(id=product, name=product)
    except (ConfigurationError, ValidationError) as error:
        refused = error
    assert witness.arrived or refused
    for arrived in witness.taken():
        form = dict(arrived.form)
        if arrived.method == "GET":
            assert arrived.segments == ["", "api", "v2", "item_families", text]
        elif arrived.path == "/api/v2/item_families":
            assert form == {"id": text, "name": text}
        else:
            assert (arrived.path, form["item_family_id"], form["id"]) == ("/api/v2/items", text, product)


@hostile
def test_a_maton_key_and_connection_are_one_header_each(server: Server, witness: Witness, text: str) -> None:
    """Case 6."""
    for key, connection in ((f"maton_{text}", "c"), ("maton_x", text or "c")):

        def made(key: str = key, connection: str = connection) -> Billing:
            gateway = MatonGateway(api_key=key, connection=connection, base_url=server.maton_url)
            return Billing(StripeProvider(), gateway=gateway, limiter=Limiter())

        for arrived in reads(witness, made):
            assert (arrived.headers["authorization"], arrived.headers["maton-connection"]) == (f"Bearer {key}", connection)
            assert arrived.path == "/maton/stripe/v1/customers/nobody"


@hostile
@pytest.mark.parametrize("option", ["connector_id", "token", "organization_id"])
def test_airbyte_s_options_stay_in_their_places(server: Server, witness: Witness, option: str, text: str) -> None:
    options: dict[str, Any] = {"connector_id": "con", "token": "tok", "organization_id": "org", option: text}
    for arrived in reads(witness, lambda: Billing(AirbyteStripeProvider(**options, base_url=server.stripe_url), limiter=Limiter())):
        assert arrived.segments.count(options["connector_id"]) == 1
        assert arrived.headers["authorization"] == f"Bearer {options['token']}"
        assert arrived.headers.get("x-organization-id", "") == options["organization_id"]


@hostile
def test_a_base_url_is_asked_as_it_was_given(text: str) -> None:
    """What cannot stand in a URL as it is may be percent-encoded on the way, but no segment comes, goes or becomes a query."""
    undotted = "dots" if {".", ".."} & set(text.split("/")) else text
    for ending in (f"/{undotted}", f"/v1/{undotted}/deeper"):
        asked: list[httpx.URL] = []
        refused: BillingError | None = None

        def answer(request: httpx.Request, asked: list[httpx.URL] = asked) -> httpx.Response:
            asked.append(request.url)
            return httpx.Response(404)

        with httpx.Client(transport=httpx.MockTransport(answer)) as http:
            try:
                Billing(StripeProvider(api_key="sk_test_x", base_url=f"https://vendor.example{ending}"), http=http).customers.get("nobody")
            except BillingError as error:
                refused = error
        assert asked or isinstance(refused, ConfigurationError)
        for url in asked:
            wanted = f"{ending.rstrip('/')}/v1/customers/nobody".split("/")
            assert [unquote(part) for part in url.raw_path.decode().partition("?")[0].split("/")] == [unquote(part) for part in wanted]
            assert (url.host, url.query) == ("vendor.example", b"expand[0]=tax_ids&expand[1]=invoice_credit_balance")


@hostile
def test_a_base_url_leads_to_the_host_that_it_names(text: str) -> None:
    """A key never goes to another host than the one that was written."""
    for url in (f"https://{text}", f"https://vendor.example{text}", f"{text}https://vendor.example", text, f"http://127.0.0.1{text}"):
        try:
            billing = Billing(StripeProvider(api_key="sk_test_x", base_url=url), limiter=Limiter())
        except ConfigurationError:
            continue
        billing.close()
        assert "@" not in url
        assert billing._session.route.base_url == (url.rstrip("/") or "https://api.stripe.com")
