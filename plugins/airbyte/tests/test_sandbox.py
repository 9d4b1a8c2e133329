"""Through the public API against the simulated Airbyte, in this process and over HTTP on loopback, on customers made at Stripe."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from billbridge import Address, AsyncBilling, Billing, Customer, Money
from billbridge.errors import AuthenticationError, NotFoundError, ProtocolError, UnsupportedOperationError, ValidationError
from billbridge.model import NewTaxId, Shipping
from billbridge.plugins.hookspecs import Exchange, hookimpl
from billbridge_airbyte import GENERATIONS
from billbridge_sandbox import Fault, Sandbox
from billbridge_sandbox.airbyte import Envelope, SimulatedAirbyte

CLIENT: dict[str, Any] = {"connector_id": "con_1", "client_id": "client-1", "client_secret": "s3cret-value"}


class Watch:
    """Remembers the paths that were asked."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    @hookimpl
    def billbridge_exchange(self, exchange: Exchange) -> None:
        self.paths.append(exchange.path)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(start=datetime(2026, 1, 31, 12, tzinfo=UTC))


@pytest.fixture
def airbyte(sandbox: Sandbox) -> SimulatedAirbyte:
    return sandbox.part(SimulatedAirbyte)


@pytest.fixture
def made(sandbox: Sandbox) -> list[Customer]:
    """Five customers, newest first, the second oldest with a card, the third with credit; each with all that Stripe keeps."""
    with Billing.connect("stripe", gateway=sandbox) as stripe:
        made = [
            stripe.customers.create(
                email=f"{number % 2}@example.com",
                name=f"Nº {number}",
                phone="+44",
                company=f"Engines {number}",
                description="Pays late",
                locale="fr-CA",
                address=Address(line1="7 Lane", country="GB"),
                shipping=Shipping(name="Dock", phone="+45", address=Address(city="Hull")),
                tax_exempt="reverse",
                tax_ids=[NewTaxId(type="gb_vat", value="GB123456789")],
                metadata={"n": "x" * 400},
            )
            for number in range(5)
        ]
        stripe.payment_methods.attach(made[1].id, token="tok_visa")
        stripe.customers.adjust_credit(made[2].id, amount=Money(500, "JPY"), reason="Sorry")
        return [stripe.customers.get(customer.id) for customer in reversed(made)]


@pytest.fixture
def origin(sandbox: Sandbox) -> Iterator[str]:
    with sandbox.serve() as server:
        yield server.stripe_url


def neutral(customer: Customer) -> dict[str, Any]:
    """What a customer is, wherever it was read; only tax ids do not come through Airbyte."""
    return {name: getattr(customer, name) for name in customer.__struct_fields__ if name not in ("provider", "raw", "tax_ids")}


def own(customer: Customer) -> Any:
    """The record, without what the connector does not ask Stripe for."""
    return {name: value for name, value in customer.raw_json().items() if name not in ("tax_ids", "invoice_credit_balance")}


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("envelope", Envelope)
def test_customers_of_stripe_are_the_same_through_airbyte(
    origin: str, airbyte: SimulatedAirbyte, made: list[Customer], generation: str, envelope: Envelope
) -> None:
    airbyte.envelope = envelope
    watch = Watch()
    with Billing.connect("airbyte-stripe", **CLIENT, generation=generation, base_url=origin, hooks=[watch]) as billing:
        read = list(billing.customers.list(page_size=2))
        assert [neutral(customer) for customer in read] == [neutral(customer) for customer in made]
        assert [customer.raw_json() for customer in read] == [own(customer) for customer in made]
        assert [(customer.tax_ids, len(there.tax_ids or [])) for customer, there in zip(read, made, strict=True)] == [(None, 1)] * 5
        assert [customer.credit_balance for customer in read] == [[], [], [Money(500, "JPY")], [], []]
        assert {customer.provider for customer in read} == {"airbyte-stripe"}
        assert billing.customers.get(made[0].id) == read[0]
        assert [customer.id for customer in billing.customers.list(email="1@example.com")] == [made[1].id, made[3].id]
        assert list(billing.customers.list(email="nobody@example.com")) == []
    chosen = GENERATIONS[generation]
    assert watch.paths[0] == chosen.sign_in_path
    assert set(watch.paths[1:]) == {chosen.execute_path.format("con_1")}


def test_the_async_surface_does_the_same(sandbox: Sandbox, made: list[Customer]) -> None:
    async def read() -> list[str]:
        async with AsyncBilling.connect("airbyte-stripe", gateway=sandbox) as billing:
            assert (await billing.customers.get(made[0].id)).id == made[0].id
            return [customer.id async for customer in billing.customers.list(page_size=2)]

    assert asyncio.run(read()) == [customer.id for customer in made]


def test_a_cursor_resumes(sandbox: Sandbox, made: list[Customer]) -> None:
    with Billing.connect("airbyte-stripe", gateway=sandbox) as billing:
        first = next(billing.customers.list(page_size=2).pages())
        rest = billing.customers.list(cursor=first.next_cursor)
        assert [customer.id for customer in [*first.items, *rest]] == [customer.id for customer in made]


def test_a_window_of_time_is_walked_page_by_page(sandbox: Sandbox) -> None:
    days = []
    with Billing.connect("stripe", gateway=sandbox) as stripe:
        for _ in range(6):
            days.append((sandbox.now, stripe.customers.create(email="ada@example.com").id))
            sandbox.advance(days=1)
    (begin, _), (end, _) = days[1], days[4]
    watch = Watch()
    with Billing.connect("airbyte-stripe", gateway=sandbox, hooks=[watch]) as billing:
        for size in (1, 2, 100):
            pages = list(billing.customers.list(created_gte=begin, created_lt=end, page_size=size).pages())
            assert [customer.id for page in pages for customer in page.items] == [id for _, id in days[3:0:-1]]
        watch.paths.clear()
        assert len(list(billing.customers.list(created_gte=end, page_size=1))) == 2
        assert len(watch.paths) == 3  # the third is the first before the window


def test_unknown_and_deleted_customers_are_not_found(sandbox: Sandbox, made: list[Customer]) -> None:
    with Billing.connect("stripe", gateway=sandbox) as stripe, Billing.connect("airbyte-stripe", gateway=sandbox) as billing:
        with pytest.raises(NotFoundError) as caught:
            billing.customers.get("cus_nobody")
        assert (caught.value.code, caught.value.deleted, caught.value.status) == ("resource_missing", False, 404)
        stripe.customers.delete(made[0].id)
        with pytest.raises(NotFoundError) as caught:
            billing.customers.get(made[0].id)
        assert caught.value.deleted


def test_every_other_operation_is_refused_without_a_request(origin: str) -> None:
    """Case 18."""
    watch = Watch()
    with Billing.connect("airbyte-stripe", **CLIENT, base_url=origin, hooks=[watch]) as billing:
        calls: list[Callable[[], object]] = [
            lambda: billing.customers.create(email="ada@example.com"),
            lambda: billing.customers.update("cus_1", name="Ada"),
            lambda: billing.customers.delete("cus_1", destroy_history=True),
            lambda: list(billing.products.list()),
            lambda: billing.payment_methods.attach("cus_1", token="tok_visa"),
            lambda: billing.subscriptions.get("sub_1"),
            lambda: list(billing.invoices.list()),
            lambda: billing.raw.get("/v1/customers"),
            lambda: billing.raw.post("/api/v1/integrations/connectors/con_1/execute", {}),
        ]
        for call in calls:
            with pytest.raises(UnsupportedOperationError):
                call()
    assert watch.paths == []


def test_tokens_are_renewed_when_they_expire_and_when_they_are_refused(
    sandbox: Sandbox, airbyte: SimulatedAirbyte, made: list[Customer]
) -> None:
    watch = Watch()
    sign_in, execute = GENERATIONS["2026-02"].sign_in_path, GENERATIONS["2026-02"].execute_path.format("con_1")
    with Billing.connect("airbyte-stripe", gateway=sandbox, **CLIENT, hooks=[watch]) as billing:
        billing.customers.get(made[0].id)
        billing.customers.get(made[0].id)
        assert watch.paths == [sign_in, execute, execute]
        sandbox.advance(minutes=15)
        watch.paths.clear()
        billing.customers.get(made[0].id)
        assert watch.paths == [sign_in, execute]
        airbyte.revoke()
        watch.paths.clear()
        billing.customers.get(made[0].id)
        assert watch.paths == [execute, sign_in, execute]


def test_wrong_credentials_are_an_authentication_error_that_does_not_show_them(origin: str) -> None:
    with Billing.connect("airbyte-stripe", connector_id="c", token="stale-token", base_url=origin) as billing:
        with pytest.raises(AuthenticationError) as caught:
            list(billing.customers.list())
        assert "stale-token" not in repr(caught.value)


def test_long_texts_arrive_whole(sandbox: Sandbox, made: list[Customer]) -> None:
    """The simulated Airbyte cuts texts short unless it is told not to."""
    with Billing.connect("airbyte-stripe", gateway=sandbox) as billing:
        assert billing.customers.get(made[0].id).metadata == {"n": "x" * 400}


@pytest.mark.parametrize("over_http", [False, True])
@pytest.mark.parametrize("path", ["*/token", "*/execute"])
@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.UNAVAILABLE, Fault.UNAVAILABLE_AFTER])
def test_a_read_on_a_bad_line_is_repeated_until_it_is_answered(
    sandbox: Sandbox, made: list[Customer], origin: str, monkeypatch: pytest.MonkeyPatch, fault: Fault, path: str, over_http: bool
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    sandbox.faults.next(fault, path=path, times=2)
    route: dict[str, Any] = {"base_url": origin} if over_http else {"gateway": sandbox}
    with Billing.connect("airbyte-stripe", **CLIENT, **route) as billing:
        assert billing.customers.get(made[0].id).id == made[0].id
    assert [injected.fault for injected in sandbox.faults.log] == [fault, fault]


def test_an_answer_that_was_cut_is_a_protocol_error(sandbox: Sandbox, made: list[Customer]) -> None:
    with Billing.connect("airbyte-stripe", gateway=sandbox, **CLIENT) as billing:
        for path in ("*/token", "*/execute"):
            sandbox.faults.next(Fault.TRUNCATED, path=path)
            with pytest.raises(ProtocolError):
                billing.customers.get(made[0].id)


def test_a_filter_that_is_refused_shows_no_address(sandbox: Sandbox, made: list[Customer]) -> None:
    with Billing.connect("airbyte-stripe", gateway=sandbox) as billing, pytest.raises((ValidationError, NotFoundError)) as caught:
        list(billing.customers.list(email="1@example.com", cursor=_foreign(sandbox, made)))
    assert "1@example.com" not in str(caught.value)


def _foreign(sandbox: Sandbox, made: list[Customer]) -> str:
    """A good cursor whose customer is gone by now."""
    with Billing.connect("stripe", gateway=sandbox) as stripe, Billing.connect("airbyte-stripe", gateway=sandbox) as billing:
        page = next(billing.customers.list(email="1@example.com", page_size=1).pages())
        stripe.customers.delete(made[1].id)
        assert page.next_cursor is not None
        return page.next_cursor
